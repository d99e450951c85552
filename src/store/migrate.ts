/**
 * Brings a database to the tables this version knows.
 *
 * @module
 */
import { sql, type Kysely } from 'kysely'
import { AppError } from '../errors.ts'
import type { Migration } from './migrations.ts'

/** Any number that no other program takes a lock by: "winnow" as it sounds. */
const migrationLock = 946_669

/**
 * Runs what has not run yet, all in one transaction, one server at a time.
 *
 * @returns the names of what was run
 * @throws AppError `store-newer` where a newer version made the tables
 */
export const migrate = <Database>(
  db: Kysely<Database>,
  migrations: readonly Migration[],
): Promise<readonly string[]> =>
  db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(trx)
    await sql`create table if not exists winnow_migrations (name text primary key, at timestamptz not null)`.execute(
      trx,
    )
    const { rows } = await sql<{ name: string }>`select name from winnow_migrations order by name`.execute(
      trx,
    )
    const known = new Set(migrations.map(({ name }) => name))
    const newer = rows.find(({ name }) => !known.has(name))
    if (newer !== undefined) throw new AppError('store-newer', { migration: newer.name })
    const done = new Set(rows.map(({ name }) => name))
    const open = migrations.filter(({ name }) => !done.has(name))
    for (const { name, statements } of open) {
      for (const statement of statements) await sql.raw(statement).execute(trx)
      await sql`insert into winnow_migrations (name, at) values (${name}, clock_timestamp())`.execute(trx)
    }
    return open.map(({ name }) => name)
  })
