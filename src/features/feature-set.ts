/**
 * What is measured of whom, and the pieces of SQL that all of it shares.
 *
 * @module
 */
import { columnOf, type EntityColumn } from '../schema/columns.ts'
import type { Table } from '../schema/tables.ts'
import { during, instant } from '../sql/instant.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import type { Feature } from './feature.ts'
import type { Filter } from './filter.ts'

/** What to measure of whom. */
export interface FeatureSet {
  /** Which events count at all; it names the category. */
  readonly from: Filter
  readonly entity: readonly EntityColumn[]
  readonly features: Readonly<Record<string, Feature>>
}

/** Half open: from `fromMs` on, before `toMs`; ms since 1970, UTC. */
export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

/** What is judged, but not learned from. */
export interface Apart {
  readonly periods: readonly TimeRange[]
  /** The filled table of `suspectSpans`; null where nothing was found before. */
  readonly suspects: Table | null
}

/** One feature set over one stretch of time; `prefix` names its working tables. */
export interface Study {
  readonly set: FeatureSet
  readonly range: TimeRange
  readonly prefix: string
  readonly apart?: Apart
  /** What is judged begins here, in ms since 1970; what came before it is only learned from. Absent: all is judged. */
  readonly judgedFromMs?: number
  /** Only the events of these segments are read: what is new since the working tables were filled. */
  readonly segments?: readonly string[]
  /** Only what was loaded by then is read, in ms since 1970: what comes during a run would be in a part of its tables. */
  readonly loadedByMs?: number
  /** Numbers that were counted once, over all events, in place of {@link countOf}'s question. */
  readonly counted?: (what: Sql) => Sql
}

export const featureColumn = (name: string): string => `f_${name}`
export const entityColumn = (index: number): string => `e${index}`

export const entityType = (column: EntityColumn): string =>
  columnOf(column).type === 'ip' ? 'IPv6' : 'String'

/** The entity's parts as columns of a working table: `e0`, `e1` … */
export const entityColumns = (set: FeatureSet): Sql[] => set.entity.map((_, i) => id(entityColumn(i)))

/** LowCardinality keys would be a type of their own in every table made from them; ports are kept as people write them. */
export const entityValue = (column: EntityColumn): Sql => {
  const { type } = columnOf(column)
  return type === 'keyword' || type === 'port' ? sql`toString(${id(column)})` : id(column)
}

export const selectEntity = (set: FeatureSet): Sql =>
  join(set.entity.map((column, i) => sql`${entityValue(column)} AS ${id(entityColumn(i))}`))

/** Between a line's arrival in the engine and the listing of its segment lies no longer than this. */
const settledMs = 3_600_000

/** The events of a feature set whose entity is known. */
export const eventsWhere = ({ set, range, segments, loadedByMs }: Study): Sql => {
  const known = set.entity.map((column) => filterSql({ [column]: { kind: 'present' } }))
  const only = segments === undefined ? [] : [sql`segment IN (${join(segments.map((name) => sql`${name}`))})`]
  const loaded =
    loadedByMs === undefined
      ? []
      : [
          // After months there are millions of segments. What came in long before is listed by now.
          sql`(ingested < ${instant(loadedByMs - settledMs)} OR segment GLOBAL IN (SELECT segment FROM segments WHERE loaded > ${instant(loadedByMs - 2 * settledMs)} AND loaded <= ${instant(loadedByMs)}))`,
        ]
  return join([filterSql(set.from), during(range), ...known, ...only, ...loaded], ' AND ')
}

/** How many different ones there are among the events of a feature set, about. */
export const countOf = (study: Study, what: Sql): Sql =>
  study.counted?.(what) ?? sql`(SELECT uniq(${what}) FROM events WHERE ${eventsWhere(study)})`

export const windowStart = (at: Sql, seconds: number): Sql =>
  sql`toStartOfInterval(${at}, toIntervalSecond(${seconds}), 'UTC')`
