/**
 * TailScore: how far out in the upper tails of its features a row is.
 *
 * @module
 */
import {
  CELL_LIMIT,
  cellsSql,
  medians,
  rankContributions,
  readCell,
  requireColumn,
  requireColumns,
  sortedColumn,
} from './cell.ts'
import { floatSql, floatsSql } from './float-sql.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { savedHead, savedList, savedModel, savedNumber, savedNumbers, savedObject } from './saved.ts'
import type { Saved, SavedHead } from './saved.ts'
import { quantile, robustSpread } from './scale.ts'
import { firstAtLeast, suspectRows, tailTable } from './tail-table.ts'

export interface TailScoreSpec {
  readonly kind: 'tail-score'
  /** How many of the strangest features make the score, at least 1. */
  readonly top: number
  /** Features of which unusually low values are strange as well. */
  readonly both?: readonly string[]
  /**
   * The share of each feature's highest reference values that may be an attack's, 0 if absent. What lies above them is
   * judged by the tail that the values below them have, so that attacks in the reference do not make themselves ordinary.
   */
  readonly hostile?: number
}

/** The upper tail of one feature: a value in (`values[i − 1]`, `values[i]`] scores `scores[i]`. */
interface Tail {
  readonly values: readonly number[]
  readonly scores: readonly number[]
  /** Above the largest value: `beyond + slope · log10(1 + (x − largest) / spread)`. */
  readonly beyond: number
  readonly spread: number
  readonly slope: number
}

interface FeatureTails {
  readonly upper: Tail
  /** The upper tail of the negated feature. */
  readonly lower?: Tail
}

interface TailScoreState extends SavedHead {
  readonly kind: 'tail-score'
  readonly top: number
  readonly features: readonly FeatureTails[]
}

const MOST_VALUES = 64

/** Below every cell and every negated cell. */
const LOWEST = -2 * CELL_LIMIT

/** With fewer reference values the 99 % quantile says nothing about the spread of the tail. */
const ENOUGH_FOR_Q99 = 100

/** Settings of a TailScore model, with the defaults filled in. */
export function tailScore(settings: Partial<Omit<TailScoreSpec, 'kind'>> = {}): TailScoreSpec {
  return { kind: 'tail-score', ...settings, top: settings.top ?? 3 }
}

/**
 * For each feature `s = log10(p(median) / p(x))`, at least 0, with `p(x) = (#{reference ≥ x} + 1) / (n + 1)`: how many
 * times rarer than the median, so that ordinary values add nothing. Above the largest reference value comes
 * `log10(1 + (x − max) / spread)` with `spread = max − Q99`; where that is 0 (or, below 100 values, where it is smaller)
 * IQR/1.349, and max(|max|, 1) where that is 0 too. The score is the sum of the `top` largest.
 */
export const tailScoreModel: Model<TailScoreSpec> = {
  kind: 'tail-score',
  title: 'TailScore: sum of the strangest upper tails',
  source: 'Empirical tail probabilities per feature, as in COPOD (Li et al. 2020) and ECOD (Li et al. 2022)',
  notes:
    'Fits in O(features × rows × log rows), scores in O(features). Blind to rows that are odd only in combination of ' +
    'ordinary values; attacks in the reference lower the scores of their like. Keeps at most 64 values a feature.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: TailScoreSpec, reference: Matrix): TailScoreState {
  if (!(Number.isInteger(spec.top) && spec.top >= 1)) {
    throw new TypeError(`Unexpected top: ${spec.top}, expected a whole number from 1`)
  }
  const hostile = spec.hostile ?? 0
  if (!(hostile >= 0 && hostile < 0.5)) {
    throw new TypeError(`Unexpected hostile share: ${hostile}, expected at least 0 and below 0.5`)
  }
  requireColumns(reference.names, reference)
  const both = new Set((spec.both ?? []).map((name) => requireColumn(reference.names, name)))
  return {
    kind: 'tail-score',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    top: spec.top,
    features: reference.names.map((_, column) => {
      const sorted = sortedColumn(reference, column)
      const upper = fitTail(sorted, hostile)
      return both.has(column)
        ? { upper, lower: fitTail(sorted.map((value) => 0 - value).toReversed(), hostile) }
        : { upper }
    }),
  }
}

