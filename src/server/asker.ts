/**
 * Who asks, and what they may. Every route says the least role it takes, and the app refuses to be built where one
 * doesn't.
 *
 * @module
 */
import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { isWithin, scopeFor, type KnownKey } from '../store/keys.ts'
import type { Session } from '../store/sessions.ts'
import type { Role, Scope } from '../api/api.ts'

export type Asker =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'user'; readonly session: Session }
  | { readonly kind: 'key'; readonly key: KnownKey }

/** One for each user and each key, however many sessions they have. */
export const askerId = (asker: Asker): string => {
  if (asker.kind === 'user') return `user:${asker.session.user.id}`
  return asker.kind === 'key' ? `key:${asker.key.id}` : 'nobody'
}

/** Who did something, as the work state keeps it. */
export interface By {
  readonly id: string
  readonly name: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role; `anyone` needs no sign-in. Every route has one. */
    readonly role?: Role | 'anyone'
    /** The scope with which a key may, too; null: people only. Default: what fits the role. */
    readonly scope?: Scope | null
    /** What the audit log calls it: noun and verb. Null for what changes nothing. Default: method and path. */
    readonly action?: string | null
  }

  interface FastifyRequest {
    asker: Asker
    /** What the audit log says beside the action. */
    audited: { readonly target?: string; readonly detail?: string; readonly who?: string }
  }
}

const ranks: Readonly<Record<Role, number>> = { viewer: 1, analyst: 2, administrator: 3 }

/** Whether a role is at least another. */
export const atLeast = (role: Role, least: Role): boolean => ranks[role] >= ranks[least]

/** @throws AppError `not-signed-in`, `not-allowed` */
export const mustBeAllowed = (asker: Asker, role: Role | 'anyone', scope?: Scope | null): void => {
  if (role === 'anyone') return
  if (asker.kind === 'nobody') throw new AppError('not-signed-in')
  if (asker.kind === 'user') {
    if (!atLeast(asker.session.user.role, role))
      throw new AppError('not-allowed', { needs: `the role ${role}` })
    return
  }
  const needed = scope === undefined ? scopeFor[role] : scope
  if (needed === null) throw new AppError('not-allowed', { needs: 'a person, not a key' })
  if (!asker.key.scopes.some((scope) => isWithin(needed, scope)))
    throw new AppError('not-allowed', { needs: `a key with the scope ${needed}` })
}

/** Who is behind a request that passed {@link mustBeAllowed}. */
export const byOf = ({ asker }: FastifyRequest): By => {
  if (asker.kind === 'user') return { id: asker.session.user.id, name: asker.session.user.name }
  if (asker.kind === 'key') return { id: `key:${asker.key.id}`, name: `key ${asker.key.name}` }
  throw new AppError('not-signed-in')
}

/** The session of a route that only people may use. @throws AppError `not-signed-in`, `not-allowed` */
export const sessionOf = ({ asker }: FastifyRequest): Session => {
  if (asker.kind === 'user') return asker.session
  throw new AppError(asker.kind === 'nobody' ? 'not-signed-in' : 'not-allowed', {
    needs: 'a person, not a key',
  })
}
