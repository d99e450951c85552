/**
 * The list of segments, kept short. A stream that is written into lists a segment a second: after a month there would be millions, and
 * every look at what is new goes through them.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { dayEnding, dayNote, endOfRow, noHead, startOfRow } from '../ingest/segments.ts'
import { segmentsTable } from '../schema/tables.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'

/** A stream's last days stay as they are: `recover` may have something to do there. */
const openDays = 2

/** So many days of streams are named in one statement. */
const mostAtOnce = 200

interface StreamDay {
  readonly stream: string
  readonly source: string
  readonly format: string
  readonly day: string
  /**
   * How far the rows for the day go that are listed, in lines of the stream: single rows before it are what a crash kept
   * from being removed. Later ones came when a clock was set back.
   */
  readonly listed: number
  /** How far its single rows go. */
  readonly end: number
}

const day = sql`toString(toDate(loaded, 'UTC'))`
/** Segments of streams, each its own row still. What waits for its format is read again by their names. */
const single = sql`note = '' AND head = ${noHead} AND format != ''`
/** A row that stands for what a stream listed on a day. */
const wholeDay = sql`endsWith(segment, ${dayEnding})`

/** Past days of streams in which there is more than one row. A clock that was ahead once doesn't make today one of them. */
const daysToCompact = (engine: Engine): Promise<StreamDay[]> =>
  engine.rows<StreamDay>(
    sql`SELECT fingerprint AS stream, source, format, ${day} AS day, maxIf(${endOfRow}, ${wholeDay}) AS listed, maxIf(${endOfRow}, ${single}) AS end FROM ${id(segmentsTable.name)} AS s GLOBAL INNER JOIN (SELECT fingerprint, least(max(loaded), now64(3, 'UTC')) - toIntervalDay(${openDays}) AS settled FROM ${id(segmentsTable.name)} GROUP BY fingerprint) AS ends USING fingerprint WHERE toDate(loaded, 'UTC') < toDate(settled, 'UTC') AND (${single} OR ${wholeDay}) GROUP BY stream, source, format, day HAVING count() > 1 AND countIf(${single}) > 0 ORDER BY stream, day, listed, end`,
  )

/** Their single rows, from a line of the stream on. */
const singlesOf = (days: readonly StreamDay[], from: (one: StreamDay) => number): Sql =>
  sql`${single} AND (${join(
    days.map(
      (one) =>
        sql`(fingerprint = ${one.stream} AND source = ${one.source} AND format = ${one.format} AND ${day} = ${one.day} AND ${startOfRow} >= ${from(one)} AND ${startOfRow} < ${one.end})`,
    ),
    ' OR ',
  )})`

/** One row for each, named after the first segment in it. How far the stream is stays known. */
const listDays = (engine: Engine, days: readonly StreamDay[]): Promise<void> =>
  engine.run(
    sql`INSERT INTO ${id(segmentsTable.name)} (${join(segmentsTable.columns.map(({ name }) => id(name)))}) SELECT concat(argMin(s.segment, s.start), ${dayEnding}) AS segment, source, format, fingerprint, ${noHead} AS head, sum(s.lines) AS lines, sum(s.rejected) AS rejected, minIf(s.first, s.lines > s.rejected) AS first, max(s.last) AS last, ${dayNote(sql`day`, sql`max(s.end)`)} AS note, max(s.loaded) AS loaded FROM (SELECT segment, source, format, fingerprint, lines, rejected, first, last, loaded, ${startOfRow} AS start, ${endOfRow} AS end, ${day} AS day FROM ${id(segmentsTable.name)} WHERE ${singlesOf(days, ({ listed }) => listed)}) AS s GROUP BY fingerprint, source, format, day`,
  )

/**
 * Lists the segments of a stream's past days as one row a day, for each source and format. Their events stay as they are.
 *
 * @returns how many rows for a day there was something to do for
 */
export const compactSegments = async (engine: Engine): Promise<number> => {
  const all = await daysToCompact(engine)
  for (let from = 0; from < all.length; from += mostAtOnce) {
    const days = all.slice(from, from + mostAtOnce)
    const unlisted = days.filter(({ listed, end }) => listed < end)
    if (unlisted.length > 0) await listDays(engine, unlisted)
    await engine.deleteRows(
      segmentsTable,
      singlesOf(days, () => 0),
    )
  }
  return all.length
}
