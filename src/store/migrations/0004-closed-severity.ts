import type { Migration } from '../migrations.ts'

/** The severity of an incident when it was closed: what it has become since then says nothing of that. */
export const closedSeverity: Migration = {
  name: '0004-closed-severity',
  statements: [
    `alter table incidents add column closed_severity text`,
    `update incidents set closed_severity = severity where state = 'closed'`,
  ],
}
