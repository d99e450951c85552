/**
 * Values and tests of a parser → SQL expressions. Every expression is total: no line can make one throw.
 *
 * @module
 */
import type { ColumnType } from '../schema/columns.ts'
import { instant } from '../sql/instant.ts'
import { bound, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { ParseContext } from './context.ts'
import type { Test, TimeFormat, Value } from './value.ts'

/** What a value needs to know of the line it is made from. */
export interface Scope {
  readonly part: (name: string) => Sql
  readonly context: ParseContext
  /** Names an expression that would otherwise be written many times; not everywhere possible. */
  readonly share?: (expression: Sql) => Sql
  /** Whether long texts are named unasked. */
  readonly sharesLong?: boolean
}

/**
 * A statement is as quick to plan as it is short: what is longer than so many pieces is written once, however often it is used. nginx
 * in JSON, whose fields have several names each, is planned in half the time.
 */
const mostPieces = 32

const isText = ({ kind }: Value): boolean =>
  kind === 'text' || kind === 'piece' || kind === 'joined' || kind === 'firstOf' || kind === 'when'

const earliest = "toDateTime64('1990-01-01 00:00:00', 3, 'UTC')"
const latest = "toDateTime64('2100-01-01 00:00:00', 3, 'UTC')"
const dayMs = 86_400_000

const inRange = (time: Sql): Sql =>
  sql`if(${time} >= ${raw(earliest)} AND ${time} < ${raw(latest)}, ${time}, NULL)`

const epochDivisor = { seconds: 1, milliseconds: 1e3, microseconds: 1e6, nanoseconds: 1e9 } as const

/**
 * RFC 3164 gives no year: the latest one in which the time is not after the log was written. Four years back is as far
 * as a 29 February can need.
 */
const yearless = (of: Sql, context: ParseContext): Sql => {
  const limitMs = context.writtenBeforeMs + dayMs
  const limit = instant(limitMs)
  const year = new Date(limitMs).getUTCFullYear()
  const candidates = [0, 1, 2, 3, 4].map((back) => {
    const written = sql`concat(${`${year - back} `}, replaceAll(${of}, '  ', ' '))`
    const at = sql`toDateTime64(parseDateTimeOrNull(${written}, '%Y %b %e %H:%i:%s', ${context.timeZone}), 3, 'UTC')`
    return sql`if(${at} <= ${limit}, ${at}, NULL)`
  })
  return sql`coalesce(${join(candidates)})`
}

/** ClickHouse's own guess takes `12:00` for today and `5` for the fifth of this month: only whole times may reach it. */
const isoForm =
  '^[0-9]{4}(?:([-/.]?)[01][0-9][-/.]?[0-3][0-9])(?:$|[T _]?[0-2][0-9]:?[0-5][0-9](?:$|:?[0-6][0-9](?:$|[.,Zz +-])|[Zz +-]))'

const bestEffort = (of: Sql, context: ParseContext): Sql =>
  sql`toTimeZone(parseDateTime64BestEffortOrNull(replaceOne(${of}, ',', '.'), 3, ${context.timeZone}), 'UTC')`

const latestSecond = raw('1e10')

/** Infinite numbers, and those behind a NULL, must not reach the conversion: it would throw. */
const sinceEpoch = (seconds: Sql): Sql =>
  sql`fromUnixTimestamp64Milli(toInt64(round(least(greatest(ifNotFinite(${seconds}, 0), 0), ${latestSecond}) * 1000)), 'UTC')`

const earliestSecond = raw('631152000')

/** What is too small for a date counts from the origin; so does no text, but not text that is no number. */
const fromOrigin = (of: Sql, divisor: number, origin: Sql): Sql => {
  const number = sql`toFloat64OrZero(${of})`
  const offset = sql`ifNull(toUnixTimestamp64Milli(${origin}) / 1000, 0)`
  const seconds = sql`(${number} / ${divisor} + if(${number} / ${divisor} < ${earliestSecond}, ${offset}, 0))`
  return sql`if(${seconds} BETWEEN 1 AND ${latestSecond} AND (${number} > 0 OR ${of} = '' OR startsWith(${of}, '0')), ${sinceEpoch(seconds)}, NULL)`
}

const accessLogForm = '^[0-9]{1,2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:'
const mailForm =
  '^(?:[A-Z][a-z]{2},? )?(?:[0-9]{1,2}[ -][A-Z][a-z]{2}[ -][0-9]{4} |[A-Z][a-z]{2} +[0-9]{1,2},? [0-9]{4} |[A-Z][a-z]{2} +[0-9]{1,2} [0-9:.]{8,} [0-9]{4}$)'
const syslogForm = '^[A-Z][a-z]{2} [ 0-9]?[0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}$'

const anyTime = (of: Sql, context: ParseContext): Sql => {
  const number = sql`toFloat64OrZero(${of})`
  const unit = sql`multiIf(${number} < 1e11, 1, ${number} < 1e14, 1e3, ${number} < 1e17, 1e6, 1e9)`
  const access = timeText(of, { kind: 'format', format: '%d/%b/%Y:%H:%i:%s %z' }, context)
  const cases = [
    sql`match(${of}, ${isoForm}), ${bestEffort(of, context)}`,
    sql`match(${of}, '^[0-9]{9,19}(?:[.][0-9]*)?$'), ${sinceEpoch(sql`${number} / ${unit}`)}`,
    sql`match(${of}, ${accessLogForm}), ${access}`,
    sql`match(${of}, ${mailForm}), parseDateTime64BestEffortOrNull(replaceAll(${of}, ', ', ' '), 3, ${context.timeZone})`,
    sql`match(${of}, ${syslogForm}), ${yearless(of, context)}`,
  ]
  return sql`multiIf(${join(cases)}, NULL)`
}

/** A time as `Nullable(DateTime64(3, 'UTC'))`: NULL where it cannot be read. */
const timeText = (of: Sql, format: TimeFormat, context: ParseContext): Sql => {
  switch (format.kind) {
    case 'format':
      return sql`toDateTime64(parseDateTimeOrNull(${of}, ${format.format}, ${context.timeZone}), 3, 'UTC')`
    case 'iso':
      return sql`if(match(${of}, ${isoForm}), ${bestEffort(of, context)}, NULL)`
    case 'epoch': {
      const seconds = sql`toFloat64OrZero(${of}) / ${epochDivisor[format.unit]}`
      return sql`if(${seconds} BETWEEN 1 AND ${latestSecond}, ${sinceEpoch(seconds)}, NULL)`
    }
    case 'rfc3164':
      return yearless(of, context)
    case 'any':
      return anyTime(of, context)
  }
}

const pieceText = (of: Sql, value: Extract<Value, { kind: 'piece' }>): Sql => {
  // For one character, splitByChar takes a sixth of the time.
  const split = raw(value.separator.length === 1 ? 'splitByChar' : 'splitByString')
  const separator = bound('String', value.separator)
  if (value.rest) return sql`${split}(${separator}, ${of}, ${value.index})[${value.index}]`
  return sql`${split}(${separator}, ${of})[${value.index}]`
}

const sourceOf = (value: Extract<Value, { kind: 'time' }>, scope: Scope): Sql => {
  const source = valueSql(value.of, scope)
  return value.of.kind === 'part' ? source : (scope.share?.(source) ?? source)
}

/** A value as an SQL expression of its natural type: text for most. */
export const valueSql = (value: Value, scope: Scope): Sql => {
  const expression = unsharedSql(value, scope)
  const isLong = scope.sharesLong === true && expression.pieces.length > mostPieces && isText(value)
  return isLong ? (scope.share?.(expression) ?? expression) : expression
}

const unsharedSql = (value: Value, scope: Scope): Sql => {
  const of = (inner: Value): Sql => valueSql(inner, scope)
  switch (value.kind) {
    case 'part':
      return scope.part(value.name)
    case 'constant':
      return sql`${value.value}`
    case 'text': {
      if (value.absent.length === 0) return of(value.of)
      const [first] = value.absent
      const absent =
        value.absent.length === 1 && first !== undefined
          ? sql`= ${first}`
          : sql`IN (${join(value.absent.map((word) => sql`${word}`))})`
      return sql`if(${of(value.of)} ${absent}, '', ${of(value.of)})`
    }
    case 'lower':
    case 'upper':
      return sql`${raw(value.kind)}(${of(value.of)})`
    case 'fromBytes':
      return sql`arrayStringConcat(arrayMap(x -> char(x), JSONExtract(${of(value.of)}, 'Array(UInt8)')))`
    case 'integer':
      if (value.times === 1) return sql`toUInt64OrZero(${of(value.of)})`
      return sql`toUInt64(round(least(greatest(toFloat64OrZero(${of(value.of)}), 0) * ${value.times}, 1e18)))`
    case 'number':
      return sql`ifNotFinite(toFloat64OrZero(${of(value.of)}), 0)`
    case 'ip':
      return sql`toIPv6OrDefault(${of(value.of)})`
    case 'time': {
      const { format } = value
      if (format.kind === 'epoch' && format.origin !== undefined)
        return inRange(fromOrigin(of(value.of), epochDivisor[format.unit], of(format.origin)))
      return inRange(timeText(sourceOf(value, scope), format, scope.context))
    }
    case 'piece':
      return pieceText(of(value.of), value)
    case 'capture':
      // ClickHouse takes a leading `^.*` away, and with it that the last match counts.
      return sql`extract(${of(value.of)}, ${value.pattern.replace(/^\^\.\*/, '^(?:.*)')})`
    case 'group':
      return sql`extractGroups(${of(value.of)}, ${value.pattern})[${value.index}]`
    case 'replace':
      return sql`replaceAll(${of(value.of)}, ${value.from}, ${value.to})`
    case 'joined':
      return sql`arrayStringConcat(arrayFilter(x -> x != '', [${join(value.of.map(of))}]), ${value.separator})`
    case 'lookup': {
      const words = Object.keys(value.table)
      const meanings = Object.values(value.table)
      return sql`transform(${of(value.of)}, ${words}, ${meanings}, ${of(value.otherwise)})`
    }
    case 'firstOf':
      return sql`multiIf(${join(value.of.flatMap((inner) => [sql`${of(inner)} != ''`, of(inner)]))}, '')`
    case 'when':
      return sql`if(${testSql(value.test, scope)}, ${of(value.value)}, ${of(value.otherwise)})`
    case 'object': {
      const pairs = Object.entries(value.fields).flatMap(([name, field]) => [
        sql`${name}`,
        sql`toValidUTF8(toString(${of(field)}))`,
      ])
      return sql`CAST(toJSONString(mapFilter((k, v) -> v != '', map(${join(pairs)}))), 'JSON')`
    }
    case 'once':
      return scope.share?.(of(value.of)) ?? of(value.of)
  }
}

export const testSql = (test: Test, scope: Scope): Sql => {
  switch (test.kind) {
    case 'equals':
      return sql`${valueSql(test.of, scope)} IN (${join(test.values.map((value) => sql`${value}`))})`
    case 'matches':
      return sql`match(${valueSql(test.of, scope)}, ${test.pattern})`
    case 'present':
      return sql`${valueSql(test.of, scope)} != ''`
    case 'atLeast':
      return sql`toUInt64OrZero(${valueSql(test.of, scope)}) >= ${test.value}`
    case 'not':
      return sql`NOT (${testSql(test.test, scope)})`
    case 'all':
    case 'any':
      return sql`(${join(
        test.of.map((inner) => testSql(inner, scope)),
        test.kind === 'all' ? ' AND ' : ' OR ',
      )})`
  }
}

/** The kinds of value that already have a column's type. */
const natural: Readonly<Partial<Record<Value['kind'], ColumnType>>> = {
  ip: 'ip',
  time: 'time',
  object: 'json',
}

/** A value as an SQL expression of its column's type. */
export const columnSql = (value: Value, type: ColumnType, scope: Scope): Sql => {
  const expression = valueSql(value, scope)
  const made = value.kind === 'once' ? value.of : value
  if (natural[made.kind] === type) return expression
  const isNumber =
    made.kind === 'integer' ||
    made.kind === 'number' ||
    (made.kind === 'constant' && typeof made.value === 'number')
  switch (type) {
    case 'ip':
      return sql`toIPv6OrDefault(toString(${expression}))`
    case 'integer':
      return isNumber ? sql`toUInt64(${expression})` : sql`toUInt64OrZero(toString(${expression}))`
    case 'port':
      return sql`toUInt16OrZero(toString(${expression}))`
    case 'number':
      return isNumber ? sql`toFloat64(${expression})` : sql`toFloat64OrZero(toString(${expression}))`
    case 'keyword':
    case 'text':
      return sql`toString(${expression})`
    case 'time':
    case 'json':
      return expression
  }
}
