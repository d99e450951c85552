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
  readonly detector: string
  /** How far it is above its own line, as if that of all were 0: detectors are set more or less strict. */
  readonly rarity: number
  /** How much of that is due to its detector's rules, which call it severe: its line is lower. */
  readonly raise: number
  /** When it ended, ms since 1970. */
  readonly atMs: number
}

/** The rarest of each actor and day: what becomes one incident, about. */
export type Situations = Map<string, Situation>

/** The same as it is kept: its rarity is that of the finding, whatever its line is. */
export type FoundSituation = Omit<Situation, 'raise'>

/** The line follows what there was in so many days. */
export const budgetDays = 7
/** More than anyone reads in a month. */
const mostSituations = 20_000

const keyOf = ({ actor, atMs }: FoundSituation): string => `${actor}\u0000${Math.floor(atMs / dayMs)}`

export const noteSituations = (situations: Situations, news: readonly Situation[]): void => {
  for (const one of news) {
    const key = keyOf(one)
    const before = situations.get(key)
    if (before === undefined || before.rarity < one.rarity) situations.set(key, one)
  }
  if (situations.size <= mostSituations) return
  // The most common ones matter least.
  const rarest = [...situations].toSorted(([, a], [, b]) => b.rarity - a.rarity || b.atMs - a.atMs)
  for (const [key] of rarest.slice(mostSituations / 2)) situations.delete(key)
}

/**
 * What was kept, on the scale of what is noted. Which of it rules raised is not kept: only what was noted before says it.
 *
 * @param strictnessOf what a person has added to the line of a detector
 */
export const toScale = (
  noted: Situations,
  found: readonly FoundSituation[],
  strictnessOf: (detector: string) => number,
): Situation[] =>
  found.map((one) => {
    const before = noted.get(keyOf(one))
    const raise = before?.detector === one.detector ? before.raise : 0
    return { ...one, rarity: one.rarity - strictnessOf(one.detector) + raise, raise }
  })

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
