/**
 * Which stored findings a verdict covers.
 *
 * @module
 */
import { sql } from 'kysely'
import { scopeFits, type VerdictScope } from '../triage/verdicts.ts'
import type { Db } from './database.ts'
import { entityKey, findingOf } from './rows.ts'

/** Texts of findings that are read at once. */
const pageSize = 200

export interface CoveredOptions {
  /** Only findings that were still going on then. */
  readonly sinceMs?: number
  /** The verdict covers what ended before; null: everything. */
  readonly expiresMs: number | null
}

/** Ids of the findings that are shown and that the scope fits. */
export const findCovered = async (
  db: Db,
  scope: VerdictScope,
  { sinceMs, expiresMs }: CoveredOptions,
): Promise<string[]> => {
  const { entity, detector, pattern } = scope
  let query = db
    .selectFrom('findings')
    .where('line', '=', 'shown')
    .where('hidden_by', 'is', null)
    .where('fused_into', 'is', null)
  if (entity !== undefined) query = query.where('entity_key', '=', entityKey(entity.kind, entity.value))
  if (detector !== undefined) query = query.where('detector', '=', detector)
  if (sinceMs !== undefined) query = query.where('last_at', '>=', new Date(sinceMs))
  if (expiresMs !== null) query = query.where('last_at', '<', new Date(expiresMs))
  if (pattern === undefined) {
    const rows = await query.select('id').orderBy('id').execute()
    return rows.map(({ id }) => id)
  }
  // As the pattern is written in the text of a finding; whether it is in the right place is asked of the finding itself.
  query = query.where(sql<boolean>`strpos(body, ${JSON.stringify(pattern).slice(1, -1)}) > 0`)
  const found: string[] = []
  for (let after = ''; ;) {
    const rows = await query
      .select(['id', 'body', 'first_at', 'last_at', 'events'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute()
    for (const row of rows) if (scopeFits(scope, findingOf(row.body, row))) found.push(row.id)
    const last = rows.at(-1)
    if (rows.length < pageSize || last === undefined) return found
    after = last.id
  }
}
