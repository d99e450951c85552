/**
 * Names → registered domains, as SQL.
 *
 * @module
 */
import { join, raw, sql, type Sql } from '../sql/sql.ts'
import { suffixRules } from './public-suffixes.ts'

const labelsOf = (name: string): number => name.split('.').length

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
  /** Each rule stands in the query once, under the number of its labels: the list is most of the query. */
  const isRule = (rules: readonly string[], labels: number): Sql[] => {
    const fitting = rules.filter((rule) => labelsOf(rule) === labels)
    return fitting.length === 0 ? [] : [sql`${last(labels)} IN ${fitting}`]
  }
  const longest = Math.max(...exact.map(labelsOf), ...wildcard.map((rule) => labelsOf(rule) + 1))
  // Rules of one label change nothing: without a rule the last label is the suffix.
  const cases = Array.from({ length: longest - 1 }, (_, i) => longest - i).flatMap((labels) => [
    ...isRule(exception, labels).flatMap((holds) => [holds, last(labels)]),
    ...isRule(exact, labels).flatMap((holds) => [holds, below(labels)]),
    ...isRule(wildcard, labels - 1).flatMap((holds) => [holds, below(labels)]),
  ])
  const registered = sql`multiIf(${join(cases)}, ${below(1)})`
  return sql`if(match(${known}, '^[0-9.]+$') OR position(${known}, ':') > 0, '', ${registered})`
}
