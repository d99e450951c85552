/**
 * What the events of a search have: by field, in how many, how many different values, and the most frequent ones.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { addressText, columnOf, type ColumnName } from '../schema/columns.ts'
import type { FieldsResult, FieldSummary } from '../api/search.ts'
import { instant } from '../sql/instant.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { ask, nowOf, waiting, type AskOptions } from './ask.ts'
import { compileQuery, spanOfQuery } from './compile.ts'
import { pathText } from './compile-values.ts'
import { columnNames } from './fields.ts'
import { parseQuery } from './query/parse.ts'
import { askedSpan, overlap, within, type AskedRange } from './range.ts'
import { blocksSql, everyBlock } from './sample.ts'

/** More events than this are sampled, and such as lie in more blocks of the table than can be read in a moment. */
const mostLookedAt = 250_000
const mostBlocks = 200
const mostValues = 10
const mostPaths = 40

/** Columns with more different values than a person reads, or that say nothing of the event. */
const left: readonly ColumnName[] = ['timestamp', 'ingested', 'segment', 'line_number', 'message', 'other']

export const summarisedColumns: readonly ColumnName[] = columnNames.filter((name) => !left.includes(name))

/** Whether a column holds anything. */
export const isPresent = (name: ColumnName): Sql => {
  switch (columnOf(name).type) {
    case 'ip':
      return sql`${id(name)} != toIPv6('::')`
    case 'integer':
    case 'port':
    case 'number':
      return sql`${id(name)} != 0`
    case 'keyword':
    case 'text':
      return sql`${id(name)} != ''`
    case 'time':
      return sql`${id(name)} != ${instant(0)}`
    case 'json':
      return sql`notEmpty(JSONAllPaths(${id(name)}))`
  }
}

interface Summary {
  readonly events: number
  readonly distinct: number
  readonly values: readonly { readonly item: string; readonly count: number; readonly error: number }[]
}

/** `[events, distinct, values]` of texts. The count of a value is right unless there are hundreds as frequent. */
const summarySql = (value: Sql, present: Sql): Sql =>
  sql`(countIf(${present}), uniqIf(${value}, ${present}), topKIf(${raw(String(mostValues))}, 100, 'counts')(toString(${value}), ${present}))`

type Told = readonly [events: number, distinct: number, values: Summary['values']]

const summaryOf = (told: Told | undefined): Summary => ({
  events: told?.[0] ?? 0,
  distinct: told?.[1] ?? 0,
  values: told?.[2] ?? [],
})

const summariesOf = async (
  questions: readonly Sql[],
  rows: (selected: Sql) => Promise<readonly { readonly told: Readonly<Record<string, Told>> }[]>,
): Promise<Summary[]> => {
  if (questions.length === 0) return []
  const [row] = await rows(
    sql`tuple(${join(questions.map((question, i) => sql`${question} AS ${id(`f${i}`)}`))}) AS told`,
  )
  // A tuple with names comes as an object, one without as a list: both are read by position.
  const told = row === undefined ? [] : Object.values(row.told)
  return questions.map((_, i) => summaryOf(told[i]))
}

/**
 * Fields with top values, those that most events have first. Of many events a sample is looked at, and the counts are
 * those of the sample.
 *
 * @throws AppError `invalid-query`, `invalid-time`, `timed-out`, `cancelled`
 */
export const summariseFields = async (
  engine: Engine,
  request: AskedRange & { readonly q: string },
  options: AskOptions = {},
): Promise<FieldsResult> => {
  const nowMs = nowOf(options)
  const query = parseQuery(request.q)
  const condition = compileQuery(query, nowMs)
  const span = overlap(askedSpan(request, nowMs), spanOfQuery(query, nowMs))
  const where = sql`${within(span)} AND ${condition}`
  const [counted] = await ask<{ events: number; blocks: number }>(
    engine,
    query,
    sql`SELECT count() AS events, ${blocksSql} AS blocks FROM events WHERE ${where}`,
    waiting(options),
  )
  const total = counted?.events ?? 0
  const { every, condition: sampled } = everyBlock(
    Math.max(1, Math.floor(total / mostLookedAt), Math.floor((counted?.blocks ?? 0) / mostBlocks)),
  )
  const from = sql`FROM events WHERE ${where} AND ${sampled}`
  const rows = (selected: Sql) =>
    ask<{ told: Record<string, Told>; events: number }>(
      engine,
      query,
      sql`SELECT ${selected} ${from}`,
      waiting(options),
    )
  const columns = await summariesOf(
    summarisedColumns.map((name) => summarySql(id(name), isPresent(name))),
    rows,
  )
  const paths = await ask<{ path: string }>(
    engine,
    query,
    sql`SELECT path FROM (SELECT arrayJoin(JSONAllPaths(other)) AS path ${from}) GROUP BY path ORDER BY count() DESC, path LIMIT ${mostPaths}`,
    waiting(options),
  )
  const texts = paths.map(({ path }) => pathText(path))
  const beyond = await summariesOf(
    texts.map((text) => summarySql(text, sql`${text} != ''`)),
    rows,
  )
  const [looked] = every === 1 ? [{ events: total }] : await rows(raw('map() AS told, count() AS events'))
  const fields = [
    ...summarisedColumns.map((name, i) => fieldSummary(name, columns[i])),
    ...paths.map(({ path }, i) => pathSummary(path, beyond[i])),
  ]
  return {
    fields: fields.filter(({ events }) => events > 0).toSorted((a, b) => b.events - a.events),
    events: looked?.events ?? 0,
    sampled: every > 1,
  }
}

const valuesOf = (summary: Summary | undefined, isAddress: boolean): FieldSummary['values'] =>
  (summary?.values ?? []).map(({ item, count }) => ({
    value: isAddress ? addressText(item) : item,
    events: count,
  }))

const fieldSummary = (name: ColumnName, summary: Summary | undefined): FieldSummary => {
  const { type, ecs, meaning, entity } = columnOf(name)
  return {
    name,
    ecs: ecs ?? '',
    meaning,
    type,
    entity: entity ?? null,
    events: summary?.events ?? 0,
    distinct: summary?.distinct ?? 0,
    values: valuesOf(summary, type === 'ip'),
  }
}

const pathSummary = (path: string, summary: Summary | undefined): FieldSummary => ({
  name: `other.${path}`,
  ecs: '',
  meaning: 'what the format knows beyond columns',
  type: 'keyword',
  entity: null,
  events: summary?.events ?? 0,
  distinct: summary?.distinct ?? 0,
  values: valuesOf(summary, false),
})
