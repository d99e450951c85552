/**
 * One detector over one length of window: measured, fitted, scored and calibrated.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { comparisonSql } from '../features/compile-filter.ts'
import { compileWindows, windowsTable } from '../features/compile.ts'
import {
  entityColumn,
  featureColumn,
  type FeatureSet,
  type Study,
  type TimeRange,
} from '../features/feature-set.ts'
import { setsApart, withTaught } from '../features/taught.ts'
import { fitCalibration, surprise, type Calibration } from '../models/calibrate.ts'
import { fitModel, type AnyModelSpec } from '../models/index.ts'
import type { Contribution, FittedModel, Matrix } from '../models/model.ts'
import { addressText } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { fillTables } from './fill.ts'
import { secondsOf, type Detector, type WindowSpec } from './detector.ts'
import { rescore, screenedRows } from './rescore.ts'

/** A window that may become part of a finding. */
export interface ScoredWindow {
  readonly entity: readonly string[]
  readonly windowSeconds: number
  readonly startMs: number
  /** The times of its first and last event, ms since 1970. */
  readonly firstMs: number
  readonly lastMs: number
  readonly events: number
  /** By feature name. */
  readonly features: Readonly<Record<string, number>>
  readonly score: number
  /** −log10 of how often a window of this length scores this high. */
  readonly surprise: number
  readonly explain: () => Contribution[]
}

/** What was learned of one length of window, for windows to come. */
export interface Learned {
  readonly fitted: FittedModel
  /** Null for a model whose scores are surprises already. */
  readonly calibration: Calibration | null
}

export interface WindowResult {
  readonly windowSeconds: number
  /** How many windows were judged, inside the scope. */
  readonly judged: number
  readonly windows: readonly ScoredWindow[]
  /** Null where there was nothing to judge. */
  readonly learned: Learned | null
}

/** What a detector reads, and what of it it reports on. */
export interface Scope {
  /** All events, history included. */
  readonly all: TimeRange
  /** What is judged. Where enough came before it, models are fitted on that past only. */
  readonly judged: TimeRange
  /** On how many days of the judged time anything happened at all: logs have gaps. At least 1. */
  readonly activeDays: number
  /** Periods that are judged, but not learned from. */
  readonly excluded?: readonly TimeRange[]
  /** Only what was loaded by then, in ms since 1970, is looked at. Default: all that is there. */
  readonly loadedByMs?: number
  /** Whether it ends now, by the clock, and not where the logs were cut: what does not come is missing. Default false. */
  readonly untilNow?: boolean
}

/** Reference rows a model is fitted on: enough for tails of one in a thousand, small enough to fit in a blink. */
const referenceRows = 10_000
/** With fewer windows of history the whole data are the reference. */
const enoughHistory = 1000
/** With fewer windows of the kind a detector compares, all windows are compared. */
const enoughAlike = 100
/** Candidates for findings, best first, that leave the engine. */
const candidateRows = 2000

const matrixOf = (names: readonly string[], rows: readonly (readonly number[])[]): Matrix => {
  const values = new Float64Array(rows.length * names.length)
  rows.forEach((row, r) => values.set(row, r * names.length))
  return { names, rows: rows.length, values }
}

/** Features as one array: names on every row would be most of what comes back. */
const featureArray = (names: readonly string[]): Sql =>
  sql`[${join(names.map((name) => id(featureColumn(name))))}]`

const allCompare = (comparisons: Detector['requires']): Sql =>
  join(
    [
      raw('1'),
      ...Object.entries(comparisons).map(([name, comparison]) =>
        comparisonSql(id(featureColumn(name)), comparison),
      ),
    ],
    ' AND ',
  )

/** A window that began before the scope but reaches into it is judged. */
const judgedCondition = ({ judged }: Scope): Sql =>
  sql`toUnixTimestamp64Milli(last) >= ${judged.fromMs} AND toUnixTimestamp64Milli(first) < ${judged.toMs}`

interface Candidate {
  readonly entity: readonly string[]
  readonly startMs: number
  readonly firstMs: number
  readonly lastMs: number
  readonly events: number
  /** All features, in the detector's order. */
  readonly x: readonly number[]
  readonly score: number
}

