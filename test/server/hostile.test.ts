import { assert, asyncProperty, constantFrom, dictionary, jsonValue, oneof, string } from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserRow } from '../../src/store/users.ts'
import { openEvents, webLine, type Events } from './events.ts'
import { addUser, config, ours, runServer, signedIn, startMs, type Running } from './running.ts'

/** Half a surrogate pair has no place in an address. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD')

const cursor = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url')

describe('hostile input', () => {
  let events: Events
  let server: Running
  let folder: string
  let ada: UserRow
  let headers: Readonly<Record<string, string>>
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-console-'))
    mkdirSync(path.join(folder, 'web', 'assets'), { recursive: true })
    writeFileSync(path.join(folder, 'secret.txt'), 'not for you')
    writeFileSync(path.join(folder, 'web', 'index.html'), '<!doctype html><title>console</title>')
    writeFileSync(path.join(folder, 'web', 'assets', 'app-1a2b.js'), 'run()')
    events = await openEvents()
    await events.load('access.log', [webLine(startMs - 60_000), webLine(startMs - 30_000, '/a?b=c')])
    server = await runServer({ engine: events.engine, consoleFolder: path.join(folder, 'web') })
    ada = await addUser(server, 'ada', 'administrator')
    headers = await signedIn(server, ada)
  })
  afterAll(async () => {
    await server.close()
    await events.close()
    rmSync(folder, { recursive: true })
  })

  const post = (url: string, payload: string, more: Readonly<Record<string, string>> = {}) =>
    server.app.inject({
      method: 'POST',
      url,
      headers: { ...headers, 'content-type': 'application/json', ...more },
      payload,
    })

  const code = async (answer: ReturnType<typeof post>): Promise<[number, string]> => {
    const { statusCode, body } = await answer
    return [statusCode, JSON.parse(body).error.code]
  }

  it('in bodies is refused in a sentence', async () => {
    expect(await code(post('/api/users', '{"name":'))).toEqual([400, 'invalid-request'])
    expect(await code(post('/api/users', ''))).toEqual([400, 'invalid-request'])
    expect(await code(post('/api/users', `"${'x'.repeat(1_100_000)}"`))).toEqual([413, 'request-too-large'])
    expect(await code(post('/api/users', '<user/>', { 'content-type': 'text/xml' }))).toEqual([
      415,
      'unknown-type',
    ])
    expect(
      await code(post('/api/users', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' })),
    ).toEqual([415, 'unknown-type'])
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    expect(await code(post('/api/users', deep))).toEqual([400, 'invalid-request'])
    expect(await code(post('/api/users', `{"name":${deep}}`))).toEqual([400, 'invalid-request'])
  })

  it('cannot reach into the prototypes of objects', async () => {
    for (const key of ['__proto__', 'constructor']) {
      const inner =
        key === 'constructor' ? '{"prototype":{"role":"administrator"}}' : '{"role":"administrator"}'
      const body = `{"name":"x","email":"x@example.com","${key}":${inner}}`
      expect(await code(post('/api/users', body))).toEqual([400, 'invalid-request'])
    }
    const channel = `{"name":"x","kind":"webhook","settings":{"toString":"1"}}`
    expect(await code(post('/api/channels', channel))).toEqual([400, 'invalid-request'])
    expect(Object.hasOwn(Object.prototype, 'role')).toBe(false)
  })

  it('in unknown fields is refused, not ignored', async () => {
    const user = { name: 'x', email: 'x@example.com', role: 'viewer', disabled: false, id: 'mine' }
    const answer = await post('/api/users', JSON.stringify(user))
    expect(answer.statusCode).toBe(400)
    expect(answer.json().error.message).toContain('Unrecognized key')
  })

  it('in ids, filters and cursors is refused', async () => {
    const urls = [
      '/api/incidents/%00',
      '/api/incidents/..%2f..%2fetc%2fpasswd',
      `/api/incidents/${'x'.repeat(3000)}`,
      '/api/incidents/%ff',
      '/api/incidents/%E0%A4%A',
      "/api/incidents?owner=' OR 1=1 --",
      '/api/incidents?limit=1000000',
      '/api/incidents?limit=-1',
      '/api/incidents?state=open,',
      '/api/incidents?state=gone',
      '/api/incidents?q=a&q=b',
      '/api/incidents?from=99999999999999999w',
      '/api/incidents?from=-271821-04-20',
      '/api/incidents?cursor=W10',
      '/api/incidents?__proto__[x]=1',
      '/api/incidents?q=%00',
      '/api/findings?cursor=%27',
      `/api/findings?cursor=${cursor(['a\0', 'b\0'])}`,
      `/api/findings?cursor=${cursor([1, 'b\0'])}`,
      `/api/incidents?sort=updated&cursor=${cursor(['x', 1])}`,
      `/api/incidents?cursor=${cursor([1e15, 1e15])}`,
      '/api/audit?cursor=1e9',
      '/api/audit?cursor=99999999999999999999',
      '/api/sources/rejects?source=%00',
      '/api/today?sql=SELECT+1',
    ]
    const statuses = await Promise.all(
      urls.map(async (url) => [url, (await server.app.inject({ url, headers })).statusCode]),
    )
    const passed = statuses.filter(([, status]) => status !== 400 && status !== 404)
    // A comma too many is no harm.
    expect(passed).toEqual([['/api/incidents?state=open,', 200]])
  })

  it('of any kind never makes a route fail as a bug', async () => {
    const gets = server.app.declared.filter(
      ({ method, url }) => method === 'GET' && !/live|metrics|oidc|\*/.test(url),
    )
    const odd = oneof(
      string({ unit: 'binary', maxLength: 40 }),
      constantFrom(
        '\0',
        '\ud800',
        "';--",
        '../',
        '%00',
        '1e400',
        'NaN',
        '{}',
        '[]',
        '\u202e',
        'x'.repeat(5000),
      ),
    )
    const names = [
      'state',
      'q',
      'from',
      'to',
      'cursor',
      'limit',
      'owner',
      'entity',
      'detector',
      'source',
      'sort',
    ]
    await assert(
      asyncProperty(
        constantFrom(...gets),
        odd,
        dictionary(constantFrom(...names), odd, { maxKeys: 3 }),
        async ({ url }, value, query) => {
          const path = url.replaceAll(/:\w+/g, encodeURIComponent(wellFormed(value)))
          const asked = Object.entries(query).map(([name, text]) => [name, wellFormed(text)])
          const answer = await server.app.inject({
            url: path,
            headers,
            query: Object.fromEntries(asked),
          })
          expect([answer.statusCode, answer.body]).not.toEqual([500, answer.body])
        },
      ),
      { numRuns: 150, seed: 5 },
    )
  })

  it('in bodies of any shape never makes a route fail as a bug', async () => {
    const changing = server.app.declared.filter(
      ({ method, url }) => ['POST', 'PATCH'].includes(method) && !/session|setup|link|me$/.test(url),
    )
    const keys = [
      'name',
      'email',
      'role',
      'state',
      'reason',
      'owner',
      'text',
      'scope',
      'verdict',
      'expires',
      'settings',
      'ids',
      'change',
      'findings',
      'into',
      'strictness',
      'enabled',
      'kind',
      'scopes',
      'excludedPeriods',
      'ownNetworks',
    ]
    const value = oneof(
      jsonValue(),
      constantFrom('\0', 'open', 'closed', 'threat', '192.0.2.0/99', 'viewer', 1e300),
    )
    await assert(
      asyncProperty(
        constantFrom(...changing),
        dictionary(constantFrom(...keys), value, { maxKeys: 6 }),
        async ({ method, url }, body) => {
          const answer = await server.app.inject({
            // Of the routes above.
            method: method as 'POST',
            url: url.replaceAll(/:\w+/g, 'x'),
            headers,
            payload: body,
          })
          expect([answer.statusCode, answer.body]).not.toEqual([500, answer.body])
        },
      ),
      { numRuns: 150, seed: 6 },
    )
  })

  it('in paths of files reaches no file outside the console', async () => {
    const paths = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/../../secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/....//secret.txt',
      '//etc/passwd',
      '/%2fetc%2fpasswd',
      '/assets/%00',
      '/..%5csecret.txt',
      '/file:///etc/passwd',
    ]
    for (const url of paths) {
      const answer = await server.app.inject(url)
      expect(answer.body).not.toContain('not for you')
      expect(answer.body).not.toContain('root:')
      expect([200, 400, 404]).toContain(answer.statusCode)
    }
  })

  it('finds the console at every page of it, and nothing where nothing is', async () => {
    const page = await server.app.inject('/incidents/abc?state=open')
    expect([page.statusCode, page.headers['content-type'], page.headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    const script = await server.app.inject('/assets/app-1a2b.js')
    expect([script.body, script.headers['cache-control']]).toEqual([
      'run()',
      'public, max-age=31536000, immutable',
    ])
    expect((await server.app.inject('/assets/gone.js')).statusCode).toBe(404)
    for (const url of ['/api', '/api/', '/api/nothing']) {
      const answer = await server.app.inject({ url, headers })
      expect([answer.statusCode, answer.json().error.code]).toEqual([404, 'not-found'])
    }
  })

  it('meets a browser that was told to run nothing but ours', async () => {
    const { headers } = await server.app.inject('/')
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy.match(/script-src[^;]*unsafe/)).toBe(null)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['strict-transport-security']).toBe(undefined)
  })

  it('in names is kept as text, and comes back as text', async () => {
    const name = '<script>alert(1)</script>'
    const user = { name, email: 'script@example.com', role: 'viewer' }
    const answer = await post('/api/users', JSON.stringify(user))
    expect(answer.json().name).toBe(name)
    expect(answer.headers['content-type']).toContain('application/json')
    expect(server.logged.join('')).not.toContain('<script>')
  })

  it('is not believed about who sends it, unless the proxy is ours', async () => {
    const forwarded = { ...ours, 'x-forwarded-for': '198.51.100.9' }
    const attempt = { email: 'x@example.com', password: 'no' }
    const send = (running: Running) =>
      running.app.inject({
        method: 'POST',
        url: '/api/session',
        headers: forwarded,
        payload: attempt,
        remoteAddress: '203.0.113.50',
      })
    const addressOf = async (running: Running) => {
      const { db } = running.context.store
      await send(running)
      const row = await db.selectFrom('audit').select('address').orderBy('id', 'desc').executeTakeFirst()
      return row?.address
    }
    expect(await addressOf(server)).toBe('203.0.113.50')
    const behind = await runServer({ trustedProxies: ['203.0.113.0/24'] })
    expect(await addressOf(behind)).toBe('198.51.100.9')
    await behind.close()
  })

  it('asks for metrics in vain, unless it is from this machine or has a key', async () => {
    const ask = (host: string, remoteAddress: string, more: object = {}) =>
      server.app.inject({ url: '/metrics', remoteAddress, headers: { host, ...more } })
    expect((await ask('127.0.0.1:8420', '127.0.0.1')).body).toContain('winnow_http_request_seconds_count')
    expect((await ask('winnow.example.com', '203.0.113.4')).statusCode).toBe(401)
    // A page elsewhere whose name leads here, and a proxy on this machine.
    expect((await ask('evil.example.com', '127.0.0.1')).statusCode).toBe(401)
    expect((await ask('127.0.0.1', '127.0.0.1', { 'x-forwarded-for': '203.0.113.4' })).statusCode).toBe(401)
    expect((await ask('winnow.example.com', '203.0.113.4', headers)).statusCode).toBe(200)
  })
})

describe('too much', () => {
  it('is refused for a while, address by address', async () => {
    const server = await runServer({ requestsPerMinute: 3 })
    const ask = (remoteAddress: string) => server.app.inject({ url: '/api/session', remoteAddress })
    for (let i = 0; i < 3; i += 1) expect((await ask('203.0.113.1')).statusCode).toBe(200)
    const refused = await ask('203.0.113.1')
    expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'too-many-requests'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask('203.0.113.2')).statusCode).toBe(200)
    expect((await server.app.inject({ url: '/healthz', remoteAddress: '203.0.113.1' })).statusCode).toBe(200)
    await server.close()
  })
})

describe('behind TLS', () => {
  it('the cookie is for TLS and this host alone, and browsers stay with TLS', async () => {
    const server = await runServer({ config: { ...config, url: 'https://winnow.example.com' } })
    const user = await addUser(server, 'ada', 'viewer')
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { ...ours, origin: 'https://winnow.example.com', host: '127.0.0.1:8420' },
      payload: { email: user.email, password: 'correct horse battery staple' },
    })
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-winnow_session=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(answer.headers['strict-transport-security']).toContain('max-age=31536000')
    await server.close()
  })
})
