/**
 * Parsers as data. A parser describes one log format; an envelope describes what other formats are wrapped in (syslog,
 * journald). Both are turned into SQL by `compile.ts`, and can be listed, shown and tested without running anything.
 *
 * @module
 */
import type { Category, ParsedColumn } from '../schema/columns.ts'
import type { Line, LineShape } from './line.ts'
import type { Test, Value } from './value.ts'

export type ColumnValues = Readonly<Partial<Record<ParsedColumn, Value>>>

/** One shape of line and the columns made from it. */
export interface Variant {
  readonly shape: LineShape
  /** What must hold besides the shape. */
  readonly test: Test | null
  readonly columns: ColumnValues
  /** The kind of its events, where it is not the parser's. */
  readonly category?: Category
}

/** One log format. */
export interface Parser {
  readonly id: string
  readonly title: string
  readonly category: Category
  /** Tried in order; the first whose shape and test hold makes the event. */
  readonly variants: readonly Variant[]
  /** The programs whose messages it understands inside an envelope, `*` for any; empty where it stands alone. */
  readonly programs: readonly string[]
  /** Whether it also reads bare lines, without an envelope. */
  readonly standalone: boolean
  /** Only tried where no other format understands the line. */
  readonly fallback: boolean
  /** No line fits two variants: in a file of one kind of lines the others can be left aside. */
  readonly exclusive: boolean
}

/** What wraps other formats: it gives time, host, program and process number, and the message inside. */
export interface Envelope {
  readonly id: string
  readonly title: string
  readonly variants: readonly (Variant & { readonly message: Value })[]
  /**
   * Where whole lines stand inside rather than messages of programs: the formats of files, by id, that are looked for too.
   * What such a line does not say, its time above all, the envelope says.
   */
  readonly lines?: readonly string[]
}

type Columns<Part extends string> = (part: (name: Part) => Value) => ColumnValues

const partValue = (name: string): Value => ({ kind: 'part', name })

/** One of several shapes a format's lines have. A format of many kinds of event names each one's category. */
export const variant = <Part extends string>(
  line: Line<Part>,
  columns: Columns<Part>,
  where?: (part: (name: Part) => Value) => Test,
  category?: Category,
): Variant => ({
  shape: line.shape,
  test: where?.(partValue) ?? null,
  columns: columns(partValue),
  ...(category === undefined ? {} : { category }),
})

interface Identity {
  /** Lower case with hyphens; unique. */
  readonly id: string
  readonly title: string
}

/** The programs of an envelope (syslog, journald) whose messages a parser understands. */
export interface Inside {
  /** `*` for any program. */
  readonly programs: readonly string[]
  /** Whether bare lines occur too. Default false. */
  readonly standalone?: boolean
}

interface OneShape<Part extends string> extends Identity {
  readonly category: Category
  readonly inside?: Inside
  readonly fallback?: boolean
  readonly line: Line<Part>
  readonly columns: Columns<Part>
  /** What must hold besides the shape, for a format that looks like another. */
  readonly where?: (part: (name: Part) => Value) => Test
}

interface ManyShapes extends Identity {
  readonly category: Category
  readonly inside?: Inside
  readonly fallback?: boolean
  readonly variants: readonly Variant[]
  /** The variants' tests see to it that no line fits two: a file that has only one kind is read faster. Default false. */
  readonly exclusive?: boolean
}

/**
 * Describes a log format.
 *
 * @example
 * ```ts
 * export default defineParser({
 *   id: 'door',
 *   title: 'Door controller',
 *   category: 'auth',
 *   line: delimited({ separator: ';', names: ['time', 'badge', 'door', 'result'] }),
 *   columns: (part) => ({
 *     timestamp: time(part('time'), 'iso'),
 *     user_name: text(part('badge')),
 *     host_name: text(part('door')),
 *     event_outcome: lookup(part('result'), { OPEN: 'success', DENIED: 'failure' }, constant('unknown')),
 *   }),
 * })
 * ```
 */
export const defineParser = <Part extends string>(description: OneShape<Part> | ManyShapes): Parser => ({
  id: description.id,
  title: description.title,
  category: description.category,
  variants:
    'variants' in description
      ? description.variants
      : [variant(description.line, description.columns, description.where)],
  programs: description.inside?.programs ?? [],
  standalone: description.inside === undefined || description.inside.standalone === true,
  fallback: description.fallback ?? false,
  exclusive: 'variants' in description && description.exclusive === true,
})

/** One of several shapes an envelope has. `message` is the part that holds the wrapped line. */
export const envelopeVariant = <Part extends string>(
  line: Line<Part>,
  message: (part: (name: Part) => Value) => Value,
  columns: Columns<Part>,
): Variant & { readonly message: Value } => ({ ...variant(line, columns), message: message(partValue) })

/** Describes what other formats are wrapped in. Its columns must give `timestamp` and `process_name`. */
export const defineEnvelope = (description: Envelope): Envelope => description
