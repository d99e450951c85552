/**
 * Streams of lines: a log with all its generations, and each machine that writes into it, by the times at which anything came.
 *
 * @module
 */
import { groupBy } from './group-by.ts'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { TimeRange } from '../features/feature-set.ts'
import { during } from '../sql/instant.ts'
import { join, sql } from '../sql/sql.ts'
import type { LogNames } from './source-detector.ts'

/** Buckets in which something came, ascending, with how much. */
export interface Stream {
  /** The newest file of the log. */
  readonly path: string
  /** All its files, in the order they were written. */
  readonly sources: readonly string[]
  /** The machine that wrote; empty for all of the log. */
  readonly host: string
  /** Whether the log is still written into under this name: a generation that was put away has ended for good. */
  readonly live: boolean
  /** The parsers that understood its lines. */
  readonly formats: readonly string[]
  readonly buckets: readonly number[]
  readonly counts: readonly number[]
}

export interface Streams {
  readonly bucketSeconds: number
  readonly streams: readonly Stream[]
}

const finestSeconds = 300
/** A finer clock for longer times says nothing more of hours. */
const mostBuckets = 12_000
/** Beyond these numbers, logs are not looked at, the smallest first, nor the machines of a log one by one. */
const mostLogs = 200
const mostHosts = 300

const bucketSecondsOf = ({ fromMs, toMs }: TimeRange): number =>
  finestSeconds * Math.max(1, Math.ceil((toMs - fromMs) / 1000 / finestSeconds / mostBuckets))

interface Row {
  readonly source: string
  readonly host: string
  readonly formats: readonly string[]
  readonly buckets: readonly number[]
  readonly counts: readonly number[]
}

const addUp = (rows: readonly Row[]): Pick<Stream, 'buckets' | 'counts'> => {
  const counts = new Map<number, number>()
  for (const row of rows) {
    row.buckets.forEach((bucket, i) => counts.set(bucket, (counts.get(bucket) ?? 0) + (row.counts[i] ?? 0)))
  }
  const buckets = [...counts.keys()].toSorted((a, b) => a - b)
  return { buckets, counts: buckets.map((bucket) => counts.get(bucket) ?? 0) }
}

/** A log as a whole, and each machine where several write into it. */
const streamsOf = (rows: readonly Row[], names: LogNames): Stream[] => {
  const logs = groupBy(rows, ({ source }) => names.logOf(source))
  return [...logs].flatMap(([log, own]) => {
    const sources = [...new Set(own.map(({ source }) => source))].toSorted(names.compare)
    const path = sources.at(-1) ?? log
    const formats = [...new Set(own.flatMap((row) => row.formats))].toSorted()
    const shared = { path, sources, live: path === log, formats }
    const hosts = [...new Set(own.map(({ host }) => host))].filter((host) => host !== '').toSorted()
    const all: Stream = { ...shared, host: '', ...addUp(own) }
    if (hosts.length < 2) return [all]
    const byHost = hosts.map((host): Stream => {
      return { ...shared, host, live: true, ...addUp(own.filter((row) => row.host === host)) }
    })
    return [all, ...byHost]
  })
}

/** When anything came, from each log and machine. */
export const readStreams = async (
  engine: Engine,
  range: TimeRange,
  names: LogNames,
  options: QueryOptions,
): Promise<Streams> => {
  const bucketSeconds = bucketSecondsOf(range)
  const within = sql`category != 'reject' AND ${during(range)}`
  const known = await engine.rows<{ source: string; hosts: number; events: number }>(
    sql`SELECT toString(source) AS source, uniqExactIf(host_name, host_name != '') AS hosts, count() AS events FROM events WHERE ${within} GROUP BY source ORDER BY events DESC, source LIMIT ${10 * mostLogs}`,
    options,
  )
  const largest = [...new Set(known.map(({ source }) => names.logOf(source)))].slice(0, mostLogs)
  const sources = known.filter(({ source }) => largest.includes(names.logOf(source)))
  if (sources.length === 0) return { bucketSeconds, streams: [] }
  const list = (of: readonly { readonly source: string }[]) => join(of.map(({ source }) => sql`${source}`))
  let room = mostHosts
  const several = sources.filter(({ hosts }) => {
    const fits = hosts > 1 && hosts <= room
    if (fits) room -= hosts
    return fits
  })
  const host = several.length === 0 ? sql`''` : sql`if(source IN (${list(several)}), toString(host_name), '')`
  const rows = await engine.rows<Row>(
    sql`SELECT source, host, groupUniqArrayArray(known) AS formats, groupArray(bucket) AS buckets, groupArray(events) AS counts FROM (SELECT toString(source) AS source, ${host} AS host, groupUniqArray(toString(format)) AS known, intDiv(toUnixTimestamp(timestamp), ${bucketSeconds}) AS bucket, count() AS events FROM events WHERE ${within} AND source IN (${list(sources)}) GROUP BY source, host, bucket) GROUP BY source, host ORDER BY source, host`,
    options,
  )
  return { bucketSeconds, streams: streamsOf(rows, names) }
}
