/**
 * Invented events to search in, and a search that understands just enough: texts, and `field:value` joined by AND.
 *
 * @module
 */
import type { EventRow, FieldSummary } from '../../src/api/search.ts'
import { script } from './fixture-findings.ts'

const nowMs = Date.now()

export const fields: readonly Pick<FieldSummary, 'name' | 'ecs' | 'meaning' | 'type' | 'entity'>[] = [
  { name: 'category', ecs: 'event.category', meaning: 'web, auth, dns …', type: 'keyword', entity: null },
  {
    name: 'source',
    ecs: 'log.file.path',
    meaning: 'the file or stream the line came from',
    type: 'keyword',
    entity: null,
  },
  { name: 'source_ip', ecs: 'source.ip', meaning: 'who began it: the client', type: 'ip', entity: 'address' },
  { name: 'user_name', ecs: 'user.name', meaning: 'who did it', type: 'keyword', entity: 'user' },
  {
    name: 'host_name',
    ecs: 'host.name',
    meaning: 'the machine that wrote the log',
    type: 'keyword',
    entity: 'host',
  },
  {
    name: 'url_domain',
    ecs: 'url.domain',
    meaning: 'the site that was asked for',
    type: 'keyword',
    entity: 'domain',
  },
  {
    name: 'url_path',
    ecs: 'url.path',
    meaning: 'the path, as it was sent',
    type: 'text',
    entity: 'resource',
  },
  {
    name: 'user_agent',
    ecs: 'user_agent.original',
    meaning: 'what the client calls itself',
    type: 'keyword',
    entity: 'agent',
  },
  {
    name: 'http_response_status_code',
    ecs: 'http.response.status_code',
    meaning: 'the answer: 200, 404 …',
    type: 'integer',
    entity: null,
  },
  {
    name: 'http_response_bytes',
    ecs: 'http.response.bytes',
    meaning: 'size of the answer',
    type: 'integer',
    entity: null,
  },
  {
    name: 'event_outcome',
    ecs: 'event.outcome',
    meaning: 'success, failure or unknown',
    type: 'keyword',
    entity: null,
  },
]

const paths = ['/', '/products', '/products/17', '/login', '/api/v1/orders', '/.env', `/search?q=${script}`]
const agents = ['Mozilla/5.0 (X11; Linux x86_64)', 'curl/8.0', 'ExampleBot/1.0']

const webEvent = (at: number): EventRow => {
  const time = new Date(nowMs - at * 61_000).toISOString()
  const ip = at % 9 === 0 ? '203.0.113.99' : `198.51.100.${at % 40}`
  const path = paths[at % paths.length] ?? '/'
  const status = path === '/.env' ? 404 : 200
  const agent = agents[at % 3] ?? ''
  return {
    id: `e-${at}`,
    time,
    category: 'web',
    source: '/var/log/nginx/access.log',
    message: `${ip} - - [${time}] "GET ${path} HTTP/1.1" ${status} ${512 + at} "-" "${agent}"`,
    fields: {
      category: 'web',
      source: '/var/log/nginx/access.log',
      source_ip: ip,
      url_domain: 'www.example.com',
      url_path: path,
      user_agent: agent,
      http_response_status_code: status,
      http_response_bytes: 512 + at,
    },
  }
}

const authEvent = (at: number): EventRow => {
  const time = new Date(nowMs - at * 61_000).toISOString()
  const user = ['ada', 'bob', 'carol'][at % 3] ?? ''
  const failed = at % 5 !== 0
  return {
    id: `e-${at}`,
    time,
    category: 'auth',
    source: '/var/log/auth.log',
    message: `web-01 sshd[${3000 + at}]: ${failed ? 'Failed' : 'Accepted'} password for ${user} from 203.0.113.77 port ${40_000 + at} ssh2`,
    fields: {
      category: 'auth',
      source: '/var/log/auth.log',
      source_ip: '203.0.113.77',
      user_name: user,
      host_name: 'web-01.example.com',
      event_outcome: failed ? 'failure' : 'success',
      'sshd.method': 'password',
    },
  }
}

export const events: readonly EventRow[] = Array.from({ length: 1400 }, (_, at) =>
  at % 4 === 3 ? authEvent(at) : webEvent(at),
)

const fits = (event: EventRow, part: string): boolean => {
  const [, not, field, quoted, bare] = /^(NOT )?(?:([\w.]+):)?(?:"(.*)"|(.*))$/s.exec(part.trim()) ?? []
  const wanted = (quoted ?? bare ?? '').replaceAll(String.raw`\"`, '"')
  const is =
    field === undefined
      ? event.message.toLowerCase().includes(wanted.toLowerCase())
      : wanted === '*'
        ? event.fields[field] !== undefined
        : String(event.fields[field] ?? '') === wanted
  return not === undefined ? is : !is
}

export const found = (q: string, from?: string, to?: string): readonly EventRow[] => {
  const length = /^(\d+)([mhd])$/.exec(from ?? '')
  const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[length?.[2] ?? ''] ?? 0
  const start =
    length === null ? (from === undefined ? 0 : Date.parse(from)) : nowMs - Number(length[1]) * unit
  const end = to === undefined ? Infinity : Date.parse(to)
  const parts = q.trim() === '' ? [] : q.split(' AND ')
  return events.filter(({ time }, at) => {
    const ms = Date.parse(time)
    const event = events[at]
    return ms >= start && ms < end && event !== undefined && parts.every((part) => fits(event, part))
  })
}

export const histogramOf = (rows: readonly EventRow[], buckets: number) => {
  const times = rows.map(({ time }) => Date.parse(time))
  const first = Math.min(...times)
  const bucketMs = Math.max(60_000, Math.ceil((nowMs - first) / buckets / 60_000) * 60_000)
  const start = Math.floor(first / bucketMs) * bucketMs
  const counts = new Map<number, number>()
  for (const time of times) {
    const bucket = Math.floor((time - start) / bucketMs)
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  const last = Math.max(0, ...counts.keys())
  return {
    bucketMs,
    total: rows.length,
    seconds: 0.02,
    buckets:
      rows.length === 0
        ? []
        : Array.from({ length: last + 1 }, (_, at) => ({
            time: new Date(start + at * bucketMs).toISOString(),
            events: counts.get(at) ?? 0,
          })),
  }
}

export const valuesOf = (rows: readonly EventRow[], field: string, prefix = '') => {
  const counts = new Map<string, number>()
  for (const { fields: its } of rows) {
    const value = its[field]
    if (value === undefined || !String(value).startsWith(prefix)) continue
    counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, events]) => ({ value, events }))
    .toSorted((a, b) => b.events - a.events || a.value.localeCompare(b.value))
}
