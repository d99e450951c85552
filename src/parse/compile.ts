/**
 * Parsers → one `SELECT` that turns the lines of a file into rows of `events`, rejects among them.
 *
 * Every line becomes exactly one row: the first branch (parser and variant, inside its envelope if it has one) that
 * matches makes the event; where none does, the row is a reject with the reason.
 *
 * @module
 */
import { columnOf, parsedColumns, type ColumnType, type ParsedColumn } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { commentStart, compileShape, type Layer } from './compile-line.ts'
import { columnSql, testSql, type Scope } from './compile-value.ts'
import type { ParseContext } from './context.ts'
import { derivedSql } from './derive.ts'
import type { ColumnValues, Envelope, Parser, Variant } from './parser.ts'
import type { Value } from './value.ts'

/** Which parsers read a file, in order. Parsers inside an envelope come with it. */
export interface Reading {
  readonly envelopes: readonly { readonly envelope: Envelope; readonly parsers: readonly Parser[] }[]
  readonly parsers: readonly Parser[]
}

/** What is known of a batch of lines before it is read. */
export interface Batch {
  readonly segment: string
  readonly source: string
  /** What its lines do not say. */
  readonly context: ParseContext
}

/** A longer line is a reject: it is kept up to here. */
export const longestLine = 1_048_576

interface Branch {
  readonly format: string
  readonly title: string
  readonly category: string
  /** Holds where this branch makes the event, its time apart. */
  readonly matches: Sql
  readonly columns: Readonly<Partial<Record<ParsedColumn, Sql>>>
}

interface Compiled {
  readonly layers: readonly Layer[]
  readonly branches: readonly Branch[]
}

const typeOf = (name: ParsedColumn): ColumnType => columnOf(name).type

// Object.entries loses the key type; ColumnValues has only event columns.
const entriesOf = (values: ColumnValues): [ParsedColumn, Value][] =>
  Object.entries(values) as [ParsedColumn, Value][]

const compileColumns = (values: ColumnValues, scope: Scope): Branch['columns'] =>
  Object.fromEntries(entriesOf(values).map(([name, value]) => [name, columnSql(value, typeOf(name), scope)]))

interface Place {
  /** The text column the shape is found in. */
  readonly text: Sql
  /** What must hold before the shape is looked at. */
  readonly guard: Sql | null
  readonly outer: Branch['columns']
  readonly prefix: string
  readonly context: ParseContext
}

const compileVariant = (parser: Parser, variant: Variant, place: Place): Compiled => {
  const shape = compileShape(variant.shape, place.text, place.prefix, place.context)
  const shared: [string, Sql][] = []
  const share = (expression: Sql): Sql => {
    const name = `${place.prefix}_shared${shared.length}`
    shared.push([name, expression])
    return id(name)
  }
  const scope: Scope = { part: shape.part, context: place.context, share }
  const conditions = [
    ...(place.guard === null ? [] : [place.guard]),
    shape.matches,
    ...(variant.test === null ? [] : [testSql(variant.test, scope)]),
  ]
  const branch: Branch = {
    format: parser.id,
    title: parser.title,
    category: variant.category ?? parser.category,
    matches: sql`(${join(conditions, ' AND ')})`,
    columns: { ...place.outer, ...compileColumns(variant.columns, scope) },
  }
  return { layers: [...shape.layers(), shared], branches: [branch] }
}

const merge = (parts: readonly Compiled[]): Compiled => {
  const depth = Math.max(0, ...parts.map((part) => part.layers.length))
  return {
    layers: Array.from({ length: depth }, (_, i) => parts.flatMap((part) => part.layers[i] ?? [])),
    branches: parts.flatMap((part) => part.branches),
  }
}

const compileParser = (parser: Parser, place: Place): Compiled =>
  merge(
    parser.variants.map((variant, i) =>
      compileVariant(parser, variant, { ...place, prefix: `${place.prefix}_${i}` }),
    ),
  )

/**
 * An envelope: its header becomes columns of its own, and its parsers look at the message inside. Messages that none of
 * them knows are events of category `other`.
 */
