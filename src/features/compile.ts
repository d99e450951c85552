/**
 * Features → SQL: one row for each entity and window.
 *
 * Three steps: value histories (`history.ts`), what each event contributes and what that adds up to over short windows (`tallies.ts`), and here the sums by window.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { comparisonSql } from './compile-filter.ts'
import { compileFeatures } from './tallies.ts'
import { madeOf, type Feature } from './feature.ts'
import {
  entityColumn,
  entityColumns,
  entityType,
  entityValue,
  eventsWhere,
  featureColumn,
  selectEntity,
  windowStart,
  type FeatureSet,
  type Study,
} from './feature-set.ts'
import { withMoments } from './moments.ts'
import { withEntityHistories } from './of-entity.ts'
import { isPast } from './past-feature.ts'
import { pastSql } from './past.ts'
import { withPaths } from './paths.ts'
import { peersOf, unlikeFirsts, withPeers } from './peers.ts'
import { rhythmArrays, withRhythms } from './rhythm.ts'
import { withRisks } from './risk.ts'
import { historyTable, isHistoryFeature, type HistoryFeature } from './history.ts'
import { setsApart, withTaught } from './taught.ts'

/** Which windows to measure. */
export interface WindowQuery {
  readonly seconds: number
  /** Windows with fewer events are not judged. */
  readonly minEvents: number
  /** The table of tallies. */
  readonly tallies: Sql
  /** How long the short windows of the tallies are: they divide these. */
  readonly tallySeconds: number
  /** Whether a short window may have several rows of tallies: it was added to. Default false. */
  readonly inParts?: boolean
}

/** How many values an entity was the first to have, by the window in which that was. */
const firstsSubquery = (feature: HistoryFeature, study: Study, seconds: number): Sql => {
  const keys = join(entityColumns(study.set))
  if (feature.kind === 'firstSeen' && feature.unlike !== undefined)
    return unlikeFirsts(feature, study, windowStart(raw('first'), seconds))
  return sql`(SELECT ${keys}, ${windowStart(raw('first'), seconds)} AS window, ${raw(feature.kind === 'neverSeen' && feature.sum !== undefined ? 'sum(size)' : 'count()')} AS firsts FROM ${id(historyTable(study, feature).name)} GROUP BY ${keys}, window)`
}

/** How many events each entity of the tallies has that match a filter, at any time. */
const elsewhereSubquery = (
  study: Study,
  { where, as }: Extract<Feature, { kind: 'elsewhere' }>,
  tallies: Sql,
): Sql => {
  const keys = join(entityColumns(study.set))
  const entity = as === undefined ? study.set.entity : [as]
  const all: Study = { ...study, set: { ...study.set, from: where, entity } }
  const who = join(entity.map(entityValue))
  return sql`(SELECT ${selectEntity(all.set)}, sum(event_repeats) AS matching FROM events WHERE ${eventsWhere(all)} AND (${who}) GLOBAL IN (SELECT ${keys} FROM ${tallies}) GROUP BY ${keys})`
}

/** @param taught whether the windows say if they may be learned from */
const derived = (name: string, feature: Feature, study: Study, taught: boolean): Sql => {
  if (isPast(feature)) return pastSql(feature, study, taught)
  const column = (of: string): Sql => id(featureColumn(of))
  switch (feature.kind) {
    case 'ratio':
      return feature.plus === undefined
        ? sql`if(${column(feature.over)} = 0, 0, ${column(feature.of)} / ${column(feature.over)})`
        : sql`${column(feature.of)} / (${column(feature.over)} + ${feature.plus})`
    case 'largest':
      return sql`arrayMax([${join(feature.of.map(column))}])`
    case 'given': {
      const holds = Object.entries(feature.when).map(([other, comparison]) =>
        comparison === undefined ? raw('1') : comparisonSql(column(other), comparison),
      )
      return sql`if(${join([raw('1'), ...holds], ' AND ')}, ${join(feature.of.map(column), ' + ')}, 0)`
    }
    case 'rate':
      return sql`${column(feature.of)} / greatest(toUnixTimestamp64Milli(last) - toUnixTimestamp64Milli(first), 1000) * 1000`
    case 'prior':
    case 'sofar': {
      const until = raw(feature.kind === 'prior' ? '1 PRECEDING' : 'CURRENT ROW')
      const by = join(feature.by.map((part) => id(entityColumn(study.set.entity.indexOf(part)))))
      const over = sql`OVER (PARTITION BY ${by} ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND ${until})`
      if (!taught) return sql`sum(${column(feature.of)}) ${over}`
      // What is happening counts, whether it is to be remembered or not.
      const now = feature.kind === 'sofar' ? sql` + ${column(feature.of)} * (1 - taught)` : raw('')
      return sql`sum(${column(feature.of)} * taught) ${over}${now}`
    }
    default:
      return column(name)
  }
}

