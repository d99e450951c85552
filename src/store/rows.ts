/**
 * Rows ↔ what the program speaks of: findings, incidents, history.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import type { Finding } from '../report/report.ts'
import type { FindingRow, HistoryEntry, IncidentRow } from '../api/api.ts'
import { partsOf } from '../triage/identity.ts'
import type { KeptFinding } from '../triage/lifecycle.ts'
import type { FindingsTable, HistoryTable, IncidentsTable, Person } from './database.ts'

/** PostgreSQL holds every text but one with a NUL; half a surrogate pair is no text at all. */
export const storable = (text: string): string =>
  text.replaceAll('\0', '\uFFFD').replaceAll(/\p{Surrogate}/gu, '\uFFFD')

/** Beyond this a text is no title and no value that a person reads. */
const mostCharacters = 2000

const short = (text: string): string => storable(text.slice(0, mostCharacters))

export const iso = (at: Date): string => at.toISOString()

const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null

export const personOf = (id: string | null, name: string | null): Person | null =>
  id === null ? null : { id, name: name ?? '' }

/** Short enough for an index, whatever the value. */
export const entityKey = (kind: string, value: string): string =>
  createHash('sha256').update(`${kind}\0${value}`).digest('hex').slice(0, 16)

/** The same for every kind and way of writing: a machine that acts in one finding is a target in another. */
export const partKey = (value: string): string => entityKey('', value.toLowerCase())

/** Neither a column nor JSON holds what is infinite. */
const mostRarity = 1e300

const bounded = (value: number): number => Math.max(-mostRarity, Math.min(mostRarity, value))

/** What linking, risk and titles read of a finding. */
const gistOf = (finding: Finding): Finding => ({
  ...finding,
  reasons: [],
  evidence: { filter: '', lines: [], places: [] },
  activity: [],
  details: finding.details.filter(({ kind }) => kind === 'queries'),
  knowledge: [],
})

export interface FindingState {
  readonly incident: string | null
  readonly hiddenBy: string | null
  readonly recordedAt: Date
  readonly changedAt: Date
}

export const findingToRow = (kept: KeptFinding, state: FindingState): Insertable<FindingsTable> => {
  const finding = { ...kept.finding, surprise: bounded(kept.finding.surprise) }
  return {
    id: finding.id,
    detector: finding.detector,
    entity_key: entityKey(finding.entity.kind, finding.entity.value),
    entity_kind: finding.entity.kind,
    entity_value: storable(finding.entity.value),
    part_keys: [...new Set(partsOf(finding).map(({ value }) => partKey(value)))],
    line: kept.state,
    hidden_by: state.hiddenBy,
    incident: state.incident,
    fused_into: null,
    told_id: kept.toldId,
    severity: finding.severity,
    surprise: finding.surprise,
    rarity: bounded(kept.rarity),
    title: short(finding.title),
    first_at: new Date(finding.first),
    last_at: new Date(finding.last),
    events: finding.events,
    body: JSON.stringify(finding),
    gist: JSON.stringify(gistOf(finding)),
    recorded_at: state.recordedAt,
    changed_at: state.changedAt,
  }
}

type Told = Pick<FindingsTable, 'id' | 'first_at' | 'last_at' | 'events'>

/** The text is that of the strongest look; the columns say what all looks together saw. */
export const findingOf = (json: string, row: Told, rank = 0): Finding => ({
  // Written by {@link findingToRow}.
  ...(JSON.parse(json) as Finding),
  rank,
  id: row.id,
  first: iso(row.first_at),
  last: iso(row.last_at),
  events: row.events,
})

/** The columns of {@link findingListRow}. */
export const findingColumns = [
  'findings.id',
  'findings.detector',
  'findings.title',
  'findings.severity',
  'findings.surprise',
  'findings.gist',
  'findings.first_at',
  'findings.last_at',
  'findings.events',
  'findings.incident',
  'findings.line',
  'findings.hidden_by',
] as const

type ListedFinding = Omit<
  Selectable<FindingsTable>,
  | 'body'
  | 'entity_key'
  | 'entity_kind'
  | 'entity_value'
  | 'part_keys'
  | 'fused_into'
  | 'told_id'
  | 'rarity'
  | 'recorded_at'
  | 'changed_at'
>

export const findingListRow = (row: ListedFinding): FindingRow => {
  const { rarity, entity } = findingOf(row.gist, row)
  const isSeen = row.line === 'shown' && row.hidden_by === null
  return {
    id: row.id,
    detector: row.detector,
    title: row.title,
    severity: row.severity,
    surprise: row.surprise,
    rarity,
    entity,
    first: iso(row.first_at),
    last: iso(row.last_at),
    events: row.events,
    incident: isSeen ? row.incident : null,
    state: row.line === 'below' ? 'below' : row.hidden_by === null ? 'shown' : 'hidden',
    hiddenBy: row.hidden_by,
  }
}

export const incidentRow = (row: Selectable<IncidentsTable>): IncidentRow => ({
  id: row.id,
  number: row.number,
  title: row.title,
  risk: row.risk,
  severity: row.severity,
  state: row.state,
  reason: row.reason,
  owner: personOf(row.owner_id, row.owner_name),
  first: iso(row.first_at),
  last: iso(row.last_at),
  opened: iso(row.opened_at),
  updated: iso(row.updated_at),
  closed: isoOrNull(row.closed_at),
  events: row.events,
  // The four are written by `refresh.ts`, as these types.
  entities: JSON.parse(row.entities) as IncidentRow['entities'],
  tactics: JSON.parse(row.tactics) as IncidentRow['tactics'],
  detectors: JSON.parse(row.detectors) as IncidentRow['detectors'],
  findings: row.findings,
  risks: JSON.parse(row.risks) as IncidentRow['risks'],
})

export const historyEntry = (row: Selectable<HistoryTable>): HistoryEntry => ({
  id: String(row.id),
  time: iso(row.at),
  who: personOf(row.who_id, row.who_name),
  kind: row.kind,
  text: row.text,
})
