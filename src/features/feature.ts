/**
 * Features as data: what is measured of an entity in a window. Plain objects, compiled to SQL by `compile.ts`.
 *
 * @module
 */
import type { EventColumn, NumberColumn, TextColumn, EntityColumn } from '../schema/columns.ts'
import type { Filter } from './filter.ts'
import type { MomentFeature, UnprovenFeature } from './moment-feature.ts'
import { isPast, type GivenFeature, type PastFeature, type PathFeature } from './past-feature.ts'
import type { PayloadFeature, PayloadPurpose } from './payload.ts'
import type { RiskFeature } from './risk-feature.ts'
import type { ElapsedFeature, SeldomFeature } from './seldom.ts'

/**
 * A number made of a text: its length in bytes, how many pieces a separator cuts it into, how many bytes n stand before its
 * end `end` (and the separator in front of that). A `usual` length u makes n²/(n + u) of that: short texts are names, long
 * ones carry something.
 */
export type Measure =
  | NumberColumn
  | { readonly kind: 'length'; readonly of: TextColumn }
  | { readonly kind: 'pieces'; readonly of: TextColumn; readonly separator: string }
  | { readonly kind: 'seconds'; readonly of: 'event_duration' }
  | { readonly kind: 'before'; readonly of: TextColumn; readonly end: TextColumn; readonly usual: number }

/**
 * - `checkIns`: how many there are; `span`: the seconds from the first to the last; `gap`: the median of the seconds between
 *   two; `size`: their median bytes.
 * - `regular`: the share of gaps within 0.4 to 1.6 of the median (0.43 for random arrivals, 0.75 for a sleep with 80 % jitter).
 * - `evidence`: how much likelier the gaps are if something sleeps between them than if they are random, in decades; at
 *   least 0.
 * - `spread`: the median absolute deviation of the gaps' natural logarithms.
 * - `alike`: the share of check-ins whose bytes are within 5 % of the median; 0 where bytes are not known.
 * - `hours`: in how many hours, counted from the first check-in, there was one; `presence`: of the stretches from the first to the
 *   last check-in (an hour each, or two gaps where that is longer), the share with one.
 * - `dispersion`: the variance of check-ins an hour over their mean: 1 for random arrivals, 0 for a clock.
 * - `rita…`: the four parts of RITA's beacon score, of events as they are.
 */
export type RhythmStatistic =
  | 'checkIns'
  | 'span'
  | 'gap'
  | 'size'
  | 'regular'
  | 'evidence'
  | 'spread'
  | 'alike'
  | 'hours'
  | 'presence'
  | 'dispersion'
  | 'ritaTimestamps'
  | 'ritaSizes'
  | 'ritaHistogram'
  | 'ritaDuration'

export type Unit = 'count' | 'share' | 'bytes' | 'seconds' | 'bits' | 'number'

