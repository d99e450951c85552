/**
 * What an entity has to do with: the values that stand beside it in events, by kind.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { addressText, type ColumnName, type EntityKind } from '../schema/columns.ts'
import type { EntityPage } from '../api/search.ts'
import { instant } from '../sql/instant.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { waiting, type AskOptions } from './ask.ts'
import { entityColumns } from './entity-list.ts'
import { isPresent } from './field-summary.ts'
import { entityKinds } from './fields.ts'
import { sampling, type Sampling } from './sample.ts'
import { boundedGroups } from './values.ts'

/** A column that holds others beside an entity, and the kind they are of. */
export interface Beside {
  readonly kind: EntityKind
  readonly name: ColumnName
}

const mostShown = 20
const mostFresh = 10
const dayMs = 86_400_000

/** The columns that hold anything in the entity's events. */
export const columnsBeside = async (
  engine: Engine,
  where: Sql,
  options: AskOptions,
): Promise<readonly Beside[]> => {
  const all = entityKinds.flatMap((kind) => entityColumns(kind).map((name): Beside => ({ kind, name })))
  const [row] = await engine.rows<{ held: number[] }>(
    sql`SELECT [${join(all.map(({ name }) => sql`countIf(${isPresent(name)})`))}] AS held FROM events WHERE ${where}`,
    waiting(options),
  )
  return all.filter((_, i) => (row?.held[i] ?? 0) > 0)
}

/** Of more events than these, what changes with every event is counted in a sample. */
const mostLookedAt = 200_000

/** Kinds that somebody has to do with, rather than things that change with every event. */
const counted: readonly EntityKind[] = ['address', 'user', 'host', 'domain', 'application']

/** One row for each value beside the entity: `kind`, `value`, `number` of events, `first`. The entity itself is left out. */
const valuesBeside = (beside: readonly Beside[], where: Sql, value: string, sample: Sampling): Sql =>
  sql`SELECT kind, value, sum(number) AS number, min(first) AS first FROM (${join(
    beside.map(({ kind, name }) =>
      counted.includes(kind)
        ? sql`SELECT * FROM (SELECT ${kind} AS kind, toString(${id(name)}) AS value, count() AS number, min(timestamp) AS first FROM events WHERE ${where} AND ${isPresent(name)} GROUP BY ${id(name)})`
        : sql`SELECT * FROM (SELECT ${kind} AS kind, toString(${id(name)}) AS value, count() * toUInt64(${sample.every}) AS number, min(timestamp) AS first FROM events WHERE ${where} AND ${sample.condition} AND ${isPresent(name)} GROUP BY ${id(name)})`,
    ),
    ' UNION ALL ',
  )}) WHERE value NOT IN ${[value, `::ffff:${value}`]} GROUP BY kind, value`

/**
 * The others by kind: the most frequent, and the newest of the last 24 hours of its data. Of one with many events, resources,
 * agents and files are estimated from a sample, which says nothing of what is new.
 *
 * @param lastMs the entity's last event
 */
export const relatedOf = async (
  engine: Engine,
  beside: readonly Beside[],
  where: Sql,
  entity: {
    readonly value: string
    readonly events: number
    readonly firstMs: number
    readonly lastMs: number
  },
  options: AskOptions,
): Promise<EntityPage['related']> => {
  if (beside.length === 0) return []
  // Of one who was never seen before, all is new: that says nothing.
  const sinceMs = entity.lastMs - dayMs
  const sample = sampling(entity.events, mostLookedAt)
  const freshness =
    entity.firstMs < sinceMs
      ? sql`first >= ${instant(sinceMs)} AND (${sample.every} = 1 OR kind IN ${counted})`
      : sql`0`
  const rows = await engine.rows<{
    kind: EntityKind
    value: string
    number: number
    firstMs: number
    fresh: number
    distinct: number
  }>(
    sql`SELECT kind, value, number, toUnixTimestamp64Milli(first) AS firstMs, fresh, distinct FROM (SELECT *, toUInt8(${freshness}) AS fresh, count() OVER (PARTITION BY kind) AS distinct, row_number() OVER (PARTITION BY kind ORDER BY number DESC, value) AS byNumber, row_number() OVER (PARTITION BY kind ORDER BY fresh DESC, first DESC, value) AS byTime FROM (${valuesBeside(beside, where, entity.value, sample)})) WHERE byNumber <= ${mostShown} OR (fresh AND byTime <= ${mostFresh}) ORDER BY kind, number DESC, value`,
    waiting(options, boundedGroups),
  )
  return entityKinds.flatMap((kind) => {
    const own = rows.filter((row) => row.kind === kind)
    const [first] = own
    if (first === undefined) return []
    return [
      {
        kind,
        distinct: first.distinct,
        values: own.map((row) => ({
          value: addressText(row.value),
          events: row.number,
          first: new Date(row.firstMs).toISOString(),
          fresh: row.fresh === 1,
        })),
      },
    ]
  })
}

