/**
 * Incidents as they are listed and read, and what people do with them.
 *
 * @module
 */
import { sql } from 'kysely'
import { AppError } from '../errors.ts'
import type {
  CloseReason,
  IncidentChange,
  IncidentFilter,
  IncidentList,
  IncidentPage,
  IncidentRow,
  IncidentState,
  LiveEvent,
} from '../api/api.ts'
import type { Premises } from '../triage/identity.ts'
import { rankFindings } from '../triage/lifecycle.ts'
import { decodeCursor, encodeCursor, type Cursor } from './cursor.ts'
import type { Db, IncidentsTable, Person } from './database.ts'
import { eventsOf } from './changes.ts'
import { openIncidents } from './fold.ts'
import { keepApart, putTogether } from './kept-apart.ts'
import { recallSurroundings } from './machines.ts'
import { mergeInto } from './merging.ts'
import { refreshIncidents } from './refresh.ts'
import { findingOf, historyEntry, incidentRow, partKey, storable } from './rows.ts'
import { similarIncidents } from './similar.ts'
import { userById } from './users.ts'
import { loadVerdicts } from './verdict-rows.ts'
import { addHistory, inWork, type HistoryNote, type Trx } from './work.ts'

/** An incident after a change, and what to publish. */
export interface Changed {
  readonly row: IncidentRow
  readonly events: readonly LiveEvent[]
}

const mostListed = 200
const usualListed = 50
/** A page shows the strongest findings and the newest of what happened. */
const mostFindings = 200
const mostHistory = 300

const sortings = { risk: 'risk', updated: 'updated_at', opened: 'opened_at' } as const

const inList = (column: string, values: readonly string[] | undefined) =>
  values === undefined || values.length === 0
    ? sql<boolean>`true`
    : sql<boolean>`${sql.ref(column)} = any(${values})`

const ownedBy = (owner: string, me: string | null) => {
  if (owner === 'none') return sql<boolean>`owner_id is null`
  return sql<boolean>`owner_id = ${owner === 'me' ? (me ?? '') : owner}`
}

/** What a filter of the API says, and what only the server asks for. */
export interface StoredFilter extends IncidentFilter {
  /** The whole value of an entity, or of one of its parts, in large or small letters. */
  readonly about?: string
}

/** Merged ones are left out: they are read through the one they went into. */
const conditions = (filter: StoredFilter, me: string | null) => [
  sql<boolean>`merged_into is null`,
  inList('state', filter.state),
  inList('severity', filter.severity),
  ...(filter.detector === undefined
    ? []
    : [sql<boolean>`strpos(detectors, ${JSON.stringify(filter.detector)}) > 0`]),
  ...(filter.entity === undefined
    ? []
    : [sql<boolean>`strpos(entity_text, ${storable(filter.entity.toLowerCase())}) > 0`]),
  ...(filter.about === undefined
    ? []
    : [
        sql<boolean>`id in (select incident from findings where part_keys @> ${[partKey(filter.about)]}::text[])`,
      ]),
  ...(filter.owner === undefined ? [] : [ownedBy(filter.owner, me)]),
  ...(filter.q ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => sql<boolean>`strpos(lower(title), ${storable(word)}) > 0`),
  ...(filter.from === undefined ? [] : [sql<boolean>`last_at >= ${new Date(filter.from)}`]),
  ...(filter.to === undefined ? [] : [sql<boolean>`first_at <= ${new Date(filter.to)}`]),
]

/**
 * @param me the id of the user whose incidents `owner: 'me'` means
 * @throws AppError `invalid-cursor`
 */
export const listIncidents = async (
  db: Db,
  filter: StoredFilter,
  me: string | null = null,
): Promise<IncidentList> => {
  const limit = Math.max(1, Math.min(mostListed, filter.limit ?? usualListed))
  const column = sortings[filter.sort ?? 'risk']
  const where = sql.join(conditions(filter, me), sql` and `)
  let page = db
    .selectFrom('incidents')
    .selectAll()
    .where(sql<boolean>`${where}`)
  if (filter.cursor !== undefined) {
    const [value, number] = decodeCursor(filter.cursor, [column === 'risk' ? 'integer' : 'moment', 'integer'])
    const bound = column === 'risk' ? Number(value) : new Date(Number(value))
    page = page.where(sql<boolean>`(${sql.ref(column)}, number) < (${bound}, ${Number(number)})`)
  }
  const rows = await page
    .orderBy(column, 'desc')
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
  const { total } = await db
    .selectFrom('incidents')
    .select(sql<number>`count(*)::integer`.as('total'))
    .where(sql<boolean>`${where}`)
    .executeTakeFirstOrThrow()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const cursorOf = (row: (typeof rows)[number]): Cursor => {
    const value = row[column]
    return [value instanceof Date ? value.getTime() : value, row.number]
  }
  return {
    incidents: shown.map(incidentRow),
    total,
    next: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  }
}

