/**
 * How a line is taken apart. Each kind names the parts that `columns` may use; a misspelt part does not compile.
 *
 * @module
 */

export interface Field {
  readonly name: string
  readonly wrap: 'bare' | 'brackets' | 'quotes'
  readonly optional: boolean
}

export type LineShape =
  /** Fields between spaces, some in brackets or quotes: access logs. */
  | { readonly kind: 'quoted'; readonly fields: readonly Field[]; readonly separator: string }
  /** Fields between a separator. Names are fixed, or come from a header line such as `#Fields: date time …`. */
  | {
      readonly kind: 'delimited'
      readonly separator: string
      readonly names: readonly string[]
      /** The text a header line starts with; the names follow it. */
      readonly header?: string
      /** Lines that start with this are neither events nor rejects of interest: they are kept as comments. */
      readonly comment?: string
      /** Runs of the separator count as one. */
      readonly collapse: boolean
    }
  /** Fields between a separator, in double quotes where they hold one; the first line names them. */
  | {
      readonly kind: 'csv'
      readonly separator: string
      /** The columns where a file has no such line. */
      readonly names: readonly string[]
      /** The text that line starts with. */
      readonly header: string
    }
  /** Fields that a block of header lines names, as Zeek writes them. */
  | { readonly kind: 'zeek' }
  /** One anchored regular expression (RE2) with named groups. */
  | {
      readonly kind: 'regex'
      readonly pattern: string
      readonly groups: readonly string[]
      /** Text that every line of this shape holds: lines without it are spared the expression. */
      readonly containing?: string
    }
  /** One JSON object a line; a part is a path: `source.ip`. A key with dots in it is found too. */
  | { readonly kind: 'json'; readonly require: readonly (string | readonly string[])[] }
  /** `key=value` pairs, values optionally quoted. */
  | {
      readonly kind: 'keyValue'
      readonly pair: string
      readonly separators: string
      readonly require: readonly string[]
      /** Text that every line of this shape holds. */
      readonly containing?: string
    }
  /** The line as it is, in the one part `line`. */
  | { readonly kind: 'plain' }

/** A line shape that knows its part names at compile time. */
export interface Line<Part extends string> {
  readonly shape: LineShape
  /** Never present; carries the names of the parts to the compiler. */
  readonly part?: Part
}

type Bare<F extends string> = F extends `${infer N}?`
  ? Bare<N>
  : F extends `[${infer N}]`
    ? N
    : F extends `"${infer N}"`
      ? N
      : F

type LayoutParts<L extends string> = L extends `${infer F} ${infer R}` ? Bare<F> | LayoutParts<R> : Bare<L>

const fieldOf = (written: string): Field => {
  const optional = written.endsWith('?')
  const inner = optional ? written.slice(0, -1) : written
  if (inner.startsWith('[')) return { name: inner.slice(1, -1), wrap: 'brackets', optional }
  if (inner.startsWith('"')) return { name: inner.slice(1, -1), wrap: 'quotes', optional }
  return { name: inner, wrap: 'bare', optional }
}

/**
 * Fields between single spaces, written as they stand: bare, in `[brackets]`, in `"quotes"` (where `\"` is a quote), and
 * with `?` where a line may end before them. Fields beyond the layout are ignored. The last bare field before a
 * bracket or a quote takes what is left, spaces included.
 *
 * @example `quoted('client ident user [time] "request" status bytes "referrer"? "agent"?')`
 */
export const quoted = <const L extends string>(layout: L): Line<LayoutParts<L>> => ({
  shape: { kind: 'quoted', fields: layout.split(' ').map(fieldOf), separator: ' ' },
})

/**
 * Fields between a separator.
 *
 * @example `delimited({ separator: '\t', names: ['ts', 'uid', 'host'] })`
 */
export const delimited = <const Part extends string>(options: {
  readonly separator: string
  /** Every name that `columns` uses; their order counts only where there is no header. */
  readonly names: readonly Part[]
  readonly header?: string
  readonly comment?: string
  readonly collapse?: boolean
}): Line<Part> => ({ shape: { kind: 'delimited', ...options, collapse: options.collapse ?? false } })

