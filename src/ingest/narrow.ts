/**
 * What of a reading most files need. Dozens of formats may stand inside an envelope such as syslog, and a file holds lines of
 * a few: planning a query for all of them takes longer than reading a small file.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { Reading } from '../parse/compile-branches.ts'
import type { LineShape } from '../parse/line.ts'
import type { Parser } from '../parse/parser.ts'
import { eventsTable } from '../schema/tables.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'

/** The longest key that JSON lines of a shape have, nested or not; where there are several to choose from, all of them. */
const keysOf = (require: readonly (string | readonly string[])[]): readonly string[] | undefined => {
  const paths = require.map((one) => (typeof one === 'string' ? [one] : one))
  const keys = paths.map((choice) => choice.map((path) => path.split('.').at(-1) ?? path))
  const least = (choice: readonly string[]): number => Math.min(...choice.map(({ length }) => length))
  return keys.toSorted((a, b) => least(b) - least(a))[0]
}

/** The texts of which each line of a shape holds one; undefined where none is known. */
const marksIn = (shape: LineShape): readonly string[] | undefined => {
  switch (shape.kind) {
    case 'regex':
    case 'keyValue':
      return shape.containing === undefined ? undefined : [shape.containing]
    case 'json':
      return keysOf(shape.require)
    case 'quoted': {
      const wraps = shape.fields.map(({ wrap }) => wrap)
      return wraps.some((wrap, i) => wrap === 'brackets' && wraps[i + 1] === 'quotes')
        ? [`]${shape.separator}"`]
        : undefined
    }
    default:
      return undefined
  }
}

/** As a line has a text, and as it stands in a text of JSON. */
const eitherWay = (text: string): readonly string[] => [text, JSON.stringify(text).slice(1, -1)]

/** The texts of which each line of a format holds one; null where some of its lines hold none that is known. */
const marksOf = (parser: Parser): readonly string[] | null => {
  const marks = parser.variants.map(({ shape }) => marksIn(shape))
  const known = marks.filter((mark) => mark !== undefined)
  return known.length === marks.length ? [...new Set(known.flat().flatMap(eitherWay))] : null
}

/** Read by their marks rather than by the program that wrote them. */
const isOfNoProgram = ({ programs }: Parser): boolean => programs.includes('*') || programs.length === 0

/** What tells that a file may hold lines of a parser inside an envelope; null where nothing does. */
const signsOf = (parser: Parser): readonly string[] | null =>
  isOfNoProgram(parser) ? marksOf(parser) : parser.programs

/** Without the parsers inside envelopes of which the sample shows no sign; undefined where that leaves out none. */
export const narrowReading = (reading: Reading, sample: readonly string[]): Reading | undefined => {
  const shown = new Map<Parser, boolean>()
  const isShown = (parser: Parser): boolean => {
    const known = shown.get(parser)
    if (known !== undefined) return known
    const signs = signsOf(parser)
    const found = signs === null || signs.some((sign) => sample.some((line) => line.includes(sign)))
    shown.set(parser, found)
    return found
  }
  const envelopes = reading.envelopes.map(({ envelope, parsers }) => ({
    envelope,
    parsers: parsers.filter(isShown),
  }))
  return [...shown.values()].every((found) => found) ? undefined : { ...reading, envelopes }
}

const isSign = (parser: Parser): Sql => {
  const signs = signsOf(parser) ?? []
  // A message that was read as another format's may have lost its program.
  if (!isOfNoProgram(parser))
    return sql`(process_name IN ${signs} OR (process_name = '' AND multiSearchAny(message, ${signs})))`
  // The journal writes messages with unprintable bytes as numbers, in which no text is found.
  return sql`(match(message, '"MESSAGE"\\s*:\\s*\\[') OR ${join(
    signs.map((sign) => sql`position(message, ${sign}) > 0`),
    ' OR ',
  )})`
}

/**
 * The narrowed reading and the parsers it lacked: those of which segments, read with it, show signs after all. Undefined
 * where it lacked none.
 */
export const widenReading = async (
  engine: Engine,
  segments: readonly string[],
  reading: Reading,
  narrowed: Reading,
  options: QueryOptions,
): Promise<Reading | undefined> => {
  const kept = new Set(narrowed.envelopes.flatMap(({ parsers }) => parsers))
  const lacking = [...new Set(reading.envelopes.flatMap(({ parsers }) => parsers))].filter(
    (parser) => !kept.has(parser),
  )
  if (lacking.length === 0) return undefined
  const [row] = await engine.rows<{ signs: number[] }>(
    sql`SELECT [${join(lacking.map((parser) => sql`countIf(${isSign(parser)})`))}] AS signs FROM ${id(eventsTable.name)} WHERE segment IN ${segments}`,
    options,
  )
  const needed = new Set(lacking.filter((_, i) => (row?.signs[i] ?? 0) > 0))
  if (needed.size === 0) return undefined
  return {
    ...reading,
    envelopes: reading.envelopes.map(({ envelope, parsers }) => ({
      envelope,
      // In the order of the whole reading, in which the more specific come first.
      parsers: parsers.filter((parser) => kept.has(parser) || needed.has(parser)),
    })),
  }
}
