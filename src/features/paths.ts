/**
 * Paths of logins from machine to machine: a hop is a login that is new to its source or its user, a path is hops that follow each
 * other within hours, by the same user or by another who has not come to that machine by itself.
 *
 * Three steps, each a working table: logins by user, source, machine and day; hops, with how surprising each is; and paths,
 * one hop longer with each table.
 *
 * @module
 */
import { plainAddressSql } from '../addresses/address.ts'
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import {
  entityValue,
  eventsWhere,
  featureColumn,
  windowStart,
  type FeatureSet,
  type Study,
} from './feature-set.ts'
import type { Feature } from './feature.ts'
import type { Filled } from './history.ts'
import type { PathFeature } from './past-feature.ts'
import { isApart, setsApart } from './taught.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** In its first week everything is new to a user and to a machine. */
const learningMs = 7 * dayMs
/** Who goes on from a machine goes on within so long. */
const goesOnMs = 12 * hourMs
/** Who came to a machine by itself within so long goes on by itself. */
const arrivedMs = 24 * hourMs
/** How many days of its own the rate of all others is worth. */
const strength = 5
/** So many hops are looked at, the most surprising ones. */
const mostSurprising = 200_000
/** Paths are told up to so many hops. */
const mostHops = 6
/** A single hop says at most so much, for its source and for its user each: rates are not known better than that. */
const mostHopSurprise = 4

const isPath = (feature: Feature): feature is PathFeature => feature.kind === 'path'

export const hasPaths = (set: FeatureSet): boolean => Object.values(set.features).some(isPath)

const text = (name: string) => ({ name, type: 'String' })
const whole = (name: string) => ({ name, type: 'Int64' })

/** `taught`: whether the pair is known by it; where nothing is set apart, all are. */
const loginsTable = (study: Study): Table => ({
  name: `${study.prefix}_logins`,
  columns: [
    text('user'),
    text('source'),
    text('target'),
    whole('day'),
    whole('at'),
    ...(setsApart(study) ? [{ name: 'taught', type: 'UInt8' }] : []),
  ],
  orderBy: [],
  shardBy: 'cityHash64(target)',
})

const hopsTable = (prefix: string): Table => ({
  name: `${prefix}_hops`,
  columns: [
    text('user'),
    text('source'),
    text('target'),
    whole('at'),
    { name: 'surprise', type: 'Float64' },
    // Whether the user had come to the source by itself.
    { name: 'arrived', type: 'UInt8' },
  ],
  orderBy: [],
  shardBy: 'cityHash64(target)',
})

/** `steps`: source, machine, user, and when, of each hop. */
const pathsTable = (prefix: string, hops: number): Table => ({
  name: `${prefix}_paths_${hops}`,
  columns: [
    text('root'),
    whole('start'),
    text('user'),
    text('target'),
    whole('at'),
    { name: 'surprise', type: 'Float64' },
    { name: 'switches', type: 'UInt8' },
    { name: 'steps', type: 'Array(Tuple(String, String, String, Int64))' },
  ],
  orderBy: [],
  shardBy: 'cityHash64(target)',
})

const insert = (table: Table, select: Sql): Filled => ({
  table,
  fill: sql`INSERT INTO ${id(table.name)} (${join(table.columns.map(({ name }) => id(name)))}) ${select}`,
})

/** A machine's name without its domain; addresses as they are. */
const shortName = (name: Sql): Sql =>
  sql`if(isNull(toIPv6OrNull(toString(${name}))), substringIndex(lower(toString(${name})), '.', 1), lower(toString(${name})))`

const milliseconds = raw('toUnixTimestamp64Milli(timestamp)')

/** Which name an address has, by most of the events that have both. */
const addressNames = (study: Study): Sql => {
  const own = sql`(if(format = 'sshd', destination_ip, host_ip), ${shortName(id('host_name'))})`
  const theirs = sql`(source_ip, ${shortName(id('source_domain'))})`
  const all: Study = { ...study, set: { ...study.set, from: { category: 'auth' }, entity: [] } }
  const pairs = sql`SELECT arrayJoin([${own}, ${theirs}]) AS pair, count() AS seen FROM events WHERE ${eventsWhere(all)} GROUP BY pair HAVING pair.1 != toIPv6('::') AND pair.2 != ''`
  return sql`(SELECT pair.1 AS address, argMax(pair.2, (seen, pair.2)) AS named FROM (${pairs}) GROUP BY address)`
}

