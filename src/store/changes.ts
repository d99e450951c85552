/**
 * Changes of the work state as they are told to whoever listens.
 *
 * @module
 */
import { sql } from 'kysely'
import type { LiveEvent } from '../api/api.ts'
import { findingColumns, findingListRow, incidentRow } from './rows.ts'
import type { Trx } from './work.ts'

/** Old logs that are read at once bring thousands; those that are shown are told first. */
const mostTold = 500

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
    .orderBy('line', 'desc')
    .orderBy('first_at')
    .orderBy('id')
    .limit(mostTold)
    .execute()
  const changed = await trx
    .selectFrom('incidents')
    .selectAll()
    .where(sql<boolean>`id = any(${incidents})`)
    .orderBy('number')
    .limit(mostTold)
    .execute()
  return [
    ...found.map((row): LiveEvent => ({ kind: 'finding', finding: findingListRow(row) })),
    ...changed.map((row): LiveEvent => ({ kind: 'incident', incident: incidentRow(row) })),
  ]
}
