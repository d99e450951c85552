/**
 * Findings that have changed → the incidents they join, open, or make one.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { sql, type Insertable, type RawBuilder } from 'kysely'
import type { Finding } from '../report/report.ts'
import { partsOf, rolesOf, type Surroundings } from '../triage/identity.ts'
import { describeStory, incidentId } from '../triage/incidents.ts'
import { rankFindings, reopensWithinMs } from '../triage/lifecycle.ts'
import { planStories, type StoryFinding, type StoryIncident } from '../triage/stories.ts'
import type { IncidentsTable } from './database.ts'
import { mergeInto } from './merging.ts'
import { loadKeptApart } from './kept-apart.ts'
import { refreshIncidents, storyColumns } from './refresh.ts'
import { findingOf, partKey } from './rows.ts'
import { addHistory, type Trx } from './work.ts'

/** Evidence halves in a day, and half of all is the least that links; a cause of a day's window may lie a day further. */
const nearMs = 48 * 3_600_000

/** The newest so many findings of incidents near the new ones are looked at, and so many more that share a part with these. */
const mostNear = 2000

/** Rows to write at once: PostgreSQL takes 65,535 values. */
const mostRows = 1000

interface Gist {
  readonly id: string
  readonly gist: string
  readonly rarity: number
  readonly first_at: Date
  readonly last_at: Date
  readonly events: number
  readonly incident: string | null
  readonly number: number | null
  readonly closed: boolean | null
  readonly linkable: boolean | null
}

/** Who acts in the findings, and on whom. Ports and paths are left out: they are everybody's. */
const sharedKeys = (rows: readonly Gist[]): string[] => [
  ...new Set(
    rows.flatMap((row) => {
      const finding = findingOf(row.gist, row)
      const roles = rolesOf(finding)
      return partsOf(finding).flatMap(({ value }, i) => (roles[i] === 'detail' ? [] : [partKey(value)]))
    }),
  ),
]

/** The changed findings that are to be seen, and those of the incidents near them that can still take something in. */
const loadNear = async (trx: Trx, changed: readonly string[], nowMs: number): Promise<readonly Gist[]> => {
  const linkable = sql`i.merged_into is null
    and (i.state <> 'closed' or i.closed_at >= ${new Date(nowMs - reopensWithinMs)})`
  const columns = sql`f.id, f.gist, f.rarity, f.first_at, f.last_at, f.events, f.incident, i.number,
    i.state = 'closed' as closed, ${linkable} as linkable`
  const seen = sql`f.line = 'shown' and f.hidden_by is null and f.fused_into is null`
  const { rows: own } = await sql<Gist>`
    select ${columns} from findings f left join incidents i on i.id = f.incident
    where f.id = any(${changed}) and ${seen}`.execute(trx)
  if (own.length === 0) return []
  const from = new Date(Math.min(...own.map(({ first_at }) => first_at.getTime())) - nearMs)
  const to = new Date(Math.max(...own.map(({ last_at }) => last_at.getTime())) + nearMs)
  // Not a join: without statistics a database begins with all incidents there are.
  const newest = async (condition: RawBuilder<unknown>): Promise<readonly Gist[]> => {
    const { rows } = await sql<Gist>`
      select ${columns} from (
        select id, gist, rarity, first_at, last_at, events, incident from findings f
        where f.last_at >= ${from} and f.first_at <= ${to} and ${seen} and f.id <> all(${changed}) and ${condition}
          and (select ${linkable} from incidents i where i.id = f.incident)
        order by f.last_at desc, f.id limit ${mostNear}
      ) as f join incidents i on i.id = f.incident
      order by f.last_at desc, f.id`.execute(trx)
    return rows
  }
  const near = await newest(sql`true`)
  const last = near.at(-1)
  if (last === undefined || near.length < mostNear) return [...own, ...near]
  const alike = await newest(sql`f.part_keys && ${sharedKeys(own)}::text[]
    and (f.last_at < ${last.last_at} or (f.last_at = ${last.last_at} and f.id > ${last.id}))`)
  return [...own, ...near, ...alike]
}

const pointOf = (ms: number, risk: number): string =>
  JSON.stringify([{ time: new Date(ms).toISOString(), risk }])

/** Ids that no incident has: that of the first finding of each group, unless it has opened an incident before. */
const freeIds = async (trx: Trx, groups: readonly (readonly Finding[])[]): Promise<string[]> => {
  const namesOf = (group: readonly Finding[]): string[] => group.map(({ id }) => incidentId(id))
  const rows = await trx
    .selectFrom('incidents')
    .select('id')
    .where(sql<boolean>`id = any(${groups.flatMap(namesOf)})`)
    .execute()
  const taken = new Set(rows.map(({ id }) => id))
  return groups.map((group) => namesOf(group).find((id) => !taken.has(id)) ?? randomUUID())
}

