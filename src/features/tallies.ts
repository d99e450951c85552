/**
 * Facts and tallies. Facts are what each event contributes to the features, as numbers. Tallies are what they add up to over
 * short windows: texts are looked at once, and every longer window is put together from them.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { bound, id, join, raw, render, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import type { Feature, Measure } from './feature.ts'
import { measureSql } from './measure.ts'
import {
  entityColumn,
  entityType,
  entityValue,
  countOf,
  eventsWhere,
  selectEntity,
  windowStart,
  type Study,
} from './feature-set.ts'
import type { Filter } from './filter.ts'
import {
  historyTable,
  rowsByValue,
  valueColumns,
  valueHash,
  type Filled,
  type HistoryFeature,
} from './history.ts'
import { isOfEntity, popularityOf } from './of-entity.ts'
import { isOfOthers, isPast } from './past-feature.ts'
import { oddTexts, payloadJoins, payloadKey, payloadTally } from './payload.ts'
import { rhythmParts } from './rhythm.ts'
import { daysSinceStart, isSeldom } from './seldom.ts'
import { gapStatistic, hoursTally } from './times.ts'
import { surprisalBits, surprisalJoins, surprisalPair, surprisalTally } from './surprisal.ts'
import { uniqueValues } from './unique-values.ts'
import { isUnproven, proofJoins } from './unproven.ts'

/** A number of every event: a condition, a hash, a measure. */
interface Fact {
  readonly name: string
  readonly type: 'UInt8' | 'UInt64' | 'Float64' | 'Array'
  readonly expression: Sql
  /** Whether it is made of other facts and of what is joined to them. */
  readonly late: boolean
}

/** What is added up of one feature: over the events of a short window, and over the short windows of a longer one. */
interface Part {
  /** ClickHouse type of what is made. */
  readonly type: string
  /** Aggregates facts. */
  readonly make: Sql
  /** Aggregates a column of what was made. */
  readonly together: (made: Sql) => Sql
  /** The same of one short window; absent where that is what was made. */
  readonly alone?: (made: Sql) => Sql
  /** The name of a part that is the same for several features. */
  readonly sharedAs?: string
}

/** A feature as parts that add up, and how its number is made of the sums. */
interface Tally {
  readonly parts: readonly Part[]
  /** @param sums of the parts, in order */
  readonly value: (...sums: readonly Sql[]) => Sql
}

export interface CompiledFeatures {
  readonly facts: readonly Fact[]
  /** Columns of the tallies. */
  readonly parts: readonly { readonly name: string; readonly type: string; readonly make: Sql }[]
  /**
   * Each feature's number for a window of many short ones, or one alone; features made of other features, or of value
   * histories alone, are not among them.
   */
  readonly values: (many: boolean) => readonly (readonly [name: string, value: Sql])[]
}

type Ask = (type: Fact['type'], expression: Sql, late?: boolean) => Sql

const added = (part: Sql): Sql => sql`sum(${part})`
const most = (part: Sql): Sql => sql`max(${part})`
const finished = (state: Sql): Sql => sql`finalizeAggregation(${state})`
const itself = (sum = raw('')): Sql => sum

const counted = (make: Sql): Part => ({ type: 'UInt64', make, together: added })

/** Sums of fractions are made in whole thousandths: the order in which threads add must not show. */
const exactMean = (of: Sql, condition: Sql): Tally => ({
  parts: [
    { type: 'Int64', make: sql`sumIf(toInt64(round(${of} * 1000)), ${condition})`, together: added },
    counted(sql`countIf(${condition})`),
  ],
  value: (total = raw(''), events = raw('')) => sql`${total} / greatest(${events}, 1) / 1000`,
})

const largest = (of: Sql, condition: Sql): Tally => ({
  parts: [{ type: 'Float64', make: sql`maxIf(${of}, ${condition})`, together: most }],
  value: itself,
})

const distinctOf = (value: Sql, condition: Sql, seconds: number): Tally => ({
  parts: [{ type: 'Array(UInt64)', ...uniqueValues(value, condition, seconds) }],
  value: (values = raw('')) => sql`length(${values})`,
})

