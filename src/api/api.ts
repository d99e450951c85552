/**
 * What the API answers, as types: the routes' schemas conform to them, and the console reads nothing else of the server.
 * Times are ISO 8601, UTC. Lists are best or newest first.
 *
 * @module
 */
import type { Finding, Incident, Severity } from '../report/report.ts'

export type { Detail, Finding, Incident, Reason, Severity } from '../report/report.ts'

export type Role = 'administrator' | 'analyst' | 'viewer'

export interface User {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly disabled: boolean
  readonly created: string
  readonly lastSeen: string | null
  /** Has never come in, and has no password to come in with. */
  readonly invited: boolean
}

/** Whoever asks: signed in or not. */
export interface SessionInfo {
  readonly user: Pick<User, 'id' | 'name' | 'email' | 'role'> | null
  /** No administrator is there yet: the link printed by the first start makes one. */
  readonly setupNeeded: boolean
  /** Where there is a sign-in elsewhere: what its button says, and where it leads. */
  readonly oidc: { readonly label: string; readonly url: string } | null
  readonly version: string
  /** Logs of an example, replayed: the console says so. */
  readonly demo: boolean
}

export type IncidentState = 'open' | 'acknowledged' | 'closed'
export type CloseReason = 'threat' | 'expected' | 'false-alarm' | 'duplicate'

/** An incident as lists show it. */
export interface IncidentRow {
  readonly id: string
  /** Counted from 1: what people call it by. */
  readonly number: number
  readonly title: string
  readonly risk: number
  readonly severity: Severity
  readonly state: IncidentState
  readonly reason: CloseReason | null
  readonly owner: { readonly id: string; readonly name: string } | null
  readonly first: string
  readonly last: string
  readonly opened: string
  readonly updated: string
  readonly closed: string | null
  readonly events: number
  readonly entities: Incident['entities']
  readonly tactics: Incident['tactics']
  readonly detectors: readonly string[]
  readonly findings: number
  /** Risk after each update, oldest first; at most 50. */
  readonly risks: readonly { readonly time: string; readonly risk: number }[]
}

/** What happened to an incident, and who did it; `who` is null for Winnow itself. */
export interface HistoryEntry {
  readonly id: string
  readonly time: string
  readonly who: { readonly id: string; readonly name: string } | null
  readonly kind:
    | 'opened'
    | 'updated'
    | 'state'
    | 'owner'
    | 'note'
    | 'merged'
    | 'split'
    | 'verdict'
    | 'reopened'
  /** In words: "risk rose from 40 to 62: 2 more findings". A note's text. */
  readonly text: string
}

export interface FindingRow {
  readonly id: string
  readonly detector: string
  readonly title: string
  readonly severity: Severity
  readonly surprise: number
  readonly rarity: string
  readonly entity: Finding['entity']
  readonly first: string
  readonly last: string
  readonly events: number
  /** Null below the line, and where a verdict hides it. */
  readonly incident: string | null
  readonly state: 'shown' | 'below' | 'hidden'
  /** The verdict that hides it. */
  readonly hiddenBy: string | null
}

export interface IncidentPage {
  readonly incident: IncidentRow
  /** Strongest first. */
  readonly findings: readonly Finding[]
  readonly history: readonly HistoryEntry[]
  /** Other incidents with the same entities or detectors. */
  readonly similar: readonly IncidentRow[]
  readonly verdicts: readonly Verdict[]
  /** The incident this one went into. */
  readonly mergedInto: string | null
}

export interface IncidentList {
  readonly incidents: readonly IncidentRow[]
  readonly total: number
  /** To be given as `cursor`; null at the end. */
  readonly next: string | null
}

export interface IncidentFilter {
  readonly state?: readonly IncidentState[]
  readonly severity?: readonly Severity[]
  readonly detector?: string
  /** Part of an entity's value. */
  readonly entity?: string
  /** A user's id, `me`, or `none`. */
  readonly owner?: string
  /** Words of the title. */
  readonly q?: string
  readonly from?: string
  readonly to?: string
  readonly sort?: 'risk' | 'updated' | 'opened'
  readonly limit?: number
  readonly cursor?: string
}

export interface IncidentChange {
  readonly state?: IncidentState
  /** Required with `state: 'closed'`. */
  readonly reason?: CloseReason
  /** Null takes the owner away. */
  readonly owner?: string | null
  readonly title?: string
}

/** What a verdict is about: all that is given must fit. At least one is. */
export interface VerdictScope {
  /** All parts of the entity, in order. */
  readonly entity?: { readonly kind: string; readonly value: string }
  readonly detector?: string
  /** Text that the finding's evidence holds. */
  readonly pattern?: string
}

export interface Verdict {
  readonly id: string
  readonly verdict: CloseReason
  readonly scope: VerdictScope
  readonly note: string
  readonly incident: string | null
  readonly by: { readonly id: string; readonly name: string } | null
  readonly created: string
  /** Null: never. */
  readonly expires: string | null
  readonly revoked: string | null
  /** How many findings it hides now. */
  readonly hides: number
}

export interface NewVerdict {
  readonly verdict: CloseReason
  readonly scope: VerdictScope
  readonly note?: string
  readonly incident?: string
  readonly expires?: string | null
}

