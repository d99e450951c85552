/**
 * Which formats a file is in, from a sample of its lines.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { sql } from '../sql/sql.ts'
import { compileClaims, type Reading } from './compile.ts'
import type { ParseContext } from './context.ts'
import { couldHave } from './glance.ts'
import type { Envelope, Parser } from './parser.ts'

/** What a file may be in, the more specific first. */
export interface Candidates {
  readonly parsers: readonly Parser[]
  readonly envelopes: readonly Envelope[]
}

/** A format that was not chosen although lines look like it. Shares are of the sample's lines, 0 to 1. */
export interface Near {
  readonly id: string
  readonly title: string
  /** Lines it could read. */
  readonly understood: number
  /** Lines of its form whose time cannot be read. */
  readonly timeless: number
}

export interface Detection {
  /** What to read the file with; null where nothing fits. */
  readonly reading: Reading | null
  /** The formats of the reading, the one with the most lines first. */
  readonly formats: readonly { readonly id: string; readonly title: string }[]
  /** The share of the sample's lines that the reading understands, 0 to 1. */
  readonly understood: number
  readonly near: readonly Near[]
  /** One sentence for a person. */
  readonly message: string
}

interface Row {
  readonly claimed: readonly number[]
  readonly shaped: readonly number[]
  readonly lines: number
}

interface Candidate {
  readonly id: string
  readonly title: string
  readonly fallback: boolean
  readonly envelope?: Envelope
  readonly parser?: Parser
}

/** A sample holds at most so many characters: enough for thousands of ordinary lines. */
const longestSample = 4_000_000
/** Below this share of understood lines a file counts as unknown. */
const leastShare = 0.05

const isStandalone = (parser: Parser): boolean => parser.standalone

const candidatesOf = ({ parsers, envelopes }: Candidates): Candidate[] => [
  ...envelopes.map((envelope) => ({ id: envelope.id, title: envelope.title, fallback: false, envelope })),
  ...parsers
    .filter(isStandalone)
    .map((parser) => ({ id: parser.id, title: parser.title, fallback: parser.fallback, parser })),
]

const readingOf = (chosen: readonly Candidate[], all: readonly Parser[]): Reading => {
  const inside = all.filter((parser) => parser.programs.length > 0)
  return {
    envelopes: chosen.flatMap(({ envelope }) =>
      envelope === undefined ? [] : [{ envelope, parsers: inside }],
    ),
    parsers: chosen.flatMap(({ parser }) => (parser === undefined ? [] : [parser])),
  }
}

/** Control characters, and what is left of bytes that are not UTF-8. */
const unprintable = /[\p{Cc}\uFFFD]/gu

const isBinary = (lines: readonly string[]): boolean => {
  const text = lines.join('')
  const withNul = lines.filter((line) => line.includes('\0')).length
  return (
    withNul > lines.length / 5 ||
    (text.replaceAll(/[\t\v\f\r]/g, ' ').match(unprintable)?.length ?? 0) > text.length * 0.15
  )
}

const sampled = (lines: readonly string[]): readonly string[] => {
  let size = 0
  return lines.filter((line) => (size += line.length) <= longestSample)
}

const sum = (rows: readonly Row[], holds: (row: Row) => boolean): number =>
  rows.reduce((total, row) => total + (holds(row) ? row.lines : 0), 0)

interface Choice {
  readonly chosen: readonly { readonly candidate: Candidate; readonly lines: number }[]
  readonly left: readonly Row[]
}

/**
 * The candidate with the most lines, then the one with the most of what is left, and so on. Of those that come within a
 * tenth of the most, the more specific one is taken: nearly every `vhost_combined` line passes as a combined one too.
 */
const choose = (
  candidates: readonly Candidate[],
  rows: readonly Row[],
  index: (candidate: Candidate) => number,
  leastLines: number,
): Choice => {
  const chosen: { candidate: Candidate; lines: number }[] = []
  let left = rows
  for (;;) {
    const counts = candidates.map((candidate) => sum(left, (row) => row.claimed[index(candidate)] === 1))
    const most = Math.max(0, ...counts)
    const at = counts.findIndex((count) => count >= most * 0.9)
    const next = candidates[at]
    if (next === undefined || most < leastLines) return { chosen, left }
    chosen.push({ candidate: next, lines: counts[at] ?? 0 })
    left = left.filter((row) => row.claimed[index(next)] !== 1)
  }
}

const percent = (share: number): string =>
  `${share > 0.99 && share < 1 ? '99' : String(Math.round(share * 100))} %`

const nearText = ({ title, understood, timeless }: Near): string =>
  timeless > understood
    ? `${title} (${percent(timeless)} of the lines have its form, but no time that can be read)`
    : `${title} (${percent(understood)} of the lines)`

