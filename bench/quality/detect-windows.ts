/**
 * A detector over a log, down to its windows: what a report does not tell.
 *
 * @module
 */
import { detectors } from '../../detectors/index.ts'
import { runDetector, type Detection } from '../../src/detect/run.ts'
import type { Scope } from '../../src/detect/windows.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { withLogs } from '../../src/logs.ts'
import { sql } from '../../src/sql/sql.ts'

export interface DetectedLog {
  readonly days: number
  readonly detections: readonly Detection[]
}

const activeDays = async (engine: Engine): Promise<number> => {
  const [row] = await engine.rows<{ days: number }>(
    sql`SELECT uniqExact(toDate(timestamp, 'UTC')) AS days FROM events WHERE category = 'web'`,
  )
  return Math.max(1, row?.days ?? 1)
}

/** Runs the named detectors over everything in a file, as a hunt would. */
export const detectIn = (file: string, ids: readonly string[]): Promise<DetectedLog> =>
  withLogs({ paths: [file] }, async (engine, loaded) => {
    const range = {
      fromMs: Date.parse(loaded.first ?? '1970-01-01T00:00Z'),
      toMs: Date.parse(loaded.last ?? '1970-01-01T00:00Z') + 1,
    }
    const days = await activeDays(engine)
    const scope: Scope = { all: range, judged: range, activeDays: days }
    const detections: Detection[] = []
    for (const detector of detectors.filter(({ id }) => ids.includes(id)))
      detections.push(await runDetector(engine, detector, scope))
    return { days, detections }
  })