const selectLogins = (study: Study): Sql => {
  const user = study.set.entity[0] ?? 'user_name'
  const columns = sql`${entityValue(user)} AS user, ${shortName(id('host_name'))} AS target, ${shortName(id('source_domain'))} AS source_name, source_ip AS address, intDiv(${milliseconds}, ${raw(String(dayMs))}) AS day${setsApart(study) ? sql`, toUInt8(NOT (${isApart(study, milliseconds)})) AS taught` : raw('')}, min(${milliseconds}) AS at`
  const taught = raw(setsApart(study) ? ', taught' : '')
  const seen = sql`(SELECT ${columns} FROM events WHERE ${eventsWhere(study)} GROUP BY user, target, source_name, address, day${taught})`
  const source = sql`multiIf(source_name != '', source_name, named != '', named, address = toIPv6('::'), '', ${plainAddressSql(raw('address'))})`
  return sql`SELECT user, ${source} AS source, target, day, min(at) AS at${taught} FROM (SELECT l.*, named FROM ${seen} AS l GLOBAL ANY LEFT JOIN ${addressNames(study)} AS n USING (address)) WHERE source NOT IN ('', 'localhost', '127.0.0.1', '::1') AND target NOT IN ('', 'localhost') GROUP BY user, source, target, day${taught}`
}

/** Whether a pair of columns was seen together before. */
const before = (pair: string, taught: Sql): Sql =>
  sql`sum(${taught}) OVER (PARTITION BY ${raw(pair)} ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)`

/**
 * The chance that a day brings something new to whoever `who` is: its own rate since its first week, and where that says little,
 * the rate of all.
 */
const newness = (
  who: 'user' | 'source',
  fresh: Sql,
  taught: Sql,
): { readonly own: Sql; readonly surprise: Sql } => {
  const own = id(`${who}_fresh`)
  const days = sql`greatest(0., (at - ${id(`${who}_known`)} - ${raw(String(learningMs))}) / ${raw(`${dayMs}.`)})`
  const rate = sql`(${own} + ${raw(String(strength))} * ${id(`${who}_rate`)}) / (${days} + ${raw(String(strength))})`
  return {
    own: sql`sum(${fresh} * ${taught}) OVER (PARTITION BY ${id(who)} ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ${own}`,
    surprise: sql`if(${fresh}, round(least(${raw(`${mostHopSurprise}.`)}, greatest(0., -log10(${rate}))), 3), 0.)`,
  }
}

const selectHops = (logins: Table, study: Study): Sql => {
  const taught = raw(setsApart(study) ? 'taught' : '1')
  const from = id(logins.name)
  const nodes = sql`(SELECT node, min(at) AS known FROM (SELECT arrayJoin([source, target]) AS node, at FROM ${from}) GROUP BY node)`
  const late = (who: string): Sql => sql`at - ${id(`${who}_known`)} >= ${raw(String(learningMs))}`
  const marked = sql`SELECT l.*, source_known, min(at) OVER (PARTITION BY user) AS user_known, ${before('source, target', taught)} = 0 AND ${late('source')} AS source_new, ${before('user, target', taught)} = 0 AND ${late('user')} AS user_new FROM (SELECT l.*, n.known AS source_known FROM (SELECT * FROM ${from} WHERE source != target) AS l GLOBAL ANY LEFT JOIN ${nodes} AS n ON l.source = n.node) AS l`
  const bySource = newness('source', raw('source_new'), taught)
  const byUser = newness('user', raw('user_new'), taught)
  // Whole milliseconds: the order in which they are added up must not show.
  const rate = (who: string): Sql =>
    sql`(sum(${id(`${who}_new`)}) OVER () + 1) / (sum(greatest(0, max_at - ${id(`${who}_known`)} - ${raw(String(learningMs))}) * ${id(`${who}_first`)}) OVER () / ${raw(`${dayMs}.`)} + 10) AS ${id(`${who}_rate`)}`
  const first = (who: string): Sql =>
    sql`row_number() OVER (PARTITION BY ${id(who)} ORDER BY at, user, source, target) = 1 AS ${id(`${who}_first`)}`
  const counted = sql`SELECT *, ${bySource.own}, ${byUser.own}, ${first('source')}, ${first('user')}, max(at) OVER () AS max_at FROM (${marked})`
  const rated = sql`SELECT *, ${rate('source')}, ${rate('user')} FROM (${counted})`
  const fresh = sql`SELECT user, source, target, at, ${bySource.surprise} + ${byUser.surprise} AS surprise FROM (${rated}) WHERE source_new OR user_new`
  const arrivals = sql`(SELECT user, target AS source, at AS came FROM ${from})`
  return sql`SELECT user, source, target, at, surprise, came > at - ${raw(String(arrivedMs))} AS arrived FROM (SELECT h.*, came FROM (${fresh}) AS h GLOBAL ASOF LEFT JOIN ${arrivals} AS a ON h.user = a.user AND h.source = a.source AND a.came <= h.at) WHERE surprise > 0 ORDER BY surprise DESC, at, user, source, target LIMIT ${raw(String(mostSurprising))}`
}

const step = raw('(source, target, user, at)')

