import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { commitSegments } from '../../src/ingest/segments.ts'
import type {
  EntityGraph,
  EntityPage,
  FieldsResult,
  LineExplanation,
  SearchResult,
} from '../../src/api/search.ts'
import { columnNames } from '../../src/investigate/fields.ts'
import { recordFindings } from '../../src/store/findings.ts'
import { createKey } from '../../src/store/keys.ts'
import { noSurroundings } from '../../src/triage/identity.ts'
import { epochMs, insertEvents, openTestEngine } from '../features/insert-events.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { addUser, runServer, signedIn, startMs, type Running } from './running.ts'

let engine: Engine
let closeEngine: () => Promise<void>
let server: Running
let headers: Readonly<Record<string, string>>

const segment = (name: string) => ({
  segment: name,
  content: name,
  start: 0,
  open: false,
  source: 'test.log',
  format: 'test',
  head: '',
  lines: 2,
  rejected: 0,
  firstMs: epochMs + 1000,
  lastMs: epochMs + 60_000,
  note: '',
})

const web = (at: number, path: string, status: number) => ({
  at,
  category: 'web' as const,
  source_ip: '192.0.2.7',
  url_path: path,
  http_response_status_code: status,
  other: '{}',
})

beforeAll(async () => {
  ;({ engine, close: closeEngine } = await openTestEngine())
  await insertEvents(engine, [
    { ...web(1, '/a', 200), other: '{"tls":{"version":"1.3"}}', segment: 'a.0' },
    { ...web(60, '/<script>alert(1)</script>', 404), segment: 'a.0' },
  ])
  await commitSegments(engine, [segment('a.0')])
  server = await runServer({ engine })
  headers = await signedIn(server, await addUser(server, 'vera', 'viewer'))
})

afterAll(async () => {
  await server.close()
  await closeEngine()
})

const ask = async <Answer>(url: string, status = 200): Promise<Answer> => {
  const answer = await server.app.inject({ url, headers })
  expect([answer.statusCode, answer.statusCode === status ? '' : answer.body]).toEqual([status, ''])
  // What the route's schema states.
  return answer.json() as Answer
}

const withQuery = (url: string, query: Readonly<Record<string, string>>): string =>
  `${url}?${new URLSearchParams(query).toString()}`