/** @returns null where there is none of this id */
export const getIncident = async (db: Db, id: string): Promise<IncidentPage | null> => {
  const row = await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return null
  const findings = await db
    .selectFrom('findings')
    .select(['id', 'body', 'rarity', 'first_at', 'last_at', 'events'])
    .where('incident', '=', id)
    .where('line', '=', 'shown')
    .where('hidden_by', 'is', null)
    .where('fused_into', 'is', null)
    .orderBy(sql`array_position(array['critical', 'high', 'medium', 'low'], severity)`)
    .orderBy('rarity', 'desc')
    .orderBy('id')
    .limit(mostFindings)
    .execute()
  const history = await db
    .selectFrom('history')
    .selectAll()
    .where('incident', '=', id)
    .orderBy('id', 'desc')
    .limit(mostHistory)
    .execute()
  return {
    incident: incidentRow(row),
    findings: rankFindings(
      findings.map((found) => ({
        finding: findingOf(found.body, found),
        rarity: found.rarity,
        state: 'shown',
      })),
    ),
    history: history.toReversed().map(historyEntry),
    similar: await similarIncidents(db, row),
    verdicts: await loadVerdicts(db, { incident: id }),
    mergedInto: row.merged_into,
  }
}

const load = async (trx: Trx, id: string) => {
  const row = await trx.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new AppError('unknown-incident', { id })
  return row
}

/** @param others what has changed beside it */
const changed = async (trx: Trx, id: string, others: readonly string[] = []): Promise<Changed> => ({
  row: incidentRow(await load(trx, id)),
  events: await eventsOf(trx, [], [id, ...others]),
})

const reasonTexts: Readonly<Record<CloseReason, string>> = {
  threat: 'a threat',
  expected: 'expected',
  'false-alarm': 'a false alarm',
  duplicate: 'a duplicate',
}

const stateText = (state: IncidentState, reason: CloseReason | undefined): string =>
  state === 'closed' && reason !== undefined ? `closed: ${reasonTexts[reason]}` : state

const ownerOf = async (trx: Trx, { owner }: IncidentChange): Promise<Person | null | undefined> => {
  if (owner === undefined || owner === null) return owner
  const user = await userById(trx, owner)
  if (user === undefined) throw new AppError('invalid-change', { problem: 'there is no such user' })
  return { id: user.id, name: user.name }
}

/** State, owner, title. What is as it was leaves no trace. @throws AppError `unknown-incident`, `invalid-change` */
export const changeIncident = (
  db: Db,
  id: string,
  change: IncidentChange,
  by: Person | null,
  nowMs = Date.now(),
): Promise<Changed> =>
  inWork(db, async (trx) => {
    const row = await load(trx, id)
    if (row.merged_into !== null)
      throw new AppError('invalid-change', { problem: 'the incident went into another one: change that one' })
    const { state = row.state, reason } = change
    if (change.state === 'closed' && reason === undefined)
      throw new AppError('invalid-change', { problem: 'an incident is closed with a reason' })
    if (state !== 'closed' && reason !== undefined)
      throw new AppError('invalid-change', { problem: 'only a closed incident has a reason' })
    const title = change.title?.trim()
    if (title === '') throw new AppError('invalid-change', { problem: 'a title is not empty' })
    const at = new Date(nowMs)
    const set: Partial<Omit<IncidentsTable, 'id'>> = {}
    const notes: HistoryNote[] = []
    const note = (kind: HistoryNote['kind'], text: string): void => {
      notes.push({ incident: id, kind, text, who: by })
    }
    const closedReason = state === 'closed' ? (reason ?? row.reason) : null
    if (state !== row.state || closedReason !== row.reason) {
      Object.assign(set, {
        state,
        reason: closedReason,
        closed_by: null,
        closed_at: state === 'closed' ? (row.closed_at ?? at) : null,
        closed_risk: state === 'closed' ? row.risk : null,
        closed_severity: state === 'closed' ? row.severity : null,
      } satisfies Partial<IncidentsTable>)
      note(
        row.state === 'closed' && state !== 'closed' ? 'reopened' : 'state',
        stateText(state, closedReason ?? undefined),
      )
    }
    const owner = await ownerOf(trx, change)
    if (owner !== undefined && (owner?.id ?? null) !== row.owner_id) {
      Object.assign(set, {
        owner_id: owner?.id ?? null,
        owner_name: owner?.name ?? null,
      } satisfies Partial<IncidentsTable>)
      note('owner', owner === null ? 'nobody owns it' : `${owner.name} owns it`)
    }
    if (title !== undefined && title !== row.title) {
      Object.assign(set, {
        title: storable(title.slice(0, 500)),
        titled: true,
      } satisfies Partial<IncidentsTable>)
      note('state', `title was: ${row.title}`)
    }
    if (notes.length === 0) return { row: incidentRow(row), events: [] }
    await trx
      .updateTable('incidents')
      .set({ ...set, updated_at: at })
      .where('id', '=', id)
      .execute()
    await addHistory(trx, notes, nowMs)
    return changed(trx, id)
  })

