/**
 * How many incidents a day a team can read, as a line on the scale of rarity.
 *
 * @module
 */
import type { TimeRange } from '../features/feature-set.ts'
import { dayMs } from './clock.ts'

/** What somebody did, as rare as its rarest finding; what is certain is none: it is always shown. */
export interface Situation {
  /** Whoever did it, or whom it was done to: the first part of an entity. */
  readonly actor: string
  readonly rarity: number
  /** When it ended, ms since 1970. */
  readonly atMs: number
}

/** The rarest of each actor and day: what becomes one incident, about. */
export type Situations = Map<string, Situation>

/** The line follows what there was in so many days. */
export const budgetDays = 7
/** More than anyone reads in a month. */
const mostSituations = 20_000

export const noteSituations = (situations: Situations, news: readonly Situation[]): void => {
  for (const one of news) {
    const key = `${one.actor}\u0000${Math.floor(one.atMs / dayMs)}`
    const before = situations.get(key)
    if (before === undefined || before.rarity < one.rarity) situations.set(key, one)
  }
  if (situations.size <= mostSituations) return
  // The most common ones matter least.
  const rarest = [...situations].toSorted(([, a], [, b]) => b.rarity - a.rarity || b.atMs - a.atMs)
  for (const [key] of rarest.slice(mostSituations / 2)) situations.delete(key)
}

/**
 * The rarity that the budget allows: where there was more than it, that of the last one within it. −∞ where all fits.
 *
 * @param perDay incidents a day
 */
export const budgetLine = (situations: Situations, perDay: number, { fromMs, toMs }: TimeRange): number => {
  const most = Math.max(1, Math.ceil(perDay * Math.max(1, (toMs - fromMs) / dayMs)))
  const rarities = [...situations.values()]
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .map(({ rarity }) => rarity)
  if (rarities.length <= most) return Number.NEGATIVE_INFINITY
  return rarities.toSorted((a, b) => b - a)[most - 1] ?? Number.NEGATIVE_INFINITY
}
