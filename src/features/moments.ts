/**
 * What is told by comparing a moment with all that came before it: a value that somebody has for the first time, an hour
 * somebody is never seen at, a journey that nobody can make. Each kind makes a small table of moments once for all windows of
 * a detector; a window has the strangest moment in it.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import {
  entityColumn,
  entityColumns,
  entityType,
  featureColumn,
  windowStart,
  type FeatureSet,
  type Study,
} from './feature-set.ts'
import type { Feature } from './feature.ts'
import type { Filled } from './history.ts'
import type { MomentFeature, Moments } from './moment-feature.ts'
import { newcomerMoments } from './newcomers.ts'
import { travelMoments } from './travel.ts'
import { hourMoments } from './unusual-hours.ts'

const isMomentFeature = (feature: Feature): feature is MomentFeature =>
  feature.kind === 'newcomer' || feature.kind === 'unusualHour' || feature.kind === 'travel'

const momentsOf = (study: Study, feature: MomentFeature): Moments => {
  switch (feature.kind) {
    case 'newcomer':
      return newcomerMoments(study, feature)
    case 'unusualHour':
      return hourMoments(study, feature)
    case 'travel':
      return travelMoments(study, feature)
  }
}

/** Features that can share a table have the same key. */
const keyOf = (feature: MomentFeature): string => JSON.stringify({ ...feature, statistic: null })

const entriesOf = (set: FeatureSet): (readonly [string, MomentFeature])[] =>
  Object.entries(set.features).flatMap(([name, feature]) =>
    isMomentFeature(feature) ? [[name, feature] as const] : [],
  )

const keysOf = (set: FeatureSet): string[] => [
  ...new Set(entriesOf(set).map(([, feature]) => keyOf(feature))),
]

const tableOf = ({ set, prefix }: Study, key: number, numbers: readonly string[]): Table => ({
  name: `${prefix}_moments_${key}`,
  columns: [
    ...set.entity.map((column, i) => ({ name: entityColumn(i), type: entityType(column) })),
    { name: 'at', type: 'Int64' },
    ...numbers.map((name) => ({ name, type: 'Float64' })),
  ],
  orderBy: [],
  shardBy: `cityHash64(${set.entity.map((_, i) => entityColumn(i)).join(', ')})`,
})

const sharedMoments = (study: Study) =>
  keysOf(study.set).flatMap((key, i) => {
    const entries = entriesOf(study.set).filter(([, feature]) => keyOf(feature) === key)
    const [first] = entries
    if (first === undefined) return []
    const moments = momentsOf(study, first[1])
    return [{ entries, moments, table: tableOf(study, i, moments.numbers) }]
  })

/** The tables of moments a feature set needs. */
export const momentTables = (study: Study): Filled[] =>
  sharedMoments(study).map(({ moments, table }) => {
    const names = join(table.columns.map(({ name }) => id(name)))
    return {
      table,
      fill: sql`INSERT INTO ${id(table.name)} (${names}) SELECT ${names} FROM (${moments.select})`,
    }
  })

/** Adds the features that tell of moments to windows; 0 where a window has none. */
export const withMoments = (below: Sql, study: Study, seconds: number): Sql =>
  sharedMoments(study).reduce((from, { entries, moments, table }) => {
    const keys = entityColumns(study.set)
    const numbers = moments.numbers.map((name) => id(name))
    const [strangeness = raw('0')] = numbers
    const best = id(`${table.name}_best`)
    const many = id(`${table.name}_many`)
    const start = windowStart(sql`fromUnixTimestamp64Milli(at, 'UTC')`, seconds)
    // Ties go to the earliest moment.
    const right = sql`(SELECT ${join(keys)}, ${start} AS window, argMax((${join([...numbers, raw('at')])}), (${join([strangeness, raw('-at'), ...numbers])})) AS ${best}, count() AS ${many} FROM ${id(table.name)} GROUP BY ${join(keys)}, window)`
    const features = entries.map(([name, { statistic }]) => {
      const place = moments.numbers.indexOf(statistic)
      const value = place < 0 ? many : sql`tupleElement(${best}, ${raw(String(place + 1))})`
      return sql`toFloat64(${value}) AS ${id(featureColumn(name))}`
    })
    return sql`(SELECT w.*, ${join(features)} FROM ${from} AS w GLOBAL ANY LEFT JOIN ${right} AS ${id(table.name)} USING (${join([...keys, raw('window')])}))`
  }, below)
