/**
 * Findings as they are stored and listed. {@link recordFindings} is the only way they come in.
 *
 * @module
 */
import { sql } from 'kysely'
import { compareText } from '../order.ts'
import type { Finding } from '../report/report.ts'
import type { FindingRow, LiveEvent } from '../api/api.ts'
import type { Surroundings } from '../triage/identity.ts'
import type { LiveFinding, Reach } from '../triage/lifecycle.ts'
import { eventsOf } from './changes.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Db } from './database.ts'
import { foldStories } from './fold.ts'
import { growFindings } from './grow.ts'
import { foldHidden } from './hiding.ts'
import { loadKeptApart } from './kept-apart.ts'
import { recallSurroundings, rememberMachines } from './machines.ts'
import { mergeInto } from './merging.ts'
import { findingColumns, findingListRow, findingOf, partKey, storable } from './rows.ts'
import { liveVerdicts } from './verdict-rows.ts'
import { inWork, type Trx } from './work.ts'

export type { LiveFinding } from '../triage/lifecycle.ts'

export interface FindingsRecord {
  readonly findings: readonly LiveFinding[]
  readonly surroundings: Surroundings
  readonly nowMs: number
  /** The longest window of each detector, or its `apart`, in ms; an hour where it is absent. */
  readonly reach?: Reach
}

/** Old logs bring many at once: in pieces, others get a turn in between. */
const mostAtOnce = 500

/**
 * Stores findings: new ones, and those that continue what is there, which keep their ids; hides what verdicts cover; and folds the
 * rest into incidents. The same findings again change nothing.
 *
 * @returns what has changed, to be published now that it is committed
 */
export const recordFindings = async (
  db: Db,
  record: FindingsRecord,
): Promise<{ readonly changes: readonly LiveEvent[] }> => {
  const findings = record.findings.toSorted(
    (a, b) => compareText(a.finding.first, b.finding.first) || compareText(a.finding.id, b.finding.id),
  )
  const changes: LiveEvent[] = []
  for (let from = 0; from < findings.length; from += mostAtOnce) {
    const piece = { ...record, findings: findings.slice(from, from + mostAtOnce) }
    changes.push(...(await inWork(db, (trx) => recordPiece(trx, piece))))
  }
  return { changes }
}

const recordPiece = async (
  trx: Trx,
  { findings, surroundings, nowMs, reach = new Map() }: FindingsRecord,
): Promise<LiveEvent[]> => {
  await rememberMachines(trx, surroundings, nowMs)
  const all = await recallSurroundings(trx, surroundings)
  const verdicts = await liveVerdicts(trx)
  const { changed, merges, hidden } = await growFindings(trx, findings, {
    // A detector that says how far apart its stories lie says it of its findings too.
    reach: new Map([...reach, ...(surroundings.apart ?? [])]),
    verdicts,
    isKeptApart: await loadKeptApart(trx),
    nowMs,
  })
  const merged = await mergeBridged(trx, merges, nowMs)
  const incidents = await foldStories(trx, changed, all, nowMs)
  const emptied = await foldHidden(trx, hidden, verdicts, all, nowMs)
  return eventsOf(trx, changed, [...new Set([...incidents, ...emptied, ...merged])])
}

/** Incidents whose findings turned out to be one: the older takes in the younger, unless it is closed and the younger is not. */
const mergeBridged = async (
  trx: Trx,
  merges: readonly (readonly [string, string])[],
  nowMs: number,
): Promise<readonly string[]> => {
  const touched: string[] = []
  const mergedInto = new Map<string, string>()
  const nowIn = (id: string): string => {
    const into = mergedInto.get(id)
    return into === undefined ? id : nowIn(into)
  }
  for (const pair of merges) {
    const rows = await trx
      .selectFrom('incidents')
      .select(['id', 'number', 'state', 'merged_into'])
      .where('id', 'in', pair.map(nowIn))
      .where('merged_into', 'is', null)
      .execute()
    const [into, from] = rows.toSorted(
      (a, b) => Number(a.state === 'closed') - Number(b.state === 'closed') || a.number - b.number,
    )
    if (into === undefined || from === undefined) continue
    await mergeInto(trx, from.id, into.id, null, nowMs)
    mergedInto.set(from.id, into.id)
    touched.push(from.id, into.id)
  }
  return touched
}

export interface FindingFilter {
  readonly state?: readonly FindingRow['state'][]
  readonly detector?: string
  /** Part of an entity's value. */
  readonly entity?: string
  /** The whole value of an entity, or of one of its parts, in large or small letters. */
  readonly about?: string
  /** ISO 8601: findings that were still going on then, and that had begun by then. */
  readonly from?: string
  readonly to?: string
  /** By time, newest first, or by rarity, rarest first. Default `time`. */
  readonly sort?: 'time' | 'rarity'
  readonly limit?: number
  readonly cursor?: string
}

const mostListed = 200

/** @throws AppError `invalid-cursor` */
export const listFindings = async (
  db: Db,
  filter: FindingFilter,
): Promise<{ readonly findings: readonly FindingRow[]; readonly next: string | null }> => {
  const limit = Math.max(1, Math.min(mostListed, filter.limit ?? 50))
  const states = filter.state ?? []
  let query = db.selectFrom('findings').select(findingColumns).where('fused_into', 'is', null)
  if (states.length > 0)
    query = query.where(
      sql<boolean>`case when line = 'below' then 'below' when hidden_by is null then 'shown' else 'hidden' end = any(${states})`,
    )
  if (filter.detector !== undefined) query = query.where('detector', '=', storable(filter.detector))
  if (filter.entity !== undefined)
    query = query.where(
      sql<boolean>`strpos(lower(entity_value), ${storable(filter.entity.toLowerCase())}) > 0`,
    )
  if (filter.from !== undefined) query = query.where('last_at', '>=', new Date(filter.from))
  if (filter.to !== undefined) query = query.where('first_at', '<=', new Date(filter.to))
  if (filter.about !== undefined)
    query = query.where(sql<boolean>`part_keys @> ${[partKey(filter.about)]}::text[]`)
  const column = filter.sort === 'rarity' ? 'rarity' : 'last_at'
  if (filter.cursor !== undefined) {
    const [value, id] = decodeCursor(filter.cursor, [column === 'rarity' ? 'number' : 'moment', 'text'])
    const bound = column === 'rarity' ? Number(value) : new Date(Number(value))
    query = query.where(sql<boolean>`(${sql.ref(column)}, id) < (${bound}, ${String(id)})`)
  }
  const rows = await query
    .select('rarity')
    .orderBy(column, 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const value = last === undefined ? 0 : column === 'rarity' ? last.rarity : last.last_at.getTime()
  return {
    findings: shown.map(findingListRow),
    next: rows.length > limit && last !== undefined ? encodeCursor([value, last.id]) : null,
  }
}

/** The finding, or the one that it became a part of. */
export const getFinding = async (db: Db, id: string): Promise<Finding | null> => {
  const row = await db.selectFrom('findings').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return null
  return row.fused_into === null ? findingOf(row.body, row) : getFinding(db, row.fused_into)
}
