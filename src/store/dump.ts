/**
 * The work state as lines of JSON, a file a table: the same from PGlite and PostgreSQL, and into either.
 *
 * @module
 */
import { sql, type Kysely } from 'kysely'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import type { Database, Db } from './database.ts'
import type { Trx } from './work.ts'

/** What ends with a server: who is signed in, links, counted failures, who detects. */
const passing = new Set(['sessions', 'one_time_tokens', 'attempts', 'leases', 'winnow_migrations'])

/** Rows are read and written so many at a time: a finding may have 100 kB. */
const batch = 100

export interface Dump {
  /** The steps that made the tables. */
  readonly migrations: readonly string[]
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>
}

const tableNames = async (db: Kysely<Database>): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema() order by tablename`.execute(
    db,
  )
  return rows.map(({ name }) => name).filter((name) => !passing.has(name))
}

const dumpTable = async (
  trx: Trx,
  table: string,
  write: (lines: readonly string[]) => Promise<void>,
): Promise<number> => {
  await sql`declare dumped no scroll cursor for select row_to_json(t)::text as line from ${sql.table(table)} t`.execute(
    trx,
  )
  let count = 0
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.lit(batch)} from dumped`.execute(trx)
    if (rows.length === 0) break
    await write(rows.map(({ line }) => line))
    count += rows.length
  }
  await sql`close dumped`.execute(trx)
  return count
}

/** Gives all tables as they are at one moment. */
export const dumpStore = (
  db: Db,
  write: (table: string, lines: readonly string[]) => Promise<void>,
): Promise<Dump> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const { rows } = await sql<{ name: string }>`select name from winnow_migrations order by name`.execute(
        trx,
      )
      const tables: Record<string, number> = {}
      for (const table of await tableNames(trx)) {
        await write(table, [])
        tables[table] = await dumpTable(trx, table, (lines) => write(table, lines))
      }
      return { migrations: rows.map(({ name }) => name), tables }
    })

interface Constraint {
  readonly table: string
  readonly name: string
  readonly definition: string
}

/** Rows come in any order: what they refer to may come later. */
const withoutReferences = async (trx: Trx, fill: () => Promise<void>): Promise<void> => {
  const { rows } = await sql<Constraint>`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`.execute(trx)
  for (const { table, name } of rows)
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(trx)
  await fill()
  for (const { table, name, definition } of rows)
    // As the database itself has just said it.
    await sql`alter table ${sql.table(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)}`.execute(
      trx,
    )
}

/** Numbers that count up go on after the last one. */
const setCounters = async (trx: Trx, table: string): Promise<void> => {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = current_schema() and table_name = ${table} and is_identity = 'YES'`.execute(trx)
  for (const { name } of rows)
    await sql`select setval(pg_get_serial_sequence(${table}, ${name}), (select coalesce(max(${sql.ref(name)}), 0) + 1 from ${sql.table(table)}), false)`.execute(
      trx,
    )
}

const fillTable = async (trx: Trx, table: string, lines: AsyncIterable<string>): Promise<number> => {
  let count = 0
  let waiting: string[] = []
  const insert = async (): Promise<void> => {
    if (waiting.length === 0) return
    const rows = `[${waiting.join(',')}]`
    await sql`insert into ${sql.table(table)} overriding system value select * from json_populate_recordset(null::${sql.table(table)}, ${rows}::json)`.execute(
      trx,
    )
    count += waiting.length
    waiting = []
  }
  for await (const line of lines) {
    if (waiting.push(line) >= batch) await insert()
  }
  await insert()
  await setCounters(trx, table)
  return count
}

/** Whether anything was ever kept in it. */
export const isEmptyStore = async (db: Db): Promise<boolean> => {
  for (const table of ['users', 'incidents', 'findings', 'verdicts', 'audit'] as const) {
    const { rows } = await sql<{
      found: boolean
    }>`select exists (select 1 from ${sql.table(table)}) as found`.execute(db)
    if (rows[0]?.found === true) return false
  }
  return true
}

/**
 * Fills a work state that is empty and stands where the dump's stood (see `StoreOptions.steps`), and brings it up to date.
 *
 * @param read the lines of a table
 */
export const fillStore = async (
  db: Db,
  { tables }: Dump,
  read: (table: string) => AsyncIterable<string>,
): Promise<void> => {
  await db.transaction().execute((trx) =>
    withoutReferences(trx, async () => {
      const known = new Set(await tableNames(trx))
      for (const [table, expected] of Object.entries(tables)) {
        if (!known.has(table)) throw new Error(`there is no table ${table}`)
        const count = await fillTable(trx, table, read(table))
        if (count !== expected) throw new Error(`${table} has ${count} rows in place of ${expected}`)
      }
    }),
  )
  await migrate(db, migrations)
}
