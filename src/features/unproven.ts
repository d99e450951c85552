/**
 * Events of whose values nothing good is known yet: failures of a user from a source from which that user never got in. Who did
 * get in from there before, and now fails, has forgotten a password, or a program goes on with an old one.
 *
 * @module
 */
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import { eventsWhere, type Study } from './feature-set.ts'
import { valueHash, type Filled } from './history.ts'
import type { UnprovenFeature } from './moment-feature.ts'
import { isApart } from './taught.ts'

const featuresOf = (study: Study): UnprovenFeature[] =>
  Object.values(study.set.features).filter((feature) => feature.kind === 'unproven')

/** Features that can share a table have the same key. */
const keyOf = ({ of, proof }: UnprovenFeature): string => JSON.stringify([of, proof])

const keysOf = (study: Study): string[] => [...new Set(featuresOf(study).map(keyOf))]

const tableName = (study: Study, feature: UnprovenFeature): string =>
  `${study.prefix}_proofs_${keysOf(study).indexOf(keyOf(feature))}`

/** Tables of when values were first proven: one row a value, `first` in ms since 1970. */
export const proofTables = (study: Study): Filled[] =>
  keysOf(study).flatMap((key) => {
    const feature = featuresOf(study).find((candidate) => keyOf(candidate) === key)
    if (feature === undefined) return []
    const name = tableName(study, feature)
    const ms = raw('toUnixTimestamp64Milli(timestamp)')
    const where = join(
      [eventsWhere(study), filterSql(feature.proof), sql`NOT (${isApart(study, ms)})`],
      ' AND ',
    )
    return [
      {
        table: {
          name,
          columns: [
            { name: 'value', type: 'UInt64' },
            { name: 'first', type: 'Int64' },
          ],
          orderBy: ['value'],
          shardBy: 'value',
        },
        fill: sql`INSERT INTO ${id(name)} (value, first) SELECT ${valueHash(feature.of)} AS value, min(${ms}) AS first FROM events WHERE ${where} GROUP BY value`,
      },
    ]
  })

/** Whether an event comes before its values were first proven, from the table that is joined to it: 0 or 1. */
export const isUnproven = (study: Study, feature: UnprovenFeature): Sql => {
  const first = id(`${tableName(study, feature)}_first`)
  return sql`${first} = 0 OR toUnixTimestamp64Milli(timestamp) <= ${first}`
}

/** @param keyOfHash the fact that holds a hash */
export const proofJoins = (study: Study, keyOfHash: (hash: Sql) => Sql): Sql[] =>
  keysOf(study).flatMap((key) => {
    const feature = featuresOf(study).find((candidate) => keyOf(candidate) === key)
    if (feature === undefined) return []
    const name = tableName(study, feature)
    const right = sql`(SELECT value AS ${id(`${name}_value`)}, first AS ${id(`${name}_first`)} FROM ${id(name)})`
    return [
      sql` GLOBAL ANY LEFT JOIN ${right} AS ${id(name)} ON ${keyOfHash(valueHash(feature.of))} = ${id(`${name}_value`)}`,
    ]
  })
