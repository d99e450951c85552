/**
 * What another line would do to what a detector found.
 *
 * @module
 */
import { sql } from 'kysely'
import type { StrictnessPreview } from '../api/api.ts'
import type { Db } from './database.ts'
import { incidentRow } from './rows.ts'

const previewMs = 30 * 86_400_000
const mostShown = 50

/**
 * Over the last 30 days: how many findings of a detector would be shown and how many would not, and which incidents that were
 * closed as threats would have had nothing to show.
 *
 * @param line on the scale of rarity
 */
export const previewLine = async (
  db: Db,
  detector: string,
  line: number,
  nowMs = Date.now(),
): Promise<StrictnessPreview> => {
  const since = new Date(nowMs - previewMs)
  const { rows } = await sql<{ shown: number; below: number }>`
    select (count(*) filter (where rarity >= ${line}))::integer as shown,
      (count(*) filter (where rarity < ${line}))::integer as below
    from findings where detector = ${detector} and fused_into is null and last_at >= ${since}`.execute(db)
  const lost = await db
    .selectFrom('incidents')
    .selectAll()
    .where('reason', '=', 'threat')
    .where('merged_into', 'is', null)
    .where('last_at', '>=', since)
    .where(
      sql<boolean>`exists (select from findings f where f.incident = incidents.id and f.fused_into is null
          and f.line = 'shown' and f.detector = ${detector} and f.rarity < ${line})
        and not exists (select from findings f where f.incident = incidents.id and f.fused_into is null
          and f.line = 'shown' and not (f.detector = ${detector} and f.rarity < ${line}))`,
    )
    .orderBy('risk', 'desc')
    .orderBy('number', 'desc')
    .limit(mostShown)
    .execute()
  return {
    shown: rows[0]?.shown ?? 0,
    below: rows[0]?.below ?? 0,
    lostThreats: lost.map(incidentRow),
  }
}
