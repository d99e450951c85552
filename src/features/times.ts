/**
 * What the times of events add up to: gaps, and hours of the day.
 *
 * @module
 */
import { join, sql, type Sql } from '../sql/sql.ts'

/** Of times in ms, ascending: the median of the gaps in seconds, or the share of gaps that are close to it. */
export const gapStatistic = (statistic: 'median' | 'regularity', times: Sql): Sql => {
  const gaps = sql`arrayPopFront(arrayDifference(${times}))`
  const median = sql`arrayElementOrNull(arraySort(${gaps}), intDiv(length(${gaps}) + 1, 2))`
  if (statistic === 'median') return sql`ifNull(${median} / 1000, 0)`
  // Fewer than five gaps say nothing of a rhythm.
  return sql`if(length(${gaps}) < 5, 0, arrayCount(g -> g BETWEEN 0.4 * assumeNotNull(${median}) AND 1.6 * assumeNotNull(${median}), ${gaps}) / length(${gaps}))`
}

/** A bit for each hour of the day. */
export const hoursTally = (
  condition: Sql,
): {
  readonly parts: { type: string; make: Sql; together: (part: Sql) => Sql }[]
  readonly value: (...made: readonly Sql[]) => Sql
} => ({
  parts: [
    {
      type: 'UInt32',
      make: sql`groupBitOrIf(bitShiftLeft(toUInt32(1), toHour(timestamp)), ${condition})`,
      together: (part) => sql`groupBitOr(${part})`,
    },
  ],
  value: (...made) => sql`bitCount(${join(made)})`,
})
