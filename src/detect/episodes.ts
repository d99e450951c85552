/**
 * Anomalous windows → episodes: one for each entity and stretch of time, however many windows of however many lengths
 * it was anomalous in.
 *
 * @module
 */
import { combineSurprises } from '../models/combine.ts'
import type { Path } from '../report/report.ts'
import type { Detector } from './detector.ts'
import { entityKey } from './entity-key.ts'
import { groupBy } from './group-by.ts'
import type { SourceFacts } from './source-detector.ts'
import type { ScoredWindow, WindowResult } from './windows.ts'

/** What is known of an episode of a source, beside what every episode has. */
export interface ToldSource {
  readonly sources: readonly string[]
  /** Empty for all of the log. */
  readonly host: string
  /** Where the lines are that were not understood; none where the source was silent. */
  readonly places: readonly { readonly source: string; readonly fromLine: number; readonly toLine: number }[]
  readonly blinded: readonly Pick<Detector, 'id' | 'title'>[]
  readonly facts: SourceFacts
}

export interface Episode {
  readonly entity: readonly string[]
  /** −log10 p: how often an entity's window (of the detector's longest length) is this strange when nothing is wrong. */
  readonly surprise: number
  /** −log10 of how many episodes this strong chance would bring a day, over all entities: 3 is one in 1,000 days. */
  readonly rarity: number
  /** The window that surprises most. */
  readonly strongest: ScoredWindow
  /** All anomalous windows, by start. */
  readonly windows: readonly ScoredWindow[]
  readonly firstMs: number
  readonly lastMs: number
  readonly events: number
  /** What else is known of it: the names of its alerts, most telling first, and who else was unusual at the time. */
  readonly told?: readonly { readonly kind: string; readonly value: string }[]
  /** Of those, the others. */
  readonly company?: readonly { readonly kind: string; readonly value: string }[]
  /** The path that it is told by. */
  readonly path?: Path
  /** For an episode of a source. */
  readonly source?: ToldSource
}

/** Of less than an hour nobody can say how often a day something happens. */
const leastDays = 1 / 24

/** Windows of an entity that lie closer than `gapMs` belong together. */
const stretches = (windows: readonly ScoredWindow[], gapMs: number): ScoredWindow[][] => {
  const groups: ScoredWindow[][] = []
  let endMs = Number.NEGATIVE_INFINITY
  for (const window of windows.toSorted(
    (a, b) => a.startMs - b.startMs || a.windowSeconds - b.windowSeconds,
  )) {
    const group = groups.at(-1)
    if (group !== undefined && window.startMs <= endMs + gapMs) group.push(window)
    else groups.push([window])
    endMs = Math.max(endMs, window.startMs + window.windowSeconds * 1000)
  }
  return groups
}

/** Events of windows of the finest length that covers the stretch; longer windows contain the shorter ones. */
const eventsOf = (windows: readonly ScoredWindow[]): number => {
  const longest = Math.max(...windows.map((window) => window.windowSeconds))
  const byLength = new Map<number, number>()
  for (const { windowSeconds, events } of windows) {
    byLength.set(windowSeconds, (byLength.get(windowSeconds) ?? 0) + events)
  }
  return byLength.get(longest) ?? 0
}

/**
 * Groups and ranks. The best surprise of each window length is first made comparable — how often a day anyone's window of
 * that length scores so high — and then combined over the lengths (Cauchy), so that an attack that shows at several
 * scales counts for more than one that shows at a single one.
 *
 * @param days on how many days anything happened; where only a part of a day was looked at, that part
 */
export const findEpisodes = (results: readonly WindowResult[], days: number): Episode[] => {
  const judgedDays = Math.max(leastDays, days)
  const longest = Math.max(...results.map((result) => result.windowSeconds))
  /** How many windows of the longest length there are: the unit that all lengths are brought to. */
  const units = Math.max(1, results.find((result) => result.windowSeconds === longest)?.judged ?? 1)
  const penalty = new Map(
    results.map((result) => [result.windowSeconds, Math.log10(Math.max(1, result.judged) / units)]),
  )
  const byEntity = groupBy(
    results.flatMap((result) => result.windows),
    ({ entity }) => entityKey(entity),
  )
  const episodes = [...byEntity.values()].flatMap((windows) =>
    stretches(windows, longest * 1000).map((group): Episode => {
      const best = results.map(({ windowSeconds }) => {
        const surprises = group
          .filter((window) => window.windowSeconds === windowSeconds)
          .map((window) => window.surprise)
        // A length that saw nothing says nothing either way: p = 1/2 leaves the Cauchy sum as it is.
        return surprises.length === 0
          ? Math.log10(2)
          : Math.max(Math.log10(2), Math.max(...surprises) - (penalty.get(windowSeconds) ?? 0))
      })
      const surprise = combineSurprises(best)
      const strongest = group.reduce((a, b) =>
        b.surprise - (penalty.get(b.windowSeconds) ?? 0) > a.surprise - (penalty.get(a.windowSeconds) ?? 0)
          ? b
          : a,
      )
      return {
        entity: strongest.entity,
        surprise,
        rarity: surprise - Math.log10(units / judgedDays),
        strongest,
        windows: group,
        firstMs: Math.min(...group.map((window) => window.firstMs)),
        lastMs: Math.max(...group.map((window) => window.lastMs)),
        events: eventsOf(group),
      }
    }),
  )
  return episodes.toSorted(
    (a, b) => b.rarity - a.rarity || a.firstMs - b.firstMs || (a.entity.join() < b.entity.join() ? -1 : 1),
  )
}
