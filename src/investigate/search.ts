/**
 * Events that a query finds, a page at a time. The newest events are looked at first, a stretch of time after the other, and
 * the search ends where the page is full: what is found often is found in a moment, however much there is.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import type { EventRow, SearchResult } from '../api/search.ts'
import { instant } from '../sql/instant.ts'
import { raw, sql, type Sql } from '../sql/sql.ts'
import { ask, nowOf, waiting, type AskOptions } from './ask.ts'
import { compileQuery, spanOfQuery } from './compile.ts'
import { eventColumns, eventRow, keyOf, type EventKey, type RawEvent } from './event-row.ts'
import { clampMs, type Span } from './moments.ts'
import { parseQuery } from './query/parse.ts'
import { askedSpan, overlap, spanOfEvents, within, type AskedRange } from './range.ts'

export type Order = 'newest' | 'oldest'

export interface SearchRequest extends AskedRange {
  /** Empty finds everything. */
  readonly q: string
  /** Events of a page: 1 to 500. Default 100. */
  readonly limit?: number
  /** `next` of the page before. */
  readonly cursor?: string
  readonly order?: Order
}

const mostRows = 500
/** About so many events are looked at first; then four times as many, and so on. */
const firstLook = 500_000
const growth = 4

const after = (key: EventKey, order: Order): Sql => {
  const sign = raw(order === 'newest' ? '<' : '>')
  const at = instant(clampMs(key.ms))
  return sql`(timestamp ${sign} ${at} OR (timestamp = ${at} AND (segment, line_number) ${sign} (${key.segment}, ${key.line})))`
}

/**
 * Stretches of time that cover a span from its newer end (or its older one), each longer than the one before. What lies
 * outside of the time of events belongs to the last.
 */
export const stretches = (
  span: Span,
  there: Span & { readonly events: number },
  order: Order,
): readonly Span[] => {
  const { fromMs, toMs } = overlap(span, there)
  if (toMs <= fromMs) return [span]
  const perMs = there.events / Math.max(1, there.toMs - there.fromMs)
  const edges: number[] = []
  let width = Math.max(1000, firstLook / Math.max(perMs, 1e-9))
  for (let looked = width; looked < toMs - fromMs; looked += width) {
    edges.push(Math.round(order === 'newest' ? toMs - looked : fromMs + looked))
    width *= growth
  }
  const [first, last] = order === 'newest' ? [span.toMs, span.fromMs] : [span.fromMs, span.toMs]
  const ends = [first, ...edges, last]
  return ends.slice(1).map((end, i) => {
    const begin = ends[i] ?? first
    return order === 'newest' ? { fromMs: end, toMs: begin } : { fromMs: begin, toMs: end }
  })
}

/** Only the rows of the page are read whole. */
const pageSettings = { query_plan_max_limit_for_lazy_materialization: 1000 }

/**
 * @throws AppError `invalid-query`, `invalid-time`, `invalid-event-id` (of the cursor), `timed-out`, `cancelled`
 */
export const searchEvents = async (
  engine: Engine,
  request: SearchRequest,
  options: AskOptions = {},
): Promise<SearchResult> => {
  const startedMs = performance.now()
  const nowMs = nowOf(options)
  const order = request.order ?? 'newest'
  const limit = Math.min(mostRows, Math.max(1, Math.trunc(request.limit ?? 100)))
  const query = parseQuery(request.q)
  const condition = compileQuery(query, nowMs)
  const key = request.cursor === undefined ? null : keyOf(request.cursor)
  const passed: Span =
    key === null
      ? { fromMs: -Infinity, toMs: Infinity }
      : order === 'newest'
        ? { fromMs: -Infinity, toMs: key.ms + 1 }
        : { fromMs: key.ms, toMs: Infinity }
  const span = [askedSpan(request, nowMs), spanOfQuery(query, nowMs), passed].reduce(overlap)
  const there = await spanOfEvents(engine, options.signal)
  const found: EventRow[] = []
  for (const stretch of span.toMs <= span.fromMs ? [] : stretches(span, there, order)) {
    const direction = raw(order === 'newest' ? 'DESC' : 'ASC')
    const where = sql`${within(stretch)} AND ${condition} AND ${key === null ? raw('1') : after(key, order)}`
    const rows = await ask<RawEvent>(
      engine,
      query,
      sql`SELECT ${eventColumns} FROM events WHERE ${where} ORDER BY timestamp ${direction}, segment ${direction}, line_number ${direction} LIMIT ${limit + 1 - found.length}`,
      waiting(options, pageSettings),
    )
    for (const row of rows) found.push(eventRow(row))
    if (found.length > limit) break
  }
  const events = found.slice(0, limit)
  const last = events.at(-1)
  return {
    events,
    next: found.length > limit && last !== undefined ? last.id : null,
    seconds: (performance.now() - startedMs) / 1000,
  }
}

/** One event with all it has; null where there is none of that id. */
export const findEvent = async (
  engine: Engine,
  eventId: string,
  options: AskOptions = {},
): Promise<EventRow | null> => {
  const { ms, segment, line } = keyOf(eventId)
  const [row] = await engine.rows<RawEvent>(
    sql`SELECT ${eventColumns} FROM events WHERE timestamp = ${instant(clampMs(ms))} AND segment = ${segment} AND line_number = ${line} LIMIT 1`,
    waiting(options),
  )
  return row === undefined ? null : eventRow(row)
}
