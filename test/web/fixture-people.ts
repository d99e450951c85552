/**
 * The stand-in's detectors, entities, users, keys, channels and settings.
 *
 * @module
 */
import type { FastifyInstance } from 'fastify'
import type { ApiKey, AuditEntry, Channel, DetectorPage, Settings, User } from '../../src/api/api.ts'
import type { EntityGraph, EntityPage } from '../../src/api/search.ts'
import { ago, findings, hourMs, script } from './fixture-findings.ts'
import { me, rowOf } from './fixture-incidents.ts'
import type { IncidentRow } from '../../src/api/api.ts'
import { stateOf } from './fixture-state.ts'

const detector = (id: string, title: string, part: Partial<DetectorPage> = {}): DetectorPage => ({
  id,
  title,
  description: `${title}: windows of each client are compared with its own past and with the others at the same time. What is rarer than the line is shown.`,
  attack: ['T1595', 'T1190'],
  categories: ['web'],
  enabled: true,
  strictness: 0,
  state: 'watching',
  why: null,
  lastRun: ago(4000),
  findings: 14,
  below: 61,
  verdicts: { threat: 6, expected: 3, falseAlarm: 1 },
  precision: 0.6,
  entity: ['source_ip'],
  windows: ['1 minute', '1 hour'],
  model: 'k-means',
  features: [
    { name: 'failed', label: 'failing requests' },
    { name: 'paths', label: 'different paths' },
  ],
  lookalikes: [
    'A monitor that asks for many pages: it asks for the same ones each time.',
    'A search engine, which asks slowly.',
  ],
  needs: ['source_ip', 'url_path', 'http_response_status_code'],
  sql: 'SELECT source_ip, toStartOfMinute(timestamp) AS w,\n  countIf(http_response_status_code >= 400) AS failed\nFROM events\nGROUP BY source_ip, w',
  scores: Array.from({ length: 14 }, (_, at) => ({ rarity: at / 2, episodes: Math.round(4000 / 3 ** at) })),
  line: 3.2,
  recent: findings.slice(2, 4).map((finding) => rowOf(finding, 'i-40', 'shown')),
  ...part,
})

const detectors: DetectorPage[] = [
  detector('web-client-behaviour', 'A web client that behaves unlike the others'),
  detector('login-brute-force', 'Guessing passwords', {
    categories: ['auth'],
    attack: ['T1110'],
    strictness: 1,
    findings: 4,
    precision: null,
    verdicts: { threat: 0, expected: 0, falseAlarm: 0 },
  }),
  detector('dns-exfiltration', 'Data leaves in DNS queries', {
    categories: ['dns'],
    attack: ['T1048'],
    state: 'blind',
    why: 'no dns events in the last 7 days',
    findings: 0,
    below: 0,
    lastRun: null,
    scores: [],
  }),
  detector('user-novelty', 'A user who does what they never did', {
    categories: ['auth'],
    attack: ['T1078'],
    state: 'learning',
    why: 'has seen 3 of 14 days',
    findings: 0,
    below: 2,
  }),
  detector('beacon', 'A client that calls home', {
    categories: ['proxy', 'flow'],
    attack: ['T1071.001'],
    enabled: false,
    state: 'off',
  }),
]

const users: User[] = [
  { ...me, disabled: false, created: ago(900 * hourMs), lastSeen: ago(2000), invited: false },
  {
    id: 'u-2',
    name: 'Grace Example',
    email: 'grace@example.com',
    role: 'analyst',
    disabled: false,
    created: ago(500 * hourMs),
    lastSeen: ago(30 * hourMs),
    invited: false,
  },
  {
    id: 'u-3',
    name: 'Alan Example',
    email: 'alan@example.com',
    role: 'viewer',
    disabled: false,
    created: ago(20 * hourMs),
    lastSeen: null,
    invited: true,
  },
]

