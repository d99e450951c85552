/**
 * Detection that goes on: the working tables of a run are kept, what is new is added to them, and only who did something new is
 * judged, in the windows that it changed, with the models of that run. It costs what the new events cost, however long the history is.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { compileWindows } from '../features/compile.ts'
import type { Feature } from '../features/feature.ts'
import {
  countOf,
  entityColumn,
  entityColumns,
  eventsWhere,
  selectEntity,
  type Study,
  type TimeRange,
} from '../features/feature-set.ts'
import { historiesOf } from '../features/history.ts'
import { talliesOf } from '../features/tallies.ts'
import { id, join, raw, render, sql, type Sql } from '../sql/sql.ts'
import { secondsOf, type Detector } from './detector.ts'
import { entityKey } from './entity-key.ts'
import { findEpisodes, type Episode } from './episodes.ts'
import { groupBy } from './group-by.ts'
import { dropTables, hasEvents, runAndKeep, type Detection, type Kept } from './run.ts'
import { judgeAgain, type Run, type Scope, type ScoredWindow, type WindowResult } from './windows.ts'

/**
 * Features that new events can be added to: what adds up, what is looked up in a history of values, and sums over windows
 * before. How many use a value, and what was proven, is as of the run; it changes slowly.
 */
const additive: ReadonlySet<Feature['kind']> = new Set<Feature['kind']>([
  'count',
  'share',
  'sum',
  'max',
  'min',
  'mean',
  'distinct',
  'entropy',
  'quantile',
  'gaps',
  'countBefore',
  'hours',
  'ratio',
  'rate',
  'given',
  'largest',
  'firstSeen',
  'neverSeen',
  'rarity',
  'popularity',
  'unproven',
  'prior',
  'sofar',
])

/** Whether what a run of the detector worked with can be gone on with. */
export const isKeepable = (detector: Detector): boolean =>
  detector.measure === null &&
  detector.model !== null &&
  Object.values(detector.features).every(
    (feature) =>
      additive.has(feature.kind) &&
      // What is unlike anything before is compared value by value: with the run's values only.
      !(feature.kind === 'firstSeen' && feature.unlike !== undefined),
  )

/** Counts that features are measured against, as they were in the run. */
export type Counts = ReadonlyMap<string, number>

/** Windows that stood out before, by entity: they are told together with what follows. */
type Past = Map<string, readonly ScoredWindow[]>

export interface Going extends Kept {
  readonly counts: Counts
  readonly past: Past
}

/** What is new since a run, or since it was gone on with. */
export interface NewEvents {
  readonly segments: readonly string[]
  /** From the first of their events to after the last. */
  readonly range: TimeRange
}

/** A window that is less surprising (1 in 100) adds nothing to those after it. */
const leastTold = 2
/** Whoever has done nothing for longest is forgotten first. */
const mostEntities = 5000

const keyOfWindow = ({ entity }: ScoredWindow): string => entityKey(entity)

const remember = (past: Past, windows: readonly ScoredWindow[]): void => {
  const odd = windows.filter(({ surprise }) => surprise >= leastTold)
  for (const [key, own] of groupBy(odd, keyOfWindow)) {
    past.delete(key)
    past.set(key, own)
  }
  for (const key of past.keys()) {
    if (past.size <= mostEntities) break
    past.delete(key)
  }
}

const keyOf = (what: Sql): string => JSON.stringify(render(what))

const countsOf = async (engine: Engine, kept: Kept, options: QueryOptions): Promise<Counts> => {
  const asked = new Map<string, Sql>()
  const study: Study = {
    ...kept.study,
    counted: (what) => {
      asked.set(keyOf(what), what)
      return raw('1')
    },
  }
  const window = kept.detector.windows[0]
  if (window !== undefined)
    compileWindows(study, {
      seconds: secondsOf(window.length),
      minEvents: 1,
      tallies: id(kept.tallies.name),
      tallySeconds: kept.tallySeconds,
    })
  talliesOf(study, kept.tallySeconds)
  const counts = new Map<string, number>()
  for (const [key, what] of asked) {
    const [row] = await engine.rows<{ n: number }>(sql`SELECT ${countOf(kept.study, what)} AS n`, options)
    counts.set(key, row?.n ?? 1)
  }
  return counts
}

/** Runs a detector whose working tables can be gone on with, and keeps them; `going` is null where there was nothing to judge. */
export const runOn = async (
  engine: Engine,
  detector: Detector,
  scope: Scope,
  options: QueryOptions,
  prefix: string,
): Promise<{ readonly detection: Detection; readonly going: Going | null }> => {
  const { detection, kept } = await runAndKeep(engine, detector, scope, options, prefix)
  if (kept === null) return { detection, going: null }
  try {
    const past: Past = new Map()
    remember(
      past,
      kept.results.flatMap(({ windows }) => windows),
    )
    return { detection, going: { ...kept, counts: await countsOf(engine, kept, options), past } }
  } catch (error) {
    await letGo(engine, kept)
    throw error
  }
}

