import type { Migration } from '../migrations.ts'

/** What was told of an incident is asked for whenever it changes. */
export const outboxByIncident: Migration = {
  name: '0003-outbox-by-incident',
  statements: [`create index outbox_by_incident on outbox (incident, id) where incident is not null`],
}
