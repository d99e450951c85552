/**
 * Value histories: for each value of a column, when it was first seen, by whom, and by how many it was ever used. Small
 * tables, made once for all windows of a detector.
 *
 * @module
 */
import type { EventColumn } from '../schema/columns.ts'
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import type { Feature } from './feature.ts'
import { measureSql } from './measure.ts'
import {
  entityColumn,
  entityColumns,
  entityType,
  entityValue,
  eventsWhere,
  selectEntity,
  type FeatureSet,
  type Study,
} from './feature-set.ts'
import { inPeriods, isApart, setsApart } from './taught.ts'

/** A working table and the statement that fills it. */
export interface Filled {
  readonly table: Table
  readonly fill: Sql
}

/** A value history, and how to add to it what new events bring. */
export interface FilledHistory extends Filled {
  /** `INSERT … SELECT` of the values that are not in the table yet. */
  readonly add: Sql
}

export type HistoryFeature = Extract<
  Feature,
  { kind: 'firstSeen' | 'neverSeen' | 'rarity' | 'popularity' | 'age' }
>

export const isHistoryFeature = (feature: Feature): feature is HistoryFeature =>
  feature.kind === 'firstSeen' ||
  feature.kind === 'neverSeen' ||
  feature.kind === 'rarity' ||
  feature.kind === 'popularity' ||
  feature.kind === 'age'

export const valueColumns = (feature: HistoryFeature): readonly EventColumn[] =>
  typeof feature.of === 'string' ? [feature.of] : feature.of

/** Names are the same in any case, and some resolvers write them in a random one. */
const valueSql = (column: EventColumn): Sql =>
  column === 'dns_question_name' ? sql`trimRight(lower(${id(column)}), '.')` : id(column)

export const valueHash = (columns: readonly EventColumn[]): Sql =>
  sql`cityHash64(${join(columns.map(valueSql))})`

/** Features that can share a history have the same key. */
const historyKey = (feature: HistoryFeature): string => {
  const size = feature.kind === 'neverSeen' && feature.sum !== undefined ? JSON.stringify(feature.sum) : ''
  const own = feature.kind === 'firstSeen' ? 'own' : 'by' in feature ? `by ${feature.by}` : 'all'
  return `${own} ${valueColumns(feature).join('+')} ${JSON.stringify(feature.where)} ${size}`
}

const historyKeys = (set: FeatureSet): string[] => [
  ...new Set(Object.values(set.features).filter(isHistoryFeature).map(historyKey)),
]

export const historyTable = (study: Study, feature: HistoryFeature): Table => ({
  name: `${study.prefix}_values_${historyKeys(study.set).indexOf(historyKey(feature))}`,
  columns: [
    { name: 'value', type: 'UInt64' },
    ...study.set.entity.map((column, i) => ({ name: entityColumn(i), type: entityType(column) })),
    { name: 'first', type: "DateTime64(3, 'UTC')" },
    { name: 'entities', type: 'UInt64' },
    // What the value measures, where that is asked for.
    { name: 'size', type: 'Float64' },
    ...(setsApart(study) ? [{ name: 'apart', type: 'UInt8' }] : []),
  ],
  orderBy: ['value'],
  shardBy: 'value',
})

/**
 * The first to use a value: by time, then whoever asked inside (a name server passes a question on within the same
 * millisecond), then by a hash of the entity. One number compares fast.
 */
const firstUse = (who: Sql): Sql =>
  sql`bitShiftLeft(toUInt128(toUnixTimestamp64Milli(timestamp)) * 2 + (network_direction = 'outbound'), 64) + cityHash64(${who})`

/**
 * The value histories a feature set needs: one row a value; for `firstSeen` one row a value and entity. How many entities
 * use a value is exact for some thousands, and within 2 % beyond.
 */
export const historiesOf = (study: Study): FilledHistory[] => {
  const { set } = study
  const features = Object.values(set.features).filter(isHistoryFeature)
  return historyKeys(set).flatMap((key) => {
    const feature = features.find((candidate) => historyKey(candidate) === key)
    if (feature === undefined) return []
    const table = historyTable(study, feature)
    const who = join(set.entity.map(entityValue))
    const value = sql`${valueHash(valueColumns(feature))} AS value`
    const where = join([eventsWhere(study), filterSql(feature.where)], ' AND ')
    const counted = 'by' in feature ? entityValue(feature.by) : who
    const firsts = set.entity.map(
      (column, i) => sql`argMin(${entityValue(column)}, ${firstUse(who)}) AS ${id(entityColumn(i))}`,
    )
    const size =
      feature.kind === 'neverSeen' && feature.sum !== undefined
        ? sql`toFloat64(max(${measureSql(feature.sum)}))`
        : raw('0.')
    const own = feature.kind === 'firstSeen'
    const keys = join([raw('value'), ...(own ? entityColumns(set) : [])])
    const columns = own
      ? sql`${value}, ${selectEntity(set)}, min(timestamp) AS first, 1 AS entities, 0. AS size`
      : sql`${value}, ${join(firsts)}, min(timestamp) AS first, uniqCombined(12)(${counted}) AS entities, ${size} AS size`
    const select = setsApart(study)
      ? firstWithApart(columns, keys, where, study)
      : sql`SELECT ${columns} FROM events WHERE ${where} GROUP BY ${keys}`
    const names = join(table.columns.map((column) => id(column.name)))
    const fill = sql`INSERT INTO ${id(table.name)} (${names}) ${select}`
    const unknown = (among: Sql): Sql =>
      sql`(${keys}) GLOBAL NOT IN (SELECT ${keys} FROM ${id(table.name)} WHERE ${among})`
    // What was known only where something is set apart is as new as before.
    const fresh = setsApart(study)
      ? sql`${unknown(raw('apart = 0'))} AND (apart = 0 OR ${unknown(raw('1'))})`
      : unknown(raw('1'))
    return [
      {
        table,
        fill,
        add: sql`INSERT INTO ${id(table.name)} (${names}) SELECT * FROM (${select}) WHERE ${fresh}`,
      },
    ]
  })
}

/**
 * A value that turns up where something is set apart is new there, if nobody had it before, and new again afterwards: two rows, of
 * which the other is `apart`: 1 for what an earlier hunt found, 2 for periods.
 */
const firstWithApart = (columns: Sql, keys: Sql, where: Sql, study: Study): Sql => {
  const ms = raw('toUnixTimestamp64Milli(timestamp)')
  const apart = sql`if(${inPeriods(study, ms)}, 2, ${isApart(study, ms)})`
  const both = sql`SELECT ${columns}, toUInt8(${apart}) AS apart FROM events WHERE ${where} GROUP BY ${keys}, apart`
  return sql`SELECT * EXCEPT (earliest) FROM (SELECT *, min(first) OVER (PARTITION BY ${keys}) AS earliest FROM (${both})) WHERE apart = 0 OR first = earliest`
}

/**
 * The rows of a value history, one a value: by what is learned from, where it was seen there. How old a value is, is a fact, found or
 * not: outside of periods that is.
 */
export const rowsByValue = (study: Study, table: string): Sql =>
  setsApart(study)
    ? sql`(SELECT value, if(countIf(apart = 0) > 0, maxIf(entities, apart = 0), 1) AS entities, if(countIf(apart < 2) > 0, minIf(first, apart < 2), min(first)) AS first FROM ${id(table)} GROUP BY value)`
    : id(table)