function fitTail(sorted: Float64Array, hostile: number): Tail {
  const n = sorted.length
  const largest = sorted[n - 1]
  if (largest === undefined) return { values: [], scores: [], beyond: 0, spread: 1, slope: 1 }
  const median = quantile(sorted, 0.5)
  const reachMedian = n - firstAtLeast(sorted, median)
  const { values, reached } = tailTable(sorted, reachMedian, MOST_VALUES)
  const rarer = (count: number): number => Math.max(0, Math.log10((reachMedian + 1) / (count + 1)))
  const suspect = suspectRows(hostile, n)
  if (suspect === 0) {
    const spread = tailSpread(sorted, largest)
    return { values, scores: reached.map(rarer), beyond: rarer(0), spread, slope: 1 }
  }
  const trusted = sorted[n - 1 - suspect] ?? largest
  // Thinning may have dropped the trusted value itself; the nearest kept one above it stands for it.
  const end = Math.min(values.length - 1, firstAtLeast(values, trusted))
  const last = values[end] ?? trusted
  const step = stepAbove(sorted, median)
  return {
    values: values.slice(0, end + 1),
    scores: reached.slice(0, end + 1).map(rarer),
    beyond: rarer(reached[end + 1] ?? 0),
    spread: step + Math.max(0, last - median),
    slope: tailIndex(sorted, median, step, suspect),
  }
}

/** What counts as one step above the median: IQR/1.349, or the way to the next value where that is 0. */
function stepAbove(sorted: Float64Array, median: number): number {
  const iqr = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.349
  if (iqr >= 1 / CELL_LIMIT) return iqr
  const next = sorted.find((value) => value - median >= 1 / CELL_LIMIT)
  return next === undefined ? Math.max(Math.abs(median), 1) : next - median
}

/** Where the tail begins whose index is measured, and what is expected of it before that. */
const TAIL_SHARE = 0.2
const PRIOR_INDEX = 1.5
const PRIOR_VALUES = 20

/**
 * The index of a Pareto tail of `1 + (x − median)/step` (Hill 1975), from the upper fifth of the values; the suspect ones
 * are counted but not measured (censored), and a prior keeps few values from deciding.
 */
function tailIndex(sorted: Float64Array, median: number, step: number, suspect: number): number {
  const n = sorted.length
  const height = (index: number): number => Math.log(1 + Math.max(0, ((sorted[index] ?? 0) - median) / step))
  const first = Math.min(n - 1 - suspect, Math.floor((1 - TAIL_SHARE) * n))
  const base = height(first)
  const limit = height(n - 1 - suspect)
  let sum = suspect * (limit - base)
  let measured = 0
  for (let index = first; index < n - suspect; index++) {
    if (height(index) <= base) continue
    sum += height(index) - base
    measured++
  }
  const index = (measured + PRIOR_VALUES) / (sum + PRIOR_VALUES / PRIOR_INDEX)
  return Math.max(0.8, Math.min(4, index))
}

function tailSpread(sorted: Float64Array, largest: number): number {
  const tail = largest - quantile(sorted, 0.99)
  const middle = robustSpread(sorted)
  const spread = sorted.length >= ENOUGH_FOR_Q99 && tail > 0 ? tail : Math.max(tail, middle)
  // Spreads of rounding noise would let the quotient overflow.
  return spread >= 1 / CELL_LIMIT ? spread : Math.max(Math.abs(largest), 1)
}

function tailValue(tail: Tail, x: number): number {
  const index = firstAtLeast(tail.values, x)
  const score = tail.scores[index]
  if (score !== undefined) return score
  const largest = tail.values[index - 1]
  return largest === undefined ? 0 : tail.beyond + tail.slope * Math.log10(1 + (x - largest) / tail.spread)
}

