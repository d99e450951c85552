/**
 * How many reference values reach a given height, in a few dozen numbers.
 *
 * @module
 */

/** For x in (`values[i − 1]`, `values[i]`], `reached[i]` values of the reference are ≥ x; beyond the last, none is. */
export interface TailTable {
  /** Ascending, distinct. */
  readonly values: readonly number[]
  readonly reached: readonly number[]
}

/** The highest distinct values are kept as they are; below, every kept value is reached by a fixed factor more. */
const EXACT_VALUES = 16

/**
 * Counts from the top of ascending numbers down to the value that `deepest` of them reach. Exact if that takes at most
 * `limit` (> 16) distinct values; else thinned evenly in log rank, rounding `reached` up, so that a tail never looks
 * rarer than it is.
 */
export function tailTable(sorted: Float64Array, deepest: number, limit: number): TailTable {
  const distinct = countDistinct(sorted, deepest)
  const factor = distinct <= limit ? 1 : (deepest / EXACT_VALUES) ** (1 / (limit - EXACT_VALUES - 2))
  const values: number[] = []
  const reached: number[] = []
  let above = 0
  while (above < sorted.length) {
    const value = sorted[sorted.length - 1 - above] ?? 0
    const count = sorted.length - firstAtLeast(sorted, value)
    const last = count >= deepest || count === sorted.length
    if (last || values.length < EXACT_VALUES || count >= factor * (reached.at(-1) ?? 0)) {
      if (reached.length > 0) reached[reached.length - 1] = above
      values.push(value)
      reached.push(count)
    }
    above = count
    if (last) break
  }
  return { values: values.toReversed(), reached: reached.toReversed() }
}

/** The index of the first of ascending numbers that is ≥ x; their length if none is. */
export function firstAtLeast(sorted: ArrayLike<number>, x: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) < x) low = middle + 1
    else high = middle
  }
  return low
}

function countDistinct(sorted: Float64Array, deepest: number): number {
  let distinct = 0
  for (let index = sorted.length - 1; index >= Math.max(0, sorted.length - deepest); index--) {
    if (sorted[index] !== sorted[index + 1]) distinct++
  }
  return distinct
}

/** With fewer rows than this none is set aside: there would be too little left to judge it by. */
const ENOUGH_TO_SUSPECT = 40

/**
 * How many of the highest of n values may be hostile, given their share: one at least, so that a value is not judged by
 * itself.
 */
export function suspectRows(share: number, n: number): number {
  if (share === 0) return 0
  return n < ENOUGH_TO_SUSPECT ? Math.floor(share * n) : Math.max(1, Math.floor(share * n))
}
