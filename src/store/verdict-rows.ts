/**
 * Verdicts as they are stored.
 *
 * @module
 */
import { sql, type Selectable } from 'kysely'
import type { Verdict } from '../api/api.ts'
import type { GivenVerdict, VerdictScope } from '../triage/verdicts.ts'
import type { Db, VerdictsTable } from './database.ts'
import { iso, personOf } from './rows.ts'

export const scopeOf = (
  row: Pick<VerdictsTable, 'entity_kind' | 'entity_value' | 'detector' | 'pattern'>,
): VerdictScope => ({
  ...(row.entity_value === null ? {} : { entity: { kind: row.entity_kind ?? '', value: row.entity_value } }),
  ...(row.detector === null ? {} : { detector: row.detector }),
  ...(row.pattern === null ? {} : { pattern: row.pattern }),
})

export const givenVerdict = (row: Selectable<VerdictsTable>): GivenVerdict => ({
  id: row.id,
  verdict: row.verdict,
  scope: scopeOf(row),
  createdMs: row.created_at.getTime(),
  expiresMs: row.expires_at?.getTime() ?? null,
})

/** Those that nobody took back. Expired ones go on covering what happened before they expired. */
export const liveVerdicts = async (db: Db): Promise<GivenVerdict[]> => {
  const rows = await db
    .selectFrom('verdicts')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(givenVerdict)
}

/** Newest first, as the API shows them. */
export const loadVerdicts = async (
  db: Db,
  where: { readonly id?: string; readonly incident?: string },
  limit = 500,
): Promise<Verdict[]> => {
  let query = db
    .selectFrom('verdicts')
    .selectAll()
    .select(
      sql<number>`(select count(*)::integer from findings where hidden_by = verdicts.id and fused_into is null)`.as(
        'hides',
      ),
    )
  if (where.id !== undefined) query = query.where('id', '=', where.id)
  if (where.incident !== undefined) {
    const { incident } = where
    query = query.where(
      sql<boolean>`incident = ${incident} or id in (select hidden_by from findings where incident = ${incident})`,
    )
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute()
  return rows.map((row) => ({
    id: row.id,
    verdict: row.verdict,
    scope: scopeOf(row),
    note: row.note,
    incident: row.incident,
    by: personOf(row.by_id, row.by_name),
    created: iso(row.created_at),
    expires: row.expires_at === null ? null : iso(row.expires_at),
    revoked: row.revoked_at === null ? null : iso(row.revoked_at),
    hides: row.hides,
  }))
}
