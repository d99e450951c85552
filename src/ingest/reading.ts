/**
 * How a file is to be read: the format somebody said it has, or the one its sample shows, and what its lines don't say.
 *
 * @module
 */
import type { Engine, LineFile, QueryOptions } from '../engine/engine.ts'
import { privateNetworks } from '../addresses/networks.ts'
import { AppError } from '../errors.ts'
import { parsersInside, type Reading } from '../parse/compile-branches.ts'
import { defaultContext, type ParseContext } from '../parse/context.ts'
import { detectReading } from '../parse/detect.ts'
import { headerStarts, headersOf } from '../parse/headers.ts'
import type { Envelope, Parser } from '../parse/parser.ts'
import { join, sql, type Sql } from '../sql/sql.ts'
import { narrowReading } from './narrow.ts'
import type { Source } from './sources.ts'

export interface Catalogue {
  readonly parsers: readonly Parser[]
  readonly envelopes: readonly Envelope[]
}

/** What a person may say of the logs. */
export interface Told {
  /** The id of a parser or an envelope: no format is looked for then. */
  readonly format?: string
  /** The year of times that name none. Default: from when the file was last written. */
  readonly year?: number
  /** The zone of times that name none: an IANA name. Default UTC. */
  readonly timeZone?: string
  /** Networks of the organisation beside the private ones, in CIDR notation. */
  readonly ownNetworks?: readonly string[]
}

export interface Decision {
  /** Null where no format was found. */
  readonly format: string | null
  readonly reading: Reading
  /** The part of it that the sample shows, where that is less and may be tried first; see `Detection.narrowed`. */
  readonly narrowed?: Reading
  readonly note?: string
}

const dayMs = 86_400_000

export const contextOf = (source: Source, told: Told): ParseContext => ({
  ...defaultContext,
  ...(told.timeZone === undefined ? {} : { timeZone: told.timeZone }),
  ...(told.ownNetworks === undefined ? {} : { ownNetworks: [...privateNetworks, ...told.ownNetworks] }),
  // The reader allows a day for clocks that are ahead; a year that was given ends when it ends.
  writtenBeforeMs: told.year === undefined ? source.modifiedMs : Date.UTC(told.year + 1, 0, 1) - 1 - dayMs,
})

const inside = (parser: Parser): boolean => parser.programs.length > 0

/**
 * The reading for a format by its id.
 *
 * @throws AppError `unknown-parser`
 */
export const readingOf = (format: string, { parsers, envelopes }: Catalogue): Reading => {
  const envelope = envelopes.find(({ id }) => id === format)
  if (envelope !== undefined)
    return {
      envelopes: [{ envelope, parsers: parsersInside(parsers, envelope) }],
      parsers: [],
    }
  const parser = parsers.find(({ id }) => id === format)
  if (parser === undefined) {
    const known = [...parsers, ...envelopes].map(({ id }) => id).toSorted()
    throw new AppError('unknown-parser', { id: format, known: known.join(', ') })
  }
  return {
    envelopes: inside(parser) ? envelopes.map((envelope) => ({ envelope, parsers: [parser] })) : [],
    parsers: parser.standalone ? [parser] : [],
  }
}

/** A header line is looked at up to here, in bytes. */
const longestHeader = 8192

/** Each header line once, as the first parser that knows it takes it. */
const headersIn = (
  lines: readonly { readonly line: number; readonly text: string }[],
  parsers: readonly Parser[],
): ParseContext['headers'] => {
  const headers = parsers.flatMap((parser) => headersOf(lines, parser))
  const first = new Map(headers.toReversed().map((header) => [header.line, header]))
  return [...first.values()].toSorted((a, b) => a.line - b.line)
}

const narrowedOf = (
  reading: Reading,
  lines: readonly string[],
  found?: Reading,
): Pick<Decision, 'narrowed'> => {
  const narrowed = narrowReading(found ?? reading, lines) ?? found
  return narrowed === undefined ? {} : { narrowed }
}

/** Decides how a file is read, from lines of it. */
export const decide = async (
  engine: Engine,
  lines: readonly string[],
  catalogue: Catalogue,
  told: Told,
  context: ParseContext,
): Promise<Decision> => {
  if (told.format !== undefined) {
    const reading = readingOf(told.format, catalogue)
    return { format: told.format, reading, ...narrowedOf(reading, lines) }
  }
  const headers = headersIn(
    lines.map((text, line) => ({ line, text })),
    catalogue.parsers,
  )
  const found = await detectReading(engine, lines, catalogue, { ...context, headers })
  if (found.reading === null)
    return { format: null, reading: { envelopes: [], parsers: [] }, note: found.message }
  return {
    format: found.formats.map(({ id }) => id).join('+'),
    reading: found.reading,
    ...narrowedOf(found.reading, lines, found.narrowed),
  }
}

/** The columns that header lines name, for formats that have them: one pass over the file, none for other formats. */
export const readHeaders = async (
  engine: Engine,
  file: LineFile,
  view: (lines: Sql) => Sql,
  reading: Reading,
  options: QueryOptions,
): Promise<ParseContext['headers']> => {
  const shapes = reading.parsers.flatMap(({ variants }) => variants.map(({ shape }) => shape))
  const starts = [...new Set(shapes.flatMap(headerStarts))].map((start) => sql`startsWith(line, ${start})`)
  const tables = shapes.flatMap((shape) =>
    shape.kind === 'csv'
      ? [
          sql`(${join(
            shape.names.map((name) => sql`position(line, ${name}) > 0`),
            ' AND ',
          )})`,
        ]
      : [],
  )
  if (starts.length + tables.length === 0) return []
  const isHeader = join([...starts, ...tables], ' OR ')
  const rows = await engine.lineRows<{ line: number; text: string }>(
    file,
    (lines) =>
      sql`SELECT number AS line, left(written, ${longestHeader}) AS text FROM (SELECT line_number AS number, line AS written FROM ${view(lines)} WHERE ${isHeader}) ORDER BY number`,
    options,
  )
  return headersIn(rows, reading.parsers)
}
