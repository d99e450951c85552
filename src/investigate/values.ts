/**
 * Values that begin with what was typed, for suggestions.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { addressText, columnOf, type ColumnName } from '../schema/columns.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { ask, nowOf, waiting, type AskOptions } from './ask.ts'
import { compileQuery, spanOfQuery } from './compile.ts'
import { pathText } from './compile-values.ts'
import { isPresent } from './field-summary.ts'
import { closestName, fieldOf } from './fields.ts'
import { parseQuery } from './query/parse.ts'
import { queryError } from './query/tree.ts'
import { askedSpan, overlap, within, type AskedRange } from './range.ts'

/** Ranges of IPv4 addresses whose text begins so; null where it is no beginning of one. */
export const octetRanges = (prefix: string): readonly (readonly [string, string])[] | null => {
  const octets = prefix.split('.')
  const begun = octets.pop() ?? ''
  const whole = octets.map(Number)
  if (octets.length > 3 || octets.some((octet) => !/^\d{1,3}$/.test(octet)) || whole.some((n) => n > 255))
    return null
  if (!/^\d{0,3}$/.test(begun) || Number(begun) > 255) return null
  const first = Number(begun)
  const ranges: readonly (readonly [number, number])[] =
    begun === ''
      ? [[0, 255]]
      : first === 0
        ? [[0, 0]]
        : [
            [first, first],
            [first * 10, first * 10 + 9],
            [first * 100, first * 100 + 99],
          ]
  const missing = 3 - octets.length
  const address = (octet: number, rest: number): string =>
    [...octets, String(octet), ...Array.from({ length: missing }, () => String(rest))].join('.')
  return ranges
    .filter(([from]) => from <= 255)
    .map(([from, to]) => [address(from, 0), address(Math.min(255, to), 255)] as const)
}

/** Whether a column's value, as people write it, begins with a text; case makes no difference. */
export const beginsWith = (name: ColumnName, prefix: string): Sql => {
  const column = id(name)
  if (prefix === '') return isPresent(name)
  const ranges = columnOf(name).type === 'ip' ? octetRanges(prefix) : null
  if (ranges !== null)
    return sql`(${join(
      ranges.map(([first, last]) => sql`(${column} >= toIPv6(${first}) AND ${column} <= toIPv6(${last}))`),
      ' OR ',
    )})`
  return sql`(${isPresent(name)} AND startsWith(lower(toString(${column})), lower(${prefix})))`
}

export interface ValuesRequest extends AskedRange {
  readonly q?: string
  /** A name as in a query. */
  readonly field: string
  readonly prefix?: string
  /** 1 to 100. Default 20. */
  readonly limit?: number
}

export interface Value {
  readonly value: string
  readonly events: number
}

/** A column of millions of different values is given up on: what is found by then is shown. */
export const boundedGroups = { max_rows_to_group_by: 500_000, group_by_overflow_mode: 'any' }

/** Nobody looks for one moment or one whole document among millions. */
const hasValues = (name: ColumnName): boolean => !['time', 'json'].includes(columnOf(name).type)

/**
 * The most frequent values of a field that begin with a text: none for times and for what is not described.
 *
 * @throws AppError `invalid-query` (an unknown field among them), `invalid-time`, `timed-out`, `cancelled`
 */
export const suggestValues = async (
  engine: Engine,
  request: ValuesRequest,
  options: AskOptions = {},
): Promise<Value[]> => {
  const nowMs = nowOf(options)
  const field = fieldOf(request.field)
  if (field === null) {
    const closest = closestName(request.field)
    throw queryError(`expected a known field${closest === null ? '' : `, such as ${closest}`}`, 0)
  }
  const query = parseQuery(request.q ?? '')
  const span = overlap(askedSpan(request, nowMs), spanOfQuery(query, nowMs))
  const where = sql`${within(span)} AND ${compileQuery(query, nowMs)}`
  const prefix = request.prefix ?? ''
  const most = Math.min(100, Math.max(1, Math.trunc(request.limit ?? 20)))
  const parts =
    field.kind === 'path'
      ? [
          sql`SELECT ${pathText(field.path)} AS value, count() AS events FROM events WHERE ${where} AND value != '' AND startsWith(lower(value), lower(${prefix})) GROUP BY value ORDER BY events DESC LIMIT ${most}`,
        ]
      : field.columns
          .filter(hasValues)
          .map(
            (name) =>
              sql`SELECT toString(${id(name)}) AS value, count() AS events FROM events WHERE ${where} AND ${beginsWith(name, prefix)} GROUP BY ${id(name)} ORDER BY events DESC LIMIT ${most}`,
          )
  if (parts.length === 0) return []
  const rows = await ask<Value>(
    engine,
    query,
    sql`SELECT value, sum(events) AS events FROM (${join(
      parts.map((part) => sql`SELECT * FROM (${part})`),
      ' UNION ALL ',
    )}) GROUP BY value ORDER BY events DESC, value LIMIT ${most}`,
    waiting(options, boundedGroups),
  )
  return rows.map(({ value, events }) => ({ value: addressText(value), events }))
}
