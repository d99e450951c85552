/**
 * Leases: of several servers on one database, one holds each at a time. Their time is the database's.
 *
 * @module
 */
import { sql } from 'kysely'
import type { Db } from './database.ts'

/**
 * Takes a lease that is free or has run out, or renews one's own.
 *
 * @param holder who asks: different for each process
 * @returns whether it is the holder's for the next `ms`
 */
export const takeLease = async (db: Db, name: string, holder: string, ms: number): Promise<boolean> => {
  const { rows } = await sql<{ holder: string }>`
    insert into leases (name, holder, until_at)
    values (${name}, ${holder}, clock_timestamp() + make_interval(secs => ${ms / 1000}::double precision))
    on conflict (name) do update set holder = excluded.holder, until_at = excluded.until_at
    where leases.holder = excluded.holder or leases.until_at < clock_timestamp()
    returning holder`.execute(db)
  return rows.length > 0
}

/** Gives it back, if it is the holder's. */
export const giveBackLease = async (db: Db, name: string, holder: string): Promise<void> => {
  await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute()
}
