/**
 * The rhythm of an entity's events: how regular the gaps between its check-ins are, how alike their sizes, for how many
 * hours. All statistics of a window come from one sorted array of its events' times and bytes.
 *
 * @module
 */
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { filterSql } from './compile-filter.ts'
import { featureColumn, type FeatureSet } from './feature-set.ts'
import type { Feature, RhythmStatistic } from './feature.ts'
import { ritaLayers, type Layers, type RhythmWindow } from './rhythm-rita.ts'

type RhythmFeature = Extract<Feature, { kind: 'rhythm' }>

/** The first so many events of a window are looked at: a day of one every 43 seconds. */
const mostEvents = 2000

/** Bits of the bytes in a packed event. What carries more than 4 MB counts as 4 MB: no check-in does. */
const byteBits = 22
const mostBytes = 2 ** byteBits - 1
/** The year 2109. */
const lastMs = 2 ** (64 - byteBits) - 1

/**
 * Events that follow one another this fast are one check-in. The two lines of one connection (a CONNECT as http and as ssl,
 * a request and its answer) come within half a second, the parts of a page and quick retries within one to two; whole-second
 * clocks make 1.1 seconds out of one. Programs that wait for orders sleep longer than that, or they would be streams.
 */
export const burstMs = 2000

/**
 * Half-widths of the gaps around their median, as shares of it, that a sleep with jitter is looked for with: none, 20 %,
 * up to 50 %, up to 80 %.
 */
const halfWidths = [0.1, 0.25, 0.5, 0.85]
/** The share of a program's gaps that may be anything: missed check-ins, a lid closed over night. */
const oddShare = 0.05

const rhythmsOf = (set: FeatureSet): RhythmFeature[] =>
  Object.values(set.features).filter((feature) => feature.kind === 'rhythm')

/** Features with the same key share one array. */
const keyOf = ({ bytes, where }: RhythmFeature): string => JSON.stringify([bytes, where])

const keysOf = (set: FeatureSet): string[] => [...new Set(rhythmsOf(set).map(keyOf))]

const arrayName = (key: number): string => `rhythm_${key}_events`

/** The number of an event that is gathered: its time in ms, then its bytes. */
export const packedEvent = (ms: Sql, bytes: Sql): Sql =>
  sql`bitOr(bitShiftLeft(toUInt64(greatest(0, least(${ms}, ${raw(String(lastMs))}))), ${raw(String(byteBits))}), least(toUInt64(${bytes}), ${raw(String(mostBytes))}))`

type Ask = (type: 'UInt8' | 'UInt64', expression: Sql) => Sql

/** What is tallied: an array of packed events for each kind of rhythm. */
export const rhythmParts = (
  set: FeatureSet,
  ask: Ask,
): { readonly name: string; readonly type: string; readonly make: Sql }[] =>
  keysOf(set).flatMap((key, i) => {
    const feature = rhythmsOf(set).find((candidate) => keyOf(candidate) === key)
    if (feature === undefined) return []
    const bytes = feature.bytes.length === 0 ? raw('0') : join(feature.bytes.map(id), ' + ')
    const packed = ask('UInt64', packedEvent(raw('toUnixTimestamp64Milli(timestamp)'), bytes))
    const holds = Object.keys(feature.where).length === 0 ? raw('1') : ask('UInt8', filterSql(feature.where))
    return [
      {
        name: arrayName(i),
        type: 'Array(UInt64)',
        // A plain array: writing and reading states would cost four times as much.
        make: sql`groupArraySortedIf(${raw(String(mostEvents))})(${packed}, ${holds})`,
      },
    ]
  })

/** The arrays of a window, from those of one short window or of many. */
export const rhythmArrays = (set: FeatureSet, many: boolean): Sql[] =>
  keysOf(set).map((_, i) => {
    const name = id(arrayName(i))
    return many
      ? sql`groupArraySortedArray(${raw(String(mostEvents))})(t.${name}) AS ${name}`
      : sql`t.${name} AS ${name}`
  })

/** The middle of a sorted array, the lower one of two; 0 for an empty one. */
const middle = (sorted: Sql): Sql => sql`${sorted}[greatest(1, intDiv(length(${sorted}) + 1, 2))]`

/**
 * How much likelier the gaps are if a program sleeps between them than if they are as random as their median allows, in
 * decades. A sleep's gaps x (in medians) lie evenly within 1 ± w, but for {@link oddShare} of them; random ones have the
 * density ln 2 · 2^−x. The best of several w counts, which is paid for, and the median itself, which always fits, does not count.
 */
const regularityDecades = (ratios: Sql): Sql => {
  const sums = halfWidths.map((width) => {
    const inside = (1 - oddShare) / (2 * width * Math.LN2)
    const free = Math.log10(inside * 2 + oddShare)
    return sql`arraySum(x -> log10(if(abs(x - 1) <= ${raw(String(width))}, ${raw(inside.toFixed(9))} * exp2(x), 0.) + ${raw(String(oddShare))}), ${ratios}) - ${raw(free.toFixed(9))}`
  })
  return sql`round(greatest(${join(sums)}) - ${raw(Math.log10(halfWidths.length).toFixed(9))}, 6)`
}

const hourMs = 3_600_000

