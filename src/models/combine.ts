/**
 * Several probabilities of one thing, combined without knowing how they hang together.
 *
 * @module
 */

/** Probabilities near 1 weigh −∞ in the Cauchy sum and would veto all others; beyond this they count as this. */
const GREATEST_P = 0.99

/** Beyond this surprise cot(πp) is 1/(πp) to the last bit. */
const SMALL_P_SURPRISE = 9

/**
 * The Cauchy combination of surprises (−log10 p each): p = P(Cauchy > T) with `T = Σ w·tan((½ − p)π)` and weights that are
 * scaled to add up to 1 (equal ones if absent), as −log10 p. Valid under almost any dependence (Liu and Xie 2020). Finite for surprises
 * of any finite size; 0 for none at all.
 *
 * @throws TypeError if there are weights, but not one for each, or if they do not add up to more than 0.
 */
export function combineSurprises(surprises: readonly number[], weights?: readonly number[]): number {
  const { scaled, largest } = cotangentSum(surprises, weights, Math.PI)
  if (surprises.length === 0) return 0
  const logT = scaled > 0 ? Math.log10(scaled) + largest : 0
  if (scaled > 0 && logT > SMALL_P_SURPRISE) return logT + Math.log10(Math.PI)
  const t = scaled * 10 ** largest
  // Both forms are the Cauchy tail; each is accurate on its side of 0.
  const p = t > 0 ? Math.atan(1 / t) / Math.PI : 0.5 - Math.atan(t) / Math.PI
  return Math.max(0, -Math.log10(p))
}

/**
 * As `combineSurprises`, but with the half-Cauchy sum `T = Σ w·cot(pπ/2)` (Liu, Meng and Pillai 2025): no term is below 0, so that none
 * can outvote another by being ordinary. It grows with every surprise, and of one surprise is that surprise; small
 * probabilities combine as in the Cauchy sum.
 *
 * @throws TypeError for the same weights.
 */
export function combineEvidence(surprises: readonly number[], weights?: readonly number[]): number {
  const { scaled, largest } = cotangentSum(surprises, weights, Math.PI / 2)
  if (scaled <= 0) return 0
  const logT = Math.log10(scaled) + largest
  if (logT > SMALL_P_SURPRISE) return logT + Math.log10(Math.PI / 2)
  return Math.max(0, -Math.log10((2 / Math.PI) * Math.atan(10 ** -logT)))
}

/** `Σ w·cot(angle·p)` in units of 10^largest, so that it neither overflows nor loses its small terms. */
function cotangentSum(
  surprises: readonly number[],
  weights: readonly number[] | undefined,
  angle: number,
): { readonly scaled: number; readonly largest: number } {
  if (weights !== undefined && weights.length !== surprises.length) {
    throw new TypeError(`Unexpected number of weights: ${weights.length} for ${surprises.length} surprises`)
  }
  if (surprises.length === 0) return { scaled: 0, largest: 0 }
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? surprises.length
  if (!(total > 0)) throw new TypeError(`Unexpected weights: they add up to ${total}, expected more than 0`)
  const share = (index: number): number => (weights?.[index] ?? 1) / total
  let largest = 0
  surprises.forEach((surprise, index) => {
    if (share(index) > 0) largest = Math.max(largest, surprise)
  })
  let scaled = 0
  surprises.forEach((surprise, index) => {
    if (share(index) > 0) scaled += share(index) * scaledCotangent(surprise, largest, angle)
  })
  return { scaled, largest }
}

/** `combineSurprises` for probabilities above 0. */
export function combineCauchy(ps: readonly number[], weights?: readonly number[]): number {
  const surprises = ps.map((p) => -Math.log10(p))
  return 10 ** -combineSurprises(surprises, weights)
}

/** cot(angle·p) · 10^(−largest) for p = 10^(−surprise). */
function scaledCotangent(surprise: number, largest: number, angle: number): number {
  if (surprise > SMALL_P_SURPRISE) return 10 ** (surprise - largest) / angle
  // Half a turn from 0 the cotangent is finite, and the half-Cauchy sum never gets there.
  const p = Math.min(angle === Math.PI ? GREATEST_P : 1, 10 ** -surprise)
  return 10 ** -largest / Math.tan(angle * p)
}