/** What a verdict would hide in the last 30 days. */
export interface VerdictPreview {
  readonly findings: number
  readonly incidents: readonly IncidentRow[]
  /** Of those, the ones somebody closed as a threat: reason to think again. */
  readonly confirmedThreats: readonly IncidentRow[]
  readonly examples: readonly FindingRow[]
}

export interface Today {
  /** Open, highest risk first, up to the budget. */
  readonly incidents: readonly IncidentRow[]
  readonly open: number
  readonly acknowledged: number
  readonly closedToday: number
  /** Incidents opened today: those about the last day, which is what the budget is for, and those that older logs told of. */
  readonly budget: { readonly perDay: number; readonly today: number; readonly older: number }
  readonly below: readonly FindingRow[]
  readonly silent: readonly {
    readonly source: string
    readonly since: string
    readonly blinds: readonly string[]
  }[]
  readonly blind: readonly { readonly detector: string; readonly title: string; readonly why: string }[]
  /** Events by bucket over the last 24 hours. */
  readonly activity: readonly { readonly time: string; readonly events: number }[]
  readonly events: number
  readonly sources: number
}

export interface DetectorRow {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly attack: readonly string[]
  readonly categories: readonly string[]
  readonly enabled: boolean
  /** Added to the line: 0 as calibrated, 1 shows a tenth. */
  readonly strictness: number
  /** Whether there are events it reads, and what it waits for where there are none. */
  readonly state: 'watching' | 'learning' | 'blind' | 'off'
  readonly why: string | null
  readonly lastRun: string | null
  /** In the last 30 days. */
  readonly findings: number
  readonly below: number
  readonly verdicts: { readonly threat: number; readonly expected: number; readonly falseAlarm: number }
  /** Threats among what got a verdict; null without verdicts. */
  readonly precision: number | null
}

export interface DetectorPage extends DetectorRow {
  readonly entity: readonly string[]
  readonly windows: readonly string[]
  readonly model: string | null
  readonly features: readonly { readonly name: string; readonly label: string }[]
  readonly lookalikes: readonly string[]
  /** What of events it needs: columns. */
  readonly needs: readonly string[]
  readonly sql: string
  /** Episodes by rarity, in bins of a half: all that its last look judged; before its first, what of the last 30 days is kept. */
  readonly scores: readonly { readonly rarity: number; readonly episodes: number }[]
  /** The line on that scale. */
  readonly line: number
  readonly recent: readonly FindingRow[]
}

export interface StrictnessPreview {
  readonly shown: number
  readonly below: number
  /** Incidents closed as threats that would have stayed below. */
  readonly lostThreats: readonly IncidentRow[]
}

export interface SourceRow {
  readonly name: string
  readonly kind: 'file' | 'syslog' | 'http' | 'replay'
  readonly format: string | null
  readonly lines: number
  readonly rejected: number
  /** Lines a second over the last five minutes. */
  readonly rate: number
  /** Seconds between an event's time and its arrival; null without events. */
  readonly lagSeconds: number | null
  readonly firstSeen: string | null
  readonly lastSeen: string | null
  readonly state: 'receiving' | 'quiet' | 'silent' | 'unread'
  readonly problem: string | null
  /** Lines by minute over the last hour, oldest first. */
  readonly minutes: readonly number[]
}

export interface RejectGroup {
  readonly reason: string
  readonly lines: number
  readonly examples: readonly { readonly line: number; readonly text: string; readonly time: string }[]
}

export type Scope = 'read' | 'write' | 'ingest' | 'admin'

/** A backup of the server, made while it runs. */
export interface BackupRow {
  /** Its folder. */
  readonly name: string
  readonly started: string
  readonly state: 'running' | 'made' | 'failed'
  readonly bytes: number | null
  /** Why it failed. */
  readonly problem: string | null
}

export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The first characters: what tells keys apart. */
  readonly prefix: string
  readonly scopes: readonly Scope[]
  /** The source that lines sent with it belong to; null: the sender names it. */
  readonly source: string | null
  readonly by: string
  readonly created: string
  readonly expires: string | null
  readonly lastUsed: string | null
  readonly revoked: string | null
}

export interface Channel {
  readonly id: string
  readonly name: string
  readonly kind: 'email' | 'slack' | 'webhook' | 'syslog'
  readonly enabled: boolean
  /** Only incidents of at least so much risk. */
  readonly leastRisk: number
  /** Settings without secrets: those are given, and never given back. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly lastSent: string | null
  readonly lastError: string | null
}

export interface AuditEntry {
  readonly id: string
  readonly time: string
  readonly who: string
  readonly action: string
  readonly target: string
  readonly detail: string
  readonly address: string | null
}

export interface Settings {
  readonly budgetPerDay: number
  readonly retentionDays: number
  readonly retentionBytes: number | null
  readonly excludedPeriods: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly note: string
  }[]
  readonly ownNetworks: readonly string[]
}

/** What `GET /api/live` sends, as server-sent events named by `kind`. */
export type LiveEvent =
  | { readonly kind: 'incident'; readonly incident: IncidentRow }
  | { readonly kind: 'finding'; readonly finding: FindingRow }
  | { readonly kind: 'sources' }
  | { readonly kind: 'loaded'; readonly source: string; readonly lines: number; readonly rejected: number }
  | { readonly kind: 'cycle'; readonly seconds: number; readonly detectors: number }

/** What every refusal looks like. `code` is one of the errors page. */
export interface ApiError {
  readonly error: { readonly code: string; readonly message: string }
}
