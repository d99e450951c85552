/**
 * What was loaded: new segments, as the table of segments lists them, with the kinds of events that are in them.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { instant } from '../sql/instant.ts'
import { join, sql, type Sql } from '../sql/sql.ts'
import type { News } from './clock.ts'

export interface NewSegment {
  readonly segment: string
  /** When it was listed, by the engine's clock, ms since 1970. */
  readonly loadedMs: number
  readonly news: readonly News[]
  /** What of it is later than any clock may be, as far as it was asked for: it is given when its time has come. */
  readonly ahead: readonly News[]
  /** Null: it is given whole. Parts of segments are of one time, and new in it, where this is the same. */
  readonly part: string | null
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
/** What is listed as later than this was listed before the engine's clock was set back. */
const laterMs = 60_000
/** Of which categories events are that are too far ahead is asked this often at most. */
const askAheadEveryMs = 60_000
/** After a leap of the clock there is too much for the quick lane. */
const leapMs = 3_600_000
/** A segment that is listed no more after so long is one with others of its day. */
const mergedAfterMs = 86_400_000

export interface FeedStart {
  /** Segments that were loaded before are not news. */
  readonly fromMs: number
  /** Up to when events of these were seen. */
  readonly seenToMs: number
  /** The latest of their events, by what they claim. */
  readonly furthestMs: number
}

