import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passwordLinkMs } from '../../src/store/one-time-tokens.ts'
import { createUser, type UserRow } from '../../src/store/users.ts'
import { addUser, config, ours, password, runServer, signedIn, startMs, type Running } from './running.ts'

const tokenOf = (link: string): string => link.split('#')[1] ?? ''
const chosen = 'a sentence of my own'

describe('a link to choose a password', () => {
  let server: Running
  let ada: UserRow
  beforeAll(async () => {
    server = await runServer()
    ada = await addUser(server, 'ada', 'administrator')
  })
  afterAll(() => server.close())

  const invite = (name: string): Promise<UserRow> =>
    createUser(
      server.context.store.db,
      { name, email: `${name}@example.com`, role: 'analyst', password: null },
      startMs,
    )

  const make = async ({ id }: Pick<UserRow, 'id'>, headers: Readonly<Record<string, string>> = {}) =>
    server.app.inject({
      method: 'POST',
      url: `/api/users/${id}/password-link`,
      headers: { ...(await signedIn(server, ada)), ...headers },
      payload: {},
    })

  const tokenFor = async (user: Pick<UserRow, 'id'>): Promise<string> =>
    tokenOf((await make(user)).json().link)

  const choose = (token: string, tried = chosen, remoteAddress = '192.0.2.1') =>
    server.app.inject({
      method: 'POST',
      url: '/api/choose-password',
      headers: ours,
      payload: { token, password: tried },
      remoteAddress,
    })

  const signIn = (email: string, tried: string, remoteAddress = '192.0.2.1') =>
    server.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: ours,
      payload: { email, password: tried },
      remoteAddress,
    })

  it('lets in who was invited, who is invited no more then', async () => {
    const made = await server.app.inject({
      method: 'POST',
      url: '/api/users',
      headers: await signedIn(server, ada),
      payload: { name: 'Bea', email: 'bea@example.com', role: 'analyst' },
    })
    expect(made.json()).toMatchObject({ name: 'Bea', invited: true })
    expect((await signIn('bea@example.com', chosen)).statusCode).toBe(401)
    const { link, expires } = (await make(made.json())).json()
    expect(link).toMatch(/^http:\/\/localhost:80\/choose-password#[\w-]{43}$/)
    expect(Date.parse(expires) - startMs).toBe(3 * 24 * 3_600_000)

    const answer = await choose(tokenOf(link))
    expect(answer.json()).toMatchObject({ user: { email: 'bea@example.com', role: 'analyst' } })
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
    const { users } = (await server.app.inject({ url: '/api/users', headers: { cookie } })).json()
    const bea = users.find(({ name }: { name: string }) => name === 'Bea')
    expect(bea).toMatchObject({ invited: false, lastSeen: new Date(startMs).toISOString() })
    expect((await signIn('bea@example.com', chosen)).statusCode).toBe(200)
  })

  it('works once', async () => {
    const token = await tokenFor(await invite('cleo'))
    const statuses = (await Promise.all([choose(token), choose(token)])).map(({ statusCode }) => statusCode)
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 410])
    expect((await choose(token)).json().error.code).toBe('link-used-up')
    expect((await choose('A'.repeat(43))).json().error.code).toBe('link-used-up')
  })

  it('is not used up by a password that will not do', async () => {
    const token = await tokenFor(await invite('dora'))
    for (const [poor, why] of [
      ['too short', 'fewer than 12'],
      ['dora@example.com!', 'hardly more than the name'],
    ] as const) {
      const refused = (await choose(token, poor)).json().error
      expect([refused.code, refused.message]).toEqual(['invalid-password', expect.stringContaining(why)])
    }
    expect((await choose(token)).statusCode).toBe(200)
  })

  it('ends after three days, and by the next one', async () => {
    const user = await invite('eda')
    const [first, second] = [await tokenFor(user), await tokenFor(user)]
    expect((await choose(first)).statusCode).toBe(410)
    server.pass(passwordLinkMs.invited - 1)
    expect((await choose(second, 'poor')).json().error.code).toBe('invalid-password')
    server.pass(1)
    expect((await choose(second)).statusCode).toBe(410)
  })

  it('ends all other sessions of whoever forgot the password, and the wait for wrong ones', async () => {
    const user = await addUser(server, 'fay', 'viewer')
    const elsewhere = await signedIn(server, user)
    const at = '203.0.113.7'
    for (let i = 0; i < 6; i += 1) await signIn(user.email, `wrong ${i}`, at)
    expect((await signIn(user.email, password, at)).statusCode).toBe(429)
    const token = await tokenFor(user)
    expect((await server.app.inject({ url: '/api/users', headers: elsewhere })).statusCode).toBe(200)
    const answer = await choose(token, chosen, at)
    expect(answer.statusCode).toBe(200)
    expect((await server.app.inject({ url: '/api/users', headers: elsewhere })).statusCode).toBe(401)
    expect((await signIn(user.email, password, at)).statusCode).toBe(401)
    expect((await signIn(user.email, chosen, at)).statusCode).toBe(200)
  })

  it('is not made for who is disabled or not there, and ends when somebody is disabled', async () => {
    const user = await invite('gwen')
    const token = await tokenFor(user)
    const headers = await signedIn(server, ada)
    const change = (disabled: boolean) =>
      server.app.inject({
        method: 'PATCH',
        url: `/api/users/${user.id}`,
        headers,
        payload: { disabled },
      })
    await change(true)
    expect((await make(user)).json().error.code).toBe('conflict')
    expect((await choose(token)).statusCode).toBe(410)
    await change(false)
    expect((await choose(token)).statusCode).toBe(410)
    const next = await tokenFor(user)
    await server.app.inject({ method: 'DELETE', url: `/api/users/${user.id}`, headers })
    expect((await choose(next)).statusCode).toBe(410)
    expect((await make(user)).statusCode).toBe(404)
  })

  it('leads to where the browser is, or to the configured address, and to no other', async () => {
    const user = await invite('ines')
    const host = { host: 'console.example.com' }
    const baseOf = async (headers: Readonly<Record<string, string>>): Promise<string> => {
      const answer = await make(user, headers)
      return answer.statusCode === 200 ? new URL(answer.json().link).origin : answer.json().error.code
    }
    expect(await baseOf({ ...host, origin: 'https://console.example.com' })).toBe(
      'https://console.example.com',
    )
    expect(await baseOf({ ...host, origin: 'https://evil.example.net' })).toBe('cross-site')
    expect(await baseOf({ ...host, 'x-forwarded-host': 'evil.example.net' })).toBe(
      'http://console.example.com',
    )

    const other = await runServer({ config: { ...config, url: 'https://winnow.example.com' } })
    const root = await addUser(other, 'root', 'administrator')
    // With TLS the cookie has another name.
    const { cookie, ...rest } = await signedIn(other, root)
    const secured = await other.app.inject({
      method: 'POST',
      url: `/api/users/${root.id}/password-link`,
      headers: { ...rest, cookie: `__Host-${cookie}`, ...host },
      payload: {},
    })
    expect(new URL(secured.json().link).origin).toBe('https://winnow.example.com')
    await other.close()
  })

  it('is written into the audit log, and its token nowhere', async () => {
    const token = await tokenFor(await invite('jo'))
    await choose(token)
    const headers = await signedIn(server, ada)
    const { entries } = (await server.app.inject({ url: '/api/audit?limit=2', headers })).json()
    expect(entries.map(({ who, action, target }: Record<string, string>) => [who, action, target])).toEqual([
      ['jo@example.com', 'password chosen', 'jo@example.com'],
      ['ada@example.com', 'password link made', 'jo@example.com'],
    ])
    const { db } = server.context.store
    const kept = JSON.stringify([
      await db.selectFrom('audit').selectAll().execute(),
      await db.selectFrom('one_time_tokens').selectAll().execute(),
      server.logged,
    ])
    expect(kept).not.toContain(token)
    expect(kept).not.toContain(chosen)
  })
})