/** By day: how many others, and how many of them for the first time. */
export const noveltyOf = async (
  engine: Engine,
  beside: readonly Beside[],
  where: Sql,
  value: string,
  options: AskOptions,
): Promise<EntityPage['novelty']> => {
  const columns = beside.filter(({ kind }) => counted.includes(kind))
  if (columns.length === 0) return []
  const pairs = join(
    columns.map(
      ({ kind, name }) =>
        sql`SELECT * FROM (SELECT toDate(timestamp) AS date, concat(${`${kind} `}, toString(${id(name)})) AS other FROM events WHERE ${where} AND ${isPresent(name)} GROUP BY date, other)`,
    ),
    ' UNION ALL ',
  )
  const rows = await engine.rows<{ day: string; others: number; fresh: number }>(
    sql`SELECT toString(date) AS day, count() AS others, countIf(date = began) AS fresh FROM (SELECT date, other, min(date) OVER (PARTITION BY other) AS began FROM (SELECT DISTINCT date, other FROM (${pairs}) WHERE other NOT IN ${counted.flatMap((kind) => [`${kind} ${value}`, `${kind} ::ffff:${value}`])})) GROUP BY date ORDER BY date DESC LIMIT 28`,
    waiting(options, boundedGroups),
  )
  return rows.toReversed()
}

/** What peers are found by: these are shared by those who do alike. */
const sharedColumns: readonly ColumnName[] = [
  'destination_registered_domain',
  'dns_question_registered_domain',
  'destination_ip',
  'url_domain',
  'host_name',
  'source_ip',
  'user_name',
]
const mostShared = 200
const mostPeers = 10

/**
 * Who shares most with the entity, of those in the same column: by one other column, the one with the most different values
 * up to 200.
 */
export const peersOf = async (
  engine: Engine,
  own: ColumnName,
  where: Sql,
  inTime: Sql,
  value: string,
  options: AskOptions,
): Promise<EntityPage['peers']> => {
  const candidates = sharedColumns.filter((name) => name !== own)
  const [row] = await engine.rows<{ held: number[] }>(
    sql`SELECT [${join(candidates.map((name) => sql`uniqIf(${id(name)}, ${isPresent(name)})`))}] AS held FROM events WHERE ${where}`,
    waiting(options),
  )
  const best = candidates
    .map((name, i) => ({ name, held: Math.min(mostShared, row?.held[i] ?? 0) }))
    .toSorted((a, b) => b.held - a.held)[0]
  if (best === undefined || best.held === 0) return []
  const shared = id(best.name)
  const me = id(own)
  const mine = sql`(SELECT ${shared} FROM events WHERE ${where} AND ${isPresent(best.name)} GROUP BY ${shared} ORDER BY count() DESC, ${shared} LIMIT ${mostShared})`
  const found = sql`SELECT ${me} AS peer, uniq(${shared}) AS both FROM events WHERE ${inTime} AND ${isPresent(own)} AND ${shared} GLOBAL IN ${mine} GROUP BY peer ORDER BY both DESC, peer LIMIT 50`
  const peers = await engine.rows<{ value: string; both: number }>(
    sql`SELECT toString(peer) AS value, both FROM (${found})`,
    waiting(options, boundedGroups),
  )
  const others = peers
    .map((peer) => ({ ...peer, value: addressText(peer.value) }))
    .filter((peer) => peer.value !== value)
  if (others.length === 0) return []
  const all = await engine.rows<{ value: string; all: number }>(
    sql`SELECT toString(${me}) AS value, uniq(${shared}) AS all FROM events WHERE ${inTime} AND ${isPresent(best.name)} AND toString(${me}) IN ${peers.map((peer) => peer.value)} GROUP BY ${me}`,
    waiting(options),
  )
  const held = new Map(all.map((one) => [addressText(one.value), one.all]))
  return others
    .map((peer) => ({
      value: peer.value,
      shared: peer.both,
      // Jaccard: what both have, of what either has.
      similarity: Math.min(
        1,
        peer.both / Math.max(1, best.held + (held.get(peer.value) ?? peer.both) - peer.both),
      ),
    }))
    .toSorted((a, b) => b.similarity - a.similarity || (a.value < b.value ? -1 : 1))
    .slice(0, mostPeers)
}
