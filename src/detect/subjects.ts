/**
 * The events of findings, as conditions.
 *
 * @module
 */
import type { Path } from '../report/report.ts'
import { columnOf, type EntityColumn } from '../schema/columns.ts'
import { instant } from '../sql/instant.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'

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

export const within = (firstMs: number, lastMs: number): Sql =>
  sql`timestamp >= ${instant(firstMs)} AND timestamp <= ${instant(lastMs)}`

/** Which of the subjects an event belongs to: from 1, or 0. */
export const subjectOf = (detector: Detector, subjects: readonly Subject[]): Sql =>
  sql`multiIf(${join(
    subjects.flatMap((subject, i) => [
      sql`${entityIs(detector, subject)} AND ${within(subject.firstMs, subject.lastMs)}`,
      sql`${i + 1}`,
    ]),
  )}, 0)`

/** A condition the primary key and the column store can use before the message is read. */
export const entityIn = (detector: Detector, subjects: readonly Subject[]): Sql =>
  join(
    detector.entity.map(
      (column, i) =>
        sql`${id(column)} IN (${join(subjects.map((subject) => literal(column, subject.entity[i] ?? '')))})`,
    ),
    ' AND ',
  )

export const rangeOf = (subjects: readonly Subject[]): Sql =>
  within(Math.min(...subjects.map((s) => s.firstMs)), Math.max(...subjects.map((s) => s.lastMs)))
