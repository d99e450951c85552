import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { TimeRange } from '../features/feature-set.ts'
import { during } from '../sql/instant.ts'
import { join, sql } from '../sql/sql.ts'
import { dayMs, mostDays } from './clock.ts'

/** A detector looks back at so many events at most: what takes a machine with two cores half a minute. */
const mostEvents = 20_000_000

export interface History {
  /** As far back as is worth it, by whole days, ms since 1970. The last day is always part of it. */
  readonly fromMs: number
  /** The days on which anything happened, by their start, the latest first. */
  readonly days: readonly number[]
}

/** The history of some categories (null: all). */
export const historyOf = async (
  engine: Engine,
  categories: readonly string[] | null,
  span: TimeRange,
  options: QueryOptions,
): Promise<History> => {
  const earliest = Math.max(span.fromMs, span.toMs - mostDays * dayMs)
  const which =
    categories === null
      ? sql`category != 'reject'`
      : sql`category IN (${join(categories.map((name) => sql`${name}`))})`
  const days = await engine.rows<{ dayMs: number; events: number }>(
    sql`SELECT toUnixTimestamp(toStartOfDay(timestamp)) * 1000 AS dayMs, count() AS events FROM events WHERE ${which} AND ${during({ fromMs: earliest, toMs: span.toMs })} GROUP BY dayMs ORDER BY dayMs DESC`,
    options,
  )
  const lastDayMs = span.toMs - dayMs
  let events = 0
  let fromMs = Math.max(span.fromMs, lastDayMs)
  for (const day of days) {
    events += day.events
    if (events > mostEvents) break
    fromMs = Math.min(fromMs, Math.max(span.fromMs, day.dayMs))
  }
  return { fromMs, days: days.map((day) => day.dayMs) }
}

/** On how many days of a range anything happened: logs have gaps, and old ones more so. At least an hour of one. */
export const activeDaysIn = ({ fromMs, toMs }: TimeRange, days: readonly number[]): number => {
  const active = days.filter((start) => start + dayMs > fromMs && start < toMs).length
  return Math.max(1 / 24, Math.min((toMs - fromMs) / dayMs, Math.max(1, active)))
}