const unknown = (near: readonly Near[], tried: number, problem: string): Detection => ({
  reading: null,
  formats: [],
  understood: 0,
  near,
  message:
    near.length === 0
      ? `${problem}: none of the ${tried} known formats fits a line, and no line begins with a time`
      : `${problem}; it comes nearest to ${near.map(nearText).join(', ')}`,
})

/**
 * Finds what to read a file with. `lines` are some of its lines as text, without line ends: a thousand from its beginning
 * are enough. Header lines of the file belong into `context.headers` (see {@link headersOf}).
 */
export const detectReading = async (
  engine: Engine,
  lines: readonly string[],
  { parsers, envelopes }: Candidates,
  context: ParseContext,
): Promise<Detection> => {
  const all = candidatesOf({ parsers, envelopes })
  const sample = sampled(lines)
  const candidates = all.filter(({ envelope, parser }) =>
    [...(envelope?.variants ?? []), ...(parser?.variants ?? [])].some(({ shape }) =>
      couldHave(shape, sample, context),
    ),
  )
  if (sample.every((line) => line.trim() === ''))
    return unknown([], all.length, 'there are no lines to look at')
  if (isBinary(sample))
    return { ...unknown([], all.length, ''), message: 'it is binary data, not lines of text' }
  const table = sql`(SELECT tupleElement(pair, 1) AS line, tupleElement(pair, 2) AS line_number FROM (SELECT arrayJoin(arrayZip(${sample}, range(toUInt64(${sample.length})))) AS pair))`
  if (candidates.length === 0) return unknown([], all.length, 'it is in no known format')
  // Which programs write inside an envelope makes no difference to whether it is one.
  const { formats, select } = compileClaims(readingOf(candidates, []), context, table)
  const rows = await engine.rows<Row>(select)
  const total = sum(rows, () => true)
  const index = (candidate: Candidate): number => formats.indexOf(candidate.id)

  const specific = choose(
    candidates.filter((candidate) => !candidate.fallback),
    rows,
    index,
    Math.min(3, Math.max(1, total * 0.01)),
  )
  let { left } = specific
  const picked = [...specific.chosen]
  // Beside a format that is known, a few lines with a time in front are its broken ones rather than another format.
  const leastLines = specific.chosen.length === 0 ? 1 : total * 0.05
  for (const candidate of candidates.filter(({ fallback }) => fallback)) {
    const found = choose([candidate], left, index, Math.max(1, leastLines))
    picked.push(...found.chosen)
    left = found.left
  }
  const chosen = picked.map(({ candidate }) => candidate)
  const understood = total === 0 ? 0 : 1 - sum(left, () => true) / total
  const near = candidates
    .filter((candidate) => !chosen.includes(candidate) || understood < leastShare)
    .map((candidate): Near => {
      const at = index(candidate)
      const own = sum(rows, (row) => row.claimed[at] === 1)
      const shaped = sum(rows, (row) => row.shaped[at] === 1)
      return {
        id: candidate.id,
        title: candidate.title,
        understood: own / Math.max(1, total),
        timeless: (shaped - own) / Math.max(1, total),
      }
    })
    .filter((one) => one.understood + one.timeless > 0)
    .toSorted((a, b) => b.understood + b.timeless - a.understood - a.timeless)
    .slice(0, 3)
  if (understood < leastShare) return unknown(near, all.length, 'it is in no known format')
  const byLines = picked.toSorted((a, b) => b.lines - a.lines).map(({ candidate }) => candidate)
  const ordered = candidates.filter((candidate) => chosen.includes(candidate))
  return {
    reading: readingOf(ordered, parsers),
    formats: byLines.map(({ id, title }) => ({ id, title })),
    understood,
    near,
    message: `${byLines.map(({ title }) => title).join(' + ')}: ${percent(understood)} of ${total} lines`,
  }
}

/**
 * The header lines of a file as its parser needs them in `context.headers`. `lines` may be all lines or only those that
 * look like headers; `line` counts from 0. Empty for formats without header lines.
 */
export const headersOf = (
  lines: readonly { readonly line: number; readonly text: string }[],
  parser: Parser,
): ParseContext['headers'] =>
  parser.variants.flatMap(({ shape }) => {
    if (shape.kind !== 'delimited' || shape.header === undefined) return []
    const { header, separator } = shape
    return lines
      .filter(({ text }) => text.startsWith(header))
      .map(({ line, text }) => ({
        line,
        names: text
          .slice(header.length)
          .trim()
          .split(separator)
          .filter((name) => name !== ''),
      }))
  })
