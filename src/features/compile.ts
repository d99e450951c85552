/**
 * Features → SQL: one row for each entity and window.
 *
 * What needs to know every value's history (first seen by whom, by how many) reads it from a small table that is made
 * once for all windows of a detector ({@link historyOf}); the rest is one aggregation over `events`.
 *
 * @module
 */
import { columnOf, type EntityColumn, type EventColumn } from '../schema/columns.ts'
import type { Table } from '../schema/tables.ts'
import { bound, id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import type { Feature, Measure } from './feature.ts'
import type { Filter } from './filter.ts'

/** What to measure of whom. */
export interface FeatureSet {
  /** Which events count at all; it names the category. */
  readonly from: Filter
  readonly entity: readonly EntityColumn[]
  readonly features: Readonly<Record<string, Feature>>
  /** Windows with fewer events are not judged. */
  readonly minEvents: number
}

/** Half open: from `fromMs` on, before `toMs`; ms since 1970, UTC. */
export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

/** A value history: a table to create, and the statement that fills it. */
export interface History {
  readonly table: Table
  readonly fill: Sql
}

export const featureColumn = (name: string): string => `f_${name}`
export const entityColumn = (index: number): string => `e${index}`

const entityType = (column: EntityColumn): string => (columnOf(column).type === 'ip' ? 'IPv6' : 'String')

const entityColumns = (set: FeatureSet): Sql[] => set.entity.map((_, i) => id(entityColumn(i)))

const selectEntity = (set: FeatureSet): Sql =>
  join(set.entity.map((column, i) => sql`${entityValue(column)} AS ${id(entityColumn(i))}`))

/** LowCardinality keys would be a type of their own in every table made from them. */
const entityValue = (column: EntityColumn): Sql =>
  columnOf(column).type === 'keyword' ? sql`toString(${id(column)})` : id(column)

const timeCondition = (range: TimeRange): Sql =>
  sql`timestamp >= fromUnixTimestamp64Milli(${range.fromMs}, 'UTC') AND timestamp < fromUnixTimestamp64Milli(${range.toMs}, 'UTC')`

/** The events of a feature set whose entity is known. */
const eventsWhere = (set: FeatureSet, range: TimeRange): Sql => {
  const known = set.entity.map((column) => filterSql({ [column]: { kind: 'present' } }))
  return join([filterSql(set.from), timeCondition(range), ...known], ' AND ')
}

const measureSql = (measure: Measure): Sql => {
  if (typeof measure === 'string') return id(measure)
  if (measure.kind === 'length') return sql`length(${id(measure.of)})`
  return sql`length(splitByString(${measure.separator}, ${id(measure.of)}))`
}

const valueHash = (columns: readonly EventColumn[]): Sql => sql`cityHash64(${join(columns.map(id))})`

// --- value histories -------------------------------------------------------------------------------------------------

type HistoryFeature = Extract<Feature, { kind: 'firstSeen' | 'neverSeen' | 'rarity' | 'popularity' }>

const isHistoryFeature = (feature: Feature): feature is HistoryFeature =>
  feature.kind === 'firstSeen' ||
  feature.kind === 'neverSeen' ||
  feature.kind === 'rarity' ||
  feature.kind === 'popularity'

const valueColumns = (feature: HistoryFeature): readonly EventColumn[] =>
  typeof feature.of === 'string' ? [feature.of] : feature.of

/** Features that can share a history have the same key. */
const historyKey = (feature: HistoryFeature): string => {
  const own =
    feature.kind === 'firstSeen' ? 'own' : feature.kind === 'popularity' ? `by ${feature.by}` : 'all'
  return `${own} ${valueColumns(feature).join('+')} ${JSON.stringify(feature.where)}`
}

const historyKeys = (set: FeatureSet): string[] => [
  ...new Set(Object.values(set.features).filter(isHistoryFeature).map(historyKey)),
]

const historyTable = (set: FeatureSet, prefix: string, feature: HistoryFeature): Table => {
  const name = `${prefix}_values_${historyKeys(set).indexOf(historyKey(feature))}`
  return {
    name,
    columns: [
      { name: 'value', type: 'UInt64' },
      ...set.entity.map((column, i) => ({ name: entityColumn(i), type: entityType(column) })),
      { name: 'first', type: "DateTime64(3, 'UTC')" },
      { name: 'entities', type: 'UInt64' },
    ],
    orderBy: ['value'],
    shardBy: 'value',
  }
}

/**
 * The value histories a feature set needs. One row a value: when it was first seen, by which entity (the smallest where
 * several were first at once), and by how many it was ever used. For `firstSeen` one row a value and entity.
 */
export const historyOf = (set: FeatureSet, prefix: string, range: TimeRange): History[] => {
  const features = Object.values(set.features).filter(isHistoryFeature)
  return historyKeys(set).flatMap((key) => {
    const feature = features.find((candidate) => historyKey(candidate) === key)
    if (feature === undefined) return []
    const table = historyTable(set, prefix, feature)
    const who = join(set.entity.map(entityValue))
    const value = sql`${valueHash(valueColumns(feature))} AS value`
    const where = join([eventsWhere(set, range), filterSql(feature.where)], ' AND ')
    const counted = feature.kind === 'popularity' ? entityValue(feature.by) : who
    const firsts = set.entity.map(
      (column, i) => sql`argMin(${entityValue(column)}, (timestamp, ${who})) AS ${id(entityColumn(i))}`,
    )
    const select =
      feature.kind === 'firstSeen'
        ? sql`SELECT ${value}, ${selectEntity(set)}, min(timestamp) AS first, 1 AS entities FROM events WHERE ${where} GROUP BY value, ${join(entityColumns(set))}`
        : sql`SELECT ${value}, ${join(firsts)}, min(timestamp) AS first, uniq(${counted}) AS entities FROM events WHERE ${where} GROUP BY value`
    const names = join(table.columns.map((column) => id(column.name)))
    return [{ table, fill: sql`INSERT INTO ${id(table.name)} (${names}) ${select}` }]
  })
}

// --- aggregations ----------------------------------------------------------------------------------------------------

interface Setting {
  readonly set: FeatureSet
  readonly prefix: string
  readonly range: TimeRange
  readonly windowSeconds: number
}

const windowStart = (at: Sql, seconds: number): Sql =>
  sql`toStartOfInterval(${at}, toIntervalSecond(${seconds}), 'UTC')`

/** Sums of fractions are made in whole thousandths: the order in which threads add must not show. */
const exactMean = (of: Sql, condition: Sql): Sql =>
  sql`sumIf(toInt64(round(${of} * 1000)), ${condition}) / greatest(countIf(${condition}), 1) / 1000`

const gapStatistic = (statistic: 'median' | 'regularity', condition: Sql): Sql => {
  const times = sql`groupArraySortedIf(1000)(toUnixTimestamp64Milli(timestamp), ${condition})`
  const gaps = sql`arrayPopFront(arrayDifference(${times}))`
  const median = sql`arrayElementOrNull(arraySort(${gaps}), intDiv(length(${gaps}) + 1, 2))`
  if (statistic === 'median') return sql`ifNull(${median} / 1000, 0)`
  // Fewer than five gaps say nothing of a rhythm.
  return sql`if(length(${gaps}) < 5, 0, arrayCount(g -> g BETWEEN 0.4 * assumeNotNull(${median}) AND 1.6 * assumeNotNull(${median}), ${gaps}) / length(${gaps}))`
}

const joinedHistory = (setting: Setting, feature: HistoryFeature): Sql =>
  id(`${historyTable(setting.set, setting.prefix, feature).name}_entities`)

/** The aggregate of one feature; null for features that are not made from events directly. */
const aggregate = (feature: Feature, setting: Setting): Sql | null => {
  switch (feature.kind) {
    case 'count':
      return sql`sumIf(event_repeats, ${filterSql(feature.where)})`
    case 'share':
      return sql`countIf(${filterSql(feature.where)}) / count()`
    case 'sum':
      return sql`sumIf(${measureSql(feature.of)}, ${filterSql(feature.where)})`
    case 'max':
    case 'min':
      return sql`${raw(feature.kind)}If(${measureSql(feature.of)}, ${filterSql(feature.where)})`
    case 'mean':
      return exactMean(measureSql(feature.of), filterSql(feature.where))
    case 'distinct':
      return sql`uniqIf((${join(feature.of.map(id))}), ${filterSql(feature.where)})`
    case 'entropy':
      return sql`round(ifNotFinite(entropyIf(${id(feature.of)}, ${filterSql(feature.where)}), 0), 6)`
    case 'quantile':
      return sql`round(ifNotFinite(quantileDDIf(0.01, ${bound('Float64', feature.level)})(${measureSql(feature.of)}, ${filterSql(feature.where)}), 0), 3)`
    case 'gaps':
      return gapStatistic(feature.statistic, filterSql(feature.where))
    case 'rarity': {
      const entities = sql`(SELECT uniq(${join(setting.set.entity.map(entityValue))}) FROM events WHERE ${eventsWhere(setting.set, setting.range)})`
      const bits = sql`round(log2(greatest(${entities}, 1) / greatest(${joinedHistory(setting, feature)}, 1)), 3)`
      const condition = filterSql(feature.where)
      return feature.statistic === 'max' ? sql`maxIf(${bits}, ${condition})` : exactMean(bits, condition)
    }
    case 'popularity': {
      const all = sql`(SELECT uniq(${entityValue(feature.by)}) FROM events WHERE ${eventsWhere(setting.set, setting.range)})`
      const others = sql`greatest(${joinedHistory(setting, feature)}, 1) - 1`
      return sql`greatest(maxIf((${others}) / greatest(${all} - 1, 1), ${filterSql(feature.where)}), ${bound('Float64', feature.floor)})`
    }
    case 'countBefore': {
      const pair = sql`(toUnixTimestamp64Milli(timestamp), event_repeats)`
      const before = sql`groupArraySortedIf(10000)(${pair}, ${filterSql(feature.where)})`
      const last = sql`maxIf(toUnixTimestamp64Milli(timestamp), ${filterSql(feature.until)})`
      return sql`arraySum(e -> e.2, arrayFilter(e -> e.1 <= ${last}, ${before}))`
    }
    case 'firstSeen':
    case 'neverSeen':
    case 'ratio':
    case 'rate':
    case 'prior':
      return null
  }
}

/** How many values an entity was the first to have, by the window in which that was. */
const firstsSubquery = (feature: HistoryFeature, setting: Setting): Sql => {
  const table = historyTable(setting.set, setting.prefix, feature)
  const keys = join(entityColumns(setting.set))
  return sql`(SELECT ${keys}, ${windowStart(raw('first'), setting.windowSeconds)} AS window, count() AS firsts FROM ${id(table.name)} GROUP BY ${keys}, window)`
}

const derived = (name: string, feature: Feature, setting: Setting): Sql => {
  const column = (of: string): Sql => id(featureColumn(of))
  switch (feature.kind) {
    case 'ratio':
      return sql`if(${column(feature.over)} = 0, 0, ${column(feature.of)} / ${column(feature.over)})`
    case 'rate':
      return sql`${column(feature.of)} / greatest(toUnixTimestamp64Milli(last) - toUnixTimestamp64Milli(first), 1000) * 1000`
    case 'prior': {
      const by = join(feature.by.map((part) => id(entityColumn(setting.set.entity.indexOf(part)))))
      return sql`sum(${column(feature.of)}) OVER (PARTITION BY ${by} ORDER BY toInt64(toUnixTimestamp(window)) RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`
    }
    default:
      return column(name)
  }
}

/** Event-level joins: each event gets how many entities use its value. */
const historyJoins = (setting: Setting, features: readonly HistoryFeature[]): Sql => {
  const seen = new Set<string>()
  const joins = features.flatMap((feature) => {
    const { name } = historyTable(setting.set, setting.prefix, feature)
    if (seen.has(name)) return []
    seen.add(name)
    const right = sql`(SELECT value AS ${id(`${name}_value`)}, entities AS ${id(`${name}_entities`)} FROM ${id(name)})`
    return [
      sql` GLOBAL ANY LEFT JOIN ${right} AS ${id(name)} ON ${valueHash(valueColumns(feature))} = ${id(`${name}_value`)}`,
    ]
  })
  return join(joins, '')
}

/**
 * Most windows have too few events to be judged. Finding the others first, by counting alone, spares the costly features
 * of all the rest.
 */
const enoughEvents = (setting: Setting): Sql => {
  const { set, range, windowSeconds } = setting
  if (set.minEvents <= 1) return raw('')
  const keys = join([...set.entity.map(entityValue), windowStart(raw('timestamp'), windowSeconds)])
  return sql` AND (${keys}) GLOBAL IN (SELECT ${keys} FROM events WHERE ${eventsWhere(set, range)} GROUP BY ${keys} HAVING sum(event_repeats) >= ${set.minEvents})`
}

const named = (entries: readonly (readonly [string, Sql])[]): Sql[] =>
  entries.map(([name, expression]) => sql`toFloat64(${expression}) AS ${id(featureColumn(name))}`)

/**
 * One row for each entity and window with enough events: its parts `e0`, `e1` …, `window` (its start), `first` and
 * `last` (its events' times), `events`, and a `Float64` column `f_<name>` for each feature.
 *
 * @param prefix names the tables of {@link historyOf}, which must be filled
 */
export const compileWindows = (
  set: FeatureSet,
  windowSeconds: number,
  range: TimeRange,
  prefix: string,
): Sql => {
  const setting: Setting = { set, prefix, range, windowSeconds }
  const entries = Object.entries(set.features)
  const direct = entries.flatMap(([name, feature]) => {
    const expression = aggregate(feature, setting)
    return expression === null ? [] : [[name, expression] as const]
  })
  const keys = entityColumns(set)
  const valued = entries
    .map(([, feature]) => feature)
    .filter((feature) => feature.kind === 'rarity' || feature.kind === 'popularity')
  const aggregated = sql`(SELECT ${selectEntity(set)}, ${windowStart(raw('timestamp'), windowSeconds)} AS window, min(timestamp) AS first, max(timestamp) AS last, sum(event_repeats) AS events${direct.length === 0 ? raw('') : sql`, ${join(named(direct))}`} FROM events${historyJoins(setting, valued)} WHERE ${eventsWhere(set, range)}${enoughEvents(setting)} GROUP BY ${join(keys)}, window)`

  const firsts = entries.filter(([, feature]) => feature.kind === 'firstSeen' || feature.kind === 'neverSeen')
  const withFirsts = firsts.reduce((below, [name, feature]) => {
    if (!isHistoryFeature(feature)) return below
    const on = join([...keys, raw('window')])
    return sql`(SELECT l.*, toFloat64(firsts) AS ${id(featureColumn(name))} FROM ${below} AS l GLOBAL ANY LEFT JOIN ${firstsSubquery(feature, setting)} AS r USING (${on}))`
  }, aggregated)

  const layer = (below: Sql, kinds: readonly Feature['kind'][]): Sql => {
    const added = entries.filter(([, feature]) => kinds.includes(feature.kind))
    if (added.length === 0) return below
    return sql`(SELECT *, ${join(named(added.map(([name, feature]) => [name, derived(name, feature, setting)] as const)))} FROM ${below})`
  }
  const complete = layer(layer(withFirsts, ['ratio', 'rate']), ['prior'])
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
  orderBy: ['window'],
  shardBy: `cityHash64(${set.entity.map((_, i) => entityColumn(i)).join(', ')})`,
})
