/**
 * How streams are read: decided once, kept over restarts. Streams of the same format share one reading, and what of it is
 * tried first grows with what any of them shows.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { readingOf, type Catalogue, type Decision } from '../ingest/reading.ts'
import { parsersInside, type Reading } from '../parse/compile-branches.ts'
import type { Header } from '../parse/context.ts'
import { headerStarts } from '../parse/headers.ts'
import type { Parser } from '../parse/parser.ts'
import { replaceFile } from '../spool/disk.ts'

/** A format, or several in one stream. */
export interface Format {
  /** The ids of its parsers and envelopes, joined by `+`; `=` before one that somebody said. */
  readonly key: string
  /** As it is shown. */
  readonly shown: string
  readonly full: Reading
  /** What of it is enough so far; undefined where all of it is needed. */
  narrowed: Reading | undefined
}

export interface StreamReading {
  /** A format's key; null where none was found so far. */
  readonly format: string | null
  /** The last header line: it holds for what comes after. */
  readonly header: Header | null
  /** The header line that held before the lines in which `header` was found. */
  readonly earlier?: Header | null
}

/** The header line that holds where some lines begin. The last one stands among them, where they are loaded again. */
export const headerAt = (stream: StreamReading | undefined, first: number): Header | null => {
  const { header = null, earlier = null } = stream ?? {}
  return [header, earlier].find((one) => one !== null && one.line < first) ?? null
}

export interface Formats {
  readonly streams: Map<string, StreamReading>
  readonly of: (key: string) => Format | undefined
  /** The format that a decision found, together with those already known of the stream. */
  readonly take: (decision: Decision, before: Format | undefined) => Format
  /** The format that somebody said. Throws AppError `unknown-parser`. */
  readonly told: (id: string, narrowed?: Reading) => Format
  readonly save: () => Promise<void>
}

const partsOf = (key: string): string[] => key.split('+')

/** The reading for some formats, the more specific first; undefined where one of them is not known any more. */
const readingFor = (ids: readonly string[], { parsers, envelopes }: Catalogue): Reading | undefined => {
  const chosenEnvelopes = envelopes.filter(({ id }) => ids.includes(id))
  const chosenParsers = parsers.filter(({ id, standalone }) => standalone && ids.includes(id))
  if (chosenEnvelopes.length + chosenParsers.length < ids.length) return undefined
  return {
    envelopes: chosenEnvelopes.map((envelope) => ({ envelope, parsers: parsersInside(parsers, envelope) })),
    parsers: chosenParsers,
  }
}

const withVariants = (parser: Parser, keep: (i: number) => boolean): Parser => {
  const variants = parser.variants.filter((_, i) => keep(i))
  return variants.length === parser.variants.length ? parser : { ...parser, variants }
}

const variantsIn = (reading: Reading, parser: Parser): Parser['variants'] =>
  reading.parsers.find(({ id }) => id === parser.id)?.variants ?? []

/** What is in either of two parts of a reading; undefined where that is all of it. */
export const mergeNarrowed = (full: Reading, one: Reading, other: Reading): Reading | undefined => {
  const both = [one, other]
  const merged: Reading = {
    envelopes: full.envelopes.map(({ envelope, parsers }) => ({
      envelope,
      parsers: parsers.filter((parser) =>
        both.some((part) =>
          part.envelopes.some((own) => own.envelope.id === envelope.id && own.parsers.includes(parser)),
        ),
      ),
    })),
    parsers: full.parsers.map((parser) =>
      withVariants(parser, (i) =>
        both.some((part) => variantsIn(part, parser).some((variant) => variant === parser.variants[i])),
      ),
    ),
  }
  const isAll =
    merged.envelopes.every((own, i) => own.parsers.length === full.envelopes[i]?.parsers.length) &&
    merged.parsers.every((parser, i) => parser === full.parsers[i])
  return isAll ? undefined : merged
}

/** Whether lines of a format are read by the header lines before them. */
export const hasHeaders = ({ parsers }: Reading): boolean =>
  parsers.some(({ variants }) =>
    variants.some(({ shape }) => shape.kind === 'csv' || headerStarts(shape).length > 0),
  )

