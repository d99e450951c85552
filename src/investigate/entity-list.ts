/**
 * Entities of a kind: whose names begin with a text, the busiest first.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import { addressText, columnOf, type ColumnName, type EntityKind } from '../schema/columns.ts'
import type { EntityRow } from '../api/search.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { nowOf, waiting, type AskOptions } from './ask.ts'
import { columnsOfKind, entityKinds, isEntityKind } from './fields.ts'
import { askedSpan, spanOfEvents, within, type AskedRange } from './range.ts'
import { sampling } from './sample.ts'
import { beginsWith, boundedGroups } from './values.ts'

/** The same as a name or an address stands in other columns. */
const repeated: readonly ColumnName[] = ['destination_address']

export const entityColumns = (kind: EntityKind): readonly ColumnName[] =>
  columnsOfKind(kind).filter((name) => !repeated.includes(name))

/** @throws AppError `unknown-entity-kind` */
export const entityKindOf = (kind: string): EntityKind => {
  if (isEntityKind(kind)) return kind
  throw new AppError('unknown-entity-kind', { kind: kind.slice(0, 100), known: entityKinds.join(', ') })
}

/** Whether a column holds one of some values, as people write them. An address column holds addresses only. */
export const holdsOneOf = (name: ColumnName, values: readonly string[]): Sql => {
  if (columnOf(name).type !== 'ip') return sql`${id(name)} IN ${values}`
  const addresses = values.filter((value) => isIP(value) > 0 && !value.includes('%'))
  return addresses.length === 0
    ? sql`0`
    : sql`${id(name)} IN (${join(addresses.map((value) => sql`toIPv6(${value})`))})`
}

export interface EntityListRequest extends AskedRange {
  readonly kind: string
  readonly prefix?: string
  /** 1 to 200. Default 50. */
  readonly limit?: number
}

/** Of more events the busiest are found in a sample; their figures are counted in all. */
const mostLookedAt = 1_000_000

const joinedUp = (parts: readonly Sql[]): Sql =>
  join(
    parts.map((part) => sql`SELECT * FROM (${part})`),
    ' UNION ALL ',
  )

/** @throws AppError `unknown-entity-kind`, `invalid-time`, `timed-out`, `cancelled` */
export const listEntities = async (
  engine: Engine,
  request: EntityListRequest,
  options: AskOptions = {},
): Promise<EntityRow[]> => {
  const kind = entityKindOf(request.kind)
  const names = entityColumns(kind)
  const prefix = request.prefix ?? ''
  const most = Math.min(200, Math.max(1, Math.trunc(request.limit ?? 50)))
  const inTime = within(askedSpan(request, nowOf(options)))
  const there = await spanOfEvents(engine, options.signal)
  // What is looked for by its name may be rare.
  const { condition } = sampling(prefix === '' ? there.events : 0, mostLookedAt)
  const found = await engine.rows<{ value: string }>(
    sql`SELECT value FROM (${joinedUp(
      names.map(
        (name) =>
          sql`SELECT toString(${id(name)}) AS value, count() AS events FROM events WHERE ${inTime} AND ${beginsWith(name, prefix)} AND ${condition} GROUP BY ${id(name)} ORDER BY events DESC LIMIT ${most}`,
      ),
    )}) GROUP BY value ORDER BY sum(events) DESC, value LIMIT ${most}`,
    waiting(options, boundedGroups),
  )
  if (found.length === 0) return []
  const values = found.map(({ value }) => value)
  const rows = await engine.rows<{ value: string; events: number; firstMs: number; lastMs: number }>(
    sql`SELECT value, sum(number) AS events, min(firstMs) AS firstMs, max(lastMs) AS lastMs FROM (${joinedUp(
      names.map(
        (name) =>
          sql`SELECT toString(${id(name)}) AS value, count() AS number, toUnixTimestamp64Milli(min(timestamp)) AS firstMs, toUnixTimestamp64Milli(max(timestamp)) AS lastMs FROM events WHERE ${inTime} AND ${holdsOneOf(name, values)} GROUP BY ${id(name)}`,
      ),
    )}) GROUP BY value ORDER BY events DESC, value`,
    waiting(options),
  )
  return rows.map(({ value, events, firstMs, lastMs }) => ({
    kind,
    value: addressText(value),
    events,
    first: new Date(firstMs).toISOString(),
    last: new Date(lastMs).toISOString(),
  }))
}
