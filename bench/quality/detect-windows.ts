/**
 * A detector over a log, down to its windows: what a report does not tell.
 *
 * @module
 */
import { detectors } from '../../detectors/index.ts'
import { runDetector, type Detection } from '../../src/detect/run.ts'
import type { Scope } from '../../src/detect/windows.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { TimeRange } from '../../src/features/feature-set.ts'
import { withLogs } from '../../src/logs.ts'
import { sql } from '../../src/sql/sql.ts'

export interface DetectedLog {
  readonly days: number
  readonly detections: readonly Detection[]
}

const activeDays = async (engine: Engine, { toMs }: TimeRange): Promise<number> => {
  const [row] = await engine.rows<{ days: number }>(
    sql`SELECT uniqExact(toDate(timestamp, 'UTC')) AS days FROM events WHERE category = 'web' AND timestamp < fromUnixTimestamp64Milli(${toMs}, 'UTC')`,
  )
  return Math.max(1, row?.days ?? 1)
}

/** Runs the named detectors over the events up to a moment, as a hunt at that moment would. */
export const detectUntil = async (
  engine: Engine,
  range: TimeRange,
  ids: readonly string[],
): Promise<DetectedLog> => {
  const days = await activeDays(engine, range)
  const scope: Scope = { all: range, judged: range, activeDays: days }
  const detections: Detection[] = []
  for (const detector of detectors.filter(({ id }) => ids.includes(id)))
    detections.push(await runDetector(engine, detector, scope))
  return { days, detections }
}

/** A log that is read once, and the time it spans. */
export const withLog = <T>(
  file: string,
  work: (engine: Engine, range: TimeRange) => Promise<T>,
): Promise<T> =>
  withLogs({ paths: [file] }, (engine, loaded) =>
    work(engine, {
      fromMs: Date.parse(loaded.first ?? '1970-01-01T00:00Z'),
      toMs: Date.parse(loaded.last ?? '1970-01-01T00:00Z') + 1,
    }),
  )

/** Runs the named detectors over everything in a file, as a hunt would. */
export const detectIn = (file: string, ids: readonly string[]): Promise<DetectedLog> =>
  withLog(file, (engine, range) => detectUntil(engine, range, ids))
