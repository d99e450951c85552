/**
 * The four parts of RITA's beacon score (Active Countermeasures, https://github.com/activecm/rita), as they were when its
 * test figures were published: parts are rounded up to thousandths, and small sizes count. Later versions round to the
 * nearest, and leave smallness out.
 *
 * @module
 */
import { raw, sql, type Sql } from '../sql/sql.ts'
import type { RhythmStatistic } from './feature.ts'

/** Levels of a query, each of columns that the ones above it may use. */
export type Layers = readonly (readonly (readonly [name: string, expression: Sql])[])[]

/** Where a window lies: its start in ms since 1970, and its length in ms. */
export interface RhythmWindow {
  readonly startMs: Sql
  readonly lengthMs: Sql
}

type RitaStatistic = Extract<RhythmStatistic, `rita${string}`>

/** The median of `count` values of a sorted array that follow the first `skip`, the mean of the two middle ones. */
const medianOf = (sorted: Sql, skip: Sql, count: Sql): Sql =>
  sql`(${sorted}[greatest(1, ${skip} + intDiv(${count} + 1, 2))] + ${sorted}[greatest(1, ${skip} + intDiv(${count}, 2) + 1)]) / 2`

const upToThousandths = (value: Sql): Sql => sql`least(1, ceil((${value}) * 1000) / 1000)`

/** The parts of the day that the histogram has bars for, whatever the window's length. */
const bars = 24

type Columns = (name: string) => Sql
type Named = (name: string, expression: Sql) => readonly [string, Sql]

/** Quartiles (the medians of both halves) of a sorted array, its median absolute deviation, its skewness. */
const spreadLayers = (of: string, column: Columns, named: Named): Layers => {
  const sorted = column(of)
  const n = sql`length(${sorted})`
  const half = sql`intDiv(${n}, 2)`
  const [low, mid, high] = [column(`${of}_q1`), column(`${of}_q2`), column(`${of}_q3`)]
  return [
    [
      named(`${of}_q1`, medianOf(sorted, raw('0'), half)),
      named(`${of}_q2`, medianOf(sorted, raw('0'), n)),
      named(`${of}_q3`, medianOf(sorted, sql`${n} - ${half}`, half)),
    ],
    [
      named(`${of}_off`, sql`arraySort(arrayMap(v -> abs(v - ${mid}), ${sorted}))`),
      // Bowley's skewness; quartiles close together, or equal to the median, have none.
      named(
        `${of}_skew`,
        sql`if(${high} - ${low} >= 10 AND ${mid} != ${low} AND ${mid} != ${high}, (${low} + ${high} - 2 * ${mid}) / greatest(${high} - ${low}, 1), 0)`,
      ),
    ],
    [named(`${of}_mad`, medianOf(column(`${of}_off`), raw('0'), n))],
  ]
}

/** How narrow: 1 − MAD/median, at least 0. */
const narrow = (of: string, column: Columns, otherwise: string): Sql => {
  const mid = column(`${of}_q2`)
  return sql`if(${mid} < 1, ${raw(otherwise)}, greatest(0, (${mid} - ${column(`${of}_mad`)}) / greatest(${mid}, 1)))`
}

/** The mode of sorted sizes, the smallest one of several. */
const modeOf = (sorted: Sql): Sql =>
  sql`toInt64(arraySort((v, r) -> (-toInt64(r), v), ${sorted}, arrayEnumerateUniq(${sorted}))[1])`

const zip = (...all: readonly Layers[]): Layers =>
  Array.from({ length: Math.max(...all.map((layers) => layers.length)) }, (_, level) =>
    all.flatMap((layers) => layers[level] ?? []),
  )

/** Levels above the events' times and bytes, `at` and `bytes`, and the four parts. */
export const ritaLayers = (
  column: Columns,
  named: Named,
  { startMs, lengthMs }: RhythmWindow,
): { readonly layers: Layers; readonly statistics: Readonly<Record<RitaStatistic, Sql>> } => {
  const seconds = column('seconds')
  const [steps, ordered] = [column('steps'), column('ordered')]
  const [hist, mode] = [column('hist'), column('modes')]
  const n = raw(String(bars))
  const lit = sql`arrayCount(c -> c > 0, ${hist})`
  const mean = sql`(arraySum(${hist}) / ${n})`
  const deviation = sql`sqrt(arraySum(c -> (c - ${mean}) * (c - ${mean}), ${hist}) / ${n})`
  const steady = sql`if(${mean} = 0 OR ${deviation} > ${mean}, 0, round(1 - ${deviation} / greatest(${mean}, 0.000001), 3))`
  const tops = sql`arrayReverseSort(arrayMap(m -> countEqual(${mode}, m), arrayDistinct(${mode})))`
  const bimodal = sql`if(${lit} < 11, 0, least(1, round((${tops}[1] + ${tops}[2]) / greatest(${lit} - 1, 1), 3)))`
  const first = sql`${seconds}[1]`
  const last = sql`${seconds}[-1]`
  const coverage = upToThousandths(sql`(${last} - ${first}) / greatest(intDiv(${lengthMs}, 1000), 1)`)
  const dark = sql`arrayFilter((i, c) -> c = 0, range(1, ${raw(String(2 * bars + 1))}), arrayConcat(${hist}, ${hist}))`
  // The longest run of bars, around the end and on from the start.
  const run = sql`least(${n}, arrayMax(arrayDifference(arrayPushBack(arrayPushFront(${dark}, 0), ${raw(String(2 * bars + 1))}))) - 1)`
  const layers = zip(
    [
      [
        named('seconds', sql`arrayMap(t -> intDiv(t, 1000), ${column('at')})`),
        named('ordered', sql`arraySort(${column('bytes')})`),
        named(
          'place',
          sql`arrayMap(t -> greatest(0, least(${raw(String(bars - 1))}, intDiv((intDiv(t, 1000) * 1000 - ${startMs}) * ${n}, greatest(${lengthMs}, 1)))), ${column('at')})`,
        ),
      ],
      [
        named('steps', sql`arraySort(arrayFilter(s -> s > 0, arrayDifference(${seconds})))`),
        named('hist', sql`arrayMap(b -> countEqual(${column('place')}, b), range(${n}))`),
      ],
      [
        // Bars of nearly the same height, within 5 % of the highest, are of one mode.
        named(
          'modes',
          sql`arrayMap(c -> intDiv(c, greatest(1, toUInt64(ceil(arrayMax(${hist}) * 0.05)))), arrayFilter(c -> c > 0, ${hist}))`,
        ),
      ],
    ],
    [[], [], ...spreadLayers('steps', column, named)],
    [[], ...spreadLayers('ordered', column, named)],
  )
  return {
    layers,
    statistics: {
      ritaTimestamps: sql`if(length(${steps}) < 3, 0, ${upToThousandths(sql`(1 - abs(${column('steps_skew')}) + ${narrow('steps', column, '1')}) / 2`)})`,
      ritaSizes: sql`if(length(${ordered}) < 3, 0, ${upToThousandths(sql`(1 - abs(${column('ordered_skew')}) + ${narrow('ordered', column, '0')} + greatest(0, 1 - ${modeOf(ordered)} / 65535)) / 3`)})`,
      ritaHistogram: sql`greatest(${steady}, ${bimodal})`,
      ritaDuration: sql`if(${lit} < 6, 0, greatest(${coverage}, ${upToThousandths(sql`${run} / 12`)}))`,
    },
  }
}
