import { sql, type Sql } from './sql.ts'

/** A moment as the engine compares it with a timestamp; ms since 1970. */
export const instant = (ms: number): Sql => sql`fromUnixTimestamp64Milli(${ms}, 'UTC')`

/** Events of a range of time, its end not among them; ms since 1970. */
export const during = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Sql =>
  sql`timestamp >= ${instant(fromMs)} AND timestamp < ${instant(toMs)}`
