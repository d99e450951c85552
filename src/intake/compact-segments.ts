/**
 * The list of segments, kept short. A stream that is written into lists a segment a second: after a month there would be millions, and
 * every look at what is new goes through them.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { dayEnding, noHead } from '../ingest/segments.ts'
import { segmentsTable } from '../schema/tables.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'

/** A stream's last days stay as they are: `recover` may have something to do there. */
const openDays = 2

/** So many days of streams are named in one statement. */
const mostAtOnce = 200

interface StreamDay {
  readonly stream: string
  readonly day: string
  /** Whether a row for the whole day is listed: a crash came before what it stands for was removed. */
  readonly listed: boolean
}

const day = sql`toString(toDate(loaded, 'UTC'))`
const start = sql`toUInt64OrZero(splitByChar('.', segment)[2])`
/** Segments of streams, each its own row still. What waits for its format is read again by their names. */
const single = sql`note = '' AND head = ${noHead} AND format != ''`
/** A row that stands for all that a stream listed on a day. */
const wholeDay = sql`endsWith(segment, ${dayEnding})`

/** Past days of streams in which there is more than one row. */
const daysToCompact = (engine: Engine): Promise<StreamDay[]> =>
  engine.rows<StreamDay>(
    sql`SELECT fingerprint AS stream, ${day} AS day, max(${wholeDay}) = 1 AS listed FROM ${id(segmentsTable.name)} AS s GLOBAL INNER JOIN (SELECT fingerprint, max(loaded) - toIntervalDay(${openDays}) AS settled FROM ${id(segmentsTable.name)} GROUP BY fingerprint) AS ends USING fingerprint WHERE toDate(loaded, 'UTC') < toDate(settled, 'UTC') AND (${single} OR ${wholeDay}) GROUP BY stream, day HAVING count() > 1 AND countIf(${single}) > 0 ORDER BY stream, day`,
  )

const isOneOf = (days: readonly StreamDay[]): Sql =>
  sql`(${join(
    days.map(({ stream, day: its }) => sql`(fingerprint = ${stream} AND ${day} = ${its})`),
    ' OR ',
  )})`

/** One row for each format and source of a stream's day; named after the first segment, so that how far the stream is stays known. */
const listDays = (engine: Engine, days: readonly StreamDay[]): Promise<void> =>
  engine.run(
    sql`INSERT INTO ${id(segmentsTable.name)} (${join(segmentsTable.columns.map(({ name }) => id(name)))}) SELECT concat(argMin(s.segment, s.start), ${dayEnding}) AS segment, source, format, fingerprint, ${noHead} AS head, sum(s.lines) AS lines, sum(s.rejected) AS rejected, minIf(s.first, s.lines > s.rejected) AS first, max(s.last) AS last, concat('all of ', day) AS note, max(s.loaded) AS loaded FROM (SELECT segment, source, format, fingerprint, lines, rejected, first, last, loaded, ${start} AS start, ${day} AS day FROM ${id(segmentsTable.name)} WHERE ${single} AND ${isOneOf(days)}) AS s GROUP BY fingerprint, source, format, day`,
  )

/**
 * Lists the segments of a stream's past days as one row a day. Their events stay as they are.
 *
 * @returns how many days of streams were put together
 */
export const compactSegments = async (engine: Engine): Promise<number> => {
  const all = await daysToCompact(engine)
  for (let from = 0; from < all.length; from += mostAtOnce) {
    const days = all.slice(from, from + mostAtOnce)
    const unlisted = days.filter(({ listed }) => !listed)
    if (unlisted.length > 0) await listDays(engine, unlisted)
    await engine.deleteRows(segmentsTable, sql`${single} AND ${isOneOf(days)}`)
  }
  return all.length
}
