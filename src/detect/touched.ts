/**
 * Who touched what: the values that an entity had to do with in a window, next to its own past and to its peers.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { filterSql } from '../features/compile-filter.ts'
import { peerGroups, peerKey, peerKinds, type PeerKind } from '../features/peers.ts'
import type { Detail, Touched } from '../report/report.ts'
import { addressText, columnOf, type EventColumn } from '../schema/columns.ts'
import { bound, id, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import type { Subject } from './subjects.ts'

const edgesShown = 14

const columnsOf: Readonly<Record<PeerKind, readonly EventColumn[]>> = {
  user_name: [
    'host_name',
    'source_ip',
    'service_name',
    'process_name',
    'event_action',
    'destination_address',
    'resource_name',
    'file_path',
  ],
  source_ip: ['destination_address', 'destination_port', 'dns_question_registered_domain', 'user_name'],
}

/** Values as texts, by the place of their column; empty where there is none. */
const valuesOf = (columns: readonly EventColumn[]): Sql =>
  sql`[${join(
    columns.map((column) => {
      const text = sql`toString(${id(column)})`
      const none = columnOf(column).type === 'ip' ? '::' : columnOf(column).type === 'port' ? '0' : ''
      return sql`if(${text} = ${none}, '', ${text})`
    }),
  )}]`

interface Edge {
  readonly place: number
  readonly value: string
  readonly events: number
  readonly before: number
}

/** The values of a column that a subject had to do with. */
interface Edges {
  readonly subject: number
  readonly place: number
  readonly values: number
  /** How many of them it never had before. */
  readonly fresh: number
  readonly most: readonly Edge[]
}

interface Users {
  readonly place: number
  readonly value: string
  readonly peers: string
  readonly users: number
}

const keyOf = (place: number, value: string): string => `${place} ${value}`

