/**
 * What a finding about a source shows: the last lines before it fell silent, or some that were not understood, and how much
 * came over time.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { filterSql } from '../features/compile-filter.ts'
import type { TimeRange } from '../features/feature-set.ts'
import type { Detail, EvidenceLine } from '../report/report.ts'
import { during, instant } from '../sql/instant.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { bucketWidth } from './buckets.ts'
import type { Detector } from './detector.ts'
import type { Episode, ToldSource } from './episodes.ts'
import type { Shown } from './evidence.ts'
import { strangeRejects } from './rejects.ts'

const linesBefore = 4
const linesAfter = 2
const rejectsShown = 6
const finestBuckets = 3000

/** A detector is blind where so much of what it read came from there. */
const mostOfIt = 0.9
/** What it read is counted over this time before. */
const lookBackMs = 7 * 86_400_000

/** The lines of a source, whatever they are. */
const linesOf = ({ sources, host }: Pick<ToldSource, 'sources' | 'host'>): Sql => {
  const listed = sql`source IN (${join(sources.map((source) => sql`${source}`))})`
  return host === '' ? listed : sql`${listed} AND host_name = ${host}`
}

/** The detectors of the hunt that read hardly anything but this source, in their order. */
export const blindedBy = async (
  engine: Engine,
  source: Pick<ToldSource, 'sources' | 'host'>,
  fromMs: number,
  detectors: readonly Detector[],
  options: QueryOptions,
): Promise<readonly Detector[]> => {
  const readers = detectors.filter(({ measure }) => measure === null)
  if (readers.length === 0) return []
  const here = linesOf(source)
  const counts = readers.map(({ from, entity }) => {
    const present = entity.map((column) => filterSql({ [column]: { kind: 'present' } }))
    const reads = join([filterSql(from), ...present], ' AND ')
    return sql`[countIf(${reads}), countIf(${reads} AND ${here})]`
  })
  const [row] = await engine.rows<{ counts: [number, number][] }>(
    sql`SELECT [${join(counts)}] AS counts FROM events WHERE category != 'reject' AND timestamp >= ${instant(fromMs - lookBackMs)} AND timestamp <= ${instant(fromMs)}`,
    options,
  )
  return readers.filter((_, i) => {
    const [all = 0, mine = 0] = row?.counts[i] ?? []
    return all > 0 && mine >= mostOfIt * all
  })
}

type Line = EvidenceLine & { readonly order: number }

const silentLines = async (
  engine: Engine,
  episode: Pick<Episode, 'firstMs' | 'lastMs'>,
  told: ToldSource,
  options: QueryOptions,
): Promise<EvidenceLine[]> => {
  const near = (before: boolean): Promise<Line[]> =>
    engine.rows<Line>(
      sql`SELECT toString(source) AS path, line_number AS line, message AS text, toUnixTimestamp64Milli(timestamp) AS order FROM events WHERE category != 'reject' AND ${linesOf(told)} AND ${
        before ? sql`timestamp <= ${instant(episode.firstMs)}` : sql`timestamp >= ${instant(episode.lastMs)}`
      } ORDER BY ${before ? sql`timestamp DESC, line_number DESC` : sql`timestamp, line_number`}, source LIMIT ${before ? linesBefore : linesAfter}`,
      options,
    )
  const [before, after] = await Promise.all([near(true), near(false)])
  return [...before.toReversed(), ...after].map(({ path, line, text }) => ({ path, line, text }))
}

interface Stretch {
  readonly source: string
  readonly fromLine: number
  readonly toLine: number
}

/** More stretches of lines than this are not looked through for examples. */
const mostStretches = 100

/** Neighbouring blocks of lines as one. */
const stretchesOf = (places: readonly Stretch[]): Stretch[] => {
  const stretches: Stretch[] = []
  for (const place of places) {
    const last = stretches.at(-1)
    if (last?.source === place.source && last.toLine + 1 === place.fromLine)
      stretches[stretches.length - 1] = { ...last, toLine: place.toLine }
    else stretches.push(place)
  }
  return stretches.slice(0, mostStretches)
}

const rejectLines = (engine: Engine, told: ToldSource, options: QueryOptions): Promise<EvidenceLine[]> =>
  engine.rows<EvidenceLine>(
    sql`SELECT toString(source) AS path, line_number AS line, message AS text FROM events WHERE ${strangeRejects} AND (${join(
      stretchesOf(told.places).map(
        ({ source, fromLine, toLine }) =>
          sql`(source = ${source} AND line_number BETWEEN ${fromLine} AND ${toLine})`,
      ),
      ' OR ',
    )}) ORDER BY source, line_number LIMIT ${rejectsShown}`,
    options,
  )

/** What each episode of a detector of sources shows. */
export const showSources = async (
  engine: Engine,
  subjects: readonly { readonly firstMs: number; readonly lastMs: number; readonly source?: ToldSource }[],
  range: TimeRange,
  options: QueryOptions,
): Promise<Shown[]> => {
  const bucketMs = Math.max(60_000, bucketWidth(range.toMs - range.fromMs, finestBuckets))
  return Promise.all(
    subjects.map(async (subject): Promise<Shown> => {
      const { source: told } = subject
      if (told === undefined) return { places: [], related: [], activity: new Map(), bucketMs, details: [] }
      const [places, rows] = await Promise.all([
        told.places.length === 0
          ? silentLines(engine, subject, told, options)
          : rejectLines(engine, told, options),
        engine.rows<{ bucket: number; events: number }>(
          sql`SELECT toUnixTimestamp(toStartOfInterval(timestamp, toIntervalSecond(${bucketMs / 1000}), 'UTC')) * 1000 AS bucket, count() AS events FROM events WHERE category != 'reject' AND ${linesOf(told)} AND ${during(range)} GROUP BY ${id('bucket')}`,
          options,
        ),
      ])
      const details: readonly Detail[] =
        told.blinded.length === 0
          ? []
          : [{ kind: 'blinded', detectors: told.blinded.map(({ id: name, title }) => ({ id: name, title })) }]
      return {
        places,
        related: [],
        activity: new Map(rows.map(({ bucket, events }) => [bucket, events])),
        bucketMs,
        details,
      }
    }),
  )
}
