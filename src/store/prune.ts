/**
 * What is old goes: findings below the line first of all, so that months of them stay small.
 *
 * @module
 */
import { sql } from 'kysely'
import type { Db } from './database.ts'
import { inWork } from './work.ts'

export interface Pruned {
  /** Below the line. */
  readonly findings: number
  readonly messages: number
  readonly machines: number
}

/** Of what Winnow itself tells of an incident, so much is kept. */
const mostUpdates = 200

/** Deletes what ended more than `days` ago and belongs to no incident. Incidents and what they are made of stay. */
export const prune = (
  db: Db,
  { days, nowMs = Date.now() }: { days: number; nowMs?: number },
): Promise<Pruned> =>
  inWork(db, async (trx) => {
    const before = new Date(nowMs - days * 86_400_000)
    const findings = await trx
      .deleteFrom('findings')
      .where('last_at', '<', before)
      .where('incident', 'is', null)
      .where('fused_into', 'is', null)
      .where((eb) => eb.or([eb('line', '=', 'below'), eb('hidden_by', 'is not', null)]))
      .executeTakeFirst()
    const messages = await trx
      .deleteFrom('outbox')
      .where('created_at', '<', before)
      .where('sent_at', 'is not', null)
      .executeTakeFirst()
    const machines = await trx.deleteFrom('machines').where('seen_at', '<', before).executeTakeFirst()
    await sql`delete from history where id in (
      select id from (
        select id, row_number() over (partition by incident order by id desc) as place
        from history where kind = 'updated'
      ) as updates where place > ${mostUpdates}
    )`.execute(trx)
    await sql`delete from leases where until_at < clock_timestamp() - interval '1 day'`.execute(trx)
    return {
      findings: Number(findings.numDeletedRows),
      messages: Number(messages.numDeletedRows),
      machines: Number(machines.numDeletedRows),
    }
  })
