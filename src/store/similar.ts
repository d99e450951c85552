/**
 * What an incident reminds of.
 *
 * @module
 */
import { sql, type Selectable } from 'kysely'
import type { IncidentRow } from '../api/api.ts'
import type { Db, IncidentsTable } from './database.ts'
import { incidentRow } from './rows.ts'

const mostSimilar = 5

/** Other incidents with findings about the same entities, or else of the same detectors; the most alike first, then the newest. */
export const similarIncidents = async (
  db: Db,
  { id }: Pick<Selectable<IncidentsTable>, 'id'>,
): Promise<IncidentRow[]> => {
  const { rows } = await sql<Selectable<IncidentsTable>>`
    with own as (select distinct entity_key, detector from findings where incident = ${id} limit 200),
    alike as (
      select incident,
        count(distinct entity_key) filter (where entity_key in (select entity_key from own)) as same_entities,
        count(distinct detector) filter (where detector in (select detector from own)) as same_detectors
      from findings
      where incident <> ${id}
        and (entity_key in (select entity_key from own) or detector in (select detector from own))
      group by incident
    )
    select i.* from alike join incidents i on i.id = alike.incident
    where i.merged_into is null
    order by (2 * same_entities + same_detectors) desc, i.number desc limit ${mostSimilar}`.execute(db)
  return rows.map(incidentRow)
}