/** `Ref`: the names of other features it is made of. */
export type Feature<Ref extends string = string> =
  /** How many events. */
  | { readonly kind: 'count'; readonly where: Filter }
  /** The share of the window's events, 0 to 1. */
  | { readonly kind: 'share'; readonly where: Filter }
  | { readonly kind: 'sum' | 'max' | 'min' | 'mean'; readonly of: Measure; readonly where: Filter }
  /** How many different values (of several columns together). */
  | { readonly kind: 'distinct'; readonly of: readonly EventColumn[]; readonly where: Filter }
  /** Bits of Shannon entropy of a column's values. */
  | { readonly kind: 'entropy'; readonly of: EventColumn; readonly where: Filter }
  /** A quantile within 1 %, the same whatever the order of the events. */
  | { readonly kind: 'quantile'; readonly of: Measure; readonly level: number; readonly where: Filter }
  /**
   * Gaps between events, over the first 1,000 of the window: their median in seconds, or their regularity: the share of
   * gaps within 0.4 to 1.6 of the median (0.43 for random arrivals, 1 for a clock).
   */
  | { readonly kind: 'gaps'; readonly statistic: 'median' | 'regularity'; readonly where: Filter }
  /**
   * The rhythm of the events' times and of the bytes in these columns together, over the first 2,000 events of the window.
   * Events that follow one another within two seconds are one check-in.
   */
  | {
      readonly kind: 'rhythm'
      readonly statistic: RhythmStatistic
      readonly bytes: readonly NumberColumn[]
      readonly where: Filter
    }
  /**
   * How many values this entity had never had before. `unlike`: only those that others had had before this window, and none of
   * its peers until then (of who has no group: at most a share `most` of all); and none of the first `afterDays` days for
   * which the entity is known.
   */
  | {
      readonly kind: 'firstSeen'
      readonly of: readonly EventColumn[]
      readonly where: Filter
      readonly unlike?: { readonly most: number; readonly afterDays: number }
    }
  /** How many values nobody had had before, or what a measure of each of them adds up to. */
  | {
      readonly kind: 'neverSeen'
      readonly of: readonly EventColumn[]
      readonly where: Filter
      readonly sum?: Measure
    }
  /** How rare a column's values are: −log2 of the share of entities that have the value. Largest, or mean over events. */
  | {
      readonly kind: 'rarity'
      readonly of: EventColumn
      readonly statistic: 'max' | 'mean'
      readonly where: Filter
    }
  /**
   * The share of all values of `by` that ever come with this column's value, this one left out, how many they
   * are, or how many values come without it; the largest in the window, and at least `floor`.
   */
  | {
      readonly kind: 'popularity'
      readonly of: EventColumn
      readonly by: EntityColumn
      readonly statistic: 'share' | 'count' | 'without'
      readonly floor: number
      readonly where: Filter
    }
  /**
   * Days for which anybody has had this part of the entity, as `known` to the window's last event, or for how many days of
   * the data before that nobody had had it. With `by` as in `popularity`, both share one history.
   */
  | {
      readonly kind: 'age'
      readonly of: Extract<EntityColumn, EventColumn>
      readonly by: EntityColumn
      readonly statistic: 'known' | 'unknown'
      readonly where: Filter
    }
  /**
   * How much the names of sites look generated, in bits, of the distinct names in the window: the largest, the mean (each at most
   * 10), or how many have at least so many bits. Judged is the label that somebody registered; see `models/name-model.ts`.
   */
  | {
      readonly kind: 'surprisal'
      readonly of: 'dns_question_registered_domain' | 'destination_registered_domain'
      readonly statistic: 'max' | 'mean' | { readonly atLeast: number }
      readonly where: Filter
    }
  /** How many events of the entity (in the column `as`) match `where`, at any time, whether the others do that the features are made of or not. */
  | { readonly kind: 'elsewhere'; readonly where: Filter; readonly as?: EntityColumn }
  /** Events that match `where` and come before the last event that matches `until`. */
  | { readonly kind: 'countBefore'; readonly where: Filter; readonly until: Filter }
  /** One feature over another and `plus`; 0 where that is 0. */
  | { readonly kind: 'ratio'; readonly of: Ref; readonly over: Ref; readonly plus?: number }
  /** A feature per second between the window's first and last event (at least one second). */
  | { readonly kind: 'rate'; readonly of: Ref }
  /** A feature summed over all earlier windows with the same value of some of the entity's parts. */
  | { readonly kind: 'prior'; readonly of: Ref; readonly by: readonly EntityColumn[] }
  /** The same, this window included. */
  | { readonly kind: 'sofar'; readonly of: Ref; readonly by: readonly EntityColumn[] }
  /** In how many different hours of the day (UTC) there were events that match. */
  | { readonly kind: 'hours'; readonly where: Filter }
  | PastFeature<Ref>
  | PathFeature
  | GivenFeature<Ref>
  | MomentFeature
  | UnprovenFeature
  | PayloadFeature
  | SeldomFeature
  | ElapsedFeature
  | RiskFeature

/** The features that a feature is made of. */
export const madeOf = (feature: Feature): readonly string[] => {
  if (isPast(feature)) return [feature.of]
  switch (feature.kind) {
    case 'given':
      return [...feature.of, ...Object.keys(feature.when)]
    case 'largest':
      return feature.of
    case 'ratio':
      return [feature.of, feature.over]
    case 'rate':
    case 'prior':
    case 'sofar':
      return [feature.of]
    default:
      return []
  }
}

const always: Filter = {}

/** How many events: all, or those that match. */
export const count = (where: Filter = always): Feature<never> => ({ kind: 'count', where })
/** The share of the window's events that match. */
export const share = (where: Filter): Feature<never> => ({ kind: 'share', where })
export const sum = (of: Measure, where: Filter = always): Feature<never> => ({ kind: 'sum', of, where })
export const max = (of: Measure, where: Filter = always): Feature<never> => ({ kind: 'max', of, where })
export const min = (of: Measure, where: Filter = always): Feature<never> => ({ kind: 'min', of, where })
export const mean = (of: Measure, where: Filter = always): Feature<never> => ({ kind: 'mean', of, where })

const list = <T>(of: T | readonly T[]): readonly T[] => (Array.isArray(of) ? of : [of as T]) // narrowing a readonly array

