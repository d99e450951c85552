/** Incidents to tell of, and messages about them. */
import type { IncidentRow } from '../../src/api/api.ts'
import type { Bulletin, Item } from '../../src/notify/bulletin.ts'
import { toldIncident } from '../../src/notify/notice.ts'

export const nowMs = Date.UTC(2026, 2, 3, 12)
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs

export const iso = (ms: number): string => new Date(ms).toISOString()

export const incident = (more: Partial<IncidentRow> = {}): IncidentRow => ({
  id: 'i-1',
  number: 12,
  title: '198.51.100.66 guessed passwords of 12 users',
  risk: 72,
  severity: 'high',
  state: 'open',
  reason: null,
  owner: null,
  first: iso(nowMs - 10 * minuteMs),
  last: iso(nowMs - minuteMs),
  opened: iso(nowMs),
  updated: iso(nowMs),
  closed: null,
  events: 1234,
  entities: [
    { kind: 'source_ip', value: '198.51.100.66', role: 'actor' },
    { kind: 'user_name', value: 'ann', role: 'target' },
    { kind: 'user_agent', value: 'curl/8', role: 'detail' },
  ],
  tactics: [{ id: 'TA0006', name: 'Credential Access', techniques: ['T1110'] }],
  detectors: ['login-guessing'],
  findings: 2,
  risks: [{ time: iso(nowMs), risk: more.risk ?? 72 }],
  ...more,
})

export const item = (row: Partial<IncidentRow> = {}, more: Partial<Item> = {}): Item => ({
  change: 'opened',
  time: iso(nowMs),
  riskBefore: null,
  reopening: null,
  incident: toldIncident(incident(row)),
  url: 'https://winnow.example.com/incidents/i-1',
  lines: [],
  ...more,
})

export const bulletin = (items: readonly Item[] = [item()], more: Partial<Bulletin> = {}): Bulletin => ({
  id: 'c-1.7',
  isTest: false,
  nowMs,
  items,
  more: { count: 0, severities: {} },
  heldBack: null,
  url: 'https://winnow.example.com/incidents',
  ...more,
})

export const never = new AbortController().signal
