/**
 * Lines that came before their format was known: they were kept as rejects, and are read again once it is.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { againEnding, commitSegments, noHead, type Segment } from '../ingest/segments.ts'
import { storedRows } from '../ingest/store-lines.ts'
import { compileSelect } from '../parse/compile.ts'
import type { ParseContext } from '../parse/context.ts'
import { eventsTable, segmentsTable } from '../schema/tables.ts'
import { id, join, raw, sql } from '../sql/sql.ts'
import { hasHeaders, type Format } from './formats.ts'
import { discardSegments } from './store-parts.ts'

/** So many lines, the latest ones. */
const mostLines = 500_000

interface Unread {
  readonly segment: string
  readonly lines: number
}

/** The segments of a stream in which nothing was understood, because no format was known. */
const unreadSegments = async (engine: Engine, content: string): Promise<Unread[]> => {
  const rows = await engine.rows<Unread>(
    sql`SELECT segment, lines FROM ${id(segmentsTable.name)} WHERE fingerprint = ${content} AND format = '' AND lines = rejected AND NOT endsWith(segment, ${againEnding}) ORDER BY toUInt64OrZero(splitByChar('.', segment)[2]) DESC LIMIT 10000`,
  )
  let left = mostLines
  return rows.filter(({ lines }) => (left -= lines) >= 0).toReversed()
}

/** Takes back what was read again: first from the list, so that a crash leaves rows that don't count. */
const replace = async (engine: Engine, segments: readonly string[]): Promise<void> => {
  await engine.deleteRows(segmentsTable, sql`segment IN ${segments}`)
  await discardSegments(engine, segments)
}

/**
 * Reads the lines of a stream again that came before its format was known.
 *
 * @returns the segment they are in now; undefined where there are none
 */
export const readAgain = async (
  engine: Engine,
  format: Format,
  stream: { readonly id: string; readonly source: string },
  context: ParseContext,
  options: QueryOptions,
): Promise<Segment | undefined> => {
  // The header lines that would say how to read them are among them.
  if (hasHeaders(format.full)) return undefined
  const unread = await unreadSegments(engine, stream.id)
  const [first] = unread
  if (first === undefined) return undefined
  const names = unread.map(({ segment }) => segment)
  const segment = `${first.segment}${againEnding}`
  const compiled = compileSelect(format.full, { segment, source: stream.source, context })
  const lines = sql`(SELECT message AS line, line_number - 1 AS line_number FROM ${id(eventsTable.name)} WHERE segment IN ${names})`
  const into = sql`INSERT INTO ${id(eventsTable.name)} (${join(compiled.columns.map(id))})`
  await discardSegments(engine, [segment])
  await engine.run(sql`${into} ${compiled.select(lines)}`, options)
  const stored = (await storedRows(engine, [segment])).get(segment)
  const expected = unread.reduce((sum, one) => sum + one.lines, 0)
  if (stored?.lines !== expected) {
    await discardSegments(engine, [segment])
    throw new Error(`${expected} lines that were read again became ${stored?.lines ?? 0} rows`)
  }
  const { rejected, firstMs, lastMs } = stored
  const listed: Segment = {
    segment,
    content: stream.id,
    start: Number(first.segment.split('.')[1]),
    open: false,
    source: stream.source,
    format: format.shown,
    head: noHead,
    lines: stored.lines,
    rejected,
    ...(rejected < stored.lines ? { firstMs, lastMs } : { firstMs: 0, lastMs: 0 }),
    // What a crash would leave half-done, the next start finds here.
    note: `instead of ${names.join(' ')}`,
  }
  await commitSegments(engine, [listed])
  await replace(engine, names)
  return listed
}

/** Ends what a crash interrupted after lines were read again: they would count twice. */
export const settleAgain = async (engine: Engine): Promise<void> => {
  const rows = await engine.rows<{ segment: string }>(
    sql`SELECT segment FROM ${id(segmentsTable.name)} WHERE segment IN (SELECT arrayJoin(splitByChar(' ', substring(note, 12))) FROM ${id(segmentsTable.name)} WHERE endsWith(segment, ${againEnding}) AND startsWith(note, ${raw("'instead of '")}))`,
  )
  if (rows.length > 0)
    await replace(
      engine,
      rows.map(({ segment }) => segment),
    )
}
