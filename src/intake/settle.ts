import type { Engine } from '../engine/engine.ts'
import { endOfRow, segmentName } from '../ingest/segments.ts'
import { eventsTable, segmentsTable } from '../schema/tables.ts'
import type { Spool } from '../spool/spool.ts'
import { id, sql } from '../sql/sql.ts'
import { batchesOf } from './groups.ts'
import { discardSegments } from './store-parts.ts'

/** How far the listed segments of some streams go, in lines. */
const listedLines = async (engine: Engine, ids: readonly string[]): Promise<Map<string, number>> => {
  if (ids.length === 0) return new Map()
  const rows = await engine.rows<{ content: string; end: number }>(
    sql`SELECT fingerprint AS content, max(${endOfRow}) AS end FROM ${id(segmentsTable.name)} WHERE fingerprint IN ${ids} GROUP BY fingerprint`,
  )
  return new Map(rows.map(({ content, end }) => [content, end]))
}

/** Ends what a crash, or a failure in the middle of listing, may have left: listed and still in the spool, or half-loaded. */
export const settleSpool = async (engine: Engine, spool: Spool): Promise<void> => {
  const waiting = batchesOf(spool.ready())
  const ends = await listedLines(
    engine,
    waiting.map((batch) => batch.id),
  )
  for (const segment of spool.ready())
    if (segment.first + segment.lines <= (ends.get(segment.id) ?? 0)) await spool.done(segment)
  const names = batchesOf(spool.ready()).map((batch) => segmentName(batch.id, batch.first, false))
  if (names.length === 0) return
  const rows = await engine.rows<{ segment: string }>(
    sql`SELECT DISTINCT segment FROM ${id(eventsTable.name)} WHERE segment IN ${names}`,
  )
  if (rows.length > 0)
    await discardSegments(
      engine,
      rows.map(({ segment }) => segment),
    )
}
