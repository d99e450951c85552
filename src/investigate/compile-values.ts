/**
 * What is asked of a column, as a condition: each type of column compares in its own way.
 *
 * @module
 */
import { isIP } from 'node:net'
import { networkRange } from '../addresses/networks.ts'
import { columnOf, type ColumnName } from '../schema/columns.ts'
import { instant } from '../sql/instant.ts'
import { bound, id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { isText, likePattern, lineHas } from './compile-text.ts'
import { spanOf } from './moments.ts'
import { plainText, queryError, type FieldTest, type Pattern, type RangeEnd } from './query/tree.ts'

export interface Place {
  readonly name: string
  readonly valueAt: number
  readonly nowMs: number
}

/** Column, then what each kind of test asks of it; `matches` is alike for all. */
interface Comparison {
  readonly is: (pattern: Pattern) => Sql
  readonly exists: Sql
  /** `sign` is `>=`, `>`, `<=` or `<`. */
  readonly compare: (sign: string, end: RangeEnd) => Sql
}

const expected = (what: string, place: Place, at = place.valueAt) =>
  queryError(`expected ${what} after "${place.name}:"`, at)

const like = (text: Sql, pattern: Pattern): Sql => sql`${text} ILIKE ${likePattern(pattern)}`

const either = (conditions: readonly Sql[]): Sql =>
  conditions.length === 1 ? join(conditions) : sql`(${join(conditions, ' OR ')})`

const anAddress = 'an address or a network, such as 192.0.2.7 or 198.51.100.0/24,'

const isAddress = (text: string): boolean => isIP(text) > 0 && !text.includes('%')

const isNetwork = (text: string): boolean => {
  const [address = '', length, ...more] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return (
    more.length === 0 &&
    isAddress(address) &&
    length !== undefined &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= longest
  )
}

const asAddress = (text: string): Sql => sql`toIPv6(${text})`

/** Whether an address lies in a network. Two comparisons: as such they can be answered from the index. */
export const inNetwork = (column: Sql, network: string): Sql => {
  const [first, last] = networkRange(network)
  return sql`(${column} >= ${asAddress(first)} AND ${column} <= ${asAddress(last)})`
}

/** `198.51.100.*` as a network. */
const octetsNetwork = (pattern: Pattern): string | null => {
  const [text, star, ...more] = pattern
  if (text?.kind !== 'text' || star?.kind !== 'any' || more.length > 0) return null
  const octets = /^((?:\d{1,3}\.){1,3})$/.exec(text.text)?.[1]?.split('.').slice(0, -1)
  if (octets === undefined) return null
  const network = `${[...octets, '0', '0', '0'].slice(0, 4).join('.')}/${octets.length * 8}`
  return isNetwork(network) ? network : null
}

const addresses = (column: Sql, place: Place): Comparison => ({
  is: (pattern) => {
    const text = plainText(pattern)
    if (text === '') return sql`${column} = toIPv6('::')`
    if (text !== null && isAddress(text)) return sql`${column} = ${asAddress(text)}`
    const network = text === null ? octetsNetwork(pattern) : isNetwork(text) ? text : null
    if (network !== null) return inNetwork(column, network)
    if (text !== null) throw expected(anAddress, place)
    const written = sql`toString(${column})`
    return either([like(written, pattern), sql`${written} ILIKE ${`::ffff:${likePattern(pattern)}`}`])
  },
  exists: sql`${column} != toIPv6('::')`,
  compare: (sign, end) => {
    if (!isAddress(end.text)) throw expected('an address', place, end.at)
    return sql`${column} ${raw(sign)} ${asAddress(end.text)}`
  },
})

const texts = (column: Sql): Comparison => ({
  is: (pattern) => isText(column, pattern),
  exists: sql`${column} != ''`,
  compare: (sign, end) => sql`lower(${column}) ${raw(sign)} lower(${end.text})`,
})

const lines = (column: Sql): Comparison => ({ ...texts(column), is: lineHas })

const sizes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
}
/** In nanoseconds. */
const durations: Readonly<Record<string, number>> = {
  '': 1,
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  min: 6e10,
  h: 3.6e12,
}

/** `10`, `-1.5`; of bytes `2MB`, of durations `1.5s`. */
const numberOf = (text: string, name: string): number | null => {
  const [, digits, unit] = /^(-?\d{1,20}(?:\.\d{1,9})?)([a-zA-Z]{0,3})$/.exec(text) ?? []
  if (digits === undefined || unit === undefined) return null
  const units = name.endsWith('_bytes') ? sizes : name === 'event_duration' ? durations : { '': 1 }
  const factor: number | undefined = Object.hasOwn(units, unit.toLowerCase())
    ? units[unit.toLowerCase()]
    : undefined
  return factor === undefined ? null : Number(digits) * factor
}