/** The features that are made of others, each in a layer above what it is made of. */
const layersOf = (set: FeatureSet): [string, Feature][][] => {
  const layers: [string, Feature][][] = []
  let waiting = Object.entries(set.features).filter(([, feature]) => madeOf(feature).length > 0)
  while (waiting.length > 0) {
    const names = new Set(waiting.map(([name]) => name))
    const layer = waiting.filter(([, feature]) => !madeOf(feature).some((name) => names.has(name)))
    if (layer.length === 0)
      throw new TypeError(`features that are made of each other: ${[...names].join(', ')}`)
    layers.push(layer)
    waiting = waiting.filter((entry) => !layer.includes(entry))
  }
  return layers
}

const named = (entries: readonly (readonly [string, Sql])[]): Sql[] =>
  entries.map(([name, expression]) => sql`toFloat64(${expression}) AS ${id(featureColumn(name))}`)

/**
 * One row for each entity and window with enough events: its parts `e0`, `e1` …, `window` (its start), `first` and
 * `last` (its events' times), `events`, and a `Float64` column `f_<name>` for each feature. The value histories and the
 * tallies must be filled.
 */
export const compileWindows = (study: Study, query: WindowQuery): Sql => {
  const { set } = study
  const { seconds, minEvents, tallies } = query
  const entries = Object.entries(set.features)
  const keys = entityColumns(set)
  const many = seconds !== query.tallySeconds || query.inParts === true
  const over = (aggregate: string, column: string): Sql =>
    raw(many ? `${aggregate}(t.${column}) AS ${column}` : `t.${column} AS ${column}`)
  const measured = [
    ...keys,
    sql`${windowStart(raw('t.start'), seconds)} AS window`,
    over('min', 'first'),
    over('max', 'last'),
    over('sum', 'events'),
    ...named(compileFeatures(study, seconds).values(many)),
    ...rhythmArrays(set, many),
  ]
  const grouped = many ? sql` GROUP BY ${join(keys)}, window HAVING` : raw(' WHERE')
  const aggregated = sql`(SELECT ${join(measured)} FROM ${tallies} AS t${grouped} events >= ${minEvents})`
  const place = { startMs: raw('toUnixTimestamp(window) * 1000'), lengthMs: sql`${seconds * 1000}` }
  const known = withPaths(
    withMoments(withEntityHistories(withRhythms(aggregated, set, place), study), study, seconds),
    study,
    seconds,
  )

  const judged = withRisks(known, study, seconds, query.tallySeconds)

  const withFirsts = entries.reduce((below, [name, feature]) => {
    if (!isHistoryFeature(feature) || (feature.kind !== 'firstSeen' && feature.kind !== 'neverSeen'))
      return below
    const on = join([...keys, raw('window')])
    return sql`(SELECT l.*, toFloat64(firsts) AS ${id(featureColumn(name))} FROM ${below} AS l GLOBAL ANY LEFT JOIN ${firstsSubquery(feature, study, seconds)} AS r USING (${on}))`
  }, judged)

  const withOthers = entries.reduce((below, [name, feature]) => {
    if (feature.kind !== 'elsewhere') return below
    return sql`(SELECT l.*, toFloat64(matching) AS ${id(featureColumn(name))} FROM ${below} AS l GLOBAL ANY LEFT JOIN ${elsewhereSubquery(study, feature, tallies)} AS r USING (${join(keys)}))`
  }, withFirsts)

  const apart = setsApart(study) && layersOf(set).length > 0
  const beside = peersOf(set) === null ? withOthers : withPeers(withOthers, set)
  const complete = layersOf(set).reduce(
    (below, layer) =>
      sql`(SELECT *, ${join(named(layer.map(([name, feature]) => [name, derived(name, feature, study, apart)] as const)))} FROM ${below})`,
    apart ? withTaught(beside, study, seconds) : beside,
  )
  const features = entries.map(([name]) => id(featureColumn(name)))
  return sql`SELECT ${join([...keys, raw('window'), raw('first'), raw('last'), raw('toUInt64(events) AS events'), ...features])} FROM ${complete}`
}

/** The table that {@link compileWindows} fills. */
export const windowsTable = (set: FeatureSet, name: string): Table => ({
  name,
  columns: [
    ...set.entity.map((column, i) => ({ name: entityColumn(i), type: entityType(column) })),
    { name: 'window', type: "DateTime('UTC')" },
    { name: 'first', type: "DateTime64(3, 'UTC')" },
    { name: 'last', type: "DateTime64(3, 'UTC')" },
    { name: 'events', type: 'UInt64' },
    ...Object.keys(set.features).map((feature) => ({ name: featureColumn(feature), type: 'Float64' })),
  ],
  orderBy: [],
  shardBy: `cityHash64(${set.entity.map((_, i) => entityColumn(i)).join(', ')})`,
})
