/**
 * Logs that are ahead of the machine's clock, most often by their time zone: how far, and how that is told.
 *
 * @module
 */
import type { News } from './clock.ts'

interface Lead {
  readonly leadMs: number
  /** When that was noticed, ms since 1970. */
  readonly atMs: number
}

/** By category: how far its latest events were ahead when they came. */
export type AheadLogs = Map<string, Lead>

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What came in so long ago tells nothing of the clocks now. */
const isFresh = ({ atMs }: Lead, nowMs: number): boolean => Math.abs(nowMs - atMs) < hourMs

/** @returns the categories of which it was not known */
export const noteAhead = (ahead: AheadLogs, news: readonly News[], nowMs: number): readonly string[] => {
  const unknown = news.filter(({ category }) => aheadBy(ahead, [category], nowMs) === null)
  for (const { category, lastMs } of news) ahead.set(category, { leadMs: lastMs - nowMs, atMs: nowMs })
  return [...new Set(unknown.map(({ category }) => category))]
}

/** How far the logs of some categories (null: of all) are ahead, in ms; null where they are not. */
export const aheadBy = (
  ahead: AheadLogs,
  categories: readonly string[] | null,
  nowMs: number,
): number | null => {
  const own = [...ahead].filter(
    ([category, lead]) => (categories === null || categories.includes(category)) && isFresh(lead, nowMs),
  )
  return own.length === 0 ? null : Math.max(...own.map(([, { leadMs }]) => leadMs))
}

/** "2 h", "5.5 h", "400 days". */
export const aheadText = (leadMs: number): string =>
  leadMs < 2 * dayMs ? `${Math.round((leadMs / hourMs) * 2) / 2} h` : `${Math.round(leadMs / dayMs)} days`
