/**
 * The past of entities, their peers and everyone, as window functions.
 *
 * @module
 */
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { entityColumn, featureColumn, type FeatureSet, type Study } from './feature-set.ts'
import type { PastFeature, PastKey } from './past-feature.ts'

const at = raw('toInt64(toUnixTimestamp(window))')
const day = 86_400

/** Fractions are added up as whole numbers of this size: the order in which rows come must not show. */
const units = raw('1e24')
/** What is older than so many times the fading time no longer fades: beyond it there would be nothing left of the digits. */
const mostFading = raw('50.')

/** No window counts for more: sums stay far below what 128 bits hold. */
const mostOfWindow = raw('1e9')

const keySql = (key: PastKey, set: FeatureSet): Sql =>
  key === 'peers' ? raw('peers') : id(entityColumn(set.entity.indexOf(key)))

const partition = (by: readonly PastKey[], set: FeatureSet): Sql =>
  by.length === 0 ? raw('') : sql`PARTITION BY ${join(by.map((key) => keySql(key, set)))}`

/** Who has no group has everyone for peers. */
const orEveryone = (by: readonly PastKey[], make: (by: readonly PastKey[]) => Sql): Sql =>
  by.includes('peers')
    ? sql`if(peers = '', ${make(by.filter((key) => key !== 'peers'))}, ${make(by)})`
    : make(by)

const past = (by: Sql): Sql =>
  sql`OVER (${by} ORDER BY ${at} RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`

/** How many fading times lie between a window and the end of the study. */
const fading = ({ range }: Study, days: number): Sql =>
  sql`least(greatest((${Math.floor(range.toMs / 1000)} - ${at}) / ${raw(String(days * day))}, 0.), ${mostFading})`

/** Below this, differences are nobody's business: 1 instead of 0 events is 0.7 on the scale of logarithms. */
const leastSpread = 350

/** In thousandths, so that sums are exact. */
const thousandths = (value: Sql): Sql => sql`toInt64(round(1000 * log1p(greatest(${value}, 0))))`

const excess = (
  feature: Extract<PastFeature, { kind: 'excess' }>,
  value: Sql,
  weight: Sql,
  set: FeatureSet,
): Sql => {
  const keys = join(set.entity.map((_, i) => id(entityColumn(i))))
  const own = feature.against === 'self'
  const weekend = sql`toDayOfWeek(window) >= 6`
  const until = (what: Sql, by: Sql, end: Sql): Sql =>
    sql`sum(${what} * ${weight}) OVER (PARTITION BY ${by} ORDER BY ${at} RANGE BETWEEN UNBOUNDED PRECEDING AND ${end})`
  // A week is the difference of two sums from the beginning on: those grow, and need no row twice.
  const week = (what: Sql, by: Sql): Sql =>
    sql`(${until(what, by, raw('CURRENT ROW'))} - ${until(what, by, raw(`${7 * day} PRECEDING`))})`
  const over = (what: Sql): Sql =>
    own
      ? until(what, sql`${keys}, ${weekend}`, raw('1 PRECEDING'))
      : // A peer is somebody else.
        sql`if(peers = '', ${week(what, weekend)}, ${week(what, sql`peers, ${weekend}`)}) - ${what} * ${weight}`
  const x = thousandths(value)
  // The fewer there are to know the spread by, the wider it is taken to be.
  const spread = `sqrt(greatest(0., q / greatest(n, 1) - pow(s / greatest(n, 1), 2)) + ${leastSpread * leastSpread} * (1 + ${feature.atLeast} / greatest(n, 1)))`
  const score = raw(
    `if(n < ${feature.atLeast}, 0., round(greatest(0., x - s / greatest(n, 1)) / ${spread}, 3))`,
  )
  const sums = [x, over(raw('toInt64(1)')), over(x), over(sql`${x} * ${x}`)].map((sum) => sql`[${sum}]`)
  return sql`arrayMap((x, n, s, q) -> ${score}, ${join(sums)})[1]`
}

/**
 * A feature of the past, over windows that have the columns it is made of, and `peers` where it asks for them.
 *
 * @param taught whether the windows say if they may be learned from
 */
export const pastSql = (feature: PastFeature, study: Study, taught: boolean): Sql => {
  const { set } = study
  const value = id(featureColumn(feature.of))
  const weight = taught ? raw('taught') : raw('1')
  const keys = join(set.entity.map((_, i) => id(entityColumn(i))))
  switch (feature.kind) {
    case 'faded': {
      const age = fading(study, feature.days)
      const worth = sql`toInt128(round(least(${value}, ${mostOfWindow}) * ${weight} * exp(-${age}) * ${units}))`
      const sum = (by: readonly PastKey[]): Sql => sql`sum(${worth}) ${past(partition(by, set))}`
      return sql`round(toFloat64(${orEveryone(feature.by, sum)}) / ${units} * exp(${age}), 6)`
    }
    case 'renewed': {
      const seen = (by: readonly PastKey[]): Sql =>
        sql`maxIf(${at}, ${value} > 0 AND ${weight} = 1) ${past(partition(by, set))}`
      const last = orEveryone(feature.by, seen)
      return sql`if(${value} <= 0, 0, if(${last} = 0, 1, round(1 - exp(-greatest(0, ${at} - ${last}) / ${feature.days * day}), 6)))`
    }
    case 'alongside': {
      const sum = (by: readonly PastKey[]): Sql =>
        sql`sum(${value}) OVER (PARTITION BY ${join([...by.map((key) => keySql(key, set)), raw('window')])})`
      return sql`${orEveryone(feature.by, sum)} - ${value}`
    }
    case 'settled':
      return sql`${value} > 0 AND ${at} - min(${at}) OVER (PARTITION BY ${keys}) >= ${feature.days * day}`
    case 'pause': {
      const last = sql`maxIf(${at}, ${value} > 0) ${past(sql`PARTITION BY ${keys}`)}`
      return sql`if(${last} = 0, 0, (${at} - ${last}) / ${day})`
    }
    case 'record':
      return sql`max(${value} * ${weight}) ${past(sql`PARTITION BY ${keys}`)}`
    case 'excess':
      return excess(feature, value, weight, set)
  }
}
