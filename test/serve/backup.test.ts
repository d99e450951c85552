import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql as psql } from 'kysely'
import { pino } from 'pino'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { parseConfig } from '../../src/config/read-config.ts'
import { openEngine } from '../../src/engine/open.ts'
import { makeColdBackup } from '../../src/serve/backup/cold.ts'
import { readManifest } from '../../src/serve/backup/manifest.ts'
import { restoreBackup } from '../../src/serve/backup/restore.ts'
import { serve, type Server } from '../../src/serve/serve.ts'
import { sql } from '../../src/sql/sql.ts'
import { createKey } from '../../src/store/keys.ts'
import { openStore } from '../../src/store/store.ts'
import { createUser } from '../../src/store/users.ts'
import { noPostgres, startCluster } from '../store/postgres-cluster.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const troubles: string[] = []
const log = pino({ level: 'warn' }, { write: (line: string) => void troubles.push(line) })

const configIn = (name: string, more: object = {}): Config => {
  const text = JSON.stringify({
    data: path.join(folder, name),
    listen: '127.0.0.1:0',
    intake: { listen: '127.0.0.1:0' },
    ...more,
  })
  const { config } = parseConfig(text, 'test')
  if (config === null) throw new Error('the configuration is wrong')
  return config
}

const line = (i: number): string =>
  `198.51.100.${1 + (i % 50)} - - [02/Mar/2026:10:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')} +0000] "GET /${i} HTTP/1.1" 200 512 "-" "Ünïcode \\x22 \u2028"`

const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `${line(from + i)}\n`).join('')

const send = async ({ intakeUrl }: Server, body: string): Promise<void> => {
  const { status } = await fetch(`${intakeUrl}/ingest/web`, { method: 'POST', body })
  expect(status).toBe(200)
}

const countEvents = async ({ engine }: Pick<Server, 'engine'>): Promise<{ n: number; different: number }> => {
  const [row] = await engine.rows<{ n: number; different: number }>(
    sql`SELECT count() AS n, uniqExact(message) AS different FROM events`,
  )
  return row ?? { n: 0, different: 0 }
}

/** Everything that is kept of incidents and people, in words. */
const workOf = async ({ store: { db } }: Pick<Server, 'store'>): Promise<unknown> => ({
  users: await db.selectFrom('users').selectAll().orderBy('id').execute(),
  incidents: await db.selectFrom('incidents').selectAll().orderBy('id').execute(),
  findings: await db.selectFrom('findings').selectAll().orderBy('id').execute(),
  history: await db.selectFrom('history').selectAll().orderBy('id').execute(),
  settings: await db.selectFrom('settings').selectAll().orderBy('name').execute(),
})

const nowMs = Date.UTC(2026, 2, 2, 8)

/** Incidents that lead to each other, and texts that are hard to carry. */
const fillWork = async (server: Server): Promise<string> => {
  const { db } = server.store
  const { id } = await createUser(
    db,
    { name: 'Zoë "Z" O\'Hara\n', email: 'zoe@example.com', role: 'administrator', password: 'scrypt$x' },
    nowMs,
  )
  const at = new Date('2026-03-02T08:00:00.123Z')
  const incident = (number: number, into: string | null) => ({
    id: `i${number}`,
    number,
    title: `Incident ${number} \\ "quoted" 💥`,
    titled: false,
    risk: 40,
    severity: 'high' as const,
    state: 'open' as const,
    reason: null,
    closed_by: null,
    closed_risk: null,
    owner_id: id,
    owner_name: 'Zoë',
    first_at: at,
    last_at: at,
    opened_at: at,
    updated_at: at,
    closed_at: null,
    events: 1e12 + 0.5,
    entities: '[]',
    entity_text: 'a\nb',
    tactics: '[]',
    detectors: '[]',
    findings: 1,
    risks: '[]',
    merged_into: into,
  })
  // In the order in which the first one cannot be inserted by itself.
  await db
    .insertInto('incidents')
    .values([incident(1, null), incident(2, 'i1')])
    .execute()
  await psql`update incidents set merged_into = 'i2' where id = 'i1'`.execute(db)
  await db
    .insertInto('history')
    .values({ incident: 'i1', at, who_id: id, who_name: 'Zoë', kind: 'note', text: 'tab\there' })
    .execute()
  return id
}