/** How many entities use an event's value, from the history that is joined to it by the value's hash, a fact. */
const usersOfValue = (study: Study, feature: HistoryFeature, ask: Ask): Sql => {
  ask('UInt64', valueHash(valueColumns(feature)))
  return sql`greatest(${id(`${historyTable(study, feature).name}_entities`)}, 1)`
}

/** What is tallied for one feature; null for features that no event contributes to directly. */
const tallyOf = (feature: Feature, study: Study, seconds: number, ask: Ask): Tally | null => {
  const holds = (where: Filter): Sql =>
    Object.keys(where).length === 0 ? raw('1') : ask('UInt8', filterSql(where))
  if (isPast(feature) || isOfOthers(feature)) return null
  const measured = (of: Measure): Sql => ask('Float64', measureSql(of))
  switch (feature.kind) {
    case 'count':
      return { parts: [counted(sql`sumIf(event_repeats, ${holds(feature.where)})`)], value: itself }
    case 'share':
      return {
        parts: [counted(sql`countIf(${holds(feature.where)})`), counted(raw('count()'))],
        value: (matching = raw(''), all = raw('')) => sql`${matching} / ${all}`,
      }
    case 'sum':
      return {
        parts: [
          {
            type: 'Float64',
            make: sql`sumIf(${measured(feature.of)}, ${holds(feature.where)})`,
            together: added,
          },
        ],
        value: itself,
      }
    case 'max':
      return largest(measured(feature.of), holds(feature.where))
    case 'min':
      return {
        parts: [
          {
            type: 'Nullable(Float64)',
            make: sql`minOrNullIf(${measured(feature.of)}, ${holds(feature.where)})`,
            together: (part) => sql`min(${part})`,
          },
        ],
        value: (least = raw('')) => sql`ifNull(${least}, 0)`,
      }
    case 'mean':
      return exactMean(measured(feature.of), holds(feature.where))
    case 'distinct':
      return distinctOf(ask('UInt64', valueHash(feature.of)), holds(feature.where), seconds)
    case 'entropy': {
      const value = ask('UInt64', valueHash([feature.of]))
      return {
        parts: [
          {
            type: 'AggregateFunction(entropy, UInt64)',
            make: sql`entropyStateIf(${value}, ${holds(feature.where)})`,
            together: (part) => sql`entropyMerge(${part})`,
            alone: finished,
          },
        ],
        value: (bits = raw('')) => sql`round(ifNotFinite(${bits}, 0), 6)`,
      }
    }
    case 'quantile': {
      const level = raw(String(Number(feature.level)))
      return {
        parts: [
          {
            type: `AggregateFunction(quantileDD(0.01, ${Number(feature.level)}), Float64)`,
            make: sql`quantileDDStateIf(0.01, ${level})(${measured(feature.of)}, ${holds(feature.where)})`,
            together: (part) => sql`quantileDDMerge(0.01, ${level})(${part})`,
            alone: finished,
          },
        ],
        value: (quantile = raw('')) => sql`round(ifNotFinite(${quantile}, 0), 3)`,
      }
    }
    case 'gaps':
      return {
        parts: [
          {
            type: 'AggregateFunction(groupArraySorted(1000), Int64)',
            make: sql`groupArraySortedStateIf(1000)(toUnixTimestamp64Milli(timestamp), ${holds(feature.where)})`,
            together: (part) => sql`groupArraySortedMerge(1000)(${part})`,
            alone: finished,
          },
        ],
        value: (times = raw('')) => gapStatistic(feature.statistic, times),
      }
    case 'rarity': {
      const entities = countOf(study, join(study.set.entity.map(entityValue)))
      const bits = ask(
        'Float64',
        sql`round(log2(greatest(${entities}, 1) / ${usersOfValue(study, feature, ask)}), 3)`,
        true,
      )
      return feature.statistic === 'max'
        ? largest(bits, holds(feature.where))
        : exactMean(bits, holds(feature.where))
    }
    case 'popularity': {
      if (isOfEntity(feature, study.set)) return null
      const users = usersOfValue(study, feature, ask)
      const others = ask('Float64', popularityOf(feature, study, users), true)
      return {
        ...largest(others, holds(feature.where)),
        value: (share = raw('')) => sql`greatest(${share}, ${bound('Float64', feature.floor)})`,
      }
    }
    case 'surprisal': {
      const value = ask('UInt64', valueHash([feature.of]))
      const bits = ask('Float64', surprisalBits(study, feature), true)
      return surprisalTally(feature, uniqueValues(surprisalPair(value, bits), holds(feature.where), seconds))
    }
    case 'unproven': {
      ask('UInt64', valueHash(feature.of))
      const condition = ask('UInt8', isUnproven(study, feature), true)
      const both = sql`${condition} AND ${holds(feature.where)}`
      if (feature.distinct === null)
        return { parts: [counted(sql`sumIf(event_repeats, ${both})`)], value: itself }
      return distinctOf(ask('UInt64', valueHash([feature.distinct])), both, seconds)
    }
    case 'elapsed':
      return { parts: [], value: () => daysSinceStart(study) }
    case 'seldom':
      return distinctOf(
        ask('UInt64', valueHash([feature.of])),
        sql`${ask('UInt8', isSeldom(study, feature))} AND ${holds(feature.where)}`,
        seconds,
      )
    case 'payload': {
      ask('UInt64', payloadKey)
      return payloadTally(study, feature, ask('Array', oddTexts(study), true), holds(feature.where))
    }
    case 'countBefore': {
      const pair = sql`(toUnixTimestamp64Milli(timestamp), event_repeats)`
      return {
        parts: [
          {
            type: 'AggregateFunction(groupArraySorted(10000), Tuple(Int64, UInt64))',
            make: sql`groupArraySortedStateIf(10000)(${pair}, ${holds(feature.where)})`,
            together: (part) => sql`groupArraySortedMerge(10000)(${part})`,
            alone: finished,
          },
          {
            type: 'Int64',
            make: sql`maxIf(toUnixTimestamp64Milli(timestamp), ${holds(feature.until)})`,
            together: most,
          },
        ],
        value: (before = raw(''), last = raw('')) =>
          sql`arraySum(e -> e.2, arrayFilter(e -> e.1 <= ${last}, ${before}))`,
      }
    }
    case 'hours':
      return hoursTally(holds(feature.where))
    case 'age':
    case 'rhythm':
    case 'risk':
    case 'firstSeen':
    case 'neverSeen':
    case 'ratio':
    case 'rate':
    case 'prior':
    case 'sofar':
    case 'elsewhere':
    case 'newcomer':
    case 'unusualHour':
    case 'travel':
      return null
  }
}

