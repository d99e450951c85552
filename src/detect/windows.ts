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
import { fitCalibration, surprise } from '../models/calibrate.ts'
import { fitModel } from '../models/index.ts'
import type { Contribution, FittedModel, Matrix } from '../models/model.ts'
import { addressText } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { secondsOf, type Detector, type WindowSpec } from './detector.ts'

/** A working table is written by as many threads as measured it. */
export const fillSettings = { max_insert_threads: 2 } as const

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

export interface WindowResult {
  readonly windowSeconds: number
  /** How many windows were judged, inside the scope. */
  readonly judged: number
  readonly windows: readonly ScoredWindow[]
  readonly fitted: FittedModel | null
}

/** What a detector reads, and what of it it reports on. */
export interface Scope {
  /** All events, history included. */
  readonly all: TimeRange
  /** What is judged. Where enough came before it, models are fitted on that past only. */
  readonly judged: TimeRange
  /** On how many days of the judged time anything happened at all: logs have gaps. At least 1. */
  readonly activeDays: number
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

const judgedCondition = (scope: Scope, windowSeconds: number): Sql => {
  // A window that began before the scope but reaches into it is judged.
  const from = Math.floor(scope.judged.fromMs / 1000) - windowSeconds
  return sql`toUnixTimestamp(window) > ${from} AND toUnixTimestamp64Milli(last) >= ${scope.judged.fromMs} AND toUnixTimestamp64Milli(first) < ${scope.judged.toMs}`
}

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

/** Where a run of one detector stands: its engine, its tables' prefix, its settings. */
export interface Run {
  readonly engine: Engine
  readonly detector: Detector
  readonly scope: Scope
  readonly prefix: string
  readonly seed: number
  readonly options: QueryOptions
  /** The table of tallies. */
  readonly tallies: Sql
  readonly tallySeconds: number
}

export const featureSetOf = (detector: Detector): FeatureSet => ({
  from: detector.from,
  entity: detector.entity,
  features: detector.features,
})

/**
 * The windows that are compared with each other: those the detector names, where they are enough to compare. None where there
 * are none of them: the detector has nothing to judge.
 */
const comparedAmong = async ({ engine, detector, options }: Run, table: string): Promise<Sql> => {
  if (Object.keys(detector.among).length === 0) return raw('1')
  const among = allCompare(detector.among)
  const [row] = await engine.rows<{ alike: number }>(
    sql`SELECT countIf(${among}) AS alike FROM ${id(table)}`,
    options,
  )
  const alike = row?.alike ?? 0
  return alike === 0 ? raw('0') : alike >= enoughAlike ? among : raw('1')
}

/** Measures, fits and scores; the value histories of the prefix must be filled. */
export const judgeWindows = async (run: Run, window: WindowSpec): Promise<WindowResult> => {
  const { engine, detector, scope, options } = run
  const windowSeconds = secondsOf(window.length)
  const set = featureSetOf(detector)
  const study: Study = { set, range: scope.all, prefix: run.prefix }
  const table = windowsTable(set, `${run.prefix}_windows_${windowSeconds}`)
  const names = table.columns.map((column) => id(column.name))
  const keys = join(detector.entity.map((_, i) => id(entityColumn(i))))
  await engine.dropTable(table)
  await engine.createTable(table)
  try {
    const select = compileWindows(study, {
      seconds: windowSeconds,
      minEvents: window.minEvents,
      tallies: run.tallies,
      tallySeconds: run.tallySeconds,
    })
    await engine.run(sql`INSERT INTO ${id(table.name)} (${join(names)}) ${select}`, {
      ...options,
      settings: fillSettings,
    })
    const judged = judgedCondition(scope, windowSeconds)
    const past = sql`toUnixTimestamp(window) + ${windowSeconds} <= ${Math.floor(scope.judged.fromMs / 1000)}`
    const among = await comparedAmong(run, table.name)
    const [counts] = await engine.rows<{ judged: number; past: number }>(
      sql`SELECT countIf(${judged} AND ${among}) AS judged, countIf(${past} AND ${among}) AS past FROM ${id(table.name)}`,
      options,
    )
    if (counts === undefined || counts.judged === 0)
      return { windowSeconds, judged: 0, windows: [], fitted: null }
    const reference = await engine.rows<{ x: number[] }>(
      sql`SELECT ${featureArray(detector.scored)} AS x FROM ${id(table.name)} WHERE ${among} AND ${counts.past >= enoughHistory ? past : raw('1')} ORDER BY cityHash64(${keys}, window), ${keys}, window LIMIT ${referenceRows}`,
      options,
    )
    const rows = matrixOf(
      detector.scored,
      reference.map((row) => row.x),
    )
    const fitted = fitModel(detector.model, rows, run.seed)
    const calibration = fitted.scale === 'free' ? fitCalibration(fitted.score(rows)) : null
    const formula = raw(fitted.formula(detector.scored.map(featureColumn)))
    const allNames = Object.keys(detector.features)
    const entity = join(detector.entity.map((_, i) => sql`toString(${id(entityColumn(i))})`))
    const candidates = await engine.rows<Candidate>(
      sql`SELECT [${entity}] AS entity, toUnixTimestamp(window) * 1000 AS startMs, toUnixTimestamp64Milli(first) AS firstMs, toUnixTimestamp64Milli(last) AS lastMs, events, ${featureArray(allNames)} AS x, ${formula} AS score FROM ${id(table.name)} WHERE ${judged} AND ${allCompare(detector.among)} AND ${allCompare(detector.requires)} AND score > 0 ORDER BY score DESC, ${keys}, window LIMIT ${candidateRows}`,
      options,
    )
    const windows = candidates.map((row): ScoredWindow => {
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
    return { windowSeconds, judged: counts.judged, windows, fitted }
  } finally {
    await engine.dropTable(table)
  }
}
