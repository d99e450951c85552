/**
 * Signing in elsewhere: OpenID Connect's code flow with PKCE, state and nonce, by a certified library.
 *
 * @module
 */
import type { Configuration } from 'openid-client'
import type { OidcConfig } from '../config/config.ts'
import { AppError, messageOf } from '../errors.ts'
import type { Db } from '../store/database.ts'
import { changeUser, createUser, userByEmail, userBySubject, type UserRow } from '../store/users.ts'
import type { Role } from '../api/api.ts'
import { atLeast } from './asker.ts'
import { email as emailSchema, personName } from './schemas/people.ts'

/** What a sign-in keeps between its two halves. */
export interface Pending {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface Elsewhere {
  /** Where the browser is sent, and what is kept meanwhile. */
  readonly begin: (redirectUri: string) => Promise<{ readonly url: string; readonly pending: Pending }>
  /** What the provider says of who came back. @param url the address they came back to, with its query */
  readonly finish: (url: URL, pending: Pending) => Promise<Readonly<Record<string, unknown>>>
}

/** What the provider says of itself is asked again after this. */
const knownMs = 3_600_000
const timeoutSeconds = 10

const isLoopback = ({ hostname }: URL): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)

const failed = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError('sign-in-elsewhere-failed', { problem: messageOf(error).slice(0, 200) }, error)

export const openElsewhere = (config: OidcConfig, now: () => number): Elsewhere => {
  let known: { readonly provider: Promise<Configuration>; readonly atMs: number } | null = null

  const provider = async (): Promise<Configuration> => {
    const oidc = await import('openid-client')
    if (known === null || now() - known.atMs > knownMs) {
      const issuer = new URL(config.issuer)
      const asked = oidc.discovery(issuer, config.clientId, config.clientSecret, undefined, {
        timeout: timeoutSeconds,
        // Tokens go in the clear to nobody but this machine.
        execute: issuer.protocol === 'http:' && isLoopback(issuer) ? [oidc.allowInsecureRequests] : [],
      })
      known = { provider: asked, atMs: now() }
      asked.catch(() => (known = null))
    }
    return known.provider
  }

  return {
    begin: async (redirectUri) => {
      try {
        const oidc = await import('openid-client')
        const pending = {
          state: oidc.randomState(),
          nonce: oidc.randomNonce(),
          verifier: oidc.randomPKCECodeVerifier(),
        }
        const url = oidc.buildAuthorizationUrl(await provider(), {
          redirect_uri: redirectUri,
          scope: 'openid email profile',
          state: pending.state,
          nonce: pending.nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
          code_challenge_method: 'S256',
        })
        return { url: url.href, pending }
      } catch (error) {
        throw failed(error)
      }
    },
    finish: async (url, { state, nonce, verifier }) => {
      try {
        const oidc = await import('openid-client')
        const answered = await oidc.authorizationCodeGrant(await provider(), url, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        const claims = answered.claims()
        if (claims === undefined)
          throw new AppError('sign-in-elsewhere-failed', { problem: 'no ID token came' })
        if (claims['email'] !== undefined) return { ...claims }
        const more = await oidc.fetchUserInfo(await provider(), answered.access_token, claims.sub)
        return { ...more, ...claims }
      } catch (error) {
        throw failed(error)
      }
    },
  }
}

/** The highest role that the groups give; null where the configuration says that they get none. */
export const roleFrom = (config: OidcConfig, claims: Readonly<Record<string, unknown>>): Role | null => {
  const claim = config.rolesClaim === undefined ? [] : claims[config.rolesClaim]
  const groups = new Set(Array.isArray(claim) ? claim : [claim])
  const given = Object.entries(config.roles ?? {}).flatMap(([group, role]) =>
    groups.has(group) ? [role] : [],
  )
  const best = given.reduce<Role | null>(
    (best, role) => (best !== null && atLeast(best, role) ? best : role),
    null,
  )
  if (best !== null) return best
  return config.defaultRole === undefined || config.defaultRole === 'none' ? null : config.defaultRole
}

/**
 * The user of who came back: known by what the provider calls them, else by their address where the provider has checked
 * that it is theirs, else made. Where groups give roles, what they give today counts.
 *
 * @throws AppError `not-allowed`, `sign-in-elsewhere-failed`
 */
export const userFrom = async (
  db: Db,
  config: OidcConfig,
  claims: Readonly<Record<string, unknown>>,
  nowMs: number,
): Promise<UserRow> => {
  const { iss: issuer, sub: subject } = claims
  if (typeof issuer !== 'string' || typeof subject !== 'string')
    throw new AppError('sign-in-elsewhere-failed', { problem: 'the answer does not say who it is about' })
  const oidc = { issuer, subject }
  const address = emailSchema.safeParse(claims['email'])
  const known =
    (await userBySubject(db, issuer, subject)) ??
    (address.success && claims['email_verified'] === true ? await userByEmail(db, address.data) : undefined)
  const role = roleFrom(config, claims)
  if (known !== undefined) {
    if (known.disabled) throw new AppError('not-allowed', { needs: 'an account that is not disabled' })
    // Whoever an administrator made here keeps the role given here, unless groups give roles.
    if (config.rolesClaim !== undefined && role === null)
      throw new AppError('not-allowed', { needs: 'a group that may use Winnow' })
    const change = config.rolesClaim === undefined || role === null ? {} : { role }
    return changeUser(db, known.id, { ...change, oidc })
  }
  if (role === null) throw new AppError('not-allowed', { needs: 'a group that may use Winnow' })
  if (!address.success)
    throw new AppError('sign-in-elsewhere-failed', { problem: 'the answer holds no e-mail address' })
  const name = personName.safeParse(claims['name'])
  const user = {
    name: name.success ? name.data : address.data,
    email: address.data,
    role,
    password: null,
    oidc,
  }
  return createUser(db, user, nowMs)
}
