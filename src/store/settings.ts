/**
 * Settings that people change while the server runs: what is not set is as the configuration says.
 *
 * @module
 */
import type { Settings } from '../api/api.ts'
import type { Db } from './database.ts'

/** @param defaults what the configuration says */
export const readSettings = async (db: Db, defaults: Settings): Promise<Settings> => {
  const rows = await db.selectFrom('settings').select(['name', 'value']).execute()
  const known = new Set(Object.keys(defaults))
  return {
    ...defaults,
    // Written by {@link changeSettings}, as these types.
    ...(Object.fromEntries(
      rows.flatMap(({ name, value }) => (known.has(name) ? [[name, JSON.parse(value) as unknown]] : [])),
    ) as Partial<Settings>),
  }
}

/** Sets what is given and leaves the rest. */
export const changeSettings = async (
  db: Db,
  change: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
  nowMs = Date.now(),
): Promise<void> => {
  const rows = Object.entries(change).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: JSON.stringify(value), changed_at: new Date(nowMs) }],
  )
  if (rows.length === 0) return
  await db
    .insertInto('settings')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({
        value: eb.ref('excluded.value'),
        changed_at: eb.ref('excluded.changed_at'),
      })),
    )
    .execute()
}
