/**
 * Peer groups: who does alike, as a small table that features may ask.
 *
 * @module
 */
import { plainAddressSql } from '../addresses/address.ts'
import type { Table } from '../schema/tables.ts'
import { columnOf, type EntityColumn } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { Feature } from './feature.ts'
import { entityColumn, entityColumns, type FeatureSet, type Study } from './feature-set.ts'
import { historyTable, type HistoryFeature } from './history.ts'
import { isPast } from './past-feature.ts'
import { setsApart } from './taught.ts'

/**
 * One row for each user or machine that belongs to a group; whoever has none is compared with everyone. Made anew for each
 * hunt, before any detector runs, and gone afterwards.
 */
export const peerGroups: Table = {
  name: 'peer_groups',
  columns: [
    /** The column whose value it is; empty: of any, as in the user's own file. */
    { name: 'kind', type: 'String' },
    /** In lower case; addresses as people write them. */
    { name: 'entity', type: 'String' },
    /** The group's name. */
    { name: 'peers', type: 'String' },
    /** How many belong to it. */
    { name: 'members', type: 'UInt32' },
  ],
  orderBy: ['entity'],
  shardBy: 'cityHash64(entity)',
}

/** Whose behaviour groups are learned from. */
export const peerKinds = ['user_name', 'source_ip'] as const
export type PeerKind = (typeof peerKinds)[number]

/** The part of the entity that has peers, by its place; −1 for none. */
const placeOf = (set: FeatureSet): number =>
  set.entity.findIndex((column) => peerKinds.some((kind) => kind === column))

const asksPeers = (feature: Feature): boolean => {
  if (feature.kind === 'firstSeen') return feature.unlike !== undefined
  if (!isPast(feature)) return false
  return 'by' in feature
    ? feature.by.includes('peers')
    : feature.kind === 'excess' && feature.against === 'peers'
}

/** Whose groups a feature set compares with; null where it does not. */
export const peersOf = (set: FeatureSet): PeerKind | null => {
  if (!Object.values(set.features).some(asksPeers)) return null
  const column = set.entity[placeOf(set)]
  return peerKinds.find((kind) => kind === column) ?? null
}

/** A value as `peer_groups` has it. */
export const peerKey = (value: Sql, column: EntityColumn): Sql =>
  columnOf(column).type === 'ip' ? plainAddressSql(value) : sql`lower(toString(${value}))`

/** Adds `peers` (empty for none) and `members` (0 for none) to rows that have the parts of the entity. */
export const withPeers = (below: Sql, set: FeatureSet): Sql => {
  const place = placeOf(set)
  const column = set.entity[place]
  if (column === undefined) throw new TypeError('no part of the entity has peers')
  const groups = sql`(SELECT entity AS peer_entity, any(peers) AS peers, any(members) AS members FROM ${id(peerGroups.name)} WHERE kind IN ('', ${column}) GROUP BY peer_entity)`
  return sql`(SELECT p.*, peers, members FROM ${below} AS p GLOBAL ANY LEFT JOIN ${groups} AS g ON ${peerKey(sql`p.${id(entityColumn(place))}`, column)} = g.peer_entity)`
}

/**
 * How many values an entity came to in a window for the first time that others had come to in earlier windows, and none of its
 * peers until then. What everybody does in their first days is new: those are left out.
 */
export const unlikeFirsts = (
  feature: Extract<HistoryFeature, { kind: 'firstSeen' }>,
  study: Study,
  start: Sql,
): Sql => {
  const { most, afterDays } = feature.unlike ?? { most: 1, afterDays: 0 }
  const { set } = study
  const keys = join(entityColumns(set))
  const table = id(historyTable(study, feature).name)
  const rows = sql`(SELECT *, ${start} AS window, toInt64(toUnixTimestamp(window)) AS at FROM ${table})`
  const grouped = withPeers(rows, set)
  // What is set apart tells nobody's ways.
  const apart = setsApart(study)
  const counted = raw(apart ? 'countIf(apart = 0)' : 'count()')
  const itself = raw(apart ? '(apart = 0)' : '1')
  const until = (by: Sql, end: string): Sql =>
    sql`${counted} OVER (PARTITION BY ${by} ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND ${raw(end)})`
  const columns = [
    keys,
    raw('window'),
    raw('peers'),
    raw('members'),
    sql`${until(raw('value'), '1 PRECEDING')} AS earlier`,
    sql`${until(raw('value'), 'CURRENT ROW')} - ${itself} AS anybody`,
    sql`${until(raw('value, peers'), 'CURRENT ROW')} - ${itself} AS kin`,
    sql`at - min(at) OVER (PARTITION BY ${keys}) AS known`,
  ]
  const all = sql`(SELECT uniqExact(${keys}) FROM ${table})`
  const few = sql`if(peers = '', anybody <= ${most} * (${all} - 1), kin = 0)`
  return sql`(SELECT ${keys}, window, count() AS firsts FROM (SELECT ${join(columns)} FROM ${grouped}) WHERE earlier > 0 AND ${few} AND known >= ${afterDays * 86_400} GROUP BY ${keys}, window)`
}
