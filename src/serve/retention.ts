/**
 * How long events are kept: so many days, and at most so many bytes; the oldest go first.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { eventsTable, segmentsTable, suspectsTable } from '../schema/tables.ts'
import { instant } from '../sql/instant.ts'
import { sql } from '../sql/sql.ts'

export interface Retention {
  readonly days: number
  /** Null: no limit. */
  readonly bytes: number | null
}

export interface Kept {
  /** Events before this are gone, ms since 1970; null where nothing had to go. */
  readonly fromMs: number | null
  readonly bytes: number
}

const dayMs = 86_400_000

/** A line that was not understood has no time of its own: it is as old as it has been here. */
const when = sql`if(category = 'reject', ingested, timestamp)`

/** Rows that were deleted stay on the disk until so large a share of all are such; to rewrite a table for fewer is not worth it. */
const staleShare = 0.1

/** The bytes of all events, with the rows on disk, deleted ones among them, and how many events there are of each day, the oldest first. */
const measure = async (engine: Engine) => {
  const [size] = await engine.rows<{ bytes: number; rows: number }>(
    sql`SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('events', 'events_local')`,
  )
  const days = await engine.rows<{ dayMs: number; events: number }>(
    sql`SELECT toUnixTimestamp(toStartOfDay(${when})) * 1000 AS dayMs, count() AS events FROM events GROUP BY dayMs ORDER BY dayMs`,
  )
  return { bytes: size?.bytes ?? 0, rows: size?.rows ?? 0, days }
}

/**
 * From when on events fit into so many bytes, by whole days. The last day always stays, and so does what claims to be later than now.
 *
 * @param nowMs the machine's clock, ms since 1970
 */
export const startFor = (
  days: readonly { readonly dayMs: number; readonly events: number }[],
  bytes: number,
  mostBytes: number,
  nowMs: number,
): number | null => {
  const events = days.reduce((sum, day) => sum + day.events, 0)
  let over = ((bytes - mostBytes) / Math.max(1, bytes)) * events
  const past = days.filter((day) => day.dayMs <= nowMs)
  for (const [i, day] of past.entries()) {
    if (over <= 0 || i === past.length - 1) return i === 0 ? null : day.dayMs
    over -= day.events
  }
  return null
}

/**
 * Removes what is too old or too much, with the rejects and segments of that time. Times that lie in the future by a wrong clock stay
 * until they are past.
 *
 * @param nowMs the machine's clock, ms since 1970
 */
export const keepWithin = async (engine: Engine, retention: Retention, nowMs: number): Promise<Kept> => {
  const { bytes: onDisk, rows, days } = await measure(engine)
  const events = days.reduce((sum, day) => sum + day.events, 0)
  // On a cluster these are the parts of one node only: there the disk is given back each time.
  const isOwn = engine.kind === 'embedded'
  const stale = isOwn ? Math.max(0, 1 - events / Math.max(1, rows)) : 0
  // What is deleted already must not have more deleted in its place.
  const bytes = onDisk * (1 - stale)
  const byAge = nowMs - retention.days * dayMs
  const bySize =
    retention.bytes !== null && bytes > retention.bytes ? startFor(days, bytes, retention.bytes, nowMs) : null
  const oldest = days[0]?.dayMs
  const fromMs = Math.max(byAge, bySize ?? Number.NEGATIVE_INFINITY)
  if (oldest === undefined || oldest + dayMs > fromMs) {
    if (stale >= staleShare) await engine.reclaim(eventsTable)
    return { fromMs: null, bytes }
  }
  const before = instant(fromMs)
  await engine.deleteRows(eventsTable, sql`${when} < ${before}`)
  // A segment is listed for as long as any of its lines may be there: a file that is read again is not read twice.
  await engine.deleteRows(segmentsTable, sql`last < ${before} AND loaded < ${before}`)
  await engine.deleteRows(suspectsTable, sql`last < ${before}`)
  const gone = days.filter((day) => day.dayMs + dayMs <= fromMs).reduce((sum, day) => sum + day.events, 0)
  if (!isOwn || stale + gone / Math.max(1, rows) >= staleShare) await engine.reclaim(eventsTable)
  return { fromMs, bytes }
}
