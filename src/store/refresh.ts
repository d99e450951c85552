/**
 * Incidents told anew from their findings: risk, title, entities, and whether a closed one is open again.
 *
 * @module
 */
import { sql, type Selectable } from 'kysely'
import type { Severity } from '../report/report.ts'
import type { Surroundings } from '../triage/identity.ts'
import { describeStory, type Story } from '../triage/incidents.ts'
import { addRisk, goesOn, rankFindings, reopens, updateText, type RiskPoint } from '../triage/lifecycle.ts'
import type { IncidentsTable } from './database.ts'
import { findingOf, storable } from './rows.ts'
import { addHistory, type HistoryNote, type Trx } from './work.ts'

/** A story is told by its strongest findings; further ones are counted. */
const mostTold = 300

export interface ToldStory {
  readonly story: Story
  readonly findings: number
  readonly events: number
  readonly detectors: readonly string[]
}

interface MemberRow {
  readonly id: string
  readonly incident: string
  readonly gist: string
  readonly severity: Severity
  readonly rarity: number
  readonly first_at: Date
  readonly last_at: Date
  readonly events: number
  readonly members: number
  readonly all_events: number
}

/** Each of the incidents that has findings to show, as they tell it. */
export const tellIncidents = async (
  trx: Trx,
  incidents: readonly string[],
  surroundings: Surroundings,
): Promise<ReadonlyMap<string, ToldStory>> => {
  const { rows } = await sql<MemberRow>`
    select id, incident, gist, severity, rarity, first_at, last_at, events,
      members::integer as members, all_events
    from (
      select *, count(*) over (partition by incident) as members,
        sum(events) over (partition by incident) as all_events,
        row_number() over (
          partition by incident
          order by array_position(array['critical', 'high', 'medium', 'low'], severity), rarity desc, id
        ) as place
      from findings
      where incident = any(${incidents}) and line = 'shown' and hidden_by is null and fused_into is null
    ) as told
    where place <= ${mostTold}
    order by incident, place`.execute(trx)
  const told = new Map<string, ToldStory>()
  for (const incident of new Set(rows.map((row) => row.incident))) {
    const own = rows.filter((row) => row.incident === incident)
    const ranked = rankFindings(
      own.map((row) => ({ finding: findingOf(row.gist, row), rarity: row.rarity, state: 'shown' })),
    )
    told.set(incident, {
      story: describeStory(ranked, surroundings),
      findings: own[0]?.members ?? 0,
      events: own[0]?.all_events ?? 0,
      detectors: [...new Set(ranked.map(({ detector }) => detector))],
    })
  }
  return told
}

/** What a story says in an incident's row. */
export const storyColumns = ({ story, findings, events, detectors }: ToldStory) => ({
  risk: story.risk,
  severity: story.severity,
  title: storable(story.title.slice(0, 2000)),
  first_at: new Date(story.first),
  last_at: new Date(story.last),
  events,
  findings,
  entities: JSON.stringify(story.entities.slice(0, 100)),
  entity_text: storable(
    story.entities
      .slice(0, 100)
      .map(({ value }) => value.toLowerCase())
      .join('\n'),
  ),
  tactics: JSON.stringify(story.tactics),
  detectors: JSON.stringify(detectors),
})

type IncidentState = Selectable<IncidentsTable>

/** How an incident that is closed comes to be open; null where it stays as it is. */
const openedAgain = (row: IncidentState, told: ToldStory, nowMs: number): string | null => {
  if (row.state !== 'closed' || row.closed_at === null || row.merged_into !== null) return null
  if (row.closed_by !== null) return 'it has findings that no verdict hides'
  const { risk, severity, last } = told.story
  if (goesOn({ closedMs: row.closed_at.getTime(), reason: row.reason }, Date.parse(last)))
    return 'it still goes on, more than a week after it was closed'
  const closed = {
    closedMs: row.closed_at.getTime(),
    risk: row.closed_risk ?? 0,
    severity: row.closed_severity ?? row.severity,
  }
  return reopens(closed, { risk, severity, ms: nowMs })
    ? `${updateText({ risk: closed.risk, findings: row.findings }, { risk, findings: told.findings }) ?? 'worse than it was'} after it was closed`
    : null
}

/** Rows to write at once: PostgreSQL takes 65,535 values. */
const mostRows = 1000

const write = async (trx: Trx, rows: readonly IncidentState[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += mostRows)
    await trx
      .insertInto('incidents')
      .values(rows.slice(from, from + mostRows))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          title: eb.ref('excluded.title'),
          risk: eb.ref('excluded.risk'),
          severity: eb.ref('excluded.severity'),
          state: eb.ref('excluded.state'),
          reason: eb.ref('excluded.reason'),
          closed_by: eb.ref('excluded.closed_by'),
          closed_risk: eb.ref('excluded.closed_risk'),
          closed_severity: eb.ref('excluded.closed_severity'),
          closed_at: eb.ref('excluded.closed_at'),
          first_at: eb.ref('excluded.first_at'),
          last_at: eb.ref('excluded.last_at'),
          updated_at: eb.ref('excluded.updated_at'),
          events: eb.ref('excluded.events'),
          entities: eb.ref('excluded.entities'),
          entity_text: eb.ref('excluded.entity_text'),
          tactics: eb.ref('excluded.tactics'),
          detectors: eb.ref('excluded.detectors'),
          findings: eb.ref('excluded.findings'),
          risks: eb.ref('excluded.risks'),
        })),
      )
      .execute()
}

/**
 * Writes what the incidents have become.
 *
 * @param mayOpen whether one that is closed may open again: not because some of it was hidden
 * @returns those that have changed
 */
export const refreshIncidents = async (
  trx: Trx,
  ids: readonly string[],
  surroundings: Surroundings,
  nowMs: number,
  mayOpen = true,
): Promise<readonly string[]> => {
  if (ids.length === 0) return []
  const told = await tellIncidents(trx, ids, surroundings)
  const rows = await trx
    .selectFrom('incidents')
    .selectAll()
    .where('id', 'in', [...told.keys(), ''])
    .execute()
  const notes: HistoryNote[] = []
  const written: IncidentState[] = []
  for (const row of rows.toSorted((a, b) => a.number - b.number)) {
    const now = told.get(row.id)
    if (now === undefined) continue
    const columns = { ...storyColumns(now), ...(row.titled ? { title: row.title } : {}) }
    const again = mayOpen ? openedAgain(row, now, nowMs) : null
    const isSame = Object.entries(columns).every(([name, value]) => {
      // The columns are the table's own.
      const before = row[name as keyof typeof columns]
      return value instanceof Date && before instanceof Date
        ? value.getTime() === before.getTime()
        : value === before
    })
    if (isSame && again === null) continue
    // Written below, as this type.
    const risks = addRisk(JSON.parse(row.risks) as RiskPoint[], {
      time: new Date(nowMs).toISOString(),
      risk: columns.risk,
    })
    written.push({
      ...row,
      ...columns,
      risks: JSON.stringify(risks),
      updated_at: new Date(nowMs),
      ...(again === null
        ? {}
        : {
            state: 'open' as const,
            reason: null,
            closed_at: null,
            closed_by: null,
            closed_risk: null,
            closed_severity: null,
          }),
    })
    const text = updateText(row, columns)
    if (again !== null) notes.push({ incident: row.id, kind: 'reopened', text: again })
    else if (text !== null) notes.push({ incident: row.id, kind: 'updated', text })
  }
  await write(trx, written)
  await addHistory(trx, notes, nowMs)
  return written.map(({ id }) => id)
}
