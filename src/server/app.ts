/**
 * Builds the server: its API, its console, and the gate in front of both. It never listens.
 *
 * @module
 */
import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import Fastify, { LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { randomUUID } from 'node:crypto'
import { openBus } from '../bus.ts'
import type { Config } from '../config/config.ts'
import { readTls } from '../config/tls.ts'
import { AppError } from '../errors.ts'
import { addConsole, builtConsole } from './console.ts'
import type { App, Context, Ended, Running } from './context.ts'
import { addGate } from './gate.ts'
import { addOpenapi, addOpenapiRoute } from './openapi.ts'
import { replyWithError } from './refusals.ts'
import { addRequestLog } from './request-log.ts'
import { addRoutes } from './routes/index.ts'
import { addSecurityHeaders } from './security-headers.ts'

const limits = {
  bodyBytes: 1024 * 1024,
  headerBytes: 16 * 1024,
  /** A value of an entity is part of a path. */
  parameterLength: 4096,
  /** For the whole of a request; slow senders are cut off. */
  requestMs: 30_000,
  requestsPerMinute: 3000,
  closingMs: 3000,
} as const

/** `https` in the shape Fastify takes it. */
const tlsOf = ({ listen: { tls } }: Config): object =>
  tls === undefined
    ? {}
    : {
        https: {
          ...readTls(tls),
          maxHeaderSize: limits.headerBytes,
        },
      }

const emptyApp = (context: Context): App =>
  Fastify({
    loggerInstance: context.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    trustProxy: context.trustedProxies === undefined ? false : [...context.trustedProxies],
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: limits.parameterLength },
    // What a path or a body names must not reach into objects of ours.
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: (error, request, reply) => {
      replyWithError(error, request, reply)
    },
    http: { maxHeaderSize: limits.headerBytes },
    ...tlsOf(context.config),
  }).withTypeProvider<ZodTypeProvider>()

/** @returns the app, ready to listen or to be asked by `inject` */
export const buildApp = async (given: Context): Promise<App> => {
  const context: Running = { ...given, now: given.now ?? Date.now, ended: openBus<Ended>() }
  const app = emptyApp(context)
  const secure = context.config.listen.tls !== undefined || context.config.url?.startsWith('https:') === true
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(replyWithError)
  app.setNotFoundHandler((request, reply) =>
    replyWithError(new AppError('not-found', { what: 'route' }), request, reply),
  )
  app.addHook('preClose', (done) => {
    context.ended.publish({ server: true })
    // Whoever is in the middle of something may finish it, but nobody keeps a server from stopping.
    setTimeout(() => app.server.closeAllConnections(), limits.closingMs).unref()
    done()
  })
  addRequestLog(app)
  await addSecurityHeaders(app, secure)
  await app.register(cookie)
  await app.register(rateLimit, {
    max: context.requestsPerMinute ?? limits.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) =>
      new AppError('too-many-requests', { seconds: Math.ceil(ttl / 1000) }),
  })
  await addOpenapi(app)
  addGate(app, context)
  addRoutes(app, context)
  addOpenapiRoute(app)
  await addConsole(app, context.consoleFolder ?? builtConsole())
  await app.ready()
  return app
}
