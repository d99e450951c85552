/**
 * The work state: findings, incidents, verdicts, users, settings. In a folder by default (PGlite), or in a PostgreSQL.
 *
 * @module
 */
import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { AppError, messageOf } from '../errors.ts'
import type { Database, Db } from './database.ts'
import { migrate } from './migrate.ts'
import { migrations, type Migration } from './migrations.ts'
import { pgliteDialect } from './pglite.ts'
import { startPglite } from './pglite-thread.ts'

export interface Store {
  readonly db: Db
  readonly dialect: 'pglite' | 'postgresql'
  /** Resolves when it has ended by itself, with `store-unusable`: only another start helps. A PostgreSQL that is away may come back. */
  readonly lost: Promise<AppError>
  close(): Promise<void>
}

export interface StoreOptions {
  /** `postgresql://user:password@host/database`. */
  readonly url?: string
  /** Where PGlite keeps it; without a URL and without a folder it lives in memory, and ends with the process. */
  readonly folder?: string
  /** Stops at an earlier state of the tables, for a backup that was made of it. Default: all migrations. */
  readonly steps?: readonly Migration[]
}

/** Connections to PostgreSQL: one for the scheduler, the others for people. */
const mostConnections = 10

const openPostgres = (url: string): Kysely<Database> => {
  const pool = new Pool({
    connectionString: url,
    max: mostConnections,
    connectionTimeoutMillis: 10_000,
    application_name: 'winnow',
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

/** The URL without its password. */
const placeOf = (url: string): string => {
  try {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  } catch {
    return 'an unreadable URL'
  }
}

/**
 * Opens the work state and brings its tables up to date.
 *
 * @throws AppError `store-unreachable`, `store-unusable`, `store-newer`
 */
export const openStore = async ({ url, folder, steps = migrations }: StoreOptions): Promise<Store> => {
  const failure = (error: unknown): AppError => {
    if (error instanceof AppError) return error
    const problem = messageOf(error)
    return url === undefined
      ? new AppError('store-unusable', { path: folder ?? 'memory', problem }, error)
      : new AppError('store-unreachable', { place: placeOf(url), problem }, error)
  }
  try {
    const queries = url === undefined ? await startPglite(folder) : null
    const db =
      queries === null ? openPostgres(url ?? '') : new Kysely<Database>({ dialect: pgliteDialect(queries) })
    try {
      await migrate(db, steps)
    } catch (error) {
      await db.destroy()
      throw error
    }
    return {
      db,
      dialect: url === undefined ? 'pglite' : 'postgresql',
      lost: queries === null ? new Promise(() => undefined) : queries.lost.then(failure),
      close: () => db.destroy(),
    }
  } catch (error) {
    throw failure(error)
  }
}
