/**
 * The rest of the stand-in's API: verdicts, search, sources.
 *
 * @module
 */
import type { FastifyInstance } from 'fastify'
import type { IncidentRow, NewVerdict, SourceRow, VerdictPreview } from '../../src/api/api.ts'
import type { QueryCheck, SavedSearch } from '../../src/api/search.ts'
import { events, fields, found, histogramOf, valuesOf } from './fixture-events.ts'
import { ago, findings, hourMs, script } from './fixture-findings.ts'
import { me, rowOf } from './fixture-incidents.ts'
import { stateOf } from './fixture-state.ts'

interface SearchQuery {
  q?: string
  from?: string
  to?: string
  limit?: string
  cursor?: string
  order?: string
  buckets?: string
  field?: string
  prefix?: string
}

const minutes = (most: number): number[] =>
  Array.from({ length: 60 }, (_, at) => Math.max(0, Math.round(most * (0.6 + 0.4 * Math.sin(at / 6)))))

const sources: readonly SourceRow[] = [
  {
    name: '/var/log/nginx/access.log',
    kind: 'file',
    format: 'apache-access',
    lines: 1_204_551,
    rejected: 0,
    rate: 41.2,
    lagSeconds: 0.4,
    firstSeen: ago(400 * hourMs),
    lastSeen: ago(1000),
    state: 'receiving',
    problem: null,
    minutes: minutes(2400),
  },
  {
    name: 'rsyslog 192.0.2.1',
    kind: 'syslog',
    format: 'sshd',
    lines: 81_220,
    rejected: 132,
    rate: 1.4,
    lagSeconds: 2,
    firstSeen: ago(400 * hourMs),
    lastSeen: ago(40_000),
    state: 'receiving',
    problem: null,
    minutes: minutes(90),
  },
  {
    name: '/var/log/auth.log',
    kind: 'file',
    format: 'sshd',
    lines: 20_118,
    rejected: 3,
    rate: 0,
    lagSeconds: 1,
    firstSeen: ago(400 * hourMs),
    lastSeen: ago(7 * hourMs),
    state: 'silent',
    problem: 'usually a line every 4 min',
    minutes: minutes(0),
  },
  {
    name: 'app',
    kind: 'http',
    format: null,
    lines: 4410,
    rejected: 4410,
    rate: 3,
    lagSeconds: null,
    firstSeen: ago(2 * hourMs),
    lastSeen: ago(3000),
    state: 'unread',
    problem: 'no parser understands its lines',
    minutes: minutes(180),
  },
]

