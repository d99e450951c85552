/**
 * All there is to know of an entity: when it was active, what it did, with whom, what was new, and who does alike.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import type { ColumnName, EntityKind } from '../schema/columns.ts'
import type { EntityPage } from '../api/search.ts'
import { join, sql, type Sql } from '../sql/sql.ts'
import { nowOf, waiting, type AskOptions } from './ask.ts'
import { entityColumns, entityKindOf, holdsOneOf } from './entity-list.ts'
import { columnsBeside, noveltyOf, peersOf, relatedOf } from './entity-others.ts'
import { askedSpan, overlap, within, type AskedRange } from './range.ts'
import { sampling } from './sample.ts'

export interface EntityRequest extends AskedRange {
  readonly kind: string
  readonly value: string
}

/** Events that are an entity's, whichever column names it. */
export const eventsOf = (kind: EntityKind, value: string): Sql =>
  sql`(${join(
    entityColumns(kind).map((name) => holdsOneOf(name, [value])),
    ' OR ',
  )})`

const mostDays = 28
const mostLookedAt = 500_000
const dayMs = 86_400_000

interface Hour {
  readonly day: string
  readonly hour: number
  readonly events: number
  readonly firstMs: number
  readonly lastMs: number
}

/** The column that names the entity most often. */
const mainColumn = async (
  engine: Engine,
  kind: EntityKind,
  where: Sql,
  value: string,
  options: AskOptions,
): Promise<ColumnName | null> => {
  const names = entityColumns(kind)
  const [row] = await engine.rows<{ held: number[] }>(
    sql`SELECT [${join(names.map((name) => sql`countIf(${holdsOneOf(name, [value])})`))}] AS held FROM events WHERE ${where}`,
    waiting(options),
  )
  const most = Math.max(0, ...(row?.held ?? []))
  return most === 0 ? null : (names[row?.held.indexOf(most) ?? 0] ?? null)
}

/** What the work state knows is filled in by whoever has it. */
export type EntityFacts = Omit<EntityPage, 'findings' | 'incidents'>

/**
 * An entity's page, of all its events or of those in a time; null where it has none. Whom it had to do with is told of its last
 * 28 days.
 *
 * @throws AppError `unknown-entity-kind`, `invalid-time`, `timed-out`, `cancelled`
 */
export const entityPage = async (
  engine: Engine,
  request: EntityRequest,
  options: AskOptions = {},
): Promise<EntityFacts | null> => {
  const kind = entityKindOf(request.kind)
  const { value } = request
  const asked = askedSpan(request, nowOf(options))
  const own = eventsOf(kind, value)
  const hours = await engine.rows<Hour>(
    sql`SELECT toString(toDate(timestamp)) AS day, toHour(timestamp) AS hour, count() AS events, toUnixTimestamp64Milli(min(timestamp)) AS firstMs, toUnixTimestamp64Milli(max(timestamp)) AS lastMs FROM events WHERE ${within(asked)} AND ${own} GROUP BY day, hour ORDER BY day, hour`,
    waiting(options),
  )
  if (hours.length === 0) return null
  const days = [...new Set(hours.map(({ day }) => day))].slice(-mostDays)
  const firstMs = Math.min(...hours.map((hour) => hour.firstMs))
  const lastMs = Math.max(...hours.map((hour) => hour.lastMs))
  const total = hours.reduce((sum, { events }) => sum + events, 0)
  const recent = overlap(asked, { fromMs: lastMs - mostDays * dayMs, toMs: lastMs + 1 })
  const where = sql`${within(recent)} AND ${own}`
  const categories = await engine.rows<{ category: string; events: number }>(
    sql`SELECT category, count() AS events FROM events WHERE ${within(asked)} AND ${own} GROUP BY category ORDER BY events DESC, category`,
    waiting(options),
  )
  // Which columns there are, and who else is like it, shows in a part of very many events.
  const some = sampling(total, mostLookedAt).condition
  const beside = await columnsBeside(engine, sql`${where} AND ${some}`, options)
  const main = await mainColumn(engine, kind, sql`${where} AND ${some}`, value, options)
  return {
    kind,
    value,
    events: total,
    first: new Date(firstMs).toISOString(),
    last: new Date(lastMs).toISOString(),
    heat: hours
      .filter(({ day }) => days.includes(day))
      .map(({ day, hour, events }) => ({ day, hour, events })),
    categories,
    related: await relatedOf(engine, beside, where, { value, events: total, firstMs, lastMs }, options),
    novelty: await noveltyOf(engine, beside, where, value, options),
    peers:
      main === null
        ? []
        : await peersOf(
            engine,
            main,
            sql`${where} AND ${some}`,
            sql`${within(recent)} AND ${some}`,
            value,
            options,
          ),
  }
}
