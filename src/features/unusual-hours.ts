/**
 * Hours at which somebody is hardly ever seen, by their own past hours of the week. No time zone is needed: whoever works at night
 * has always done so.
 *
 * @module
 */
import { id, join, raw, sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import { entityColumn, entityColumns, entityValue, eventsWhere, type Study } from './feature-set.ts'
import type { MomentFeature, Moments } from './moment-feature.ts'
import { isApart } from './taught.ts'

type HourFeature = Extract<MomentFeature, { kind: 'unusualHour' }>

/** Of a past hour so many hours away (on the clock), the share that it lends to this one; all together 1. */
const neighbours = [0.28, 0.2, 0.1, 0.04, 0.02]
/** Half of the weight of a past hour lies on its own day of the week, the rest on the six others. */
const ownDay = 0.5
const otherDay = (1 - ownDay) / 6
/** Past hours that are looked at: some weeks of ordinary working days. */
const mostHours = 200
/** Everybody's past hours that are looked at: four weeks. */
const mostCrowdHours = 672
/** What everybody does together counts like one hour of one's own: people of all time zones may be among them. */
const peersWeight = 1
/** Nobody is never seen at an hour: this share of everybody's time is spread over the week. */
const spreadShare = 0.05

const hoursOfWeek = 168

/**
 * One moment for each hour in which somebody was there. `surprise` is −log10 of how likely this hour of the week is next to one drawn
 * blindly, at least 0, by a histogram of this person's earlier hours, smoothed over neighbouring hours and days and
 * backed off to what everybody did before. `before`: in how many earlier hours this person was there.
 */
export const hourMoments = (study: Study, feature: HourFeature): Moments => {
  const keys = entityColumns(study.set)
  const parts = study.set.entity.map((column, i) => sql`${entityValue(column)} AS ${id(entityColumn(i))}`)
  const ms = raw('toUnixTimestamp64Milli(timestamp)')
  const where = join(
    [eventsWhere(study), filterSql(feature.where), filterSql({ [feature.who]: { kind: 'present' } })],
    ' AND ',
  )
  // An hour that is set apart is judged, but does not count as past.
  const slots = sql`SELECT ${join(parts)}, ${entityValue(feature.who)} AS who, toInt64(intDiv(${ms}, 3600000)) AS slot, toInt64(min(${ms})) AS at, max(${isApart(study, ms)}) AS apart FROM events WHERE ${where} GROUP BY ${join(keys)}, who, slot`
  const far = raw('least(abs((slot - p) % 24), 24 - abs((slot - p) % 24))')
  const near = sql`arrayElement([${join(neighbours.map((share) => raw(share.toFixed(4))))}], ${far} + 1)`
  const kernel = sql`(${near} * if(intDiv(slot, 24) % 7 = intDiv(p, 24) % 7, ${raw(ownDay.toFixed(6))}, ${raw(otherDay.toFixed(6))}))`
  const past = raw(String(mostHours))
  // An hour in which somebody was there as several entities is one hour.
  const hours = sql`SELECT who, slot, max(apart) AS apart FROM (${slots}) GROUP BY who, slot`
  const gathered = sql`SELECT who, slot, groupArrayIf(slot, apart = 0) OVER (PARTITION BY who ORDER BY slot ROWS BETWEEN ${past} PRECEDING AND 1 PRECEDING) AS gathered FROM (${hours})`
  const own = sql`SELECT s.*, gathered FROM (${slots}) AS s GLOBAL ANY LEFT JOIN (${gathered}) AS g USING (who, slot)`
  // Everybody's hours: how many were seen in each, and what those before it say of it.
  const crowd = sql`SELECT slot, groupArray((slot, seen)) OVER (ORDER BY slot ROWS BETWEEN ${raw(String(mostCrowdHours))} PRECEDING AND 1 PRECEDING) AS all_past FROM (SELECT slot, toUInt64(countIf(apart = 0)) AS seen FROM (${slots}) GROUP BY slot)`
  const shared = sql`SELECT slot, arraySum((p, seen) -> seen * ${kernel}, all_past.1, all_past.2) AS crowd_near, arraySum(all_past.2) AS crowd_all FROM (${crowd})`
  const peers = sql`((1 - ${raw(spreadShare.toFixed(4))}) * crowd_near / greatest(crowd_all, 1) + if(crowd_all = 0, 1, ${raw(spreadShare.toFixed(4))}) / ${hoursOfWeek})`
  const chance = sql`((arraySum(p -> ${kernel}, hours_before) + ${peersWeight} * ${peers}) / (length(hours_before) + ${peersWeight}))`
  // In one hour somebody may be there as several entities: the hour itself is no past.
  const judged = sql`SELECT *, arrayDistinct(arrayFilter(p -> p < slot, gathered)) AS hours_before FROM (${own})`
  return {
    numbers: ['surprise', 'before'],
    select: sql`SELECT ${join(keys)}, at, greatest(0, round(-log10(${chance} * ${hoursOfWeek}), 6)) AS surprise, length(hours_before) AS before FROM (${judged}) AS own GLOBAL ANY LEFT JOIN (${shared}) AS crowd USING (slot)`,
  }
}
