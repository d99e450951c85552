/**
 * A detector from its description to its episodes.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { historyOf } from '../features/compile.ts'
import type { Detector } from './detector.ts'
import { findEpisodes, type Episode } from './episodes.ts'
import { featureSetOf, judgeWindows, type Run, type Scope, type WindowResult } from './windows.ts'

export interface Detection {
  readonly detector: Detector
  /** Most surprising first. */
  readonly episodes: readonly Episode[]
  /** How many entity windows were judged, by window length in seconds. */
  readonly judged: ReadonlyMap<number, number>
}

/** The working tables of a detector start with this. */
export const workPrefix = (detector: Detector): string => `work_${detector.id.replaceAll(/\W/g, '_')}`

/** Fits every model with the same seed: the same input gives the same findings. */
const seed = 1

/** Runs a detector over the events in the scope. Its working tables are gone afterwards, whatever happens. */
export const runDetector = async (
  engine: Engine,
  detector: Detector,
  scope: Scope,
  options: QueryOptions = {},
): Promise<Detection> => {
  const run: Run = { engine, detector, scope, prefix: workPrefix(detector), seed, options }
  const histories = historyOf(featureSetOf(detector, 1), run.prefix, scope.all)
  try {
    for (const { table, fill } of histories) {
      await engine.dropTable(table)
      await engine.createTable(table)
      await engine.run(fill, options)
    }
    const results: WindowResult[] = []
    for (const window of detector.windows) results.push(await judgeWindows(run, window))
    return {
      detector,
      episodes: findEpisodes(results, scope.activeDays),
      judged: new Map(results.map((result) => [result.windowSeconds, result.judged])),
    }
  } finally {
    for (const { table } of histories) await engine.dropTable(table)
  }
}
