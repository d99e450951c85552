/**
 * Why a line is not understood: what each format that it comes near to says of it.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import { narrowReading } from '../ingest/narrow.ts'
import type { Reading } from '../parse/compile-branches.ts'
import { parsersInside } from '../parse/compile-branches.ts'
import { compileSelect } from '../parse/compile.ts'
import type { ParseContext } from '../parse/context.ts'
import { detectReading, type Candidates } from '../parse/detect.ts'
import { columnOf, derivedColumns, isColumnName } from '../schema/columns.ts'
import type { LineExplanation } from '../api/search.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { waiting, type AskOptions } from './ask.ts'
import { eventRow, type RawEvent } from './event-row.ts'

const lineTable = (line: string): Sql => sql`(SELECT ${line} AS line, toUInt64(0) AS line_number)`

/** The row that a reading makes of the line: an event, or a reject. */
const rowOf = async (
  engine: Engine,
  reading: Reading,
  line: string,
  context: ParseContext,
  options: AskOptions,
): Promise<RawEvent | null> => {
  // Dozens of formats may stand inside an envelope: planning a query for all of them takes seconds.
  const { columns, select } = compileSelect(narrowReading(reading, [line]) ?? reading, {
    segment: '',
    source: '',
    context,
  })
  const made = columns.map((name) => Object.hasOwn(derivedColumns, name))
  const named = columns.map((name, i) => {
    // As the reading calls them: what is made of other columns has numbers of its own.
    const first = made.indexOf(true)
    const place = made[i] === true ? id(`d${i - first}`) : id(`c${i}`)
    const isTime = isColumnName(name) && columnOf(name).type === 'time'
    return isTime
      ? sql`toUnixTimestamp64Milli(toDateTime64(${place}, 3, 'UTC')) AS ${id(name === 'timestamp' ? 'at' : name)}`
      : sql`${place} AS ${id(name)}`
  })
  const [row] = await engine.rows<RawEvent>(
    sql`SELECT ${join(named)} FROM (${select(lineTable(line))})`,
    waiting(options),
  )
  return row ?? null
}

const reasonIn = (row: RawEvent | null): string => {
  const reason = row?.['reject_reason']
  return typeof reason === 'string' ? reason : ''
}

const readingOf = (formatId: string, { parsers, envelopes }: Candidates): Reading | null => {
  const parser = parsers.find((one) => one.id === formatId)
  if (parser !== undefined) return { envelopes: [], parsers: [parser] }
  const envelope = envelopes.find((one) => one.id === formatId)
  if (envelope === undefined) return null
  return { envelopes: [{ envelope, parsers: parsersInside(parsers, envelope) }], parsers: [] }
}

const titleOf = (formatId: string, { parsers, envelopes }: Candidates): string =>
  [...parsers, ...envelopes].find((one) => one.id === formatId)?.title ?? formatId

/**
 * What becomes of a line, by itself: header lines that belong to it are not known.
 *
 * @param format what it should be in; where it is not said, all formats are tried
 * @throws AppError `unknown-parser`
 */
export const explainLine = async (
  engine: Engine,
  request: { readonly line: string; readonly format?: string },
  candidates: Candidates,
  context: ParseContext,
  options: AskOptions = {},
): Promise<LineExplanation> => {
  const { line, format } = request
  const detection = await detectReading(engine, [line], candidates, context)
  const wanted = format === undefined ? null : readingOf(format, candidates)
  if (format !== undefined && wanted === null) {
    const known = [...candidates.envelopes, ...candidates.parsers].map((one) => one.id).join(', ')
    throw new AppError('unknown-parser', { id: format, known })
  }
  const reading = wanted ?? detection.reading
  const row = reading === null ? null : await rowOf(engine, reading, line, context, options)
  const understood = row !== null && reasonIn(row) === ''
  const near: LineExplanation['near'][number][] = []
  if (!understood && format !== undefined)
    near.push({ parser: format, title: titleOf(format, candidates), why: reasonIn(row) })
  for (const one of detection.near) {
    const alone = near.some(({ parser }) => parser === one.id) ? null : readingOf(one.id, candidates)
    if (alone === null) continue
    const why = reasonIn(await rowOf(engine, alone, line, context, options))
    near.push({ parser: one.id, title: one.title, why: why === '' ? 'it could read the line too' : why })
  }
  // Nothing comes near: what was found out is said once.
  if (!understood && near.length === 0) near.push({ parser: '', title: '', why: detection.message })
  if (!understood) return { format: null, fields: {}, near }
  const { fields, time } = eventRow(row)
  return { format: String(row['format']), fields: { timestamp: time, ...fields }, near }
}