/** The values of each subject in its time, and how often it had each before: how many, and those to show of each column. */
const edgesOf = async (
  engine: Engine,
  detector: Detector,
  kind: PeerKind,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<Edges[]> => {
  const key = peerKey(id(kind), kind)
  const entities = sql`${subjects.map(({ entity }) => (entity[0] ?? '').toLowerCase())}`
  const moments = (of: (subject: Subject) => number): Sql => bound('Array(Float64)', subjects.map(of))
  const at = sql`toFloat64(toUnixTimestamp64Milli(timestamp))`
  const lasts = moments((subject) => subject.lastMs)
  const subject = sql`arrayJoin(arrayFilter((i, e, l) -> e = ${key} AND ${at} <= l, arrayEnumerate(${entities}), ${entities}, ${lasts}))`
  const inside = sql`at >= ${moments((one) => one.firstMs)}[subject]`
  const touching = sql`SELECT ${subject} AS subject, ${at} AS at, event_repeats, ${valuesOf(columnsOf[kind])} AS values FROM events WHERE ${filterSql(detector.from)} AND has(${entities}, ${key})`
  const all = sql`SELECT subject, place, value, sumIf(event_repeats, ${inside}) AS events, sumIf(event_repeats, NOT (${inside})) AS before FROM (SELECT *, arrayJoin(arrayEnumerate(values)) AS place, values[place] AS value FROM (${touching})) WHERE value != '' GROUP BY subject, place, value HAVING events > 0`
  // Cut where they are, in the order of mostTelling: a scanner has to do with hundreds of thousands.
  const cut = sql`groupArraySorted(${raw(String(edgesShown))})((before > 0, -toInt64(events), value, before))`
  const rows = await engine.rows<
    Omit<Edges, 'most'> & { readonly most: readonly (readonly [number, number, string, number])[] }
  >(
    sql`SELECT subject, place, count() AS values, countIf(before = 0) AS fresh, ${cut} AS most FROM (${all}) GROUP BY subject, place`,
    options,
  )
  return rows.map((row) => ({
    ...row,
    most: row.most.map(([, minus, value, before]) => ({ place: row.place, value, events: -minus, before })),
  }))
}

/** How many have each value, by group. */
const usersOf = (
  engine: Engine,
  detector: Detector,
  kind: PeerKind,
  shown: readonly Edge[],
  options: QueryOptions,
): Promise<Users[]> => {
  const keys = shown.map(({ place, value }) => keyOf(place, value))
  const pairs = sql`SELECT ${peerKey(id(kind), kind)} AS entity, arrayJoin(arrayFilter(v -> has(${keys}, v), arrayMap((v, i) -> concat(toString(i), ' ', v), ${valuesOf(columnsOf[kind])}, arrayEnumerate(${valuesOf(columnsOf[kind])})))) AS pair FROM events WHERE ${filterSql(detector.from)} AND ${filterSql({ [kind]: { kind: 'present' } })} GROUP BY entity, pair`
  const groups = sql`(SELECT entity AS peer_entity, any(peers) AS peers FROM ${id(peerGroups.name)} WHERE kind IN ('', ${kind}) GROUP BY peer_entity)`
  return engine.rows<Users>(
    sql`SELECT toUInt8(substringIndex(pair, ' ', 1)) AS place, substring(pair, position(pair, ' ') + 1) AS value, peers, uniqExact(entity) AS users FROM (SELECT p.*, peers FROM (${pairs}) AS p GLOBAL ANY LEFT JOIN ${groups} AS g ON p.entity = g.peer_entity) GROUP BY place, value, peers`,
    options,
  )
}

/** What a subject never had before comes first, then what it had most to do with. */
const mostTelling = (edges: readonly Edge[]): Edge[] =>
  edges
    .toSorted(
      (a, b) =>
        Number(a.before > 0) - Number(b.before > 0) ||
        b.events - a.events ||
        a.place - b.place ||
        (a.value < b.value ? -1 : 1),
    )
    .slice(0, edgesShown)

/** The part of the activity graph that each finding is about. */
export const touchedOf = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<Detail[][]> => {
  const kind = peerKinds.find((one) => one === detector.entity[0])
  if (kind === undefined) return subjects.map(() => [])
  const edges = await edgesOf(engine, detector, kind, subjects, options)
  const bySubject = subjects.map((_, i) => edges.filter(({ subject }) => subject === i + 1))
  const shown = bySubject.map((own) => mostTelling(own.flatMap(({ most }) => most)))
  const [users, groups] = await Promise.all([
    usersOf(engine, detector, kind, shown.flat(), options),
    engine.rows<{ entity: string; name: string; members: number }>(
      sql`SELECT entity, any(peers) AS name, any(g.members) AS members FROM ${id(peerGroups.name)} AS g WHERE kind IN ('', ${kind}) AND has(${subjects.map(({ entity }) => (entity[0] ?? '').toLowerCase())}, entity) GROUP BY entity`,
      options,
    ),
  ])
  return subjects.map(({ entity }, i): Touched[] => {
    const group = groups.find((one) => one.entity === (entity[0] ?? '').toLowerCase())
    const peers = { name: group?.name ?? '', members: group?.members ?? 0 }
    const columns = columnsOf[kind]
    return [
      {
        kind: 'touched',
        peers,
        kinds: columns.flatMap((column, place) => {
          const own = bySubject[i]?.find((one) => one.place === place + 1)
          return own === undefined ? [] : [{ column, values: own.values, fresh: own.fresh }]
        }),
        edges: (shown[i] ?? []).map(({ place, value, events, before }) => {
          const have = users.filter((one) => one.place === place && one.value === value)
          const all = have.reduce((sum, one) => sum + one.users, 0) - 1
          const alike =
            peers.name === '' ? all : (have.find((one) => one.peers === peers.name)?.users ?? 1) - 1
          return {
            column: columns[place - 1] ?? '',
            value: addressText(value),
            events,
            before,
            peers: alike,
            others: peers.name === '' ? all : all - alike,
          }
        }),
      },
    ]
  })
}
