/**
 * Features that are made of the past of an entity, of its peers and of everyone, window after window: sums that fade, what others
 * do at the same time, and how far something exceeds what is usual.
 *
 * @module
 */
import type { EntityColumn } from '../schema/columns.ts'
import type { NumberComparison } from './filter.ts'

/** A part of the entity, or the group that it belongs to. */
export type PastKey = EntityColumn | 'peers'

export type PastFeature<Ref extends string = string> =
  /** A feature summed over earlier windows; one of so many days ago counts for e to the minus days/`days`. */
  | { readonly kind: 'faded'; readonly of: Ref; readonly by: readonly PastKey[]; readonly days: number }
  /**
   * 1 − e to the minus d/`days`, d being the days since an earlier window with the same `by` had the feature above 0; 1 where
   * none had, and 0 where the feature is 0. Faded sums of it count different things: each counts 1 when it is seen, and fades
   * until it is seen again.
   */
  | { readonly kind: 'renewed'; readonly of: Ref; readonly by: readonly PastKey[]; readonly days: number }
  /** The sum of a feature over all other rows of the same window. */
  | { readonly kind: 'alongside'; readonly of: Ref; readonly by: readonly PastKey[] }
  /** 1 where the feature is above 0 and the entity has been known for so many days. */
  | { readonly kind: 'settled'; readonly of: Ref; readonly days: number }
  /** Days since the entity's last earlier window with the feature above 0; 0 where there was none. */
  | { readonly kind: 'pause'; readonly of: Ref }
  /** The largest value that the feature had in an earlier window of the entity; 0 where there was none. */
  | { readonly kind: 'record'; readonly of: Ref }
  /**
   * By how many standard deviations log(1 + feature) exceeds the mean of earlier windows: the entity's own (of weekdays on
   * weekdays, of weekends on weekends), or those of its peers in this and the windows of the week before. 0 below the mean, and
   * where there are fewer than `atLeast` of them.
   */
  | {
      readonly kind: 'excess'
      readonly of: Ref
      readonly against: 'self' | 'peers'
      readonly atLeast: number
    }

const kinds: readonly string[] = ['faded', 'renewed', 'alongside', 'settled', 'pause', 'record', 'excess']

export const isPast = <F extends { readonly kind: string }>(feature: F): feature is Extract<F, PastFeature> =>
  kinds.includes(feature.kind)

export const faded = <const R extends string>(
  of: R,
  by: readonly PastKey[],
  options: { readonly days?: number } = {},
): PastFeature<R> => ({ kind: 'faded', of, by, days: options.days ?? 30 })

export const renewed = <const R extends string>(
  of: R,
  by: readonly PastKey[],
  options: { readonly days?: number } = {},
): PastFeature<R> => ({ kind: 'renewed', of, by, days: options.days ?? 30 })

export const alongside = <const R extends string>(of: R, by: readonly PastKey[]): PastFeature<R> => ({
  kind: 'alongside',
  of,
  by,
})

export const settled = <const R extends string>(of: R, days: number): PastFeature<R> => ({
  kind: 'settled',
  of,
  days,
})

export const pause = <const R extends string>(of: R): PastFeature<R> => ({ kind: 'pause', of })

export const record = <const R extends string>(of: R): PastFeature<R> => ({ kind: 'record', of })

/** @param options `atLeast`: with fewer earlier windows to compare with, nothing is said; 5 if absent */
export const excess = <const R extends string>(
  of: R,
  against: 'self' | 'peers',
  options: { readonly atLeast?: number } = {},
): PastFeature<R> => ({ kind: 'excess', of, against, atLeast: options.atLeast ?? 5 })

export type PathStatistic = 'surprise' | 'hops' | 'switches'

/**
 * The most surprising path that an entity (a user) began in a window: the sum of its hops' surprises, how many hops it has, and
 * how often it went on as another user; 0 where there is no path of two hops.
 */
export interface PathFeature {
  readonly kind: 'path'
  readonly statistic: PathStatistic
}

/** @param statistic see {@link PathFeature} */
export const path = (statistic: PathStatistic): PathFeature => ({ kind: 'path', statistic })

/** The sum of some features in windows in which others compare so, 0 elsewhere; or the largest of some. */
export type GivenFeature<Ref extends string = string> =
  | {
      readonly kind: 'given'
      readonly of: readonly Ref[]
      readonly when: Readonly<Partial<Record<Ref, NumberComparison>>>
    }
  | { readonly kind: 'largest'; readonly of: readonly Ref[] }

export const given = <const R extends string, const W extends string>(
  of: readonly R[],
  when: Readonly<Record<W, NumberComparison>>,
): GivenFeature<R | W> => ({
  kind: 'given',
  of,
  // A record of some of the names is one in which the others are absent.
  when: when as Readonly<Partial<Record<R | W, NumberComparison>>>,
})

/** The largest of some features. */
export const largest = <const R extends string>(of: readonly R[]): GivenFeature<R> => ({
  kind: 'largest',
  of,
})

type OfOthers = PathFeature | GivenFeature

/** Whether a feature is made of others, or of paths: no event contributes to it. */
export const isOfOthers = <F extends { readonly kind: string }>(
  feature: F,
): feature is Extract<F, { readonly kind: OfOthers['kind'] }> =>
  feature.kind === 'path' || feature.kind === 'given' || feature.kind === 'largest'
