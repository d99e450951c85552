/**
 * Line shapes → SQL: what has to be computed of a line, whether it has the shape, and where each part is then found.
 *
 * @module
 */
import { bound, id, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { ParseContext } from './context.ts'
import { locateJsonParts, type JsonParts } from './compile-json.ts'
import { locateZeek } from './compile-zeek.ts'
import { commentStart } from './headers.ts'
import type { Field, LineShape } from './line.ts'

/** A shape over one text column. */
export interface CompiledShape {
  /**
   * Intermediate columns in layers: each layer may use the names of those before it. Call it last: the parts that were
   * asked for are its last layer.
   */
  readonly layers: () => readonly Layer[]
  readonly matches: Sql
  readonly part: (name: string) => Sql
  /** All that a part can be in this file, where that is known beforehand. */
  readonly known: (name: string) => readonly string[] | undefined
}

/** Columns of one subquery. */
export type Layer = readonly (readonly [name: string, expression: Sql])[]

/** Where the parts are: `split` once a line, then an expression for each part. */
export interface Located {
  readonly split: (asked: readonly string[]) => Layer
  readonly locate: (name: string, asked: readonly string[]) => Sql
  /** Built from named parts where it needs them. */
  readonly matches: (part: (name: string) => Sql) => Sql
  readonly known?: CompiledShape['known']
}

type Of<K extends LineShape['kind']> = Extract<LineShape, { kind: K }>

interface Placed {
  readonly field: Field
  readonly at: Sql
}

/**
 * Bare and bracketed fields of the text between two quotes. With brackets, what is before the first `[` is split from the
 * left, so that a user name may hold spaces.
 */
const placeUnquoted = (fields: readonly Field[], text: Sql, last: boolean): Placed[] => {
  const bracket = fields.findIndex((field) => field.wrap === 'brackets')
  if (bracket === -1) {
    const count = last ? fields.length + 1 : fields.length
    return fields.map((field, i) => ({
      field,
      at: sql`splitByChar(' ', trimBoth(${text}), ${count})[${i + 1}]`,
    }))
  }
  const opened = sql`splitByChar('[', ${text}, 2)`
  const closed = sql`splitByChar(']', ${opened}[2], 2)`
  const field = fields[bracket]
  return [
    ...placeUnquoted(fields.slice(0, bracket), sql`${opened}[1]`, false),
    ...(field === undefined ? [] : [{ field, at: sql`${closed}[1]` }]),
    ...placeUnquoted(fields.slice(bracket + 1), sql`${closed}[2]`, last),
  ]
}

/** Fields in runs: those before the first quoted one, that one, those before the second … */
const quotedRuns = (fields: readonly Field[]): { readonly bare: Field[]; readonly quoted?: Field }[] => {
  const runs: { bare: Field[]; quoted?: Field }[] = [{ bare: [] }]
  for (const field of fields) {
    const run = runs.at(-1)
    if (run === undefined) continue
    if (field.wrap === 'quotes') {
      run.quoted = field
      runs.push({ bare: [] })
    } else run.bare.push(field)
  }
  return runs
}

const missing = (name: string): never => {
  throw new TypeError(`the line has no part named ${name}`)
}

const locateQuoted = (shape: Of<'quoted'>, text: Sql, prefix: string): Located => {
  const pieces = id(`${prefix}_q`)
  // Escaped quotes and backslashes step aside as control characters while the line is split, and come back afterwards.
  const split = sql`splitByChar('"', replaceAll(replaceAll(${text}, '\\\\\\\\', '\\x02'), '\\\\"', '\\x01'))`
  const placed = quotedRuns(shape.fields).flatMap((run, i, runs): Placed[] => {
    const unquoted = placeUnquoted(run.bare, sql`${pieces}[${2 * i + 1}]`, i === runs.length - 1)
    if (run.quoted === undefined) return unquoted
    const inner = sql`${pieces}[${2 * i + 2}]`
    const restored = sql`replaceAll(replaceAll(${inner}, '\\x01', '"'), '\\x02', '\\\\')`
    return [...unquoted, { field: run.quoted, at: restored }]
  })
  const required = placed.filter(({ field }) => !field.optional)
  const quotes = required.filter(({ field }) => field.wrap === 'quotes').length
  const bare = required.filter(({ field }) => field.wrap !== 'quotes').map(({ field }) => field.name)
  return {
    split: () => [[`${prefix}_q`, split]],
    matches: (part) =>
      join(
        [sql`length(${pieces}) >= ${2 * quotes + 1}`, ...bare.map((name) => sql`${part(name)} != ''`)],
        ' AND ',
      ),
    locate: (name) => placed.find(({ field }) => field.name === name)?.at ?? missing(name),
  }
}

/** Fields of CSV. In quotes, separators step aside as control characters while the line is split; `""` opens and closes none. */
export const splitCsv = (separator: Sql, text: Sql): Sql => {
  const pieces = sql`splitByChar('"', ${text})`
  const stepped = sql`arrayStringConcat(arrayMap((p, i) -> if(i % 2 = 0, replaceAll(p, ${separator}, '\\x01'), p), ${pieces}, arrayEnumerate(${pieces})), '"')`
  const isQuoted = raw(`length(f) > 1 AND startsWith(f, '"') AND endsWith(f, '"')`)
  const bare = sql`if(${isQuoted}, replaceAll(substring(f, 2, length(f) - 2), '""', '"'), f)`
  return sql`arrayMap(f -> replaceAll(${bare}, '\\x01', ${separator}), splitByString(${separator}, ${stepped}))`
}

/** Whether the fields of a line are the names of the columns: it is a header, wherever it stands. */
export const namesColumns = (shape: Of<'csv'>, fields: Sql): Sql =>
  sql`hasAll(arrayMap(x -> trimBoth(x), ${fields}), ${bound('Array(String)', shape.names)})`

const locateDelimited = (
  shape: Of<'delimited'> | Of<'csv'>,
  text: Sql,
  prefix: string,
  context: ParseContext,
): Located => {
  const fields = id(`${prefix}_f`)
  const separator = bound('String', shape.separator)
  const collapsed =
    shape.separator === ' '
      ? sql`splitByWhitespace(${text})`
      : sql`arrayFilter(x -> x != '', splitByString(${separator}, ${text}))`
  const byOne = raw(shape.separator.length === 1 ? 'splitByChar' : 'splitByString')
  const split =
    shape.kind === 'csv'
      ? splitCsv(separator, text)
      : shape.collapse
        ? collapsed
        : sql`${byOne}(${separator}, ${text})`
  const start = commentStart(shape)
  const own = context.headers.filter(({ zeek }) => zeek === undefined)
  const named = own.length > 0
  const headers = named ? own : [{ line: 0, names: shape.names }]
  const starts = headers.map(({ line }) => line)
  /** A number by the header that is in force at the line: a binary search, then a hash, as files may be put together. */
  const byHeader = (pick: (names: readonly string[]) => number): Sql => {
    const numbers = headers.map(({ names }) => pick(names))
    if (numbers.every((one) => one === numbers[0])) return raw(`toUInt64(${numbers[0] ?? 0})`)
    const known = bound('Array(UInt64)', starts)
    return sql`transform(roundDown(toUInt64(line_number), ${known}), ${known}, ${bound('Array(UInt64)', numbers)}, toUInt64(0))`
  }
  const width = byHeader((names) => names.length)
  const notComment =
    shape.kind === 'csv'
      ? sql`NOT ${namesColumns(shape, fields)}`
      : start === undefined
        ? raw('1')
        : sql`NOT startsWith(${text}, ${start})`
  const unknown = shape.kind === 'delimited' && shape.header !== undefined && !named
  const exact = named || shape.kind === 'csv'
  return {
    split: () => [[`${prefix}_f`, split]],
    // Without its header, nothing says which column is which.
    matches: () =>
      unknown ? raw('0') : sql`${notComment} AND length(${fields}) ${raw(exact ? '=' : '>=')} ${width}`,
    locate: (name) => {
      if (!shape.names.includes(name)) return missing(name)
      // Behind all fields an array gives empty text.
      return sql`${fields}[${byHeader((names) => names.indexOf(name) + 1 || 1_048_577)}]`
    },
  }
}

/** The text, or nothing where it lacks what all lines of the shape hold: little work is left to do on that. */
const holding = (shape: { readonly containing?: string }, text: Sql): Sql =>
  shape.containing === undefined ? text : sql`if(position(${text}, ${shape.containing}) > 0, ${text}, '')`

const locateRegex = (shape: Of<'regex'>, text: Sql, prefix: string): Located => {
  const groups = id(`${prefix}_g`)
  // The outer group makes a pattern without groups of its own one that extractGroups takes.
  const pattern = `(${shape.pattern.replaceAll('(?<', '(?P<')})`
  const held = holding(shape, text)
  return {
    split: () => [[`${prefix}_g`, sql`extractGroups(toValidUTF8(${held}), ${pattern})`]],
    matches: () => sql`notEmpty(${groups})`,
    locate: (name) => {
      const index = shape.groups.indexOf(name)
      return index === -1 ? missing(name) : sql`${groups}[${index + 2}]`
    },
  }
}

const locateJson = (shape: Of<'json'>, text: Sql, prefix: string, { jsonKeys }: ParseContext): Located => {
  const isAbsent = (path: string): boolean => jsonKeys !== undefined && !jsonKeys.has(path)
  // Clients put bytes into their agents that are not UTF-8; the rest of such a line is good.
  const valid = sql`toValidUTF8(${text})`
  const planned = new WeakMap<readonly string[], JsonParts>()
  const partsOf = (asked: readonly string[]): JsonParts => {
    const there = asked.filter((path) => !isAbsent(path))
    const parts = planned.get(asked) ?? locateJsonParts(valid, prefix, there)
    planned.set(asked, parts)
    return parts
  }
  return {
    split: (asked) => partsOf(asked).split,
    // A part can only be found where all of the line is JSON.
    matches: (part) =>
      join(
        [
          sql`startsWith(${text}, '{')`,
          ...(shape.require.length === 0 ? [sql`isValidJSON(${valid})`] : []),
          ...shape.require.map((path) => {
            const paths = typeof path === 'string' ? [path] : path
            return sql`(${join(
              paths.map((one) => sql`${part(one)} != ''`),
              ' OR ',
            )})`
          }),
        ],
        ' AND ',
      ),
    locate: (name, asked) => (isAbsent(name) ? raw("''") : partsOf(asked).locate(name)),
    known: (name) => (isAbsent(name) ? [''] : undefined),
  }
}

const locateKeyValue = (shape: Of<'keyValue'>, text: Sql, prefix: string): Located => {
  const pairs = id(`${prefix}_m`)
  const held = holding(shape, text)
  // The engine throws where a text has more pairs than it allows: 1000.
  const bounded = sql`if(countSubstrings(${held}, ${shape.pair}) <= 1000, ${held}, '')`
  const extracted = sql`extractKeyValuePairs(${bounded}, ${shape.pair}, ${shape.separators}, '"')`
  return {
    split: () => [[`${prefix}_m`, extracted]],
    matches: () =>
      join(
        shape.require.map((key) => sql`mapContains(${pairs}, ${key})`),
        ' AND ',
      ),
    locate: (name) => sql`${pairs}[${name}]`,
  }
}

const locatePlain = (text: Sql): Located => ({
  split: () => [],
  matches: () => sql`${text} != ''`,
  locate: (name) => (name === 'line' ? text : missing(name)),
})

const located = (shape: LineShape, text: Sql, prefix: string, context: ParseContext): Located => {
  switch (shape.kind) {
    case 'quoted':
      return locateQuoted(shape, text, prefix)
    case 'delimited':
    case 'csv':
      return locateDelimited(shape, text, prefix, context)
    case 'zeek':
      return locateZeek(text, prefix, context)
    case 'regex':
      return locateRegex(shape, text, prefix)
    case 'json':
      return locateJson(shape, text, prefix, context)
    case 'keyValue':
      return locateKeyValue(shape, text, prefix)
    case 'plain':
      return locatePlain(text)
  }
}

/** Compiles a shape over the text column `text`; intermediate columns get names that start with `prefix`. */
export const compileShape = (
  shape: LineShape,
  text: Sql,
  prefix: string,
  context: ParseContext,
): CompiledShape => {
  const { split, locate, matches, known } = located(shape, text, prefix, context)
  const asked = new Map<string, string>()
  const part = (name: string): Sql => {
    const column = asked.get(name) ?? `${prefix}_${asked.size}_${name.replaceAll(/\W/g, '_')}`
    asked.set(name, column)
    return id(column)
  }
  return {
    matches: matches(part),
    part,
    known: known ?? (() => undefined),
    layers: () => {
      const names = [...asked.keys()]
      return [split(names), [...asked].map(([name, column]) => [column, locate(name, names)] as const)]
    },
  }
}
