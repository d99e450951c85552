/**
 * Names → registered domains, as SQL.
 *
 * @module
 */
import { join, raw, sql, type Sql } from '../sql/sql.ts'
import { suffixRules } from './public-suffixes.ts'

/** No rule of the list has more labels. */
const longestRule = 5

/**
 * The registered domain of a name in lower case, by the longest rule of the Public Suffix List that fits, private suffixes
 * among them; empty for lone labels, addresses and names that are suffixes themselves. A name under no rule counts as
 * registered below its last label.
 */
export const registeredDomainSql = (name: Sql): Sql => {
  const { exact, wildcard, exception } = suffixRules()
  // Logs name the same hosts again and again: the functions run once a value, not once a row.
  const known = sql`toLowCardinality(${name})`
  const last = (labels: number): Sql => sql`substringIndex(${known}, '.', ${raw(String(-labels))})`
  const below = (labels: number): Sql =>
    sql`if(${last(labels + 1)} = ${last(labels)}, '', ${last(labels + 1)})`
  const cases = Array.from({ length: longestRule }, (_, i) => longestRule - i).flatMap((labels) => [
    ...(labels > 1 ? [sql`${last(labels)} IN ${exception}`, last(labels)] : []),
    sql`${last(labels)} IN ${exact}`,
    below(labels),
    ...(labels > 1 ? [sql`${last(labels - 1)} IN ${wildcard}`, below(labels)] : []),
  ])
  const registered = sql`multiIf(${join(cases)}, ${below(1)})`
  return sql`if(match(${known}, '^[0-9.]+$') OR position(${known}, ':') > 0, '', ${registered})`
}
