/**
 * The events of findings, as conditions.
 *
 * @module
 */
import type { Path } from '../report/report.ts'
import { columnOf, type EntityColumn } from '../schema/columns.ts'
import { instant } from '../sql/instant.ts'
import { bound, id, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import { entityKey } from './entity-key.ts'
import { groupBy } from './group-by.ts'

/** An entity and the stretch of time that matters. */
export interface Subject {
  readonly entity: readonly string[]
  readonly firstMs: number
  readonly lastMs: number
  /** Values that tell of it, most telling first: they come before what is merely frequent. */
  readonly told?: readonly { readonly kind: string; readonly value: string }[]
  /** The path that it is told by. */
  readonly path?: Path
}

const literal = (column: EntityColumn, value: string): Sql => {
  const { type } = columnOf(column)
  if (type === 'ip') return sql`toIPv6(${value})`
  return type === 'port' ? sql`toUInt16OrZero(${value})` : sql`${value}`
}

const hashOf = (detector: Detector, entity: readonly string[]): Sql =>
  sql`cityHash64(${join(detector.entity.map((column, i) => literal(column, entity[i] ?? '')))})`

export const within = (firstMs: number, lastMs: number): Sql =>
  sql`timestamp >= ${instant(firstMs)} AND timestamp <= ${instant(lastMs)}`

/** Which of the subjects an event belongs to, the first where there are several: from 1, or 0. */
export const subjectOf = (detector: Detector, subjects: readonly Subject[]): Sql => {
  const numbered = subjects.map((subject, i) => ({ subject, number: i + 1 }))
  const groups = [...groupBy(numbered, ({ subject }) => entityKey(subject.entity)).values()]
  const hashes = groups.flatMap(([first]) =>
    first === undefined ? [] : [hashOf(detector, first.subject.entity)],
  )
  // Looked up by hash: there may be hundreds, and an event would be compared with each of them.
  const group = sql`transform(cityHash64(${join(detector.entity.map(id))}), [${join(hashes)}], range(toUInt64(1), toUInt64(${groups.length + 1})), toUInt64(0))`
  const most = Math.max(...groups.map(({ length }) => length))
  const cases = Array.from({ length: most }, (_, turn) => {
    const at = (value: (one: (typeof numbered)[number]) => number, otherwise: number): Sql => {
      const values = groups.map((own) => own[turn]).map((one) => (one === undefined ? otherwise : value(one)))
      return sql`${bound('Array(Int64)', values)}[${group}]`
    }
    const first = at(({ subject }) => subject.firstMs, 1)
    const last = at(({ subject }) => subject.lastMs, 0)
    const ms = raw('toUnixTimestamp64Milli(timestamp)')
    return sql`${group} > 0 AND ${ms} >= ${first} AND ${ms} <= ${last}, ${at(({ number }) => number, 0)}`
  })
  return sql`multiIf(${join(cases)}, 0)`
}

/**
 * A condition the primary key and the column store can use before the message is read.
 * The values stand one by one: an array that is made of bound texts is searched from its beginning for every event.
 */
export const entityIn = (detector: Detector, subjects: readonly Subject[]): Sql =>
  join(
    detector.entity.map((column, i) => {
      const values = [...new Set(subjects.map(({ entity }) => entity[i] ?? ''))]
      return sql`${id(column)} IN (${join(values.map((value) => literal(column, value)))})`
    }),
    ' AND ',
  )

export const rangeOf = (subjects: readonly Subject[]): Sql =>
  within(Math.min(...subjects.map((s) => s.firstMs)), Math.max(...subjects.map((s) => s.lastMs)))
