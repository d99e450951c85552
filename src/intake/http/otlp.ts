/**
 * OpenTelemetry's OTLP over HTTP: logs and metrics, as JSON or protobuf.
 *
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from './failure.ts'
import { addProtocol, keepAll, readBody, streamOf, wholeBytes, type Intake } from './intake.ts'
import { listOf, own, parseBody } from './json.ts'
import { logLine, metricLines, type Line } from './otlp-lines.ts'
import { attribute, attributesOf, type Attributes } from './otlp-values.ts'
import { fieldsIn, readMessage, writeMessage } from './protobuf.ts'

interface Kind {
  readonly path: string
  /** The names of JSON's lists: resources, scopes, records. */
  readonly lists: readonly [string, string, string]
  readonly message: string
  readonly answer: string
  readonly rejected: string
  readonly lines: (resource: Attributes, record: unknown, nowMs: number) => Iterable<Line>
}

const logs: Kind = {
  path: '/v1/logs',
  lists: ['resourceLogs', 'scopeLogs', 'logRecords'],
  message: 'LogRecord',
  answer: 'LogsAnswer',
  rejected: 'rejectedLogRecords',
  lines: (...given) => [logLine(...given)],
}

const metrics: Kind = {
  path: '/v1/metrics',
  lists: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  message: 'Metric',
  answer: 'MetricsAnswer',
  rejected: 'rejectedDataPoints',
  lines: metricLines,
}

interface Found {
  readonly resource: Attributes
  readonly record: unknown
}

const resourceOf = (resource: unknown): Attributes => attributesOf(listOf(resource, 'attributes'))

function* inJson(body: Buffer, [resources, scopes, records]: Kind['lists']): Generator<Found> {
  for (const one of listOf(parseBody(body), resources)) {
    const resource = resourceOf(own(one, 'resource'))
    for (const scope of listOf(one, scopes))
      for (const record of listOf(scope, records)) yield { resource, record }
  }
}

/** Logs and metrics share their numbers: 1 the resources, then 1 the resource and 2 the scopes, then 2 the records. */
function* inProtobuf(body: Buffer, message: string): Generator<Found> {
  for (const one of fieldsIn(body, 1)) {
    const [resourceBytes] = fieldsIn(one, 1)
    const resource = resourceBytes === undefined ? [] : resourceOf(readMessage('Resource', resourceBytes))
    for (const scope of fieldsIn(one, 2))
      for (const record of fieldsIn(scope, 2)) yield { resource, record: readMessage(message, record) }
  }
}

const isJson = (request: FastifyRequest): boolean =>
  /^application\/json\b/i.test(request.headers['content-type'] ?? '')

const send = (reply: FastifyReply, type: string, value: Readonly<Record<string, unknown>>): FastifyReply =>
  isJson(reply.request)
    ? reply.type('application/json').send(value)
    : reply.type('application/x-protobuf').send(writeMessage(type, value))

const take =
  (intake: Intake, kind: Kind) =>
  (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const use = async (body: Buffer): Promise<unknown> => {
      let rejected = 0
      await keepAll(intake, (batch) => {
        const found = isJson(request) ? inJson(body, kind.lists) : inProtobuf(body, kind.message)
        for (const { resource, record } of found) {
          const stream = streamOf(intake, request, 'otlp', attribute(resource, 'service.name'))
          for (const line of kind.lines(resource, record, intake.now())) {
            if (line === null) rejected += 1
            else batch.add(stream, line)
          }
        }
      })
      if (rejected === 0) return send(reply, kind.answer, {})
      const errorMessage = `${rejected} could not be read`
      return send(reply, kind.answer, { partialSuccess: { [kind.rejected]: String(rejected), errorMessage } })
    }
    return readBody(intake, request, use, { maxBytes: wholeBytes })
  }

/** Codes of google.rpc. */
const codes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 413: 8, 429: 8, 503: 14 }

const answer = (reply: FastifyReply, { status, message }: Failure) =>
  send(reply, 'Status', { code: codes[status] ?? 13, message })

export const addOtlpRoutes = (app: FastifyInstance, intake: Intake): void =>
  addProtocol(app, intake, answer, (routes) => {
    for (const kind of [logs, metrics]) routes.post(kind.path, take(intake, kind))
  })
