/**
 * What was loaded: new segments, as the table of segments lists them, with the kinds of events that are in them.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { instant } from '../sql/instant.ts'
import { join, sql } from '../sql/sql.ts'
import type { News } from './clock.ts'

export interface NewSegment {
  readonly segment: string
  /** When it was listed, by the engine's clock, ms since 1970. */
  readonly loadedMs: number
  readonly news: readonly News[]
}

/** The engine's clock, ms since 1970. */
export const engineNow = async (engine: Engine): Promise<number> => {
  const [row] = await engine.rows<{ now: number }>(sql`SELECT toUnixTimestamp64Milli(now64(3)) AS now`)
  return row?.now ?? 0
}

/** With more segments in one question, the engine refuses it as too long. */
export const mostSegments = 500

/** A segment may be seen a little later than its time says: it is asked for again for so long. */
export const lateMs = 5000
/** Where the engine is slow, much later: so far back is looked from time to time. */
const veryLateMs = 120_000
const lookBackEveryMs = 20_000

export interface Feed {
  /**
   * Segments that were not given before, in the order they were loaded.
   *
   * @param latestMs what claims to be later has a wrong clock, and is no news
   */
  readonly next: (latestMs: number, options: QueryOptions) => Promise<readonly NewSegment[]>
}

interface Row {
  readonly segment: string
  readonly loadedMs: number
  readonly firstMs: number
  readonly lastMs: number
  readonly lines: number
}

const newsOf = async (
  engine: Engine,
  rows: readonly Row[],
  latestMs: number,
  options: QueryOptions,
): Promise<ReadonlyMap<string, readonly News[]>> => {
  const timed = rows.filter(({ lastMs }) => lastMs > 0)
  if (timed.length === 0) return new Map()
  const from = Math.min(...timed.map(({ firstMs }) => firstMs))
  const to = Math.min(latestMs, Math.max(...timed.map(({ lastMs }) => lastMs)))
  const found = await engine.rows<News & { readonly segment: string }>(
    sql`SELECT segment, category, toUnixTimestamp64Milli(min(timestamp)) AS firstMs, toUnixTimestamp64Milli(max(timestamp)) AS lastMs, count() AS events FROM events WHERE category != 'reject' AND timestamp >= ${instant(from)} AND timestamp <= ${instant(to)} AND segment IN (${join(timed.map(({ segment }) => sql`${segment}`))}) GROUP BY segment, category ORDER BY segment, category`,
    options,
  )
  const bySegment = new Map<string, News[]>()
  for (const { segment, ...news } of found) bySegment.set(segment, [...(bySegment.get(segment) ?? []), news])
  return bySegment
}

/** @param fromMs segments loaded before are not news */
export const openFeed = (engine: Engine, fromMs: number): Feed => {
  let markMs = fromMs
  const given = new Map<string, number>()
  let lookedBackMs = performance.now()
  return {
    next: async (latestMs, options) => {
      const looksBack = performance.now() - lookedBackMs >= lookBackEveryMs
      if (looksBack) {
        lookedBackMs = performance.now()
        // The engine's clock may have been set back.
        markMs = Math.min(markMs, Math.max(fromMs, await engineNow(engine)))
      }
      const listed = await engine.rows<Row>(
        sql`SELECT segment, toUnixTimestamp64Milli(loaded) AS loadedMs, toUnixTimestamp64Milli(first) AS firstMs, toUnixTimestamp64Milli(last) AS lastMs, lines FROM segments WHERE loaded > ${instant(Math.max(fromMs, markMs - (looksBack ? veryLateMs : lateMs)))} ORDER BY loaded, segment LIMIT ${mostSegments + given.size}`,
        options,
      )
      const rows = listed.filter(({ segment }) => !given.has(segment)).slice(0, mostSegments)
      if (rows.length === 0) return []
      const news = await newsOf(engine, rows, latestMs, options)
      for (const { segment, loadedMs } of rows) {
        given.set(segment, loadedMs)
        markMs = Math.max(markMs, loadedMs)
      }
      for (const [segment, loadedMs] of given) if (loadedMs < markMs - 2 * veryLateMs) given.delete(segment)
      return rows.map(({ segment, loadedMs }) => ({ segment, loadedMs, news: news.get(segment) ?? [] }))
    },
  }
}
