/**
 * Parsers → branches: for each way a line can become an event, the condition and the columns.
 *
 * @module
 */
import { columnOf, type ColumnType, type ParsedColumn } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { compileShape, type CompiledShape, type Layer } from './compile-line.ts'
import { columnSql, testSql, type Scope } from './compile-value.ts'
import type { ParseContext } from './context.ts'
import { isDecided } from './decide-test.ts'
import type { ColumnValues, Envelope, Parser, Variant } from './parser.ts'
import type { Value } from './value.ts'

/** Which parsers read a file, in order. Parsers inside an envelope come with it. */
export interface Reading {
  readonly envelopes: readonly { readonly envelope: Envelope; readonly parsers: readonly Parser[] }[]
  readonly parsers: readonly Parser[]
}

const isForAny = ({ programs }: Parser): boolean => programs.includes('*')

/**
 * The parsers that read inside an envelope: first those of a program, whose text may be made to look like another's. Where
 * the envelope holds whole lines, those of files too.
 */
export const parsersInside = (
  parsers: readonly Parser[],
  { lines }: Pick<Envelope, 'lines'>,
): readonly Parser[] => {
  const inside = parsers.filter(({ programs }) => programs.length > 0)
  const messages = [...inside.filter((one) => !isForAny(one)), ...inside.filter(isForAny)]
  return lines === undefined ? messages : [...messages, ...parsers.filter(({ id }) => lines.includes(id))]
}

/** A longer line is a reject: it is kept up to here. */
export const longestLine = 1_048_576

