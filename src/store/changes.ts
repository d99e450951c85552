/**
 * Changes of the work state as they are told to whoever listens.
 *
 * @module
 */
import { sql } from 'kysely'
import type { LiveEvent } from '../server/api.ts'
import { findingColumns, findingListRow, incidentRow } from './rows.ts'
import type { Trx } from './work.ts'

/** What a change of findings and incidents tells whoever listens. */
export const eventsOf = async (
  trx: Trx,
  findings: readonly string[],
  incidents: readonly string[],
): Promise<LiveEvent[]> => {
  const found = await trx
    .selectFrom('findings')
    .select(findingColumns)
    .where(sql<boolean>`id = any(${findings})`)
    .orderBy('first_at')
    .orderBy('id')
    .execute()
  const changed = await trx
    .selectFrom('incidents')
    .selectAll()
    .where(sql<boolean>`id = any(${incidents})`)
    .orderBy('number')
    .execute()
  return [
    ...found.map((row): LiveEvent => ({ kind: 'finding', finding: findingListRow(row) })),
    ...changed.map((row): LiveEvent => ({ kind: 'incident', incident: incidentRow(row) })),
  ]
}