export interface Feed {
  /**
   * Segments that were not given before, in the order they were loaded; before them, what was too far ahead and is not any more.
   *
   * @param latestMs what claims to be later has a wrong clock, and is no news until then
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

interface SegmentNews extends News {
  readonly segment: string
}

const newsColumns = sql`category, toUnixTimestamp64Milli(min(timestamp)) AS firstMs, toUnixTimestamp64Milli(max(timestamp)) AS lastMs, count() AS events`

const bySegmentOf = (found: readonly SegmentNews[]): ReadonlyMap<string, readonly News[]> => {
  const bySegment = new Map<string, News[]>()
  for (const { segment, category, firstMs, lastMs, events } of found) {
    const own = bySegment.get(segment) ?? []
    own.push({ category, firstMs, lastMs, events })
    bySegment.set(segment, own)
  }
  return bySegment
}

/** The events of which something holds, whatever segments they are of. */
export const newsWhere = (engine: Engine, what: Sql, options: QueryOptions = {}): Promise<readonly News[]> =>
  engine.rows<News>(
    sql`SELECT ${newsColumns} FROM events WHERE category != 'reject' AND ${what} GROUP BY category ORDER BY category`,
    options,
  )

/** After one time and not after another. */
const between = (afterMs: number, toMs: number): Sql =>
  sql`timestamp > ${instant(afterMs)} AND timestamp <= ${instant(toMs)}`

/** The events of segments that are not before the first time and not after the second. */
const newsOf = async (
  engine: Engine,
  rows: readonly Row[],
  [leastMs, mostMs]: readonly [number, number],
  options: QueryOptions,
): Promise<ReadonlyMap<string, readonly News[]>> => {
  const timed = rows.filter(({ lastMs }) => lastMs > 0)
  const from = Math.max(leastMs, Math.min(...timed.map(({ firstMs }) => firstMs)))
  const to = Math.min(mostMs, Math.max(...timed.map(({ lastMs }) => lastMs)))
  if (timed.length === 0 || from > to) return new Map()
  const found = await engine.rows<SegmentNews>(
    sql`SELECT segment, ${newsColumns} FROM events WHERE category != 'reject' AND timestamp >= ${instant(from)} AND timestamp <= ${instant(to)} AND segment IN (${join(timed.map(({ segment }) => sql`${segment}`))}) GROUP BY segment, category ORDER BY segment, category`,
    options,
  )
  return bySegmentOf(found)
}

/** The latest events of segments of which some are too far ahead. */
const aheadIn = (
  engine: Engine,
  late: readonly Row[],
  seenToMs: number,
  options: QueryOptions,
): Promise<ReadonlyMap<string, readonly News[]>> => {
  const lastMs = Math.min(...late.map((row) => row.lastMs))
  return newsOf(engine, late, [Math.max(seenToMs + 1, lastMs - 60_000), Number.POSITIVE_INFINITY], options)
}

interface Come {
  readonly segment: string
  readonly loadedMs: number
  readonly isListed: boolean
  readonly news: readonly News[]
}

/** The events of a time, by segment. */
const comeIn = async (engine: Engine, time: Sql, options: QueryOptions): Promise<readonly Come[]> => {
  const inTime = sql`category != 'reject' AND ${time}`
  const found = await engine.rows<SegmentNews & { readonly ingestedMs: number }>(
    sql`SELECT segment, ${newsColumns}, toUnixTimestamp64Milli(max(ingested)) AS ingestedMs FROM events WHERE ${inTime} GROUP BY segment, category ORDER BY segment, category`,
    options,
  )
  if (found.length === 0) return []
  const listed = await engine.rows<{ segment: string; loadedMs: number }>(
    sql`SELECT segment, toUnixTimestamp64Milli(loaded) AS loadedMs FROM segments WHERE segment GLOBAL IN (SELECT segment FROM events WHERE ${inTime})`,
    options,
  )
  const loaded = new Map(listed.map(({ segment, loadedMs }) => [segment, loadedMs]))
  const ingested = new Map(found.map(({ segment, ingestedMs }) => [segment, ingestedMs]))
  return [...bySegmentOf(found)].map(([segment, news]) => ({
    segment,
    loadedMs: loaded.get(segment) ?? ingested.get(segment) ?? 0,
    isListed: loaded.has(segment),
    news,
  }))
}

export const openFeed = (engine: Engine, start: FeedStart): Feed => {
  let { fromMs, seenToMs, furthestMs } = start
  let markMs = fromMs
  const given = new Map<string, number>()
  /** What was loaded before is not in `given` any more, or was there before the start. */
  let forgottenMs = fromMs + 1
  let lookedBackMs = performance.now()
  let askedAheadMs = 0

  /** The engine's clock may have been set back. */
  const followClock = async (sinceMs: number, options: QueryOptions): Promise<void> => {
    const nowMs = await engineNow(engine)
    if (nowMs >= markMs) return
    // What was listed since it was asked last is news, though by its time it is from before the start.
    fromMs = Math.min(fromMs, Math.floor(nowMs - sinceMs) - lateMs)
    if (markMs - nowMs > laterMs) {
      const before = await engine.rows<Pick<Row, 'segment' | 'loadedMs'>>(
        sql`SELECT segment, toUnixTimestamp64Milli(loaded) AS loadedMs FROM segments WHERE loaded > ${instant(nowMs + lateMs)}`,
        options,
      )
      // Their times will come again.
      for (const { segment, loadedMs } of before) given.set(segment, loadedMs)
      forgottenMs = Math.min(forgottenMs, fromMs)
    }
    markMs = nowMs
  }

  /** Of what was given or is older than that, the events that were too far ahead until now. */
  const timeHasCome = async (toMs: number, options: QueryOptions): Promise<readonly NewSegment[]> => {
    if (toMs <= seenToMs || furthestMs <= seenToMs) return []
    const part = `come by ${toMs}`
    if (toMs - seenToMs > leapMs) {
      // Of no segment: the quick lane finds nothing in it, the thorough one looks back so far.
      const news = await newsWhere(engine, between(seenToMs, toMs), options)
      return news.length === 0 ? [] : [{ segment: '', loadedMs: markMs, news, ahead: [], part }]
    }
    const come = await comeIn(engine, between(seenToMs, toMs), options)
    return come
      .filter(
        ({ segment, loadedMs, isListed }) =>
          given.has(segment) || loadedMs < (isListed ? forgottenMs : markMs - mergedAfterMs),
      )
      .map(({ segment, loadedMs, news }) => ({ segment, loadedMs, news, ahead: [], part }))
  }

  return {
    next: async (latestMs, options) => {
      const sinceMs = performance.now() - lookedBackMs
      const looksBack = sinceMs >= lookBackEveryMs
      if (looksBack) {
        await followClock(sinceMs, options)
        lookedBackMs += sinceMs
      }
      const toMs = Math.max(seenToMs, latestMs)
      const come = await timeHasCome(toMs, options)
      const listed = await engine.rows<Row>(
        sql`SELECT segment, toUnixTimestamp64Milli(loaded) AS loadedMs, toUnixTimestamp64Milli(first) AS firstMs, toUnixTimestamp64Milli(last) AS lastMs, lines FROM segments WHERE loaded > ${instant(Math.max(fromMs, markMs - (looksBack ? veryLateMs : lateMs)))} AND loaded <= now64(3) + toIntervalMillisecond(${laterMs}) ORDER BY loaded, segment LIMIT ${mostSegments + given.size}`,
        options,
      )
      const rows = listed.filter(({ segment }) => !given.has(segment)).slice(0, mostSegments)
      const news = await newsOf(engine, rows, [Number.NEGATIVE_INFINITY, toMs], options)
      const late = rows.filter(({ lastMs }) => lastMs > toMs)
      const asksAhead = late.length > 0 && Math.abs(latestMs - askedAheadMs) >= askAheadEveryMs
      const ahead = asksAhead ? await aheadIn(engine, late, toMs, options) : new Map<string, News[]>()
      if (asksAhead) askedAheadMs = latestMs
      seenToMs = toMs
      const part = `up to ${toMs}`
      for (const { segment, loadedMs, lastMs } of rows) {
        given.set(segment, loadedMs)
        markMs = Math.max(markMs, loadedMs)
        furthestMs = Math.max(furthestMs, lastMs)
      }
      forgottenMs = Math.max(forgottenMs, markMs - 2 * veryLateMs)
      for (const [segment, loadedMs] of given) if (loadedMs < forgottenMs) given.delete(segment)
      const fresh = rows.map(({ segment, loadedMs, lastMs }): NewSegment => ({
        segment,
        loadedMs,
        news: news.get(segment) ?? [],
        ahead: ahead.get(segment) ?? [],
        part: lastMs > toMs ? part : null,
      }))
      return [...come, ...fresh]
    },
  }
}