/** `4xx`: what starts with the digits. */
const classOf = (text: string): { from: number; to: number } | null => {
  const first = /^([1-5])xx$/i.exec(text)?.[1]
  return first === undefined ? null : { from: Number(first) * 100, to: Number(first) * 100 + 99 }
}

const numbers = (column: Sql, name: string, place: Place): Comparison => ({
  is: (pattern) => {
    const text = plainText(pattern)
    if (text === null) return like(sql`toString(${column})`, pattern)
    const kind = name === 'http_response_status_code' ? classOf(text) : null
    if (kind !== null) return sql`${column} BETWEEN ${kind.from} AND ${kind.to}`
    const number = numberOf(text, name)
    if (number === null) throw expected('a number', place)
    return sql`${column} = ${number}`
  },
  exists: sql`${column} != 0`,
  compare: (sign, end) => {
    const number = numberOf(end.text, name)
    if (number === null) throw expected('a number', place, end.at)
    return sql`${column} ${raw(sign)} ${number}`
  },
})

const aTime = 'a time, such as 2026-01-31, 2026-01-31T08:00Z or now-24h,'

const times = (column: Sql, place: Place): Comparison => ({
  is: (pattern) => {
    const text = plainText(pattern)
    const span = text === null ? null : spanOf(text, place.nowMs)
    if (span === null) throw expected(aTime, place)
    return sql`(${column} >= ${instant(span.fromMs)} AND ${column} < ${instant(span.toMs)})`
  },
  exists: sql`${column} != ${instant(0)}`,
  compare: (sign, end) => {
    const span = spanOf(end.text, place.nowMs)
    if (span === null) throw expected(aTime, place, end.at)
    // From the beginning of what is said to its end, or from what follows it.
    if (sign === '>=') return sql`${column} >= ${instant(span.fromMs)}`
    if (sign === '>') return sql`${column} >= ${instant(span.toMs)}`
    return sql`${column} < ${instant(sign === '<' ? span.fromMs : span.toMs)}`
  },
})

/** What a format has beyond columns. Numbers compare as numbers where both are. */
const paths = (text: Sql): Comparison => ({
  is: (pattern) => isText(text, pattern),
  exists: sql`${text} != ''`,
  compare: (sign, end) => {
    const number = numberOf(end.text, '')
    return number === null
      ? sql`lower(${text}) ${raw(sign)} lower(${end.text})`
      : sql`ifNull(toFloat64OrNull(${text}) ${raw(sign)} ${bound('Float64', number)}, 0)`
  },
})

const comparisonOf = (name: ColumnName, place: Place): Comparison => {
  const column = id(name)
  switch (columnOf(name).type) {
    case 'ip':
      return addresses(column, place)
    case 'keyword':
    case 'text':
      return name === 'message' ? lines(column) : texts(column)
    case 'integer':
    case 'port':
    case 'number':
      return numbers(column, name, place)
    case 'time':
      return times(column, place)
    case 'json':
      return texts(sql`toJSONString(${column})`)
  }
}

const tested = (comparison: Comparison, test: Exclude<FieldTest, { kind: 'known' }>, text: Sql): Sql => {
  switch (test.kind) {
    case 'is':
      return comparison.is(test.pattern)
    case 'exists':
      return comparison.exists
    case 'range': {
      const { from, to } = test
      const ends = [
        ...(from === null ? [] : [comparison.compare(from.included ? '>=' : '>', from)]),
        ...(to === null ? [] : [comparison.compare(to.included ? '<=' : '<', to)]),
      ]
      return ends.length === 0 ? comparison.exists : sql`(${join(ends, ' AND ')})`
    }
    case 'matches':
      return sql`match(${text}, ${test.expression})`
  }
}

export const columnCondition = (
  name: ColumnName,
  test: Exclude<FieldTest, { kind: 'known' }>,
  place: Place,
): Sql => {
  const { type } = columnOf(name)
  // A detector compares the kind of event as it stands, and the order of events with it.
  if (name === 'category' && test.kind === 'is') {
    const plain = plainText(test.pattern)
    if (plain !== null) return sql`category = ${plain.toLowerCase()}`
  }
  const text = type === 'keyword' || type === 'text' ? id(name) : sql`toString(${id(name)})`
  return tested(comparisonOf(name, place), test, text)
}

/** A plain path is read by itself; one with other signs in it means that the whole column is read. */
export const pathText = (path: string): Sql =>
  path.split('.').every((step) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(step))
    ? sql`toString(${join(['other', ...path.split('.')].map(id), '.')})`
    : sql`toString(getSubcolumn(other, ${path}))`

export const pathCondition = (path: string, test: Exclude<FieldTest, { kind: 'known' }>): Sql =>
  tested(paths(pathText(path)), test, pathText(path))
