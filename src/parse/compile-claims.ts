/**
 * Readings → questions of format detection: which of them could some lines be of?
 *
 * @module
 */
import { bound, id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { compileBranches, type Branch, type Reading } from './compile-branches.ts'
import { namesColumns, splitCsv } from './compile-line.ts'
import type { ParseContext } from './context.ts'
import { commentStart } from './headers.ts'
import type { Variant } from './parser.ts'
import type { Test } from './value.ts'

/** Whether a line that is no event is one of those a format puts into its files for the reader. */
export const isComment = (reading: Reading): Sql => {
  const shapes = reading.parsers.flatMap((parser) => parser.variants.map((variant) => variant.shape))
  const starts = new Set(shapes.map(commentStart).filter((start) => start !== undefined))
  const tables = shapes.flatMap((shape) =>
    shape.kind === 'csv'
      ? [namesColumns(shape, splitCsv(bound('String', shape.separator), raw('text')))]
      : [],
  )
  const comments = [...[...starts].map((start) => sql`startsWith(text, ${start})`), ...tables]
  return comments.length === 0 ? raw('0') : sql`(${join(comments, ' OR ')})`
}

/**
 * For format detection: how many of some lines a reading understands, and how many have its shape but no readable time.
 * One row: `events`, `shaped`, `lines`.
 */
export const compileClaim = (reading: Reading, context: ParseContext, lines: Sql): Sql => {
  const { from } = compileBranches(reading, context)
  return sql`SELECT countIf(branch > 0) AS events, countIf(shaped) AS shaped, countIf(text != '') AS lines FROM ${from(lines)}`
}

/** What could make an event of a line: a variant of a format. */
export type Claimant = Pick<Branch, 'format' | 'variant'>

/** One row for each set of claimants with the same lines: `claimed`, `shaped` (0 or 1 by claimant) and `lines`. */
export interface CompiledClaims {
  readonly claimants: readonly Claimant[]
  readonly select: Sql
}

const timeOnly = <V extends Variant>(variant: V): V => ({
  ...variant,
  columns: variant.columns.timestamp === undefined ? {} : { timestamp: variant.columns.timestamp },
})

/** Holds for no line. */
const never: Test = { kind: 'any', of: [] }

const timesOnly = ({ envelopes, parsers }: Reading, could: (variant: Variant) => boolean): Reading => ({
  envelopes: envelopes.map(({ envelope }) => ({
    envelope: { ...envelope, variants: envelope.variants.map(timeOnly) },
    parsers: [],
  })),
  parsers: parsers.map((parser) => ({
    ...parser,
    variants: parser.variants.map((variant) =>
      could(variant) ? timeOnly(variant) : { ...variant, columns: {}, test: never },
    ),
  })),
})

/**
 * For format detection: which variants of which formats each line could be of, whichever comes first. Variants of which
 * no line `could` be are not looked for.
 */
export const compileClaims = (
  reading: Reading,
  context: ParseContext,
  could: (variant: Variant) => boolean,
  lines: Sql,
): CompiledClaims => {
  const { branches, examined } = compileBranches(timesOnly(reading, could), context)
  const flags = (kind: 'event' | 'match'): Sql => join(branches.map((_, i) => id(`${kind}_${i + 1}`)))
  return {
    claimants: branches.map(({ format, variant }) => ({ format, variant })),
    select: sql`SELECT [${flags('event')}] AS claimed, [${flags('match')}] AS shaped, count() AS lines FROM ${examined(lines)} WHERE text != '' AND NOT ${isComment(reading)} GROUP BY claimed, shaped`,
  }
}
