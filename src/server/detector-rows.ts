/**
 * Detectors as they are shown: what they are, how they are set, how they do, and what became of what they found.
 *
 * @module
 */
import type { Detector } from '../detect/detector.ts'
import { categoriesOf } from '../detect/reads.ts'
import type { WatchState } from '../live/live.ts'
import type { DetectorCounts, DetectorSetting } from '../store/detector-settings.ts'
import { countDetectors, readDetectorSettings } from '../store/detector-settings.ts'
import { leastSurprise } from '../triage/budget.ts'
import type { DetectorPage, DetectorRow } from '../api/api.ts'
import type { Running } from './context.ts'
import { columnsRead, detectorSql } from './detector-sql.ts'

const none: DetectorCounts = {
  findings: 0,
  below: 0,
  verdicts: { threat: 0, expected: 0, falseAlarm: 0 },
  precision: null,
  scores: [],
}

interface Known {
  readonly setting: DetectorSetting
  readonly counts: DetectorCounts
  readonly watch: WatchState | undefined
}

const rowOf = (detector: Detector, { setting, counts, watch }: Known): DetectorRow => ({
  id: detector.id,
  title: detector.title,
  description: detector.description,
  attack: detector.attack,
  categories: categoriesOf(detector) ?? [],
  enabled: setting.enabled,
  strictness: setting.strictness,
  state: setting.enabled ? (watch?.state ?? 'learning') : 'off',
  why: setting.enabled ? (watch === undefined ? 'it has not looked yet' : watch.why) : null,
  lastRun: watch?.lastRunMs == null ? null : new Date(watch.lastRunMs).toISOString(),
  findings: counts.findings,
  below: counts.below,
  verdicts: counts.verdicts,
  precision: counts.precision,
})

const knownOf = async (context: Running, detector?: string) => {
  const { db } = context.store
  const settings = await readDetectorSettings(db)
  const counts = await countDetectors(db, context.now(), detector)
  const watches = new Map(context.live?.states().map((state) => [state.detector, state]))
  const off = new Set(context.config.detectors.off)
  return ({ id, byDefault }: Detector): Known => ({
    setting: settings.get(id) ?? { enabled: byDefault && !off.has(id), strictness: 0 },
    counts: counts.get(id) ?? none,
    watch: watches.get(id),
  })
}

export const detectorRows = async (context: Running): Promise<readonly DetectorRow[]> => {
  const known = await knownOf(context)
  return context.detectors.map((detector) => rowOf(detector, known(detector)))
}

/** The line without what a person added to it. */
export const calibratedLine = (context: Running, { setting, watch }: Known): number =>
  watch === undefined ? leastSurprise(context.detectors.length) : watch.line - setting.strictness

/** Rarities beyond this are all alike: once in more days than anybody has logs of. */
const mostRarity = 50

/** In bins of a half. */
const binned = (rarities: readonly number[]): DetectorPage['scores'] => {
  const bins = new Map<number, number>()
  for (const rarity of rarities) {
    const bin = Math.floor(Math.min(mostRarity, Math.max(-10, rarity)) * 2) / 2
    bins.set(bin, (bins.get(bin) ?? 0) + 1)
  }
  return [...bins].toSorted(([a], [b]) => a - b).map(([rarity, episodes]) => ({ rarity, episodes }))
}

/** How a detector is set and does. */
export const knownDetector = async (context: Running, detector: Detector): Promise<Known> =>
  (await knownOf(context, detector.id))(detector)

export const detectorPage = async (
  context: Running,
  detector: Detector,
  recent: DetectorPage['recent'],
): Promise<DetectorPage> => {
  const known = await knownDetector(context, detector)
  const { watch, counts, setting } = known
  return {
    ...rowOf(detector, known),
    entity: detector.entity,
    windows: detector.windows.map(({ length }) => length),
    model: detector.model?.kind ?? null,
    features: [...Object.keys(detector.features), ...Object.keys(detector.measure?.units ?? {})].map(
      (name) => ({
        name,
        label: detector.labels[name] ?? name,
      }),
    ),
    lookalikes: detector.lookalikes,
    needs: columnsRead(detector),
    sql: detectorSql(detector, context.now()),
    // The last look at everything knows all episodes; the work state only those near the line.
    scores: watch === undefined || watch.rarities.length === 0 ? counts.scores : binned(watch.rarities),
    line: calibratedLine(context, known) + setting.strictness,
    recent,
  }
}
