/**
 * Incidents and verdicts: what is answered, and what may be asked.
 *
 * @module
 */
import { z } from 'zod'
import type {
  CloseReason,
  HistoryEntry,
  IncidentChange,
  IncidentList,
  IncidentPage,
  IncidentRow,
  NewVerdict,
  Verdict,
  VerdictPreview,
} from '../../api/api.ts'
import { finding, findingRow } from './findings.ts'
import { cursor, id, line, limit, listOf, moment, named, severity, text, time } from './parts.ts'

export const closeReason: z.ZodType<CloseReason> = z.enum(['threat', 'expected', 'false-alarm', 'duplicate'])
const states = ['open', 'acknowledged', 'closed'] as const

export const incidentRow: z.ZodType<IncidentRow> = z
  .object({
    id: z.string(),
    number: z.number(),
    title: z.string(),
    risk: z.number(),
    severity,
    state: z.enum(states),
    reason: closeReason.nullable(),
    owner: named.nullable(),
    first: time,
    last: time,
    opened: time,
    updated: time,
    closed: time.nullable(),
    events: z.number(),
    entities: z.array(
      z.object({ kind: z.string(), value: z.string(), role: z.enum(['actor', 'target', 'detail']) }),
    ),
    tactics: z.array(z.object({ id: z.string(), name: z.string(), techniques: z.array(z.string()) })),
    detectors: z.array(z.string()),
    findings: z.number(),
    risks: z.array(z.object({ time, risk: z.number() })),
  })
  .register(z.globalRegistry, { id: 'IncidentRow' })

export const historyEntry: z.ZodType<HistoryEntry> = z.object({
  id: z.string(),
  time,
  who: named.nullable(),
  kind: z.enum(['opened', 'updated', 'state', 'owner', 'note', 'merged', 'split', 'verdict', 'reopened']),
  text: z.string(),
})

export const incidentList: z.ZodType<IncidentList> = z.object({
  incidents: z.array(incidentRow),
  total: z.number(),
  next: z.string().nullable(),
})

const scopeOf = z.strictObject({
  entity: z.strictObject({ kind: line(60), value: line(2000) }).exactOptional(),
  detector: line(100).exactOptional(),
  pattern: text(500).min(1).exactOptional(),
})

export const verdict: z.ZodType<Verdict> = z
  .object({
    id: z.string(),
    verdict: closeReason,
    scope: scopeOf,
    note: z.string(),
    incident: z.string().nullable(),
    by: named.nullable(),
    created: time,
    expires: time.nullable(),
    revoked: time.nullable(),
    hides: z.number(),
  })
  .register(z.globalRegistry, { id: 'Verdict' })

export const newVerdict: z.ZodType<NewVerdict> = z.strictObject({
  verdict: closeReason,
  scope: scopeOf.refine((scope) => Object.keys(scope).length > 0, 'names an entity, a detector or a pattern'),
  note: text(4000).exactOptional(),
  incident: id.exactOptional(),
  expires: moment.nullable().exactOptional(),
})

export const verdictPreview: z.ZodType<VerdictPreview> = z.object({
  findings: z.number(),
  incidents: z.array(incidentRow),
  confirmedThreats: z.array(incidentRow),
  examples: z.array(findingRow),
})

export const incidentPage: z.ZodType<IncidentPage> = z
  .object({
    incident: incidentRow,
    findings: z.array(finding),
    history: z.array(historyEntry),
    similar: z.array(incidentRow),
    verdicts: z.array(verdict),
    mergedInto: z.string().nullable(),
  })
  .register(z.globalRegistry, { id: 'IncidentPage' })

export const incidentFilter = z.strictObject({
  state: listOf(states).exactOptional(),
  severity: listOf(['low', 'medium', 'high', 'critical']).exactOptional(),
  detector: line(100).exactOptional(),
  entity: line(500).exactOptional(),
  owner: id.exactOptional(),
  q: line(200).exactOptional(),
  from: line(40).exactOptional(),
  to: line(40).exactOptional(),
  sort: z.enum(['risk', 'updated', 'opened']).exactOptional(),
  limit: limit(50, 200),
  cursor: cursor.exactOptional(),
})

export const incidentChange: z.ZodType<IncidentChange> = z
  .strictObject({
    state: z.enum(states).exactOptional(),
    reason: closeReason.exactOptional(),
    owner: id.nullable().exactOptional(),
    title: line(300).exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing')
  .refine((change) => change.state !== 'closed' || change.reason !== undefined, 'closing needs a reason')
