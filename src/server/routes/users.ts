/**
 * The people who use Winnow, and what each may change of themselves.
 *
 * @module
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { attemptSucceeded, beginAttempt } from '../../store/attempts.ts'
import { revokeKeysOf } from '../../store/keys.ts'
import {
  choosePassword,
  passwordLink,
  passwordLinkMs,
  userOfPasswordLink,
} from '../../store/one-time-tokens.ts'
import { changeUser, createUser, deleteUser, listUsers, userById, userOf } from '../../store/users.ts'
import { sessionOf } from '../asker.ts'
import type { App, Running } from '../context.ts'
import { hashPassword, isPassword, mustBeGoodPassword } from '../passwords.ts'
import { idParams, many, nothing, role } from '../schemas/parts.ts'
import * as people from '../schemas/people.ts'
import { sessionInfo, signIn, signInLimit } from '../sign-in.ts'

const newUser = z.strictObject({
  name: people.personName,
  email: people.email,
  role,
  /** Absent for those who sign in elsewhere. */
  password: people.password.exactOptional(),
})

const userChange = z
  .strictObject({
    name: people.personName.exactOptional(),
    role: role.exactOptional(),
    disabled: z.boolean().exactOptional(),
    password: people.password.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing')

const ownChange = z
  .strictObject({
    name: people.personName.exactOptional(),
    password: z.strictObject({ old: people.password, new: people.password }).exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing')

export const addUserRoutes = (app: App, context: Running): void => {
  const { config, ended, now } = context
  const { db } = context.store

  /** Whoever is signed in as them is no more: what streams to them ends. */
  const signedOut = (userId: string): void => ended.publish({ user: userId })

  /** Where people reach the console: what a browser says of itself is what the gate has compared with the host. */
  const baseOf = ({ asker, headers, protocol, host }: FastifyRequest): string =>
    config.url ?? (asker.kind === 'user' ? headers.origin : undefined) ?? `${protocol}://${host}`

  app.get(
    '/api/users',
    {
      // Whom an incident can be given to is for everyone to see.
      config: { role: 'viewer' },
      schema: { summary: 'All users', response: { 200: z.object({ users: many(people.user) }) } },
    },
    async () => ({ users: await listUsers(db) }),
  )

  app.post(
    '/api/users',
    {
      config: { role: 'administrator', action: 'user created' },
      schema: { summary: 'Make a user', body: newUser, response: { 200: people.user } },
    },
    async (request) => {
      const { password, ...user } = request.body
      if (password !== undefined) mustBeGoodPassword(password, user)
      const hash = password === undefined ? null : await hashPassword(password)
      request.audited = { target: user.email, detail: user.role }
      return userOf(await createUser(db, { ...user, password: hash }, now()))
    },
  )

  app.patch(
    '/api/users/:id',
    {
      config: { role: 'administrator', action: 'user changed' },
      schema: {
        summary: 'Change the name, role or password of a user, or disable them',
        params: idParams,
        body: userChange,
        response: { 200: people.user },
      },
    },
    async (request) => {
      const { password, ...change } = request.body
      const before = await userById(db, request.params.id)
      if (before === undefined) throw new AppError('not-found', { what: 'user' })
      if (password !== undefined) mustBeGoodPassword(password, before)
      const hash = password === undefined ? {} : { password: await hashPassword(password) }
      const user = await changeUser(db, before.id, { ...change, ...hash })
      // What they may do now, they may do after signing in again.
      if (password !== undefined || user.disabled || user.role !== before.role) signedOut(user.id)
      if (user.disabled) await revokeKeysOf(db, user.id, now())
      const said = { ...change, ...(password === undefined ? {} : { password: 'changed' }) }
      request.audited = { target: user.email, detail: JSON.stringify(said) }
      return userOf(user)
    },
  )

  app.delete(
    '/api/users/:id',
    {
      config: { role: 'administrator', action: 'user deleted' },
      schema: {
        summary: 'Take a user away; what they did keeps their name',
        params: idParams,
        response: { 200: nothing },
      },
    },
    async (request) => {
      const before = await userById(db, request.params.id)
      request.audited = { target: before?.email ?? request.params.id }
      await deleteUser(db, request.params.id, now())
      signedOut(request.params.id)
      await revokeKeysOf(db, request.params.id, now())
      return null
    },
  )

  app.post(
    '/api/users/:id/password-link',
    {
      config: { role: 'administrator', action: 'password link made' },
      schema: {
        summary: 'Make a link with which a user chooses a password, once within three days',
        params: idParams,
        response: { 200: people.passwordLink },
      },
    },
    async (request) => {
      const user = await userById(db, request.params.id)
      if (user === undefined) throw new AppError('not-found', { what: 'user' })
      request.audited = { target: user.email }
      const link = { userId: user.id, baseUrl: baseOf(request), lastsMs: passwordLinkMs.invited }
      return passwordLink(db, link, now())
    },
  )

  app.post(
    '/api/choose-password',
    {
      config: {
        role: 'anyone',
        action: 'password chosen',
        rateLimit: signInLimit,
      },
      schema: {
        summary: 'Choose a password with a link that works once, and sign in; all other sessions end',
        body: z.strictObject({ token: people.token, password: people.password }),
        response: { 200: people.sessionInfo },
      },
    },
    async (request, reply) => {
      const { token, password } = request.body
      const whose = await userOfPasswordLink(db, token, now())
      if (whose === undefined) throw new AppError('link-used-up')
      mustBeGoodPassword(password, whose)
      const user = await choosePassword(db, token, await hashPassword(password), now())
      if (user === undefined) throw new AppError('link-used-up')
      signedOut(user.id)
      // Whoever forgot the old one has guessed it a few times: the new one need not wait for that.
      await attemptSucceeded(db, { email: user.email, address: request.ip }, [], now())
      await signIn(context, request, reply, user)
      return sessionInfo(context, user)
    },
  )

  app.patch(
    '/api/me',
    {
      config: {
        role: 'viewer',
        scope: null,
        action: 'own account changed',
        rateLimit: signInLimit,
      },
      schema: {
        summary: 'Change one’s own name or password; a new password ends all other sessions',
        body: ownChange,
        response: { 200: people.sessionInfo },
      },
    },
    async (request, reply) => {
      const { user } = sessionOf(request)
      const { name, password } = request.body
      let hash: string | undefined
      if (password !== undefined) {
        const attempt = { email: user.email, address: request.ip }
        const counted = await beginAttempt(db, attempt, now())
        if (!(await isPassword(password.old, user.password))) throw new AppError('sign-in-failed')
        await attemptSucceeded(db, attempt, counted, now())
        mustBeGoodPassword(password.new, user)
        hash = await hashPassword(password.new)
      }
      const changed = await changeUser(db, user.id, {
        ...(name === undefined ? {} : { name }),
        ...(hash === undefined ? {} : { password: hash }),
      })
      if (hash !== undefined) {
        signedOut(user.id)
        await signIn(context, request, reply, changed)
      }
      request.audited = { target: user.email, detail: Object.keys(request.body).join(' ') }
      return sessionInfo(context, changed)
    },
  )
}
