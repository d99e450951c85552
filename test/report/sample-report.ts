/**
 * Reports to draw: a busy week, a quiet day, and a file that nothing understood.
 *
 * @module
 */

import type { Finding, Incident, Report, Summary } from '../../src/report/report.ts'
import { accessLog, authLog, hourMs, iso, monday, randomOf, sampleFindings } from './sample-findings.ts'

/** Traffic that follows the working day, in hourly buckets. */
function weekOfActivity(): Summary['activity'] {
  const random = randomOf(7)
  return Array.from({ length: 7 * 24 }, (_, hour) => {
    const ofDay = hour % 24
    const weekend = hour >= 5 * 24 ? 0.45 : 1
    const daylight = Math.max(0, Math.sin(((ofDay - 6) / 14) * Math.PI))
    const spike = hour === 2 * 24 + 10 ? 6200 : hour === 4 * 24 + 3 ? 1900 : 0
    return {
      time: iso(monday + hour * hourMs),
      events: Math.round((40 + 190 * daylight * weekend) * (0.8 + 0.4 * random())) + spike,
    }
  })
}

const detectors = [
  'login-from-new-place',
  'login-guessing',
  'regular-visits',
  'web-client-behaviour',
  'web-upload-volume',
] as const

const incidentOf = (rank: number, risk: number, finding: Finding): Incident => ({
  rank,
  id: `incident-of-${finding.id}`,
  risk,
  severity: finding.severity,
  title: finding.title,
  first: finding.first,
  last: finding.last,
  events: finding.events,
  tactics: [],
  entities: (finding.entity.parts ?? [finding.entity]).map(({ kind, value }, at) => ({
    kind,
    value,
    role: at === 0 ? 'actor' : 'target',
  })),
  findings: [finding.id],
})

const [scan, guessing, newPlace, ...others] = sampleFindings
if (scan === undefined || guessing === undefined || newPlace === undefined)
  throw new Error('the sample has findings')

const sampleIncidents: readonly Incident[] = [
  {
    ...incidentOf(1, 93, guessing),
    title: '203.0.113.77 guessed passwords of 214 accounts on bastion.example.com, then got in as deploy',
    last: newPlace.last,
    events: guessing.events + newPlace.events,
    tactics: [
      { id: 'TA0001', name: 'Initial Access', techniques: ['T1078'] },
      { id: 'TA0006', name: 'Credential Access', techniques: ['T1110.001'] },
    ],
    entities: [
      { kind: 'source_ip', value: '203.0.113.77', role: 'actor' },
      { kind: 'user_name', value: 'deploy', role: 'actor' },
      { kind: 'host_name', value: 'bastion.example.com', role: 'target' },
    ],
    findings: [guessing.id, newPlace.id],
  },
  {
    ...incidentOf(2, 71, scan),
    tactics: [{ id: 'TA0043', name: 'Reconnaissance', techniques: ['T1595.002'] }],
  },
  ...others.map((finding, at) => incidentOf(at + 3, 40 - 10 * at, finding)),
]

/** A week of a web shop and its bastion: six findings, two of which belong together. */
export const busyReport: Report = {
  version: 1,
  summary: {
    files: 2,
    lines: 34_120,
    parsed: 34_106,
    rejected: 14,
    first: '2026-03-02T00:00:03Z',
    last: '2026-03-08T23:59:51Z',
    seconds: 1.24,
    detectors,
    sources: [
      { path: accessLog, format: 'apache-access', lines: 27_767, rejected: 1 },
      {
        path: authLog,
        format: 'sshd+sudo',
        lines: 6353,
        rejected: 13,
        note: 'year taken from the file time',
      },
    ],
    rejects: [
      { reason: 'no time stamp', lines: 13, example: '-- MARK --' },
      {
        reason: 'request line is not HTTP',
        lines: 1,
        example: '192.0.2.200 - - [05/Mar/2026:11:00:00 +0000] "\\x16\\x03\\x01" 400 226',
      },
    ],
    activity: weekOfActivity(),
    belowBudget: 11,
  },
  findings: sampleFindings,
  incidents: sampleIncidents,
}

/** Half a quiet day: everything was read and nothing stood out. */
export const emptyReport: Report = {
  version: 1,
  summary: {
    files: 1,
    lines: 1890,
    parsed: 1890,
    rejected: 0,
    first: '2026-03-02T06:00:00Z',
    last: '2026-03-02T18:30:12Z',
    seconds: 0.31,
    detectors,
    sources: [{ path: 'access.log', format: 'apache-access', lines: 1890, rejected: 0 }],
    rejects: [],
    activity: weekOfActivity().slice(6, 19),
    belowBudget: 2,
  },
  findings: [],
  incidents: [],
}

/** A file in no known format. */
export const unparsedReport: Report = {
  version: 1,
  summary: {
    files: 1,
    lines: 402,
    parsed: 0,
    rejected: 402,
    first: null,
    last: null,
    seconds: 0.05,
    detectors: [],
    sources: [{ path: 'notes.txt', format: null, lines: 402, rejected: 402, note: 'no format recognised' }],
    rejects: [{ reason: 'no format recognised', lines: 402, example: 'Dear diary,' }],
    activity: [],
    belowBudget: 0,
  },
  findings: [],
  incidents: [],
}
