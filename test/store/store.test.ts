import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations.ts'
import { changeSettings, readSettings } from '../../src/store/settings.ts'
import { openStore } from '../../src/store/store.ts'
import { patienceMs } from './on-both.ts'
import { noPostgres, startCluster } from './postgres-cluster.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-store-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const settings = {
  budgetPerDay: 10,
  retentionDays: 90,
  retentionBytes: null,
  excludedPeriods: [],
  ownNetworks: [],
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

describe('the list of migrations', () => {
  it('is numbered without a gap', () => {
    expect(migrations.map(({ name }) => Number(name.slice(0, 4)))).toEqual(migrations.map((_, i) => i + 1))
  })
})

describe('the work state in a folder', () => {
  it(
    'says when it has ended by itself, and not when it is closed',
    async () => {
      const posted = vi.spyOn(Worker.prototype, 'postMessage')
      const stores = [await openStore({}), await openStore({})] as const
      const threads = new Set(posted.mock.contexts.filter((one) => one instanceof Worker))
      posted.mockRestore()
      expect(threads.size).toBe(2)
      const lost: string[] = []
      for (const [i, store] of stores.entries()) void store.lost.then(({ code }) => lost.push(`${i} ${code}`))
      await stores[0].close()
      for (const thread of threads) await thread.terminate()
      expect(await codeOf(stores[1].db.selectFrom('users').selectAll().execute())).not.toBe('none')
      expect(lost).toEqual(['1 store-unusable'])
    },
    patienceMs,
  )

  const work = path.join(folder, 'work')

  it(
    'is there after it was closed, in one process at a time, and not for an older version',
    async () => {
      const first = await openStore({ folder: work })
      expect(first.dialect).toBe('pglite')
      await changeSettings(first.db, { budgetPerDay: 7 })
      expect(await codeOf(openStore({ folder: work }))).toBe('data-folder-in-use')
      await first.close()

      // What a killed process left behind: its number may be another's by now.
      writeFileSync(`${work}.pid`, '1 0\n')
      const second = await openStore({ folder: work })
      expect(await readSettings(second.db, settings)).toEqual({ ...settings, budgetPerDay: 7 })
      expect(await migrate(second.db, migrations)).toEqual([])
      expect(readFileSync(`${work}.pid`, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
      await sql`insert into winnow_migrations values ('9999-later', now())`.execute(second.db)
      await second.close()

      expect(await codeOf(openStore({ folder: work }))).toBe('store-newer')
    },
    patienceMs,
  )

  it('says so where the folder cannot be used', async () => {
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    expect(await codeOf(openStore({ folder: path.join(file, 'work') }))).toBe('store-unusable')
    const others = path.join(folder, 'others')
    mkdirSync(others)
    writeFileSync(path.join(others, 'letter.txt'), 'mine')
    expect(await codeOf(openStore({ folder: others }))).toBe('store-unusable')
    expect(readdirSync(others)).toEqual(['letter.txt'])
  })

  it(
    'runs a migration whole or not at all',
    async () => {
      const store = await openStore({})
      const broken = { name: '8000-broken', statements: ['create table half (a integer)', 'select nothing'] }
      await expect(migrate(store.db, [...migrations, broken])).rejects.toThrow('nothing')
      const { rows } = await sql`select from pg_tables where tablename = 'half'`.execute(store.db)
      expect(rows).toEqual([])
      // Queries and errors keep their order: a failed one leaves the connection usable.
      await expect(sql`select 1 / 0`.execute(store.db)).rejects.toMatchObject({ code: '22012' })
      await store.close()
      await expect(sql`select 1`.execute(store.db)).rejects.toThrow('destroyed')
    },
    patienceMs,
  )
})

describe.skipIf(noPostgres !== null)(`the work state in PostgreSQL ${noPostgres ?? ''}`, () => {
  it('is made once by servers that start together', async () => {
    const cluster = await startCluster()
    try {
      const open = () => openStore({ url: cluster.url })
      const stores = await Promise.all([open(), open(), open()])
      const [first] = stores
      const { rows } = await sql<{ name: string }>`select name from winnow_migrations order by name`.execute(
        first.db,
      )
      expect(rows.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name))
      await Promise.all(stores.map((store) => store.close()))
    } finally {
      await cluster.stop()
    }
  })

  it('says where it is not, without the password', async () => {
    const url = 'postgresql://winnow:secret@127.0.0.1:1/winnow'
    await expect(openStore({ url })).rejects.toMatchObject({ code: 'store-unreachable' })
    await expect(openStore({ url })).rejects.not.toThrow('secret')
  })
})
