/**
 * Facts: what each event contributes to the features, as numbers. Texts are looked at once, for all windows of a detector;
 * every window then only adds up.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { bound, id, join, raw, render, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import type { Feature, Measure } from './feature.ts'
import {
  entityColumn,
  entityType,
  entityValue,
  eventsWhere,
  selectEntity,
  type Study,
} from './feature-set.ts'
import type { Filter } from './filter.ts'
import { historyTable, valueColumns, valueHash, type Filled, type HistoryFeature } from './history.ts'

/** A number of every event: a condition, a hash, a measure. */
interface Fact {
  readonly name: string
  readonly type: 'UInt8' | 'UInt64' | 'Float64'
  readonly expression: Sql
}

/** The aggregates of a feature set, and the facts they are made of. */
export interface CompiledFeatures {
  readonly facts: readonly Fact[]
  /** By feature; features made of other features, or of value histories alone, are not among them. */
  readonly aggregates: readonly (readonly [name: string, aggregate: Sql])[]
}

type Ask = (type: Fact['type'], expression: Sql) => Sql

const measureSql = (measure: Measure): Sql => {
  if (typeof measure === 'string') return id(measure)
  if (measure.kind === 'length') return sql`length(${id(measure.of)})`
  return sql`countSubstrings(${id(measure.of)}, ${measure.separator}) + 1`
}

/** Sums of fractions are made in whole thousandths: the order in which threads add must not show. */
const exactMean = (of: Sql, condition: Sql): Sql =>
  sql`sumIf(toInt64(round(${of} * 1000)), ${condition}) / greatest(countIf(${condition}), 1) / 1000`

const gapStatistic = (statistic: 'median' | 'regularity', condition: Sql): Sql => {
  const times = sql`groupArraySortedIf(1000)(toUnixTimestamp64Milli(timestamp), ${condition})`
  const gaps = sql`arrayPopFront(arrayDifference(${times}))`
  const median = sql`arrayElementOrNull(arraySort(${gaps}), intDiv(length(${gaps}) + 1, 2))`
  if (statistic === 'median') return sql`ifNull(${median} / 1000, 0)`
  // Fewer than five gaps say nothing of a rhythm.
  return sql`if(length(${gaps}) < 5, 0, arrayCount(g -> g BETWEEN 0.4 * assumeNotNull(${median}) AND 1.6 * assumeNotNull(${median}), ${gaps}) / length(${gaps}))`
}

/** How many entities use an event's value, from the history that is joined to it. */
const usersOfValue = (study: Study, feature: HistoryFeature): Sql =>
  sql`greatest(${id(`${historyTable(study, feature).name}_entities`)}, 1)`

const countOf = (study: Study, what: Sql): Sql =>
  sql`(SELECT uniq(${what}) FROM events WHERE ${eventsWhere(study)})`

/** The aggregate of one feature over the facts it asks for; null for features that no event contributes to directly. */
const aggregate = (feature: Feature, study: Study, ask: Ask): Sql | null => {
  const holds = (where: Filter): Sql =>
    Object.keys(where).length === 0 ? raw('1') : ask('UInt8', filterSql(where))
  const measured = (of: Measure): Sql => ask('Float64', measureSql(of))
  switch (feature.kind) {
    case 'count':
      return sql`sumIf(event_repeats, ${holds(feature.where)})`
    case 'share':
      return sql`countIf(${holds(feature.where)}) / count()`
    case 'sum':
    case 'max':
    case 'min':
      return sql`${raw(feature.kind)}If(${measured(feature.of)}, ${holds(feature.where)})`
    case 'mean':
      return exactMean(measured(feature.of), holds(feature.where))
    case 'distinct':
      return sql`uniqIf(${ask('UInt64', valueHash(feature.of))}, ${holds(feature.where)})`
    case 'entropy':
      return sql`round(ifNotFinite(entropyIf(${ask('UInt64', valueHash([feature.of]))}, ${holds(feature.where)}), 0), 6)`
    case 'quantile':
      return sql`round(ifNotFinite(quantileDDIf(0.01, ${bound('Float64', feature.level)})(${measured(feature.of)}, ${holds(feature.where)}), 0), 3)`
    case 'gaps':
      return gapStatistic(feature.statistic, holds(feature.where))
    case 'rarity': {
      const entities = countOf(study, join(study.set.entity.map(entityValue)))
      const bits = ask(
        'Float64',
        sql`round(log2(greatest(${entities}, 1) / ${usersOfValue(study, feature)}), 3)`,
      )
      const condition = holds(feature.where)
      return feature.statistic === 'max' ? sql`maxIf(${bits}, ${condition})` : exactMean(bits, condition)
    }
    case 'popularity': {
      const all = countOf(study, entityValue(feature.by))
      const others = ask('Float64', sql`(${usersOfValue(study, feature)} - 1) / greatest(${all} - 1, 1)`)
      return sql`greatest(maxIf(${others}, ${holds(feature.where)}), ${bound('Float64', feature.floor)})`
    }
    case 'countBefore': {
      const pair = sql`(toUnixTimestamp64Milli(timestamp), event_repeats)`
      const before = sql`groupArraySortedIf(10000)(${pair}, ${holds(feature.where)})`
      const last = sql`maxIf(toUnixTimestamp64Milli(timestamp), ${holds(feature.until)})`
      return sql`arraySum(e -> e.2, arrayFilter(e -> e.1 <= ${last}, ${before}))`
    }
    case 'firstSeen':
    case 'neverSeen':
    case 'ratio':
    case 'rate':
    case 'prior':
      return null
  }
}

