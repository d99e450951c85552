/**
 * Peer groups: read from the user's file, or learned from what users and machines have to do with.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { loadMade } from '../engine/load-made.ts'
import { peerGroups, peerKey, peersOf, type PeerKind } from '../features/peers.ts'
import { groupAlike, type Behaviour } from '../models/peer-groups.ts'
import { during } from '../sql/instant.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import type { PeerFile } from './peer-file.ts'
import { featureSetOf, type Scope } from './windows.ts'

/** With more, those seen on the fewest days belong to no group. */
const mostEntities = 50_000
/** What each has to do with most: the days on which it has decide. */
const mostTargets = 50
/** Who was there on fewer days has no habits yet. */
const leastDays = 3
/** Where the past holds less, everything is looked at. */
const leastPastDays = 7

/** What shows what somebody's work is, and which events tell. */
const traces: Readonly<Record<PeerKind, { readonly targets: Sql; readonly where: Sql }>> = {
  user_name: {
    targets: sql`[host_name, service_name, destination_address, process_name, resource_name, event_action]`,
    where: sql`category != 'reject' AND user_name != '' AND event_outcome != 'failure'`,
  },
  source_ip: {
    targets: sql`[destination_registered_domain, if(network_direction = 'internal', toString(destination_ip), ''), toString(destination_port)]`,
    where: sql`category IN ('flow', 'proxy', 'dns') AND source_ip != toIPv6('::')`,
  },
}

/** What is learned from: the past where there is enough of it, never what is set apart. */
const learnedFrom = ({ all, judged, excluded = [] }: Scope): Sql => {
  const range =
    judged.fromMs - all.fromMs >= leastPastDays * 86_400_000 ? { ...all, toMs: judged.fromMs } : all
  return join([during(range), ...excluded.map((period) => sql`NOT (${during(period)})`)], ' AND ')
}

/** Targets by place, prefixed with which kind they are: a host and a service may have one name. */
const targetsOf = (kind: PeerKind): Sql =>
  sql`arrayFilter(t -> length(t) > 2, arrayMap((t, i) -> concat(toString(i), ':', lower(toString(t))), ${traces[kind].targets}, arrayEnumerate(${traces[kind].targets})))`

const behaviours = async (
  engine: Engine,
  kind: PeerKind,
  scope: Scope,
  options: QueryOptions,
): Promise<Behaviour[]> => {
  const where = sql`${traces[kind].where} AND ${learnedFrom(scope)}`
  const key = peerKey(id(kind), kind)
  const pairs = sql`SELECT ${key} AS entity, toUInt32(cityHash64(arrayJoin(${targetsOf(kind)})) % 4294967291) AS target, uniqExact(toDate(timestamp, 'UTC')) AS days FROM events WHERE ${where} GROUP BY entity, target`
  const most = sql`SELECT entity, target, days FROM (${pairs}) ORDER BY entity, days DESC, target LIMIT ${mostTargets} BY entity`
  return engine.rows<Behaviour>(
    sql`SELECT entity, arrayMap(p -> p.1, pairs) AS targets, arrayMap(p -> p.2, pairs) AS days FROM (SELECT entity, arraySort(groupArray((target, days))) AS pairs FROM (${most}) GROUP BY entity) WHERE arrayMax(days) >= ${leastDays} ORDER BY arrayMax(days) DESC, entity LIMIT ${mostEntities}`,
    options,
  )
}

/** The texts of targets, by their number. */
const namesOf = async (
  engine: Engine,
  kind: PeerKind,
  targets: readonly number[],
  options: QueryOptions,
): Promise<Map<number, string>> => {
  if (targets.length === 0) return new Map()
  const text = sql`arrayJoin(${targetsOf(kind)})`
  const rows = await engine.rows<{ target: number; named: string }>(
    sql`SELECT toUInt32(cityHash64(text) % 4294967291) AS target, min(text) AS named FROM (SELECT DISTINCT ${text} AS text FROM events WHERE ${traces[kind].where}) GROUP BY target HAVING target IN (${join(targets.map((target) => raw(String(target))))})`,
    options,
  )
  return new Map(rows.map(({ target, named }) => [target, named.slice(2)]))
}

interface Row {
  readonly kind: string
  readonly entity: string
  readonly peers: string
  readonly members: number
}

/** Groups by what they have in common, told in words. */
const learn = async (engine: Engine, kind: PeerKind, scope: Scope, options: QueryOptions): Promise<Row[]> => {
  const groups = groupAlike(await behaviours(engine, kind, scope, options))
  const names = await namesOf(
    engine,
    kind,
    groups.flatMap(({ typical }) => typical),
    options,
  )
  const told = new Map<string, number>()
  return groups.flatMap(({ members, typical }) => {
    const said = typical.map((target) => names.get(target) ?? '').filter((text) => text !== '')
    const name = said.join(', ') || 'alike'
    const times = (told.get(name) ?? 0) + 1
    told.set(name, times)
    const peers = times === 1 ? name : `${name} (${times})`
    return members.map((entity) => ({ kind, entity, peers, members: members.length }))
  })
}

const fromFile = (file: PeerFile): Row[] => {
  const sizes = new Map<string, number>()
  for (const group of file.groups.values()) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  return [...file.groups].map(([entity, peers]) => ({
    kind: '',
    entity,
    peers,
    members: sizes.get(peers) ?? 1,
  }))
}

const write = async (engine: Engine, rows: readonly Row[], options: QueryOptions): Promise<void> => {
  if (rows.length === 0) return
  const cell = (place: number): Sql => sql`JSONExtractString(line, ${place})`
  await loadMade(
    engine,
    rows.map(({ kind, entity, peers, members }) => JSON.stringify([kind, entity, peers, String(members)])),
    {
      into: sql`INSERT INTO ${id(peerGroups.name)} (kind, entity, peers, members)`,
      select: (lines) =>
        sql`SELECT ${cell(1)}, ${cell(2)}, ${cell(3)}, toUInt32OrZero(${cell(4)}) FROM ${lines}`,
    },
    options,
  )
}

/**
 * Fills `peer_groups` for the detectors that ask for peers: with the user's file where there is one, else with what is learned
 * of each kind of entity they watch.
 */
export const fillPeers = async (
  engine: Engine,
  detectors: readonly Detector[],
  scope: Scope | null,
  file: PeerFile | null,
  options: QueryOptions = {},
): Promise<void> => {
  const kinds = new Set(detectors.flatMap((detector) => peersOf(featureSetOf(detector)) ?? []))
  if (kinds.size === 0 || scope === null) return
  await engine.dropTable(peerGroups)
  await engine.createTable(peerGroups)
  if (file !== null) return write(engine, fromFile(file), options)
  for (const kind of kinds) await write(engine, await learn(engine, kind, scope, options), options)
}

export const dropPeers = (engine: Engine): Promise<void> => engine.dropTable(peerGroups)
