/**
 * Quantiles, and a scale on which heavy-tailed counts and bytes can be compared.
 *
 * @module
 */
import { floatSql } from './float-sql.ts'

/** `u = asinh((x − center) / spread)`. */
export interface RobustScale {
  readonly center: number
  readonly spread: number
}

/** Spreads below this are rounding noise, or would overflow a division. */
const SMALLEST_SPREAD = 1e-150

/** IQR of a normal distribution in standard deviations. */
const NORMAL_IQR = 1.349

/** The quantile `q` in [0, 1] of ascending numbers, interpolated linearly (Hyndman and Fan's type 7); 0 if there are none. */
export function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return 0
  const position = q * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? 0
  const high = sorted[below + 1] ?? low
  return low + (position - below) * (high - low)
}

/** IQR/1.349 of ascending numbers: their standard deviation if they are normal, untouched by a quarter of outliers. */
export function robustSpread(sorted: Float64Array): number {
  return (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / NORMAL_IQR
}

/** Median and IQR/1.349 of ascending numbers; the standard deviation where the IQR is 0, and 1 where that is 0 too. */
export function robustScale(sorted: Float64Array): RobustScale {
  const spread = robustSpread(sorted)
  const center = quantile(sorted, 0.5)
  if (spread >= SMALLEST_SPREAD) return { center, spread }
  const deviation = standardDeviation(sorted)
  return { center, spread: deviation >= SMALLEST_SPREAD ? deviation : 1 }
}

/** One value on its scale. */
export function scaleValue(value: number, scale: RobustScale): number {
  return Math.asinh((value - scale.center) / scale.spread)
}

/** `scaleValue` as a ClickHouse expression; `value` is an expression of type Float64. */
export function scaleSql(value: string, scale: RobustScale): string {
  return `asinh((${value}-${floatSql(scale.center)})/${floatSql(scale.spread)})`
}

function standardDeviation(values: Float64Array): number {
  let mean = 0
  for (const value of values) mean += value / values.length
  let variance = 0
  for (const value of values) variance += (value - mean) ** 2 / values.length
  // A mean of equal numbers may be off by rounding; that is not spread.
  return values[0] === values[values.length - 1] ? 0 : Math.sqrt(variance)
}
