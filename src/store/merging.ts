/**
 * Two incidents become one.
 *
 * @module
 */
import type { Person } from './database.ts'
import { inheritApart } from './kept-apart.ts'
import { addHistory, type Trx } from './work.ts'

/** Moves all findings of `from` into `into`, which keeps its state. It is to be refreshed: what is worse than it was opens it. */
export const mergeInto = async (
  trx: Trx,
  from: string,
  into: string,
  who: Person | null,
  nowMs: number,
): Promise<void> => {
  const rows = await trx
    .selectFrom('incidents')
    .select(['id', 'number', 'title', 'owner_id', 'owner_name', 'risk', 'severity'])
    .where('id', 'in', [from, into])
    .execute()
  const [gone, kept] = [rows.find(({ id }) => id === from), rows.find(({ id }) => id === into)]
  if (gone === undefined || kept === undefined) return
  await inheritApart(trx, from, into)
  const at = new Date(nowMs)
  await trx.updateTable('findings').set({ incident: into }).where('incident', '=', from).execute()
  // What went into the younger one earlier goes on with it.
  await trx.updateTable('incidents').set({ merged_into: into }).where('merged_into', '=', from).execute()
  await trx
    .updateTable('incidents')
    .set({
      state: 'closed',
      reason: 'duplicate',
      closed_at: at,
      closed_by: null,
      closed_risk: gone.risk,
      closed_severity: gone.severity,
      merged_into: into,
      updated_at: at,
    })
    .where('id', '=', from)
    .execute()
  if (kept.owner_id === null && gone.owner_id !== null)
    await trx
      .updateTable('incidents')
      .set({ owner_id: gone.owner_id, owner_name: gone.owner_name })
      .where('id', '=', into)
      .execute()
  await addHistory(
    trx,
    [
      { incident: from, kind: 'merged', text: `went into #${kept.number}: ${kept.title}`, who },
      { incident: into, kind: 'merged', text: `took in #${gone.number}: ${gone.title}`, who },
    ],
    nowMs,
  )
}
