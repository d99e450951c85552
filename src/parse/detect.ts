/**
 * Which formats a file is in, from a sample of its lines.
 *
 * @module
 */
import { quickToPlan, type Engine } from '../engine/engine.ts'
import { sql } from '../sql/sql.ts'
import { parsersInside, type Reading } from './compile-branches.ts'
import { compileClaims, type Claimant } from './compile-claims.ts'
import type { ParseContext } from './context.ts'
import { couldBe, jsonKeys } from './glance.ts'
import type { Envelope, Parser, Variant } from './parser.ts'

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
  /**
   * The reading without the kinds of lines that the sample does not show, where it shows one kind only; absent elsewhere.
   * What it rejects, the reading may still understand.
   */
  readonly narrowed?: Reading
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

interface Answer {
  readonly claimants: readonly Claimant[]
  readonly rows: readonly Row[]
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

const candidatesOf = ({ parsers, envelopes }: Candidates): Candidate[] => {
  const ofEnvelopes = (ofLines: boolean): Candidate[] =>
    envelopes
      .filter((envelope) => (envelope.lines !== undefined) === ofLines)
      .map((envelope) => ({ id: envelope.id, title: envelope.title, fallback: false, envelope }))
  return [
    ...ofEnvelopes(false),
    ...parsers
      .filter(isStandalone)
      .map((parser) => ({ id: parser.id, title: parser.title, fallback: parser.fallback, parser })),
    // A line that is of a format itself is not taken for one that holds another.
    ...ofEnvelopes(true),
  ]
}

const readingOf = (chosen: readonly Candidate[], all: readonly Parser[]): Reading => {
  return {
    envelopes: chosen.flatMap(({ envelope }) =>
      envelope === undefined ? [] : [{ envelope, parsers: parsersInside(all, envelope) }],
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

/** Whether a row's lines are claimed by a candidate. */
type Claims = (row: Row, candidate: Candidate) => boolean

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
  claims: Claims,
  leastLines: number,
): Choice => {
  const chosen: { candidate: Candidate; lines: number }[] = []
  let left = rows
  for (;;) {
    const counts = candidates.map((candidate) => sum(left, (row) => claims(row, candidate)))
    const most = Math.max(0, ...counts)
    const at = counts.findIndex((count) => count >= most * 0.9)
    const next = candidates[at]
    if (next === undefined || most < leastLines) return { chosen, left }
    chosen.push({ candidate: next, lines: counts[at] ?? 0 })
    left = left.filter((row) => !claims(row, next))
  }
}

/** A lone parser without its other variants, if no line fits two of them and the sample's lines all fit the same. */
const narrow = ({ envelopes, parsers }: Reading, seen: readonly Claimant[]): Reading | undefined => {
  const [parser, ...others] = parsers
  if (parser === undefined || others.length + envelopes.length > 0 || !parser.exclusive) return undefined
  const [only, ...more] = seen.filter(({ format }) => format === parser.id)
  const variant = only === undefined || more.length > 0 ? undefined : parser.variants[only.variant]
  return variant === undefined ? undefined : { envelopes, parsers: [{ ...parser, variants: [variant] }] }
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
  const seen: ParseContext = { ...context, jsonKeys: jsonKeys(sample) }
  const could = (variant: Variant): boolean => couldBe(variant, sample, seen)
  const candidates = all.filter(({ envelope, parser }) =>
    [...(envelope?.variants ?? []), ...(parser?.variants ?? [])].some(could),
  )
  if (sample.every((line) => line.trim() === ''))
    return unknown([], all.length, 'there are no lines to look at')
  if (isBinary(sample))
    return { ...unknown([], all.length, ''), message: 'it is binary data, not lines of text' }
  const table = sql`(SELECT tupleElement(pair, 1) AS line, tupleElement(pair, 2) AS line_number FROM (SELECT arrayJoin(arrayZip(${sample}, range(toUInt64(${sample.length})))) AS pair))`
  if (candidates.length === 0) return unknown([], all.length, 'it is in no known format')
  const ask = async (asked: readonly Candidate[]): Promise<Answer> => {
    // Which programs write inside an envelope makes no difference to whether it is one.
    const { claimants, select } = compileClaims(readingOf(asked, []), seen, could, table)
    return {
      claimants,
      rows: asked.length === 0 ? [] : await engine.rows<Row>(select, { settings: quickToPlan }),
    }
  }
  const isFallback = ({ fallback }: Candidate): boolean => fallback
  const specific = candidates.filter((candidate) => !isFallback(candidate))
  let answer = await ask(specific)
  // Where all lines are understood, those that take what is left have nothing to say.
  if (specific.length === 0 || answer.rows.some(({ claimed }) => !claimed.includes(1)))
    answer = await ask(candidates)
  const { claimants, rows } = answer
  const total = sum(rows, () => true)
  const has = (flags: readonly number[], format: string): boolean =>
    claimants.some((claimant, i) => claimant.format === format && flags[i] === 1)
  const claims: Claims = (row, candidate) => has(row.claimed, candidate.id)

  const first = choose(specific, rows, claims, Math.min(3, Math.max(1, total * 0.01)))
  let { left } = first
  const picked = [...first.chosen]
  // Beside a format that is known, a few lines with a time in front are its broken ones rather than another format.
  const leastLines = first.chosen.length === 0 ? 1 : total * 0.05
  for (const candidate of candidates.filter(isFallback)) {
    const found = choose([candidate], left, claims, Math.max(1, leastLines))
    picked.push(...found.chosen)
    left = found.left
  }
  const chosen = picked.map(({ candidate }) => candidate)
  const understood = total === 0 ? 0 : 1 - sum(left, () => true) / total
  const near = candidates
    .filter((candidate) => !chosen.includes(candidate) || understood < leastShare)
    .map((candidate): Near => {
      const own = sum(rows, (row) => claims(row, candidate))
      const shaped = sum(rows, (row) => has(row.shaped, candidate.id))
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
  const reading = readingOf(ordered, parsers)
  const claimed = claimants.filter((_, i) => rows.some((row) => row.claimed[i] === 1))
  const narrowed = narrow(reading, claimed)
  return {
    reading,
    ...(narrowed === undefined ? {} : { narrowed }),
    formats: byLines.map(({ id, title }) => ({ id, title })),
    understood,
    near,
    message: `${byLines.map(({ title }) => title).join(' + ')}: ${percent(understood)} of ${total} lines`,
  }
}
