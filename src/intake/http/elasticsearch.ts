/**
 * Elasticsearch's way in: `_bulk` and single documents.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { bulkItems, type BulkItem } from './bulk.ts'
import { addHandshakeRoutes } from './elasticsearch-handshake.ts'
import { failureOf, worstOf, type Failure } from './failure.ts'
import { addProtocol, keepEach, openMade, readBody, streamOf, type Intake } from './intake.ts'
import { objectInDocument } from './inner-object.ts'
import { onOneLine } from './json.ts'

const errorTypes: Readonly<Record<number, string>> = {
  400: 'illegal_argument_exception',
  401: 'security_exception',
  403: 'security_exception',
  404: 'resource_not_found_exception',
  413: 'content_too_long_exception',
  415: 'media_type_header_exception',
  429: 'es_rejected_execution_exception',
  503: 'unavailable_shards_exception',
}

const errorOf = (status: number, reason: string) => ({ type: errorTypes[status] ?? 'exception', reason })

/** A refusal of the whole request, as Elasticsearch words it. */
export const elasticsearchError = (status: number, reason: string) => {
  const error = errorOf(status, reason)
  return { error: { root_cause: [error], ...error }, status }
}

const answer = (reply: FastifyReply, { status, message }: Failure) => {
  if (status === 401) reply.header('www-authenticate', 'ApiKey, Basic realm="winnow", Bearer')
  return reply.send(elasticsearchError(status, message))
}

let made = 0
const start = randomBytes(8).toString('hex')
const newId = (): string => `${start}${(made += 1).toString(36).padStart(6, '0')}`

/** Which fields of items a sender asks for by `filter_path`; null: all. */
const wantedFields = (filterPath: unknown): ReadonlySet<string> | null => {
  if (typeof filterPath !== 'string' || filterPath === '') return null
  const paths = filterPath.split(',')
  // What is written in ways of its own gets everything: more than it asked for.
  const fields = paths
    .filter((path) => path.startsWith('items') || path.includes('**'))
    .map((path) => /^items\.\*\.(\w+)(?:\.|$)/.exec(path)?.[1])
  return fields.includes(undefined) ? null : new Set(fields.filter((field) => field !== undefined))
}

interface Outcome {
  readonly item: Pick<BulkItem, 'action' | 'index' | 'id'>
  readonly stream: string | null
  readonly failure: Failure | null
}

const refused = (message: string): Failure => ({ status: 400, message })

/** What an item asks that logs cannot do, or null. */
const refusalOf = ({ action, document }: BulkItem): Failure | null => {
  if (action === 'delete' || action === 'update')
    return refused(`events are only ever added: ${action} is not done`)
  const text = document?.toString('latin1').trim() ?? ''
  return text.startsWith('{') && text.endsWith('}') ? null : refused('the document is no JSON object')
}

const itemText = ({ item, failure }: Outcome, wanted: ReadonlySet<string> | null): string => {
  const status = failure?.status ?? 201
  const has = (field: string): boolean => wanted === null || wanted.has(field)
  const fields = [
    ...(has('_index') ? [`"_index":${JSON.stringify(item.index)}`] : []),
    ...(has('_id') ? [`"_id":${JSON.stringify(item.id ?? newId())}`] : []),
    ...(wanted === null && failure === null
      ? [
          '"_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1',
        ]
      : []),
    ...(has('status') ? [`"status":${status}`] : []),
    ...(has('error') && failure !== null
      ? [`"error":${JSON.stringify(errorOf(status, failure.message))}`]
      : []),
  ]
  return fields.length === 0 ? '' : `{"${item.action}":{${fields.join(',')}}}`
}

const bulkText = (
  outcomes: readonly Outcome[],
  tookMs: number,
  wanted: ReadonlySet<string> | null,
): string => {
  const errors = outcomes.some(({ failure }) => failure !== null)
  const items = outcomes.map((outcome) => itemText(outcome, wanted)).filter((text) => text !== '')
  const listed = wanted === null || items.length > 0 ? `,"items":[${items.join(',')}]` : ''
  return `{"errors":${errors},"took":${tookMs}${listed}}`
}

interface Bulk {
  readonly Params: { readonly index?: string }
  readonly Querystring: { readonly filter_path?: string }
}

const nothing: Failure = { status: 400, message: 'the body has no actions' }

const takeBulk =
  (intake: Intake) =>
  (request: FastifyRequest<Bulk>, reply: FastifyReply): Promise<unknown> =>
    readBody(intake, request, async (body) => {
      const startMs = performance.now()
      const batch = openMade(intake)
      const outcomes: Outcome[] = []
      for (const item of bulkItems(body, request.params.index ?? 'elasticsearch')) {
        const failure = refusalOf(item)
        const stream = streamOf(intake, request, 'elasticsearch', item.index)
        if (failure === null && item.document !== null)
          batch.add(stream, objectInDocument(item.document, intake.now()) ?? item.document)
        outcomes.push({ item, stream: failure === null ? stream : null, failure })
      }
      if (outcomes.length === 0) return answer(reply.code(400), nothing)
      const failed = await keepEach(intake, batch)
      const worst = worstOf(failed.values())
      // Where nothing was taken, the whole is refused: senders that don't look at items understand that too.
      if (worst !== undefined && outcomes.every(({ stream }) => stream === null || failed.has(stream)))
        throw [...failed.values()].find((problem) => failureOf(problem).status === worst.status)
      const failures = new Map([...failed].map(([stream, problem]) => [stream, failureOf(problem)]))
      const results = outcomes.map((one) => ({
        ...one,
        failure: one.failure ?? failures.get(one.stream ?? '') ?? null,
      }))
      const tookMs = Math.round(performance.now() - startMs)
      reply.type('application/json')
      return reply.send(bulkText(results, tookMs, wantedFields(request.query.filter_path)))
    })

interface Single {
  readonly Params: { readonly index: string; readonly id?: string }
}

const takeDocument =
  (intake: Intake) =>
  (request: FastifyRequest<Single>, reply: FastifyReply): Promise<unknown> =>
    readBody(intake, request, async (body) => {
      const { index, id } = request.params
      const document = onOneLine(body)
      const failure = refusalOf({ action: 'index', index, id: id ?? null, document })
      if (failure !== null) return answer(reply.code(failure.status), failure)
      const batch = openMade(intake)
      batch.add(streamOf(intake, request, 'elasticsearch', index), document)
      for (const problem of (await keepEach(intake, batch)).values()) throw problem
      const shards = { total: 1, successful: 1, failed: 0 }
      return reply.code(201).send({
        _index: index,
        _id: id ?? newId(),
        _version: 1,
        result: 'created',
        _shards: shards,
        _seq_no: 0,
        _primary_term: 1,
      })
    })

export const addElasticsearchRoutes = (app: FastifyInstance, intake: Intake): void =>
  addProtocol(app, intake, answer, (routes) => {
    // Clients refuse to speak with what does not say this.
    routes.addHook('onRequest', (_, reply, done) => {
      reply.header('x-elastic-product', 'Elasticsearch')
      done()
    })
    for (const method of ['POST', 'PUT'] as const) {
      routes.route<Bulk>({ method, url: '/_bulk', handler: takeBulk(intake) })
      routes.route<Bulk>({ method, url: '/:index/_bulk', handler: takeBulk(intake) })
      routes.route<Single>({ method, url: '/:index/_doc/:id', handler: takeDocument(intake) })
      routes.route<Single>({ method, url: '/:index/_create/:id', handler: takeDocument(intake) })
    }
    routes.post<Single>('/:index/_doc', takeDocument(intake))
    addHandshakeRoutes(routes)
  })
