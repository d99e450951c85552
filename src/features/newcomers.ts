/**
 * Values that somebody has for the first time: a network, a country, a device. How much of a surprise that is, by how often
 * they had something new before, and by how many others had it.
 *
 * @module
 */
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import { entityColumn, entityValue, eventsWhere, type Study } from './feature-set.ts'
import type { MomentFeature, Moments } from './moment-feature.ts'
import { placeOfSource, withPlaces } from './known-places.ts'
import { isApart } from './taught.ts'

type NewcomerFeature = Extract<MomentFeature, { kind: 'newcomer' }>

/** An agent without its versions: an update is no new device. */
const agentFamily = sql`replaceRegexpAll(toString(user_agent), '[0-9][0-9._]*', '')`

const valueOf = (of: NewcomerFeature['of']): Sql => {
  switch (of) {
    case 'network':
      return placeOfSource.network
    case 'country':
      return placeOfSource.country
    case 'device':
      return agentFamily
  }
}

/** Pitman and Yor's discount and concentration, as in models/novelty.ts. */
const discount = 0.6
const concentration = 1

/** What came strictly before a moment: of equal times, none comes before another. */
const earlier = sql`ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING`

/**
 * One moment for each of somebody's values: when it was new. `surprise` is −log10 of the chance that somebody with this
 * past has something new, times that a new thing of anybody's is this one: a network that colleagues use is less of a
 * surprise than one that nobody ever came from. `before`: earlier events; `values`: earlier values; `others`: how many others
 * had this one before.
 */
export const newcomerMoments = (study: Study, feature: NewcomerFeature): Moments => {
  const keys = study.set.entity.map((_, i) => id(entityColumn(i)))
  const parts = study.set.entity.map((column, i) => sql`${entityValue(column)} AS ${id(entityColumn(i))}`)
  const ms = raw('toUnixTimestamp64Milli(timestamp)')
  const where = join(
    [eventsWhere(study), filterSql(feature.where), filterSql({ [feature.who]: { kind: 'present' } })],
    ' AND ',
  )
  const from = feature.of === 'device' ? raw('events') : withPlaces
  const rows = sql`SELECT ${join(parts)}, ${entityValue(feature.who)} AS who, ${valueOf(feature.of)} AS value, ${ms} AS ms, toUInt8(NOT (${isApart(study, ms)})) AS taught, event_repeats AS repeats FROM ${from} WHERE ${where}`
  const counted = sql`SELECT *, sum(repeats * taught) OVER (PARTITION BY who ${earlier}) AS before FROM (${rows}) WHERE value != ''`
  const firsts = sql`SELECT who, value, taught, argMin((${join([...keys, raw('before')])}), (ms, ${join(keys)})) AS at_first, min(ms) AS first_ms FROM (${counted}) GROUP BY who, value, taught`
  // What is new in a period set apart is new again afterwards.
  const fresh = sql`SELECT * FROM (SELECT *, first_ms AS ms, min(first_ms) OVER (PARTITION BY who, value) AS earliest FROM (${firsts})) WHERE taught = 1 OR ms = earliest`
  const known = sql`SELECT *, tupleElement(at_first, ${raw(String(keys.length + 1))}) AS before, sum(taught) OVER (PARTITION BY who ${earlier}) AS values, sum(taught) OVER (PARTITION BY value ${earlier}) AS others, sum(taught) OVER (${earlier}) AS pairs FROM (${fresh})`
  const own = sql`(${raw(String(concentration))} + ${raw(String(discount))} * values) / (before + ${raw(String(concentration))})`
  const kinds = sql`sum(others = 0 AND taught = 1) OVER (${earlier})`
  const crowd = sql`(greatest(0, toInt64(others) - ${raw(String(discount))}) + (${raw(String(concentration))} + ${raw(String(discount))} * kinds) / (kinds + 1)) / (pairs + ${raw(String(concentration))})`
  const columns = keys.map((key, i) => sql`tupleElement(at_first, ${raw(String(i + 1))}) AS ${key}`)
  // Of whom nothing is known, nothing is a surprise.
  const surprise = sql`if(values = 0, 0., round(-log10(least(1., ${own})) - log10(least(1., ${crowd})), 6) + 0)`
  return {
    numbers: ['surprise', 'before', 'values', 'others'],
    select: sql`SELECT ${join(columns)}, ms AS at, ${surprise} AS surprise, before, values, others FROM (SELECT *, ${kinds} AS kinds FROM (${known}))`,
  }
}
