/**
 * Invented findings for the console: every kind of detail, and script in other people's text.
 *
 * @module
 */
import type { Detail, Finding, Reason, Severity } from '../../src/api/api.ts'

const minuteMs = 60_000
export const hourMs = 60 * minuteMs

/** What must never act, whatever shows it. */
export const script = `"><img src=x onerror="window.acted=true"><script>window.acted=true</script>`

const startedMs = Date.now()
export const ago = (ms: number): string => new Date(startedMs - ms).toISOString()

const reason = (
  feature: string,
  label: string,
  observed: number,
  typical: number,
  share: number,
  unit: Reason['unit'] = 'count',
): Reason => ({ feature, label, observed, typical, share, unit })

interface Told {
  readonly id: string
  readonly detector: string
  readonly severity: Severity
  readonly title: string
  readonly entity: Finding['entity']
  readonly related?: Finding['related']
  readonly startMs: number
  readonly lengthMs: number
  readonly events: number
  readonly attack: readonly string[]
  readonly reasons: readonly Reason[]
  readonly details?: readonly Detail[]
  readonly lines: readonly string[]
  readonly filter: string
}

const made = (told: Told, rank: number): Finding => {
  const first = ago(told.startMs)
  const last = ago(told.startMs - told.lengthMs)
  return {
    rank,
    id: told.id,
    detector: told.detector,
    severity: told.severity,
    surprise: 3 + told.events / 100,
    entity: told.entity,
    related: told.related ?? [],
    first,
    last,
    events: told.events,
    attack: told.attack,
    title: told.title,
    rarity: 'In logs like these, chance alone would bring this once in 3 years.',
    reasons: told.reasons,
    evidence: {
      filter: `${told.filter} AND timestamp:[${first} TO ${last}]`,
      lines: told.lines,
      places: told.lines.map((text, at) => ({
        path: '/var/log/nginx/access.log',
        line: 4200 + at * 7,
        text,
      })),
    },
    activity: Array.from({ length: 48 }, (_, at) => ({
      time: ago(told.startMs + (40 - at) * 10 * minuteMs),
      events: at > 39 && at < 45 ? told.events / 5 : (at * 7) % 11,
      anomalous: at > 39 && at < 45,
    })),
    details: told.details ?? [],
    knowledge: [],
  }
}

const scanner = { kind: 'source_ip', value: '203.0.113.99' }
const guesser = { kind: 'source_ip', value: '203.0.113.77' }
const beacon = {
  kind: 'source_ip+destination_domain',
  value: '192.0.2.41 → updates.example.net',
  parts: [
    { kind: 'source_ip', value: '192.0.2.41' },
    { kind: 'destination_domain', value: 'updates.example.net' },
  ],
}

