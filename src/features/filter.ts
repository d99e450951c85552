/**
 * Filters as data: which events a feature counts. Each column takes only comparisons its type has.
 *
 * @module
 */
import type { AddressColumn, Category, NumberColumn, PortColumn, TextColumn } from '../schema/columns.ts'

export type NumberComparison =
  | number
  | { readonly kind: 'between'; readonly from: number; readonly to: number }
  | { readonly kind: 'atLeast' | 'atMost'; readonly value: number }
  | { readonly kind: 'oneOf'; readonly values: readonly number[] }
  | { readonly kind: 'not'; readonly of: NumberComparison }

/** Port 0 stands for none. */
export type PortComparison = NumberComparison | { readonly kind: 'present' | 'absent' }

/** What the user's own files say of an address or a name; without such a file neither holds. */
export interface KnownComparison {
  /** `listed`: on a list of what is bad; `uncategorised`: in no file of categories. */
  readonly kind: 'listed' | 'uncategorised'
}

export type TextComparison =
  | string
  | KnownComparison
  | { readonly kind: 'startsWith' | 'endsWith' | 'contains' | 'matches'; readonly value: string }
  | { readonly kind: 'present' | 'absent' }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'not'; readonly of: TextComparison }

export type AddressComparison =
  | string
  | KnownComparison
  | { readonly kind: 'within'; readonly value: string }
  | { readonly kind: 'present' | 'absent' }
  | { readonly kind: 'not'; readonly of: AddressComparison }

/** Every column named must compare as stated. `or` adds alternatives: one of them must hold as well. */
export type Filter = { readonly [C in Exclude<NumberColumn, PortColumn>]?: NumberComparison } & {
  readonly [C in PortColumn]?: PortComparison
} & { readonly [C in TextColumn]?: TextComparison } & {
  readonly [C in AddressColumn]?: AddressComparison
} & {
  readonly category?: Category | { readonly kind: 'oneOf'; readonly values: readonly Category[] }
  readonly or?: readonly Filter[]
}

/** From a number to another, both included. */
export const between = (from: number, to: number) => ({ kind: 'between', from, to }) as const
export const atLeast = (value: number) => ({ kind: 'atLeast', value }) as const
export const atMost = (value: number) => ({ kind: 'atMost', value }) as const
export const oneOf = <const V extends string | number>(...values: readonly V[]) =>
  ({ kind: 'oneOf', values }) as const
export const startsWith = (value: string) => ({ kind: 'startsWith', value }) as const
export const endsWith = (value: string) => ({ kind: 'endsWith', value }) as const
export const contains = (value: string) => ({ kind: 'contains', value }) as const
/** A regular expression in RE2's syntax, found anywhere in the text. */
export const matches = (value: string) => ({ kind: 'matches', value }) as const
/** A network: `198.51.100.0/24`. */
export const within = (value: string) => ({ kind: 'within', value }) as const
export const present = { kind: 'present' } as const
export const absent = { kind: 'absent' } as const
/** On a list of what is bad that the user gave. */
export const listed: KnownComparison = { kind: 'listed' }
/** In none of the files of categories the user gave; nothing is where none was given. */
export const uncategorised: KnownComparison = { kind: 'uncategorised' }
/** The opposite of a comparison. */
export const not = <const C>(of: C): { readonly kind: 'not'; readonly of: C } => ({ kind: 'not', of })

/** Whether a number compares as stated, as the engine would say. */
export const numberCompares = (value: number, comparison: NumberComparison): boolean => {
  if (typeof comparison === 'number') return value === comparison
  switch (comparison.kind) {
    case 'between':
      return value >= comparison.from && value <= comparison.to
    case 'atLeast':
      return value >= comparison.value
    case 'atMost':
      return value <= comparison.value
    case 'oneOf':
      return comparison.values.includes(value)
    case 'not':
      return !numberCompares(value, comparison.of)
  }
}
