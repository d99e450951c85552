import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OidcConfig } from '../../src/config/config.ts'
import { roleFrom } from '../../src/server/elsewhere.ts'
import { openIdentityProvider, type IdentityProvider } from './identity-provider.ts'
import { addUser, config, runServer, type Running } from './running.ts'

const oidcConfig = (issuer: string): OidcConfig => ({
  issuer,
  clientId: 'winnow',
  clientSecret: 'a secret',
  label: 'Company sign-in',
  rolesClaim: 'groups',
  roles: { soc: 'analyst', admins: 'administrator' },
})

const cookieOf = (header: string | string[] | undefined | number): string =>
  (Array.isArray(header) ? header : [String(header)])
    .map((cookie) => cookie.split(';')[0] ?? '')
    .filter((cookie) => !cookie.endsWith('='))
    .join('; ')

describe('signing in elsewhere', () => {
  let provider: IdentityProvider
  let server: Running
  beforeAll(async () => {
    provider = await openIdentityProvider()
    server = await runServer({ config: { ...config, oidc: oidcConfig(provider.issuer) } })
    await addUser(server, 'root', 'administrator')
  })
  afterAll(async () => {
    await server.close()
    await provider.close()
  })
  beforeEach(() => {
    provider.tamper = (claims) => claims
    provider.person = {
      sub: 'u1',
      email: 'Cleo@example.com',
      email_verified: true,
      name: 'Cleo',
      groups: ['soc', 'all'],
    }
  })

  const begin = async () => {
    const answer = await server.app.inject('/api/oidc/start')
    return { to: String(answer.headers.location), cookie: cookieOf(answer.headers['set-cookie']) }
  }

  const comeBack = async (url: string, cookie: string) => {
    const { pathname, search } = new URL(url)
    const answer = await server.app.inject({ url: `${pathname}${search}`, headers: { cookie } })
    const session = await server.app.inject({
      url: '/api/session',
      headers: { cookie: cookieOf(answer.headers['set-cookie']) },
    })
    return { to: answer.headers.location, user: session.json().user }
  }

  const through = async () => {
    const { to, cookie } = await begin()
    return comeBack(provider.authorize(to), cookie)
  }

  it('asks with a state, a nonce and a challenge, and offers the button', async () => {
    expect((await server.app.inject('/api/session')).json().oidc).toEqual({
      label: 'Company sign-in',
      url: '/api/oidc/start',
    })
    const { to } = await begin()
    const { searchParams } = new URL(to)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.get('redirect_uri')).toBe('http://localhost:80/api/oidc/callback')
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(searchParams.get(name)?.length).toBeGreaterThan(20)
  })

  it('makes a user with the role of their groups, and knows them again', async () => {
    const first = await through()
    expect([first.to, first.user]).toMatchObject([
      '/',
      { name: 'Cleo', email: 'cleo@example.com', role: 'analyst' },
    ])
    provider.person = { ...provider.person, email: 'moved@example.com', groups: ['admins'] }
    const second = await through()
    expect(second.user).toMatchObject({ id: first.user.id, email: 'cleo@example.com', role: 'administrator' })
  })

  it('refuses whoever is in no group, also when they were in one before', async () => {
    provider.person = { ...provider.person, sub: 'u2', email: 'new@example.com', groups: [] }
    expect(await through()).toEqual({ to: '/sign-in?error=not-allowed', user: null })
    provider.person = { sub: 'u1', email: 'cleo@example.com', groups: ['all'] }
    expect((await through()).to).toBe('/sign-in?error=not-allowed')
  })

  it('takes an address for a user made here only where the provider has checked it', async () => {
    const dan = await addUser(server, 'dan', 'viewer')
    provider.person = { sub: 'u3', email: 'dan@example.com', email_verified: false, groups: ['soc'] }
    expect((await through()).to).toBe('/sign-in?error=conflict')
    provider.person = { ...provider.person, email_verified: true }
    expect((await through()).user).toMatchObject({ id: dan.id, role: 'analyst' })
  })

  it('refuses an answer that was not asked for in this browser, or is given twice', async () => {
    const [mine, theirs] = [await begin(), await begin()]
    const back = provider.authorize(theirs.to)
    expect((await comeBack(back, '')).to).toBe('/sign-in?error=sign-in-elsewhere-failed')
    expect((await comeBack(back, mine.cookie)).to).toBe('/sign-in?error=sign-in-elsewhere-failed')
    expect((await comeBack(back, theirs.cookie)).user).toMatchObject({ name: 'Cleo' })
    expect((await comeBack(back, theirs.cookie)).user).toBe(null)
  })

  it.each([
    ['for another', { aud: 'somebody else' }],
    ['of another', { iss: 'https://evil.example.com' }],
    ['too old', { exp: 1 }],
    ['for another sign-in', { nonce: 'replayed' }],
  ])('refuses a token %s', async (_, change) => {
    provider.tamper = (claims) => ({ ...claims, ...change })
    expect(await through()).toEqual({ to: '/sign-in?error=sign-in-elsewhere-failed', user: null })
  })

  it('leads back to the console where the provider is away', async () => {
    const gone = await openIdentityProvider()
    const alone = await runServer({ config: { ...config, oidc: oidcConfig(gone.issuer) } })
    await gone.close()
    const { statusCode, headers } = await alone.app.inject('/api/oidc/start')
    expect([statusCode, headers.location]).toEqual([303, '/sign-in?error=sign-in-elsewhere-failed'])
    await alone.close()
  })

  it('says in the audit log who came, and who was refused', async () => {
    await through()
    const rows = await server.context.store.db.selectFrom('audit').select(['who', 'action']).execute()
    expect(rows).toContainEqual({ who: 'cleo@example.com', action: 'signed in elsewhere' })
    expect(rows).toContainEqual({ who: 'nobody', action: 'sign-in failed' })
  })
})

describe('the role that groups give', () => {
  const base = oidcConfig('https://id.example.com')

  it('is the highest of them, else what the configuration says', () => {
    expect(roleFrom(base, { groups: ['soc', 'admins'] })).toBe('administrator')
    expect(roleFrom(base, { groups: 'soc' })).toBe('analyst')
    expect(roleFrom(base, { groups: ['other'] })).toBe(null)
    expect(roleFrom(base, {})).toBe(null)
    expect(roleFrom({ ...base, defaultRole: 'viewer' }, { groups: 7 })).toBe('viewer')
    expect(roleFrom({ ...base, defaultRole: 'none' }, {})).toBe(null)
  })
})
