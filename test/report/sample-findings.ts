/**
 * Six findings of one week: two web clients, a guessed password and what followed it, an upload and a beacon.
 *
 * @module
 */

import type { Activity, Finding, Reason, Severity } from '../../src/report/report.ts'

export const hourMs = 3_600_000
export const monday = Date.parse('2026-03-02T00:00:00Z')

/** A reproducible number between 0 and 1 (Lehmer's generator, MINSTD). */
export function randomOf(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

function activityAround(
  startMs: number,
  stepMs: number,
  quiet: number,
  peaks: readonly (readonly [number, number])[],
): readonly Activity[] {
  const random = randomOf(startMs % 9973)
  const loud = new Map(peaks)
  return Array.from({ length: 48 }, (_, at) => ({
    time: iso(startMs + at * stepMs),
    events: loud.get(at) ?? Math.round(quiet * 2 * random()),
    anomalous: loud.has(at),
  }))
}

function reason(
  feature: string,
  label: string,
  observed: number,
  typical: number,
  share: number,
  unit: Reason['unit'] = 'count',
): Reason {
  return { feature, label, observed, typical, share, unit }
}

type Draft = Omit<Finding, 'id' | 'related' | 'rarity' | 'severity' | 'details' | 'knowledge'> &
  Partial<Finding> & { severity: Severity }

function finding(draft: Draft): Finding {
  return {
    id: `${draft.detector}-${draft.rank}`,
    related: [],
    details: [],
    knowledge: [],
    rarity: 'Expected by chance once in 3 years of logs like these.',
    ...draft,
  }
}

export const accessLog = '/var/log/apache2/access.log'
export const authLog = '/var/log/auth.log'

function accessLine(ip: string, time: string, request: string, status: number, agent: string): string {
  return `${ip} - - [${time} +0000] "${request} HTTP/1.1" ${status} 492 "-" "${agent}"`
}

const scannerAgent = 'Mozilla/5.00 (Nikto/2.1.5) (Evasions:None) (Test:003584)'

export const sampleFindings: readonly Finding[] = [
  finding({
    rank: 1,
    detector: 'web-client-behaviour',
    severity: 'critical',
    surprise: 9.4,
    entity: { kind: 'source_ip', value: '198.51.100.25' },
    related: [{ kind: 'destination_domain', value: 'shop.example.com' }],
    first: '2026-03-04T10:12:01Z',
    last: '2026-03-04T10:41:37Z',
    events: 6539,
    attack: ['T1595.002', 'T1190'],
    title: '198.51.100.25 made 6,212 failing requests to 4,871 different paths in half an hour',
    rarity: 'Expected by chance less than once in 1,000 years of logs like these.',
    reasons: [
      reason('failed', 'failing requests', 212, 1, 0.44),
      reason('paths', 'different paths', 184, 3, 0.31),
      reason('query_entropy', 'disorder of the query texts', 5.12, 2.4, 0.13, 'bits'),
      reason('error_share', 'share of requests that fail', 0.95, 0.02, 0.08, 'share'),
      reason('gap', 'time between requests', 0.27, 18, 0.04, 'seconds'),
    ],
    evidence: {
      filter:
        "source_ip = '198.51.100.25' AND time >= '2026-03-04 10:12:00' AND time < '2026-03-04 10:42:00'",
      lines: [],
      places: [
        ['04/Mar/2026:10:12:01', 'GET /cgi-bin/test.cgi', 404],
        ['04/Mar/2026:10:12:01', 'GET /phpmyadmin/index.php', 404],
        ['04/Mar/2026:10:12:02', 'GET /../../../../../../etc/passwd', 400],
        ['04/Mar/2026:10:12:02', "GET /item.php?id=1'%20UNION%20SELECT%20null,version(),user()--%20-", 500],
        ['04/Mar/2026:10:12:03', 'GET /search?q=%3Cscript%3Ealert(1)%3C/script%3E', 200],
      ].map(([time, request, status], at) => ({
        path: accessLog,
        line: 11_204 + at * 3,
        text: accessLine('198.51.100.25', String(time), String(request), Number(status), scannerAgent),
      })),
    },
    activity: activityAround(monday + 2 * 24 * hourMs + 8 * hourMs, 5 * 60_000, 3, [
      [26, 412],
      [27, 1290],
      [28, 1402],
      [29, 1377],
      [30, 1338],
      [31, 720],
    ]),
  }),
  finding({
    rank: 2,
    detector: 'login-guessing',
    severity: 'high',
    surprise: 7.1,
    entity: {
      kind: 'pair',
      value: '203.0.113.77 → bastion.example.com',
      parts: [
        { kind: 'source_ip', value: '203.0.113.77' },
        { kind: 'host_name', value: 'bastion.example.com' },
      ],
    },
    related: [
      { kind: 'user_name', value: 'root' },
      { kind: 'user_name', value: 'deploy' },
    ],
    first: '2026-03-06T03:02:11Z',
    last: '2026-03-06T03:58:40Z',
    events: 1863,
    attack: ['T1110.001', 'T1021.004'],
    title:
      '203.0.113.77 failed to log in to bastion.example.com 1,862 times as 214 accounts, then succeeded as deploy',
    rarity: 'Expected by chance once in 38 years of logs like these.',
    reasons: [
      reason('failures', 'failed logins', 1862, 0, 0.58),
      reason('accounts', 'different accounts', 214, 1, 0.27),
      reason('unknown', 'share of accounts that do not exist', 0.87, 0.05, 0.15, 'share'),
    ],
    evidence: {
      filter:
        "source_ip = '203.0.113.77' AND host_name = 'bastion.example.com' AND category = 'authentication'",
      lines: [],
      places: [
        {
          path: authLog,
          line: 4410,
          text: 'Mar  6 03:02:11 bastion sshd[2201]: Failed password for invalid user admin from 203.0.113.77 port 40112 ssh2',
        },
        {
          path: authLog,
          line: 4411,
          text: 'Mar  6 03:02:13 bastion sshd[2203]: Failed password for root from 203.0.113.77 port 40120 ssh2',
        },
        {
          path: authLog,
          line: 6272,
          text: 'Mar  6 03:58:40 bastion sshd[9120]: Accepted password for deploy from 203.0.113.77 port 51822 ssh2',
        },
      ],
    },
    activity: activityAround(monday + 4 * 24 * hourMs - 12 * hourMs, 30 * 60_000, 0.4, [
      [30, 960],
      [31, 903],
    ]),
  }),
  finding({
    rank: 3,
    detector: 'login-from-new-place',
    severity: 'high',
    surprise: 5.8,
    entity: { kind: 'user_name', value: 'deploy' },
    related: [{ kind: 'source_ip', value: '203.0.113.77' }],
    first: '2026-03-06T03:58:40Z',
    last: '2026-03-06T04:20:02Z',
    events: 9,
    attack: ['T1078'],
    title: 'deploy logged in from 203.0.113.77, a network it was never seen on, at an hour it never works',
    rarity: 'Expected by chance once in 2 years of logs like these.',
    reasons: [
      reason('new_networks', 'networks not seen before', 1, 0, 0.71),
      reason('hour_rarity', 'rarity of the hour', 6.2, 1.1, 0.29, 'bits'),
    ],
    evidence: {
      filter: "user_name = 'deploy' AND time >= '2026-03-06 03:58:00'",
      lines: [
        'Mar  6 03:58:40 bastion sshd[9120]: Accepted password for deploy from 203.0.113.77 port 51822 ssh2',
      ],
      places: [],
    },
    activity: activityAround(monday + 4 * 24 * hourMs - 12 * hourMs, 30 * 60_000, 1.2, [
      [31, 2],
      [32, 7],
    ]),
  }),
  finding({
    rank: 4,
    detector: 'web-upload-volume',
    severity: 'medium',
    surprise: 4.3,
    entity: {
      kind: 'pair',
      value: '192.0.2.14 → files.example.com',
      parts: [
        { kind: 'source_ip', value: '192.0.2.14' },
        { kind: 'destination_domain', value: 'files.example.com' },
      ],
    },
    first: '2026-03-07T22:10:00Z',
    last: '2026-03-08T01:44:31Z',
    events: 412,
    attack: ['T1567.002'],
    title: '192.0.2.14 sent 3.2 GB to files.example.com overnight',
    rarity: 'Expected by chance once in 21 days of logs like these.',
    reasons: [
      reason('bytes_out', 'bytes sent', 3_214_000_000, 1_240_000, 0.82, 'bytes'),
      reason('duration', 'length of the longest session', 12_870, 95, 0.18, 'seconds'),
    ],
    evidence: {
      filter: "source_ip = '192.0.2.14' AND destination_domain = 'files.example.com'",
      lines: [],
      places: [
        {
          path: accessLog,
          line: 25_980,
          text: accessLine(
            '192.0.2.14',
            '07/Mar/2026:22:10:00',
            'PUT /u/backup-0001.7z',
            201,
            'rclone/v1.65.0',
          ),
        },
        {
          path: accessLog,
          line: 26_391,
          text: accessLine(
            '192.0.2.14',
            '08/Mar/2026:01:44:31',
            'PUT /u/backup-0412.7z',
            201,
            'rclone/v1.65.0',
          ),
        },
      ],
    },
    activity: activityAround(monday + 5 * 24 * hourMs, hourMs, 2, [
      [46, 96],
      [47, 130],
    ]),
  }),
  finding({
    rank: 5,
    detector: 'web-client-behaviour',
    severity: 'medium',
    surprise: 3.6,
    entity: { kind: 'source_ip', value: '203.0.113.9' },
    first: '2026-03-03T14:20:00Z',
    last: '2026-03-03T14:24:59Z',
    events: 340,
    attack: ['T1595'],
    title: '203.0.113.9 asked for 338 different paths in five minutes',
    rarity: 'Expected by chance once in 9 days of logs like these.',
    reasons: [
      reason('paths', 'different paths', 338, 3, 0.9),
      reason('failed', 'failing requests', 12, 1, 0.1),
    ],
    evidence: {
      filter: "source_ip = '203.0.113.9'",
      lines: [],
      places: [
        {
          path: accessLog,
          line: 6021,
          text: accessLine(
            '203.0.113.9',
            '03/Mar/2026:14:20:00',
            'GET /sitemap.xml',
            200,
            'ExampleCrawler/2.0 (+https://example.com/bot)',
          ),
        },
      ],
    },
    activity: activityAround(monday + 24 * hourMs + 12 * hourMs, 5 * 60_000, 1, [[28, 340]]),
  }),
  finding({
    rank: 6,
    detector: 'regular-visits',
    severity: 'low',
    surprise: 2.4,
    entity: { kind: 'source_ip', value: '2001:db8::5:1f' },
    first: '2026-03-02T00:00:09Z',
    last: '2026-03-08T23:55:09Z',
    events: 2016,
    attack: [],
    title: '2001:db8::5:1f visits every five minutes, to the second',
    rarity: 'Expected by chance once in 2 days of logs like these.',
    reasons: [reason('regularity', 'regularity of the gaps', 0.998, 0.12, 1, 'share')],
    evidence: {
      filter: "source_ip = '2001:db8::5:1f'",
      lines: [],
      places: [
        {
          path: accessLog,
          line: 3,
          text: accessLine('2001:db8::5:1f', '02/Mar/2026:00:00:09', 'HEAD /health', 200, 'curl/8.5.0'),
        },
      ],
    },
    activity: activityAround(
      monday,
      3.5 * hourMs,
      0,
      Array.from({ length: 48 }, (_, at) => [at, 42] as const),
    ),
  }),
]
