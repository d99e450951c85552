/**
 * The time of logs. Logs of different kinds may come from different times (old ones are read in, a clock is wrong), so each category
 * has a clock of its own: its latest event.
 *
 * @module
 */
import type { TimeRange } from '../features/feature-set.ts'

/** What came in of one category. */
export interface News {
  readonly category: string
  /** The times of its first and last event, ms since 1970. */
  readonly firstMs: number
  readonly lastMs: number
  readonly events: number
}

/** The first and the latest event by category, ms since 1970. */
export type Clock = ReadonlyMap<string, TimeRange>

export const dayMs = 86_400_000
/** A sender's clock may be ahead by so much; what claims to be later still moves no clock of ours. */
const aheadMs = 3_600_000
/** What was too far ahead is looked for when its time has come: not at every look. */
const stepMs = 10_000

/** Events are looked at up to here; later ones when their time has come. */
export const latestOf = (wallMs: number): number => Math.floor((wallMs + aheadMs) / stepMs) * stepMs

/** The clock after what came in. */
export const advance = (clock: Clock, news: readonly News[], wallMs: number): Clock => {
  const next = new Map(clock)
  for (const { category, firstMs, lastMs } of news) {
    if (firstMs > wallMs + aheadMs) continue
    const before = next.get(category) ?? { fromMs: firstMs, toMs: 0 }
    const latest = Math.min(lastMs, wallMs + aheadMs)
    next.set(category, { fromMs: Math.min(before.fromMs, firstMs), toMs: Math.max(before.toMs, latest + 1) })
  }
  return next
}

/** From the first event of the categories (null: of all) to after the latest; null where there is none. */
export const spanOf = (clock: Clock, categories: readonly string[] | null): TimeRange | null => {
  const spans = [...clock].flatMap(([category, span]) =>
    categories === null || categories.includes(category) ? [span] : [],
  )
  if (spans.length === 0) return null
  return {
    fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...spans.map(({ toMs }) => toMs)),
  }
}

/** From the first event of the categories (null: of all) among what came in to after the last; null where there is none. */
export const rangeOf = (categories: readonly string[] | null, news: readonly News[]): TimeRange | null => {
  const own = news.filter(({ category }) => categories === null || categories.includes(category))
  if (own.length === 0) return null
  return {
    fromMs: own.reduce((least, { firstMs }) => Math.min(least, firstMs), Number.POSITIVE_INFINITY),
    toMs: own.reduce((most, { lastMs }) => Math.max(most, lastMs), 0) + 1,
  }
}

/** The last day of a span; what came before it is history. */
export const lastDay = (span: TimeRange): TimeRange => ({
  fromMs: Math.max(span.fromMs, span.toMs - dayMs),
  toMs: span.toMs,
})

/** Detection looks back so many days at most. */
export const mostDays = 30

/**
 * The first event of what came in that detection may still judge; null where there is none. What is older than it looks back moves
 * nothing: a clock that is years behind would have all of the history judged again and again.
 *
 * @param toMs the end of the logs
 */
export const firstUnseen = (
  categories: readonly string[] | null,
  news: readonly News[],
  toMs: number,
): number | null => {
  const earliest = toMs - mostDays * dayMs
  const own = news.filter(
    ({ category, lastMs }) => lastMs >= earliest && (categories === null || categories.includes(category)),
  )
  if (own.length === 0) return null
  return Math.max(
    earliest,
    own.reduce((least, { firstMs }) => Math.min(least, firstMs), Number.POSITIVE_INFINITY),
  )
}
