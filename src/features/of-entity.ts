/**
 * What the value histories say of an entity's own values. It is the same for all events of a window, and is looked up once
 * for each window instead of once for each event.
 *
 * @module
 */
import { columnOf } from '../schema/columns.ts'
import { bound, id, join, sql, type Sql } from '../sql/sql.ts'
import {
  countOf,
  entityColumn,
  entityValue,
  featureColumn,
  type FeatureSet,
  type Study,
} from './feature-set.ts'
import type { Feature } from './feature.ts'
import { historyTable, rowsByValue } from './history.ts'

type Popularity = Extract<Feature, { kind: 'popularity' }>
type OfValue = Popularity | Extract<Feature, { kind: 'age' }>

/** Whether a feature tells of a part of the entity, whatever its events. */
export const isOfEntity = (feature: OfValue, set: FeatureSet): boolean =>
  feature.kind === 'age' ||
  (Object.keys(feature.where).length === 0 && set.entity.some((column) => column === feature.of))

/** How popular a value is that so many use (`users`, at least 1). */
export const popularityOf = (feature: Popularity, study: Study, users: Sql): Sql => {
  const all = countOf(study, entityValue(feature.by))
  switch (feature.statistic) {
    case 'share':
      return sql`(${users} - 1) / greatest(${all} - 1, 1)`
    case 'count':
      return sql`${users} - 1`
    case 'without':
      return sql`greatest(toInt64(${all}) - toInt64(${users}), 0)`
  }
}

const ofValue = (feature: OfValue, study: Study, users: Sql, first: Sql): Sql => {
  if (feature.kind === 'popularity')
    return sql`greatest(toFloat64(${popularityOf(feature, study, users)}), ${bound('Float64', feature.floor)})`
  return feature.statistic === 'known'
    ? sql`greatest(toUnixTimestamp64Milli(last) - ${first}, 0) / 86400000`
    : sql`greatest(${first} - ${study.range.fromMs}, 0) / 86400000`
}

/** Adds the features of the entity's own values to windows. */
export const withEntityHistories = (below: Sql, study: Study): Sql => {
  const { set } = study
  const entries = Object.entries(set.features).flatMap(([name, feature]) =>
    (feature.kind === 'popularity' || feature.kind === 'age') && isOfEntity(feature, set)
      ? [[name, feature] as const]
      : [],
  )
  const tables = new Map(entries.map(([, feature]) => [historyTable(study, feature).name, feature] as const))
  return [...tables].reduce((from, [table, one]) => {
    const column = (name: string): Sql => id(`${table}_${name}`)
    const users = sql`greatest(${column('entities')}, 1)`
    const first = sql`toUnixTimestamp64Milli(${column('first')})`
    const features = entries
      .filter(([, feature]) => historyTable(study, feature).name === table)
      .map(
        ([name, feature]) =>
          sql`toFloat64(${ofValue(feature, study, users, first)}) AS ${id(featureColumn(name))}`,
      )
    const value = id(entityColumn(set.entity.findIndex((part) => part === one.of)))
    const right = sql`(SELECT value AS ${column('value')}, entities AS ${column('entities')}, first AS ${column('first')} FROM ${rowsByValue(study, table)})`
    // Ports are texts in an entity, and numbers in their history.
    const valueOf = columnOf(one.of).type === 'port' ? sql`toUInt16OrZero(w.${value})` : sql`w.${value}`
    return sql`(SELECT w.*, ${join(features)} FROM ${from} AS w GLOBAL ANY LEFT JOIN ${right} AS ${id(table)} ON cityHash64(${valueOf}) = ${column('value')})`
  }, below)
}
