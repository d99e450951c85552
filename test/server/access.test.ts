import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role, Scope } from '../../src/api/api.ts'
import type { DeclaredRoute } from '../../src/server/gate.ts'
import { createKey } from '../../src/store/keys.ts'
import type { UserRow } from '../../src/store/users.ts'
import { addUser, config, ours, runServer, signedIn, startMs, type Running } from './running.ts'

const roles: readonly Role[] = ['viewer', 'analyst', 'administrator']
const scopes: readonly Scope[] = ['ingest', 'read', 'write', 'admin']

/** What a key needs for a route of a role, and what it may have instead. */
const enough: Readonly<Record<Role, readonly Scope[]>> = {
  viewer: ['read', 'write', 'admin'],
  analyst: ['write', 'admin'],
  administrator: ['admin'],
}

describe('every route', () => {
  let server: Running
  const users = new Map<Role, UserRow>()
  const keys = new Map<Scope, string>()
  beforeAll(async () => {
    const oidc = { issuer: 'http://127.0.0.1:9', clientId: 'a', clientSecret: 'b', label: 'Elsewhere' }
    server = await runServer({ config: { ...config, oidc } })
    for (const role of roles) users.set(role, await addUser(server, role, role))
    await addUser(server, 'another', 'administrator')
    for (const scope of scopes) {
      const by = { id: users.get('administrator')?.id ?? '', name: 'administrator' }
      const key = { name: scope, scopes: [scope], source: null, expires: null }
      keys.set(scope, (await createKey(server.context.store.db, key, by, startMs)).secret)
    }
  })
  afterAll(() => server.close())

  /** The status of a request that says as little as it can. */
  const ask = async (
    { method, url }: DeclaredRoute,
    headers: Readonly<Record<string, string>>,
  ): Promise<number> => {
    const options: InjectOptions = {
      method,
      url: url.replaceAll(/:\w+/g, 'x').replace('*', ''),
      headers: { ...ours, ...headers },
      ...(['GET', 'HEAD'].includes(method) ? {} : { payload: {} }),
    }
    const answer = await server.app.inject({ ...options, payloadAsStream: true })
    answer.stream().destroy()
    return answer.statusCode
  }

  const signIn = async (role: Role): Promise<Readonly<Record<string, string>>> => {
    const user = users.get(role)
    if (user === undefined) throw new Error('no such user')
    return signedIn(server, user)
  }

  it('declares who may use it, and what changes declare what the audit log calls them', () => {
    expect(server.app.declared.length).toBeGreaterThan(40)
    const unnamed = server.app.declared.filter(({ action, method, url }) => action === `${method} ${url}`)
    expect(unnamed).toEqual([])
  })

  it('is open to whom the list says', async () => {
    const lines = server.app.declared
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, url, role, scope, action }) => {
        const key = role === 'anyone' ? '' : scope === null ? 'people only' : (scope ?? '')
        return `${method.padEnd(7)}${url.padEnd(40)}${role.padEnd(15)}${key.padEnd(13)}${action ?? ''}`.trimEnd()
      })
    await expect(`${lines.toSorted().join('\n')}\n`).toMatchFileSnapshot('golden/routes.txt')
  })

  it('refuses whoever is not signed in, but for signing in, health and the console', async () => {
    const open: string[] = []
    for (const route of server.app.declared) {
      if (route.url === '/metrics') continue
      const status = await ask(route, {})
      expect([route.url, route.role === 'anyone']).toEqual([route.url, status !== 401])
      if (status !== 401) open.push(route.url)
    }
    expect(
      open.every((url) =>
        /^\/(?:\*|healthz|readyz|api\/(?:session|setup|sign-in-link|choose-password|oidc\/.*|openapi\.json))$/.test(
          url,
        ),
      ),
    ).toBe(true)
  })

  it.each(roles)('lets a person with the role %s do what the role may, and no more', async (role) => {
    for (const route of server.app.declared) {
      const status = await ask(route, await signIn(role))
      const may = route.role === 'anyone' || roles.indexOf(role) >= roles.indexOf(route.role)
      expect([route.method, route.url, may]).toEqual([route.method, route.url, status !== 403])
      expect(status).not.toBe(401)
    }
  })

  it.each(scopes)('lets a key with the scope %s do what the scope may, and no more', async (scope) => {
    const authorization = `Bearer ${keys.get(scope) ?? ''}`
    for (const route of server.app.declared) {
      if (route.url === '/metrics') continue
      const status = await ask(route, { authorization })
      const may =
        route.role === 'anyone' ||
        (route.scope !== null &&
          (route.scope === undefined ? enough[route.role] : [route.scope]).includes(scope))
      expect([route.method, route.url, may]).toEqual([route.method, route.url, status !== 403])
    }
  })

  it('refuses changes that come from another site, or without our header', async () => {
    const changing = server.app.declared.filter(({ method }) => !['GET', 'HEAD'].includes(method))
    expect(changing.length).toBeGreaterThan(20)
    const foreign = [
      { 'x-winnow': '0' },
      { origin: 'https://evil.example.com' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]
    for (const route of changing) {
      for (const headers of foreign) {
        expect(await ask(route, { ...(await signIn('administrator')), ...headers })).toBe(403)
      }
    }
  })

  it('takes changes from its own origin', async () => {
    const own = { origin: 'http://localhost:80', 'sec-fetch-site': 'same-origin' }
    const headers = { ...(await signIn('administrator')), ...own }
    const answer = await server.app.inject({
      method: 'PATCH',
      url: '/api/settings',
      headers,
      payload: { retentionDays: 30 },
    })
    expect(answer.statusCode).toBe(200)
  })
})

describe('an app', () => {
  it('cannot be built with a route that says nothing of who may use it', async () => {
    const server = await runServer()
    const { addGate } = await import('../../src/server/gate.ts')
    const { default: Fastify } = await import('fastify')
    const app = Fastify()
    // A plain app is enough for the gate: it only looks at what routes declare.
    addGate(app as never, server.context as never)
    expect(() => app.get('/api/forgotten', () => 'open to all')).toThrow(
      'GET /api/forgotten declares no role',
    )
    await server.close()
  })
})
