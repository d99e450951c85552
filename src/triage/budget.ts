/**
 * Which episodes a person gets to see, and in which order.
 *
 * @module
 */
import type { Detector } from '../detect/detector.ts'
import { findingId, raisedSeverity, severityOf } from '../detect/findings.ts'
import type { Severity } from '../report/report.ts'
import type { Episode } from '../detect/episodes.ts'
import type { Detection } from '../detect/run.ts'

export interface Choice {
  readonly detector: Detector
  readonly episode: Episode
}

export interface Budget {
  /** Findings a day of data; absent: {@link defaultFindings} in all. */
  readonly perDay?: number
  readonly days: number
}

/** How many findings a hunt shows unless told otherwise. Incidents are never more than findings. */
export const defaultFindings = 20

/** So many findings tell what one actor did; further ones are shown where the budget has room left after all others. */
const enoughOfOne = 5

/**
 * The line between findings and chance, on the scale of {@link Episode.rarity}: chance alone may bring two findings a
 * day, shared by all detectors that had something to judge.
 */
export const leastSurprise = (activeDetectors: number): number => Math.log10(Math.max(1, activeDetectors) / 2)

/** What is certain is not chance; nor does it take a model to see that a log has stopped. */
export const mayErr = ({ detector, judged }: Detection): boolean =>
  !detector.certain && detector.model !== null && [...judged.values()].some((windows) => windows > 0)

/**
 * What a detector's own rules call severe is shown though it be ten times as common: in a log that is attacked all day,
 * attacks are not rare, and still not harmless. What is certain is always shown.
 */
export const lineFor = (detector: Detector, episode: Episode, line: number): number => {
  if (detector.certain) return Number.NEGATIVE_INFINITY
  return raisedSeverity(detector, episode) === null ? line : line - 1
}

const order: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 }

const severityRank = ({ detector, episode }: Choice): number => order[severityOf(detector, episode)]

/** The first `most`, in their order; what one actor has beyond {@link enoughOfOne} gives way to the findings of others. */
const fit = (candidates: readonly Choice[], most: number): Choice[] => {
  const counts = new Map<string, number>()
  const order = candidates.map((choice, place) => {
    const actor = choice.episode.entity[0] ?? ''
    const before = counts.get(actor) ?? 0
    counts.set(actor, before + 1)
    return { choice, place, late: before >= enoughOfOne ? 1 : 0 }
  })
  return order
    .toSorted((a, b) => a.late - b.late || a.place - b.place)
    .slice(0, most)
    .toSorted((a, b) => a.place - b.place)
    .map(({ choice }) => choice)
}

/**
 * The episodes above the line, the most severe first and among equals the rarest, and how many more there were than the
 * budget allows.
 */
export const chooseFindings = (
  detections: readonly Detection[],
  budget: Budget,
): { readonly chosen: readonly Choice[]; readonly below: number } => {
  const line = leastSurprise(detections.filter(mayErr).length)
  const candidates = detections
    .flatMap(({ detector, episodes }) => episodes.map((episode): Choice => ({ detector, episode })))
    .filter(({ detector, episode }) => episode.rarity >= lineFor(detector, episode, line))
    .toSorted(
      (a, b) =>
        severityRank(b) - severityRank(a) ||
        b.episode.rarity - a.episode.rarity ||
        a.episode.firstMs - b.episode.firstMs ||
        (findingId(a.detector, a.episode) < findingId(b.detector, b.episode) ? -1 : 1),
    )
  const most =
    budget.perDay === undefined ? defaultFindings : Math.ceil(budget.perDay * Math.max(1, budget.days))
  return { chosen: fit(candidates, most), below: Math.max(0, candidates.length - most) }
}
