/**
 * Loki's push: lines with labels, as JSON or as Snappy-compressed protobuf.
 * Grafana's manual, "Loki HTTP API", `POST /loki/api/v1/push`.
 *
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../errors.ts'
import type { Failure } from './failure.ts'
import { addProtocol, keepAll, readBody, streamOf, wholeBytes, type Intake } from './intake.ts'
import { isObject, listOf, own, parseBody, textOf } from './json.ts'
import { parseLabels, type Labels } from './loki-labels.ts'
import { fieldsIn, readMessage } from './protobuf.ts'
import { isoOfMilliseconds, isoOfNanoseconds, shippedLine } from './shipped.ts'

interface Entry {
  readonly nanoseconds: string
  readonly line: string
  /** What is said of the line alone. */
  readonly metadata: Labels
}

interface PushedStream {
  readonly labels: Labels
  readonly entries: Iterable<Entry>
}

const labelsOf = (value: unknown): Labels =>
  isObject(value) ? Object.entries(value).map(([name, text]) => [name, textOf(text)] as const) : []

const malformed = (problem: string): AppError => new AppError('intake-malformed', { problem })

const jsonEntry = (value: unknown): Entry => {
  const [nanoseconds, line, metadata] = Array.isArray(value) ? (value as unknown[]) : []
  if (typeof line !== 'string') throw malformed('a value should be a list of a time and a line')
  return { nanoseconds: textOf(nanoseconds), line, metadata: labelsOf(metadata) }
}

function* jsonStreams(body: Buffer): Generator<PushedStream> {
  const parsed = parseBody(body)
  if (!Array.isArray(own(parsed, 'streams'))) throw malformed('it has no list of streams')
  for (const stream of listOf(parsed, 'streams'))
    yield { labels: labelsOf(own(stream, 'stream')), entries: listOf(stream, 'values').map(jsonEntry) }
}

function* protobufEntries(stream: Uint8Array): Generator<Entry> {
  for (const bytes of fieldsIn(stream, 2)) {
    const entry = readMessage('Entry', bytes)
    const time = own(entry, 'timestamp')
    const seconds = textOf(own(time, 'seconds'))
    const metadata = listOf(entry, 'structuredMetadata')
    yield {
      nanoseconds: `${seconds}${textOf(own(time, 'nanos')).padStart(9, '0')}`,
      line: textOf(own(entry, 'line')),
      metadata: metadata.map((one) => [textOf(own(one, 'name')), textOf(own(one, 'value'))] as const),
    }
  }
}

function* protobufStreams(body: Buffer): Generator<PushedStream> {
  for (const stream of fieldsIn(body, 1)) {
    const [labels] = fieldsIn(stream, 1)
    yield {
      labels: parseLabels(Buffer.from(labels ?? []).toString()),
      entries: protobufEntries(stream),
    }
  }
}

/** What senders call these, the most telling first. */
const hostNames = ['host', 'hostname', 'host_name', 'node_name', 'nodename', 'node', 'instance']
const serviceNames = ['service_name', 'service', 'app', 'app_kubernetes_io_name', 'container', 'unit', 'job']
const streamNames = ['job', 'service_name', 'service', 'app', 'container', 'filename', 'unit']

const find = (labels: Labels, names: readonly string[]): string =>
  names.map((name) => labels.find(([label]) => label === name)?.[1] ?? '').find((text) => text !== '') ?? ''

const lineOf = (labels: Labels, entry: Entry, nowMs: number): string =>
  shippedLine({
    time: isoOfNanoseconds(entry.nanoseconds) ?? isoOfMilliseconds(nowMs),
    protocol: 'loki',
    message: entry.line,
    host: find(labels, hostNames),
    service: find(labels, serviceNames),
    path: find(labels, ['filename']),
    level: find([...entry.metadata, ...labels], ['level', 'detected_level']),
    more: [['labels', Object.fromEntries([...labels, ...entry.metadata])]],
  })

const isJson = (request: FastifyRequest): boolean =>
  /^application\/json\b/i.test(request.headers['content-type'] ?? '')

const take =
  (intake: Intake) =>
  (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const asJson = isJson(request)
    const use = async (body: Buffer): Promise<unknown> => {
      await keepAll(intake, (batch) => {
        for (const { labels, entries } of asJson ? jsonStreams(body) : protobufStreams(body)) {
          const stream = streamOf(intake, request, 'loki', find(labels, streamNames))
          for (const entry of entries) batch.add(stream, lineOf(labels, entry, intake.now()))
        }
      })
      return reply.code(204).send()
    }
    const options = { maxBytes: wholeBytes, assumed: asJson ? 'identity' : 'snappy' }
    return readBody(intake, request, use, options)
  }

const answer = (reply: FastifyReply, { message }: Failure) => reply.type('text/plain').send(`${message}\n`)

const open = ['/ready']

export const addLokiRoutes = (app: FastifyInstance, intake: Intake): void =>
  addProtocol(
    app,
    intake,
    answer,
    (routes) => {
      routes.post('/loki/api/v1/push', take(intake))
      routes.post('/api/prom/push', take(intake))
      routes.get('/ready', (_, reply) => reply.type('text/plain').send('ready\n'))
    },
    { open },
  )
