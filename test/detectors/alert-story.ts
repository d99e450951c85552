/** Stories of other tools' alerts: quiet days of a dozen machines watched by Wazuh, and of a network watched by Suricata. */
import { randomStream } from '../../src/models/random.ts'
import type { HuntRequest } from '../../src/hunt.ts'
import { huntLines, type Line } from './story.ts'

const startMs = Date.UTC(2026, 2, 2)
const isoAt = (at: number): string => new Date(startMs + at * 1000).toISOString().replace('Z', '+0000')

export interface HostAlert {
  readonly host: string
  readonly rule: string
  readonly id: string
  readonly level?: number
  readonly source?: string
}

/** A line of Wazuh's alerts.json. */
export const hostAlert = (at: number, { host, rule, id, level = 3, source }: HostAlert): Line => ({
  at,
  text: JSON.stringify({
    timestamp: isoAt(at),
    rule: { level, description: rule, id, groups: ['syslog'] },
    agent: { id: '001', name: host, ip: '192.0.2.10' },
    manager: { name: 'wazuh-1' },
    data: source === undefined ? {} : { srcip: source },
  }),
})

export const hosts = Array.from({ length: 12 }, (_, i) => `server-${i + 1}`)

interface Habit {
  readonly rule: string
  readonly id: string
  /** How often an hour, on average. */
  readonly rate: number
  readonly at: (host: number) => boolean
}

const everywhere = (): boolean => true

/** What these machines raise day in, day out. */
const habits: readonly Habit[] = [
  { rule: 'Login session opened.', id: '5501', rate: 6, at: everywhere },
  { rule: 'Login session closed.', id: '5502', rate: 6, at: everywhere },
  { rule: 'Successful sudo to ROOT executed.', id: '5402', rate: 1, at: everywhere },
  { rule: 'Mail authentication success.', id: '9701', rate: 40, at: (host) => host < 2 },
  { rule: 'Mail user login failed.', id: '9702', rate: 2, at: (host) => host < 2 },
  { rule: 'Web server 400 error code.', id: '31101', rate: 12, at: (host) => host > 7 },
  { rule: 'IDS event.', id: '20101', rate: 20, at: (host) => host === 5 },
  { rule: 'Multiple IDS events from same source.', id: '20151', rate: 1, at: (host) => host === 5 },
]

/** Thousands of alerts a day, the same ones at the same machines. */
export const quietHosts = (days: number): Line[] => {
  const random = randomStream(21)
  return habits.flatMap(({ rule, id, rate, at }) =>
    hosts.flatMap((host, i) =>
      at(i)
        ? Array.from({ length: Math.round(rate * 24 * days) }, () =>
            hostAlert(random() * days * 86_400, { host, rule, id }),
          )
        : [],
    ),
  )
}

export interface WireAlert {
  readonly from: string
  readonly to: string
  readonly rule: string
  readonly id: number
  readonly severity?: number
  readonly action?: 'allowed' | 'blocked'
}

/** An alert of Suricata's eve.json. */
export const wireAlert = (
  at: number,
  { from, to, rule, id, severity = 2, action = 'allowed' }: WireAlert,
): Line => ({
  at,
  text: JSON.stringify({
    timestamp: isoAt(at),
    flow_id: 1 + Math.floor(at),
    event_type: 'alert',
    host: 'sensor-1',
    src_ip: from,
    src_port: 40_000,
    dest_ip: to,
    dest_port: 443,
    proto: 'TCP',
    alert: { action, signature_id: id, signature: rule, category: 'Misc Attack', severity },
  }),
})

/** A server that everybody scans, and thirty clients whose programs are old. */
export const quietWire = (days: number): Line[] => {
  const random = randomStream(22)
  const scans = Array.from({ length: 600 * days }, () =>
    wireAlert(random() * days * 86_400, {
      from: `203.0.113.${1 + Math.floor(random() * 250)}`,
      to: '192.0.2.80',
      rule: `EXAMPLE SCAN kind ${1 + Math.floor(random() * 9)}`,
      id: 9000,
      severity: 1,
    }),
  )
  const old = Array.from({ length: 1500 * days }, () =>
    wireAlert(random() * days * 86_400, {
      from: `192.0.2.${100 + Math.floor(random() * 30)}`,
      to: '198.51.100.20',
      rule: random() < 0.8 ? 'EXAMPLE POLICY package management' : 'EXAMPLE invalid record',
      id: 9001,
    }),
  )
  return [...scans, ...old]
}

export const huntAlerts = (lines: readonly Line[], request: Omit<HuntRequest, 'paths'> = {}) =>
  huntLines(lines, { ownNetworks: ['192.0.2.0/24'], ...request })
