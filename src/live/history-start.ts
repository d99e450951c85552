import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { TimeRange } from '../features/feature-set.ts'
import { join, sql } from '../sql/sql.ts'
import { dayMs } from './clock.ts'

/** A detector looks back so many days at most. */
const mostDays = 30
/** And at so many events: what takes a machine with two cores half a minute. */
const mostEvents = 20_000_000

/**
 * Where the history of some categories (null: all) begins: as far back as is worth it, by whole days. The last day is always part of it.
 *
 * @returns ms since 1970
 */
export const historyStart = async (
  engine: Engine,
  categories: readonly string[] | null,
  span: TimeRange,
  options: QueryOptions,
): Promise<number> => {
  const earliest = Math.max(span.fromMs, span.toMs - mostDays * dayMs)
  const which =
    categories === null
      ? sql`category != 'reject'`
      : sql`category IN (${join(categories.map((name) => sql`${name}`))})`
  const days = await engine.rows<{ dayMs: number; events: number }>(
    sql`SELECT toUnixTimestamp(toStartOfDay(timestamp)) * 1000 AS dayMs, count() AS events FROM events WHERE ${which} AND timestamp >= fromUnixTimestamp64Milli(${earliest}, 'UTC') AND timestamp < fromUnixTimestamp64Milli(${span.toMs}, 'UTC') GROUP BY dayMs ORDER BY dayMs DESC`,
    options,
  )
  const lastDayMs = span.toMs - dayMs
  let events = 0
  let start = Math.max(span.fromMs, lastDayMs)
  for (const day of days) {
    events += day.events
    if (events > mostEvents) break
    start = Math.min(start, Math.max(span.fromMs, day.dayMs))
  }
  return start
}
