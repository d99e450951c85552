/**
 * Queries as conditions on `events`. What a person wrote is bound, never pasted: only names from the catalogue and plain
 * paths become text.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { ColumnName } from '../schema/columns.ts'
import { join, raw, sql, id, type Sql } from '../sql/sql.ts'
import { lineHas } from './compile-text.ts'
import { columnCondition, inNetwork, pathCondition } from './compile-values.ts'
import { closestName, columnsOfKind, fieldOf } from './fields.ts'
import { spanOf, type Span } from './moments.ts'
import { parseQuery } from './query/parse.ts'
import { plainText, queryError, type FieldQuery, type Pattern, type Query } from './query/tree.ts'

const anyOf = (conditions: readonly Sql[]): Sql =>
  conditions.length === 1 ? join(conditions) : sql`(${join(conditions, ' OR ')})`

/** A network as free text: an address in it, whoever has it. */
const networkOf = (pattern: Pattern): string | null => {
  const text = plainText(pattern) ?? ''
  const [address = '', length] = text.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return length !== undefined &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= longest &&
    !address.includes('%')
    ? `${address}/${length}`
    : null
}

const textCondition = (pattern: Pattern): Sql => {
  const network = networkOf(pattern)
  return network === null
    ? lineHas(pattern)
    : anyOf(columnsOfKind('address').map((name) => inNetwork(id(name), network)))
}

const fieldCondition = (query: FieldQuery, nowMs: number): Sql | null => {
  const { name, test, valueAt } = query
  const field = fieldOf(name)
  if (field === null) {
    const closest = closestName(name)
    const meant = closest === null ? '' : ` Did you mean ${closest}?`
    throw queryError(
      `expected a known field before ":", not ${name}.${meant} What a format has beyond columns is written other.${name}`,
      query.at,
    )
  }
  if (test.kind === 'known') return null
  if (field.kind === 'path') return pathCondition(field.path, test)
  const place = { name, valueAt, nowMs }
  return anyOf(field.columns.map((column: ColumnName) => columnCondition(column, test, place)))
}

/** Null where it asks for nothing. */
const conditionOf = (query: Query, nowMs: number): Sql | null => {
  switch (query.kind) {
    case 'all':
      return raw('1')
    case 'text':
      return textCondition(query.pattern)
    case 'field':
      return fieldCondition(query, nowMs)
    case 'not': {
      const inner = conditionOf(query.of, nowMs)
      return inner === null ? null : sql`NOT (${inner})`
    }
    case 'and':
    case 'or': {
      const conditions = query.of.flatMap((one) => conditionOf(one, nowMs) ?? [])
      if (conditions.length === 0) return null
      return conditions.length === 1
        ? join(conditions)
        : sql`(${join(conditions, query.kind === 'and' ? ' AND ' : ' OR ')})`
    }
  }
}

/**
 * A query as a condition on `events`. `listed()` and `uncategorised()`, which only a hunt can answer, are left out: more is
 * found then, never less.
 *
 * @throws AppError `invalid-query` for names and values that make no sense, with their position
 */
export const compileQuery = (query: Query, nowMs: number): Sql => conditionOf(query, nowMs) ?? raw('1')

const wholeTime: Span = { fromMs: -Infinity, toMs: Infinity }

const both = (a: Span, b: Span): Span => ({
  fromMs: Math.max(a.fromMs, b.fromMs),
  toMs: Math.min(a.toMs, b.toMs),
})

/** The time outside which a query finds nothing, as far as it says so itself. */
export const spanOfQuery = (query: Query, nowMs: number): Span => {
  if (query.kind === 'and') return query.of.map((one) => spanOfQuery(one, nowMs)).reduce(both, wholeTime)
  if (query.kind !== 'field') return wholeTime
  const field = fieldOf(query.name)
  if (field?.kind !== 'columns' || field.columns[0] !== 'timestamp') return wholeTime
  const { test } = query
  if (test.kind === 'is') return spanOf(plainText(test.pattern) ?? '', nowMs) ?? wholeTime
  if (test.kind !== 'range') return wholeTime
  const from = test.from === null ? null : spanOf(test.from.text, nowMs)
  const to = test.to === null ? null : spanOf(test.to.text, nowMs)
  return {
    fromMs: from === null ? -Infinity : test.from?.included === true ? from.fromMs : from.toMs,
    toMs: to === null ? Infinity : test.to?.included === true ? to.toMs : to.fromMs,
  }
}

/** Text, all the way: for those who only want to know what it means. */
export const queryCondition = (text: string, nowMs: number): Sql => compileQuery(parseQuery(text), nowMs)