describe('the routes of Explore', () => {
  it('search, count and summarise', async () => {
    const found = await ask<SearchResult>(
      withQuery('/api/search', { q: 'status:>=400', from: '24h', to: 'now' }),
    )
    expect(found.events.map(({ fields }) => fields['url_path'])).toEqual(['/<script>alert(1)</script>'])
    const [event] = found.events
    expect(await ask(withQuery('/api/event', { id: event?.id ?? '' }))).toEqual(event)
    expect(await ask(withQuery('/api/search/histogram', { q: '', buckets: '50' }))).toMatchObject({
      total: 2,
    })
    const { fields } = await ask<FieldsResult>(withQuery('/api/search/fields', { q: 'path:/a' }))
    expect(fields.find(({ name }) => name === 'source_ip')?.values).toEqual([
      { value: '192.0.2.7', events: 1 },
    ])
    expect(await ask(withQuery('/api/search/values', { field: 'path', prefix: '/A' }))).toEqual({
      values: [{ value: '/a', events: 1 }],
    })
  })

  it('suggest values of every field, whatever it holds', async () => {
    for (const name of [...columnNames, 'ip', 'other.tls.version'])
      for (const prefix of ['', '2', "a'{"]) {
        const { values } = await ask<{ values: readonly { value: string }[] }>(
          withQuery('/api/search/values', { field: name, prefix }),
        )
        expect(values.filter(({ value }) => value === '' || value.startsWith('1970'))).toEqual([])
      }
    expect(server.logged.join('')).not.toContain('request failed')
  })

  it('give pages', async () => {
    const first = await ask<SearchResult>('/api/search?limit=1')
    const second = await ask<SearchResult>(withQuery('/api/search', { limit: '1', cursor: first.next ?? '' }))
    expect(second.next).toBeNull()
    expect(second.events[0]?.id).not.toBe(first.events[0]?.id)
  })

  it('say what is wrong with a query, and where', async () => {
    expect(await ask('/api/search/check?q=status%3A')).toEqual({
      ok: false,
      position: 7,
      message: 'expected a value after "status:"',
    })
    expect(await ask('/api/search/check?q=a')).toEqual({ ok: true })
    for (const url of ['/api/search', '/api/search/histogram', '/api/search/fields', '/api/search/live'])
      expect(await ask(`${url}?q=status%3A`, 400)).toMatchObject({ error: { code: 'invalid-query' } })
    expect(await ask('/api/search?from=soon', 400)).toMatchObject({ error: { code: 'invalid-time' } })
    expect(await ask('/api/search?cursor=x', 400)).toMatchObject({ error: { code: 'invalid-event-id' } })
    expect(await ask(`/api/event?id=${epochMs}.9.none`, 404)).toMatchObject({ error: { code: 'not-found' } })
  })

  it('list the fields a query may name', async () => {
    const { fields } = await ask<{ fields: { name: string; ecs: string }[] }>('/api/fields')
    expect(fields.find(({ name }) => name === 'source_ip')).toMatchObject({
      ecs: 'source.ip',
      type: 'ip',
      entity: 'address',
    })
  })

  it('tell of entities', async () => {
    expect(await ask('/api/entities?kind=address&prefix=192')).toMatchObject({
      entities: [{ kind: 'address', value: '192.0.2.7', events: 2 }],
    })
    const page = await ask<EntityPage>('/api/entities/address/192.0.2.7')
    expect(page).toMatchObject({ events: 2, findings: [], incidents: [] })
    expect(page.related.map(({ kind }) => kind)).toEqual(['resource'])
    const graph = await ask<EntityGraph>('/api/entities/address/192.0.2.7/graph?day=2026-03-02')
    expect(graph.nodes).toHaveLength(3)
    await ask('/api/entities/address/198.51.100.1', 404)
    await ask('/api/entities?kind=colour', 404)
    await ask(`/api/entities/resource/${encodeURIComponent('/<script>alert(1)</script>')}`)
  })

  it('keep searches: everyone their own, and what is shared', async () => {
    const keep = (by: Readonly<Record<string, string>>, shared: boolean, query = 'status:404') =>
      server.app.inject({
        method: 'POST',
        url: '/api/searches',
        headers: by,
        payload: { name: 'Errors', query, range: '24h', shared },
      })
    const other = await signedIn(server, await addUser(server, 'ann', 'analyst'))
    expect((await keep(headers, false)).statusCode).toBe(200)
    const shared = (await keep(other, true)).json<{ id: string }>()
    expect((await keep(other, false)).statusCode).toBe(200)
    expect((await ask<{ searches: unknown[] }>('/api/searches')).searches).toHaveLength(2)
    expect((await keep(headers, false, 'status:')).statusCode).toBe(400)
    const remove = (by: Readonly<Record<string, string>>) =>
      server.app.inject({ method: 'DELETE', url: `/api/searches/${shared.id}`, headers: by })
    expect((await remove(headers)).statusCode).toBe(404)
    expect((await remove(other)).statusCode).toBe(200)
    const by = { id: (await addUser(server, 'ada', 'administrator')).id, name: 'ada' }
    const key = { name: 'reader', scopes: ['admin' as const], source: null, expires: null }
    const { secret } = await createKey(server.context.store.db, key, by, startMs)
    expect((await keep({ authorization: `Bearer ${secret}` }, true)).statusCode).toBe(403)
  })

  it('explain lines', async () => {
    const explain = async (line: string, format?: string) => {
      const answer = await server.app.inject({
        method: 'POST',
        url: '/api/explain-line',
        headers,
        payload: { line, ...(format === undefined ? {} : { format }) },
      })
      return { status: answer.statusCode, ...answer.json<LineExplanation>() }
    }
    const line = (time: string) => `192.0.2.7 - - [${time}] "GET /a HTTP/1.1" 200 12 "-" "x"`
    expect(await explain(line('01/Mar/2026:10:00:00 +0000'))).toMatchObject({
      format: 'apache-access',
      fields: { timestamp: '2026-03-01T10:00:00.000Z', url_path: '/a' },
    })
    expect(await explain(line('01/Foo/2026:10:00:00 +0000'))).toMatchObject({
      format: null,
      near: [{ parser: 'apache-access', why: 'its time cannot be read, or lies outside 1990–2100' }],
    })
    expect(await explain('hello', 'apache-access')).toMatchObject({
      format: null,
      near: [{ parser: 'apache-access', why: expect.stringContaining('not in the form of') }],
    })
    expect((await explain('hello', 'nonsense')).status).toBe(400)
    expect((await explain('hello')).near).toHaveLength(1)
  })

  it('send what comes in, as it comes', async () => {
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    // Fastify listens on an address, not on a pipe.
    const { port } = server.app.server.address() as AddressInfo
    const text = new Promise<string>((resolve, reject) => {
      let all = ''
      const request = get(
        { port, host: '127.0.0.1', path: '/api/search/live?q=status:500', headers },
        (answer) => {
          answer.setEncoding('utf8')
          answer.on('data', (part: string) => {
            all += part
            if (!all.includes('event: event')) return
            request.destroy()
            resolve(all)
          })
        },
      )
      request.on('error', reject)
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    await insertEvents(engine, [
      { ...web(5, '/boom', 500), segment: 'b.0' },
      { ...web(6, '/fine', 200), segment: 'b.0' },
    ])
    await commitSegments(engine, [segment('b.0')])
    const sent = await text
    expect(sent).toContain('/boom')
    expect(sent).not.toContain('/fine')
  })

  it("show an entity's findings and incidents, however many others are named alike", async () => {
    const crowd = Array.from({ length: 60 }, (_, i) => `bob${i}`)
    const odd = 'b\0b'
    const record = (users: readonly string[], at: number) =>
      recordFindings(server.context.store.db, {
        findings: users.map((user, i) => ({
          finding: makeFinding({ rank: at * 100 + i, at, entity: { user_name: user, host_name: user } }),
          rarity: 3,
          state: 'shown',
        })),
        surroundings: noSurroundings,
        nowMs: startMs + at * 3_600_000,
      })
    await record(['Bob', odd], 1)
    await record(crowd, 2)
    await insertEvents(
      engine,
      ['bob', odd].map((user) => ({ at: 7, category: 'auth', user_name: user, segment: 'c.0' })),
    )
    await commitSegments(engine, [segment('c.0')])
    const page = await ask<EntityPage>('/api/entities/user/bob')
    expect(page.findings.map(({ entity }) => entity.value)).toEqual(['Bob → Bob'])
    expect(page.incidents.map(({ entities }) => entities[0]?.value)).toEqual(['Bob'])
    const other = await ask<EntityPage>('/api/entities/user/b%00b')
    expect([other.findings.length, other.incidents.length]).toEqual([1, 1])
  })
})
