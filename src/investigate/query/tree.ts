/**
 * A query as data: what {@link parseQuery} makes of text, and what SQL is made from. Positions count UTF-16 units from 0.
 *
 * @module
 */
import { AppError } from '../../errors.ts'

/** Part of a pattern: text as it is, any text (`*`), or any one character (`?`). */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }

/** No two texts stand side by side, nor two `any`; a text is empty only where it is the whole pattern. */
export type Pattern = readonly Piece[]

export interface RangeEnd {
  readonly text: string
  readonly included: boolean
  readonly at: number
}

/** What is asked of a field. */
export type FieldTest =
  | { readonly kind: 'is'; readonly pattern: Pattern }
  | { readonly kind: 'exists' }
  | { readonly kind: 'range'; readonly from: RangeEnd | null; readonly to: RangeEnd | null }
  /** A regular expression in RE2's syntax, found anywhere; letters as they are. */
  | { readonly kind: 'matches'; readonly expression: string }
  /** What the files of a hunt say; a search, which has none, leaves it out. */
  | { readonly kind: 'known'; readonly what: 'listed' | 'uncategorised' }

export interface FieldQuery {
  readonly kind: 'field'
  /** As it was written: a column, an ECS name, an alias, or a path into `other`. */
  readonly name: string
  readonly at: number
  readonly test: FieldTest
  /** Where the value begins. */
  readonly valueAt: number
}

export type Query =
  | { readonly kind: 'all' }
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly at: number }
  | FieldQuery
  | { readonly kind: 'not'; readonly of: Query }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }

/** Several joined by one operator; those inside that are joined by it too become part of the list. */
export const joined = (kind: 'and' | 'or', of: readonly Query[]): Query => {
  const flat = of.flatMap((query) => (query.kind === kind ? query.of : [query]))
  const [only, ...others] = flat
  if (only === undefined) return { kind: 'all' }
  return others.length === 0 ? only : Object.freeze({ kind, of: Object.freeze(flat) })
}

/** @param position where in the query it stops, from 0 */
export const queryError = (problem: string, position: number): AppError =>
  new AppError('invalid-query', { problem, position })

/** The text of a pattern without wildcards; null where it has some. */
export const plainText = (pattern: Pattern): string | null => {
  const [only, ...others] = pattern
  return only?.kind === 'text' && others.length === 0 ? only.text : null
}