/**
 * Facts, parts and values of a feature set; equal expressions are one fact.
 *
 * @param seconds the length of the windows that are made, or put together
 */
export const compileFeatures = (study: Study, seconds: number): CompiledFeatures => {
  const facts = new Map<string, Fact>()
  const ask: Ask = (type, expression, late = false) => {
    const key = JSON.stringify([type, render(expression)])
    const known = facts.get(key)
    if (known !== undefined) return id(known.name)
    const fact: Fact = { name: `x${facts.size}`, type, expression, late }
    facts.set(key, fact)
    return id(fact.name)
  }
  const tallies = Object.entries(study.set.features).flatMap(([name, feature]) => {
    const tally = tallyOf(feature, study, seconds, ask)
    if (tally === null) return []
    const parts = tally.parts.map((part, i) => ({ ...part, name: part.sharedAs ?? `${name}_${i}` }))
    const value = (many: boolean): Sql =>
      tally.value(
        ...parts.map((part) => {
          const made = id(part.name)
          return many ? part.together(made) : (part.alone?.(made) ?? made)
        }),
      )
    return [{ name, parts, value }]
  })
  const rhythms = rhythmParts(study.set, ask)
  return {
    facts: [...facts.values()],
    parts: [
      ...new Map(tallies.flatMap(({ parts }) => parts).map((part) => [part.name, part])).values(),
      ...rhythms,
    ],
    values: (many) => tallies.map(({ name, value }) => [name, value(many)] as const),
  }
}

