import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import { workFolder } from '../../src/config/places.ts'
import { parseConfig } from '../../src/config/read-config.ts'
import { startDemo } from '../../src/serve/demo.ts'
import { serve, type Server } from '../../src/serve/serve.ts'
import type { Config } from '../../src/config/config.ts'
import type { FindingRow, IncidentList, SourceRow } from '../../src/api/api.ts'
import { sql } from '../../src/sql/sql.ts'
import { signInLink } from '../../src/store/one-time-tokens.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-serve-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What went wrong without stopping the server. */
const troubles: string[] = []
const log = pino({ level: 'warn' }, { write: (line: string) => void troubles.push(line) })

const configIn = (name: string): Config => {
  const text = JSON.stringify({
    data: path.join(folder, name),
    listen: '127.0.0.1:0',
    intake: { listen: '127.0.0.1:0' },
  })
  const { config } = parseConfig(text, 'test')
  if (config === null) throw new Error('the configuration is wrong')
  return config
}

/** Asks the API as a user of it would: signed in with a one-time link. */
const signedIn = async ({ url, store }: Server, userId: string) => {
  const token = (await signInLink(store.db, userId, url)).split('#')[1]
  const headers = { origin: url, 'x-winnow': '1', 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/sign-in-link`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ token }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return async <T>(route: string): Promise<T> => {
    const got = await fetch(`${url}/api/${route}`, { headers: { cookie } })
    if (!got.ok) throw new Error(`${route}: ${got.status} ${await got.text()}`)
    // What the API answers is tested against its schemas elsewhere.
    return (await got.json()) as T
  }
}

const examples = path.resolve('examples')
const files = ['web/access.log.gz', 'auth/auth.log', 'nginx-json/access.json.gz'].map((file) =>
  path.join(examples, file),
)

/** Our own file, described in examples/README.md. */
const attackers = (): string[] => {
  const truth = JSON.parse(readFileSync(path.join(examples, 'truth.json'), 'utf8')) as Record<
    'web' | 'api' | 'auth',
    Readonly<Record<string, string>>
  > & { readonly attacks: Readonly<Record<'web' | 'api' | 'auth', readonly string[]>> }
  return (['web', 'api', 'auth'] as const).flatMap((kind) =>
    Object.entries(truth[kind]).flatMap(([address, role]) =>
      truth.attacks[kind].includes(role) ? [address] : [],
    ),
  )
}

describe('a server', () => {
  it(
    'shows the attackers of the bundled logs as incidents, each situation once',
    { timeout: 240_000 },
    async () => {
      const { server, userId, goOn } = await startDemo(configIn('demo'), files, 5, { log, pace: 0.05 })
      try {
        await goOn(new AbortController().signal)
        await server.settled()
        const get = await signedIn(server, userId)
        const { incidents } = await get<IncidentList>('incidents?limit=100')
        const named = incidents.flatMap(({ entities }) => entities.map(({ value }) => value))
        const missing = attackers().filter((address) => !named.includes(address))
        // So many attackers in so few lines make each other look ordinary: some fall just below the line.
        expect(missing.length).toBeLessThanOrEqual(4)
        const { findings } = await get<{ readonly findings: readonly FindingRow[] }>('findings?state=below')
        const below = findings.map(({ entity }) => entity.value)
        expect(missing.filter((address) => !below.includes(address))).toEqual([])
        const stories = incidents.map(({ title, first }) => `${title} ${first}`)
        expect(new Set(stories).size).toBe(stories.length)
        const { sources } = await get<{ readonly sources: readonly SourceRow[] }>('sources')
        expect(troubles).toEqual([])
        expect(sources.map(({ name, rejected }) => [name, rejected])).toEqual([
          ['auth', 0],
          ['nginx-json', 0],
          ['web', 0],
        ])
      } finally {
        await server.close()
      }
    },
  )

  it('keeps what it took in when it is started again, and reads it once', { timeout: 120_000 }, async () => {
    const config = configIn('again')
    const lines = Array.from(
      { length: 500 },
      (_, i) =>
        `198.51.100.${1 + (i % 50)} - - [02/Mar/2026:10:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')} +0000] "GET /${i % 7} HTTP/1.1" 200 512 "-" "-"`,
    )
    const first = await serve(config, { log, pace: 0.05 })
    const sent = await fetch(`${first.intakeUrl}/ingest/web`, {
      method: 'POST',
      body: `${lines.join('\n')}\n`,
    })
    expect(sent.status).toBe(200)
    await first.close()
    const second = await serve(config, { log, pace: 0.05 })
    try {
      await second.settled()
      const { engine } = second
      const [row] = await engine.rows<{ n: number; different: number }>(
        sql`SELECT count() AS n, uniqExact(message) AS different FROM events`,
      )
      expect(row).toEqual({ n: 500, different: 500 })
    } finally {
      await second.close()
    }
  })

  it('leaves the work state alone where another server has the engine', { timeout: 60_000 }, async () => {
    const config = configIn('held')
    const child = spawn(process.execPath, ['test/engine/hold.mjs', config.data], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    try {
      await once(child.stdout, 'data')
      await expect(serve(config, { log, pace: 0.05 })).rejects.toMatchObject({ code: 'data-folder-in-use' })
      expect(existsSync(workFolder(config.data))).toBe(false)
    } finally {
      child.stdin.end()
      await once(child, 'exit')
    }
  })

  it('says who is in the way of an address', { timeout: 60_000 }, async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    try {
      const address = other.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const config = { ...configIn('two'), listen: { host: '127.0.0.1', port } }
      await expect(serve(config, { log, pace: 0.05 })).rejects.toMatchObject({ code: 'cannot-listen' })
    } finally {
      other.close()
    }
  })
})
