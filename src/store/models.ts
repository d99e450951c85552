/**
 * Fitted models, kept over restarts: JSON by detector and length of window.
 *
 * @module
 */
import type { Db } from './database.ts'

export interface StoredModel {
  readonly detector: string
  readonly windowSeconds: number
  readonly model: unknown
  readonly fittedMs: number
}

export const saveModel = async (
  db: Db,
  { detector, windowSeconds, model, fittedMs }: StoredModel,
): Promise<void> => {
  const change = { body: JSON.stringify(model), fitted_at: new Date(fittedMs) }
  await db
    .insertInto('models')
    .values({ detector, window_seconds: windowSeconds, ...change })
    .onConflict((conflict) => conflict.columns(['detector', 'window_seconds']).doUpdateSet(change))
    .execute()
}

/** All, or those of one detector. */
export const loadModels = async (db: Db, detector?: string): Promise<readonly StoredModel[]> => {
  let query = db.selectFrom('models').selectAll()
  if (detector !== undefined) query = query.where('detector', '=', detector)
  const rows = await query.orderBy('detector').orderBy('window_seconds').execute()
  return rows.map((row) => ({
    detector: row.detector,
    windowSeconds: row.window_seconds,
    model: JSON.parse(row.body) as unknown,
    fittedMs: row.fitted_at.getTime(),
  }))
}

export const deleteModels = async (db: Db, detector: string): Promise<void> => {
  await db.deleteFrom('models').where('detector', '=', detector).execute()
}
