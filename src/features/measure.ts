import { id, sql, type Sql } from '../sql/sql.ts'
import type { Measure } from './feature.ts'

/** A measure as an expression over `events`. */
export const measureSql = (measure: Measure): Sql => {
  if (typeof measure === 'string') return id(measure)
  if (measure.kind === 'length') return sql`length(${id(measure.of)})`
  if (measure.kind === 'seconds') return sql`intDiv(event_duration, 1000000000)`
  if (measure.kind === 'before') {
    const bytes = sql`greatest(0, toInt64(length(${id(measure.of)})) - toInt64(length(${id(measure.end)})) - 1)`
    if (measure.usual === 0) return bytes
    const { usual } = measure
    return sql`intDiv(${bytes} * ${bytes}, ${bytes} + ${usual})`
  }
  return sql`countSubstrings(${id(measure.of)}, ${measure.separator}) + 1`
}