/**
 * Opens incidents of findings that are stored.
 *
 * @param groups the findings of each, ranked
 * @returns their ids
 */
export const openIncidents = async (
  trx: Trx,
  groups: readonly (readonly Finding[])[],
  surroundings: Surroundings,
  nowMs: number,
): Promise<string[]> => {
  if (groups.length === 0) return []
  const ids = await freeIds(trx, groups)
  const { last } = await trx
    .selectFrom('incidents')
    .select((eb) => eb.fn.max('number').as('last'))
    .executeTakeFirstOrThrow()
  const at = new Date(nowMs)
  const rows = groups.map((findings, i): Insertable<IncidentsTable> => {
    const story = describeStory(findings, surroundings)
    return {
      ...storyColumns({
        story,
        findings: findings.length,
        events: story.events,
        detectors: [...new Set(findings.map(({ detector }) => detector))],
      }),
      id: ids[i] ?? '',
      number: (last ?? 0) + 1 + i,
      titled: false,
      state: 'open',
      reason: null,
      closed_by: null,
      closed_risk: null,
      closed_severity: null,
      owner_id: null,
      owner_name: null,
      opened_at: at,
      updated_at: at,
      closed_at: null,
      risks: pointOf(nowMs, story.risk),
      merged_into: null,
    }
  })
  for (let from = 0; from < rows.length; from += mostRows)
    await trx
      .insertInto('incidents')
      .values(rows.slice(from, from + mostRows))
      .execute()
  await assign(trx, new Map(groups.flatMap((group, i) => group.map(({ id }) => [id, ids[i] ?? '']))))
  return ids
}

/** Finding → the incident it belongs to from now on. */
const assign = async (trx: Trx, incidents: ReadonlyMap<string, string>): Promise<void> => {
  if (incidents.size === 0) return
  await sql`update findings set incident = given.incident
    from unnest(${[...incidents.keys()]}::text[], ${[...incidents.values()]}::text[]) as given (finding, incident)
    where findings.id = given.finding`.execute(trx)
}

/** Stories are told in the order they began, so that their numbers are. */
const beganFirst = (a: readonly Finding[], b: readonly Finding[]): number => {
  const began = (group: readonly Finding[]): number =>
    Math.min(...group.map(({ first }) => Date.parse(first)))
  return began(a) - began(b) || ((a[0]?.id ?? '') < (b[0]?.id ?? '') ? -1 : 1)
}

/**
 * Brings the incidents up to date with findings that are stored already.
 *
 * @returns ids of the incidents that are new or have changed
 */
export const foldStories = async (
  trx: Trx,
  changed: readonly string[],
  surroundings: Surroundings,
  nowMs: number,
): Promise<readonly string[]> => {
  const near = await loadNear(trx, changed, nowMs)
  if (near.length === 0) return []
  const ranked = rankFindings(
    near.map((row) => ({ finding: findingOf(row.gist, row), rarity: row.rarity, state: 'shown' })),
  )
  const rows = new Map(near.map((row) => [row.id, row]))
  const findings = ranked.flatMap((finding): StoryFinding[] => {
    const row = rows.get(finding.id)
    // What belongs to an incident that was closed long ago stays there, and draws nothing in.
    if (row === undefined || row.linkable === false) return []
    return [{ finding, incident: row.incident }]
  })
  const incidents = new Map(
    near.flatMap(({ incident: id, number, closed, linkable }): [string, StoryIncident][] =>
      id === null || linkable !== true ? [] : [[id, { id, number: number ?? 0, closed: closed ?? false }]],
    ),
  )
  const plan = planStories(findings, [...incidents.values()], surroundings, await loadKeptApart(trx))
  for (const { from, into } of plan.merges) await mergeInto(trx, from, into, null, nowMs)
  await assign(trx, plan.joins)
  const byId = new Map(ranked.map((finding) => [finding.id, finding]))
  const opened = await openIncidents(
    trx,
    plan.opens.map((ids) => ids.flatMap((id) => byId.get(id) ?? [])).toSorted(beganFirst),
    surroundings,
    nowMs,
  )
  await addHistory(
    trx,
    opened.map((incident) => ({ incident, kind: 'opened', text: 'opened' })),
    nowMs,
  )
  const gone = plan.merges.map(({ from }) => from)
  const touched = new Set([
    ...changed.flatMap((id) => rows.get(id)?.incident ?? []),
    ...plan.joins.values(),
    ...plan.merges.map(({ into }) => into),
  ])
  for (const id of gone) touched.delete(id)
  const refreshed = await refreshIncidents(trx, [...touched], surroundings, nowMs)
  return [...new Set([...opened, ...plan.merges.map(({ into }) => into), ...gone, ...refreshed])]
}
