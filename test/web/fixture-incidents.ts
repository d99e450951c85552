/**
 * Invented incidents for the console, told of the findings.
 *
 * @module
 */
import type { Finding, FindingRow, HistoryEntry, IncidentPage, IncidentRow } from '../../src/api/api.ts'
import { ago, findings, hourMs, script } from './fixture-findings.ts'

export const rowOf = (finding: Finding, incident: string | null, state: FindingRow['state']): FindingRow => ({
  id: finding.id,
  detector: finding.detector,
  title: finding.title,
  severity: finding.severity,
  surprise: finding.surprise,
  rarity: finding.rarity,
  entity: finding.entity,
  first: finding.first,
  last: finding.last,
  events: finding.events,
  incident,
  state,
  hiddenBy: null,
})

const tactics = {
  access: { id: 'TA0006', name: 'Credential Access', techniques: ['T1110'] },
  lateral: { id: 'TA0008', name: 'Lateral Movement', techniques: ['T1021.004'] },
  recon: { id: 'TA0043', name: 'Reconnaissance', techniques: ['T1595'] },
  initial: { id: 'TA0001', name: 'Initial Access', techniques: ['T1190'] },
  control: { id: 'TA0011', name: 'Command and Control', techniques: ['T1071.001'] },
  theft: { id: 'TA0010', name: 'Exfiltration', techniques: ['T1048'] },
} as const

interface Story {
  readonly number: number
  readonly title: string
  readonly risk: number
  readonly findings: readonly string[]
  readonly tactics: IncidentRow['tactics']
  readonly state?: IncidentRow['state']
  readonly reason?: IncidentRow['reason']
}

const stories: readonly Story[] = [
  {
    number: 41,
    title: '203.0.113.77 guessed the password of bob, got in, and went on to db-01.example.com',
    risk: 95,
    findings: ['f-login', 'f-path'],
    tactics: [tactics.access, tactics.lateral],
  },
  {
    number: 40,
    title: `203.0.113.99 probed 590 paths and sent attack payloads ${script}`,
    risk: 78,
    findings: ['f-payload', 'f-web'],
    tactics: [tactics.recon, tactics.initial],
  },
  {
    number: 39,
    title: '192.0.2.41 called updates.example.net every 5 min, day and night',
    risk: 52,
    findings: ['f-beacon'],
    tactics: [tactics.control],
  },
  {
    number: 38,
    title: '192.0.2.17 sent 214 kB in queries below t.example.org',
    risk: 49,
    findings: ['f-tunnel'],
    tactics: [tactics.theft],
    state: 'acknowledged',
  },
  {
    number: 37,
    title: '198.51.100.201 tried 240 addresses on 3 ports',
    risk: 18,
    findings: ['f-scan'],
    tactics: [tactics.recon],
    state: 'closed',
    reason: 'expected',
  },
]

export const me = { id: 'u-1', name: 'Ada Example', email: 'ada@example.com', role: 'administrator' as const }

const incidentOf = (story: Story): IncidentRow => {
  const its = findings.filter(({ id }) => story.findings.includes(id))
  const first = its.map((one) => one.first).toSorted()[0] ?? ago(0)
  const last =
    its
      .map((one) => one.last)
      .toSorted()
      .at(-1) ?? ago(0)
  const state = story.state ?? 'open'
  return {
    id: `i-${story.number}`,
    number: story.number,
    title: story.title,
    risk: story.risk,
    severity: its[0]?.severity ?? 'low',
    state,
    reason: story.reason ?? null,
    owner: state === 'acknowledged' ? { id: me.id, name: me.name } : null,
    first,
    last,
    opened: first,
    updated: last,
    closed: state === 'closed' ? last : null,
    events: its.reduce((sum, { events }) => sum + events, 0),
    entities: [
      ...its
        .flatMap(({ entity }) => (entity.parts ?? [entity]).slice(0, 1))
        .map((one) => ({ ...one, role: 'actor' as const })),
      ...its
        .flatMap(({ entity, related }) => [...(entity.parts ?? []).slice(1), ...related])
        .map((one) => ({ ...one, role: 'target' as const })),
    ].filter(
      (one, at, all) => all.findIndex(({ kind, value }) => kind === one.kind && value === one.value) === at,
    ),
    tactics: story.tactics,
    detectors: its.map(({ detector }) => detector),
    findings: its.length,
    risks: [0.4, 0.55, 0.9, 1].map((share, at) => ({
      time: ago((4 - at) * hourMs),
      risk: Math.round(story.risk * share),
    })),
  }
}

export const makeIncidents = (): IncidentRow[] => stories.map(incidentOf)

export const pageOf = (
  incident: IncidentRow,
  others: readonly IncidentRow[],
  notes: readonly HistoryEntry[],
): IncidentPage => {
  const story = stories.find(({ number }) => number === incident.number)
  return {
    incident,
    findings: findings.filter(({ id }) => story?.findings.includes(id)),
    history: [
      { id: 'h-1', time: incident.opened, who: null, kind: 'opened', text: 'opened with 1 finding' },
      {
        id: 'h-2',
        time: incident.updated,
        who: null,
        kind: 'updated',
        text: `risk rose from 40 to ${incident.risk}: 1 more finding`,
      },
      {
        id: 'h-3',
        time: ago(hourMs),
        who: { id: me.id, name: me.name },
        kind: 'note',
        text: `Asked the owner of the machine.\nWaiting. ${script}`,
      },
      ...notes,
    ],
    similar: others.filter(({ id, state }) => id !== incident.id && state !== 'open').slice(0, 2),
    verdicts: [],
    mergedInto: null,
  }
}
