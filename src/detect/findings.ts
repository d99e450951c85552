/**
 * Episodes → findings: a stable id, a sentence, reasons, severity, evidence.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { filterText } from '../features/compile-filter.ts'
import { numberCompares } from '../features/filter.ts'
import { unitOf } from '../features/unit.ts'
import type { TimeRange } from '../features/feature-set.ts'
import type { Activity, EntityRef, Finding, Reason, Severity } from '../report/report.ts'
import { bucketWidth } from './buckets.ts'
import type { Detector, SeverityRule } from './detector.ts'
import type { Episode } from './episodes.ts'
import type { Shown } from './evidence.ts'

const severities: readonly Severity[] = ['low', 'medium', 'high', 'critical']

/** Once in how many days chance would bring it: what makes a finding severe by itself. */
const severeDays = [0, 10, 100, 36_500] as const

const ruleHolds = (rule: SeverityRule, features: Readonly<Record<string, number>>): boolean =>
  Object.entries(rule.when).every(
    ([name, comparison]) => comparison === undefined || numberCompares(features[name] ?? 0, comparison),
  )

/** The severity that what was seen calls for by the detector's own rules, whatever chance says of it; null for none. */
export const raisedSeverity = (detector: Detector, episode: Episode): Severity | null => {
  const raised = detector.raises
    .filter((rule) => episode.windows.some((window) => ruleHolds(rule, window.features)))
    .map((rule) => severities.indexOf(rule.severity))
  return raised.length === 0 ? null : (severities[Math.max(...raised)] ?? null)
}

/** How much a finding matters: by its rarity, and by what its detector says of what was seen. */
export const severityOf = (detector: Detector, episode: Episode): Severity => {
  const byChance = severeDays.findLastIndex((days) => 10 ** episode.rarity >= days)
  const raised = severities.indexOf(raisedSeverity(detector, episode) ?? 'low')
  // However rare, behaviour alone is never critical; a detector may say that what it finds is.
  const level = Math.max(0, Math.min(byChance, 2), severities.indexOf(detector.severity), raised)
  return severities[level] ?? 'low'
}

const plural = (amount: number, unit: string): string => `${amount} ${unit}${amount === 1 ? '' : 's'}`

/** "1 hour", "10 minutes". */
const durationText = (seconds: number): string => {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const
  const fitting = units.find(([, size]) => seconds >= size && seconds % size === 0)
  return fitting === undefined ? plural(seconds, 'second') : plural(seconds / fitting[1], fitting[0])
}

/** A round number with a unit: chance is not known better than that. */
const spanText = (days: number): string => {
  if (days < 0.67) return 'every few hours'
  if (days < 1.5) return 'a day'
  if (days < 60) return `in ${Math.round(days)} days`
  if (days < 730) return `in ${Math.round(days / 30)} months`
  const years = days / 365
  if (years > 1000) return 'in 1,000 years or more'
  return `in ${years < 20 ? Math.round(years) : Math.round(years / 10) * 10} years`
}

export const rarityText = (rarity: number): string =>
  `In logs like these, chance alone would bring this once ${spanText(10 ** rarity)}.`

/** Of what is certain, how rare it is says nothing. */
const itIsThere = 'It is there in the log: this is shown however often it happens.'

/** The parts of an entity. A source without a machine is the whole log. */
const partsOf = (detector: Detector, values: readonly string[]) =>
  detector.entity
    .map((kind, i) => ({ kind, value: values[i] ?? '' }))
    .filter(({ value }) => detector.measure === null || value !== '')

const entityOf = (detector: Detector, values: readonly string[]): EntityRef => {
  const parts = partsOf(detector, values)
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  return {
    kind: parts.map(({ kind }) => kind).join(' → '),
    value: parts.map(({ value }) => value).join(' → '),
    parts,
  }
}

/** The same entity, detector and time give the same id in every run. */
export const findingId = (detector: Detector, episode: Episode): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        detector.id,
        episode.entity,
        episode.strongest.windowSeconds,
        episode.strongest.startMs,
      ]),
    )
    .digest('hex')
    .slice(0, 16)

const leastShare = 0.01

const reasonsOf = (detector: Detector, episode: Episode): Reason[] =>
  episode.strongest
    .explain()
    .filter((contribution) => contribution.share >= leastShare)
    .map(({ feature, observed, typical, share }) => ({
      feature,
      label: detector.labels[feature] ?? feature,
      observed,
      typical,
      share: Math.round(share * 1000) / 1000,
      unit:
        detector.features[feature] === undefined
          ? (detector.measure?.units[feature] ?? 'number')
          : unitOf(detector.features[feature]),
    }))

