/**
 * Journeys that nobody can make: somebody is in two places, and there was no time to get from one to the other.
 *
 * @module
 */
import { bound, id, join, raw, sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import { entityColumn, entityColumns, entityValue, eventsWhere, type Study } from './feature-set.ts'
import type { MomentFeature, Moments } from './moment-feature.ts'
import { placeOfSource, withPlaces } from './known-places.ts'
import { isApart, setsApart } from './taught.ts'

type TravelFeature = Extract<MomentFeature, { kind: 'travel' }>

/** Faster than airliners, door to door. */
const leastSpeed = 900
/** Databases place addresses wrong by some hundred kilometres. */
const leastDistance = 500
/** Clocks of two servers differ: no journey is taken to be shorter than a minute. */
const leastMs = 60_000
/**
 * A site is a shared exit (a VPN, a proxy) once so many others, and this share of all who were ever there, were carried off to it or
 * from it …
 */
const exitUsers = 3
const exitShare = bound('Float64', 0.2)
/** … from or to so many sites: an office has many people too, but they come and go by the one exit. */
const exitPartners = 3

/** What came strictly before a moment. */
const earlier = sql`ORDER BY ms RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING`

/**
 * One moment for each impossible journey between two consecutive events of somebody, to or from a place where they had never
 * been: `distance` in km, `speed` in km/h. Journeys
 * by way of a shared exit are left out: by a site that, before, has carried off people from and to several places, or by a
 * pair of sites that several others have changed between.
 */
export const travelMoments = (study: Study, feature: TravelFeature): Moments => {
  const keys = entityColumns(study.set)
  const keyList = join(keys)
  const parts = study.set.entity.map((column, i) => sql`${entityValue(column)} AS ${id(entityColumn(i))}`)
  const ms = raw('toUnixTimestamp64Milli(timestamp)')
  const where = join(
    [eventsWhere(study), filterSql(feature.where), filterSql({ [feature.who]: { kind: 'present' } })],
    ' AND ',
  )
  const { site, latitude, longitude } = placeOfSource
  const points = sql`SELECT ${join(parts)}, ${entityValue(feature.who)} AS who, ${site} AS site, ${latitude} AS lat, ${longitude} AS lon, ${ms} AS ms, toUInt8(NOT (${isApart(study, ms)})) AS taught FROM ${withPlaces} WHERE ${where}`
  // No journey is shorter than a minute: the first and the last of a minute in a place are as good as all.
  const ends = sql`SELECT ${keyList}, who, site, lat, lon, taught, [min(ms), max(ms)] AS first_and_last FROM (${points}) WHERE lat != 0 OR lon != 0 GROUP BY ${keyList}, who, site, lat, lon, taught, intDiv(ms, ${leastMs})`
  const thinned = sql`SELECT * EXCEPT (first_and_last), arrayJoin(arrayDistinct(first_and_last)) AS ms FROM (${ends})`
  const order = sql`ms, site, lat, lon, ${keyList}`
  // A place that somebody has only been to where something is set apart is as new as before.
  const isNew = setsApart(study)
    ? sql`sum(taught) OVER (PARTITION BY who, lat, lon ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) <= taught`
    : sql`row_number() OVER (PARTITION BY who, lat, lon ORDER BY ${order}) = 1`
  const arrivals = sql`SELECT *, row_number() OVER (PARTITION BY site, who ORDER BY ${order}) = 1 AS is_first, ${isNew} AS is_new FROM (${thinned})`
  // How many people a site had before.
  const peopled = sql`SELECT *, sum(is_first) OVER (PARTITION BY site ${earlier}) AS people FROM (${arrivals})`
  const previous = (column: string) =>
    sql`lagInFrame(${raw(column)}) OVER (PARTITION BY who ORDER BY ${order} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS ${raw(`${column}_0`)}`
  const steps = sql`SELECT *, ${join(['ms', 'site', 'lat', 'lon', 'people', 'is_new'].map(previous))} FROM (${peopled})`
  const measured = sql`SELECT *, greatCircleDistance(lon_0, lat_0, lon, lat) / 1000 AS distance, distance * 3600000 / greatest(ms - ms_0, ${leastMs}) AS speed FROM (${steps}) WHERE ms_0 > 0 AND (lat_0 != lat OR lon_0 != lon)`
  // Between two places where somebody was before, a database is wrong, or a phone and a desk are in use.
  const hops = sql`SELECT *, is_new OR is_new_0 AS is_strange FROM (${measured}) WHERE distance > ${leastDistance} AND speed > ${leastSpeed}`
  // Each end of a journey with its other end, and the two together, as what may be an exit.
  const pair = sql`concat(least(site, site_0), ' ', greatest(site, site_0))`
  const bothEnds = sql`SELECT *, arrayJoin([(site, site_0, people, ${exitPartners}), (site_0, site, people_0, ${exitPartners}), (${pair}, '', toUInt64(0), 1)]) AS way, way.1 AS exit, way.2 AS partner, way.3 AS exit_people, way.4 AS partners_needed FROM (${hops})`
  const firsts = sql`SELECT *, row_number() OVER (PARTITION BY exit, who ORDER BY taught DESC, ms, partner) = 1 AND taught = 1 AS new_user, row_number() OVER (PARTITION BY exit, partner ORDER BY taught DESC, ms, who) = 1 AND taught = 1 AS new_partner FROM (${bothEnds})`
  const learned = sql`SELECT *, sum(new_user) OVER (PARTITION BY exit ${earlier}) - sum(new_user) OVER (PARTITION BY exit, who ${earlier}) AS users, sum(new_partner) OVER (PARTITION BY exit ${earlier}) AS partners FROM (${firsts})`
  const isExit = sql`users >= ${exitUsers} AND partners >= partners_needed AND users >= ${exitShare} * exit_people`
  return {
    numbers: ['distance', 'speed'],
    select: sql`SELECT ${keyList}, ms AS at, round(max(distance)) AS distance, round(max(speed)) AS speed FROM (${learned}) WHERE is_strange GROUP BY ${keyList}, who, ms, site, site_0, ms_0 HAVING countIf(${isExit}) = 0`,
  }
}
