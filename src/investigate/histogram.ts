/**
 * Events over time.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import type { Histogram } from '../api/search.ts'
import { sql } from '../sql/sql.ts'
import { ask, nowOf, waiting, type AskOptions } from './ask.ts'
import { compileQuery, spanOfQuery } from './compile.ts'
import { parseQuery } from './query/parse.ts'
import { askedSpan, overlap, spanOfEvents, within, type AskedRange } from './range.ts'

export interface HistogramRequest extends AskedRange {
  readonly q: string
  /** At most so many: 1 to 500. Default 100. */
  readonly buckets?: number
}

const second = 1000
const hour = 3_600_000
const day = 24 * hour

/** Widths that people count in. */
const widths = [1, 2, 5, 10, 50, 100, 500].concat(
  [1, 5, 10, 30, 60, 300, 600, 1800].map((seconds) => seconds * second),
  [1, 3, 6, 12].map((hours) => hours * hour),
  [1, 7, 30, 90, 365, 3650].map((days) => days * day),
)

/** The narrowest of the widths of which at most `most` cover a span, aligned to the width. */
export const bucketMsFor = (fromMs: number, toMs: number, most: number): number =>
  widths.find((width) => Math.ceil(toMs / width) - Math.floor(fromMs / width) <= most) ?? 36_500 * day

/**
 * Events by bucket, empty ones among them, over what was asked for; with an open end, as far as there are events.
 *
 * @throws AppError `invalid-query`, `invalid-time`, `timed-out`, `cancelled`
 */
export const countByTime = async (
  engine: Engine,
  request: HistogramRequest,
  options: AskOptions = {},
): Promise<Histogram> => {
  const startedMs = performance.now()
  const nowMs = nowOf(options)
  const query = parseQuery(request.q)
  const condition = compileQuery(query, nowMs)
  const asked = overlap(askedSpan(request, nowMs), spanOfQuery(query, nowMs))
  const open = asked.fromMs === -Infinity || asked.toMs === Infinity
  const there = open ? await spanOfEvents(engine, options.signal) : asked
  const fromMs = asked.fromMs === -Infinity ? Math.min(there.fromMs, asked.toMs) : asked.fromMs
  const toMs = asked.toMs === Infinity ? Math.max(there.toMs, fromMs) : asked.toMs
  const most = Math.min(500, Math.max(1, Math.trunc(request.buckets ?? 100)))
  const bucketMs = bucketMsFor(fromMs, toMs, most)
  const first = Math.floor(fromMs / bucketMs)
  const rows =
    toMs <= fromMs
      ? []
      : await ask<{ bucket: number; events: number }>(
          engine,
          query,
          sql`SELECT toInt64(floor(toUnixTimestamp64Milli(timestamp) / ${bucketMs})) AS bucket, count() AS events FROM events WHERE ${within({ fromMs, toMs })} AND ${condition} GROUP BY bucket`,
          waiting(options),
        )
  const counts = new Map(rows.map(({ bucket, events }) => [bucket, events]))
  const length = toMs <= fromMs ? 0 : Math.ceil(toMs / bucketMs) - first
  return {
    bucketMs,
    buckets: Array.from({ length }, (_, i) => ({
      time: new Date((first + i) * bucketMs).toISOString(),
      events: counts.get(first + i) ?? 0,
    })),
    total: rows.reduce((sum, { events }) => sum + events, 0),
    seconds: (performance.now() - startedMs) / 1000,
  }
}
