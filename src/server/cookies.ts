/**
 * The session's cookie: out of reach of scripts, sent to this site by this site alone, and only over TLS where there is
 * TLS.
 *
 * @module
 */
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Whether the browser came by TLS, here or at the proxy in front. */
export const isSecure = (request: FastifyRequest, url: string | undefined): boolean =>
  request.protocol === 'https' || url?.startsWith('https:') === true

/** A cookie whose name begins so is only taken over TLS, for this host alone (RFC 6265bis, 4.1.3.2). */
const nameOf = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name)

const sessionCookie = 'winnow_session'
const elsewhereCookie = 'winnow_elsewhere'

const attributes = (secure: boolean, sameSite: 'strict' | 'lax'): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite,
  secure,
})

export const sessionToken = (request: FastifyRequest, secure: boolean): string | undefined =>
  request.cookies[nameOf(sessionCookie, secure)]

export const setSession = (reply: FastifyReply, secure: boolean, token: string, hours: number): void => {
  const maxAge = Math.round(hours * 3600)
  void reply.setCookie(nameOf(sessionCookie, secure), token, { ...attributes(secure, 'strict'), maxAge })
}

export const clearSession = (reply: FastifyReply, secure: boolean): void => {
  void reply.clearCookie(nameOf(sessionCookie, secure), attributes(secure, 'strict'))
}

/** How long a sign-in elsewhere may take. */
export const elsewhereSeconds = 600

/** Ties a sign-in elsewhere to the browser it was begun in. `lax`, since the answer comes from another site. */
export const setElsewhere = (reply: FastifyReply, secure: boolean, token: string): void => {
  const maxAge = elsewhereSeconds
  void reply.setCookie(nameOf(elsewhereCookie, secure), token, { ...attributes(secure, 'lax'), maxAge })
}

export const elsewhereToken = (request: FastifyRequest, secure: boolean): string | undefined =>
  request.cookies[nameOf(elsewhereCookie, secure)]

export const clearElsewhere = (reply: FastifyReply, secure: boolean): void => {
  void reply.clearCookie(nameOf(elsewhereCookie, secure), attributes(secure, 'lax'))
}
