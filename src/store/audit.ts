/**
 * Who did what: every change and every sign-in. Nothing is ever taken out of it.
 *
 * @module
 */
import type { AuditEntry } from '../api/api.ts'
import type { Db } from './database.ts'

export interface NewAuditEntry {
  readonly who: string
  /** Noun and verb: `user created`. */
  readonly action: string
  readonly target: string
  readonly detail: string
  readonly address: string | null
}

/** Entries are short: what is longer is cut. */
const longest = 1000

export const writeAudit = async (db: Db, entry: NewAuditEntry, nowMs: number): Promise<void> => {
  await db
    .insertInto('audit')
    .values({
      ...entry,
      target: entry.target.slice(0, longest),
      detail: entry.detail.slice(0, longest),
      time: new Date(nowMs),
    })
    .execute()
}

/**
 * The newest first.
 *
 * @param before the id of the last entry that was seen
 */
export const listAudit = async (
  db: Db,
  { before, limit }: { readonly before: string | null; readonly limit: number },
): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: string | null }> => {
  let query = db
    .selectFrom('audit')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (before !== null) query = query.where('id', '<', before)
  const rows = await query.execute()
  const entries = rows
    .slice(0, limit)
    .map(({ id, time, ...entry }) => ({ ...entry, id: String(id), time: time.toISOString() }))
  return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null }
}
