/**
 * A detector from its description to its episodes.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { numberCompares } from '../features/filter.ts'
import { talliesOf } from '../features/tallies.ts'
import { eventsWhere, type Study } from '../features/feature-set.ts'
import type { Table } from '../schema/tables.ts'
import { historiesOf } from '../features/history.ts'
import { momentTables } from '../features/moments.ts'
import { pathTables } from '../features/paths.ts'
import { judgedRisksOf } from '../features/risk.ts'
import { judgedNamesOf } from '../features/surprisal.ts'
import { seldomTables } from '../features/seldom.ts'
import { proofTables } from '../features/unproven.ts'
import { id, sql } from '../sql/sql.ts'
import { secondsOf, type Detector } from './detector.ts'
import { suspectSpans } from '../features/taught.ts'
import { findEpisodes, type Episode } from './episodes.ts'
import { fillTables } from './fill.ts'
import { judgeNames } from './names.ts'
import { tellPaths } from './path-detail.ts'
import { judgeRisks, tellEpisodes } from './risks.ts'
import { judgePayloads, payloadTables } from './payloads.ts'
import { noNeighbours, type Neighbours } from './source-detector.ts'
import { runSourceDetector } from './source-run.ts'
import { fillSuspects } from './suspects.ts'
import { featureSetOf, judgeWindows, type Run, type Scope, type WindowResult } from './windows.ts'

export interface Detection {
  readonly detector: Detector
  /** Most surprising first. */
  readonly episodes: readonly Episode[]
  /** How many entity windows were judged, by window length in seconds. */
  readonly judged: ReadonlyMap<number, number>
}

/** What a run worked with, and what it learned: enough to judge what comes next without looking at everything again. */
export interface Kept {
  readonly detector: Detector
  readonly study: Study
  readonly tallies: Table
  readonly tallySeconds: number
  /** All working tables: to be dropped when they are not needed any more. */
  readonly tables: readonly Table[]
  readonly results: readonly WindowResult[]
  readonly activeDays: number
}

/** Detectors at work at once: while one waits for the engine to plan or fits a model, another's query uses the cores. */
export const detectorsAtOnce = 3

/** A detector's name as a part of those of tables. */
export const tableName = (detector: Detector): string => detector.id.replaceAll(/\W/g, '_')

/** The working tables of a detector start with this. */
export const workPrefix = (detector: Detector): string => `work_${tableName(detector)}`

/** Fits every model with the same seed: the same input gives the same findings. */
const seed = 1

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** The longest window that all of a detector's windows are made of. */
export const shortestSeconds = (detector: Detector): number =>
  detector.windows.map((window) => secondsOf(window.length)).reduce(divisor)

/** Where all windows are as short as can be, those with few events need not be tallied. */
const leastEvents = (detector: Detector): number =>
  detector.windows.every((window) => secondsOf(window.length) === shortestSeconds(detector))
    ? Math.min(...detector.windows.map((window) => window.minEvents))
    : 1

/** Whether all of the scope lies in one window of a length. */
const coversAll = ({ all }: Scope, seconds: number): boolean =>
  Math.floor(all.fromMs / 1000 / seconds) === Math.floor((all.toMs - 1) / 1000 / seconds)

/** The windows of a detector without those that would only hold again what one window of a shorter length holds. */
const windowsWorthwhile = (detector: Detector, scope: Scope): Detector['windows'] =>
  detector.windows.filter((window) => {
    const seconds = secondsOf(window.length)
    return !detector.windows.some(
      (other) =>
        secondsOf(other.length) < seconds &&
        other.minEvents <= window.minEvents &&
        coversAll(scope, secondsOf(other.length)),
    )
  })

/** Whether the detector asks for a past that the scope is too short to hold. */
const lacksPast = (detector: Detector, scope: Scope): boolean =>
  detector.windows.every((window) => coversAll(scope, secondsOf(window.length))) &&
  Object.entries(detector.requires).some(
    ([name, comparison]) => detector.features[name]?.kind === 'prior' && !numberCompares(0, comparison),
  )

/** Whether there is any event to judge: a detector without asks the engine one question instead of a dozen. */
export const hasEvents = async (engine: Engine, study: Study, options: QueryOptions): Promise<boolean> => {
  // In the table's order, which every node answers before the first row is known. A query that ends with whichever row comes
  // first leaves answers under way on the connections that ClickHouse 26.7 gives to the next.
  const [one] = await engine.rows(
    sql`SELECT 1 AS one FROM events WHERE ${eventsWhere(study)} ORDER BY category, timestamp LIMIT 1`,
    options,
  )
  return one !== undefined
}

