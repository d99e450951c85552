/**
 * What is known of sources beyond their events: JSON by name, as whoever keeps it wrote it.
 *
 * @module
 */
import type { Db } from './database.ts'
import { storable } from './rows.ts'

export const saveSource = async (db: Db, name: string, state: unknown, nowMs = Date.now()): Promise<void> => {
  const change = { state: JSON.stringify(state), changed_at: new Date(nowMs) }
  await db
    .insertInto('sources')
    .values({ name: storable(name), ...change })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(change))
    .execute()
}

export const loadSources = async (db: Db): Promise<ReadonlyMap<string, unknown>> => {
  const rows = await db.selectFrom('sources').selectAll().orderBy('name').limit(10_000).execute()
  return new Map(rows.map(({ name, state }) => [name, JSON.parse(state) as unknown]))
}
