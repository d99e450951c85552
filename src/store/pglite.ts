/**
 * PGlite as Kysely sees it: one connection that whoever comes next waits for.
 *
 * @module
 */
import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely'

export interface Answer {
  readonly rows: readonly unknown[]
  readonly affectedRows?: number
}

/** What runs the queries, one at a time. */
export interface Queries {
  query(text: string, values: readonly unknown[]): Promise<Answer>
  close(): Promise<void>
  /** Resolves when it has ended by itself: nothing is answered any more. */
  readonly lost: Promise<Error>
}

const connectionTo = (queries: Queries): DatabaseConnection => ({
  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affectedRows } = await queries.query(sql, parameters)
    return {
      // The rows are what the query selects: Kysely worked their type out from it.
      rows: rows as Row[],
      ...(affectedRows === undefined ? {} : { numAffectedRows: BigInt(affectedRows) }),
    }
  },
  // oxlint-disable-next-line require-yield -- Kysely's interface asks for it; nothing here streams.
  async *streamQuery() {
    throw new Error('PGlite does not stream')
  },
})

const driverOf = (queries: Queries): Driver => {
  const connection = connectionTo(queries)
  const waiting: (() => void)[] = []
  let taken = false
  const run = (text: string): Promise<unknown> => connection.executeQuery(CompiledQuery.raw(text))
  return {
    init: () => Promise.resolve(),
    acquireConnection: async () => {
      if (taken) await new Promise<void>((resolve) => waiting.push(resolve))
      taken = true
      return connection
    },
    releaseConnection: () => {
      const next = waiting.shift()
      // Handed on as it is: nobody who comes now can step in between.
      if (next === undefined) taken = false
      else next()
      return Promise.resolve()
    },
    beginTransaction: async () => {
      await run('begin')
    },
    commitTransaction: async () => {
      await run('commit')
    },
    rollbackTransaction: async () => {
      await run('rollback')
    },
    destroy: () => queries.close(),
  }
}

export const pgliteDialect = (queries: Queries): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => driverOf(queries),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createIntrospector: (db) => new PostgresIntrospector(db),
})
