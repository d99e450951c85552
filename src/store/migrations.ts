/**
 * The steps that make the tables, oldest first. One that was released never changes: what is new is a step of its own.
 *
 * @module
 */
import { workState } from './migrations/0001-work-state.ts'
import { access } from './migrations/0002-access.ts'
import { outboxByIncident } from './migrations/0003-outbox-by-incident.ts'
import { closedSeverity } from './migrations/0004-closed-severity.ts'

export interface Migration {
  /** A number of four digits and what it brings; names sort in the order of the list. */
  readonly name: string
  readonly statements: readonly string[]
}

export const migrations: readonly Migration[] = [workState, access, outboxByIncident, closedSeverity]
