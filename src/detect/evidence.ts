/**
 * What a finding shows: raw lines, activity over time, and who else was involved. One query a detector for each, however
 * many findings it has.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { filterSql } from '../features/compile-filter.ts'
import type { TimeRange } from '../features/feature-set.ts'
import type { Detail, EvidenceLine } from '../report/report.ts'
import { addressText, type EntityColumn, type EventColumn } from '../schema/columns.ts'
import { instant } from '../sql/instant.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { bucketWidth } from './buckets.ts'
import { detailsOf } from './details.ts'
import { entityKey } from './entity-key.ts'
import type { Detector } from './detector.ts'
import { showSources } from './source-evidence.ts'
import { entityIn, rangeOf, subjectOf, within, type Subject } from './subjects.ts'

export interface Shown {
  readonly places: readonly EvidenceLine[]
  readonly related: readonly { readonly kind: string; readonly value: string }[]
  /** Events by the start of their bucket, ms since 1970. */
  readonly activity: ReadonlyMap<number, number>
  readonly bucketMs: number
  readonly details: readonly Detail[]
}

const linesShown = 6
const relatedShown = 5
/** Activity is counted this finely over the whole time; charts of a stretch put buckets together. */
const finestBuckets = 3000

const asText = (column: EventColumn | EntityColumn): Sql => sql`toString(${id(column)})`

/** The events that tell most: those the detector names, and those with a value that is told of a subject. */
const tellingOf = (detector: Detector, subjects: readonly Subject[]): Sql => {
  const { evidence, evidenceBy } = detector
  const told = subjects.flatMap((subject) => subject.told ?? []).filter(({ kind }) => kind === evidenceBy)
  if (told.length === 0 || evidenceBy === null) return filterSql(evidence)
  const values = [...new Set(told.map(({ value }) => value))]
  return sql`(${filterSql(evidence)} AND ${asText(evidenceBy)} IN (${join(values.map((value) => sql`${value}`))}))`
}

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
  const telling = tellingOf(detector, subjects)
  const where = sql`${filterSql(detector.from)} AND ${entityIn(detector, subjects)} AND ${rangeOf(subjects)}`
  const moments = await engine.rows<{ at: number }>(
    sql`SELECT DISTINCT at FROM (SELECT * FROM (SELECT ${subjectOf(detector, subjects)} AS subject, toUnixTimestamp64Milli(timestamp) AS at, ${telling} AS telling, ${different} AS difference FROM events WHERE ${where}) WHERE subject > 0 ORDER BY subject, telling DESC, at, difference LIMIT 1 BY subject, difference) LIMIT ${linesShown} BY subject`,
    options,
  )
  if (moments.length === 0) return subjects.map(() => [])
  const then = sql`timestamp IN (${join(moments.map(({ at }) => instant(at)))})`
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
  const { related } = detector
  const values = join(
    related.map((column) => sql`if(${filterSql({ [column]: { kind: 'present' } })}, ${asText(column)}, '')`),
  )
  // All columns in one go: finding the events takes longer than looking at them.
  const found = await engine.rows<{ subject: number; place: number; value: string }>(
    sql`SELECT subject, place, value FROM (SELECT ${subjectOf(detector, subjects)} AS subject, arrayJoin(arrayEnumerate([${values}])) AS place, [${values}][place] AS value, countIf(${filterSql(detector.evidence)}) > 0 AS telling, count() AS events FROM events WHERE ${filterSql(detector.from)} AND ${entityIn(detector, subjects)} AND ${rangeOf(subjects)} GROUP BY subject, place, value) WHERE subject > 0 AND value != '' ORDER BY subject, place, telling DESC, events DESC, value LIMIT ${relatedShown} BY subject, place`,
    options,
  )
  return subjects.map((_, i) =>
    found
      .filter((row) => row.subject === i + 1)
      .map(({ place, value }) => ({ kind: related[place - 1] ?? '', value: addressText(value) })),
  )
}

/** What is told of a subject, and what else is related to it. */
const toldFirst = (told: Shown['related'], related: Shown['related']): Shown['related'] => [
  ...told,
  ...related.filter((one) => !told.some(({ kind, value }) => kind === one.kind && value === one.value)),
]

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
  const maps = new Map(subjects.map((subject) => [entityKey(subject.entity), new Map<number, number>()]))
  for (const row of rows) maps.get(entityKey(row.entity.map(addressText)))?.set(row.bucket, row.events)
  return subjects.map((subject) => maps.get(entityKey(subject.entity)) ?? new Map<number, number>())
}

/** With more subjects in one question, the engine refuses it as too long. */
const subjectsAtOnce = 200

/** Evidence for findings of one detector, in their order. Subjects may repeat an entity at other times. */
export const showEvidence = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  range: TimeRange,
  options: QueryOptions = {},
): Promise<Shown[]> => {
  const shown: Shown[] = []
  for (let from = 0; from < subjects.length; from += subjectsAtOnce)
    shown.push(
      ...(await showSome(engine, detector, subjects.slice(from, from + subjectsAtOnce), range, options)),
    )
  return shown
}

const showSome = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  range: TimeRange,
  options: QueryOptions,
): Promise<Shown[]> => {
  if (detector.measure !== null) return showSources(engine, subjects, range, options)
  const bucketMs = Math.max(60_000, bucketWidth(range.toMs - range.fromMs, finestBuckets))
  const [lines, related, activity, details] = await Promise.all([
    linesOf(engine, detector, subjects, options),
    relatedOf(engine, detector, subjects, options),
    activityOf(engine, detector, subjects, range, bucketMs / 1000, options),
    detailsOf(engine, detector, subjects, options),
  ])
  return subjects.map((subject, i) => ({
    places: lines[i] ?? [],
    related: toldFirst(subject.told ?? [], related[i] ?? []),
    activity: activity[i] ?? new Map<number, number>(),
    bucketMs,
    details: details[i] ?? [],
  }))
}
