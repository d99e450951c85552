/**
 * The gate that every route is behind: who asks, whether they may, whether the console itself asks, and what the audit log
 * says about it.
 *
 * @module
 */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { z } from 'zod'
import { writeAudit } from '../store/audit.ts'
import { checkKey } from '../store/keys.ts'
import { useSession } from '../store/sessions.ts'
import type { Role, Scope } from '../api/api.ts'
import { mustBeAllowed, type Asker } from './asker.ts'
import type { App, Running } from './context.ts'
import { isSecure, sessionToken } from './cookies.ts'
import { mustBeSameOrigin } from './same-origin.ts'
import { apiError } from './schemas/parts.ts'

/** A route and who may use it. */
export interface DeclaredRoute {
  readonly method: string
  readonly url: string
  readonly role: Role | 'anyone'
  /** Undefined: what fits the role. */
  readonly scope: Scope | null | undefined
  /** What the audit log calls it; null for nothing. */
  readonly action: string | null
}

declare module 'fastify' {
  interface FastifyInstance {
    /** All routes there are. */
    readonly declared: readonly DeclaredRoute[]
  }
}

const noQuery = z.strictObject({})

const nobody: Asker = { kind: 'nobody' }

const changes = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)

const methodsOf = ({ method }: RouteOptions): readonly string[] => (Array.isArray(method) ? method : [method])

/** Of a key in the header, the cookie is not even looked at: a request is one or the other. */
const askerOf = async (request: FastifyRequest, { store, config, now }: Running): Promise<Asker> => {
  const nowMs = now()
  const [scheme, secret] = request.headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() === 'bearer') {
    const key = await checkKey(store.db, secret ?? '', nowMs)
    return key === null ? nobody : { kind: 'key', key }
  }
  const token = sessionToken(request, isSecure(request, config.url))
  if (token === undefined) return nobody
  const session = await useSession(store.db, token, nowMs)
  return session === null ? nobody : { kind: 'user', session }
}

const whoOf = ({ asker }: FastifyRequest): string => {
  if (asker.kind === 'user') return asker.session.user.email
  return asker.kind === 'key' ? `key ${asker.key.name}` : 'nobody'
}

/** The ids in the path, where the handler says nothing more telling. */
const targetOf = ({ params }: FastifyRequest): string =>
  typeof params === 'object' && params !== null ? Object.values(params).join(' ') : ''

/**
 * Puts every route that is added after it behind the gate.
 *
 * @throws Error where a route declares no role: it cannot be built
 */
export const addGate = (app: App, context: Running): void => {
  app.decorateRequest('asker')
  app.decorateRequest('audited')
  const declared: DeclaredRoute[] = []
  app.decorate('declared', declared)

  app.addHook('onRoute', (route) => {
    const role = route.config?.role
    const methods = methodsOf(route)
    if (role === undefined) throw new Error(`${methods.join()} ${route.url} declares no role`)
    const scope = route.config?.scope
    const written = methods.some(changes) ? `${methods.join()} ${route.url}` : null
    const action = route.config?.action === undefined ? written : route.config.action
    for (const method of methods) declared.push({ method, url: route.url, role, scope, action })
    const pass = async (request: FastifyRequest): Promise<void> => {
      request.audited = {}
      request.asker = nobody
      if (role !== 'anyone' || /^\/(?:api\/|metrics$)/.test(route.url)) {
        request.asker = await askerOf(request, context)
      }
      mustBeAllowed(request.asker, role, scope)
      if (changes(request.method) && request.asker.kind !== 'key')
        mustBeSameOrigin(request, context.config.url)
    }
    const before = route.onRequest ?? []
    route.onRequest = [...(Array.isArray(before) ? before : [before]), pass]

    if (action !== null) {
      const tell = async (
        request: FastifyRequest,
        reply: FastifyReply,
        payload: unknown,
      ): Promise<unknown> => {
        if (reply.statusCode >= 400) return payload
        const { who = whoOf(request), target = targetOf(request), detail = '' } = request.audited
        const entry = { who, action, target, detail, address: request.ip }
        await writeAudit(context.store.db, entry, context.now())
        return payload
      }
      const earlier = route.onSend ?? []
      route.onSend = [...(Array.isArray(earlier) ? earlier : [earlier]), tell]
    }

    if (route.url.startsWith('/api/') && route.schema !== undefined) {
      // What a route does not know is refused, not ignored.
      route.schema.querystring ??= noQuery
      // Whatever goes wrong looks the same everywhere.
      const response = typeof route.schema.response === 'object' ? route.schema.response : {}
      route.schema.response = { ...response, '4xx': apiError, '5xx': apiError }
    }
  })
}
