/**
 * How a column is made from the parts of a line: plain data, compiled to one SQL expression by `compile-value.ts`.
 *
 * @module
 */

export type EpochUnit = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds'

/** How a time is written. A string is a ClickHouse `parseDateTime` format: `%d/%b/%Y:%H:%i:%s %z`. */
export type TimeFormat =
  | { readonly kind: 'format'; readonly format: string }
  /** ISO 8601 and its many relatives; without a zone the context's zone is taken. */
  | { readonly kind: 'iso' }
  /** Seconds, milliseconds … since 1970, with or without a fraction. */
  | { readonly kind: 'epoch'; readonly unit: EpochUnit; readonly origin?: Value }
  /** `Mar  7 04:05:06` of RFC 3164: no year, no zone; the context gives both. */
  | { readonly kind: 'rfc3164' }
  /** Whichever of the usual forms it has: ISO, since 1970 (unit by magnitude), access log, RFC 2822, RFC 3164. */
  | { readonly kind: 'any' }

export type Value =
  | { readonly kind: 'part'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: string | number }
  | { readonly kind: 'text'; readonly of: Value; readonly absent: readonly string[] }
  | { readonly kind: 'lower' | 'upper' | 'fromBytes'; readonly of: Value }
  | { readonly kind: 'integer'; readonly of: Value; readonly times: number }
  | { readonly kind: 'number'; readonly of: Value }
  | { readonly kind: 'ip'; readonly of: Value }
  | { readonly kind: 'time'; readonly of: Value; readonly format: TimeFormat }
  | {
      readonly kind: 'piece'
      readonly of: Value
      readonly separator: string
      readonly index: number
      readonly rest: boolean
    }
  | { readonly kind: 'capture'; readonly of: Value; readonly pattern: string }
  | { readonly kind: 'group'; readonly of: Value; readonly pattern: string; readonly index: number }
  | { readonly kind: 'replace'; readonly of: Value; readonly from: string; readonly to: string }
  | { readonly kind: 'joined'; readonly of: readonly Value[]; readonly separator: string }
  | {
      readonly kind: 'lookup'
      readonly of: Value
      readonly table: Readonly<Record<string, string>>
      readonly otherwise: Value
    }
  | { readonly kind: 'firstOf'; readonly of: readonly Value[] }
  | { readonly kind: 'when'; readonly test: Test; readonly value: Value; readonly otherwise: Value }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Value>> }
  | { readonly kind: 'once'; readonly of: Value }

export type Test =
  | { readonly kind: 'equals'; readonly of: Value; readonly values: readonly string[] }
  | { readonly kind: 'matches'; readonly of: Value; readonly pattern: string }
  | { readonly kind: 'present'; readonly of: Value }
  | { readonly kind: 'atLeast'; readonly of: Value; readonly value: number }
  | { readonly kind: 'not'; readonly test: Test }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Test[] }

/** The same for every line. */
export const constant = (value: string | number): Value => ({ kind: 'constant', value })

/** Text; the words in `absent` (such as `-`) mean that there is none. */
export const text = (of: Value, options: { readonly absent?: string | readonly string[] } = {}): Value => ({
  kind: 'text',
  of,
  absent:
    options.absent === undefined
      ? []
      : typeof options.absent === 'string'
        ? [options.absent]
        : options.absent,
})

export const lower = (of: Value): Value => ({ kind: 'lower', of })
export const upper = (of: Value): Value => ({ kind: 'upper', of })

/** The text that a JSON array of byte values stands for: `[72,105]` is `Hi`. */
export const fromBytes = (of: Value): Value => ({ kind: 'fromBytes', of })

/** A whole number, 0 where it is not one; `times` for units: milliseconds to nanoseconds is 1,000,000. */
export const integer = (of: Value, options: { readonly times?: number } = {}): Value => ({
  kind: 'integer',
  of,
  times: options.times ?? 1,
})

/** A number with a fraction, 0 where it is not one. */
export const number = (of: Value): Value => ({ kind: 'number', of })

