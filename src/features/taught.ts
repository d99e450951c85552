/**
 * What may be learned from: every window but those in periods that the user set apart, and those in which an earlier hunt found
 * something about the entity. All of them are judged.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { entityColumn, entityColumns, entityType, type FeatureSet, type Study } from './feature-set.ts'

/** Where an entity was found before: its parts `e0`, `e1` …, `first` and `last`. */
export const suspectSpans = (set: FeatureSet, prefix: string): Table => ({
  name: `${prefix}_suspects`,
  columns: [
    ...set.entity.map((column, i) => ({ name: entityColumn(i), type: entityType(column) })),
    { name: 'first', type: "DateTime64(3, 'UTC')" },
    { name: 'last', type: "DateTime64(3, 'UTC')" },
  ],
  orderBy: [],
  shardBy: 'cityHash64(e0)',
})

/** Whether there is anything that a study does not learn from. */
export const setsApart = ({ apart }: Study): boolean =>
  apart !== undefined && (apart.periods.length > 0 || apart.suspects !== null)

/** Whether a moment, in ms since 1970, lies in one of the periods. */
export const inPeriods = ({ apart }: Study, ms: Sql): Sql =>
  join(
    [
      raw('0'),
      ...(apart?.periods ?? []).map(({ fromMs, toMs }) => sql`(${ms} >= ${fromMs} AND ${ms} < ${toMs})`),
    ],
    ' OR ',
  )

/** Adds `taught`, 0 or 1, to windows: rows with the parts of the entity and `window`, their start. */
export const withTaught = (windows: Sql, study: Study, seconds: number): Sql => {
  const start = raw('toUnixTimestamp(window) * 1000')
  const end = sql`(toUnixTimestamp(window) + ${seconds}) * 1000`
  const overlaps = (study.apart?.periods ?? []).map(
    ({ fromMs, toMs }) => sql`(${start} < ${toMs} AND ${end} > ${fromMs})`,
  )
  const inPeriod = join([raw('0'), ...overlaps], ' OR ')
  const suspects = study.apart?.suspects ?? null
  if (suspects === null) return sql`(SELECT *, toUInt8(NOT (${inPeriod})) AS taught FROM ${windows})`
  const keys = join(entityColumns(study.set))
  const spans = sql`(SELECT ${keys}, groupArray((toUnixTimestamp64Milli(first), toUnixTimestamp64Milli(last))) AS spans FROM ${id(suspects.name)} GROUP BY ${keys})`
  const found = sql`arrayExists(s -> s.1 < ${end} AND s.2 >= ${start}, spans)`
  return sql`(SELECT * EXCEPT (spans), toUInt8(NOT (${inPeriod} OR ${found})) AS taught FROM (SELECT a.*, spans FROM ${windows} AS a GLOBAL ANY LEFT JOIN ${spans} AS s USING (${keys})))`
}
