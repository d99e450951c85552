/**
 * Values of a kind that few entities ever have: pages that hardly anybody reads.
 *
 * @module
 */
import type { EventColumn } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import { entityValue, eventsWhere, type Study } from './feature-set.ts'
import type { Filter } from './filter.ts'
import type { Filled } from './history.ts'

/**
 * How many different values of a column, of kinds that at most so many entities ever have. Values that differ in digits and the letters
 * a to f only are of one kind: `/orders/1042` is an order, and so is the next, whoever's it is.
 */
export interface SeldomFeature {
  readonly kind: 'seldom'
  readonly of: EventColumn
  readonly most: number
  readonly where: Filter
}

/** @param options `most`: how many entities may have values of that kind, itself among them */
export const seldom = (
  of: EventColumn,
  options: { readonly most: number },
  where: Filter = {},
): SeldomFeature => ({ kind: 'seldom', of, most: options.most, where })

/** How many days of the data lie before the window: on the first day everything is new. */
export interface ElapsedFeature {
  readonly kind: 'elapsed'
}

export const elapsed = (): ElapsedFeature => ({ kind: 'elapsed' })

export const daysSinceStart = ({ range }: Study): Sql =>
  sql`(toUnixTimestamp(window) - ${Math.floor(range.fromMs / 1000)}) / 86400`

const keyOf = ({ of, most, where }: SeldomFeature): string => JSON.stringify([of, most, where])

/** One for each table that is needed. */
const featuresOf = (study: Study): SeldomFeature[] => {
  const features = Object.values(study.set.features).filter((feature) => feature.kind === 'seldom')
  return [...new Map(features.map((feature) => [keyOf(feature), feature])).values()]
}

const tableName = (study: Study, feature: SeldomFeature): string =>
  `${study.prefix}_seldom_${featuresOf(study).map(keyOf).indexOf(keyOf(feature))}`

const identifiers = '0123456789abcdefABCDEF'

const kindHash = (of: EventColumn): Sql =>
  sql`cityHash64(translate(${id(of)}, ${identifiers}, ${'0'.repeat(identifiers.length)}))`

/** Tables of such kinds, by their hash. */
export const seldomTables = (study: Study): Filled[] =>
  featuresOf(study).map((feature) => {
    const name = tableName(study, feature)
    const where = join([eventsWhere(study), filterSql(feature.where)], ' AND ')
    const who = join(study.set.entity.map(entityValue))
    // Part of the function's name: bound, it has another type in what each node of a cluster sends than in what is asked.
    const most = raw(String(Math.trunc(feature.most)))
    return {
      table: { name, columns: [{ name: 'value', type: 'UInt64' }], orderBy: ['value'], shardBy: 'value' },
      fill: sql`INSERT INTO ${id(name)} (value) SELECT ${kindHash(feature.of)} AS value FROM events WHERE ${where} GROUP BY value HAVING uniqUpTo(${most})(${who}) <= ${most}`,
    }
  })

/** Whether an event's value is of one of them. */
export const isSeldom = (study: Study, feature: SeldomFeature): Sql =>
  sql`${kindHash(feature.of)} GLOBAL IN (SELECT value FROM ${id(tableName(study, feature))})`
