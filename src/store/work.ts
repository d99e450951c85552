/**
 * Changes of incidents and findings happen one after the other, on however many servers: what opens an incident sees all that
 * are there.
 *
 * @module
 */
import { sql, type Transaction } from 'kysely'
import type { Database, Db, HistoryTable, Person } from './database.ts'
import { storable } from './rows.ts'

export type Trx = Transaction<Database>

/** Beside that of the migrations. */
const workLock = 946_670

/** Runs `change` in a transaction of its own, or in the one that is given, while no other changes incidents. */
export const inWork = async <T>(db: Db, change: (trx: Trx) => Promise<T>): Promise<T> => {
  const locked = async (trx: Trx): Promise<T> => {
    await sql`select pg_advisory_xact_lock(${sql.lit(workLock)})`.execute(trx)
    return change(trx)
  }
  // Kysely says so itself: a transaction is a Kysely with `isTransaction`.
  return db.isTransaction ? locked(db as Trx) : db.transaction().execute(locked)
}

export interface HistoryNote {
  readonly incident: string
  readonly kind: HistoryTable['kind']
  readonly text: string
  readonly who?: Person | null
}

export const addHistory = async (trx: Trx, notes: readonly HistoryNote[], nowMs: number): Promise<void> => {
  if (notes.length === 0) return
  await trx
    .insertInto('history')
    .values(
      notes.map(({ incident, kind, text, who = null }) => ({
        incident,
        at: new Date(nowMs),
        who_id: who?.id ?? null,
        who_name: who === null ? null : storable(who.name),
        kind,
        text: storable(text),
      })),
    )
    .execute()
}