const selectLonger = (hops: Table, shorter: Table): Sql => {
  // Joined within the half day and the next, not over all time: a busy machine has many of both.
  const halfDay = sql`intDiv(at, ${raw(String(goesOnMs))})`
  const begun = sql`(SELECT *, arrayJoin([${halfDay}, ${halfDay} + 1]) AS half_day FROM ${id(shorter.name)})`
  const next = sql`(SELECT *, ${halfDay} AS half_day FROM ${id(hops.name)})`
  const joined = sql`SELECT p.root AS root, p.start AS start, h.user AS user, h.target AS target, h.at AS at, round(p.surprise + h.surprise, 3) AS surprise, toUInt8(p.switches + (h.user != p.user)) AS switches, arrayPushBack(p.steps, (h.source, h.target, h.user, h.at)) AS steps FROM ${begun} AS p GLOBAL INNER JOIN ${next} AS h ON p.target = h.source AND p.half_day = h.half_day WHERE h.at > p.at AND h.at <= p.at + ${raw(String(goesOnMs))} AND (h.user = p.user OR NOT h.arrived) AND NOT arrayExists(s -> s.1 = h.target OR s.2 = h.target, p.steps)`
  // Of all ways to come to a hop, the most surprising: there is no telling which it was.
  return sql`SELECT * FROM (${joined}) ORDER BY at, user, target, surprise DESC, start, root, steps LIMIT 1 BY at, user, target, steps[-1].1`
}

/** The working tables of paths, in the order in which they are to be filled; none where no feature asks. */
export const pathTables = (study: Study): Filled[] => {
  if (!hasPaths(study.set)) return []
  const logins = loginsTable(study)
  const hops = hopsTable(study.prefix)
  const tables = Array.from({ length: mostHops }, (_, i) => pathsTable(study.prefix, i + 1))
  const paths = tables.map((table, i) => {
    const shorter = tables[i - 1]
    return shorter === undefined
      ? insert(
          table,
          sql`SELECT user AS root, at AS start, user, target, at, surprise, 0 AS switches, [${step}] AS steps FROM ${id(hops.name)}`,
        )
      : insert(table, selectLonger(hops, shorter))
  })
  return [insert(logins, selectLogins(study)), insert(hops, selectHops(logins, study)), ...paths]
}

/** All paths of two hops or more: `root` (the user that began it), `start` in ms, `surprise`, `hops`, `switches`, `steps`. */
export const allPaths = (prefix: string): Sql =>
  sql`(${join(
    Array.from({ length: mostHops - 1 }, (_, i) => {
      const hops = i + 2
      return sql`SELECT root, start, surprise, ${raw(String(hops))} AS hops, switches, steps FROM ${id(pathsTable(prefix, hops).name)}`
    }),
    ' UNION ALL ',
  )})`

/**
 * Which path of a window is the one it has, as a tuple that the best of them has most of: one whose last hop is judged now, before all; what
 * was whole before that was told before.
 */
const preference = ({ judgedFromMs }: Study): Sql =>
  join([
    ...(judgedFromMs === undefined ? [] : [sql`steps[-1].4 >= ${judgedFromMs}`]),
    raw('surprise, -start, hops, -switches'),
  ])

/** All paths that some began, best first: `root`, `start`, `steps`. */
export const bestPathsOf = (study: Study, roots: readonly string[]): Sql =>
  sql`SELECT root, start, steps FROM ${allPaths(study.prefix)} WHERE root IN (SELECT arrayJoin(${roots})) ORDER BY (${preference(study)}) DESC, steps`

/** Adds the features of paths to windows. What a path comes to hours later is part of the window in which it began. */
export const withPaths = (below: Sql, study: Study, seconds: number): Sql => {
  const features = Object.entries(study.set.features).flatMap(([name, feature]) =>
    isPath(feature) ? [[name, feature] as const] : [],
  )
  if (features.length === 0) return below
  const columns = features.map(([name, { statistic }]) => {
    const value = sql`path_best.${raw(String(['surprise', 'hops', 'switches'].indexOf(statistic) + 1))}`
    return sql`toFloat64(${value}) AS ${id(featureColumn(name))}`
  })
  const start = windowStart(sql`fromUnixTimestamp64Milli(start, 'UTC')`, seconds)
  const best = sql`(SELECT root AS e0, ${start} AS window, argMax((surprise, hops, switches, steps[-1].4), (${preference(study)})) AS path_best FROM ${allPaths(study.prefix)} GROUP BY e0, window)`
  const last = raw("greatest(w.last, fromUnixTimestamp64Milli(path_best.4, 'UTC')) AS last")
  return sql`(SELECT w.* EXCEPT (last), ${last}, ${join(columns)} FROM ${below} AS w GLOBAL ANY LEFT JOIN ${best} AS b USING (e0, window))`
}
