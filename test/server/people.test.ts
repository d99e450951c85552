import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkKey, openKeys } from '../../src/store/keys.ts'
import { idleMs } from '../../src/store/sessions.ts'
import type { UserRow } from '../../src/store/users.ts'
import { addUser, ours, password, runServer, signedIn, type Running } from './running.ts'

const hour = 3_600_000

describe('people', () => {
  let server: Running
  let ada: UserRow
  beforeAll(async () => {
    server = await runServer()
    ada = await addUser(server, 'ada', 'administrator')
  })
  afterAll(() => server.close())

  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, as = ada) =>
    server.app.inject({
      method,
      url,
      headers: await signedIn(server, as),
      ...(payload === undefined ? {} : { payload }),
    })

  const signIn = (email: string, tried: string, remoteAddress = '192.0.2.1') =>
    server.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: ours,
      payload: { email, password: tried },
      remoteAddress,
    })

  const audit = async (): Promise<{ who: string; action: string; target: string; detail: string }[]> =>
    (await ask('GET', '/api/audit')).json().entries

  it('are made, changed and taken away by administrators, and the audit log says so', async () => {
    const made = await ask('POST', '/api/users', {
      name: 'Bea',
      email: 'Bea@example.com',
      role: 'viewer',
      password,
    })
    expect(made.json()).toMatchObject({
      name: 'Bea',
      email: 'bea@example.com',
      role: 'viewer',
      disabled: false,
    })
    const { id } = made.json()
    const changed = await ask('PATCH', `/api/users/${id}`, { role: 'analyst', name: 'Beatrice' })
    expect(changed.json()).toMatchObject({ name: 'Beatrice', role: 'analyst' })
    expect((await ask('DELETE', `/api/users/${id}`)).statusCode).toBe(200)
    expect((await ask('GET', '/api/users')).json().users.map(({ name }: { name: string }) => name)).toEqual([
      'ada',
    ])
    expect((await audit()).slice(0, 3).map(({ who, action, target }) => [who, action, target])).toEqual([
      ['ada@example.com', 'user deleted', 'bea@example.com'],
      ['ada@example.com', 'user changed', 'bea@example.com'],
      ['ada@example.com', 'user created', 'bea@example.com'],
    ])
    const again = { name: 'Bea', email: 'bea@example.com', role: 'viewer', password }
    expect((await ask('POST', '/api/users', again)).statusCode).toBe(200)
    expect((await ask('POST', '/api/users', again)).json().error.code).toBe('conflict')
  })

  it('are refused poor passwords, with the reason', async () => {
    const tryWith = async (tried: string): Promise<string> => {
      const user = { name: 'Poor Choice', email: 'poor@example.com', role: 'viewer', password: tried }
      return (await ask('POST', '/api/users', user)).json().error?.message
    }
    expect(await tryWith('elevenchars')).toContain('fewer than 12')
    expect(await tryWith('abababababab')).toContain('repeats')
    expect(await tryWith('password1234')).toContain('among the first')
    expect(await tryWith('poor@example.com!')).toContain('hardly more than the name')
  })

  it('never lose the last administrator', async () => {
    for (const change of [{ role: 'viewer' }, { disabled: true }]) {
      const answer = await ask('PATCH', `/api/users/${ada.id}`, change)
      expect([answer.statusCode, answer.json().error.code]).toEqual([409, 'last-administrator'])
    }
    expect((await ask('DELETE', `/api/users/${ada.id}`)).statusCode).toBe(409)
    expect((await ask('GET', '/api/users')).statusCode).toBe(200)
  })

  it('lose their sessions when they are disabled, and cannot sign in again', async () => {
    const user = await addUser(server, 'dora', 'analyst')
    const headers = await signedIn(server, user)
    await ask('PATCH', `/api/users/${user.id}`, { disabled: true })
    expect((await server.app.inject({ url: '/api/users', headers })).statusCode).toBe(401)
    expect((await signIn(user.email, password)).json().error.code).toBe('sign-in-failed')
  })

  it('change their own password with the old one, which ends all other sessions', async () => {
    const user = await addUser(server, 'eda', 'viewer')
    const [here, elsewhere] = [await signedIn(server, user), await signedIn(server, user)]
    const change = (old: string) =>
      server.app.inject({
        method: 'PATCH',
        url: '/api/me',
        headers: here,
        payload: { password: { old, new: 'a whole new sentence' } },
      })
    expect((await change('not it')).statusCode).toBe(401)
    const changed = await change(password)
    expect(changed.statusCode).toBe(200)
    for (const headers of [here, elsewhere]) {
      expect((await server.app.inject({ url: '/api/users', headers })).statusCode).toBe(401)
    }
    const cookie = String(changed.headers['set-cookie']).split(';')[0] ?? ''
    expect((await server.app.inject({ url: '/api/users', headers: { cookie } })).statusCode).toBe(200)
    expect((await signIn(user.email, 'a whole new sentence')).statusCode).toBe(200)
  })

  it('end with a new password what somebody is beginning with the old one', async () => {
    const user = await addUser(server, 'efa', 'viewer')
    const changed = server.app.inject({
      method: 'PATCH',
      url: '/api/me',
      headers: await signedIn(server, user),
      payload: { password: { old: password, new: 'a whole new sentence' } },
    })
    const tries: ReturnType<typeof signIn>[] = []
    for (let i = 0; i < 8; i += 1) {
      tries.push(signIn(user.email, password, `192.0.2.${i + 40}`))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect((await changed).statusCode).toBe(200)
    for (const { headers } of await Promise.all(tries)) {
      const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
      expect((await server.app.inject({ url: '/api/users', headers: { cookie } })).statusCode).toBe(401)
    }
  })

  it('are signed out when they do nothing for hours, and after a day whatever they do', async () => {
    const user = await addUser(server, 'fay', 'viewer')
    const status = async (headers: Readonly<Record<string, string>>) =>
      (await server.app.inject({ url: '/api/users', headers })).statusCode
    const idle = await signedIn(server, user)
    server.pass(idleMs - 1000)
    expect(await status(idle)).toBe(200)
    server.pass(idleMs + 1000)
    expect(await status(idle)).toBe(401)
    const busy = await signedIn(server, user)
    for (let hours = 0; hours < 24; hours += 6) {
      expect(await status(busy)).toBe(200)
      server.pass(6 * hour)
    }
    expect(await status(busy)).toBe(401)
  })

  it('have to wait after a few wrong passwords, whatever address they claim to come from', async () => {
    const user = await addUser(server, 'gwen', 'viewer')
    const guess = (i: number) =>
      server.app.inject({
        method: 'POST',
        url: '/api/session',
        headers: {
          ...ours,
          'x-forwarded-for': `198.51.100.${i}`,
          'x-real-ip': `198.51.100.${i}`,
          forwarded: `for=198.51.100.${i}`,
        },
        payload: { email: user.email, password: `wrong ${i}` },
        remoteAddress: '203.0.113.7',
      })
    const statuses: number[] = []
    for (let i = 0; i < 7; i += 1) statuses.push((await guess(i)).statusCode)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
    const right = await signIn(user.email, password, '203.0.113.7')
    expect([right.statusCode, right.headers['retry-after']]).toEqual([429, '2'])
    // From elsewhere the owner gets in, and after a while from there too.
    expect((await signIn(user.email, password, '192.0.2.44')).statusCode).toBe(200)
    server.pass(3000)
    expect((await signIn(user.email, password, '203.0.113.7')).statusCode).toBe(200)
  })

  it('are one attempt after the other, also when they come at once', async () => {
    const user = await addUser(server, 'hilda', 'viewer')
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => signIn(user.email, 'wrong at once', '203.0.113.8')),
    )
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429])
  })

  it('are counted by network where addresses are cheap', async () => {
    const user = await addUser(server, 'ines', 'viewer')
    for (let i = 0; i < 5; i += 1) await signIn(user.email, 'wrong', `2001:db8:1:2::${i}`)
    expect((await signIn(user.email, 'wrong', '2001:db8:1:2:ffff::1')).statusCode).toBe(429)
    expect((await signIn(user.email, 'wrong', '2001:db8:1:3::1')).statusCode).toBe(401)
  })

  it('give keys that are shown once, work by their scope, and end when they are revoked or too old', async () => {
    const { db } = server.context.store
    const expires = new Date((server.context.now?.() ?? 0) + hour).toISOString()
    const made = await ask('POST', '/api/keys', {
      name: 'Vector',
      scopes: ['ingest', 'ingest'],
      source: 'shop',
      expires,
    })
    const { key, secret } = made.json()
    expect(secret).toMatch(/^winnow_[0-9a-f]{16}_[\w-]{43}$/)
    expect(key).toMatchObject({
      name: 'Vector',
      scopes: ['ingest'],
      source: 'shop',
      by: 'ada',
      revoked: null,
    })
    const listed = await ask('GET', '/api/keys')
    expect(listed.json().keys).toHaveLength(1)
    expect(listed.body).not.toContain(secret)
    expect(JSON.stringify(await db.selectFrom('api_keys').selectAll().execute())).not.toContain(secret)

    const known = { id: key.id, name: 'Vector', scopes: ['ingest'], source: 'shop' }
    const now = server.context.now ?? Date.now
    expect(await checkKey(db, secret, now())).toEqual(known)
    for (const wrong of ['', 'winnow_', `${secret}x`, secret.replace(/.$/, '!'), secret.toUpperCase()]) {
      expect(await checkKey(db, wrong, now())).toBe(null)
    }
    const keys = openKeys(db, now)
    expect(await keys.check(secret)).toEqual(known)
    server.pass(hour + 1)
    expect(await checkKey(db, secret, now())).toBe(null)
    expect(await keys.check(secret)).toBe(null)

    const other = (await ask('POST', '/api/keys', { name: 'Other', scopes: ['read'] })).json()
    expect((await ask('DELETE', `/api/keys/${other.key.id}`)).statusCode).toBe(200)
    expect(await checkKey(db, other.secret, now())).toBe(null)
    expect((await ask('DELETE', `/api/keys/${other.key.id}`)).statusCode).toBe(404)
  })

  it('take along the keys they made when they leave, but for those that send logs', async () => {
    const { db } = server.context.store
    const now = server.context.now ?? Date.now
    const user = await addUser(server, 'jo', 'administrator')
    const [sends, reads] = [
      (await ask('POST', '/api/keys', { name: 'sends', scopes: ['ingest'] }, user)).json().secret,
      (await ask('POST', '/api/keys', { name: 'reads', scopes: ['read'] }, user)).json().secret,
    ]
    await ask('DELETE', `/api/users/${user.id}`)
    expect(await checkKey(db, sends, now())).not.toBe(null)
    expect(await checkKey(db, reads, now())).toBe(null)
  })

  it('make keys that may no more than they may themselves', async () => {
    const user = await addUser(server, 'kim', 'administrator')
    const keyWith = async (scopes: readonly string[]): Promise<{ authorization: string }> => {
      const made = await ask('POST', '/api/keys', { name: scopes.join(), scopes }, user)
      return { authorization: `Bearer ${made.json().secret}` }
    }
    const [all, reads, sends] = [await keyWith(['admin']), await keyWith(['read']), await keyWith(['ingest'])]
    const statuses = async (headers: { authorization: string }) =>
      Promise.all(
        ['/api/audit', '/api/users'].map(
          async (url) => (await server.app.inject({ url, headers })).statusCode,
        ),
      )
    const promote = async (headers: { authorization: string }) =>
      (
        await server.app.inject({
          method: 'PATCH',
          url: `/api/users/${user.id}`,
          headers,
          payload: { role: 'administrator' },
        })
      ).statusCode
    expect(await statuses(all)).toEqual([200, 200])
    await ask('PATCH', `/api/users/${user.id}`, { role: 'viewer' })
    expect(await statuses(all)).toEqual([403, 200])
    expect(await statuses(reads)).toEqual([403, 200])
    expect(await statuses(sends)).toEqual([403, 403])
    expect(await promote(all)).toBe(403)
    await ask('PATCH', `/api/users/${user.id}`, { role: 'administrator' })
    expect(await statuses(all)).toEqual([200, 200])
  })

  it('read the audit log a page at a time, failed sign-ins among it', async () => {
    await signIn('nobody@example.com', 'my password typed wrongly', '203.0.113.99')
    const first = (await ask('GET', '/api/audit?limit=3')).json()
    expect(first.entries[0]).toMatchObject({
      who: 'nobody',
      action: 'sign-in failed',
      target: 'an unknown account',
      address: '203.0.113.99',
    })
    const second = (await ask('GET', `/api/audit?limit=3&cursor=${first.next}`)).json()
    const ids = [...first.entries, ...second.entries].map(({ id }: { id: string }) => Number(id))
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
    expect(new Set(ids).size).toBe(6)
    expect(JSON.stringify(await audit())).not.toContain(password)
  })
})
