/**
 * Signing in and out, and the first administrator.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { attemptSucceeded, beginAttempt } from '../../store/attempts.ts'
import { writeAudit } from '../../store/audit.ts'
import { tokenStands, useToken } from '../../store/one-time-tokens.ts'
import { endSession } from '../../store/sessions.ts'
import { createUser, setupNeeded, userByEmail, userById, withUsersLocked } from '../../store/users.ts'
import type { App, Running } from '../context.ts'
import { clearSession, isSecure } from '../cookies.ts'
import { hashPassword, isPassword, mustBeGoodPassword } from '../passwords.ts'
import { nothing } from '../schemas/parts.ts'
import * as people from '../schemas/people.ts'
import { sessionInfo, signIn, signInLimit } from '../sign-in.ts'

export const addSessionRoutes = (app: App, context: Running): void => {
  const { db } = context.store
  const { now } = context

  app.get(
    '/api/session',
    {
      config: { role: 'anyone' },
      schema: { summary: 'Who is signed in', response: { 200: people.sessionInfo } },
    },
    ({ asker }) => sessionInfo(context, asker.kind === 'user' ? asker.session.user : null),
  )

  app.post(
    '/api/session',
    {
      config: { role: 'anyone', action: 'signed in', rateLimit: signInLimit },
      schema: {
        summary: 'Sign in with a password',
        body: z.strictObject({ email: people.email, password: people.password }),
        response: { 200: people.sessionInfo },
      },
    },
    async (request, reply) => {
      const { email, password } = request.body
      const attempt = { email, address: request.ip }
      const counted = await beginAttempt(db, attempt, now())
      const user = await userByEmail(db, email)
      const fits = await isPassword(password, user?.password ?? null)
      if (user === undefined || !fits || user.disabled) {
        // Of an unknown account not what was typed: it may be a password.
        const target = user?.email ?? 'an unknown account'
        const entry = { who: 'nobody', action: 'sign-in failed', target, detail: '', address: request.ip }
        await writeAudit(db, entry, now())
        throw new AppError('sign-in-failed')
      }
      await attemptSucceeded(db, attempt, counted, now())
      await signIn(context, request, reply, user)
      return sessionInfo(context, user)
    },
  )

  app.delete(
    '/api/session',
    {
      config: { role: 'viewer', scope: null, action: 'signed out' },
      schema: { summary: 'Sign out', response: { 200: nothing } },
    },
    async (request, reply) => {
      if (request.asker.kind === 'user') {
        await endSession(db, request.asker.session.hash)
        context.ended.publish({ session: request.asker.session.hash })
      }
      clearSession(reply, isSecure(request, context.config.url))
      return null
    },
  )

  app.post(
    '/api/setup',
    {
      config: { role: 'anyone', action: 'set up', rateLimit: signInLimit },
      schema: {
        summary: 'Make the first administrator, with the link that the first start printed',
        body: z.strictObject({
          token: people.token,
          name: people.personName,
          email: people.email,
          password: people.password,
        }),
        response: { 200: people.sessionInfo },
      },
    },
    async (request, reply) => {
      const { token, name, email, password } = request.body
      // First, since a hash takes long: nobody is to keep others from signing in with links that are none.
      if (!(await setupNeeded(db)) || !(await tokenStands(db, 'setup', token, now())))
        throw new AppError('link-used-up')
      mustBeGoodPassword(password, { name, email })
      const hash = await hashPassword(password)
      // Undone together: a link is not used up by an address that is taken.
      const user = await withUsersLocked(db, async (db) => {
        if ((await useToken(db, 'setup', token, now())) === null || !(await setupNeeded(db))) {
          throw new AppError('link-used-up')
        }
        return createUser(db, { name, email, role: 'administrator', password: hash }, now())
      })
      await signIn(context, request, reply, user)
      return sessionInfo(context, user)
    },
  )

  app.post(
    '/api/sign-in-link',
    {
      config: { role: 'anyone', action: 'signed in by link', rateLimit: signInLimit },
      schema: {
        summary: 'Sign in with a link that works once',
        body: z.strictObject({ token: people.token }),
        response: { 200: people.sessionInfo },
      },
    },
    async (request, reply) => {
      const used = await useToken(db, 'sign-in', request.body.token, now())
      const user = used?.userId == null ? undefined : await userById(db, used.userId)
      if (user === undefined || user.disabled) throw new AppError('link-used-up')
      await signIn(context, request, reply, user)
      return sessionInfo(context, user)
    },
  )
}