const compileEnvelope = (
  { envelope, parsers }: Reading['envelopes'][number],
  prefix: string,
  context: ParseContext,
): Compiled => {
  const outer = envelope.variants.map((variant, i) => {
    const shape = compileShape(variant.shape, raw('text'), `${prefix}_v${i}`, context)
    return { shape, variant, scope: { part: shape.part, context } satisfies Scope }
  })
  const pick = (choose: (one: (typeof outer)[number]) => Sql, otherwise: Sql): Sql =>
    sql`multiIf(${join(outer.flatMap((one) => [one.shape.matches, choose(one)]))}, ${otherwise})`
  const names = [
    ...new Set(envelope.variants.flatMap((variant) => entriesOf(variant.columns).map(([name]) => name))),
  ]
  const header: Layer = [
    [
      `${prefix}_ok`,
      sql`(${join(
        outer.map((one) => one.shape.matches),
        ' OR ',
      )})`,
    ],
    [`${prefix}_message`, pick((one) => columnSql(one.variant.message, 'text', one.scope), raw("''"))],
    ...names.map((name) => {
      const expression = pick((one) => {
        const value = one.variant.columns[name]
        return value === undefined ? defaultSql(name) : columnSql(value, typeOf(name), one.scope)
      }, defaultSql(name))
      return [`${prefix}_${name}`, expression] as const
    }),
  ]
  const columns: Branch['columns'] = Object.fromEntries(names.map((name) => [name, id(`${prefix}_${name}`)]))
  const text = id(`${prefix}_message`)
  const ok = id(`${prefix}_ok`)
  const inner = merge(
    parsers.map((parser, i) => {
      const named = sql`${id(`${prefix}_process_name`)} IN (${join(parser.programs.map((name) => sql`${name}`))})`
      const programs = parser.programs.includes('*') ? raw('1') : named
      return compileParser(parser, {
        text,
        guard: sql`${ok} AND ${programs}`,
        outer: columns,
        prefix: `${prefix}_p${i}`,
        context,
      })
    }),
  )
  const generic: Branch = {
    format: envelope.id,
    title: envelope.title,
    category: 'other',
    matches: ok,
    columns,
  }
  const outerLayers = merge(outer.map((one) => ({ layers: one.shape.layers(), branches: [] }))).layers
  return { layers: [...outerLayers, header, ...inner.layers], branches: [...inner.branches, generic] }
}

/** What a column holds where no parser fills it. */
const defaultSql = (name: ParsedColumn): Sql => {
  const defaults: Readonly<Record<ColumnType, string>> = {
    time: "CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))')",
    ip: "toIPv6('::')",
    keyword: "''",
    text: "''",
    integer: 'toUInt64(0)',
    port: 'toUInt16(0)',
    number: 'toFloat64(0)',
    json: "CAST('{}', 'JSON')",
  }
  if (name === 'event_repeats') return raw('toUInt64(1)')
  return raw(defaults[typeOf(name)])
}

const compileReading = (reading: Reading, context: ParseContext): Compiled =>
  merge([
    ...reading.envelopes.map((one, i) => compileEnvelope(one, `e${i}`, context)),
    ...reading.parsers.map((parser, i) =>
      compileParser(parser, { text: raw('text'), guard: null, outer: {}, prefix: `s${i}`, context }),
    ),
  ])

/** Subqueries, one a layer, so that each may use the columns of the one below. */
const layered = (from: Sql, layers: readonly Layer[]): Sql =>
  layers.reduce((below, layer) => {
    const columns = layer.map(([name, expression]) => sql`${expression} AS ${id(name)}`)
    return layer.length === 0 ? below : sql`(SELECT *, ${join(columns)} FROM ${below})`
  }, from)

const readable = (lines: Sql): Sql =>
  sql`(SELECT line_number, length(line) > ${longestLine} AS too_long, left(line, ${longestLine}) AS kept, if(too_long, '', trimRight(kept, '\\r')) AS text FROM ${lines})`