export const findings: readonly Finding[] = [
  made(
    {
      id: 'f-login',
      detector: 'login-success-after-failures',
      severity: 'critical',
      title: '203.0.113.77 got in as bob after 140 failed logins in 15 minutes',
      entity: guesser,
      related: [
        { kind: 'user_name', value: 'bob' },
        { kind: 'host_name', value: 'web-01.example.com' },
      ],
      startMs: 3 * hourMs,
      lengthMs: 16 * minuteMs,
      events: 141,
      attack: ['T1110', 'T1078'],
      reasons: [reason('strangers', 'failures of users who never got in from there', 140, 0.4, 1)],
      lines: [
        'Nov 22 03:27:23 web-01 sshd[3418]: Accepted password for bob from 203.0.113.77 port 46049 ssh2',
        'Nov 22 03:12:00 web-01 sshd[3258]: Failed password for bob from 203.0.113.77 port 38159 ssh2',
      ],
      filter: 'category:auth AND source_ip:203.0.113.77',
    },
    1,
  ),
  made(
    {
      id: 'f-path',
      detector: 'lateral-movement',
      severity: 'high',
      title: 'bob went from web-01.example.com over 2 machines to db-01.example.com, as another user',
      entity: { kind: 'user_name', value: 'bob' },
      related: [{ kind: 'host_name', value: 'db-01.example.com' }],
      startMs: 2.6 * hourMs,
      lengthMs: 40 * minuteMs,
      events: 12,
      attack: ['T1021.004'],
      reasons: [
        reason('hops', 'machines reached for the first time', 3, 0, 0.7),
        reason('switched', 'changes of user on the way', 1, 0, 0.3),
      ],
      details: [
        {
          kind: 'path',
          hops: [
            {
              time: ago(2.5 * hourMs),
              from: 'web-01.example.com',
              to: 'app-02.example.com',
              user: 'bob',
              switched: false,
            },
            {
              time: ago(2.2 * hourMs),
              from: 'app-02.example.com',
              to: 'db-01.example.com',
              user: 'deploy',
              switched: true,
            },
          ],
        },
        {
          kind: 'touched',
          peers: { name: 'engineers', members: 14 },
          kinds: [{ column: 'host_name', values: 6, fresh: 3 }],
          edges: [
            { column: 'host_name', value: 'db-01.example.com', events: 9, before: 0, peers: 1, others: 2 },
            { column: 'host_name', value: 'app-02.example.com', events: 3, before: 12, peers: 9, others: 20 },
          ],
        },
      ],
      lines: [
        'Nov 22 04:02:11 db-01 sshd[911]: Accepted publickey for deploy from 192.0.2.22 port 51012 ssh2',
      ],
      filter: 'category:auth AND user_name:bob',
    },
    2,
  ),
  made(
    {
      id: 'f-payload',
      detector: 'web-attack-payload',
      severity: 'high',
      title: `203.0.113.99 sent 78 attack payloads ${script}`,
      entity: scanner,
      startMs: 5 * hourMs,
      lengthMs: 30 * minuteMs,
      events: 78,
      attack: ['T1190'],
      reasons: [
        reason('oddness', 'oddness of what was sent', 86.2, 11.9, 0.6, 'bits'),
        reason('texts', 'different odd texts', 61, 0, 0.4),
      ],
      details: [
        {
          kind: 'payloads',
          texts: [
            {
              place: 'parameter',
              name: 'q',
              page: 'www.example.com/search',
              text: script,
              meant: ['cross-site scripting'],
              bits: 86,
              requests: 40,
              answers: [200, 400],
            },
            {
              place: 'path',
              name: '',
              page: 'www.example.com',
              text: '/../../../../etc/passwd',
              meant: ['path traversal'],
              bits: 51,
              requests: 21,
              answers: [404],
            },
            {
              place: 'user agent',
              name: '',
              page: 'www.example.com',
              text: 'x\u202Egnp.exe \u001B[31m',
              meant: [],
              bits: 33,
              requests: 17,
              answers: [200],
            },
          ],
        },
      ],
      lines: [
        `203.0.113.99 - - [22/Nov/2026:01:36:10 +0000] "GET /search?q=${script} HTTP/1.1" 200 512 "-" "curl/8.0"`,
        ...Array.from(
          { length: 9 },
          (_, at) =>
            `203.0.113.99 - - [22/Nov/2026:01:36:1${at} +0000] "GET /item?id=${at}%27+OR+1=1 HTTP/1.1" 400 0 "-" "curl/8.0"`,
        ),
      ],
      filter: 'category:web AND source_ip:203.0.113.99',
    },
    3,
  ),
  made(
    {
      id: 'f-web',
      detector: 'web-client-behaviour',
      severity: 'high',
      title: '203.0.113.99 probed 590 paths, mostly in vain',
      entity: scanner,
      related: [{ kind: 'url_domain', value: 'www.example.com' }],
      startMs: 5.2 * hourMs,
      lengthMs: 44 * minuteMs,
      events: 612,
      attack: ['T1595'],
      reasons: [
        reason('failed', 'failing requests', 590, 1, 0.55),
        reason('paths', 'different paths', 590, 6, 0.3),
        reason('failing', 'share of requests that fail', 0.96, 0.02, 0.15, 'share'),
      ],
      lines: ['203.0.113.99 - - [22/Nov/2026:01:20:44 +0000] "GET /.env HTTP/1.1" 404 153 "-" "curl/8.0"'],
      filter: 'category:web AND source_ip:203.0.113.99',
    },
    4,
  ),
  made(
    {
      id: 'f-beacon',
      detector: 'beacon',
      severity: 'medium',
      title: '192.0.2.41 called updates.example.net every 5 min, day and night',
      entity: beacon,
      startMs: 46 * hourMs,
      lengthMs: 45 * hourMs,
      events: 544,
      attack: ['T1071.001'],
      reasons: [
        reason('regularity', 'regularity of the gaps', 0.97, 0.2, 0.8, 'share'),
        reason('bytes', 'bytes sent', 1_482_000, 22_000, 0.2, 'bytes'),
      ],
      details: [
        {
          kind: 'rhythm',
          medianGap: 300,
          gaps: Array.from({ length: 20 }, (_, at) => ({
            fromSeconds: 240 + at * 6,
            toSeconds: 246 + at * 6,
            gaps: at === 10 ? 480 : at === 9 ? 41 : at === 11 ? 20 : 0,
          })),
          hours: Array.from({ length: 46 }, (_, at) => ({
            time: `${ago((46 - at) * hourMs).slice(0, 13)}:00:00.000Z`,
            events: at % 13 === 5 ? 0 : 12,
          })),
        },
      ],
      lines: [
        '1763776800.000 120 192.0.2.41 TCP_TUNNEL/200 1204 CONNECT updates.example.net:443 - HIER_DIRECT/198.51.100.8 -',
      ],
      filter: 'category:proxy AND source_ip:192.0.2.41 AND destination_domain:updates.example.net',
    },
    5,
  ),
  made(
    {
      id: 'f-tunnel',
      detector: 'dns-exfiltration',
      severity: 'medium',
      title: '192.0.2.17 sent 214 kB in queries below t.example.org',
      entity: {
        kind: 'source_ip+dns_question_registered_domain',
        value: '192.0.2.17 → example.org',
        parts: [
          { kind: 'source_ip', value: '192.0.2.17' },
          { kind: 'dns_question_registered_domain', value: 'example.org' },
        ],
      },
      startMs: 9 * hourMs,
      lengthMs: 2 * hourMs,
      events: 4100,
      attack: ['T1048'],
      reasons: [reason('bytes', 'bytes of text below the domain', 214_000, 140, 1, 'bytes')],
      details: [
        {
          kind: 'queries',
          queries: 4100,
          names: 4088,
          bytes: 214_000,
          types: [
            { type: 'TXT', queries: 3900 },
            { type: 'A', queries: 200 },
          ],
          examples: ['mzxw6ytboi3dimzrgq2tmnzyhe.t.example.org', 'nbswy3dpo5xxe3deebzg63a.t.example.org'],
        },
      ],
      lines: [
        '22-Nov-2026 00:12:01.118 client 192.0.2.17#5331: query: mzxw6ytboi3dimzrgq.t.example.org IN TXT',
      ],
      filter: 'category:dns AND source_ip:192.0.2.17',
    },
    6,
  ),
  made(
    {
      id: 'f-scan',
      detector: 'port-scan',
      severity: 'low',
      title: '198.51.100.201 tried 240 addresses on 3 ports',
      entity: { kind: 'source_ip', value: '198.51.100.201' },
      startMs: 30 * hourMs,
      lengthMs: 20 * minuteMs,
      events: 720,
      attack: ['T1046'],
      reasons: [reason('addresses', 'different addresses', 240, 2, 1)],
      details: [
        {
          kind: 'targets',
          addresses: 240,
          ports: 3,
          answered: 4,
          unanswered: 716,
          topAddresses: [
            { value: '192.0.2.10', events: 9 },
            { value: '192.0.2.11', events: 3 },
          ],
          topPorts: [
            { value: '445', events: 400 },
            { value: '22', events: 200 },
            { value: '3389', events: 120 },
          ],
        },
        { kind: 'blinded', detectors: [{ id: 'beacon', title: 'A client that calls home' }] },
      ],
      lines: ['1763700000.1 C1 198.51.100.201 40112 192.0.2.10 445 tcp - - - - S0'],
      filter: 'category:flow AND source_ip:198.51.100.201',
    },
    7,
  ),
]