export const addFixtureRoutes = (app: FastifyInstance, incidents: readonly IncidentRow[]): void => {
  app.get('/api/verdicts', async () => ({ verdicts: [] }))
  app.post<{ Body: NewVerdict }>('/api/verdicts/preview', async (request): Promise<VerdictPreview> => {
    const wide = request.body.scope.detector === undefined
    return {
      findings: wide ? 9 : 2,
      incidents: incidents.slice(0, wide ? 4 : 1),
      confirmedThreats: wide ? incidents.slice(0, 1) : [],
      examples: findings.slice(0, 2).map((finding) => rowOf(finding, null, 'shown')),
    }
  })
  app.post<{ Body: NewVerdict }>('/api/verdicts', async (request) => ({
    id: 'v-1',
    verdict: request.body.verdict,
    scope: request.body.scope,
    note: request.body.note ?? '',
    incident: request.body.incident ?? null,
    by: { id: me.id, name: me.name },
    created: new Date().toISOString(),
    expires: request.body.expires ?? null,
    revoked: null,
    hides: 2,
  }))
  app.get('/api/findings', async () => ({
    findings: findings.slice(4).map((finding) => rowOf(finding, null, 'below')),
    next: null,
  }))

  app.get('/api/fields', async () => ({ fields }))
  app.get<{ Querystring: SearchQuery }>('/api/search', async (request, reply) => {
    const { q = '', from, to, cursor = '0', order } = request.query
    if (q.endsWith('(')) {
      return reply
        .code(400)
        .send({ error: { code: 'invalid-query', message: 'expected a condition after "("' } })
    }
    const rows = stateOf(request) === 'empty' ? [] : found(q, from, to)
    const ordered = order === 'oldest' ? rows.toReversed() : rows
    const at = Number(cursor)
    const next = at + 200 < ordered.length ? String(at + 200) : null
    return { events: ordered.slice(at, at + 200), next, seconds: 0.03 }
  })
  app.get<{ Querystring: SearchQuery }>('/api/search/histogram', async (request) => {
    const { q = '', from, to, buckets = '80' } = request.query
    return histogramOf(stateOf(request) === 'empty' ? [] : found(q, from, to), Number(buckets))
  })
  app.get<{ Querystring: SearchQuery }>('/api/search/fields', async (request) => {
    const { q = '', from, to } = request.query
    const rows = stateOf(request) === 'empty' ? [] : found(q, from, to)
    return {
      events: rows.length,
      sampled: false,
      fields: fields
        .map((field) => {
          const values = valuesOf(rows, field.name)
          return {
            ...field,
            events: values.reduce((sum, { events: count }) => sum + count, 0),
            distinct: values.length,
            values: values.slice(0, 10),
          }
        })
        .filter((field) => field.events > 0)
        .toSorted((a, b) => b.events - a.events),
    }
  })
  app.get<{ Querystring: SearchQuery }>('/api/search/values', async (request) => ({
    values: valuesOf(events, request.query.field ?? '', request.query.prefix).slice(0, 20),
  }))
  app.get<{ Querystring: SearchQuery }>('/api/search/check', async (request): Promise<QueryCheck> => {
    const { q = '' } = request.query
    return q.trimEnd().endsWith('AND') || q.endsWith('(')
      ? { ok: false, position: q.length - 1, message: 'expected a condition here' }
      : { ok: true }
  })
  app.get<{ Querystring: { id: string } }>('/api/event', async (request, reply) => {
    const event = events.find(({ id }) => id === request.query.id)
    return event ?? reply.code(404).send({ error: { code: 'not-found', message: 'There is no such event.' } })
  })
  app.get('/api/search/live', (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    let at = 0
    const timer = setInterval(() => {
      const event = events[at]
      if (event === undefined) return
      reply.raw.write(
        `event: event\ndata: ${JSON.stringify({ ...event, id: `live-${at}`, time: new Date().toISOString() })}\n\n`,
      )
      at += 1
    }, 100)
    request.raw.on('close', () => clearInterval(timer))
  })

  const saved: SavedSearch[] = [
    {
      id: 's-1',
      name: 'Failed logins of bob',
      query: 'user_name:bob AND event_outcome:failure',
      range: '7d',
      shared: true,
      by: { id: me.id, name: me.name },
      created: ago(hourMs),
    },
  ]
  app.get('/api/searches', async () => ({ searches: saved }))
  app.post<{ Body: { name: string; query: string; range: string; shared: boolean } }>(
    '/api/searches',
    async (request) => {
      const made = {
        id: `s-${saved.length + 1}`,
        ...request.body,
        by: { id: me.id, name: me.name },
        created: ago(0),
      }
      saved.push(made)
      return made
    },
  )
  app.delete<{ Params: { id: string } }>('/api/searches/:id', async (request, reply) => {
    const at = saved.findIndex(({ id }) => id === request.params.id)
    if (at >= 0) saved.splice(at, 1)
    return reply.code(204).send()
  })

  app.get('/api/sources', async (request) => ({ sources: stateOf(request) === 'empty' ? [] : sources }))
  app.get('/api/sources/rejects', async () => ({
    groups: [
      {
        reason: 'no parser claims it',
        lines: 4400,
        examples: [
          { line: 17, text: `level=warn msg="${script}"`, time: ago(60_000) },
          { line: 18, text: 'panic: \u001B[31mtoo many open files\u001B[0m', time: ago(50_000) },
        ],
      },
      {
        reason: 'its time cannot be read',
        lines: 10,
        examples: [{ line: 4, text: '99/99/2026 hello', time: ago(90_000) }],
      },
    ],
  }))
  app.post<{ Body: { line: string } }>('/api/explain-line', async (request) =>
    request.body.line.includes('sshd')
      ? { format: 'sshd', fields: { user_name: 'bob', source_ip: '203.0.113.77' }, near: [] }
      : {
          format: null,
          fields: {},
          near: [
            {
              parser: 'logfmt',
              title: 'Key and value pairs',
              why: `expected a time, found level=warn msg="${script}"`,
            },
          ],
        },
  )
}
