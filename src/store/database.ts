/**
 * The tables of the work state as types. `migrations/` makes them; PGlite and PostgreSQL hold the same.
 *
 * @module
 */
import type { Generated, Kysely } from 'kysely'
import type { AccessTables } from './access-tables.ts'

/** Who did something: kept with what was done, so that it can be read when the account is gone. */
export interface Person {
  readonly id: string
  readonly name: string
}

export interface FindingsTable {
  id: string
  detector: string
  /** Made from the entity: a value can be longer than an index holds. */
  entity_key: string
  entity_kind: string
  entity_value: string
  /** Made from the value of each part of the entity: how a finding is found by one of them. */
  part_keys: string[]
  line: 'shown' | 'below'
  /** The verdict that hides it. */
  hidden_by: string | null
  /** Its incident, kept while a verdict hides it. */
  incident: string | null
  /** The finding that this one turned out to be a part of. */
  fused_into: string | null
  /** The id of the live finding that the text is of: the same one told again replaces it. */
  told_id: string
  severity: 'low' | 'medium' | 'high' | 'critical'
  surprise: number
  /** On the scale of the line; infinite rarities are stored as the largest number there is. */
  rarity: number
  title: string
  first_at: Date
  last_at: Date
  events: number
  /** A Finding as JSON. Text, since `jsonb` refuses characters that log lines may hold. */
  body: string
  /** The same without what only a page shows: what stories are put together from. */
  gist: string
  recorded_at: Date
  changed_at: Date
}

export interface IncidentsTable {
  id: string
  number: number
  title: string
  /** Somebody gave the title: it stays. */
  titled: boolean
  risk: number
  severity: 'low' | 'medium' | 'high' | 'critical'
  state: 'open' | 'acknowledged' | 'closed'
  reason: 'threat' | 'expected' | 'false-alarm' | 'duplicate' | null
  /** The verdict that closed it by hiding all of its findings. */
  closed_by: string | null
  /** Risk and severity when it was closed: what new findings are measured against. */
  closed_risk: number | null
  closed_severity: IncidentsTable['severity'] | null
  owner_id: string | null
  owner_name: string | null
  first_at: Date
  last_at: Date
  opened_at: Date
  updated_at: Date
  closed_at: Date | null
  events: number
  /** JSON of the API's types, as are `tactics`, `detectors` and `risks`. */
  entities: string
  /** The entities' values, a line each, in lower case: what a search for one looks through. */
  entity_text: string
  tactics: string
  detectors: string
  findings: number
  risks: string
  merged_into: string | null
}

export interface HistoryTable {
  id: Generated<number>
  incident: string
  at: Date
  who_id: string | null
  who_name: string | null
  kind: 'opened' | 'updated' | 'state' | 'owner' | 'note' | 'merged' | 'split' | 'verdict' | 'reopened'
  text: string
}

/** Incidents that somebody took apart: they never become one by themselves again. */
export interface KeptApartTable {
  one: string
  other: string
}

/** What was learned of the machines in findings, kept so that a later look at the same findings sees the same. */
export interface MachinesTable {
  name: string
  alias: string | null
  clients: number | null
  own: boolean
  intermediary: boolean
  seen_at: Date
}

export interface VerdictsTable {
  id: string
  verdict: 'threat' | 'expected' | 'false-alarm' | 'duplicate'
  entity_kind: string | null
  entity_value: string | null
  detector: string | null
  pattern: string | null
  note: string
  incident: string | null
  by_id: string | null
  by_name: string | null
  created_at: Date
  expires_at: Date | null
  revoked_at: Date | null
  revoked_by_id: string | null
  revoked_by_name: string | null
}

export interface SettingsTable {
  name: string
  /** JSON. */
  value: string
  changed_at: Date
}

export interface SavedSearchesTable {
  id: string
  name: string
  query: string
  range: string
  shared: boolean
  by_id: string | null
  by_name: string | null
  created_at: Date
}

export interface DetectorSettingsTable {
  detector: string
  enabled: boolean
  strictness: number
  changed_at: Date
}

export interface ChannelsTable {
  id: string
  name: string
  kind: 'email' | 'slack' | 'webhook' | 'syslog'
  enabled: boolean
  least_risk: number
  /** JSON; `secrets` never leaves the server. */
  settings: string
  secrets: string
  last_sent_at: Date | null
  last_error: string | null
  created_at: Date
}

export interface OutboxTable {
  id: Generated<number>
  channel: string
  incident: string | null
  kind: string
  payload: string
  tries: number
  next_try_at: Date
  sent_at: Date | null
  error: string | null
  created_at: Date
}

export interface LeasesTable {
  name: string
  holder: string
  until_at: Date
}

export interface ModelsTable {
  detector: string
  window_seconds: number
  /** JSON. */
  body: string
  fitted_at: Date
}

/** What is known of a source beyond its events: JSON by name. */
export interface SourcesTable {
  name: string
  state: string
  changed_at: Date
}

export interface Database extends AccessTables {
  findings: FindingsTable
  incidents: IncidentsTable
  history: HistoryTable
  kept_apart: KeptApartTable
  machines: MachinesTable
  verdicts: VerdictsTable
  settings: SettingsTable
  saved_searches: SavedSearchesTable
  detector_settings: DetectorSettingsTable
  channels: ChannelsTable
  outbox: OutboxTable
  leases: LeasesTable
  models: ModelsTable
  sources: SourcesTable
}

/** The work state, or a transaction on it. */
export type Db = Kysely<Database>