/** @throws AppError `unknown-incident`, `invalid-change` for an empty one */
export const addNote = (
  db: Db,
  id: string,
  text: string,
  by: Person | null,
  nowMs = Date.now(),
): Promise<Changed> =>
  inWork(db, async (trx) => {
    await load(trx, id)
    if (text.trim() === '') throw new AppError('invalid-change', { problem: 'a note says something' })
    await addHistory(
      trx,
      [{ incident: id, kind: 'note', text: text.trim().slice(0, 20_000), who: by }],
      nowMs,
    )
    await trx
      .updateTable('incidents')
      .set({ updated_at: new Date(nowMs) })
      .where('id', '=', id)
      .execute()
    return changed(trx, id)
  })

/** Puts one incident into another: its findings, and all that join it later. @returns the one they are in now */
export const mergeIncidents = (
  db: Db,
  id: string,
  into: string,
  by: Person | null,
  premises: Premises,
  nowMs = Date.now(),
): Promise<Changed> =>
  inWork(db, async (trx) => {
    const [from, target] = [await load(trx, id), await load(trx, into)]
    if (id === into) throw new AppError('invalid-change', { problem: 'an incident cannot go into itself' })
    if (from.merged_into !== null || target.merged_into !== null)
      throw new AppError('invalid-change', { problem: 'one of the two went into another incident already' })
    await putTogether(trx, id, into)
    await mergeInto(trx, id, into, by, nowMs)
    await refreshIncidents(trx, [into], await recallSurroundings(trx, premises), nowMs)
    return changed(trx, into, [id])
  })

/**
 * Takes findings out of an incident into one of their own, for good: the two never become one by themselves.
 *
 * @returns the new incident
 * @throws AppError `unknown-incident`, `invalid-change` where nothing or all would go
 */
export const splitIncident = (
  db: Db,
  id: string,
  findingIds: readonly string[],
  by: Person | null,
  premises: Premises,
  nowMs = Date.now(),
): Promise<Changed> =>
  inWork(db, async (trx) => {
    const from = await load(trx, id)
    const members = await trx
      .selectFrom('findings')
      .select(['id', 'gist', 'rarity', 'first_at', 'last_at', 'events'])
      .where('incident', '=', id)
      .where('line', '=', 'shown')
      .where('hidden_by', 'is', null)
      .where('fused_into', 'is', null)
      .execute()
    const wanted = new Set(findingIds)
    const going = members.filter((member) => wanted.has(member.id))
    if (going.length !== wanted.size || going.length === 0)
      throw new AppError('invalid-change', {
        problem: 'only findings of the incident can be taken out of it',
      })
    if (going.length === members.length)
      throw new AppError('invalid-change', { problem: 'one finding at least stays in the incident' })
    const surroundings = await recallSurroundings(trx, premises)
    const group = rankFindings(
      going.map((row) => ({ finding: findingOf(row.gist, row), rarity: row.rarity, state: 'shown' })),
    )
    const [opened = ''] = await openIncidents(trx, [group], surroundings, nowMs)
    await keepApart(trx, id, opened)
    await refreshIncidents(trx, [id], surroundings, nowMs)
    const row = await load(trx, opened)
    const counted = `${going.length} finding${going.length === 1 ? '' : 's'}`
    await addHistory(
      trx,
      [
        {
          incident: opened,
          kind: 'split',
          text: `${counted} taken out of #${from.number}: ${from.title}`,
          who: by,
        },
        {
          incident: id,
          kind: 'split',
          text: `${counted} taken out into #${row.number}: ${row.title}`,
          who: by,
        },
      ],
      nowMs,
    )
    return changed(trx, opened, [id])
  })
