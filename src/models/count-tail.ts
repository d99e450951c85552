/**
 * Count tail: how surprising a count is, such as that of failed logins, next to what this population usually counts.
 *
 * @module
 */
import {
  cellsSql,
  medians,
  rankContributions,
  readCell,
  requireColumn,
  requireColumns,
  sortedColumn,
} from './cell.ts'
import { floatsSql } from './float-sql.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { countSurprise } from './negative-binomial.ts'
import type { CountDistribution } from './negative-binomial.ts'
import { savedChoice, savedHead, savedModel, savedNumber, savedNumbers } from './saved.ts'
import type { SavedHead } from './saved.ts'
import { firstAtLeast } from './tail-table.ts'

export interface CountTailSpec {
  readonly kind: 'count-tail'
  /** The feature that counts; all others are carried along and score nothing. */
  readonly feature: string
  /** What to expect before anything is known: it counts like `weight` reference rows. */
  readonly prior: CountPrior
}

/** A negative-binomial distribution with variance `mean + dispersion · mean²`. */
export interface CountPrior {
  readonly mean: number
  readonly dispersion: number
  readonly weight: number
}

interface CountTailState extends SavedHead, CountDistribution {
  readonly kind: 'count-tail'
  readonly feature: string
  /** The curve: `surprises[i]` at the count `counts[i]`, straight lines between, the last of them continued. */
  readonly counts: readonly number[]
  readonly surprises: readonly number[]
}

/** The curve is followed up to here, and is practically straight beyond. */
const LAST_COUNT = 1e7

/** A line between two counts of the curve may miss its middle by this share, or by this much. */
const CURVE_TOLERANCE = 1e-3

/** A reference count that happens less often than this is taken for an attack and left out of the fit. */
const HOSTILE = 1e-3

/** Below it the distribution is as good as Poisson's. */
const LEAST_DISPERSION = 1e-6

/** Settings of a count-tail model, with the defaults filled in: a prior of one count a row, worth twenty rows. */
export function countTail(settings: { feature: string; prior?: Partial<CountPrior> }): CountTailSpec {
  return {
    kind: 'count-tail',
    feature: settings.feature,
    prior: { mean: 1, dispersion: 1, weight: 20, ...settings.prior },
  }
}

/**
 * The score is −log10 P(X ≥ count) of a negative-binomial distribution. Its moments are those of the lower half of the
 * reference, which is then grown by every count that the fit so far finds ordinary, until none is added: attacks that
 * make up less than half of the reference and stand apart don't hide themselves.
 */
export const countTailModel: Model<CountTailSpec> = {
  kind: 'count-tail',
  title: 'Count tail: surprise of a count under a negative-binomial distribution',
  source:
    'Negative-binomial tail by the incomplete beta function (DLMF 8.17); growing a clean half: Hadi 1992',
  notes:
    'Fits in O(rows × log rows), scores in constant time. Needs counts of like exposure (windows of one length); where ' +
    'attacks are more than half of the reference, or not apart from the rest, they count as ordinary.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: CountTailSpec, reference: Matrix): CountTailState {
  const { prior } = spec
  if (!(prior.mean > 0 && prior.dispersion >= 0 && prior.weight >= 0)) {
    throw new TypeError(
      `Unexpected prior: ${JSON.stringify(prior)}, expected mean > 0, dispersion and weight ≥ 0`,
    )
  }
  requireColumns(reference.names, reference)
  const column = requireColumn(reference.names, spec.feature)
  const sorted = sortedColumn(reference, column).map((value) => Math.max(0, value))
  const distribution = fitCounts(sorted, prior)
  return {
    kind: 'count-tail',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    feature: spec.feature,
    ...distribution,
    ...surpriseCurve(distribution),
  }
}

/** Robust moments of ascending counts, blended with the prior. */
function fitCounts(sorted: Float64Array, prior: CountPrior): CountDistribution {
  let kept = Math.ceil(sorted.length / 2)
  for (;;) {
    const fitted = blendMoments(sorted.subarray(0, kept), prior)
    // The lower half alone looks less dispersed than the whole.
    const cautious = { mean: fitted.mean, dispersion: Math.max(fitted.dispersion, prior.dispersion) }
    const before = kept
    while (kept < sorted.length && isOrdinary(sorted[kept] ?? 0, cautious)) {
      // Equal counts share their fate.
      kept = firstAtLeast(sorted, nextCount(sorted[kept] ?? 0))
    }
    if (kept === before) return fitted
  }
}

function isOrdinary(value: number, distribution: CountDistribution): boolean {
  const count = Math.ceil(value)
  return count <= LAST_COUNT && countSurprise(count, distribution) <= -Math.log10(HOSTILE)
}

