/**
 * Payloads, as SQL sees them: the texts of requests that hold more than words and numbers go to a table, what a model says of
 * each comes back as another, and that becomes a list for each event, which is joined to it.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { Filter } from './filter.ts'
import { eventsWhere, type Study } from './feature-set.ts'
import type { Filled } from './history.ts'
import { inPeriods, setsApart } from './taught.ts'

/** What a payload is meant for, in the order of the bits that stand for it. */
export const payloadPurposes = [
  'sql',
  'script',
  'traversal',
  'shell',
  'template',
  'jndi',
  'inclusion',
  'xml',
  'code',
  'nosql',
  'header',
] as const

export type PayloadPurpose = (typeof payloadPurposes)[number]

/**
 * Values of parameters, paths, user agents and referrers that look like payloads: how odd the oddest of the window is, in bits,
 * or how many different texts have at least so many. With `purpose`, only those whose words say what they are meant for.
 */
export interface PayloadFeature {
  readonly kind: 'payload'
  readonly statistic: 'max' | { readonly atLeast: number }
  readonly purpose: PayloadPurpose | 'any' | null
  readonly where: Filter
}

/** Where payloads are looked for, in the order of their numbers in the tables, from 1. */
export const payloadParts = ['url_query', 'url_path', 'user_agent', 'http_request_referrer'] as const

/** The texts of a study, and what is said of them. */
export interface JudgedPayloads {
  /**
   * One row a text: `event` and `client` (hashes), `part` (see {@link payloadParts}), `value` (a hash of what is judged), `page`
   * (site and path) and `text`.
   */
  readonly texts: Filled
  /** `value`, `bits` in whole thousandths, `kinds`; to be filled from the texts, with the odd ones only. */
  readonly odd: Table
  /** For each event that has odd texts what they are. */
  readonly events: Filled
}

/** Of longer texts only the beginning is judged: no server takes longer lines. */
const longest = 8192
const longestPage = 300

/** A text with any of these: one look for each is several times as fast as a regular expression. */
const hasAny = (column: Sql, pieces: readonly string[]): Sql =>
  sql`(${join(
    pieces.map((piece) => sql`position(${column}, ${piece}) > 0`),
    ' OR ',
  )})`

const pathSigns = [...Array.from('%<\'"{`|($;'), '..']

/** What has none of these signs, as they are or coded, is made of words and numbers, and can be no payload. */
const screens: Readonly<Record<(typeof payloadParts)[number], Sql>> = {
  url_query: hasAny(raw('url_query'), Array.from('%+\'"<>([{|;$`\\/')),
  url_path: hasAny(raw('url_path'), [...pathSigns, '\\']),
  // Few different ones, each looked at once.
  user_agent: raw(`match(user_agent, '[^A-Za-z0-9_./() :;,?!~*@+-]')`),
  http_request_referrer: hasAny(raw('http_request_referrer'), pathSigns),
}

const eventHash = raw('cityHash64(segment, line_number)')

/** Who sent it; 0 for what is not learned from: periods set apart, and clients that an earlier hunt found. */
const clientOf = (study: Study): Sql => {
  const client = raw('toUInt32(cityHash64(source_ip))')
  if (!setsApart(study)) return client
  const suspects = study.apart?.suspects ?? null
  const found =
    suspects !== null && study.set.entity[0] === 'source_ip'
      ? sql`source_ip GLOBAL IN (SELECT e0 FROM ${id(suspects.name)})`
      : raw('0')
  return sql`if((${inPeriods(study, raw('toUnixTimestamp64Milli(timestamp)'))}) OR ${found}, toUInt32(0), ${client})`
}

/** Which events the payloads of a study are looked for in: features that differ in nothing else share what is tallied. */
const conditionsOf = ({ set }: Study): string[] => [
  ...new Set(
    Object.values(set.features).flatMap((feature) =>
      feature.kind === 'payload' ? [JSON.stringify(feature.where)] : [],
    ),
  ),
]

const hasPayloads = ({ set }: Study): boolean =>
  Object.values(set.features).some(({ kind }) => kind === 'payload')

