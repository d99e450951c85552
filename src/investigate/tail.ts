/**
 * Events as they come in. What is new is known from the segments that are listed as whole, so nothing is shown twice, and
 * nothing that may be taken back.
 *
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import { segmentsTable } from '../schema/tables.ts'
import type { EventRow } from '../api/search.ts'
import { instant } from '../sql/instant.ts'
import { id, sql } from '../sql/sql.ts'
import { ask, nowOf, waiting, type AskOptions } from './ask.ts'
import { compileQuery } from './compile.ts'
import { eventColumns, eventRow, type RawEvent } from './event-row.ts'
import { parseQuery } from './query/parse.ts'
import { within } from './range.ts'

export interface TailRequest {
  readonly q: string
  /** Between two looks. Default 1000. */
  readonly everyMs?: number
  /** Of each look, the newest so many. Default 100. */
  readonly limit?: number
}

interface Listed {
  readonly segment: string
  readonly loadedMs: number
  readonly firstMs: number
  readonly lastMs: number
}

/** Segments may be seen a little later than they say. */
const overlapMs = 10_000
const mostSegments = 500

const listedSince = (engine: Engine, loadedMs: number, options: AskOptions): Promise<Listed[]> =>
  engine.rows<Listed>(
    sql`SELECT segment, toUnixTimestamp64Milli(loaded) AS loadedMs, toUnixTimestamp64Milli(first) AS firstMs, toUnixTimestamp64Milli(last) AS lastMs FROM ${id(segmentsTable.name)} WHERE loaded >= ${instant(loadedMs)} ORDER BY loaded DESC LIMIT ${mostSegments}`,
    waiting(options),
  )

const markOf = (listed: readonly Listed[], before: number): number =>
  listed.reduce((mark, { loadedMs }) => Math.max(mark, loadedMs), before)

const eventsOf = async (
  engine: Engine,
  request: TailRequest,
  listed: readonly Listed[],
  options: AskOptions,
): Promise<EventRow[]> => {
  const query = parseQuery(request.q)
  const condition = compileQuery(query, nowOf(options))
  const fromMs = Math.min(...listed.map(({ firstMs }) => firstMs))
  const toMs = Math.max(...listed.map(({ lastMs }) => lastMs)) + 1
  const rows = await ask<RawEvent>(
    engine,
    query,
    sql`SELECT ${eventColumns} FROM events WHERE ${within({ fromMs, toMs })} AND segment IN ${listed.map(({ segment }) => segment)} AND ${condition} ORDER BY timestamp DESC, segment DESC, line_number DESC LIMIT ${request.limit ?? 100}`,
    waiting(options, { query_plan_max_limit_for_lazy_materialization: 1000 }),
  )
  return rows.map(eventRow).toReversed()
}

/**
 * Events that are loaded from now on, oldest first, a look at a time, until `signal` fires. A look that finds nothing is left
 * out.
 *
 * @throws AppError `invalid-query` at once, and the engine's
 */
export async function* followEvents(
  engine: Engine,
  request: TailRequest,
  options: AskOptions & { readonly signal: AbortSignal },
): AsyncGenerator<EventRow[]> {
  compileQuery(parseQuery(request.q), nowOf(options))
  try {
    const [latest] = await engine.rows<{ loadedMs: number }>(
      sql`SELECT toUnixTimestamp64Milli(max(loaded)) AS loadedMs FROM ${id(segmentsTable.name)}`,
      waiting(options),
    )
    let mark = latest?.loadedMs ?? 0
    let seen = new Set((await listedSince(engine, mark - overlapMs, options)).map(({ segment }) => segment))
    while (!options.signal.aborted) {
      await pause(request.everyMs ?? 1000, undefined, { signal: options.signal })
      const listed = await listedSince(engine, mark - overlapMs, options)
      const fresh = listed.filter(({ segment }) => !seen.has(segment))
      mark = markOf(listed, mark)
      seen = new Set(listed.map(({ segment }) => segment))
      if (fresh.length === 0) continue
      const events = await eventsOf(engine, request, fresh, options)
      if (events.length > 0) yield events
    }
  } catch (error) {
    // The end that was asked for.
    if (options.signal.aborted && (isAbort(error) || isCancelled(error))) return
    throw error
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'

const isCancelled = (error: unknown): boolean => error instanceof AppError && error.code === 'cancelled'
