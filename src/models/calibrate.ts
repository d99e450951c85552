/**
 * One scale for all scores. Surprise is −log10 of how often a score this high happens when nothing is wrong.
 *
 * @module
 */
import { CELL_LIMIT, readCell } from './cell.ts'
import { fitParetoTail, paretoSurprise } from './pareto-tail.ts'
import type { ParetoTail } from './pareto-tail.ts'
import { quantile } from './scale.ts'
import { firstAtLeast, suspectRows, tailTable } from './tail-table.ts'

/** What turns scores into surprise: plain JSON. */
export interface Calibration {
  /** How many scores it was made from. */
  readonly count: number
  /** Ascending; a score in (`scores[i − 1]`, `scores[i]`] has the surprise `surprises[i]`. */
  readonly scores: readonly number[]
  readonly surprises: readonly number[]
  /** Above the score `from`, the surprise grows by that of this tail over `threshold`; null where too little is known. */
  readonly tail: CalibratedTail | null
}

interface CalibratedTail extends ParetoTail {
  readonly threshold: number
  readonly from: number
  /** The surprise at `from`. */
  readonly surprise: number
}

export interface CalibrationOptions {
  /**
   * The share of the highest scores that may be hostile, 0.01 if absent. The tail is not fitted to them, but replaces
   * them: a campaign among the calibration scores must not make itself look ordinary.
   */
  readonly hostile?: number
  /** The least and the greatest shape of the tail; [0, 0.5] if absent. */
  readonly shapes?: readonly [number, number]
}

/** As many values as surprises of up to six need to be true to a few hundredths. */
const MOST_VALUES = 256

/** No tail is fitted to fewer excesses. */
const FEWEST_EXCESSES = 8

/** The shape to expect of scores' tails, and how many excesses that expectation is worth. */
const PRIOR_SHAPE = 0.2
const PRIOR_EXCESSES = 20

/**
 * Calibrates on scores of rows taken to be ordinary (NaN is ignored). Up to the quantile `1 − hostile` the probability is
 * conformal, `(1 + #{scores ≥ s})/(n + 1)`, true in finite samples. From there on it falls like a generalised Pareto tail
 * (Siffer et al. 2017, SPOT) fitted to what exceeds the 90 to 97 % quantile, the possibly hostile scores counted but
 * not measured (censored). Its shape is at least 0, as a tail with an end would call scores beyond it impossible.
 *
 * With fewer than about 40 scores there is no tail, and no surprise is above log10(n + 1).
 */
export function fitCalibration(scores: Float64Array, options: CalibrationOptions = {}): Calibration {
  const sorted = scores
    .filter((score) => !Number.isNaN(score))
    .map((score) => readCell(score, 0))
    .toSorted()
  const count = sorted.length
  const hostile = options.hostile ?? 0.01
  const shapes = options.shapes ?? [0, 0.5]
  const tail = fitTail(sorted, hostile, shapes) ?? (hostile > 0 ? fitTail(sorted, 0, shapes) : undefined)
  const table = tailTable(sorted, count, MOST_VALUES)
  const surprises = table.reached.map((reached) => conformal(reached, count))
  return {
    count,
    scores: table.values,
    surprises,
    tail:
      tail === undefined ? null : { ...tail, surprise: lookUp(table.values, surprises, count, tail.from) },
  }
}

/** The surprise of one score: never below 0, finite, and never falling as the score grows. */
export function surprise({ count, scores, surprises, tail }: Calibration, score: number): number {
  if (Number.isNaN(score)) return 0
  const finite = readCell(score, 0)
  if (tail === null || finite <= tail.from) return lookUp(scores, surprises, count, finite)
  const excess = finite - tail.threshold
  return tail.surprise + paretoSurprise(excess, tail) - paretoSurprise(tail.from - tail.threshold, tail)
}

function conformal(reached: number, count: number): number {
  return Math.log10((count + 1) / (1 + reached))
}

function lookUp(
  scores: readonly number[],
  surprises: readonly number[],
  count: number,
  score: number,
): number {
  return surprises[firstAtLeast(scores, score)] ?? conformal(0, count)
}

function fitTail(
  sorted: Float64Array,
  hostile: number,
  shapes: readonly [number, number],
): Omit<CalibratedTail, 'surprise'> | undefined {
  const n = sorted.length
  const threshold = quantile(sorted, 1 - tailShare(n, hostile))
  const censored = suspectRows(hostile, n)
  const from = sorted[n - 1 - censored] ?? 0
  const firstExcess = firstAtLeast(
    sorted,
    threshold + Math.abs(threshold) * Number.EPSILON + Number.MIN_VALUE,
  )
  const values = sorted
    .subarray(firstExcess, Math.max(firstExcess, n - censored))
    .map((score) => score - threshold)
  if (values.length < FEWEST_EXCESSES) return undefined
  const excesses = { values, censored, limit: from - threshold }
  const own = fitParetoTail(excesses, shapes)
  if (own === undefined) return undefined
  // A handful of excesses says little of the shape; a tail that is too short turns into false alarms.
  const shape =
    (values.length * own.shape + PRIOR_EXCESSES * Math.max(shapes[0], Math.min(shapes[1], PRIOR_SHAPE))) /
    (values.length + PRIOR_EXCESSES)
  const fitted = fitParetoTail(excesses, [shape, shape])
  // Excesses of rounding noise have no tail to speak of.
  return fitted === undefined || fitted.scale < 1 / CELL_LIMIT ? undefined : { ...fitted, threshold, from }
}

/** The share of the scores above the threshold: about a hundred, at least 2 % that are not suspect, and at most 10 %. */
function tailShare(n: number, hostile: number): number {
  const share = Math.max(hostile + 0.02, Math.min(0.1, 100 / n))
  // Small samples must go deeper to have anything to fit.
  return Math.min(0.25, Math.max(share, (FEWEST_EXCESSES + 2) / n))
}