const oddType = 'Array(Tuple(UInt64, UInt32, UInt16))'

const tablesOf = ({ prefix }: Study): Record<'texts' | 'odd' | 'events', Table> => ({
  texts: {
    name: `${prefix}_texts`,
    columns: [
      { name: 'event', type: 'UInt64' },
      { name: 'client', type: 'UInt32' },
      { name: 'part', type: 'UInt8' },
      { name: 'value', type: 'UInt64' },
      { name: 'page', type: 'String' },
      { name: 'text', type: 'String' },
    ],
    // They are read a stretch of hashes at a time.
    orderBy: ['value'],
    shardBy: 'event',
  },
  odd: {
    name: `${prefix}_odd`,
    columns: [
      { name: 'value', type: 'UInt64' },
      { name: 'bits', type: 'UInt32' },
      { name: 'kinds', type: 'UInt16' },
    ],
    orderBy: ['value'],
    shardBy: 'value',
  },
  events: {
    name: `${prefix}_payloads`,
    columns: [
      { name: 'event', type: 'UInt64' },
      { name: 'odd', type: oddType },
    ],
    orderBy: ['event'],
    shardBy: 'event',
  },
})

/**
 * A row for each text of an event that could be a payload: `part`, `page`, `text`, and what else is selected of it.
 *
 * @param selected columns of the event with their aliases
 */
export const requestTexts = (selected: Sql, where: Sql): Sql => {
  const texts = payloadParts.map((_, i) => id(`t${i + 1}`))
  const screened = payloadParts.map(
    (column, i) =>
      sql`if(${screens[column]}, substring(toString(${id(column)}), 1, ${longest}), '') AS ${id(`t${i + 1}`)}`,
  )
  // As conditions of their own: the texts are only made of the lines that are left.
  const found = join(Object.values(screens), ' OR ')
  const page = sql`substring(concat(toString(url_domain), url_path), 1, ${longestPage})`
  const rows = sql`SELECT ${selected}, ${page} AS page, ${join(screened)} FROM events WHERE ${where} AND (${found})`
  const numbers = join(payloadParts.map((_, i) => raw(`toUInt8(${i + 1})`)))
  return sql`(SELECT * EXCEPT (${join(texts)}), part, text FROM (${rows}) ARRAY JOIN [${numbers}] AS part, [${join(texts)}] AS text WHERE text != '')`
}

/** What a study judges; null where it measures no payloads. */
export const judgedPayloadsOf = (study: Study): JudgedPayloads | null => {
  if (!hasPayloads(study)) return null
  const tables = tablesOf(study)
  const rows = requestTexts(
    join([eventHash, raw('AS event,'), clientOf(study), raw('AS client')], ' '),
    eventsWhere(study),
  )
  const { name } = tables.texts
  return {
    texts: {
      table: tables.texts,
      fill: sql`INSERT INTO ${id(name)} (event, client, part, value, page, text) SELECT event, client, part, cityHash64(part, if(part = 1, page, ''), text) AS value, page, text FROM ${rows}`,
    },
    odd: tables.odd,
    events: {
      table: tables.events,
      fill: sql`INSERT INTO ${id(tables.events.name)} (event, odd) SELECT event, groupUniqArray((value, bits, kinds)) AS odd FROM (SELECT event, value FROM ${id(name)}) AS t GLOBAL ALL INNER JOIN (SELECT value, bits, kinds FROM ${id(tables.odd.name)}) AS o USING (value) GROUP BY event`,
    },
  }
}

/** The odd texts of an event: hash, thousandths of a bit, purposes; from the table that is joined to it. */
export const oddTexts = (study: Study): Sql => id(`${tablesOf(study).events.name}_odd`)

/** Which event it is: a fact that the table of odd texts is joined by. */
export const payloadKey = eventHash

/**
 * Each event gets its odd texts. Where nothing but payloads is measured, events without any are left out: most windows have none.
 *
 * @param keyOf the fact that holds a hash
 */