/** Where a run of one detector stands: its engine, its study, its settings. */
export interface Run {
  readonly engine: Engine
  readonly detector: Detector
  readonly scope: Scope
  readonly study: Study
  readonly seed: number
  readonly options: QueryOptions
  /** The table of tallies. */
  readonly tallies: Sql
  readonly tallySeconds: number
  /** Whether the tallies were added to, and a short window may have several rows. */
  readonly inParts?: boolean
}

export const featureSetOf = (detector: Detector): FeatureSet => ({
  from: detector.from,
  entity: detector.entity,
  features: detector.features,
})

/** What a window of so many days ago counts for is e to the minus age over this: habits change, and what is usual with them. */
const memoryDays = 30

/** Which windows of a table are judged, and which are learned from; conditions on its columns. */
interface Choice {
  readonly judged: Sql
  /** How many are judged. */
  readonly count: number
  readonly learned: Sql
}

/** A number from 0 to 1 for each window, the same in every run; another than reference rows are sampled by. */
const lot = (keys: Sql): Sql => sql`(cityHash64(window, ${keys}) / 18446744073709551616.)`

/**
 * Compared with each other are the windows that the detector names, where they are enough to compare; none where there
 * are none of them: the detector has nothing to judge. Learned from is the past, the recent past more than the distant one, where
 * there is enough of it, else everything; but not what is set apart, unless that is all there is.
 */
const chooseWindows = async (run: Run, windows: Sql, windowSeconds: number, keys: Sql): Promise<Choice> => {
  const { engine, detector, scope, options } = run
  const judged = judgedCondition(scope)
  const untilSeconds = Math.floor(scope.judged.fromMs / 1000)
  const past = sql`(taught AND toUnixTimestamp(window) + ${windowSeconds} <= ${untilSeconds})`
  const age = sql`greatest(0, ${untilSeconds} - toUnixTimestamp(window)) / 86400`
  const recent = sql`(${past} AND ${lot(keys)} < exp(-${age} / ${memoryDays}))`
  const alike = allCompare(detector.among)
  const counts = [judged, past, recent, raw('taught')].flatMap((condition) => [
    sql`countIf(${condition} AND ${alike})`,
    sql`countIf(${condition})`,
  ])
  const [row] = await engine.rows<{ alike: number; counts: number[] }>(
    sql`SELECT countIf(${alike}) AS alike, [${join(counts)}] AS counts FROM ${windows}`,
    options,
  )
  const among = row === undefined || row.alike === 0 ? raw('0') : row.alike >= enoughAlike ? alike : raw('1')
  const numbers = (row?.counts ?? []).filter((_, i) => i % 2 === (among === alike ? 0 : 1))
  const [judgedCount = 0, pastCount = 0, recentCount = 0, taughtCount = 0] = numbers
  const learned =
    recentCount >= enoughHistory
      ? recent
      : pastCount >= enoughHistory
        ? past
        : raw(taughtCount > 0 ? 'taught' : '1')
  const count = (row?.alike ?? 0) === 0 ? 0 : judgedCount
  return { judged, count, learned: sql`${among} AND ${learned}` }
}

const keysOf = ({ entity }: Detector): Sql => join(entity.map((_, i) => id(entityColumn(i))))

/** The model of what is to be learned from. */
const learnFrom = async (run: Run, windows: Sql, choice: Choice, model: AnyModelSpec): Promise<Learned> => {
  const { engine, detector, options } = run
  const keys = keysOf(detector)
  const reference = await engine.rows<{ x: number[] }>(
    sql`SELECT ${featureArray(detector.scored)} AS x FROM ${windows} WHERE ${choice.learned} ORDER BY cityHash64(${keys}, window), ${keys}, window LIMIT ${referenceRows}`,
    options,
  )
  const rows = matrixOf(
    detector.scored,
    reference.map((row) => row.x),
  )
  const fitted = fitModel(model, rows, run.seed)
  return { fitted, calibration: fitted.scale === 'free' ? fitCalibration(fitted.score(rows)) : null }
}