/** An IPv4 or IPv6 address; `::` where it is not one (a host name, say). */
export const ip = (of: Value): Value => ({ kind: 'ip', of })

/**
 * A time: in a ClickHouse `parseDateTime` format, or as `iso`, `rfc3164` or `any` (each described at {@link TimeFormat}),
 * or as seconds and the like since 1970. A line whose timestamp cannot be read, or lies outside 1990–2100, is rejected.
 *
 * With an `origin` (itself a time), what lies before 1990 counts from there, and no text at all is the origin.
 *
 * @example `time(part('time'), '%d/%b/%Y:%H:%i:%s %z')`
 */
export const time = (
  of: Value,
  format: string | { readonly epoch: EpochUnit; readonly origin?: Value },
): Value => {
  if (typeof format === 'object') {
    const { epoch: unit, origin } = format
    return { kind: 'time', of, format: { kind: 'epoch', unit, ...(origin === undefined ? {} : { origin }) } }
  }
  if (format === 'iso' || format === 'rfc3164' || format === 'any')
    return { kind: 'time', of, format: { kind: format } }
  return { kind: 'time', of, format: { kind: 'format', format } }
}

/** The piece at `index` (from 1; from the end below 0) of a text split at a separator; empty where there is none. */
export const piece = (of: Value, separator: string, index: number): Value => ({
  kind: 'piece',
  of,
  separator,
  index,
  rest: false,
})

/** Everything from the piece at `index` (from 1) on, separators included. */
export const rest = (of: Value, separator: string, index: number): Value => ({
  kind: 'piece',
  of,
  separator,
  index,
  rest: true,
})

/** The first group of a regular expression (RE2: linear time), empty where it does not match. */
export const capture = (of: Value, pattern: string): Value => ({ kind: 'capture', of, pattern })

/**
 * The groups of a regular expression (RE2), by number from 1, all found in one go; empty where it does not match.
 *
 * @example `const time = groups(part('time'), '^([0-9]+):([0-9]+)$')`, then `time(1)` and `time(2)`
 */
export const groups =
  (of: Value, pattern: string) =>
  (index: number): Value => ({ kind: 'group', of, pattern, index })

export const replace = (of: Value, from: string, to: string): Value => ({ kind: 'replace', of, from, to })

/** Texts with a separator between them. */
export const joined = (of: readonly Value[], separator: string): Value => ({ kind: 'joined', of, separator })

/** One word for another; `otherwise` (the value itself by default) for words that are not in the table. */
export const lookup = (of: Value, table: Readonly<Record<string, string>>, otherwise: Value = of): Value => ({
  kind: 'lookup',
  of,
  table,
  otherwise,
})

/** The first text that is not empty. */
export const firstOf = (...of: readonly Value[]): Value => ({ kind: 'firstOf', of })

export const when = (test: Test, value: Value, otherwise: Value): Value => ({
  kind: 'when',
  test,
  value,
  otherwise,
})

/** For the column `other`: what a format knows beyond the typed columns. */
export const object = (fields: Readonly<Record<string, Value>>): Value => ({ kind: 'object', fields })

/** Worked out once a line, however often it is used: for what many columns or tests are made of. */
export const once = (of: Value): Value => ({ kind: 'once', of })

export const isOneOf = (of: Value, ...values: readonly string[]): Test => ({ kind: 'equals', of, values })
export const isLike = (of: Value, pattern: string): Test => ({ kind: 'matches', of, pattern })
export const isPresent = (of: Value): Test => ({ kind: 'present', of })
/** The whole number in a text is at least so much. */
export const isAtLeast = (of: Value, value: number): Test => ({ kind: 'atLeast', of, value })
export const isNot = (test: Test): Test => ({ kind: 'not', test })
export const allOf = (...of: readonly Test[]): Test => ({ kind: 'all', of })
export const anyOf = (...of: readonly Test[]): Test => ({ kind: 'any', of })