interface Written {
  /** What of each format is tried first: parsers by envelope, and the variants of those that stand alone. */
  readonly narrowed: Readonly<
    Record<
      string,
      {
        readonly inside: Readonly<Record<string, readonly string[]>>
        readonly variants: Readonly<Record<string, readonly number[]>>
      }
    >
  >
  readonly streams: Readonly<Record<string, StreamReading>>
}

const writtenOf = (formats: ReadonlyMap<string, Format>, streams: Formats['streams']): Written => ({
  narrowed: Object.fromEntries(
    [...formats.values()].flatMap(({ key, full, narrowed }) =>
      narrowed === undefined
        ? []
        : [
            [
              key,
              {
                inside: Object.fromEntries(
                  narrowed.envelopes.map(({ envelope, parsers }) => [
                    envelope.id,
                    parsers.map(({ id }) => id),
                  ]),
                ),
                variants: Object.fromEntries(
                  full.parsers.map((parser) => {
                    const kept = variantsIn(narrowed, parser)
                    return [parser.id, parser.variants.flatMap((one, i) => (kept.includes(one) ? [i] : []))]
                  }),
                ),
              },
            ],
          ],
    ),
  ),
  streams: Object.fromEntries(streams),
})

const narrowedFrom = (full: Reading, written: Written['narrowed'][string]): Reading => ({
  envelopes: full.envelopes.map(({ envelope, parsers }) => ({
    envelope,
    parsers: parsers.filter(({ id }) => written.inside[envelope.id]?.includes(id) === true),
  })),
  parsers: full.parsers.map((parser) =>
    withVariants(parser, (i) => written.variants[parser.id]?.includes(i) !== false),
  ),
})

const readWritten = async (file: string): Promise<Written> => {
  try {
    // Replaced as a whole, so that it is as it was written. Without it, formats are found again.
    return JSON.parse(await readFile(file, 'utf8')) as Written
  } catch {
    return { narrowed: {}, streams: {} }
  }
}

/** Opens what is known of the streams' formats. Those of parsers that are gone are forgotten. */
export const openFormats = async (file: string, catalogue: Catalogue): Promise<Formats> => {
  const written = await readWritten(file)
  const formats = new Map<string, Format>()

  const of = (key: string): Format | undefined => {
    const known = formats.get(key)
    if (known !== undefined) return known
    const full = key.startsWith('=')
      ? readingOf(key.slice(1), catalogue)
      : readingFor(partsOf(key), catalogue)
    if (full === undefined) return undefined
    const before = written.narrowed[key]
    const narrowed = before === undefined ? undefined : narrowedFrom(full, before)
    const format: Format = { key, shown: key.replace(/^=/, ''), full, narrowed }
    formats.set(key, format)
    return format
  }

  /** A format that is met again keeps what was enough for it before. */
  const adopt = (key: string, narrowed: Reading | undefined): Format => {
    const isNew = !formats.has(key) && written.narrowed[key] === undefined
    const format = of(key)
    if (format === undefined) throw new TypeError(`no such format: ${key}`)
    if (isNew) format.narrowed = narrowed
    else if (format.narrowed !== undefined)
      format.narrowed =
        narrowed === undefined ? undefined : mergeNarrowed(format.full, format.narrowed, narrowed)
    return format
  }

  const streams = new Map(
    Object.entries(written.streams).filter(([, { format }]) => {
      if (format === null) return false
      try {
        return of(format) !== undefined
      } catch {
        return false
      }
    }),
  )
  return {
    streams,
    of,
    told: (id, narrowed) => adopt(`=${id}`, narrowed),
    take: (decision, before) => {
      const ids = partsOf(decision.format ?? '')
      const known = before === undefined ? [] : partsOf(before.shown)
      const all = [...known, ...ids.filter((one) => !known.includes(one))]
      // Beside another format, what one sample did not show may well be there.
      return adopt(all.join('+'), before === undefined ? decision.narrowed : undefined)
    },
    save: () => replaceFile(file, JSON.stringify(writtenOf(formats, streams))),
  }
}
