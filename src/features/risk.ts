/**
 * Novelty-weighted risk of values (the names of alerts) as SQL sees it: what happened to whom in which hour goes to a table of
 * cells; what a model says of each entity's hour comes back as another, and is joined to the windows.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import { entityColumns, entityValue, eventsWhere, featureColumn, type Study } from './feature-set.ts'
import type { Filled } from './history.ts'
import type { RiskFeature } from './risk-feature.ts'
import { isStretchApart } from './taught.ts'

const riskFeatures = (study: Study): (readonly [string, RiskFeature])[] =>
  Object.entries(study.set.features).flatMap(([name, feature]) =>
    feature.kind === 'risk' ? [[name, feature] as const] : [],
  )

/** What is judged of one study, and the queries that tell what the numbers in it stand for. */
export interface JudgedRisks {
  readonly seconds: number
  /** One row an entity, stretch and value: hashes `entity` and `value`, `stretch` (its start / seconds), `taught`, `events`. */
  readonly cells: Filled
  /** `entity` (its hash as text), `parts`. */
  readonly entities: Sql
  /** `value` (its hash as text), `name`, `family`, and in how many cells it is (`cells`). */
  readonly values: Sql
  /** To be filled: `entity`, `stretch`, `bits` in whole thousandths, `kinds`, `company`, `often` in thousandths. */
  readonly risks: Table
}

/** With more values than this, those in the fewest cells are not judged. */
const mostValues = 1_000_000

const risksTable = ({ prefix }: Study): Table => ({
  name: `${prefix}_risks`,
  columns: [
    { name: 'entity', type: 'UInt64' },
    { name: 'stretch', type: 'UInt32' },
    { name: 'bits', type: 'UInt32' },
    { name: 'kinds', type: 'UInt32' },
    { name: 'company', type: 'UInt32' },
    { name: 'often', type: 'UInt32' },
  ],
  orderBy: ['entity'],
  shardBy: 'entity',
})

/** @param seconds how long the stretches are: the shortest window of the detector */
export const judgedRisksOf = (study: Study, seconds: number): JudgedRisks | null => {
  const [first] = riskFeatures(study)
  if (first === undefined) return null
  const [, { of, family, where }] = first
  const table: Table = {
    name: `${study.prefix}_cells`,
    columns: [
      { name: 'entity', type: 'UInt64' },
      { name: 'stretch', type: 'UInt32' },
      { name: 'value', type: 'UInt64' },
      { name: 'events', type: 'UInt64' },
      { name: 'taught', type: 'UInt8' },
    ],
    orderBy: ['stretch'],
    shardBy: 'stretch',
  }
  const parts = study.set.entity.map(entityValue)
  const entity = sql`cityHash64(${join(parts)})`
  const value = sql`cityHash64(${id(of)})`
  const stretch = sql`toUInt32(intDiv(toUnixTimestamp(timestamp), ${seconds}))`
  const matching = join([eventsWhere(study), filterSql(where)], ' AND ')
  const taught = sql`toUInt8(NOT (${isStretchApart(study, raw('entity'), sql`toInt64(stretch) * ${seconds * 1000}`, seconds * 1000)}))`
  return {
    seconds,
    cells: {
      table,
      fill: sql`INSERT INTO ${id(table.name)} (entity, stretch, value, events, taught) SELECT entity, stretch, value, events, ${taught} FROM (SELECT ${entity} AS entity, ${stretch} AS stretch, ${value} AS value, sum(event_repeats) AS events FROM events WHERE ${matching} GROUP BY entity, stretch, value)`,
    },
    entities: sql`SELECT toString(${entity}) AS entity, any([${join(parts.map((part) => sql`toString(${part})`))}]) AS parts FROM events WHERE ${matching} GROUP BY entity`,
    values: sql`SELECT toString(${value}) AS value, any(toString(${id(of)})) AS name, min(toString(${id(family)})) AS family, uniqExact(${entity}, ${stretch}) AS cells FROM events WHERE ${matching} GROUP BY value ORDER BY cells DESC, value LIMIT ${mostValues}`,
    risks: risksTable(study),
  }
}

/** Adds the features of risk to windows, from the filled table: of a longer window, what its worst stretch says. */
export const withRisks = (below: Sql, study: Study, seconds: number, stretchSeconds: number): Sql => {
  const features = riskFeatures(study)
  if (features.length === 0) return below
  const of = {
    bits: sql`toFloat64(risk_bits) / 1000`,
    kinds: sql`toFloat64(risk_kinds)`,
    company: sql`toFloat64(risk_company)`,
    often: sql`toFloat64(risk_often) / 1000`,
  } as const
  const added = join(
    features.map(([name, { statistic }]) => sql`${of[statistic]} AS ${id(featureColumn(name))}`),
  )
  const worst = join([
    raw('max(bits) AS risk_bits'),
    raw('max(kinds) AS risk_kinds'),
    raw('max(company) AS risk_company'),
    raw('min(often) AS risk_often'),
  ])
  const start = sql`intDiv(toUInt64(stretch) * ${stretchSeconds}, ${seconds}) * ${seconds}`
  const right = sql`(SELECT entity AS risk_entity, ${start} AS risk_start, ${worst} FROM ${id(risksTable(study).name)} GROUP BY risk_entity, risk_start)`
  const keys = join(entityColumns(study.set).map((key) => sql`w.${key}`))
  return sql`(SELECT w.*, ${added} FROM ${below} AS w GLOBAL ANY LEFT JOIN ${right} AS risks ON cityHash64(${keys}) = risk_entity AND toUInt64(toUnixTimestamp(w.window)) = toUInt64(risk_start))`
}