/** Drops what was kept. */
export const letGo = (engine: Engine, { tables }: Kept): Promise<void> => dropTables(engine, tables)

/** The study with the counts of the run, up to a later time. */
const laterOf = ({ study, counts }: Going, toMs: number): Study => {
  const { loadedByMs: _, ...whenever } = study
  return {
    ...whenever,
    range: { fromMs: study.range.fromMs, toMs: Math.max(toMs, study.range.toMs) },
    counted: (what) => raw(String(counts.get(keyOf(what)) ?? 1)),
  }
}

/** Columns by which windows are added up over time; null where no feature does that. */
const sumsBy = (detector: Detector): readonly string[] | null => {
  const sums = Object.values(detector.features).flatMap((feature) =>
    feature.kind === 'prior' || feature.kind === 'sofar' ? [feature.by as readonly string[]] : [],
  )
  if (sums.length === 0) return null
  return detector.entity.filter((column) => sums.every((by) => by.includes(column)))
}

/**
 * The tallies of those who did something new, from a time on; where windows are added up over time, all that are added up with
 * theirs.
 */
const touchedTallies = (going: Going, news: Study, fromMs: number): Sql => {
  const { detector, tallies } = going
  const touched = sql`(SELECT DISTINCT ${selectEntity(detector)} FROM events WHERE ${eventsWhere(news)})`
  const sums = sumsBy(detector)
  if (sums === null) {
    return sql`(SELECT * FROM ${id(tallies.name)} WHERE toUnixTimestamp(start) >= ${fromMs / 1000} AND (${join(entityColumns(detector))}) GLOBAL IN ${touched})`
  }
  if (sums.length === 0) return id(tallies.name)
  const by = join(
    sums.map((column) => id(entityColumn(detector.entity.findIndex((part) => part === column)))),
  )
  return sql`(SELECT * FROM ${id(tallies.name)} WHERE (${by}) GLOBAL IN (SELECT DISTINCT ${by} FROM ${touched}))`
}

/** The start of the first window of a length that a time changes, ms since 1970. */
const windowStart = (ms: number, windowSeconds: number): number =>
  Math.floor(ms / (windowSeconds * 1000)) * windowSeconds * 1000

/** Windows with those of the same entities that stood out before them, as far back as is judged. */
const withPast = (
  { past }: Going,
  windows: readonly ScoredWindow[],
  changedMs: number,
  judged: TimeRange,
): ScoredWindow[] => {
  const before = [...groupBy(windows, keyOfWindow).keys()].flatMap((key) => past.get(key) ?? [])
  const whole = before.filter(
    ({ startMs, lastMs, windowSeconds }) =>
      startMs < windowStart(changedMs, windowSeconds) && lastMs >= judged.fromMs,
  )
  return [...whole, ...windows]
}

/**
 * Adds new events to what was kept, and judges those who are in them. Segments must be given once.
 *
 * @param judged what episodes may be about; windows that reach into it are judged whole
 */
export const goOn = async (
  engine: Engine,
  going: Going,
  { segments, range }: NewEvents,
  judged: TimeRange,
  options: QueryOptions,
): Promise<readonly Episode[]> => {
  const { detector, tallySeconds, results, activeDays } = going
  const later = laterOf(going, judged.toMs)
  const fromMs = Math.max(later.range.fromMs, range.fromMs)
  const toMs = Math.min(later.range.toMs, range.toMs)
  if (fromMs >= toMs) return []
  const news: Study = { ...later, segments, range: { fromMs, toMs } }
  if (!(await hasEvents(engine, news, options))) return []
  for (const { add } of historiesOf(news)) await engine.run(add, options)
  await engine.run(talliesOf(news, tallySeconds).fill, options)
  const changedMs = Math.max(fromMs, judged.fromMs)
  const again = await Promise.all(
    results.map(async (result): Promise<WindowResult> => {
      const { windowSeconds, learned } = result
      const window = detector.windows.find(({ length }) => secondsOf(length) === windowSeconds)
      if (window === undefined || learned === null) return { ...result, windows: [] }
      const startMs = windowStart(changedMs, windowSeconds)
      const scope: Scope = {
        all: later.range,
        judged: { fromMs: Math.max(judged.fromMs, startMs), toMs: judged.toMs },
        activeDays,
      }
      const run: Run = {
        engine,
        detector,
        scope,
        study: later,
        seed: 1,
        options,
        tallies: touchedTallies(going, news, startMs),
        tallySeconds,
        inParts: true,
      }
      return { ...result, windows: await judgeAgain(run, window, learned) }
    }),
  )
  const windows = withPast(
    going,
    again.flatMap((result) => result.windows),
    changedMs,
    judged,
  )
  remember(going.past, windows)
  const byLength = groupBy(windows, ({ windowSeconds }) => windowSeconds)
  return findEpisodes(
    again.map((result) => ({ ...result, windows: byLength.get(result.windowSeconds) ?? [] })),
    activeDays,
  )
}

/** Whether any length of window has a model to judge with. */
export const canGoOn = ({ results }: Kept): boolean => results.some(({ learned }) => learned !== null)