/** The same, after the counter has to go on. */
const addNote = async (server: Pick<Server, 'store'>): Promise<void> => {
  await server.store.db
    .insertInto('history')
    .values({ incident: 'i1', at: new Date(nowMs), who_id: null, who_name: null, kind: 'note', text: 'more' })
    .execute()
}

describe('a backup', () => {
  let server: Server | undefined
  afterEach(async () => {
    await server?.close()
    server = undefined
  })

  it(
    'of a running server comes back whole: events, incidents, users, and where the intake stands',
    { timeout: 180_000 },
    async () => {
      const log1 = path.join(folder, 'followed.log')
      writeFileSync(log1, lines(0, 300))
      const backups = path.join(folder, 'backups')
      const config = configIn('running', {
        files: [{ name: 'web', paths: [log1], format: 'apache-access' }],
        backup: { folder: backups, keep: 1 },
      })
      server = await serve(config, { log, pace: 0.05 })
      const running = server
      const userId = await fillWork(running)
      await vi.waitFor(async () => expect((await countEvents(running)).n).toBe(300), {
        timeout: 60_000,
        interval: 200,
      })
      const { secret } = await createKey(
        running.store.db,
        { name: 'backup', scopes: ['admin'], source: null, expires: null },
        { id: userId, name: 'Zoë' },
        Date.now(),
      )
      const headers = { authorization: `Bearer ${secret}` }
      const work = await workOf(running)
      // Taken in while the backup is made: what was acknowledged before it began has to be in it.
      let sent = 0
      let stopped = false
      const sending = (async () => {
        for (; !stopped; sent += 20) await send(running, lines(1000 + sent, 20))
      })()
      await vi.waitFor(() => expect(sent).toBeGreaterThan(400), { timeout: 30_000, interval: 20 })
      const before = sent
      const begun = await fetch(`${running.url}/api/backups`, { method: 'POST', headers })
      expect(begun.status).toBe(200)
      await vi.waitFor(
        async () => {
          const answer = await fetch(`${running.url}/api/backups`, { headers })
          expect(await answer.json()).toMatchObject({ backups: [{ state: 'made', problem: null }] })
        },
        { timeout: 60_000, interval: 200 },
      )
      stopped = true
      await sending
      await running.close()
      server = undefined
      // The engine's own counter.
      expect(readdirSync(path.join(config.data, 'shadow'))).toEqual(['increment.txt'])

      const [name = ''] = readdirSync(backups)
      const from = path.join(backups, name)
      const restored = configIn('restored', {
        files: [{ name: 'web', paths: [log1], format: 'apache-access' }],
      })
      await restoreBackup(from, restored)
      // What the file grew by since, is read; what was read, is not.
      writeFileSync(log1, lines(300, 10), { flag: 'a' })
      server = await serve(restored, { log, pace: 0.05 })
      const again = server
      const kept = async (from: number, until: number): Promise<{ n: number; different: number }> => {
        const [row] = await again.engine.rows<{ n: number; different: number }>(
          sql`SELECT count() AS n, uniqExact(message) AS different FROM (SELECT message, toUInt64OrZero(extract(message, 'GET /(\\d+)')) AS number FROM events) WHERE number >= ${from} AND number < ${until}`,
        )
        return row ?? { n: 0, different: 0 }
      }
      await vi.waitFor(async () => expect(await kept(0, 310)).toEqual({ n: 310, different: 310 }), {
        timeout: 60_000,
        interval: 200,
      })
      await vi.waitFor(
        async () => expect(await kept(1000, 1000 + before)).toEqual({ n: before, different: before }),
        { timeout: 60_000, interval: 200 },
      )
      const later = await kept(1000 + before, 1e9)
      expect(later.n).toBe(later.different)
      expect(later.n).toBeLessThanOrEqual(sent - before)
      expect(await workOf(again)).toEqual(work)
      await addNote(again)
      await expect(restoreBackup(from, restored)).rejects.toMatchObject({ code: 'restore-target-used' })
      await expect(makeColdBackup(path.join(folder, 'cold'), restored)).rejects.toMatchObject({
        code: 'backup-by-server',
      })
      expect(troubles).toEqual([])
    },
  )

  it(
    'of a stopped server is refused where it is damaged, unfinished, or of a newer one',
    { timeout: 120_000 },
    async () => {
      const config = configIn('stopped', { intake: null })
      await (await serve(config, { log, pace: 0.05 })).close()
      const to = path.join(folder, 'of-stopped')
      const manifest = await makeColdBackup(to, config)
      expect(manifest.work?.tables['users']).toBe(0)
      await expect(makeColdBackup(to, config)).rejects.toMatchObject({ code: 'output-unwritable' })
      // What is there already stays, whatever is refused.
      expect((await readManifest(to)).made).toBe(manifest.made)
      const within = path.join(to, 'backup.json', 'deeper')
      await expect(makeColdBackup(within, config)).rejects.toMatchObject({ code: 'output-unwritable' })

      const into = configIn('refused')
      const file = path.join(to, 'work', 'users.jsonl.gz')
      const whole = readFileSync(file)
      writeFileSync(file, whole.subarray(0, -1))
      await expect(restoreBackup(to, into)).rejects.toMatchObject({ code: 'invalid-backup' })
      writeFileSync(
        file,
        whole.map((byte, i) => (i === 12 ? byte ^ 0xff : byte)),
      )
      await expect(restoreBackup(to, into)).rejects.toMatchObject({ code: 'invalid-backup' })
      // A restore that failed leaves an empty folder: the next one may use it.
      expect(readdirSync(into.data)).toEqual([])
      writeFileSync(file, whole)

      const text = readFileSync(path.join(to, 'backup.json'), 'utf8')
      writeFileSync(path.join(to, 'backup.json'), text.replace('0001-work-state', '9999-later'))
      await expect(restoreBackup(to, into)).rejects.toMatchObject({ code: 'store-newer' })
      rmSync(path.join(to, 'backup.json'))
      await expect(readManifest(to)).rejects.toMatchObject({ code: 'invalid-backup' })
      writeFileSync(path.join(into.data, 'unfinished-restore'), '')
      await expect(serve(into, { log })).rejects.toMatchObject({ code: 'data-folder-unusable' })
      await expect(makeColdBackup(to, configIn('nothing'))).rejects.toMatchObject({ code: 'nothing-to-read' })
    },
  )

  const reason = noPostgres === null ? '' : ` (${noPostgres})`
  it.skipIf(noPostgres !== null)(
    `moves the work state from a folder into a PostgreSQL, and back${reason}`,
    { timeout: 180_000 },
    async () => {
      const one = configIn('folder', { intake: null })
      server = await serve(one, { log, pace: 0.05 })
      await fillWork(server)
      const work = await workOf(server)
      await server.close()
      server = undefined
      const first = path.join(folder, 'from-folder')
      await makeColdBackup(first, one)

      const cluster = await startCluster()
      try {
        const two = configIn('beside-postgres', { intake: null, store: cluster.url })
        await restoreBackup(first, two)
        const store = await openStore({ url: cluster.url })
        expect(await workOf({ store })).toEqual(work)
        await addNote({ store })
        await store.close()
        const second = path.join(folder, 'from-postgres')
        await makeColdBackup(second, two)
        const used = configIn('another', { intake: null, store: cluster.url })
        await expect(restoreBackup(second, used)).rejects.toMatchObject({ code: 'restore-target-used' })

        const three = configIn('folder-again', { intake: null })
        await restoreBackup(second, three)
        const back = await openStore({ folder: path.join(three.data, 'work') })
        expect(await back.db.selectFrom('history').select('text').orderBy('id').execute()).toEqual([
          { text: 'tab\there' },
          { text: 'more' },
        ])
        await back.close()
        const engine = await openEngine({ kind: 'embedded', path: three.data })
        expect((await countEvents({ engine })).n).toBe(0)
        await engine.close()
        expect(existsSync(path.join(three.data, 'unfinished-restore'))).toBe(false)
      } finally {
        await cluster.stop()
      }
    },
  )
})
