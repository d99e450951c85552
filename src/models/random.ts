/**
 * Repeatable randomness.
 *
 * @module
 */

/**
 * A stream of numbers in [0, 1) that depends on nothing but `seed` (any number; its lower 32 bits count).
 * The generator is mulberry32 by Tommy Ettinger: 32 bits of state, period 2³², fit for sampling, not for secrets.
 */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
