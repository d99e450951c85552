/**
 * How much the names of sites look generated, as SQL sees it: the distinct names go to a table, what a model says of each comes
 * back as another, and that is joined to the events like a value history.
 *
 * @module
 */
import type { ColumnName } from '../schema/columns.ts'
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { Feature } from './feature.ts'
import { eventsWhere, type Study } from './feature-set.ts'
import { valueHash, type Filled } from './history.ts'

type SurprisalFeature = Extract<Feature, { kind: 'surprisal' }>

/** One column's names and what is said of them. */
export interface JudgedNames {
  /**
   * One row a name: `value` (its hash), `label` (what was registered, without the suffix), and whether it is `ordinary`: known
   * to be in use.
   */
  readonly names: Filled
  /** `value` and `bits`, in whole thousandths; to be filled from the names. */
  readonly bits: Table
}

/** With more names than this, those with the largest hashes are not judged. */
const mostNames = 2_000_000
/** A label of the DNS is no longer. */
const longestLabel = 63

const columnsOf = (study: Study): SurprisalFeature['of'][] => [
  ...new Set(
    Object.values(study.set.features).flatMap((feature) =>
      feature.kind === 'surprisal' ? [feature.of] : [],
    ),
  ),
]

const bitsTable = ({ prefix }: Study, column: ColumnName): Table => ({
  name: `${prefix}_bits_${column}`,
  columns: [
    { name: 'value', type: 'UInt64' },
    { name: 'bits', type: 'UInt32' },
  ],
  orderBy: ['value'],
  shardBy: 'value',
})

/**
 * Whether a name is known to be in use. Two infected machines ask for the same made-up names: that two clients ask says
 * something only where there was an answer other than "nowhere", and of a proxy's destinations.
 */
const ordinarySql = (column: SurprisalFeature['of']): Sql => {
  const clients = raw('uniqCombined(12)(source_ip)')
  if (column === 'destination_registered_domain') return sql`${clients} > 1`
  const answered = sql`countIf(dns_response_code = 'NOERROR' AND dns_answers != '' AND NOT match(dns_answers, '^(127[.]|0[.]0[.]0[.]0|::1?$)'))`
  const refused = sql`countIf(dns_response_code IN ('NXDOMAIN', 'SERVFAIL', 'REFUSED'))`
  return sql`${answered} >= 10 OR (${clients} > 1 AND ${answered} > 0) OR (${clients} >= 5 AND ${refused} = 0)`
}

/** The names a feature set judges, by column. */
export const judgedNamesOf = (study: Study): JudgedNames[] =>
  columnsOf(study).map((column) => {
    const table: Table = {
      name: `${study.prefix}_names_${column}`,
      columns: [
        { name: 'value', type: 'UInt64' },
        { name: 'label', type: 'String' },
        { name: 'ordinary', type: 'UInt8' },
      ],
      orderBy: ['value'],
      shardBy: 'value',
    }
    const label = sql`any(substring(substringIndex(toString(${id(column)}), '.', 1), 1, ${longestLabel}))`
    const ordinary = ordinarySql(column)
    return {
      names: {
        table,
        fill: sql`INSERT INTO ${id(table.name)} (value, label, ordinary) SELECT ${valueHash([column])} AS value, ${label} AS label, ${ordinary} AS ordinary FROM events WHERE ${eventsWhere(study)} GROUP BY value ORDER BY value LIMIT ${mostNames}`,
      },
      bits: bitsTable(study, column),
    }
  })

const bitsColumn = (study: Study, column: ColumnName): Sql => id(`${bitsTable(study, column).name}_bits`)

/** Bits of an event's name, from the table that is joined to it. */
export const surprisalBits = (study: Study, feature: SurprisalFeature): Sql =>
  sql`${bitsColumn(study, feature.of)} / 1000`

/** @param keyOf the fact that holds a hash */
export const surprisalJoins = (study: Study, keyOf: (hash: Sql) => Sql): Sql[] =>
  columnsOf(study).map((column) => {
    const { name } = bitsTable(study, column)
    const right = sql`(SELECT value AS ${id(`${name}_value`)}, bits AS ${bitsColumn(study, column)} FROM ${id(name)})`
    return sql` GLOBAL ANY LEFT JOIN ${right} AS ${id(name)} ON ${keyOf(valueHash([column]))} = ${id(`${name}_value`)}`
  })

/**
 * No name counts for more bits in a mean: some ordinary names are as odd as can be (serial numbers, hashes), and a burst is
 * made of many.
 */
export const mostBitsInMean = 10

/** A name's hash and its thousandths of a bit. */
export const surprisalPair = (value: Sql, bits: Sql): Sql => sql`(${value}, toUInt32(round(${bits} * 1000)))`

/** The names of a short window as such pairs, and the feature's number made of them. */
export const surprisalTally = (
  { statistic }: SurprisalFeature,
  unique: { readonly make: Sql; readonly together: (part: Sql) => Sql },
): {
  readonly parts: { type: string; make: Sql; together: (part: Sql) => Sql }[]
  readonly value: (...pairs: readonly Sql[]) => Sql
} => ({
  parts: [{ type: 'Array(Tuple(UInt64, UInt32))', ...unique }],
  value: (...pairs) => {
    const names = join(pairs)
    if (statistic === 'max')
      return sql`arrayMax(p -> p.2, arrayPushBack(${names}, (toUInt64(0), toUInt32(0)))) / 1000`
    if (statistic === 'mean')
      return sql`arraySum(p -> least(p.2, ${mostBitsInMean * 1000}), ${names}) / greatest(length(${names}), 1) / 1000`
    return sql`arrayCount(p -> p.2 >= ${Math.round(statistic.atLeast * 1000)}, ${names})`
  },
})
