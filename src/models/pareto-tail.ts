/**
 * The generalised Pareto distribution of what exceeds a high threshold.
 *
 * @module
 */

/** P(Y > y) = (1 + shape · y / scale)^(−1/shape), or e^(−y/scale) where the shape is 0. */
export interface ParetoTail {
  readonly shape: number
  readonly scale: number
}

/** Excesses over a threshold; of `censored` more it is only known that they are at least `limit`. */
export interface Excesses {
  readonly values: Float64Array
  readonly censored: number
  readonly limit: number
}

const GRID_STEPS = 60
const GOLDEN_STEPS = 60
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2
const LARGEST_SHAPE = 5

/**
 * The likeliest tail with a shape in `shapes`. Grimshaw's trick (1993) carries over to censored excesses: for a given
 * θ = shape/scale the likeliest shape is the sum of ln(1 + θy) over all excesses, the censored ones at their limit,
 * divided by the number of those observed; what is left is a search over θ alone. Nothing if no excess is above 0.
 */
export function fitParetoTail(excesses: Excesses, shapes: readonly [number, number]): ParetoTail | undefined {
  const { values, censored, limit } = excesses
  let largest = censored > 0 ? limit : 0
  let sum = censored * limit
  for (const value of values) {
    largest = Math.max(largest, value)
    sum += value
  }
  if (values.length === 0 || !(sum > 0)) return undefined
  const mean = sum / values.length
  const logSum = (theta: number): number => {
    let total = 0
    for (const value of values) total += Math.log1p(theta * value)
    return total
  }
  const totalLog = (theta: number): number => logSum(theta) + censored * Math.log1p(theta * limit)
  const likelihood = (theta: number): number => {
    if (theta === 0) return -values.length * (Math.log(mean) + 1)
    const shape = totalLog(theta) / values.length
    return -values.length * Math.log(shape / theta) - logSum(theta) - values.length
  }
  const theta = searchTheta(likelihood, largest, mean)
  const shape = theta === 0 ? 0 : totalLog(theta) / values.length
  if (shape > shapes[0] && shape < shapes[1]) return { shape, scale: theta === 0 ? mean : shape / theta }
  const nearest = Math.max(shapes[0], Math.min(shapes[1], shape))
  return { shape: nearest, scale: likeliestScale(excesses, nearest, mean) }
}

/** −log10 P(Y > y). */
export function paretoSurprise(y: number, { shape, scale }: ParetoTail): number {
  if (y <= 0) return 0
  return (shape === 0 ? y / scale : Math.log1p((shape * y) / scale) / shape) / Math.LN10
}

/** The θ of greatest likelihood between that of a finite end just above the largest excess, and a very heavy tail. */
function searchTheta(likelihood: (theta: number) => number, largest: number, mean: number): number {
  // Negative θ from −1/largest (excluded: the likelihood has no bound there) to 0, then positive in equal ratios.
  const grid: number[] = []
  for (let step = 1; step < GRID_STEPS; step++)
    grid.push((-0.98 * (GRID_STEPS - step)) / GRID_STEPS / largest)
  grid.push(0)
  for (let step = 0; step <= GRID_STEPS; step++) {
    grid.push((1e-3 * (LARGEST_SHAPE * 1e5) ** (step / GRID_STEPS)) / mean)
  }
  let best = 0
  const heights = grid.map(likelihood)
  heights.forEach((height, index) => {
    if (height > (heights[best] ?? -Infinity)) best = index
  })
  return goldenSection(likelihood, grid[best - 1] ?? grid[0] ?? 0, grid[best + 1] ?? grid[best] ?? 0)
}

function goldenSection(height: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < GOLDEN_STEPS; step++) {
    const width = GOLDEN_RATIO * (high - low)
    if (height(high - width) >= height(low + width)) high = low + width
    else low = high - width
  }
  return (low + high) / 2
}

/** For a given shape the likelihood has one maximum in the scale: where the sum below is the number of observed excesses. */
function likeliestScale({ values, censored, limit }: Excesses, shape: number, mean: number): number {
  if (shape === 0) return mean
  let low = mean * 1e-9
  let high = mean * 1e3
  for (let step = 0; step < 100; step++) {
    const middle = Math.sqrt(low * high)
    let total = (censored * limit) / (middle + shape * limit)
    for (const value of values) total += ((1 + shape) * value) / (middle + shape * value)
    if (total > values.length) low = middle
    else high = middle
  }
  return Math.sqrt(low * high)
}
