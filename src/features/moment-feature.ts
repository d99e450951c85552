/**
 * Features that compare what happens with all that came before it: what somebody never had, hours at which they were never
 * there, journeys that nobody makes, failures of those who never got in.
 *
 * @module
 */
import type { EntityColumn, EventColumn } from '../schema/columns.ts'
import type { Filter } from './filter.ts'
import type { Sql } from '../sql/sql.ts'

/** What of a login may be new to somebody: its network (or autonomous system), its country, its program. */
export type NewcomerValue = 'network' | 'country' | 'device'

/** Of the strangest moment in the window; `count`: how many moments there are. */
export type MomentFeature =
  /**
   * Values that `who` has for the first time. `surprise`: how unlikely that is, in powers of ten, for somebody with this past
   * and with what all others have; `before`: earlier events; `values`: earlier values; `others`: how many others had it before.
   */
  | {
      readonly kind: 'newcomer'
      readonly of: NewcomerValue
      readonly who: EntityColumn
      readonly statistic: 'count' | 'surprise' | 'before' | 'values' | 'others'
      readonly where: Filter
    }
  /**
   * Hours of the week at which `who` is there. `surprise`: how much less likely than an hour drawn blindly, in powers of ten;
   * `before`: in how many earlier hours they were there.
   */
  | {
      readonly kind: 'unusualHour'
      readonly who: EntityColumn
      readonly statistic: 'surprise' | 'before'
      readonly where: Filter
    }
  /** Journeys of `who`, over 500 km at more than 900 km/h, that no shared exit explains: the longest one's km and km/h. */
  | {
      readonly kind: 'travel'
      readonly who: EntityColumn
      readonly statistic: 'count' | 'distance' | 'speed'
      readonly where: Filter
    }

/**
 * How many events match, or how many different values of a column they have, that come before any event with the same
 * values of `of` matched `proof`.
 */
export interface UnprovenFeature {
  readonly kind: 'unproven'
  readonly of: readonly EventColumn[]
  readonly proof: Filter
  readonly where: Filter
  readonly distinct: EventColumn | null
}

/** A table of moments: the parts of the entity, `at` in ms since 1970, and numbers, of which the first says how strange it is. */
export interface Moments {
  readonly numbers: readonly string[]
  readonly select: Sql
}

const always: Filter = {}

/** @param options `who`: the user if absent */
export const newcomer = (
  of: NewcomerValue,
  statistic: Extract<MomentFeature, { kind: 'newcomer' }>['statistic'],
  options: { readonly who?: EntityColumn } = {},
  where: Filter = always,
): MomentFeature => ({ kind: 'newcomer', of, who: options.who ?? 'user_name', statistic, where })

/** @param options `who`: the user if absent */
export const unusualHour = (
  statistic: Extract<MomentFeature, { kind: 'unusualHour' }>['statistic'],
  options: { readonly who?: EntityColumn } = {},
  where: Filter = always,
): MomentFeature => ({ kind: 'unusualHour', who: options.who ?? 'user_name', statistic, where })

/** @param options `who`: the user if absent */
export const travel = (
  statistic: Extract<MomentFeature, { kind: 'travel' }>['statistic'],
  options: { readonly who?: EntityColumn } = {},
  where: Filter = always,
): MomentFeature => ({ kind: 'travel', who: options.who ?? 'user_name', statistic, where })

/**
 * @param of the columns whose values are proven together
 * @param proof what proves them: a success, say
 * @example
 * ```ts
 * // failures of a user from a source from which that user never got in
 * unproven(['user_name', 'source_ip'], { event_outcome: 'success' }, { event_outcome: 'failure' })
 * ```
 */
export const unproven = (
  of: readonly EventColumn[],
  proof: Filter,
  where: Filter = always,
  options: { readonly distinct?: EventColumn } = {},
): UnprovenFeature => ({ kind: 'unproven', of, proof, where, distinct: options.distinct ?? null })

/** How the numbers are written. */
export const momentUnit = (feature: MomentFeature): 'number' | 'count' =>
  feature.statistic === 'surprise' || feature.statistic === 'distance' || feature.statistic === 'speed'
    ? 'number'
    : 'count'
