/**
 * How far each detector has looked, over restarts.
 *
 * @module
 */
import type { Db } from './database.ts'
import { loadModels, saveModel } from './models.ts'

/** No length of window has it. */
const noWindow = 0

const nameOf = (detector: string, engine: string): string =>
  engine === '' ? detector : `${detector} ${engine}`

/**
 * Until when what was loaded has been seen by each detector, ms since 1970.
 *
 * @param engine whose events; empty where there is only one engine
 */
export const readMarks = async (db: Db, engine: string): Promise<ReadonlyMap<string, number>> => {
  const end = engine === '' ? '' : ` ${engine}`
  return new Map(
    (await loadModels(db)).flatMap(({ detector, windowSeconds, model }) =>
      windowSeconds === noWindow && typeof model === 'number' && detector.endsWith(end)
        ? [[detector.slice(0, detector.length - end.length), model] as const]
        : [],
    ),
  )
}

export const writeMark = (db: Db, engine: string, detector: string, loadedByMs: number): Promise<void> =>
  saveModel(db, {
    detector: nameOf(detector, engine),
    windowSeconds: noWindow,
    model: loadedByMs,
    fittedMs: Date.now(),
  })
