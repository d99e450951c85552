/**
 * A stand-in for the server, for building and testing the console: invented data, the real shapes, states on demand.
 * The header `x-fixture` (or `FIXTURE_STATE`) chooses a state: `empty`, `error`, `denied`, `slow`, `viewer`,
 * `signed-out`, `setup`, `quiet`.
 *
 * @module
 */
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import type {
  HistoryEntry,
  IncidentChange,
  IncidentRow,
  LiveEvent,
  SessionInfo,
  Today,
} from '../../src/api/api.ts'
import { ago, findings, hourMs } from './fixture-findings.ts'
import { makeIncidents, me, pageOf, rowOf } from './fixture-incidents.ts'
import { addPeopleRoutes } from './fixture-people.ts'
import { addFixtureRoutes } from './fixture-routes.ts'
import { stateOf } from './fixture-state.ts'

const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

export interface Fixture {
  readonly app: FastifyInstance
  readonly publish: (event: LiveEvent) => void
  readonly incidents: IncidentRow[]
}

const refuse = (code: string, message: string) => ({ error: { code, message } })

/** @param consoleFolder the built console; `dist/web` where it is not given */
export const buildFixture = async (
  consoleFolder = fileURLToPath(new URL('../../dist/web', import.meta.url)),
): Promise<Fixture> => {
  const app = Fastify()
  const incidents = makeIncidents()
  const notes: HistoryEntry[] = []
  const listeners = new Set<(event: LiveEvent) => void>()
  const publish = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event)
  }

  app.addHook('onSend', async (_request, reply) => {
    void reply.header('content-security-policy', policy)
  })
  app.addHook('preHandler', async (request, reply) => {
    if (!request.url.startsWith('/api/')) return undefined
    const state = stateOf(request)
    const isSession = request.url.startsWith('/api/session')
    if (state === 'slow') await wait(1500)
    if (request.method !== 'GET' && request.headers['x-winnow'] !== '1') {
      return reply.code(403).send(refuse('forbidden', 'The header x-winnow is missing.'))
    }
    if (state === 'error' && !isSession)
      return reply.code(500).send(refuse('bug', 'Something went wrong inside.'))
    if (state === 'denied' && !isSession)
      return reply.code(403).send(refuse('forbidden', 'Your role may not do this.'))
    return undefined
  })

  app.get('/api/session', async (request): Promise<SessionInfo> => {
    const state = stateOf(request)
    const out =
      state === 'signed-out' || state === 'setup' || request.headers.cookie?.includes('gone=1') === true
    return {
      user: out ? null : { ...me, role: state === 'viewer' || state === 'denied' ? 'viewer' : me.role },
      setupNeeded: state === 'setup',
      oidc: out ? { label: 'Sign in with Example', url: '/api/oidc/start' } : null,
      version: '0.1.0',
      demo: false,
    }
  })
  app.post<{ Body: { password: string } }>('/api/session', async (request, reply) => {
    if (request.body.password !== 'correct horse battery') {
      return reply.code(401).send(refuse('wrong-password', 'The e-mail or the password is wrong.'))
    }
    return reply.header('set-cookie', 'gone=0; path=/').send({})
  })
  app.delete('/api/session', async (_request, reply) => {
    return reply.header('set-cookie', 'gone=1; path=/').code(204).send()
  })
  app.post('/api/sign-in-link', async (_request, reply) =>
    reply.code(401).send(refuse('used', 'This link was used.')),
  )

  app.get('/api/today', async (request): Promise<Today> => {
    const state = stateOf(request)
    const none = state === 'empty' || state === 'quiet'
    const open = none ? [] : incidents.filter((one) => one.state === 'open')
    return {
      incidents: open.toSorted((a, b) => b.risk - a.risk),
      open: open.length,
      acknowledged: none ? 0 : 1,
      closedToday: none ? 0 : 1,
      budget: { perDay: 5, today: open.length, older: 0 },
      below: none ? [] : findings.slice(5).map((finding) => rowOf(finding, null, 'below')),
      silent: none
        ? []
        : [
            {
              source: '/var/log/auth.log',
              since: ago(7 * hourMs),
              blinds: ['login-brute-force', 'login-spraying'],
            },
          ],
      blind: none
        ? []
        : [
            {
              detector: 'dns-exfiltration',
              title: 'Data leaves in DNS queries',
              why: 'no dns events in the last 7 days',
            },
          ],
      activity:
        state === 'empty'
          ? []
          : Array.from({ length: 48 }, (_, at) => ({
              time: ago((48 - at) * (hourMs / 2)),
              events: Math.round(3000 + 2600 * Math.sin(at / 7)),
            })),
      events: state === 'empty' ? 0 : 1_482_201,
      sources: state === 'empty' ? 0 : 6,
    }
  })

  app.get<{ Querystring: { state?: string; severity?: string; q?: string; cursor?: string } }>(
    '/api/incidents',
    async (request) => {
      const { state, severity, q } = request.query
      const rows =
        stateOf(request) === 'empty'
          ? []
          : incidents.filter(
              (one) =>
                (state === undefined || state.split(',').includes(one.state)) &&
                (severity === undefined || severity.split(',').includes(one.severity)) &&
                (q === undefined || one.title.toLowerCase().includes(q.toLowerCase())),
            )
      return { incidents: rows.toSorted((a, b) => b.risk - a.risk), total: rows.length, next: null }
    },
  )
  const change = (id: string, given: IncidentChange): IncidentRow | undefined => {
    const at = incidents.findIndex((one) => one.id === id)
    const old = incidents[at]
    if (old === undefined) return undefined
    const next: IncidentRow = {
      ...old,
      ...(given.state === undefined ? {} : { state: given.state, reason: given.reason ?? null }),
      ...(given.title === undefined ? {} : { title: given.title }),
      ...(given.owner === undefined
        ? {}
        : { owner: given.owner === null ? null : { id: me.id, name: me.name } }),
    }
    incidents[at] = next
    publish({ kind: 'incident', incident: next })
    return next
  }
  app.get<{ Params: { id: string } }>('/api/incidents/:id', async (request, reply) => {
    const incident = incidents.find(({ id }) => id === request.params.id)
    if (incident === undefined)
      return reply.code(404).send(refuse('unknown-incident', 'There is no such incident.'))
    return pageOf(incident, incidents, notes)
  })
  app.patch<{ Params: { id: string }; Body: IncidentChange }>('/api/incidents/:id', async (request) =>
    change(request.params.id, request.body),
  )
  app.post<{ Body: { ids: string[]; change: IncidentChange } }>('/api/incidents/change', async (request) => ({
    incidents: request.body.ids.flatMap((id) => change(id, request.body.change) ?? []),
  }))
  app.post<{ Params: { id: string }; Body: { text: string } }>(
    '/api/incidents/:id/notes',
    async (request) => {
      const entry: HistoryEntry = {
        id: `h-${notes.length + 10}`,
        time: new Date().toISOString(),
        who: { id: me.id, name: me.name },
        kind: 'note',
        text: request.body.text,
      }
      notes.push(entry)
      return entry
    },
  )

  app.get('/api/live', (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.write(': here\n\n')
    const listener = (event: LiveEvent): void => {
      reply.raw.write(`event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`)
    }
    listeners.add(listener)
    request.raw.on('close', () => listeners.delete(listener))
  })
  addFixtureRoutes(app, incidents)
  addPeopleRoutes(app, incidents)

  await app.register(fastifyStatic, { root: consoleFolder, wildcard: true })
  app.setNotFoundHandler((request, reply) =>
    request.url.startsWith('/api/')
      ? reply.code(404).send(refuse('not-found', 'There is no such address.'))
      : reply.sendFile('index.html'),
  )
  return { app, publish, incidents }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { app } = await buildFixture()
  await app.listen({ host: '127.0.0.1', port: Number(process.env['FIXTURE_PORT'] ?? 5181) })
}
