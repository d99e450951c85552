/**
 * Users, sessions, keys, the audit log.
 *
 * @module
 */
import { z } from 'zod'
import type { ApiKey, AuditEntry, SessionInfo, User } from '../../api/api.ts'
import { line, role, scope, text, time } from './parts.ts'

export const user: z.ZodType<User> = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role,
    disabled: z.boolean(),
    created: time,
    lastSeen: time.nullable(),
    invited: z.boolean(),
  })
  .register(z.globalRegistry, { id: 'User' })

export const sessionInfo: z.ZodType<SessionInfo> = z
  .object({
    user: z.object({ id: z.string(), name: z.string(), email: z.string(), role }).nullable(),
    setupNeeded: z.boolean(),
    oidc: z.object({ label: z.string(), url: z.string() }).nullable(),
    version: z.string(),
    demo: z.boolean(),
  })
  .register(z.globalRegistry, { id: 'SessionInfo' })

export const apiKey: z.ZodType<ApiKey> = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(scope),
    source: z.string().nullable(),
    by: z.string(),
    created: time,
    expires: time.nullable(),
    lastUsed: time.nullable(),
    revoked: time.nullable(),
  })
  .register(z.globalRegistry, { id: 'ApiKey' })

export const auditEntry: z.ZodType<AuditEntry> = z
  .object({
    id: z.string(),
    time,
    who: z.string(),
    action: z.string(),
    target: z.string(),
    detail: z.string(),
    address: z.string().nullable(),
  })
  .register(z.globalRegistry, { id: 'AuditEntry' })

export const personName = line(100)
/** Small letters: one address is one account however it is written. */
export const email = line(254)
  .overwrite((value) => value.toLowerCase())
  .refine((value) => /^[^\s@]+@[^\s@]+$/.test(value), 'is not an e-mail address')
/** A link with which somebody chooses a password. */
export const passwordLink = z.object({ link: z.string(), expires: time })
/** What makes a password good is said by `passwordProblem`. */
export const password = text(1000)
export const token = z.string().regex(/^[\w-]{20,100}$/, 'is not a token of a link')