/** The levels of one rhythm, and the columns that hold its statistics. */
const layersOf = (
  key: number,
  window: RhythmWindow,
  asked: readonly RhythmStatistic[],
): { readonly layers: Layers; readonly statistic: (name: RhythmStatistic) => Sql } => {
  const column = (name: string): Sql => id(`rhythm_${key}_${name}`)
  const named = (name: string, expression: Sql) => [`rhythm_${key}_${name}`, expression] as const
  const [events, at, ends] = [column('events'), column('at'), column('ends')]
  const [times, sizes, gaps] = [column('times'), column('sizes'), column('gaps')]
  const [gap, size, ratios] = [column('gap'), column('size'), column('ratios')]
  const [hour, bin] = [column('hour'), column('bin')]
  const checkIns = sql`length(${times})`
  const spanMs = sql`(${times}[-1] - ${times}[1])`
  const binMs = sql`greatest(${raw(String(hourMs))}, 2 * ${gap})`
  const rita = ritaLayers(column, named, window)
  const layers: Layers = [
    [
      named('at', sql`arrayMap(e -> toInt64(bitShiftRight(e, ${raw(String(byteBits))})), ${events})`),
      named('bytes', sql`arrayMap(e -> bitAnd(e, ${raw(String(mostBytes))}), ${events})`),
    ],
    [
      // Whether a check-in ends with this event: the next comes later, or there is none.
      named(
        'ends',
        sql`arrayPushBack(arrayMap(d -> d > ${raw(String(burstMs))}, arrayPopFront(arrayDifference(${at}))), 1)`,
      ),
    ],
    [
      named(
        'times',
        sql`arrayFilter((t, e) -> e, ${at}, arrayResize(arrayPushFront(${ends}, 1), length(${at})))`,
      ),
      named(
        'sizes',
        sql`arrayPopFront(arrayDifference(arrayPushFront(arrayFilter((b, e) -> e, arrayCumSum(${column('bytes')}), arrayResize(${ends}, length(${at}))), 0)))`,
      ),
    ],
    [
      named('gaps', sql`arrayPopFront(arrayDifference(${times}))`),
      named('size', sql`toInt64(${middle(sql`arraySort(${sizes})`)})`),
    ],
    [named('gap', sql`toInt64(${middle(sql`arraySort(${gaps})`)})`)],
    [
      named('ratios', sql`arrayMap(g -> least(g / greatest(${gap}, 1), 100.), ${gaps})`),
      named('bin', sql`arrayMap(t -> intDiv(t - ${times}[1], ${binMs}), ${times})`),
      named('hour', sql`arrayMap(t -> intDiv(t - ${times}[1], ${raw(String(hourMs))}), ${times})`),
    ],
    ...(asked.some((statistic) => statistic.startsWith('rita')) ? rita.layers : []),
  ]
  const hours = sql`(intDiv(${spanMs}, ${raw(String(hourMs))}) + 1)`
  const statistics: Readonly<Record<RhythmStatistic, Sql>> = {
    checkIns,
    span: sql`${spanMs} / 1000`,
    gap: sql`${gap} / 1000`,
    // At the cap it is not known.
    size: sql`if(${size} >= ${raw(String(mostBytes))}, 0, ${size})`,
    regular: sql`arrayCount(x -> x BETWEEN 0.4 AND 1.6, ${ratios}) / greatest(length(${ratios}), 1)`,
    evidence: sql`if(length(${ratios}) < 2, 0, greatest(0, ${regularityDecades(ratios)}))`,
    spread: sql`round(${middle(sql`arraySort(arrayMap(x -> abs(log(greatest(x, 0.000001))), ${ratios}))`)}, 6)`,
    alike: sql`if(${size} = 0 OR ${size} >= ${raw(String(mostBytes))}, 0, arrayCount(b -> abs(b - ${size}) * 20 <= ${size}, ${sizes}) / greatest(${checkIns}, 1))`,
    hours: sql`length(arrayDistinct(${hour}))`,
    presence: sql`length(arrayDistinct(${bin})) / (intDiv(${spanMs}, ${binMs}) + 1)`,
    // A bin of c events has ranks 1 … c, and the sum of 2·rank − 1 is c².
    dispersion: sql`if(${checkIns} = 0, 0, round(arraySum(r -> 2 * r - 1, arrayEnumerateUniq(${hour})) / ${checkIns} - ${checkIns} / ${hours}, 6))`,
    ...rita.statistics,
  }
  return { layers, statistic: (name) => statistics[name] }
}

/**
 * Adds the columns of the rhythm features to windows that have the arrays; the arrays and all that is made on the way are
 * columns too.
 */
export const withRhythms = (below: Sql, set: FeatureSet, window: RhythmWindow): Sql => {
  const keys = keysOf(set)
  const rhythms = keys.map((key, i) => {
    const features = rhythmsOf(set).filter((feature) => keyOf(feature) === key)
    return layersOf(
      i,
      window,
      features.map(({ statistic }) => statistic),
    )
  })
  const depth = Math.max(0, ...rhythms.map(({ layers }) => layers.length))
  const select = (from: Sql, columns: readonly (readonly [string, Sql])[]): Sql =>
    columns.length === 0
      ? from
      : sql`(SELECT *, ${join(columns.map(([name, expression]) => sql`${expression} AS ${id(name)}`))} FROM ${from})`
  const made = Array.from({ length: depth }).reduce<Sql>(
    (from, _, level) =>
      select(
        from,
        rhythms.flatMap(({ layers }) => layers[level] ?? []),
      ),
    below,
  )
  const features = Object.entries(set.features).flatMap(([name, feature]) => {
    if (feature.kind !== 'rhythm') return []
    const value = rhythms[keys.indexOf(keyOf(feature))]?.statistic(feature.statistic) ?? raw('0')
    return [[featureColumn(name), sql`toFloat64(${value})`] as const]
  })
  return select(made, features)
}