const entityPage = (kind: string, value: string, incidents: readonly IncidentRow[]): EntityPage => ({
  kind,
  value,
  events: 48_211,
  first: ago(600 * hourMs),
  last: ago(3 * hourMs),
  heat: Array.from({ length: 14 * 24 }, (_, at) => ({
    day: ago((14 * 24 - at) * hourMs).slice(0, 10),
    hour: at % 24,
    events: at % 24 > 7 && at % 24 < 19 ? (at * 37) % 90 : at % 5,
  })),
  categories: [
    { category: 'web', events: 47_000 },
    { category: 'auth', events: 1211 },
  ],
  related: [
    {
      kind: 'user',
      distinct: 12,
      values: [
        { value: 'bob', events: 140, first: ago(3 * hourMs), fresh: true },
        { value: 'ada', events: 12, first: ago(300 * hourMs), fresh: false },
      ],
    },
    {
      kind: 'host',
      distinct: 2,
      values: [{ value: 'web-01.example.com', events: 900, first: ago(500 * hourMs), fresh: false }],
    },
    {
      kind: 'resource',
      distinct: 590,
      values: [{ value: `/search?q=${script}`, events: 40, first: ago(5 * hourMs), fresh: true }],
    },
  ],
  novelty: Array.from({ length: 20 }, (_, at) => ({
    day: ago((20 - at) * 24 * hourMs).slice(0, 10),
    others: 20 + ((at * 7) % 9),
    fresh: at === 19 ? 18 : at % 4,
  })),
  peers: [
    { value: '203.0.113.5', shared: 41, similarity: 0.72 },
    { value: '198.51.100.150', shared: 17, similarity: 0.31 },
  ],
  findings: findings.slice(0, 2).map((finding) => rowOf(finding, 'i-41', 'shown')),
  incidents: incidents.slice(0, 2),
})

