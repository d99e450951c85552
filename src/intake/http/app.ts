/**
 * Logs sent by HTTP, in the protocols that senders speak, to the spool. A request is answered with success when its lines
 * are on the disk.
 *
 * @module
 */
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Config } from '../../config/config.ts'
import { readTls } from '../../config/tls.ts'
import type { LineSink } from './batch.ts'
import { openRoom } from './body.ts'
import { addElasticsearchRoutes } from './elasticsearch.ts'
import { addHecRoutes } from './hec.ts'
import type { Intake, IntakeStats } from './intake.ts'
import { openKeys, type IntakeKeys } from './keys.ts'
import { addLokiRoutes } from './loki.ts'
import { addOtlpRoutes } from './otlp.ts'
import { addPlainRoutes } from './plain.ts'
import { openStreamNames } from './streams.ts'

export interface IntakeOptions {
  readonly spool: LineSink
  readonly keys: IntakeKeys
  readonly config: Pick<NonNullable<Config['intake']>, 'requireKey' | 'maxBodyBytes' | 'tls'>
  readonly log: FastifyBaseLogger
  /** How long a whole request may take to arrive. Default 60 s. */
  readonly requestMs?: number
  /** How long its headers may take. Default 10 s. */
  readonly headersMs?: number
  /** How many bytes of bodies are held at once, of all requests together. Default 200 MB, or one of the largest. */
  readonly roomBytes?: number
  readonly now?: () => number
}

const allBodies = 200_000_000

/** What is let through before anything is looked at. */
const maxHeaderBytes = 16_384
const maxParameter = 200

const unknownPath = {
  error: 'there is nothing at this path',
  paths: [
    '/ingest/SOURCE',
    '/_bulk',
    '/services/collector/event',
    '/services/collector/raw',
    '/loki/api/v1/push',
    '/v1/logs',
    '/v1/metrics',
  ],
}

/** The routes, ready to listen; it never does by itself. `stats` is what it took. */
export const buildIntake = (options: IntakeOptions): FastifyInstance & { readonly stats: IntakeStats } => {
  const { spool, keys, config, log, requestMs = 60_000, headersMs = 10_000, now = Date.now } = options
  const stats: IntakeStats = { requests: 0, lines: 0, failures: {} }
  const intake: Intake = {
    sink: spool,
    check: openKeys(keys, config.requireKey, now),
    names: openStreamNames((name) =>
      log.warn({ name }, 'too many streams are named by senders: new ones share one stream'),
    ),
    room: openRoom(options.roomBytes ?? Math.max(config.maxBodyBytes, allBodies)),
    maxBytes: config.maxBodyBytes,
    now,
    stats,
  }
  const limits = {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: headersMs,
    connectionsCheckingInterval: Math.min(headersMs, requestMs, 5000),
  }
  const app = Fastify({
    ...(config.tls === undefined ? {} : { https: { ...readTls(config.tls), ...limits } }),
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: requestMs,
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: maxParameter },
    http: limits,
  })
  // Bodies are read by the routes themselves, inflated as they come; what a sender calls them says little.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_, __, done) => done(null))
  app.decorateRequest('intakeKey', null)
  app.setNotFoundHandler((request, reply) => {
    if (!request.raw.complete) reply.header('connection', 'close')
    return reply.code(404).send(unknownPath)
  })
  addPlainRoutes(app, intake)
  addElasticsearchRoutes(app, intake)
  addHecRoutes(app, intake)
  addLokiRoutes(app, intake)
  addOtlpRoutes(app, intake)
  return Object.assign(app, { stats })
}