export const dropTables = async (engine: Engine, tables: readonly Table[]): Promise<void> => {
  for (const table of tables) await engine.dropTable(table)
}

interface Ran {
  readonly detection: Detection
  /** Null where there was nothing to judge. */
  readonly kept: Kept | null
}

/** Runs a detector that counts events. The working tables are there afterwards if they are to be kept and nothing fails. */
const run = async (
  engine: Engine,
  detector: Detector,
  scope: Scope,
  options: QueryOptions,
  prefix: string,
  keep: boolean,
): Promise<Ran> => {
  const set = featureSetOf(detector)
  const anything = await hasEvents(engine, { set, range: scope.judged, prefix }, options)
  if (!anything || lacksPast(detector, scope))
    return { detection: { detector, episodes: [], judged: new Map() }, kept: null }
  const spans = suspectSpans(set, prefix)
  const suspects = (await fillSuspects(engine, detector, spans, scope, options)) ? spans : null
  const apart = { periods: scope.excluded ?? [], suspects }
  const { loadedByMs } = scope
  const study: Study = {
    set,
    range: scope.all,
    prefix,
    apart,
    judgedFromMs: scope.judged.fromMs,
    ...(loadedByMs === undefined ? {} : { loadedByMs }),
  }
  const tallySeconds = shortestSeconds(detector)
  const tallies = talliesOf(study, tallySeconds, keep ? 1 : leastEvents(detector))
  const judged = judgedNamesOf(study)
  const risks = judgedRisksOf(study, tallySeconds)
  const before = [
    ...historiesOf(study),
    ...momentTables(study),
    ...pathTables(study),
    ...proofTables(study),
    ...seldomTables(study),
    ...judged.map(({ names }) => names),
    ...(risks === null ? [] : [risks.cells]),
  ]
  const working = [
    ...before,
    ...judged.map(({ bits }) => ({ table: bits })),
    ...(risks === null ? [] : [{ table: risks.risks }]),
    ...payloadTables(study).map((table) => ({ table })),
    tallies,
    { table: spans },
  ]
  const setting: Run = {
    engine,
    detector,
    scope,
    study,
    seed,
    options,
    tallies: id(tallies.table.name),
    tallySeconds,
  }
  const tables = working.map(({ table }) => table)
  let mayKeep = false
  try {
    await fillTables(engine, before, options)
    await judgeNames(engine, judged, options)
    const stories = risks === null ? null : await judgeRisks(engine, risks, options)
    await judgePayloads(engine, study, options)
    await fillTables(engine, [tallies], options)
    // Side by side: while one fits its model, the engine measures the next.
    const ends = await Promise.allSettled(
      windowsWorthwhile(detector, scope).map((window) => judgeWindows(setting, window)),
    )
    // All end before a failure is passed on: none may still ask for a table that is being dropped.
    const results = ends.map((end): WindowResult => {
      if (end.status === 'rejected') throw end.reason
      return end.value
    })
    const told = tellEpisodes(findEpisodes(results, scope.activeDays), stories, detector, tallySeconds)
    const episodes = await tellPaths(engine, study, told, options)
    mayKeep = keep
    return {
      detection: {
        detector,
        episodes,
        judged: new Map(results.map((result) => [result.windowSeconds, result.judged])),
      },
      kept: {
        detector,
        study,
        tallies: tallies.table,
        tallySeconds,
        tables,
        results,
        activeDays: scope.activeDays,
      },
    }
  } finally {
    if (!mayKeep) await dropTables(engine, tables)
  }
}

/** Runs a detector over the events in the scope. Its working tables are gone afterwards, whatever happens. */
export const runDetector = async (
  engine: Engine,
  detector: Detector,
  scope: Scope,
  options: QueryOptions = {},
  neighbours: Neighbours = noNeighbours,
): Promise<Detection> => {
  if (detector.measure !== null) return runSourceDetector(engine, detector, scope, neighbours, options)
  return (await run(engine, detector, scope, options, workPrefix(detector), false)).detection
}

/**
 * The same, and the working tables stay for what comes next.
 *
 * @param prefix what they are named with: not that of tables which are in use
 */
export const runAndKeep = (
  engine: Engine,
  detector: Detector,
  scope: Scope,
  options: QueryOptions,
  prefix: string,
): Promise<Ran> => run(engine, detector, scope, options, prefix, true)