export interface Branch {
  readonly format: string
  /** Of the parser's variants, or -1 for what an envelope makes of a message nobody knows. */
  readonly variant: number
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

/** Own columns, and those around them where the own are empty. */
const filledFrom = (outer: Branch['columns'], own: Branch['columns']): Branch['columns'] => {
  // Object.entries loses the key type, as above.
  const entries = Object.entries(own) as [ParsedColumn, Sql][]
  const filled = entries.map(([name, expression]) => {
    const around = outer[name]
    const type = typeOf(name)
    if (around === undefined) return [name, expression]
    if (type === 'time') return [name, sql`ifNull(${expression}, ${around})`]
    return [name, type === 'keyword' ? sql`firstNonDefault(${expression}, ${around})` : expression]
  })
  return { ...outer, ...Object.fromEntries(filled) }
}

interface Place {
  /** The text column the shape is found in. */
  readonly text: Sql
  /** What must hold before the shape is looked at. */
  readonly guard: Sql | null
  readonly outer: Branch['columns']
  /** The columns of `outer` stand in where the line's own have nothing. */
  readonly fill?: boolean
  readonly prefix: string
  readonly context: ParseContext
}

/** Expressions that are worked out once a line, by a name each. */
interface Shared {
  readonly share: (expression: Sql) => Sql
  /** Each may use the names of those before. */
  readonly layers: () => readonly Layer[]
}

const sharing = (prefix: string): Shared => {
  const known = new Map<string, string>()
  const depths = new Map<string, number>()
  const layers: [string, Sql][][] = []
  const ownName = new RegExp(`\\b${prefix}_\\d+\\b`, 'g')
  return {
    share: (expression) => {
      const key = JSON.stringify(expression.pieces)
      const before = known.get(key)
      if (before !== undefined) return id(before)
      const name = `${prefix}_${known.size}`
      const used = expression.pieces.flatMap((piece) =>
        typeof piece === 'string' ? (piece.match(ownName) ?? []) : [],
      )
      const depth = Math.max(0, ...used.map((one) => (depths.get(one) ?? -1) + 1))
      known.set(key, name)
      depths.set(name, depth)
      layers[depth] = [...(layers[depth] ?? []), [name, expression]]
      return id(name)
    },
    layers: () => layers,
  }
}

const merge = (parts: readonly Compiled[]): Compiled => {
  const depth = Math.max(0, ...parts.map((part) => part.layers.length))
  return {
    layers: Array.from({ length: depth }, (_, i) => parts.flatMap((part) => part.layers[i] ?? [])),
    branches: parts.flatMap((part) => part.branches),
  }
}

/**
 * The variants of a parser: those of the same shape take a line apart together. A variant that no line of the file can be
 * of, as the file's header lines say, is left out.
 */
const compileParser = (parser: Parser, place: Place): Compiled => {
  const shapes = new Map<string, CompiledShape>()
  const shapeOf = ({ shape }: Variant): CompiledShape => {
    const key = JSON.stringify(shape)
    const compiled =
      shapes.get(key) ?? compileShape(shape, place.text, `${place.prefix}_${shapes.size}`, place.context)
    shapes.set(key, compiled)
    return compiled
  }
  const shared = sharing(`${place.prefix}_once`)
  const used = new Set<CompiledShape>()
  const branches = parser.variants.flatMap((variant, i): Branch[] => {
    const shape = shapeOf(variant)
    const decided = variant.test === null ? true : isDecided(variant.test, shape.known)
    if (decided === false) return []
    used.add(shape)
    const scope: Scope = {
      part: shape.part,
      context: place.context,
      share: shared.share,
      // Inside an envelope there are many parsers: another layer of all their columns costs more than it spares.
      sharesLong: place.guard === null,
    }
    const conditions = [
      ...(place.guard === null ? [] : [place.guard]),
      shared.share(shape.matches),
      ...(variant.test === null || decided === true ? [] : [testSql(variant.test, scope)]),
    ]
    return [
      {
        format: parser.id,
        variant: i,
        title: parser.title,
        category: variant.category ?? parser.category,
        matches: sql`(${join(conditions, ' AND ')})`,
        columns:
          place.fill === true
            ? filledFrom(place.outer, compileColumns(variant.columns, scope))
            : { ...place.outer, ...compileColumns(variant.columns, scope) },
      },
    ]
  })
  const split = merge([...used].map((shape) => ({ layers: shape.layers(), branches: [] })))
  return { layers: [...split.layers, ...shared.layers()], branches }
}

/**
 * An envelope: its header becomes columns of its own, and its parsers look at the message inside. Messages that none of
 * them knows are events of category `other`.
 */
const compileEnvelope = (
  { envelope, parsers }: Reading['envelopes'][number],
  prefix: string,
  context: ParseContext,
): Compiled & { readonly generic: Branch } => {
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
  const message = id(`${prefix}_message`)
  const ok = id(`${prefix}_ok`)
  // What other programs write is nothing to a parser: its expressions are soon done with an empty text.
  const own: [string, Sql][] = []
  const inner = merge(
    parsers.map((parser, i) => {
      const isAny = isForAny(parser) || parser.programs.length === 0
      const named = sql`${id(`${prefix}_process_name`)} IN (${join(parser.programs.map((name) => sql`${name}`))})`
      const text = isAny ? message : id(`${prefix}_m${i}`)
      if (!isAny) own.push([`${prefix}_m${i}`, sql`if(${named}, ${message}, '')`])
      return compileParser(parser, {
        text,
        guard: isAny ? ok : sql`${ok} AND ${named}`,
        outer: columns,
        fill: envelope.lines !== undefined,
        prefix: `${prefix}_p${i}`,
        context,
      })
    }),
  )
  const generic: Branch = {
    format: envelope.id,
    variant: -1,
    title: envelope.title,
    category: 'other',
    matches: ok,
    columns,
  }
  const outerLayers = merge(outer.map((one) => ({ layers: one.shape.layers(), branches: [] }))).layers
  return { layers: [...outerLayers, header, own, ...inner.layers], branches: inner.branches, generic }
}

/** What a column holds where no parser fills it. */
export const defaultSql = (name: ParsedColumn): Sql => {
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

/**
 * What is tried first: messages in envelopes, then lines of their own formats, then lines inside others, then what reads
 * anything; last, that a line holds another, of which nothing is known.
 */
const compileReading = (reading: Reading, context: ParseContext): Compiled => {
  const envelopes = reading.envelopes.map((one, i) => {
    const { generic, ...inner } = compileEnvelope(one, `e${i}`, context)
    return { isLast: one.envelope.lines !== undefined, inner, generic: { layers: [], branches: [generic] } }
  })
  const parsers = reading.parsers.map((parser, i) => ({
    isLast: parser.fallback,
    compiled: compileParser(parser, { text: raw('text'), guard: null, outer: {}, prefix: `s${i}`, context }),
  }))
  const last = envelopes.filter(({ isLast }) => isLast)
  return merge([
    ...envelopes.filter(({ isLast }) => !isLast).flatMap(({ inner, generic }) => [inner, generic]),
    ...parsers.filter(({ isLast }) => !isLast).map(({ compiled }) => compiled),
    ...last.map(({ inner }) => inner),
    ...parsers.filter(({ isLast }) => isLast).map(({ compiled }) => compiled),
    ...last.map(({ generic }) => generic),
  ])
}

/** Subqueries, one a layer, so that each may use the columns of the one below. */
const layered = (from: Sql, layers: readonly Layer[]): Sql =>
  layers.reduce((below, layer) => {
    const columns = layer.map(([name, expression]) => sql`${expression} AS ${id(name)}`)
    return layer.length === 0 ? below : sql`(SELECT *, ${join(columns)} FROM ${below})`
  }, from)

const readable = (lines: Sql): Sql =>
  sql`(SELECT line_number, length(line) > ${longestLine} AS too_long, left(line, ${longestLine}) AS kept, if(too_long, '', trimRight(kept, '\\r')) AS text FROM ${lines})`

export interface Compilation {
  /** The lines, `match_1` … (they are of the form of that branch) and `event_1` … (their time can be read too). */
  readonly examined: (lines: Sql) => Sql
  /** The same, and what is made of each: `branch`, from 1, 0 for rejects; `shaped`, whether it has some branch's form. */
  readonly from: (lines: Sql) => Sql
  readonly branches: readonly Branch[]
}

/** The lines with each branch's condition and time, and their branch (from 1; 0 for rejects). */
export const compileBranches = (reading: Reading, context: ParseContext): Compilation => {
  const { layers, branches } = compileReading(reading, context)
  const conditions: Layer = branches.flatMap((branch, i) => [
    [`match_${i + 1}`, branch.matches],
    [`time_${i + 1}`, branch.columns.timestamp ?? defaultSql('timestamp')],
  ])
  const events: Layer = branches.map((_, i) => [
    `event_${i + 1}`,
    sql`${id(`match_${i + 1}`)} AND isNotNull(${id(`time_${i + 1}`)})`,
  ])
  const cases = branches.flatMap((_, i) => [id(`event_${i + 1}`), sql`${i + 1}`])
  const shaped = join(
    branches.map((_, i) => id(`match_${i + 1}`)),
    ' OR ',
  )
  const choice: Layer = [
    ['branch', branches.length === 0 ? raw('0') : sql`multiIf(${join(cases)}, 0)`],
    ['shaped', branches.length === 0 ? raw('0') : sql`(${shaped})`],
  ]
  const examined = [...layers, conditions, events]
  return {
    branches,
    examined: (lines) => layered(readable(lines), examined),
    from: (lines) => layered(readable(lines), [...examined, choice]),
  }
}
