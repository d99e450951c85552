/**
 * What has been loaded. A segment is a run of lines of one content; the segments of a content, one after the other, are
 * its chain. Only lines whose segment is listed count.
 *
 * @module
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { eventsTable, segmentsTable } from '../schema/tables.ts'
import { instant } from '../sql/instant.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'

export interface Segment {
  /** `<content>.<first line, from 0>`, and `.open` for a last line that had no line end yet. Never random: a rerun is the same. */
  readonly segment: string
  readonly content: string
  readonly start: number
  readonly open: boolean
  readonly source: string
  readonly format: string
  readonly head: string
  readonly lines: number
  readonly rejected: number
  /** Milliseconds since 1970, UTC; both 0 where there is no event in it. */
  readonly firstMs: number
  readonly lastMs: number
  readonly note: string
}

/** Everything read of one content, from its first line on. */
export interface Chain {
  readonly content: string
  readonly segments: readonly Segment[]
}

/** The head of what is no file but a stream: none begins as it does. */
export const noHead = '-:1:-'

export const segmentName = (content: string, start: number, open: boolean): string =>
  `${content}.${start}${open ? '.open' : ''}`

const fromName = (segment: string): Pick<Segment, 'content' | 'start' | 'open'> => {
  const [content = segment, start = '0', open] = segment.split('.')
  return { content, start: Number(start), open: open === 'open' }
}

export const linesOf = (chain: Chain): number =>
  chain.segments.reduce((sum, segment) => sum + segment.lines, 0)

/** The chain's last line, where it had no line end when it was read. */
export const openOf = (chain: Chain): Segment | undefined => chain.segments.find((segment) => segment.open)

/** All chains, by content. */
export const readChains = async (engine: Engine): Promise<Map<string, Chain>> => {
  const rows = await engine.rows<Omit<Segment, 'content' | 'start' | 'open'>>(
    sql`SELECT segment, source, format, head, lines, rejected, toUnixTimestamp64Milli(first) AS firstMs, toUnixTimestamp64Milli(last) AS lastMs, note FROM ${id(segmentsTable.name)}`,
  )
  const segments = rows
    .map((row): Segment => ({ ...row, ...fromName(row.segment) }))
    .toSorted((a, b) => a.start - b.start)
  const chains = new Map<string, Chain>()
  for (const segment of segments) {
    const before = chains.get(segment.content)?.segments ?? []
    chains.set(segment.content, { content: segment.content, segments: [...before, segment] })
  }
  return chains
}

const rowOf = (segment: Segment): Sql =>
  sql`SELECT ${segment.segment} AS segment, ${segment.source} AS source, ${segment.format} AS format, ${segment.content} AS fingerprint, ${segment.head} AS head, toUInt64(${segment.lines}) AS lines, toUInt64(${segment.rejected}) AS rejected, ${instant(segment.firstMs)} AS first, ${instant(segment.lastMs)} AS last, ${segment.note} AS note, now64(3) AS loaded`

/** Lists segments as whole, all at once: from here on their lines count. */
export const commitSegments = async (engine: Engine, segments: readonly Segment[]): Promise<void> => {
  if (segments.length === 0) return
  const columns = segmentsTable.columns.map((column) => id(column.name))
  await engine.run(
    sql`INSERT INTO ${id(segmentsTable.name)} (${join(columns)}) ${join(segments.map(rowOf), ' UNION ALL ')}`,
  )
}

/** Takes a segment back. What a crash leaves of it, {@link recover} removes. */
export const dropSegment = async (engine: Engine, segment: string): Promise<void> => {
  await engine.deleteRows(segmentsTable, sql`segment = ${segment}`)
  await engine.deleteRows(eventsTable, sql`segment = ${segment}`)
}

/** Where copies of standard input and of damaged archives are kept while they are loaded. */
export const spoolFolder = (dataFolder: string): string => path.join(dataFolder, 'spool')

/** Ends the name of a row that lists segments of a stream's past day: all there were when it was made. */
export const dayEnding = '.day'

/** Ends the name of a segment of lines that were read again; it begins with that of the first segment they were in. */
export const againEnding = '.again'

const dayEnd = ', up to line '

/** The note of a row for a day: how far it goes, in lines of the stream. */
export const dayNote = (day: Sql, end: Sql): Sql =>
  sql`concat('all of ', ${day}, ${dayEnd}, toString(${end}))`

/** The first line of what a row of the list stands for, from 0. */
export const startOfRow = sql`toUInt64OrZero(splitByChar('.', segment)[2])`

/** The line after the last one. Between the segments of a day's row there may be others: its note says where it ends. */
export const endOfRow = sql`greatest(${startOfRow} + lines, toUInt64OrZero(splitByString(${dayEnd}, note)[2]))`

/**
 * Removes what a run that was cut short left behind: rows of `events` whose segment is not listed, and copies of what it
 * was reading. To be called once, after the tables are there and before sources are looked for.
 *
 * @param contents what to look at, where others may be loading other contents just now. Default: everything
 * @returns the names of the segments that were removed
 */
export const recover = async (
  engine: Engine,
  dataFolder?: string,
  contents?: readonly string[],
): Promise<string[]> => {
  if (dataFolder !== undefined) await rm(spoolFolder(dataFolder), { recursive: true, force: true })
  if (contents?.length === 0) return []
  const ofContents =
    contents === undefined ? raw('') : sql` AND splitByChar('.', segment)[1] IN ${[...contents]}`
  // What lies before the last day that is listed as one was looked at before it was: its segments have no names any more.
  // Both by the clock and by the lines' numbers: the clock may have been wrong, and each server has its own.
  const settled = sql`SELECT fingerprint, max(loaded) AS settled, max(${endOfRow}) AS settledLines FROM ${id(segmentsTable.name)} WHERE endsWith(segment, ${dayEnding}) GROUP BY fingerprint`
  const unlisted = await engine.rows<{ segment: string }>(
    sql`SELECT DISTINCT segment FROM ${id(eventsTable.name)} AS e GLOBAL ANY LEFT JOIN (${settled}) AS days ON splitByChar('.', e.segment)[1] = days.fingerprint WHERE (days.fingerprint = '' OR (ingested > settled AND (toUInt64OrZero(splitByChar('.', e.segment)[2]) >= settledLines OR endsWith(e.segment, ${againEnding})))) AND segment GLOBAL NOT IN (SELECT segment FROM ${id(segmentsTable.name)})${ofContents} ORDER BY segment`,
  )
  const names = unlisted.map((row) => row.segment)
  if (names.length > 0) await engine.deleteRows(eventsTable, sql`segment IN ${names}`)
  return names
}
