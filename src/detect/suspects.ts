/**
 * The poisoning guard: what a hunt found stays out of what later hunts learn from.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { suspectsTable, type Table } from '../schema/tables.ts'
import { columnOf } from '../schema/columns.ts'
import { instant } from '../sql/instant.ts'
import { bound, id, join, sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import type { Episode } from './episodes.ts'
import type { Scope } from './windows.ts'

/**
 * An entity that a detector found on so many different days, and nobody stopped, has changed for good: what it does is learned
 * from again.
 */
const daysUntilUsual = 7

/**
 * Fills the table of where this detector found something before the judged time. False where there is nothing; the table is
 * not there then.
 */
export const fillSuspects = async (
  engine: Engine,
  detector: Detector,
  table: Table,
  scope: Scope,
  options: QueryOptions,
): Promise<boolean> => {
  if (scope.all.fromMs >= scope.judged.fromMs) return false
  const found = sql`detector = ${detector.id} AND length(entity) = ${detector.entity.length} AND first < ${instant(scope.judged.fromMs)}`
  const usual = sql`SELECT entity FROM suspects WHERE ${found} GROUP BY entity HAVING uniqExact(toDate(first, 'UTC')) >= ${daysUntilUsual}`
  const where = sql`${found} AND entity GLOBAL NOT IN (${usual})`
  const [row] = await engine.rows<{ spans: number }>(
    sql`SELECT count() AS spans FROM suspects WHERE ${where}`,
    options,
  )
  if ((row?.spans ?? 0) === 0) return false
  const parts = detector.entity.map((column, i) => {
    const part = sql`entity[${i + 1}]`
    return columnOf(column).type === 'ip' ? sql`toIPv6OrDefault(${part})` : part
  })
  const names = join(table.columns.map(({ name }) => id(name)))
  await engine.dropTable(table)
  await engine.createTable(table)
  try {
    await engine.run(
      sql`INSERT INTO ${id(table.name)} (${names}) SELECT DISTINCT ${join(parts)}, first, last FROM suspects WHERE ${where}`,
      options,
    )
  } catch (error) {
    await engine.dropTable(table)
    throw error
  }
  return true
}

/** Remembers what was found, for the hunts to come. */
export const rememberSuspects = async (
  engine: Engine,
  found: readonly { readonly detector: Detector; readonly episode: Episode }[],
  options: QueryOptions,
): Promise<void> => {
  const names = join(suspectsTable.columns.map(({ name }) => id(name)))
  const rows = found.map(
    ({ detector, episode }) =>
      sql`SELECT ${detector.id}, ${bound('Array(String)', episode.entity)}, ${instant(episode.firstMs)}, ${instant(episode.lastMs)}`,
  )
  if (rows.length === 0) return
  await engine.run(sql`INSERT INTO suspects (${names}) ${join(rows, ' UNION ALL ')}`, options)
}
