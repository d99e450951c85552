/**
 * The upper tail of the negative-binomial distribution, as far out as anybody counts.
 *
 * @module
 */

/** A distribution of counts with variance `mean + dispersion · mean²`; both above 0. */
export interface CountDistribution {
  readonly mean: number
  readonly dispersion: number
}

/** Iterations of the continued fraction; it takes about √max(a, b). */
const MOST_ITERATIONS = 100_000
const PRECISION = 1e-15
const TINY = 1e-300

/**
 * −log10 P(X ≥ count) for a whole number `count`; finite up to 1e15. P is the regularised incomplete beta function
 * I_q(count, r) with r = 1/dispersion and q = mean/(mean + r) (DLMF 8.17), computed in logarithms.
 */
export function countSurprise(count: number, { mean, dispersion }: CountDistribution): number {
  if (count <= 0) return 0
  const r = 1 / dispersion
  const spread = mean * dispersion
  // ln q and ln(1 − q) without cancellation, for any q.
  const logQ = -Math.log1p(1 / spread)
  const logRest = -Math.log1p(spread)
  const log =
    Math.exp(logQ) < (count + 1) / (count + r + 2)
      ? logBetaFraction(count, r, logQ, logRest)
      : logComplement(logBetaFraction(r, count, logRest, logQ))
  return Math.max(0, -log / Math.LN10)
}

/** ln Γ(x) for x > 0: Stirling's series, after the recurrence has moved x above 10. */
export function logGamma(x: number): number {
  let product = 1
  let z = x
  for (; z < 10; z++) product *= z
  const inverse = 1 / (z * z)
  const series =
    (1 / 12 -
      inverse *
        (1 / 360 -
          inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360360)))))) /
    z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}

/** ln I_x(a, b) from ln x and ln(1 − x), by the continued fraction DLMF 8.17.22 in Lentz's form. */
function logBetaFraction(a: number, b: number, logX: number, logRest: number): number {
  const x = Math.exp(logX)
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * logX + b * logRest - Math.log(a)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= MOST_ITERATIONS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < PRECISION) break
  }
  return front + Math.log(fraction)
}

/** ln(1 − e^log). */
function logComplement(log: number): number {
  return Math.log1p(-Math.min(Math.exp(log), 1 - Number.EPSILON))
}

/** Lentz's method divides by these. */
function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}
