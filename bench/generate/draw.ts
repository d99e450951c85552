/**
 * Draws from the distributions that traffic is made of.
 *
 * @module
 */

/** Numbers in [0, 1). */
export type Random = () => number

/** A whole number from 0 to `count − 1`. */
export const below = (random: Random, count: number): number => Math.floor(random() * count)

export const pick = <T>(random: Random, values: readonly [T, ...T[]]): T =>
  values[below(random, values.length)] ?? values[0]

/** A rank from 0 to `count − 1`; rank k comes with a probability of about 1/(k + 1) (Zipf, exponent 1). */
export const zipf = (random: Random, count: number): number =>
  Math.min(count - 1, Math.floor(Math.exp(random() * Math.log(count + 1))) - 1)

export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random())

/** `spread` is the standard deviation of the logarithm (Box–Muller). */
export const logNormal = (random: Random, median: number, spread: number): number =>
  median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))

/** At least 1; `mean` on average. */
export const geometric = (random: Random, mean: number): number =>
  1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / mean))

/** Numbers that look unrelated but always are the same for the same `value` (a 32-bit finaliser). */
export const scramble = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
