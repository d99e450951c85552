/** The same tests on PGlite and on PostgreSQL, each on a store that is empty before every test. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { openStore, type Store } from '../../src/store/store.ts'
import { noPostgres, startCluster, type Cluster } from './postgres-cluster.ts'

/** Empties every table but the list of migrations. */
export const emptyStore = async ({ db }: Store): Promise<void> => {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'winnow_migrations'`.execute(
    db,
  )
  await sql`truncate ${sql.join(rows.map(({ name }) => sql.table(name)))} restart identity cascade`.execute(
    db,
  )
}

/** Opening an empty one computes for seconds, and longer beside other tests. */
export const patienceMs = 180_000

export const onBoth = (what: string, tests: (store: () => Store) => void): void => {
  const run = (open: () => Promise<Store>, stop: () => Promise<void> = () => Promise.resolve()): void => {
    let store: Store | undefined
    beforeAll(async () => {
      store = await open()
    }, patienceMs)
    beforeEach(() => (store === undefined ? undefined : emptyStore(store)))
    afterAll(async () => {
      await store?.close()
      await stop()
    })
    tests(() => {
      if (store === undefined) throw new Error('the store is not open')
      return store
    })
  }
  describe(`${what}, in PGlite`, () => {
    run(() => openStore({}))
  })
  const reason = noPostgres === null ? '' : ` (${noPostgres})`
  describe.skipIf(noPostgres !== null)(`${what}, in PostgreSQL${reason}`, () => {
    let cluster: Cluster | undefined
    run(
      async () => {
        cluster = await startCluster()
        return openStore({ url: cluster.url })
      },
      async () => cluster?.stop(),
    )
  })
}