interface Compilation {
  readonly from: Sql
  readonly branches: readonly Branch[]
}

/** The lines with their branch (from 1; 0 for rejects) and each branch's time. */
const compileBranches = (reading: Reading, context: ParseContext, lines: Sql): Compilation => {
  const { layers, branches } = compileReading(reading, context)
  const times: Layer = branches.map((branch, i) => [
    `time_${i + 1}`,
    branch.columns.timestamp ?? defaultSql('timestamp'),
  ])
  const conditions = branches.flatMap((branch, i) => [
    sql`${branch.matches} AND isNotNull(${id(`time_${i + 1}`)})`,
    sql`${i + 1}`,
  ])
  const shaped = sql`(${join(
    branches.map((branch) => branch.matches),
    ' OR ',
  )})`
  const choice: Layer = [
    ['branch', conditions.length === 0 ? raw('0') : sql`multiIf(${join(conditions)}, 0)`],
    ['shaped', branches.length === 0 ? raw('0') : shaped],
  ]
  return { from: layered(readable(lines), [...layers, times, choice]), branches }
}

const byBranch = (
  compilation: Compilation,
  choose: (branch: Branch, index: number) => Sql,
  otherwise: Sql,
  unconditional = false,
): Sql => {
  const { branches } = compilation
  const [only] = branches
  if (only === undefined) return otherwise
  // A reject's columns are never read, so a lone branch needs no condition (which would cost a second pass over each).
  if (branches.length === 1 && unconditional) return choose(only, 1)
  // Branches with the same expression share a condition: a query of fifty branches stays quick to plan.
  const groups = new Map<string, { readonly expression: Sql; readonly branches: number[] }>()
  for (const [i, branch] of branches.entries()) {
    const expression = choose(branch, i + 1)
    const key = JSON.stringify(expression.pieces)
    const group = groups.get(key) ?? { expression, branches: [] }
    group.branches.push(i + 1)
    groups.set(key, group)
  }
  groups.delete(JSON.stringify(otherwise.pieces))
  if (groups.size === 0) return otherwise
  const cases = [...groups.values()].flatMap((group) => [
    sql`branch IN (${raw(group.branches.join(', '))})`,
    group.expression,
  ])
  return sql`multiIf(${join(cases)}, ${otherwise})`
}

/** Every column some branch fills, in the catalogue's order; the rest have their defaults. */
const filledColumns = (branches: readonly Branch[]): ParsedColumn[] =>
  // Object.keys loses the key type of the catalogue.
  (Object.keys(parsedColumns) as ParsedColumn[]).filter(
    (name) =>
      name !== 'timestamp' && (name === 'event_repeats' || branches.some((branch) => name in branch.columns)),
  )

/** Whether a line that is no event is one of those a format puts into its files for the reader. */
const isComment = (reading: Reading): Sql => {
  const shapes = reading.parsers.flatMap((parser) => parser.variants.map((variant) => variant.shape))
  const starts = new Set(shapes.map(commentStart).filter((start) => start !== undefined))
  return starts.size === 0
    ? raw('0')
    : sql`(${join(
        [...starts].map((start) => sql`startsWith(text, ${start})`),
        ' OR ',
      )})`
}

const epoch = raw("toDateTime64(0, 3, 'UTC')")

const titles = ({ envelopes, parsers }: Reading): string =>
  [...envelopes.map(({ envelope }) => envelope.title), ...parsers.map(({ title }) => title)]
    .slice(0, 3)
    .join('; ')

/** A row's columns by name, in the order they are selected. */
export interface CompiledReading {
  readonly columns: readonly string[]
  readonly select: (lines: Sql) => Sql
}

/**
 * The `SELECT` for a batch: one row of `columns` for each line of `lines` (a table with `line` and `line_number`).
 */