/** Each event gets how many entities use its value. */
const historyJoins = (study: Study, facts: readonly Fact[]): Sql => {
  const names = new Map<string, HistoryFeature>()
  for (const feature of Object.values(study.set.features)) {
    if (feature.kind === 'rarity' || (feature.kind === 'popularity' && !isOfEntity(feature, study.set)))
      names.set(historyTable(study, feature).name, feature)
  }
  const keyOf = (hash: Sql): Sql => {
    const { text } = render(hash)
    const key = facts.find((fact) => fact.type === 'UInt64' && render(fact.expression).text === text)
    return id(key?.name ?? '')
  }
  const joins = [...names].map(([name, feature]) => {
    const right = sql`(SELECT value AS ${id(`${name}_value`)}, entities AS ${id(`${name}_entities`)} FROM ${rowsByValue(study, name)})`
    return sql` GLOBAL ANY LEFT JOIN ${right} AS ${id(name)} ON ${keyOf(valueHash(valueColumns(feature)))} = ${id(`${name}_value`)}`
  })
  const judged = [surprisalJoins, proofJoins, payloadJoins].flatMap((joinsOf) => joinsOf(study, keyOf))
  return join([...joins, ...judged], '')
}

/** One row an event: `e0`, `e1` …, `timestamp`, `event_repeats`, and the facts. The value histories must be filled. */
const selectFacts = (study: Study, facts: readonly Fact[]): Sql => {
  const columns = (late: boolean): Sql[] =>
    facts
      .filter((fact) => fact.late === late)
      .map(({ name, type, expression }) => {
        const value = type === 'Array' ? expression : sql`${raw(`to${type}`)}(${expression})`
        return sql`${value} AS ${id(name)}`
      })
  const early = sql`SELECT ${join([selectEntity(study.set), raw('timestamp'), raw('event_repeats'), ...columns(false)])} FROM events WHERE ${eventsWhere(study)}`
  const late = columns(true)
  if (late.length === 0) return early
  // A join copies the columns that pass through it: numbers, not texts.
  return sql`SELECT *, ${join(late)} FROM (${early}) AS early${historyJoins(study, facts)}`
}

/**
 * The tallies of a feature set: a working table with a row for each entity and short window, which the windows of the
 * detector, all multiples of it, are put together from.
 *
 * @param seconds the length of the short windows
 * @param leastEvents short windows with fewer events are left out: they are no part of any window that is judged
 */
export const talliesOf = (study: Study, seconds: number, leastEvents = 1): Filled => {
  const { set, prefix } = study
  const { facts, parts } = compileFeatures(study, seconds)
  const keys = set.entity.map((_, i) => id(entityColumn(i)))
  const table: Table = {
    name: `${prefix}_tallies`,
    columns: [
      ...set.entity.map((column, i) => ({ name: entityColumn(i), type: entityType(column) })),
      { name: 'start', type: "DateTime('UTC')" },
      { name: 'first', type: "DateTime64(3, 'UTC')" },
      { name: 'last', type: "DateTime64(3, 'UTC')" },
      { name: 'events', type: 'UInt64' },
      ...parts.map(({ name, type }) => ({ name, type })),
    ],
    // Written once and read once: sorting the states would cost more than it spares.
    orderBy: [],
    shardBy: `cityHash64(${set.entity.map((_, i) => entityColumn(i)).join(', ')})`,
  }
  const names = join(table.columns.map((column) => id(column.name)))
  const columns = [
    ...keys,
    sql`${windowStart(raw('timestamp'), seconds)} AS start`,
    raw('min(timestamp) AS first'),
    raw('max(timestamp) AS last'),
    raw('sum(event_repeats) AS events'),
    ...parts.map(({ name, make }) => sql`${make} AS ${id(name)}`),
  ]
  return {
    table,
    fill: sql`INSERT INTO ${id(table.name)} (${names}) SELECT ${join(columns)} FROM (${selectFacts(study, facts)}) GROUP BY ${join(keys)}, start${leastEvents > 1 ? sql` HAVING events >= ${leastEvents}` : raw('')}`,
  }
}
