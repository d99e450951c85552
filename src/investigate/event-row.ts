/**
 * Events as the API gives them: an id that is also the place in the order of events, and what the event has.
 *
 * @module
 */
import type { EventRow } from '../api/search.ts'
import { addressText, columnOf, type ColumnName } from '../schema/columns.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { AppError } from '../errors.ts'
import { columnNames } from './fields.ts'

/** Where an event stands: by time, and within a moment by segment and line. */
export interface EventKey {
  readonly ms: number
  readonly segment: string
  readonly line: number
}

export const keyText = ({ ms, line, segment }: EventKey): string => `${ms}.${line}.${segment}`

/** @throws AppError `invalid-event-id` */
export const keyOf = (text: string): EventKey => {
  const [, ms, line, segment] = /^(-?\d{1,15})\.(\d{1,15})\.(.{1,300})$/.exec(text) ?? []
  if (segment === undefined) throw new AppError('invalid-event-id', { id: text.slice(0, 100) })
  return { ms: Number(ms), line: Number(line), segment }
}

/** Columns that are shown beside the fields, or that only the engine needs. */
const apart: readonly ColumnName[] = ['timestamp', 'message', 'segment', 'ingested', 'other']

const fieldColumns: readonly ColumnName[] = columnNames.filter((name) => !apart.includes(name))

/** What an event is made from: {@link eventRow} reads it. */
export const eventColumns: Sql = join([
  sql`toUnixTimestamp64Milli(timestamp) AS at`,
  id('segment'),
  id('message'),
  id('other'),
  ...fieldColumns.map(id),
])

export interface RawEvent extends Readonly<Record<string, unknown>> {
  readonly at: number
  readonly segment: string
  readonly message: string
  readonly line_number: number
}

type Value = string | number | boolean

const isNothing = (value: unknown): boolean =>
  value === '' || value === 0 || value === '::' || value === null || value === undefined

/** The leaves of what a format has beyond columns, by dotted name. Lists are leaves. */
const leavesOf = (value: unknown, name: string): [string, Value][] => {
  if (isNothing(value)) return []
  if (Array.isArray(value)) return value.length === 0 ? [] : [[name, JSON.stringify(value)]]
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${name}.${key}`))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [[name, value]]
    : []
}

const shown = (name: ColumnName, value: unknown): Value =>
  typeof value === 'number'
    ? value
    : columnOf(name).type === 'ip'
      ? addressText(String(value))
      : String(value)

export const eventRow = (row: RawEvent): EventRow => ({
  id: keyText({ ms: row.at, segment: row.segment, line: row.line_number }),
  time: new Date(row.at).toISOString(),
  category: String(row['category']),
  source: String(row['source']),
  message: row.message,
  fields: Object.fromEntries([
    ...fieldColumns
      .filter((name) => !isNothing(row[name]) && !(name === 'event_repeats' && row[name] === 1))
      .map((name): [string, Value] => [name, shown(name, row[name])]),
    ...leavesOf(row['other'], 'other'),
  ]),
})
