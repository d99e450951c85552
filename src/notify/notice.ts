/**
 * What is told of an incident: what happened to it, and as much of it as a message may hold.
 *
 * @module
 */
import type { IncidentRow, Severity } from '../api/api.ts'

export type Change = 'opened' | 'reopened' | 'risen'

/** An incident as messages hold it: bounded, and without a line of a log. */
export interface ToldIncident {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly risk: number
  readonly severity: Severity
  readonly state: IncidentRow['state']
  /** ISO 8601, UTC. */
  readonly first: string
  readonly last: string
  readonly events: number
  readonly findings: number
  /** Actors first. */
  readonly entities: IncidentRow['entities']
  /** Names, in the order of an attack. */
  readonly tactics: readonly string[]
  readonly detectors: readonly string[]
}

/** What waits in the outbox, as JSON. */
export interface Notice {
  readonly change: Change
  /** When it was decided, ISO 8601, UTC. */
  readonly time: string
  /** The risk that was told before, or that it had when nothing was told; null for what is new. */
  readonly riskBefore: number | null
  /** Of several reopenings, the one that was known then. */
  readonly reopening: number | null
  readonly incident: ToldIncident
}

/** Messages tell what it is about; the console has all of it. */
const most = { title: 500, value: 300, entities: 20, detectors: 20, tactics: 14 } as const

/** Cut by characters, never in the middle of one. */
export const cut = (text: string, longest: number): string => {
  // A character is at most two units: what is not looked at cannot matter.
  const characters = Array.from(text.slice(0, 2 * longest + 2))
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text
}

export const toldIncident = (row: IncidentRow): ToldIncident => ({
  id: row.id,
  number: row.number,
  title: cut(row.title, most.title),
  risk: row.risk,
  severity: row.severity,
  state: row.state,
  first: row.first,
  last: row.last,
  events: row.events,
  findings: row.findings,
  entities: row.entities
    .slice(0, most.entities)
    .map(({ kind, value, role }) => ({ kind: cut(kind, 60), value: cut(value, most.value), role })),
  tactics: row.tactics.slice(0, most.tactics).map(({ name }) => name),
  detectors: row.detectors.slice(0, most.detectors).map((detector) => cut(detector, 100)),
})
