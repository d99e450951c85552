import { plainAddressSql } from '../addresses/address.ts'
import { inNetworksSql } from '../addresses/networks.ts'
import { columnOf, isColumnName, type ColumnType } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { isListed, isUncategorised } from './known-destinations.ts'
import type { AddressComparison, Filter, PortComparison, TextComparison } from './filter.ts'

type Comparison = PortComparison | TextComparison | AddressComparison

const textPattern = {
  startsWith: (column: Sql, value: string) => sql`startsWith(${column}, ${value})`,
  endsWith: (column: Sql, value: string) => sql`endsWith(${column}, ${value})`,
  contains: (column: Sql, value: string) => sql`position(${column}, ${value}) > 0`,
  matches: (column: Sql, value: string) => sql`match(${column}, ${value})`,
} as const

/** What a column holds where there is no value. */
const nothing = (type: ColumnType): Sql =>
  type === 'ip' ? raw("toIPv6('::')") : type === 'port' ? raw('0') : raw("''")

/** A comparison of any column, those of working tables too, as a condition. */
export const comparisonSql = (column: Sql, comparison: Comparison, type: ColumnType = 'text'): Sql => {
  if (typeof comparison === 'string') {
    return type === 'ip' ? sql`${column} = toIPv6(${comparison})` : sql`${column} = ${comparison}`
  }
  if (typeof comparison === 'number') return sql`${column} = ${comparison}`
  switch (comparison.kind) {
    case 'not':
      return sql`NOT (${comparisonSql(column, comparison.of, type)})`
    case 'between':
      return sql`${column} BETWEEN ${comparison.from} AND ${comparison.to}`
    case 'atLeast':
      return sql`${column} >= ${comparison.value}`
    case 'atMost':
      return sql`${column} <= ${comparison.value}`
    case 'oneOf':
      return sql`${column} IN (${join(comparison.values.map((value) => sql`${value}`))})`
    case 'startsWith':
    case 'endsWith':
    case 'contains':
    case 'matches':
      return textPattern[comparison.kind](column, comparison.value)
    case 'within':
      return inNetworksSql(column, [comparison.value])
    case 'present':
      return sql`${column} != ${nothing(type)}`
    case 'absent':
      return sql`${column} = ${nothing(type)}`
    case 'listed':
    case 'uncategorised': {
      const known = comparison.kind === 'listed' ? isListed : isUncategorised
      return known(type === 'ip' ? plainAddressSql(column) : sql`trimRight(lower(toString(${column})), '.')`)
    }
  }
}

/** A condition on `events`; `1` where the filter asks for nothing. */
export const filterSql = (filter: Filter): Sql => {
  const { or, ...named } = filter
  const conditions = Object.entries(named).flatMap(([name, comparison]) =>
    isColumnName(name) && comparison !== undefined
      ? [comparisonSql(id(name), comparison, columnOf(name).type)]
      : [],
  )
  if (or !== undefined) conditions.push(sql`(${join(or.map(filterSql), ' OR ')})`)
  if (conditions.length === 0) return raw('1')
  return conditions.length === 1 ? join(conditions) : sql`(${join(conditions, ' AND ')})`
}

const written = (value: string | number): string =>
  typeof value === 'number' || /^[\w.:/@-]+$/.test(value) ? String(value) : JSON.stringify(value)

export const comparisonText = (name: string, comparison: Comparison): string => {
  if (typeof comparison !== 'object') return `${name}:${written(comparison)}`
  switch (comparison.kind) {
    case 'not':
      return `NOT ${comparisonText(name, comparison.of)}`
    case 'between':
      return `${name}:[${comparison.from} TO ${comparison.to}]`
    case 'atLeast':
      return `${name}>=${comparison.value}`
    case 'atMost':
      return `${name}<=${comparison.value}`
    case 'oneOf':
      return `${name}:(${comparison.values.map(written).join(' OR ')})`
    case 'startsWith':
      return `${name}:${written(comparison.value)}*`
    case 'endsWith':
      return `${name}:*${written(comparison.value)}`
    case 'contains':
      return `${name}:*${written(comparison.value)}*`
    case 'matches':
      return `${name}:/${comparison.value}/`
    case 'within':
      return `${name}:${comparison.value}`
    case 'present':
      return `${name}:*`
    case 'absent':
      return `NOT ${name}:*`
    case 'listed':
    case 'uncategorised':
      return `${name}:${comparison.kind}()`
  }
}

/** The filter as a person would type it into a search: `source_ip:192.0.2.7 AND http_response_status_code>=400`. */
export const filterText = (filter: Filter): string => {
  const { or, ...named } = filter
  const conditions = Object.entries(named).flatMap(([name, comparison]) =>
    comparison === undefined ? [] : [comparisonText(name, comparison)],
  )
  if (or !== undefined) conditions.push(`(${or.map(filterText).join(' OR ')})`)
  return conditions.join(' AND ')
}
