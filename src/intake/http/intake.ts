/**
 * What the routes of all protocols share: reading a body, naming a stream, keeping lines, answering a failure.
 *
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openBatch, type Batch, type LineSink } from './batch.ts'
import { withBody, type Room } from './body.ts'
import { failureOf, type Failure } from './failure.ts'
import type { IntakeKey } from './keys.ts'
import type { Protocol, StreamNames } from './streams.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key a request to the intake came with; null where it needs none. */
    intakeKey: IntakeKey | null
  }
}

/** Since the start. */
export interface IntakeStats {
  requests: number
  /** Lines on the disk and acknowledged. */
  lines: number
  /** Requests that were not taken as a whole, by status. */
  readonly failures: Record<string, number>
}

export interface Intake {
  readonly sink: LineSink
  readonly check: (asked: {
    authorization: string | undefined
    isLocal: boolean
  }) => Promise<IntakeKey | null>
  readonly names: StreamNames
  readonly room: Room
  readonly maxBytes: number
  readonly now: () => number
  readonly stats: IntakeStats
}

/** Bodies that must be parsed as a whole are bounded by this too: what they become in memory is ten times as large. */
export const wholeBytes = 16_000_000

export const readBody = <T>(
  intake: Intake,
  request: FastifyRequest,
  use: (body: Buffer) => Promise<T>,
  options: { readonly assumed?: string; readonly maxBytes?: number } = {},
): Promise<T> => {
  const maxBytes = Math.min(intake.maxBytes, options.maxBytes ?? Infinity)
  return withBody(request.raw, { room: intake.room, maxBytes }, use, options.assumed)
}

/** The stream of a request's lines: as its key says, else as its sender calls it. */
export const streamOf = (intake: Intake, request: FastifyRequest, protocol: Protocol, name: string): string =>
  request.intakeKey?.source ?? intake.names.of(protocol, name)

/** Puts a batch on the disk, for protocols that answer for each line. @returns what failed, by stream */
export const keepEach = async (intake: Intake, batch: Batch): Promise<ReadonlyMap<string, unknown>> => {
  if (batch.count() === 0) return new Map()
  const failed = await batch.keepEach(intake.sink)
  if (failed.size === 0) intake.stats.lines += batch.count()
  return failed
}

/** A batch of what one body may become at most. */
export const openMade = ({ maxBytes }: Intake): Batch => openBatch(maxBytes * 2)

/**
 * The same, for protocols that know all or nothing: who is refused sends all of it again, so that nothing of it may be kept.
 *
 * @returns how many lines
 */
export const keepAll = async (intake: Intake, fill: (batch: Batch) => void): Promise<number> => {
  const batch = openMade(intake)
  fill(batch)
  if (batch.count() > 0) await batch.keepAll(intake.sink)
  intake.stats.lines += batch.count()
  return batch.count()
}

/** How a protocol says that lines were not taken. */
export type Answer = (reply: FastifyReply, failure: Failure, thrown: unknown) => unknown

/** Senders try again every few seconds, each of them: the log is told no more often. */
const tellEveryMs = 60_000

/** Routes of one protocol: each needs a key, and every failure is answered in the protocol's own words. */
export const addProtocol = (
  app: FastifyInstance,
  intake: Intake,
  answer: Answer,
  addRoutes: (routes: FastifyInstance) => void,
  options: { readonly open?: readonly string[] } = {},
): void => {
  let toldMs = Number.NEGATIVE_INFINITY
  app.register((routes, _, done) => {
    routes.addHook('onRequest', async (request) => {
      intake.stats.requests += 1
      if (options.open?.includes(request.routeOptions.url ?? '') === true) return
      request.intakeKey = await intake.check({
        authorization: request.headers.authorization,
        isLocal: isLocal(request),
      })
    })
    routes.setErrorHandler((thrown, request, reply) => {
      const failure = failureOf(thrown)
      const { failures } = intake.stats
      failures[failure.status] = (failures[failure.status] ?? 0) + 1
      if (failure.status === 500) request.log.error({ err: thrown }, 'intake failed')
      else if (failure.status === 503 && performance.now() - toldMs > tellEveryMs) {
        toldMs = performance.now()
        request.log.error({ err: thrown }, 'nothing can be taken in')
      }
      // What was not read of the body would stand before the next request.
      if (!request.raw.complete) reply.header('connection', 'close')
      if (failure.retrySeconds !== undefined) reply.header('retry-after', failure.retrySeconds)
      return answer(reply.code(failure.status), failure, thrown)
    })
    addRoutes(routes)
    done()
  })
}

/** A proxy on this machine speaks for others. */
const isLocal = ({ raw, headers }: FastifyRequest): boolean =>
  /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/.test(raw.socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined
