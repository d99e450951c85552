import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setupLink, signInLink } from '../../src/store/one-time-tokens.ts'
import { addUser, ours, password, runServer, signedIn, type Running } from './running.ts'

const tokenOf = (link: string | null): string => link?.split('#')[1] ?? ''

const cookieOf = (header: string | string[] | number | undefined): string =>
  String(Array.isArray(header) ? header[0] : header).split(';')[0] ?? ''

describe('the first start', () => {
  let server: Running
  beforeAll(async () => {
    server = await runServer()
  })
  afterAll(() => server.close())

  const setUp = (token: string, more: object = {}) =>
    server.app.inject({
      method: 'POST',
      url: '/api/setup',
      headers: ours,
      payload: { token, name: 'Ada', email: 'Ada@Example.com', password, ...more },
    })

  it('says that there is nobody yet', async () => {
    const answer = await server.app.inject('/api/session')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ user: null, setupNeeded: true, oidc: null, demo: false })
  })

  it('makes a link that a second start replaces, and that works once', async () => {
    const { db } = server.context.store
    const first = await setupLink(db, 'http://127.0.0.1:8420/', server.context.now?.())
    const second = await setupLink(db, 'http://127.0.0.1:8420/', server.context.now?.())
    expect(second).toMatch(/^http:\/\/127\.0\.0\.1:8420\/setup#[\w-]{43}$/)
    expect((await setUp(tokenOf(first))).statusCode).toBe(410)
    expect((await setUp(tokenOf(second), { password: 'short' })).json().error.code).toBe('invalid-password')
    const answer = await setUp(tokenOf(second))
    expect(answer.json()).toMatchObject({
      user: { name: 'Ada', email: 'ada@example.com', role: 'administrator' },
      setupNeeded: false,
    })
    expect((await setUp(tokenOf(second), { email: 'eve@example.com' })).statusCode).toBe(410)
    const again = await server.app.inject({
      url: '/api/session',
      headers: { cookie: cookieOf(answer.headers['set-cookie']) },
    })
    expect(again.json().user.name).toBe('Ada')
    expect(await setupLink(db, 'http://127.0.0.1:8420')).toBe(null)
  })

  it('spends no time on links that are none', async () => {
    const codes = await Promise.all(
      Array.from({ length: 25 }, async () => (await setUp('x'.repeat(43))).json().error.code),
    )
    // Each would wait for a password's hash, and the last of so many would be turned away.
    expect(new Set(codes)).toEqual(new Set(['link-used-up']))
  })

  it('keeps neither passwords nor tokens as they are', async () => {
    const { db } = server.context.store
    const kept = JSON.stringify([
      await db.selectFrom('users').selectAll().execute(),
      await db.selectFrom('sessions').selectAll().execute(),
      await db.selectFrom('audit').selectAll().execute(),
    ])
    expect(kept).toContain('scrypt:17:8:1:')
    expect(kept).not.toContain(password)
    expect(server.logged.join('')).not.toContain(password)
  })

  it('lets the link go stale after a day', async () => {
    const other = await runServer()
    const link = await setupLink(other.context.store.db, 'http://127.0.0.1', other.context.now?.())
    other.pass(24 * 3_600_000 + 1)
    const answer = await other.app.inject({
      method: 'POST',
      url: '/api/setup',
      headers: ours,
      payload: { token: tokenOf(link), name: 'Ada', email: 'ada@example.com', password },
    })
    expect(answer.json().error.code).toBe('link-used-up')
    await other.close()
  })
})

describe('signing in', () => {
  let server: Running
  beforeAll(async () => {
    server = await runServer()
    await addUser(server, 'ada', 'administrator')
  })
  afterAll(() => server.close())

  const signIn = (email: string, tried: string, more: object = {}) =>
    server.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: ours,
      payload: { email, password: tried },
      ...more,
    })

  it('gives a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await signIn('ADA@example.com', password)
    expect(answer.statusCode).toBe(200)
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(/^winnow_session=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/)
  })

  it('says the same for a wrong password and an unknown account', async () => {
    const [wrong, unknown] = [
      await signIn('ada@example.com', 'wrong'),
      await signIn('nobody@example.com', password),
    ]
    expect(wrong.statusCode).toBe(401)
    expect(unknown.json()).toEqual(wrong.json())
  })

  it('works with a link, once', async () => {
    const user = await addUser(server, 'grace', 'viewer')
    const link = await signInLink(
      server.context.store.db,
      user.id,
      'http://127.0.0.1',
      server.context.now?.(),
    )
    const use = () =>
      server.app.inject({
        method: 'POST',
        url: '/api/sign-in-link',
        headers: ours,
        payload: { token: tokenOf(link) },
      })
    expect((await use()).json().user.name).toBe('grace')
    expect((await use()).statusCode).toBe(410)
  })

  it('ends when one signs out', async () => {
    const user = await addUser(server, 'hedy', 'viewer')
    const headers = await signedIn(server, user)
    expect((await server.app.inject({ url: '/api/incidents', headers })).statusCode).toBe(200)
    const out = await server.app.inject({ method: 'DELETE', url: '/api/session', headers })
    expect(out.statusCode).toBe(200)
    expect((await server.app.inject({ url: '/api/incidents', headers })).statusCode).toBe(401)
  })
})
