/**
 * Who may come in, as tables: users, their sessions, API keys, one-time links, failed attempts, and the audit log. Of
 * secrets, only hashes are kept.
 *
 * @module
 */
import type { ColumnType, Generated } from 'kysely'
import type { Role } from '../api/api.ts'

/** A moment that is always there; null is written where it may be absent. */
type Moment = ColumnType<Date, Date, Date>
type MaybeMoment = ColumnType<Date | null, Date | null, Date | null>

export interface UsersTable {
  readonly id: string
  readonly name: string
  /** In small letters; of deleted users `deleted:<id>`. */
  readonly email: string
  readonly role: Role
  /** As `hashPassword` writes it; null for those who sign in elsewhere. */
  readonly password: string | null
  readonly disabled: boolean
  readonly created: Moment
  readonly last_seen: MaybeMoment
  readonly deleted: MaybeMoment
  readonly oidc_issuer: string | null
  readonly oidc_subject: string | null
}

export interface SessionsTable {
  /** SHA-256 of the token, in hexadecimal. */
  readonly hash: string
  readonly user_id: string
  readonly created: Moment
  readonly seen: Moment
  /** However busy it is. */
  readonly expires: Moment
  readonly address: string
}

export interface OneTimeTokensTable {
  readonly hash: string
  readonly purpose: 'setup' | 'sign-in' | 'password' | 'oidc'
  readonly user_id: string | null
  /** What belongs to it, as JSON; empty where nothing does. */
  readonly data: string
  readonly expires: Moment
}

export interface AttemptsTable {
  /** What is counted: `account …`, `address …`, `pair … …`, or `known … …` for where somebody signed in from. */
  readonly subject: string
  readonly failures: number
  readonly last: Moment
}

export interface KeysTable {
  readonly id: string
  readonly hash: string
  readonly name: string
  /** Joined by commas. */
  readonly scopes: string
  readonly source: string | null
  /** A user's id. */
  readonly created_by: string
  readonly created: Moment
  readonly expires: MaybeMoment
  readonly last_used: MaybeMoment
  readonly revoked: MaybeMoment
}

export interface AuditTable {
  /** A number, or its digits: as the driver reads `bigint`. */
  readonly id: Generated<string | number>
  readonly time: Moment
  readonly who: string
  readonly action: string
  readonly target: string
  readonly detail: string
  readonly address: string | null
}

export interface AccessTables {
  readonly users: UsersTable
  readonly sessions: SessionsTable
  readonly one_time_tokens: OneTimeTokensTable
  readonly attempts: AttemptsTable
  readonly api_keys: KeysTable
  readonly audit: AuditTable
}