function nextCount(value: number): number {
  return value + Math.max(Number.MIN_VALUE, value * Number.EPSILON)
}

function blendMoments(counts: Float64Array, prior: CountPrior): CountDistribution {
  const n = counts.length
  let sum = 0
  for (const count of counts) sum += count
  const ownMean = n === 0 ? 0 : sum / n
  let variance = 0
  for (const count of counts) variance += (count - ownMean) ** 2 / Math.max(1, n - 1)
  const weight = n + prior.weight
  // Counts that are all 0 with no prior: as if half a count had been seen.
  const mean =
    weight > 0 && sum + prior.weight > 0 ? (sum + prior.weight * prior.mean) / weight : 0.5 / (n + 1)
  // Rows without a single count say nothing of the dispersion.
  const ownWeight = sum > 0 ? n : 0
  const own = sum > 0 ? Math.max(0, (variance - ownMean) / ownMean ** 2) : 0
  const blended = ownWeight + prior.weight
  const dispersion =
    blended > 0 ? (ownWeight * own + prior.weight * prior.dispersion) / blended : prior.dispersion
  return { mean, dispersion: Math.max(LEAST_DISPERSION, dispersion) }
}

/** Whole counts, dense where the curve bends: every span is halved until a line fits it. */
function surpriseCurve(distribution: CountDistribution): Pick<CountTailState, 'counts' | 'surprises'> {
  const counts = [0]
  const surprises = [0]
  const add = (from: number, fromSurprise: number, to: number, toSurprise: number): void => {
    const middle = Math.floor((from + to) / 2)
    if (middle > from) {
      const surprise = countSurprise(middle, distribution)
      const line = fromSurprise + ((toSurprise - fromSurprise) * (middle - from)) / (to - from)
      if (Math.abs(line - surprise) > CURVE_TOLERANCE * Math.max(1, surprise)) {
        add(from, fromSurprise, middle, surprise)
        add(middle, surprise, to, toSurprise)
        return
      }
    }
    counts.push(to)
    surprises.push(toSurprise)
  }
  let from = 0
  let fromSurprise = 0
  for (let to = 1; from < LAST_COUNT; to *= 2) {
    const end = Math.min(to, LAST_COUNT)
    const surprise = countSurprise(end, distribution)
    add(from, fromSurprise, end, surprise)
    from = end
    fromSurprise = surprise
  }
  return { counts, surprises }
}

function restore(state: CountTailState): FittedModel {
  const { names, typical, counts, surprises } = state
  const width = names.length
  const column = requireColumn(names, state.feature)
  const usual = typical[column] ?? 0
  const slopes = counts.map((count, index) => {
    const next = counts[index + 1]
    return next === undefined ? 0 : ((surprises[index + 1] ?? 0) - (surprises[index] ?? 0)) / (next - count)
  })
  // The last line goes on.
  if (slopes.length > 1) slopes[slopes.length - 1] = slopes.at(-2) ?? 0
  const scoreCell = (value: number): number => {
    const count = Math.max(0, readCell(value, usual))
    const after = firstAtLeast(counts, count)
    const index = counts[after] === count ? after : after - 1
    return (surprises[index] ?? 0) + (count - (counts[index] ?? 0)) * (slopes[index] ?? 0)
  }
  return {
    kind: 'count-tail',
    scale: 'surprise',
    names,
    score(rows) {
      requireColumns(names, rows)
      const scores = new Float64Array(rows.rows)
      for (let row = 0; row < rows.rows; row++) {
        scores[row] = scoreCell(rows.values[row * width + column] ?? Number.NaN)
      }
      return scores
    },
    explain(row) {
      const parts = new Float64Array(width)
      parts[column] = scoreCell(row[column] ?? Number.NaN)
      return rankContributions(names, row, typical, parts)
    },
    formula(columns) {
      const count = `greatest(0.,${cellsSql(columns, typical)[column] ?? '0.'})`
      const start = `roundDown(${count},${floatsSql(counts)})`
      const line = (values: readonly number[]): string =>
        `transform(${start},${floatsSql(counts)},${floatsSql(values)},0.)`
      return `${line(surprises)}+(${count}-${start})*${line(slopes)}`
    },
    toJSON: () => state,
  }
}

function loadState(json: unknown): CountTailState {
  const saved = savedModel(json, 'count-tail')
  const head = savedHead(saved)
  const counts = savedNumbers(saved, 'counts')
  return {
    kind: 'count-tail',
    ...head,
    feature: savedChoice(saved, 'feature', head.names),
    mean: savedNumber(saved, 'mean', 0),
    dispersion: savedNumber(saved, 'dispersion', 0),
    counts,
    surprises: savedNumbers(saved, 'surprises', counts.length),
  }
}
