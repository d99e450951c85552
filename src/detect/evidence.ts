/**
 * What a finding shows: raw lines, activity over time, and who else was involved. One query a detector for each, however
 * many findings it has.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { filterSql } from '../features/compile-filter.ts'
import type { TimeRange } from '../features/feature-set.ts'
import type { EvidenceLine } from '../report/report.ts'
import { addressText, columnOf, type EntityColumn, type EventColumn } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { bucketWidth } from './buckets.ts'
import type { Detector } from './detector.ts'

/** An entity and the stretch of time that matters. */
export interface Subject {
  readonly entity: readonly string[]
  readonly firstMs: number
  readonly lastMs: number
}

export interface Shown {
  readonly places: readonly EvidenceLine[]
  readonly related: readonly { readonly kind: string; readonly value: string }[]
  /** Events by the start of their bucket, ms since 1970. */
  readonly activity: ReadonlyMap<number, number>
  readonly bucketMs: number
}

const keyOf = (entity: readonly string[]): string => entity.join('\u0000')

const linesShown = 6
const relatedShown = 5
/** Activity is counted this finely over the whole time; charts of a stretch put buckets together. */
const finestBuckets = 3000

const literal = (column: EntityColumn, value: string): Sql =>
  columnOf(column).type === 'ip'
    ? sql`toIPv6(${value})`
    : columnOf(column).type === 'port'
      ? sql`toUInt16OrZero(${value})`
      : sql`${value}`

const entityIs = (detector: Detector, subject: Subject): Sql =>
  join(
    detector.entity.map((column, i) => sql`${id(column)} = ${literal(column, subject.entity[i] ?? '')}`),
    ' AND ',
  )

const within = (firstMs: number, lastMs: number): Sql =>
  sql`timestamp >= fromUnixTimestamp64Milli(${firstMs}, 'UTC') AND timestamp <= fromUnixTimestamp64Milli(${lastMs}, 'UTC')`

/** Which of the subjects an event belongs to: from 1, or 0. */
const subjectOf = (detector: Detector, subjects: readonly Subject[]): Sql =>
  sql`multiIf(${join(
    subjects.flatMap((subject, i) => [
      sql`${entityIs(detector, subject)} AND ${within(subject.firstMs, subject.lastMs)}`,
      sql`${i + 1}`,
    ]),
  )}, 0)`

/** A condition the primary key and the column store can use before the message is read. */
const entityIn = (detector: Detector, subjects: readonly Subject[]): Sql =>
  join(
    detector.entity.map(
      (column, i) =>
        sql`${id(column)} IN (${join(subjects.map((subject) => literal(column, subject.entity[i] ?? '')))})`,
    ),
    ' AND ',
  )

const rangeOf = (subjects: readonly Subject[]): Sql =>
  within(Math.min(...subjects.map((s) => s.firstMs)), Math.max(...subjects.map((s) => s.lastMs)))

const asText = (column: EventColumn | EntityColumn): Sql => sql`toString(${id(column)})`

/**
 * The most telling lines. Which they are is found without reading the lines themselves, which are most of the data; then the
 * few moments that were chosen are read.
 */
