/**
 * The time that is looked at: as it was asked for, and as far as there are events.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import { segmentsTable } from '../schema/tables.ts'
import { instant } from '../sql/instant.ts'
import { id, raw, sql, type Sql } from '../sql/sql.ts'
import { clampMs, spanOf, type Span } from './moments.ts'

/** As in the address bar: `2026-01-31T08:00Z`, `24h` (before now), `now`; nothing means no end on that side. */
export interface AskedRange {
  readonly from?: string
  readonly to?: string
}

const momentOf = (text: string, option: string, nowMs: number): Span => {
  const span = spanOf(text, nowMs)
  if (span === null) throw new AppError('invalid-time', { option, value: text.slice(0, 100) })
  return span
}

/**
 * Ends that were not asked for are infinite. A day as the end is in it.
 *
 * @throws AppError `invalid-time`
 */
export const askedSpan = (range: AskedRange, nowMs: number): Span => ({
  fromMs: range.from === undefined ? -Infinity : momentOf(range.from, 'from', nowMs).fromMs,
  toMs: range.to === undefined ? Infinity : momentOf(range.to, 'to', nowMs).toMs,
})

/** The ends of what there is. Lines that no parser understood have no time, and are not in it. */
export const spanOfEvents = async (
  engine: Engine,
  signal?: AbortSignal,
): Promise<Span & { events: number }> => {
  const [row] = await engine.rows<{ fromMs: number; toMs: number; events: number }>(
    sql`SELECT toUnixTimestamp64Milli(min(first)) AS fromMs, toUnixTimestamp64Milli(max(last)) + 1 AS toMs, toInt64(sum(lines)) AS events FROM ${id(segmentsTable.name)} WHERE first != fromUnixTimestamp64Milli(0, 'UTC')`,
    { interactive: true, ...(signal === undefined ? {} : { signal }) },
  )
  return row === undefined || row.events === 0 ? { fromMs: 0, toMs: 0, events: 0 } : row
}

export const overlap = (a: Span, b: Span): Span => ({
  fromMs: Math.max(a.fromMs, b.fromMs),
  toMs: Math.min(a.toMs, b.toMs),
})

const at = (ms: number): Sql => instant(clampMs(ms))

/** Events of a stretch of time; both ends may be infinite. */
export const within = (span: Span): Sql => {
  const from = span.fromMs === -Infinity ? raw('1') : sql`timestamp >= ${at(span.fromMs)}`
  const to = span.toMs === Infinity ? raw('1') : sql`timestamp < ${at(span.toMs)}`
  return sql`${from} AND ${to}`
}
