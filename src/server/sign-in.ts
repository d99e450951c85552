/**
 * What all ways to sign in end with.
 *
 * @module
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { startSession } from '../store/sessions.ts'
import { setupNeeded, userById, withUsersLocked, type UserRow } from '../store/users.ts'
import { version } from '../version.ts'
import type { SessionInfo } from '../api/api.ts'
import type { Running } from './context.ts'
import { isSecure, setSession } from './cookies.ts'

/** Of ways to sign in, and of what asks for a password, a minute and an address: tighter than for other routes, as each costs 0.4 s of a processor. */
export const signInLimit = { max: 30, timeWindow: 60_000 }

/** What the console is told of whoever asks. */
export const sessionInfo = async (
  context: Running,
  user: Pick<UserRow, 'id' | 'name' | 'email' | 'role'> | null,
): Promise<SessionInfo> => ({
  user: user === null ? null : { id: user.id, name: user.name, email: user.email, role: user.role },
  setupNeeded: user === null && (await setupNeeded(context.store.db)),
  oidc:
    context.config.oidc === undefined ? null : { label: context.config.oidc.label, url: '/api/oidc/start' },
  version,
  demo: context.demo ?? false,
})

/**
 * Starts a session for a user, in the browser that asked.
 *
 * @param user as they were when they were let in: a password that was changed since has ended what it began
 * @throws AppError `sign-in-failed`
 */
export const signIn = async (
  context: Running,
  request: FastifyRequest,
  reply: FastifyReply,
  user: UserRow,
): Promise<void> => {
  const { hours } = context.config.session
  const nowMs = context.now()
  const token = await withUsersLocked(context.store.db, async (db) => {
    const current = await userById(db, user.id)
    if (current === undefined || current.disabled || current.password !== user.password)
      throw new AppError('sign-in-failed')
    return startSession(db, { userId: user.id, address: request.ip, hours }, nowMs)
  })
  setSession(reply, isSecure(request, context.config.url), token, hours)
  request.audited = { who: user.email, target: user.email }
}
