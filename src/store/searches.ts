/**
 * Searches that people keep, for themselves or for all.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { SavedSearch } from '../api/search.ts'
import type { Db, Person, SavedSearchesTable } from './database.ts'
import { iso, personOf, storable } from './rows.ts'

const savedSearch = (row: Selectable<SavedSearchesTable>): SavedSearch => ({
  id: row.id,
  name: row.name,
  query: row.query,
  range: row.range,
  shared: row.shared,
  by: personOf(row.by_id, row.by_name),
  created: iso(row.created_at),
})

const mostListed = 500

/** Those of `me` and those that are shared, by name. */
export const listSearches = async (db: Db, me: string): Promise<readonly SavedSearch[]> => {
  const rows = await db
    .selectFrom('saved_searches')
    .selectAll()
    .where((eb) => eb.or([eb('by_id', '=', me), eb('shared', '=', true)]))
    .orderBy('name')
    .orderBy('id')
    .limit(mostListed)
    .execute()
  return rows.map(savedSearch)
}

export const saveSearch = async (
  db: Db,
  search: Pick<SavedSearch, 'name' | 'query' | 'range' | 'shared'>,
  by: Person | null,
  nowMs = Date.now(),
): Promise<SavedSearch> => {
  const row = {
    id: randomUUID(),
    name: storable(search.name),
    query: storable(search.query),
    range: storable(search.range),
    shared: search.shared,
    by_id: by?.id ?? null,
    by_name: by?.name ?? null,
    created_at: new Date(nowMs),
  }
  await db.insertInto('saved_searches').values(row).execute()
  return savedSearch(row)
}

/** @param owner only where it is this user's; null: whoever's it is. @returns whether there was one */
export const deleteSearch = async (db: Db, id: string, owner: string | null): Promise<boolean> => {
  let query = db.deleteFrom('saved_searches').where('id', '=', id)
  if (owner !== null) query = query.where('by_id', '=', owner)
  const { numDeletedRows } = await query.executeTakeFirst()
  return numDeletedRows > 0n
}
