/**
 * An entity's day as a graph: whom and what it had to do with, and what was never there before.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import { addressText, type EntityKind } from '../schema/columns.ts'
import type { EntityGraph } from '../api/search.ts'
import { instant } from '../sql/instant.ts'
import { id, join, sql } from '../sql/sql.ts'
import { nowOf, waiting, type AskOptions } from './ask.ts'
import { entityKindOf } from './entity-list.ts'
import { columnsBeside } from './entity-others.ts'
import { eventsOf } from './entity-page.ts'
import { isPresent } from './field-summary.ts'
import { spanOf } from './moments.ts'
import { within } from './range.ts'
import { boundedGroups } from './values.ts'

export interface GraphRequest {
  readonly kind: string
  readonly value: string
  /** `2026-01-31`, UTC. Default: the day of its last event. */
  readonly day?: string
}

/** Of each kind, so many: a graph of more is a blot. */
const mostOfKind = 12
const dayMs = 86_400_000
/** What "never before" looks back on. */
const pastDays = 28

const nodeId = (kind: string, value: string): string => `${kind}:${value}`

/**
 * The entity, the others of that day (of each kind the twelve with the most events), and an edge to each. `fresh` are those it had nothing to do with in the 28 days before.
 *
 * @throws AppError `unknown-entity-kind`, `invalid-time`, `timed-out`, `cancelled`
 */
export const entityGraph = async (
  engine: Engine,
  request: GraphRequest,
  options: AskOptions = {},
): Promise<EntityGraph> => {
  const kind = entityKindOf(request.kind)
  const { value } = request
  const own = eventsOf(kind, value)
  const dayText = request.day ?? (await lastDay(engine, kind, value, options))
  const span = dayText === null ? null : spanOf(dayText, nowOf(options))
  if (dayText !== null && (span === null || span.toMs - span.fromMs !== dayMs))
    throw new AppError('invalid-time', { option: 'day', value: dayText.slice(0, 100) })
  const self = { id: nodeId(kind, value), kind, value, events: 0, fresh: false }
  if (span === null) return { day: '', nodes: [self], edges: [] }
  const day = new Date(span.fromMs).toISOString().slice(0, 10)
  const today = sql`${within(span)} AND ${own}`
  const beside = await columnsBeside(engine, today, options)
  const began = instant(span.fromMs)
  const wide = sql`${within({ fromMs: span.fromMs - pastDays * dayMs, toMs: span.toMs })} AND ${own}`
  const others =
    beside.length === 0
      ? []
      : await engine.rows<{ kind: EntityKind; value: string; events: number; fresh: number }>(
          sql`SELECT kind, value, sum(today) AS events, sum(before) = 0 AS fresh FROM (${join(
            beside.map(
              (one) =>
                sql`SELECT * FROM (SELECT ${one.kind} AS kind, toString(${id(one.name)}) AS value, countIf(timestamp >= ${began}) AS today, countIf(timestamp < ${began}) AS before FROM events WHERE ${wide} AND ${isPresent(one.name)} GROUP BY ${id(one.name)})`,
            ),
            ' UNION ALL ',
          )}) WHERE value NOT IN ${[value, `::ffff:${value}`]} GROUP BY kind, value HAVING events > 0 ORDER BY kind, events DESC, value LIMIT ${mostOfKind} BY kind`,
          waiting(options, boundedGroups),
        )
  const [total] = await engine.rows<{ events: number }>(
    sql`SELECT count() AS events FROM events WHERE ${today}`,
    waiting(options),
  )
  const nodes = others.map((one) => ({
    id: nodeId(one.kind, addressText(one.value)),
    kind: one.kind,
    value: addressText(one.value),
    events: one.events,
    fresh: one.fresh === 1,
  }))
  return {
    day,
    nodes: [{ ...self, events: total?.events ?? 0 }, ...nodes],
    edges: nodes.map((node) => ({ from: self.id, to: node.id, events: node.events, fresh: node.fresh })),
  }
}

const lastDay = async (
  engine: Engine,
  kind: EntityKind,
  value: string,
  options: AskOptions,
): Promise<string | null> => {
  const [row] = await engine.rows<{ day: string; events: number }>(
    sql`SELECT toString(toDate(max(timestamp))) AS day, count() AS events FROM events WHERE ${eventsOf(kind, value)}`,
    waiting(options),
  )
  return row === undefined || row.events === 0 ? null : row.day
}