/** Charts show at most so many buckets. */
const mostBuckets = 120

/** The stretch with as much again on either side (an hour at least), so that a reader sees what it stands out from. */
const chartRange = (episode: Episode, range: TimeRange): TimeRange => {
  const marginMs = Math.max(3_600_000, episode.lastMs - episode.firstMs)
  return {
    fromMs: Math.max(range.fromMs, episode.firstMs - marginMs),
    toMs: Math.min(range.toMs, episode.lastMs + marginMs + 1),
  }
}

const activityOf = (episode: Episode, shown: Shown, range: TimeRange): Activity[] => {
  const chart = chartRange(episode, range)
  const bucketMs = Math.max(shown.bucketMs, bucketWidth(chart.toMs - chart.fromMs, mostBuckets))
  const start = Math.floor(chart.fromMs / bucketMs) * bucketMs
  const events = new Map<number, number>()
  for (const [at, count] of shown.activity) {
    const bucket = Math.floor(at / bucketMs) * bucketMs
    events.set(bucket, (events.get(bucket) ?? 0) + count)
  }
  const shortest = Math.min(...episode.windows.map((window) => window.windowSeconds))
  // The shortest windows say when; a day-long window would mark the whole day.
  const marked = episode.windows.filter((window) => window.windowSeconds === shortest)
  return Array.from({ length: Math.max(1, Math.ceil((chart.toMs - start) / bucketMs)) }, (_, i) => {
    const at = start + i * bucketMs
    return {
      time: new Date(at).toISOString(),
      events: events.get(at) ?? 0,
      anomalous: marked.some((window) => window.firstMs < at + bucketMs && window.lastMs >= at),
    }
  })
}

/** The events of a finding as a search: the entity, and the time. */
const filterOf = (detector: Detector, episode: Episode): string => {
  const entity = partsOf(detector, episode.entity).map(({ kind, value }) => filterText({ [kind]: value }))
  const time = `timestamp:[${new Date(episode.firstMs).toISOString()} TO ${new Date(episode.lastMs).toISOString()}]`
  return [filterText(detector.from), ...entity, time].filter((part) => part !== '').join(' AND ')
}

type PhraseFacts = Parameters<NonNullable<Detector['phrase']>>[0]

const factsOf = (episode: Episode, shown: Shown): PhraseFacts =>
  // The facts are keyed by the detector's own features; `defineDetector` checked the sentence against them.
  ({
    ...episode.strongest.features,
    entity: episode.entity.join(' → '),
    parts: episode.entity,
    window: durationText(episode.strongest.windowSeconds),
    related: (column: string) =>
      shown.related.filter(({ kind }) => kind === column).map(({ value }) => value),
    // A detector of sources has facts of its own.
    ...episode.source?.facts,
  }) as unknown as PhraseFacts

/** A finding without its rank. */
export type UnrankedFinding = Omit<Finding, 'rank'>

/** @param range the time of the data: charts stay inside it */
export const describeFinding = (
  detector: Detector,
  episode: Episode,
  shown: Shown,
  range: TimeRange,
): UnrankedFinding => ({
  id: findingId(detector, episode),
  detector: detector.id,
  severity: severityOf(detector, episode),
  surprise: Math.round(episode.surprise * 100) / 100,
  entity: entityOf(detector, episode.entity),
  related: shown.related,
  ...(episode.company === undefined ? {} : { company: episode.company }),
  first: new Date(episode.firstMs).toISOString(),
  last: new Date(episode.lastMs).toISOString(),
  events: episode.events,
  attack: detector.attack,
  title: detector.sentence(factsOf(episode, shown)),
  ...(detector.phrase === null ? {} : { phrase: detector.phrase(factsOf(episode, shown)) }),
  rarity: detector.certain ? (detector.because ?? itIsThere) : rarityText(episode.rarity),
  reasons: reasonsOf(detector, episode),
  evidence: {
    filter: filterOf(detector, episode),
    lines: shown.places.map((place) => place.text),
    places: shown.places,
  },
  activity: activityOf(episode, shown, range),
  details: shown.details,
  // What is known from elsewhere is learned of the few that are shown.
  knowledge: [],
})
