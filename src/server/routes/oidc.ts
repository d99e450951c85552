/**
 * Signing in elsewhere, and coming back.
 *
 * @module
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { writeAudit } from '../../store/audit.ts'
import { makeToken, useToken } from '../../store/one-time-tokens.ts'
import type { App, Running } from '../context.ts'
import { clearElsewhere, elsewhereSeconds, elsewhereToken, isSecure, setElsewhere } from '../cookies.ts'
import { openElsewhere, userFrom, type Pending } from '../elsewhere.ts'
import { signIn, signInLimit } from '../sign-in.ts'

export const addOidcRoutes = (app: App, context: Running): void => {
  const { config, now } = context
  const { db } = context.store
  if (config.oidc === undefined) return
  const provider = config.oidc
  const elsewhere = openElsewhere(provider, now)

  const redirectUri = (request: FastifyRequest): string =>
    `${(config.url ?? `${request.protocol}://${request.host}`).replace(/\/+$/, '')}/api/oidc/callback`

  /** A person sits in front of it: the console says what went wrong, not a page of JSON. */
  const sendBack = async (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
    if (!(error instanceof AppError)) throw error
    const entry = {
      who: 'nobody',
      action: 'sign-in failed',
      target: provider.issuer,
      detail: error.message,
      address: request.ip,
    }
    await writeAudit(db, entry, now())
    return reply.redirect(`/sign-in?error=${error.code}`, 303)
  }

  app.get(
    '/api/oidc/start',
    {
      config: { role: 'anyone', rateLimit: signInLimit },
      schema: { summary: 'Begin to sign in elsewhere', response: { 303: z.void() } },
    },
    async (request, reply) => {
      try {
        const { url, pending } = await elsewhere.begin(redirectUri(request))
        const kept = {
          purpose: 'oidc',
          data: JSON.stringify(pending),
          lastsMs: elsewhereSeconds * 1000,
        } as const
        setElsewhere(reply, isSecure(request, config.url), await makeToken(db, kept, now()))
        return await reply.redirect(url, 303)
      } catch (error) {
        return sendBack(request, reply, error)
      }
    },
  )

  app.get(
    '/api/oidc/callback',
    {
      config: { role: 'anyone', rateLimit: signInLimit },
      schema: {
        summary: 'Come back from signing in elsewhere',
        // The provider's, and its affair.
        querystring: z.looseObject({}),
        response: { 303: z.void() },
      },
    },
    async (request, reply) => {
      const secure = isSecure(request, config.url)
      const token = elsewhereToken(request, secure)
      clearElsewhere(reply, secure)
      try {
        const kept = token === undefined ? null : await useToken(db, 'oidc', token, now())
        if (kept === null)
          throw new AppError('sign-in-elsewhere-failed', { problem: 'it was not begun in this browser' })
        const url = new URL(redirectUri(request))
        url.search = new URL(request.url, url).search
        // Written above, as this type.
        const claims = await elsewhere.finish(url, JSON.parse(kept.data) as Pending)
        const user = await userFrom(db, provider, claims, now())
        await signIn(context, request, reply, user)
        const entry = {
          who: user.email,
          action: 'signed in elsewhere',
          target: user.email,
          detail: provider.issuer,
          address: request.ip,
        }
        await writeAudit(db, entry, now())
        return await reply.redirect('/', 303)
      } catch (error) {
        return sendBack(request, reply, error)
      }
    },
  )
}