export const compileSelect = (reading: Reading, batch: Batch): CompiledReading => {
  const probe = compileBranches(reading, batch.context, raw('lines'))
  const filled = filledColumns(probe.branches)
  const columns = [
    'timestamp',
    ...filled,
    'ingested',
    'category',
    'source',
    'format',
    'segment',
    'line_number',
    'message',
    'reject_reason',
  ]
  const made = (name: string): Sql => id(`c${columns.indexOf(name)}`)
  const derived = derivedSql(Object.fromEntries(filled.map((name) => [name, made(name)])), batch.context)
  return {
    columns: [...columns, ...derived.map(([name]) => name)],
    select: (lines) => {
      const compilation = compileBranches(reading, batch.context, lines)
      const { from } = compilation
      const values: Sql[] = [
        sql`ifNull(${byBranch(compilation, (_, i) => id(`time_${i}`), raw('NULL'))}, ${epoch})`,
        ...filled.map((name) =>
          byBranch(compilation, (branch) => branch.columns[name] ?? defaultSql(name), defaultSql(name), true),
        ),
        raw('now64(3)'),
        byBranch(compilation, (branch) => sql`${branch.category}`, raw("'reject'")),
        sql`${batch.source}`,
        byBranch(compilation, (branch) => sql`${branch.format}`, raw("''")),
        sql`${batch.segment}`,
        raw('line_number + 1'),
        raw('kept'),
        sql`multiIf(branch > 0, '', too_long, ${`longer than ${longestLine} bytes`}, text = '', 'empty line', ${isComment(reading)}, 'header or comment', shaped, 'its time cannot be read, or lies outside 1990–2100', ${`not in the form of: ${titles(reading)}`})`,
      ]
      const named = values.map((value, i) => sql`${value} AS ${id(`c${i}`)}`)
      const parsed = sql`SELECT ${join(named)} FROM ${from}`
      if (derived.length === 0) return parsed
      const more = derived.map(([, expression], i) => sql`${expression} AS ${id(`d${i}`)}`)
      return sql`SELECT *, ${join(more)} FROM (${parsed})`
    },
  }
}

/**
 * For format detection: how many of some lines a reading understands, and how many have its shape but no readable time.
 * One row: `events`, `shaped`, `lines`.
 */
export const compileClaim = (reading: Reading, context: ParseContext, lines: Sql): Sql => {
  const { from } = compileBranches(reading, context, lines)
  return sql`SELECT countIf(branch > 0) AS events, countIf(shaped) AS shaped, countIf(text != '') AS lines FROM ${from}`
}

/** One row for each set of formats that claim the same lines: `claimed`, `shaped` (0 or 1 by format) and `lines`. */
export interface CompiledClaims {
  readonly formats: readonly string[]
  readonly select: Sql
}

const timeOnly = <V extends Variant>(variant: V): V => ({
  ...variant,
  columns: variant.columns.timestamp === undefined ? {} : { timestamp: variant.columns.timestamp },
})

const timesOnly = ({ envelopes, parsers }: Reading): Reading => ({
  envelopes: envelopes.map(({ envelope }) => ({
    envelope: { ...envelope, variants: envelope.variants.map(timeOnly) },
    parsers: [],
  })),
  parsers: parsers.map((parser) => ({ ...parser, variants: parser.variants.map(timeOnly) })),
})

/** For format detection: which formats each line could be of, whichever comes first. */
export const compileClaims = (reading: Reading, context: ParseContext, lines: Sql): CompiledClaims => {
  const { branches, from } = compileBranches(timesOnly(reading), context, lines)
  const formats = [...new Set(branches.map((branch) => branch.format))]
  const flags = (condition: (branch: Branch, index: number) => Sql): Sql =>
    join(
      formats.map((format) => {
        const own = branches.flatMap((branch, i) => (branch.format === format ? [condition(branch, i)] : []))
        return sql`(${join(own, ' OR ')})`
      }),
    )
  const claimed = flags((branch, i) => sql`(${branch.matches} AND isNotNull(${id(`time_${i + 1}`)}))`)
  return {
    formats,
    select: sql`SELECT [${claimed}] AS claimed, [${flags((branch) => branch.matches)}] AS shaped, count() AS lines FROM ${from} WHERE text != '' AND NOT ${isComment(reading)} GROUP BY claimed, shaped`,
  }
}
