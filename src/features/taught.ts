/**
 * What may be learned from: every window but those in periods that the user set apart, and those in which an earlier hunt found
 * something about the entity. All of them are judged.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import {
  entityColumn,
  entityColumns,
  entityType,
  entityValue,
  type FeatureSet,
  type Study,
} from './feature-set.ts'

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

/** Whether a stretch of time reaches into one of the periods; its ends in ms since 1970, `toMs` not part of it. */
const reachesPeriods = ({ apart }: Study, fromMs: Sql, toMs: Sql): Sql =>
  join(
    [
      raw('0'),
      ...(apart?.periods ?? []).map(
        (period) => sql`(${fromMs} < ${period.toMs} AND ${toMs} > ${period.fromMs})`,
      ),
    ],
    ' OR ',
  )

/** An entity as what is measured has it, and as the table of suspects has it. */
interface Who {
  readonly own: Sql
  readonly found: Sql
}

/**
 * Whether an earlier hunt found the entity in the stretch of so many ms that holds a moment. What is judged now is not apart,
 * whatever was found up to there.
 */
const wasFound = (study: Study, suspects: Table, who: Who, ms: Sql, lengthMs: number): Sql => {
  const stretch = (moment: Sql): Sql => sql`toInt64(intDiv(${moment}, ${raw(String(lengthMs))}))`
  const [first = ms, last = ms] = ['first', 'last'].map((column) =>
    stretch(sql`toUnixTimestamp64Milli(${raw(column)})`),
  )
  const found = sql`(${who.own}, ${stretch(ms)}) GLOBAL IN (SELECT ${who.found}, arrayJoin(range(${first}, ${last} + 1)) FROM ${id(suspects.name)})`
  const until = study.judgedFromMs
  return until === undefined ? found : sql`(${ms} < ${until} AND ${found})`
}

const hourMs = 3_600_000

/**
 * Whether an event says nothing of what is usual: its moment, in ms since 1970, lies in a period set apart, or in an hour in which
 * an earlier hunt found its entity.
 */
export const isApart = (study: Study, ms: Sql): Sql => {
  const suspects = study.apart?.suspects ?? null
  if (suspects === null) return inPeriods(study, ms)
  const who = { own: join(study.set.entity.map(entityValue)), found: join(entityColumns(study.set)) }
  return sql`${inPeriods(study, ms)} OR ${wasFound(study, suspects, who, ms, hourMs)}`
}

/**
 * The same of stretches that begin at multiples of their length, both in ms: of what reaches into a period, all is apart.
 *
 * @param entity the hash of an entity's parts
 */
export const isStretchApart = (study: Study, entity: Sql, fromMs: Sql, lengthMs: number): Sql => {
  const suspects = study.apart?.suspects ?? null
  const inPeriod = reachesPeriods(study, fromMs, sql`${fromMs} + ${lengthMs}`)
  if (suspects === null) return inPeriod
  const who = { own: entity, found: sql`cityHash64(${join(entityColumns(study.set))})` }
  return sql`${inPeriod} OR ${wasFound(study, suspects, who, fromMs, lengthMs)}`
}

/** Adds `taught`, 0 or 1, to windows: rows with the parts of the entity and `window`, their start. */
export const withTaught = (windows: Sql, study: Study, seconds: number): Sql => {
  const start = raw('toUnixTimestamp(window) * 1000')
  const end = sql`(toUnixTimestamp(window) + ${seconds}) * 1000`
  const inPeriod = reachesPeriods(study, start, end)
  const suspects = study.apart?.suspects ?? null
  if (suspects === null) return sql`(SELECT *, toUInt8(NOT (${inPeriod})) AS taught FROM ${windows})`
  const keys = join(entityColumns(study.set))
  const spans = sql`(SELECT ${keys}, groupArray((toUnixTimestamp64Milli(first), toUnixTimestamp64Milli(last))) AS spans FROM ${id(suspects.name)} GROUP BY ${keys})`
  const found = sql`arrayExists(s -> s.1 < ${end} AND s.2 >= ${start}, spans)`
  return sql`(SELECT * EXCEPT (spans), toUInt8(NOT (${inPeriod} OR ${found})) AS taught FROM (SELECT a.*, spans FROM ${windows} AS a GLOBAL ANY LEFT JOIN ${spans} AS s USING (${keys})))`
}