function tailSql(tail: Tail, x: string, negated: string): string {
  const largest = tail.values.at(-1)
  if (largest === undefined) return '0.'
  // Negated, "the smallest value ≥ x" is what roundDown looks up, and what lies beyond the largest comes first.
  const values = floatsSql([LOWEST, ...tail.values.map((value) => 0 - value).toReversed()])
  const scores = floatsSql([tail.beyond, ...tail.scores.toReversed()])
  const excess = `${floatSql(tail.slope)}*log10(1.+greatest(0.,${x}-${floatSql(largest)})/${floatSql(tail.spread)})`
  return `transform(roundDown(${negated},${values}),${values},${scores},0.)+${excess}`
}

function restore(state: TailScoreState): FittedModel {
  const { names, typical, features, top } = state
  const width = names.length
  const scoreCell = (value: number, column: number): number => {
    const tails = features[column]
    if (tails === undefined) return 0
    const x = readCell(value, typical[column] ?? 0)
    const upper = tailValue(tails.upper, x)
    return tails.lower === undefined ? upper : Math.max(upper, tailValue(tails.lower, -x))
  }
  return {
    kind: 'tail-score',
    scale: 'free',
    names,
    score(rows) {
      requireColumns(names, rows)
      const scores = new Float64Array(rows.rows)
      const largest = new Float64Array(Math.min(top, width))
      for (let row = 0; row < rows.rows; row++) {
        largest.fill(0)
        for (let column = 0; column < width; column++) {
          insertLargest(largest, scoreCell(rows.values[row * width + column] ?? Number.NaN, column))
        }
        let sum = 0
        for (let place = 0; place < largest.length; place++) sum += largest[place] ?? 0
        scores[row] = sum
      }
      return scores
    },
    explain(row) {
      const parts = Float64Array.from(names, (_, column) => scoreCell(row[column] ?? Number.NaN, column))
      const counted = [...parts.keys()].toSorted((one, other) => (parts[other] ?? 0) - (parts[one] ?? 0))
      for (const column of counted.slice(top)) parts[column] = 0
      return rankContributions(names, row, typical, parts)
    },
    formula(columns) {
      const parts = cellsSql(columns, typical).map((cell, column) => {
        const tails = features[column]
        if (tails === undefined) return '0.'
        const upper = tailSql(tails.upper, cell, `-(${cell})`)
        return tails.lower === undefined
          ? upper
          : `greatest(${upper},${tailSql(tails.lower, `-(${cell})`, cell)})`
      })
      if (parts.length === 0) return 'toFloat64(0)'
      if (parts.length <= top) return `toFloat64(${parts.join('+')})`
      return `arraySum(arraySlice(arrayReverseSort([${parts.join(',')}]),1,${top}))`
    },
    toJSON: () => state,
  }
}

/** Keeps `largest` descending. */
function insertLargest(largest: Float64Array, value: number): void {
  let place = largest.length - 1
  if (place < 0 || value <= (largest[place] ?? 0)) return
  for (; place > 0 && (largest[place - 1] ?? 0) < value; place--) largest[place] = largest[place - 1] ?? 0
  largest[place] = value
}

function loadState(json: unknown): TailScoreState {
  const saved = savedModel(json, 'tail-score')
  const head = savedHead(saved)
  const features = savedList(saved, 'features', savedFeature, head.names.length)
  return { kind: 'tail-score', ...head, top: savedNumber(saved, 'top', 1), features }
}

function savedFeature(saved: Saved): FeatureTails {
  const upper = savedTail(savedObject(saved.fields['upper'], `${saved.path}.upper`))
  if (saved.fields['lower'] === undefined) return { upper }
  return { upper, lower: savedTail(savedObject(saved.fields['lower'], `${saved.path}.lower`)) }
}

function savedTail(saved: Saved): Tail {
  const values = savedNumbers(saved, 'values')
  return {
    values,
    scores: savedNumbers(saved, 'scores', values.length),
    beyond: savedNumber(saved, 'beyond', 0),
    spread: savedNumber(saved, 'spread', Number.MIN_VALUE),
    slope: savedNumber(saved, 'slope', Number.MIN_VALUE),
  }
}
