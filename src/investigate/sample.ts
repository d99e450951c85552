/**
 * Looking at some of many events: every so many blocks of the table, which lie ordered by kind and time, so that all kinds and
 * times are among them.
 *
 * @module
 */
import { raw, sql, type Sql } from '../sql/sql.ts'

export interface Sampling {
  /** One event of so many is looked at, about; 1: all of them. */
  readonly every: number
  readonly condition: Sql
}

/** The engine reads blocks of so many rows. */
const blockRows = 8192

/** In how many blocks the events of a question lie: beside `count()`, what it takes to look at them all. */
export const blocksSql: Sql = sql`uniq(_part, intDiv(_part_offset, ${blockRows}))`

/** Every so many blocks. */
export const everyBlock = (every: number): Sampling => ({
  every,
  condition: every === 1 ? raw('1') : sql`intDiv(_part_offset, ${blockRows}) % ${every} = 0`,
})

/** @param most how many events are looked at without leaving some out */
export const sampling = (events: number, most: number): Sampling =>
  everyBlock(Math.max(1, Math.floor(events / most)))