/** Aggregates over facts; equal expressions are one fact. */
export const compileFeatures = (study: Study): CompiledFeatures => {
  const facts = new Map<string, Fact>()
  const ask: Ask = (type, expression) => {
    const key = JSON.stringify([type, render(expression)])
    const known = facts.get(key)
    if (known !== undefined) return id(known.name)
    const fact: Fact = { name: `x${facts.size}`, type, expression }
    facts.set(key, fact)
    return id(fact.name)
  }
  const aggregates = Object.entries(study.set.features).flatMap(([name, feature]) => {
    const expression = aggregate(feature, study, ask)
    return expression === null ? [] : [[name, expression] as const]
  })
  return { facts: [...facts.values()], aggregates }
}

/** Each event gets how many entities use its value. */
const historyJoins = (study: Study): Sql => {
  const names = new Map<string, HistoryFeature>()
  for (const feature of Object.values(study.set.features)) {
    if (feature.kind === 'rarity' || feature.kind === 'popularity')
      names.set(historyTable(study, feature).name, feature)
  }
  const joins = [...names].map(([name, feature]) => {
    const right = sql`(SELECT value AS ${id(`${name}_value`)}, entities AS ${id(`${name}_entities`)} FROM ${id(name)})`
    return sql` GLOBAL ANY LEFT JOIN ${right} AS ${id(name)} ON ${valueHash(valueColumns(feature))} = ${id(`${name}_value`)}`
  })
  return join(joins, '')
}

/** One row an event: `e0`, `e1` …, `timestamp`, `event_repeats`, and the facts. The value histories must be filled. */
export const selectFacts = (study: Study): Sql => {
  const { facts } = compileFeatures(study)
  const columns = facts.map(
    ({ name, type, expression }) => sql`${raw(`to${type}`)}(${expression}) AS ${id(name)}`,
  )
  return sql`SELECT ${join([selectEntity(study.set), raw('timestamp'), raw('event_repeats'), ...columns])} FROM events${historyJoins(study)} WHERE ${eventsWhere(study)}`
}

/** The facts as a working table, for detectors with several windows. */
export const factsOf = (study: Study): Filled => {
  const { set, prefix } = study
  const table: Table = {
    name: `${prefix}_facts`,
    columns: [
      ...set.entity.map((column, i) => ({ name: entityColumn(i), type: entityType(column) })),
      { name: 'timestamp', type: "DateTime64(3, 'UTC')", codec: 'Delta, LZ4' },
      { name: 'event_repeats', type: 'UInt64' },
      ...compileFeatures(study).facts.map(({ name, type }) => ({ name, type })),
    ],
    orderBy: ['timestamp'],
    shardBy: `cityHash64(${set.entity.map((_, i) => entityColumn(i)).join(', ')})`,
  }
  const names = join(table.columns.map((column) => id(column.name)))
  return { table, fill: sql`INSERT INTO ${id(table.name)} (${names}) ${selectFacts(study)}` }
}