/** The fields of a line of CSV; `""` in quotes is a quote. */
export const csvFields = (line: string, separator: string): string[] => {
  const stepped = line
    .split('"')
    .map((piece, i) => (i % 2 === 1 ? piece.replaceAll(separator, '\u0001') : piece))
    .join('"')
  return stepped.split(separator).map((field) => {
    const restored = field.replaceAll('\u0001', separator)
    return /^".*"$/s.test(restored) ? restored.slice(1, -1).replaceAll('""', '"') : restored
  })
}

/**
 * Comma-separated values, or such with another separator, after a line with the names of the columns. `header` is that
 * line: a file that has it in another order, or with more columns, is read by its own; one without any, by this one.
 * A value may not go over several lines.
 *
 * @example `csv('time,name,host')`
 */
export const csv = (header: string, options: { readonly separator?: string } = {}): Line<string> => {
  const { separator = ',' } = options
  const [first = ''] = header.split(separator)
  return {
    shape: {
      kind: 'csv',
      separator,
      names: csvFields(header, separator).map((name) => name.trim()),
      header: `${first}${separator}`,
    },
  }
}

/**
 * Zeek's own form: fields between tabs (or what `#separator` says), named by the block of header lines above them. A new
 * block may follow anywhere in a file. Parts are the fields, as they are written; `-` is no value and `(empty)` an empty
 * one, whatever the header says instead. Two more parts come from the block: `#path`, the kind of log, and `#open`.
 */
export const zeek = (): Line<string> => ({ shape: { kind: 'zeek' } })

type GroupNames<P extends string> = string extends P
  ? string
  : P extends `${string}(?<${infer N}>${infer R}`
    ? N | GroupNames<R>
    : never

/** The names of a pattern's groups, by position; unnamed groups are empty. Escapes and classes are stepped over. */
export const groupsOf = (pattern: string): string[] => {
  const tokens =
    pattern.match(/\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:P?<(?<name>[A-Za-z_]\w*)>|[^)<]))?|./gs) ?? []
  return tokens.flatMap((token) => {
    if (!token.startsWith('(')) return []
    if (!token.startsWith('(?')) return ['']
    const name = token.match(/^\(\?P?<(\w+)>$/)?.[1]
    return name === undefined ? [] : [name]
  })
}

/**
 * One regular expression with named groups, in RE2's syntax, which no line can make slow. A text that all such lines hold
 * (`containing`) makes it quick to tell other lines apart.
 *
 * @example `regex('^(?<time>\\S+) (?<host>\\S+) (?<message>.*)$')`
 */
export const regex = <const P extends string>(
  pattern: P,
  options: { readonly containing?: string } = {},
): Line<GroupNames<P>> => ({
  shape: { kind: 'regex', pattern, groups: groupsOf(pattern), ...options },
})

/**
 * One JSON object a line. Lines without the keys in `require` are not of this format; of a list of keys inside it one is
 * enough. With required keys a line is gone through once less.
 *
 * @example `json({ require: ['client', ['time', '@timestamp']] })`
 */
export const json = (
  options: { readonly require?: readonly (string | readonly string[])[] } = {},
): Line<string> => ({
  shape: { kind: 'json', require: options.require ?? [] },
})

/** `key=value` pairs. Lines without the keys in `require`, or without the text `containing`, are not of this format. */
export const keyValue = (options: {
  readonly require: readonly string[]
  readonly pair?: string
  readonly separators?: string
  readonly containing?: string
}): Line<string> => ({
  shape: {
    kind: 'keyValue',
    pair: options.pair ?? '=',
    separators: options.separators ?? ' ',
    require: options.require,
    ...(options.containing === undefined ? {} : { containing: options.containing }),
  },
})

/** The line as it is, in the part `line`. */
export const plain = (): Line<'line'> => ({ shape: { kind: 'plain' } })