/** How many different values of a column, or of several together. */
export const distinct = (
  of: EventColumn | readonly EventColumn[],
  where: Filter = always,
): Feature<never> => ({
  kind: 'distinct',
  of: list(of),
  where,
})
export const entropy = (of: EventColumn, where: Filter = always): Feature<never> => ({
  kind: 'entropy',
  of,
  where,
})
/** @param level between 0 and 1: 0.95 is the value 95 % of events stay under */
export const quantile = (of: Measure, level: number, where: Filter = always): Feature<never> => ({
  kind: 'quantile',
  of,
  level,
  where,
})
export const gaps = (statistic: 'median' | 'regularity', where: Filter = always): Feature<never> => ({
  kind: 'gaps',
  statistic,
  where,
})
/** @param options `bytes`: columns whose sum is an event's size; what was sent and received if absent */
export const rhythm = (
  statistic: RhythmStatistic,
  options: { readonly bytes?: readonly NumberColumn[] } = {},
  where: Filter = always,
): Feature<never> => ({
  kind: 'rhythm',
  statistic,
  bytes: options.bytes ?? ['source_bytes', 'destination_bytes'],
  where,
})
/** For how many days a part of the entity has been known to anybody, or had been unknown to all. */
export const age = (
  of: Extract<EntityColumn, EventColumn>,
  options: { readonly by: EntityColumn; readonly statistic?: 'known' | 'unknown' },
): Feature<never> => ({
  kind: 'age',
  of,
  by: options.by,
  statistic: options.statistic ?? 'known',
  where: always,
})
export const firstSeen = (
  of: EventColumn | readonly EventColumn[],
  where: Filter = always,
): Feature<never> => ({
  kind: 'firstSeen',
  of: list(of),
  where,
})
/** How many values this entity had never had before, others had, and none of its peers. */
export const firstUnlikePeers = (
  of: EventColumn | readonly EventColumn[],
  options: { readonly most: number; readonly afterDays: number },
  where: Filter = always,
): Feature<never> => ({ kind: 'firstSeen', of: list(of), where, unlike: options })
/** In how many different hours of the day there were events. */
export const hours = (where: Filter = always): Feature<never> => ({ kind: 'hours', where })
export const neverSeen = (
  of: EventColumn | readonly EventColumn[],
  where: Filter = always,
): Feature<never> => ({
  kind: 'neverSeen',
  of: list(of),
  where,
})
/** What a measure of the values nobody had had before adds up to: the bytes of new names. */
export const sumOfNew = (of: EventColumn, measure: Measure, where: Filter = always): Feature<never> => ({
  kind: 'neverSeen',
  of: [of],
  where,
  sum: measure,
})
export const rarity = (
  of: EventColumn,
  statistic: 'max' | 'mean',
  where: Filter = always,
): Feature<never> => ({
  kind: 'rarity',
  of,
  statistic,
  where,
})
export const popularity = (
  of: EventColumn,
  options: {
    readonly by: EntityColumn
    readonly statistic?: 'share' | 'count' | 'without'
    readonly floor?: number
  },
  where: Filter = always,
): Feature<never> => ({
  kind: 'popularity',
  of,
  by: options.by,
  statistic: options.statistic ?? 'share',
  floor: options.floor ?? 0,
  where,
})
/** How much names of sites look generated: 0.2 bits are usual, one ordinary name in a hundred has more than 11. */
export const surprisal = (
  of: 'dns_question_registered_domain' | 'destination_registered_domain',
  statistic: 'max' | 'mean' | { readonly atLeast: number },
  where: Filter = always,
): Feature<never> => ({ kind: 'surprisal', of, statistic, where })
/** How much texts of requests look like payloads: ordinary ones hardly ever have more than 15 bits. */
export const payload = (
  statistic: 'max' | { readonly atLeast: number },
  purpose: PayloadPurpose | 'any' | null = null,
  where: Filter = always,
): Feature<never> => ({ kind: 'payload', statistic, purpose, where })
/**
 * Of the whole time and all events: a filter of its own stands in for that of the detector.
 *
 * @param as the column in which the entity stands there: a user to whom something is done
 */
export const elsewhere = (where: Filter, as?: EntityColumn): Feature<never> => ({
  kind: 'elsewhere',
  where,
  ...(as === undefined ? {} : { as }),
})
export const countBefore = (where: Filter, until: Filter): Feature<never> => ({
  kind: 'countBefore',
  where,
  until,
})
/** @param options `plus` is added below: as much again as a share of few events must have to count as one of many */
export const ratio = <const R extends string>(
  of: R,
  over: R,
  options: { readonly plus?: number } = {},
): Feature<R> => ({ kind: 'ratio', of, over, ...options })
export const rate = <const R extends string>(of: R): Feature<R> => ({ kind: 'rate', of })
export const prior = <const R extends string>(of: R, by: readonly EntityColumn[]): Feature<R> => ({
  kind: 'prior',
  of,
  by,
})

export const sofar = <const R extends string>(of: R, by: readonly EntityColumn[]): Feature<R> => ({
  kind: 'sofar',
  of,
  by,
})

/** The length of a text in bytes, for `sum`, `max`, `mean` and `quantile`. */
export const length = (of: TextColumn): Measure => ({ kind: 'length', of })
/** How many pieces a separator cuts a text into: `pieces('url_path', '/')` is the depth of a path plus one. */
export const pieces = (of: TextColumn, separator: string): Measure => ({ kind: 'pieces', of, separator })

/** How long an event lasted, in whole seconds. */
export const seconds: Measure = { kind: 'seconds', of: 'event_duration' }

/**
 * How many bytes of a text stand before its known end: `before('dns_question_name', 'dns_question_registered_domain')` is
 * 10 for `mail.part2.example.com`.
 */
export const before = (
  of: TextColumn,
  end: TextColumn,
  options: { readonly usual?: number } = {},
): Measure => ({ kind: 'before', of, end, usual: options.usual ?? 0 })