/** The best of some windows. */
const scoreWindows = async (
  run: Run,
  all: Sql,
  judged: Sql,
  windowSeconds: number,
  { fitted, calibration }: Learned,
): Promise<ScoredWindow[]> => {
  const { engine, detector, options } = run
  const keys = keysOf(detector)
  const formula = raw(fitted.formula(detector.scored.map(featureColumn)))
  const screens = fitted.screens === true
  // A window that a screen gives 0 may still be odd to the model itself.
  const scores = screens ? raw('1') : raw('score > 0')
  const allNames = Object.keys(detector.features)
  const entity = join(detector.entity.map((_, i) => sql`toString(${id(entityColumn(i))})`))
  const most = screens ? screenedRows : candidateRows
  // Texts and arrays are made of the best only.
  const top = sql`SELECT *, ${formula} AS score FROM ${all} WHERE ${judged} AND ${allCompare(detector.among)} AND ${allCompare(detector.requires)} AND ${scores} ORDER BY score DESC, ${keys}, window LIMIT ${most}`
  const candidates = await engine.rows<Candidate>(
    sql`SELECT [${entity}] AS entity, toUnixTimestamp(window) * 1000 AS startMs, toUnixTimestamp64Milli(first) AS firstMs, toUnixTimestamp64Milli(last) AS lastMs, events, ${featureArray(allNames)} AS x, score FROM (${top}) ORDER BY score DESC, ${keys}, window`,
    options,
  )
  const best = screens ? rescore(fitted, allNames, candidates, candidateRows) : candidates
  return best.map((row): ScoredWindow => {
    const features = Object.fromEntries(allNames.map((name, i) => [name, row.x[i] ?? 0]))
    return {
      entity: row.entity.map(addressText),
      windowSeconds,
      startMs: row.startMs,
      firstMs: row.firstMs,
      lastMs: row.lastMs,
      events: row.events,
      features,
      score: row.score,
      surprise: calibration === null ? row.score : surprise(calibration, row.score),
      explain: () => fitted.explain(detector.scored.map((name) => features[name] ?? 0)),
    }
  })
}

const selectWindows = (run: Run, window: WindowSpec): Sql =>
  compileWindows(run.study, {
    seconds: secondsOf(window.length),
    minEvents: window.minEvents,
    tallies: run.tallies,
    tallySeconds: run.tallySeconds,
    ...(run.inParts === undefined ? {} : { inParts: run.inParts }),
  })

/** Measures, fits and scores; the value histories of the prefix must be filled. */
export const judgeWindows = async (run: Run, window: WindowSpec): Promise<WindowResult> => {
  const { engine, detector, study } = run
  const windowSeconds = secondsOf(window.length)
  // Chosen from, learned from and scored: measured once.
  const table = windowsTable(study.set, `${study.prefix}_windows_${windowSeconds}`)
  const all = id(table.name)
  try {
    const names = table.columns.map((column) => id(column.name))
    const fill = sql`INSERT INTO ${all} (${join(names)}) ${selectWindows(run, window)}`
    await fillTables(engine, [{ table, fill }], run.options)
    const taught = setsApart(study)
      ? withTaught(all, study, windowSeconds)
      : sql`(SELECT *, 1 AS taught FROM ${all})`
    const choice = await chooseWindows(run, taught, windowSeconds, keysOf(detector))
    if (choice.count === 0 || detector.model === null)
      return { windowSeconds, judged: 0, windows: [], learned: null }
    const learned = await learnFrom(run, taught, choice, detector.model)
    const windows = await scoreWindows(run, all, choice.judged, windowSeconds, learned)
    return { windowSeconds, judged: choice.count, windows, learned }
  } finally {
    await engine.dropTable(table)
  }
}

/** Measures and scores with what was learned before. */
export const judgeAgain = (run: Run, window: WindowSpec, learned: Learned): Promise<ScoredWindow[]> => {
  // Read once: a table would take longer to make and to drop than all the rest. Its types are what the model was fitted to.
  const { columns } = windowsTable(run.study.set, '')
  const values = columns.map(({ name, type }) => sql`CAST(${id(name)} AS ${raw(type)}) AS ${id(name)}`)
  const all = sql`(SELECT ${join(values)} FROM (${selectWindows(run, window)}))`
  return scoreWindows(run, all, judgedCondition(run.scope), secondsOf(window.length), learned)
}