export const addPeopleRoutes = (app: FastifyInstance, incidents: readonly IncidentRow[]): void => {
  app.get('/api/detectors', async () => ({ detectors }))
  app.get<{ Params: { id: string } }>('/api/detectors/:id', async (request, reply) => {
    const one = detectors.find(({ id }) => id === request.params.id)
    return (
      one ??
      reply.code(404).send({ error: { code: 'unknown-detector', message: 'There is no such detector.' } })
    )
  })
  app.patch<{ Params: { id: string }; Body: Partial<DetectorPage> }>(
    '/api/detectors/:id',
    async (request) => {
      const at = detectors.findIndex(({ id }) => id === request.params.id)
      const old = detectors[at]
      if (old === undefined) return null
      const { strictness = old.strictness, enabled = old.enabled } = request.body
      const next = {
        ...old,
        strictness,
        enabled,
        line: old.line + strictness - old.strictness,
        state: enabled ? ('watching' as const) : ('off' as const),
      }
      detectors[at] = next
      return next
    },
  )
  app.post<{ Body: { strictness: number } }>('/api/detectors/:id/preview', async (request) => ({
    shown: Math.round(14 / 10 ** request.body.strictness),
    below: 61 + 14 - Math.round(14 / 10 ** request.body.strictness),
    lostThreats: request.body.strictness > 1 ? incidents.slice(0, 1) : [],
  }))

  app.get<{ Querystring: { kind?: string; prefix?: string } }>('/api/entities', async (request) => {
    const { kind = 'address', prefix = '' } = request.query
    const values =
      kind === 'address'
        ? ['203.0.113.77', '203.0.113.99', '198.51.100.4']
        : kind === 'user'
          ? ['ada', 'bob', 'carol']
          : [`${kind}.example.com`]
    return {
      entities:
        stateOf(request) === 'empty'
          ? []
          : values
              .filter((value) => value.startsWith(prefix))
              .map((value, at) => ({
                kind,
                value,
                events: 9000 / (at + 1),
                first: ago(400 * hourMs),
                last: ago(at * hourMs),
              })),
    }
  })
  app.get<{ Params: { kind: string; value: string } }>('/api/entities/:kind/:value', async (request) =>
    entityPage(request.params.kind, request.params.value, stateOf(request) === 'empty' ? [] : incidents),
  )
  app.get<{ Params: { kind: string; value: string }; Querystring: { day?: string } }>(
    '/api/entities/:kind/:value/graph',
    async (request): Promise<EntityGraph> => {
      const { kind, value } = request.params
      const others = [
        ['user', 'bob', true],
        ['user', 'ada', false],
        ['host', 'web-01.example.com', false],
        ['resource', '/login', false],
      ] as const
      const self = `${kind}:${value}`
      return {
        day: request.query.day ?? ago(0).slice(0, 10),
        nodes: [
          { id: self, kind, value, events: 400, fresh: false },
          ...others.map(([of, name, fresh]) => ({
            id: `${of}:${name}`,
            kind: of,
            value: name,
            events: 40,
            fresh,
          })),
        ],
        edges: others.map(([of, name, fresh]) => ({ from: self, to: `${of}:${name}`, events: 40, fresh })),
      }
    },
  )

  app.get('/api/users', async () => ({ users }))
  app.post<{ Body: Pick<User, 'name' | 'email' | 'role'> }>('/api/users', async (request) => {
    const { name, email, role } = request.body
    const made: User = {
      id: `u-${users.length + 1}`,
      name,
      email,
      role,
      disabled: false,
      created: ago(0),
      lastSeen: null,
      invited: true,
    }
    users.push(made)
    return made
  })
  app.post('/api/users/:id/password-link', async () => ({
    link: 'http://127.0.0.1:8484/choose-password#token-of-an-invitation',
    expires: ago(-72 * hourMs),
  }))
  app.patch<{ Params: { id: string }; Body: Partial<User> }>('/api/users/:id', async (request) => {
    const at = users.findIndex(({ id }) => id === request.params.id)
    const old = users[at]
    if (old !== undefined) users[at] = { ...old, ...request.body }
    return users[at]
  })
  const keys: ApiKey[] = [
    {
      id: 'k-1',
      name: 'filebeat on web-01',
      prefix: 'winnow_3fa1',
      scopes: ['ingest'],
      source: 'web-01',
      by: me.name,
      created: ago(200 * hourMs),
      expires: null,
      lastUsed: ago(1000),
      revoked: null,
    },
  ]
  app.get('/api/keys', async () => ({ keys }))
  app.post<{ Body: Pick<ApiKey, 'name' | 'scopes' | 'source' | 'expires'> }>('/api/keys', async (request) => {
    const key: ApiKey = {
      ...request.body,
      id: `k-${keys.length + 1}`,
      prefix: 'winnow_77aa',
      by: me.name,
      created: ago(0),
      lastUsed: null,
      revoked: null,
    }
    keys.push(key)
    return { key, secret: 'winnow_77aa0000000000000000000000000000' }
  })
  const channels: Channel[] = [
    {
      id: 'c-1',
      name: 'On call',
      kind: 'email',
      enabled: true,
      leastRisk: 60,
      settings: { to: 'oncall@example.com', from: 'winnow@example.com', host: 'mail.example.com', port: 587 },
      lastSent: ago(3 * hourMs),
      lastError: null,
    },
    {
      id: 'c-2',
      name: 'Chat',
      kind: 'slack',
      enabled: false,
      leastRisk: 30,
      settings: {},
      lastSent: null,
      lastError: '410 channel_is_archived',
    },
  ]
  app.get('/api/channels', async () => ({ channels }))
  app.post('/api/channels/:id/test', async () => ({ error: null }))
  let settings: Settings = {
    budgetPerDay: 5,
    retentionDays: 90,
    retentionBytes: null,
    excludedPeriods: [{ id: 'p-1', from: ago(90 * hourMs), to: ago(80 * hourMs), note: 'penetration test' }],
    ownNetworks: ['192.0.2.0/24', '2001:db8::/32'],
  }
  app.get('/api/settings', async () => settings)
  app.patch<{ Body: Partial<Settings> }>('/api/settings', async (request) => {
    settings = { ...settings, ...request.body }
    return settings
  })
  const entries: AuditEntry[] = Array.from({ length: 12 }, (_, at) => ({
    id: String(100 - at),
    time: ago(at * hourMs),
    who: me.name,
    action: at % 3 === 0 ? 'signed in' : 'incident changed',
    target: `i-${41 - at}`,
    detail: at === 1 ? `{"note":"${script}"}` : '',
    address: '192.0.2.7',
  }))
  app.get('/api/audit', async () => ({ entries, next: null }))
}