const linesOf = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<EvidenceLine[][]> => {
  const different = detector.evidenceBy === null ? raw('timestamp') : id(detector.evidenceBy)
  const telling = filterSql(detector.evidence)
  const where = sql`${filterSql(detector.from)} AND ${entityIn(detector, subjects)} AND ${rangeOf(subjects)}`
  const moments = await engine.rows<{ at: number }>(
    sql`SELECT DISTINCT at FROM (SELECT * FROM (SELECT ${subjectOf(detector, subjects)} AS subject, toUnixTimestamp64Milli(timestamp) AS at, ${telling} AS telling, ${different} AS difference FROM events WHERE ${where}) WHERE subject > 0 ORDER BY subject, telling DESC, at, difference LIMIT 1 BY subject, difference) LIMIT ${linesShown} BY subject`,
    options,
  )
  if (moments.length === 0) return subjects.map(() => [])
  const then = sql`timestamp IN (${join(moments.map(({ at }) => sql`fromUnixTimestamp64Milli(${at}, 'UTC')`))})`
  const rows = await engine.rows<{ subject: number; path: string; line: number; text: string }>(
    sql`SELECT subject, path, line, text FROM (SELECT * FROM (SELECT ${subjectOf(detector, subjects)} AS subject, source AS path, line_number AS line, message AS text, ${telling} AS telling, timestamp, ${different} AS difference FROM events WHERE ${where} AND ${then}) WHERE subject > 0 ORDER BY subject, telling DESC, timestamp, difference, text, path, line LIMIT 1 BY subject, ${detector.evidenceBy === null ? raw('text') : raw('difference')}) LIMIT ${linesShown} BY subject`,
    options,
  )
  return subjects.map((_, i) =>
    rows.filter((row) => row.subject === i + 1).map(({ path, line, text }) => ({ path, line, text })),
  )
}

const relatedOf = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<Shown['related'][]> => {
  if (detector.related.length === 0) return subjects.map(() => [])
  const found = await Promise.all(
    detector.related.map((column) =>
      engine.rows<{ subject: number; value: string }>(
        sql`SELECT subject, value FROM (SELECT ${subjectOf(detector, subjects)} AS subject, ${asText(column)} AS value, count() AS events FROM events WHERE ${filterSql(detector.from)} AND ${filterSql({ [column]: { kind: 'present' } })} AND ${entityIn(detector, subjects)} AND ${rangeOf(subjects)} GROUP BY subject, value) WHERE subject > 0 ORDER BY subject, events DESC, value LIMIT ${relatedShown} BY subject`,
        options,
      ),
    ),
  )
  return subjects.map((_, i) =>
    detector.related.flatMap((column, c) =>
      (found[c] ?? [])
        .filter((row) => row.subject === i + 1)
        .map(({ value }) => ({ kind: column, value: addressText(value) })),
    ),
  )
}

const activityOf = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  range: TimeRange,
  bucketSeconds: number,
  options: QueryOptions,
): Promise<Map<number, number>[]> => {
  const entity = join(detector.entity.map(asText))
  const rows = await engine.rows<{ entity: string[]; bucket: number; events: number }>(
    sql`SELECT [${entity}] AS entity, toUnixTimestamp(toStartOfInterval(timestamp, toIntervalSecond(${bucketSeconds}), 'UTC')) * 1000 AS bucket, sum(event_repeats) AS events FROM events WHERE ${filterSql(detector.from)} AND ${entityIn(detector, subjects)} AND ${within(range.fromMs, range.toMs - 1)} GROUP BY ${join(detector.entity.map(id))}, bucket ORDER BY bucket`,
    options,
  )
  const maps = new Map(subjects.map((subject) => [keyOf(subject.entity), new Map<number, number>()]))
  for (const row of rows) maps.get(keyOf(row.entity.map(addressText)))?.set(row.bucket, row.events)
  return subjects.map((subject) => maps.get(keyOf(subject.entity)) ?? new Map<number, number>())
}

/** Evidence for findings of one detector, in their order. Subjects may repeat an entity at other times. */
export const showEvidence = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  range: TimeRange,
  options: QueryOptions = {},
): Promise<Shown[]> => {
  if (subjects.length === 0) return []
  const bucketMs = Math.max(60_000, bucketWidth(range.toMs - range.fromMs, finestBuckets))
  const [lines, related, activity] = await Promise.all([
    linesOf(engine, detector, subjects, options),
    relatedOf(engine, detector, subjects, options),
    activityOf(engine, detector, subjects, range, bucketMs / 1000, options),
  ])
  return subjects.map((_, i) => ({
    places: lines[i] ?? [],
    related: related[i] ?? [],
    activity: activity[i] ?? new Map<number, number>(),
    bucketMs,
  }))
}