export const payloadJoins = (study: Study, keyOf: (hash: Sql) => Sql): Sql[] => {
  if (!hasPayloads(study)) return []
  const { name } = tablesOf(study).events
  const right = sql`(SELECT event AS ${id(`${name}_event`)}, odd AS ${id(`${name}_odd`)} FROM ${id(name)})`
  const nothingElse = Object.values(study.set.features).every(({ kind }) => kind === 'payload')
  const kind = raw(nothingElse ? 'ALL INNER' : 'ANY LEFT')
  return [sql` GLOBAL ${kind} JOIN ${right} AS ${id(name)} ON ${keyOf(eventHash)} = ${id(`${name}_event`)}`]
}

const purposeCondition = (purpose: PayloadFeature['purpose']): Sql => {
  if (purpose === null) return raw('1')
  if (purpose === 'any') return raw('p.3 != 0')
  return sql`bitTest(p.3, ${payloadPurposes.indexOf(purpose)})`
}

/** The odd texts of a short window, and the feature's number made of them. */
export const payloadTally = (
  study: Study,
  { statistic, purpose, where }: PayloadFeature,
  odd: Sql,
  condition: Sql,
): {
  readonly parts: { type: string; make: Sql; together: (part: Sql) => Sql; sharedAs: string }[]
  readonly value: (...texts: readonly Sql[]) => Sql
} => ({
  parts: [
    {
      type: oddType,
      // Sets: one client may send the same millions of times.
      make: sql`groupUniqArrayArrayIf(${odd}, ${condition})`,
      together: (part) => sql`groupUniqArrayArray(${part})`,
      // Features that differ only in what they count of the texts.
      sharedAs: `odd_texts_${conditionsOf(study).indexOf(JSON.stringify(where))}`,
    },
  ],
  value: (...found) => {
    const texts = join(found)
    const counts = purposeCondition(purpose)
    if (statistic === 'max')
      return sql`arrayMax(p -> if(${counts}, p.2, 0), arrayPushBack(${texts}, (toUInt64(0), toUInt32(0), toUInt16(0)))) / 1000`
    return sql`arrayCount(p -> p.2 >= ${Math.round(statistic.atLeast * 1000)} AND ${counts}, ${texts})`
  },
})

/** How many requests each of these clients made in all. */
export const requestsOf = (study: Study, clients: readonly number[]): Sql =>
  sql`SELECT ${clientOf(study)} AS client, count() AS requests FROM events WHERE ${eventsWhere(study)} AND client IN (${join(clients.map((client) => sql`${client}`))}) GROUP BY client`

/** How many clients of each kind of value are told apart. */
const mostClients = 200
const mostShapes = 20

/**
 * What parameters of these names hold where it is but words and numbers: `name`, `shape` (words as `a`, numbers as `0`) and
 * `clients`, the most usual shapes of each.
 */
export const plainValues = (study: Study, names: readonly string[]): Sql => {
  const folded = (text: Sql): Sql => sql`replaceRegexpAll(${text}, '[0-9]+', '0')`
  const pieces = sql`SELECT ${clientOf(study)} AS client, arrayJoin(splitByChar('&', substring(url_query, 1, ${longest}))) AS piece FROM events WHERE ${eventsWhere(study)} AND url_query != ''`
  const named = sql`SELECT client, ${folded(raw(`lower(substringIndex(piece, '=', 1))`))} AS name, substring(piece, position(piece, '=') + 1) AS text FROM (${pieces}) WHERE position(piece, '=') > 0`
  const plain = sql`SELECT client, name, ${folded(sql`replaceRegexpAll(text, '[A-Za-z]+', 'a')`)} AS shape FROM (${named}) WHERE name IN (${join(names.map((name) => sql`${name}`))}) AND text != '' AND length(text) <= 200 AND match(text, '^[A-Za-z0-9_.-]+$')`
  return sql`SELECT name, shape, arraySlice(arraySort(groupUniqArray(client)), 1, ${mostClients}) AS clients FROM (${plain}) GROUP BY name, shape ORDER BY name, count() DESC, shape LIMIT ${mostShapes} BY name`
}
