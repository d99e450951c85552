import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledDetectors } from '../../src/content.ts'
import type { SourceRow } from '../../src/api/api.ts'
import { sql } from '../../src/sql/sql.ts'
import { recordFindings } from '../../src/store/findings.ts'
import type { UserRow } from '../../src/store/users.ts'
import { noSurroundings } from '../../src/triage/identity.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { openEvents, webLine, type Events } from './events.ts'
import { addUser, ours, runServer, signedIn, startMs, type Running } from './running.ts'

const minute = 60_000
const countAll = sql`SELECT count() AS events FROM events`

const source: SourceRow = {
  name: 'shop',
  kind: 'file',
  format: 'apache-access',
  lines: 120,
  rejected: 3,
  rate: 2,
  lagSeconds: 1,
  firstSeen: null,
  lastSeen: null,
  state: 'silent',
  problem: null,
  minutes: [],
}

describe('a server with events', () => {
  let events: Events
  let server: Running
  let ada: UserRow
  beforeAll(async () => {
    events = await openEvents()
    const lines = Array.from({ length: 120 }, (_, i) =>
      webLine(startMs - 2 * 3_600_000 + i * minute, `/page/${i}`),
    )
    await events.load('access.log', [...lines, 'not a line', '<script>alert(1)</script>', 'nor this'])
    server = await runServer({
      engine: events.engine,
      requestsPerMinute: 100_000,
      detectors: await bundledDetectors(),
      sources: () => [source],
      live: {
        states: () => [
          {
            detector: 'web-client-behaviour',
            state: 'watching',
            why: null,
            lastRunMs: startMs,
            tookMs: 5,
            rarities: [-1, 0.2, 0.4, 3.1],
            line: 1.5,
          },
          {
            detector: 'beacon',
            state: 'blind',
            why: 'no proxy logs came',
            lastRunMs: null,
            tookMs: 0,
            rarities: [],
            line: 1.5,
          },
        ],
      },
    })
    ada = await addUser(server, 'ada', 'analyst')
  })
  afterAll(async () => {
    await server.close()
    await events.close()
  })

  const ask = async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) => {
    const answer = await server.app.inject({
      method,
      url,
      headers: await signedIn(server, ada),
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: answer.statusCode, body: answer.json() }
  }

  it('is ready', async () => {
    const answer = await server.app.inject('/readyz')
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        ready: true,
        checks: [
          { name: 'engine', ok: true },
          { name: 'store', ok: true },
        ],
      },
    ])
    expect((await server.app.inject('/healthz')).json()).toEqual({ ok: true })
  })

  it('is ready while somebody keeps the engine busy', async () => {
    const controller = new AbortController()
    // Longer than a check may take.
    const busy = events.engine.rows(sql`SELECT sum(sleepEachRow(1)) FROM numbers(60)`, {
      interactive: true,
      signal: controller.signal,
      settings: { max_block_size: 1 },
    })
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect((await server.app.inject('/readyz')).statusCode).toBe(200)
    controller.abort()
    await expect(busy).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('says what needs a person today', async () => {
    const { status, body } = await ask('GET', '/api/today')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      open: 0,
      budget: { perDay: 20, today: 0, older: 0 },
      events: 120,
      sources: 1,
    })
    expect(body.activity).toHaveLength(96)
    expect(body.activity.filter((bucket: { events: number }) => bucket.events > 0)).toHaveLength(8)
    expect(body.silent).toEqual([{ source: 'shop', since: expect.any(String), blinds: [] }])
    expect(body.blind).toMatchObject([{ detector: 'beacon', why: 'no proxy logs came' }])
  })

  it('shows what was not understood, as the text it is', async () => {
    const { body } = await ask('GET', '/api/sources/rejects')
    expect(body.groups.reduce((sum: number, group: { lines: number }) => sum + group.lines, 0)).toBe(3)
    const texts = body.groups.flatMap((group: { examples: { text: string }[] }) =>
      group.examples.map(({ text }) => text),
    )
    expect(texts).toContain('<script>alert(1)</script>')
    expect((await ask('GET', '/api/sources/rejects?source=elsewhere')).body).toEqual({ groups: [] })
    expect((await ask('GET', '/api/sources')).body.sources).toEqual([source])
  })

  it('shows every detector with its state, its statement and what it reads', async () => {
    const { body } = await ask('GET', '/api/detectors')
    const all = await bundledDetectors()
    expect(body.detectors.map(({ id }: { id: string }) => id)).toEqual(all.map(({ id }) => id))
    for (const { id, measure } of all) {
      const page = await ask('GET', `/api/detectors/${id}`)
      expect([id, page.status]).toEqual([id, 200])
      expect([id, page.body.sql.includes('FROM events')]).toEqual([id, measure === null])
      expect([id, page.body.needs.length > 0 || measure !== null]).toEqual([id, true])
    }
    const page = (await ask('GET', '/api/detectors/web-client-behaviour')).body
    expect(page).toMatchObject({ state: 'watching', line: 1.5, enabled: true, categories: ['web'] })
    expect(page.scores).toEqual([
      { rarity: -1, episodes: 1 },
      { rarity: 0, episodes: 2 },
      { rarity: 3, episodes: 1 },
    ])
  })

  it('shows what another strictness would do before it is set', async () => {
    const entity = { source_ip: '203.0.113.5' }
    const detector = 'web-client-behaviour'
    await recordFindings(server.context.store.db, {
      findings: [
        { finding: makeFinding({ rank: 1, entity, detector, at: 6 }), rarity: 2, state: 'shown' },
        {
          finding: makeFinding({ rank: 2, entity: { source_ip: '203.0.113.6' }, detector, at: 7 }),
          rarity: 6,
          state: 'shown',
        },
        {
          finding: makeFinding({ rank: 3, entity: { source_ip: '203.0.113.7' }, detector, at: 7 }),
          rarity: 1,
          state: 'below',
        },
      ],
      surroundings: noSurroundings,
      nowMs: startMs,
    })
    const [incident] = (await ask('GET', '/api/incidents?entity=203.0.113.5')).body.incidents
    await ask('PATCH', `/api/incidents/${incident.id}`, { state: 'closed', reason: 'threat' })
    const preview = (strictness: number) => ask('POST', `/api/detectors/${detector}/preview`, { strictness })
    expect((await preview(0)).body).toMatchObject({ shown: 2, below: 1, lostThreats: [] })
    expect((await preview(-1)).body).toMatchObject({ shown: 3, below: 0 })
    const strict = (await preview(2)).body
    expect([strict.shown, strict.below]).toEqual([1, 2])
    expect(strict.lostThreats.map(({ id }: { id: string }) => id)).toEqual([incident.id])
    const set = await ask('PATCH', `/api/detectors/${detector}`, { strictness: 2 })
    expect(set.body).toMatchObject({ strictness: 2, enabled: true, findings: 2, verdicts: { threat: 1 } })
    expect((await ask('PATCH', `/api/detectors/${detector}`, { strictness: 99 })).status).toBe(400)
    expect((await ask('PATCH', '/api/detectors/none', { enabled: false })).status).toBe(404)
    const off = await ask('PATCH', `/api/detectors/${detector}`, { enabled: false })
    expect(off.body).toMatchObject({ state: 'off', strictness: 2 })
  })

  it('does not count what older logs told of against the day’s budget', async () => {
    const report = (rank: number, value: string, at: number) =>
      recordFindings(server.context.store.db, {
        findings: [
          {
            finding: makeFinding({ rank, entity: { source_ip: value }, at }),
            rarity: 5,
            state: 'shown',
          },
        ],
        surroundings: noSurroundings,
        nowMs: startMs,
      })
    const budget = async () => (await ask('GET', '/api/today')).body.budget
    const before = await budget()
    await report(4, '198.51.100.40', 7)
    await report(5, '198.51.100.50', -2000)
    expect(await budget()).toEqual({ perDay: 20, today: before.today + 1, older: before.older + 1 })
  })

  it('runs no SQL from outside, wherever it is put', async () => {
    const marks = [
      "' UNION ALL SELECT * FROM file('/etc/passwd', 'LineAsString') --",
      "') OR 1=1; DROP TABLE events; --",
      "url('http://127.0.0.1:9/', 'CSV', 'a String')",
      '{p0:String}',
      "\\' OR sleepEachRow(3) OR \\'",
    ]
    const headers = { ...(await signedIn(server, ada)), ...ours }
    const before = await events.engine.rows(countAll)
    // What each route takes at all: the rest is refused before anything is looked at.
    const paths = server.app.swagger().paths ?? {}
    for (const { method, url } of server.app.declared) {
      if (!url.startsWith('/api/') || /live$|oidc|session$|setup|sign-in-link|openapi/.test(url)) continue
      // Of the routes there are, in lower case.
      const described = paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase() as 'get']
      const names = (described?.parameters ?? []).flatMap((given) => ('name' in given ? [given.name] : []))
      for (const mark of marks) {
        for (const query of method === 'GET' ? [...names, 'sql'] : ['none']) {
          const answer = await server.app.inject({
            method: method as 'GET',
            url: url.replaceAll(/:\w+/g, encodeURIComponent(mark)),
            headers,
            ...(method === 'GET'
              ? { query: { q: '', [query]: mark } }
              : { payload: { q: mark, line: mark, query: mark, sql: mark } }),
          })
          const place = `${method} ${url} ${query} ${answer.body}`
          expect([place, answer.statusCode < 500 && answer.statusCode !== 429]).toEqual([place, true])
          expect(answer.body).not.toContain('root:x:0')
        }
      }
    }
    expect(await events.engine.rows(countAll)).toEqual(before)
    expect(server.app.declared.some(({ url }) => /sql/i.test(url))).toBe(false)
  })
})
