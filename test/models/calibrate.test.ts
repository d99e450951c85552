import { array, assert, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitCalibration, surprise } from '../../src/models/calibrate.ts'
import type { Calibration } from '../../src/models/calibrate.ts'
import { randomStream } from '../../src/models/random.ts'

type Draw = (random: () => number) => number

const normal: Draw = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
const distributions: readonly { name: string; draw: Draw }[] = [
  { name: 'normal', draw: normal },
  { name: 'exponential', draw: (random) => -Math.log(1 - random()) },
  { name: 'lognormal', draw: (random) => Math.exp(normal(random)) },
  { name: 'Pareto (shape 1/3)', draw: (random) => (1 - random()) ** (-1 / 3) },
  { name: 'nine tenths zeros', draw: (random) => (random() < 0.9 ? 0 : -Math.log(1 - random())) },
]

describe('calibrated surprise', () => {
  it.each(distributions)('holds what it promises on held-out scores: $name', ({ draw }) => {
    let [hundredth, thousandth, count] = [0, 0, 0]
    for (let seed = 1; seed <= 10; seed++) {
      const random = randomStream(seed)
      const calibration = fitCalibration(sample(10_000, random, draw))
      for (const score of sample(20_000, random, draw)) {
        const s = surprise(calibration, score)
        if (s >= 2) hundredth++
        if (s >= 3) thousandth++
        count++
      }
    }
    expect(hundredth / count).toBeGreaterThan(0.005)
    expect(hundredth / count).toBeLessThan(0.015)
    expect(thousandth / count).toBeGreaterThan(0.0002)
    expect(thousandth / count).toBeLessThan(0.002)
  })

  it('is conformal inside the data', () => {
    const calibration = fitCalibration(Float64Array.from({ length: 99 }, (_, i) => i + 1))
    for (const score of [1, 17, 17.5, 50, 80]) {
      const reached = 99 - Math.ceil(score) + 1
      expect(surprise(calibration, score)).toBeCloseTo(-Math.log10((1 + reached) / 100), 12)
    }
    expect(surprise(calibration, 0)).toBe(0)
  })

  it('never falls, and does not jump where the tail begins', () => {
    const calibration = fitCalibration(sample(5000, randomStream(3), normal))
    const from = calibration.tail?.from ?? Number.NaN
    expect(surprise(calibration, from + 1e-9)).toBeCloseTo(surprise(calibration, from), 6)
    const steps = Array.from({ length: 2000 }, (_, i) => surprise(calibration, -4 + i * 0.01))
    expect(steps).toEqual(steps.toSorted((one, other) => one - other))
  })

  it('does not let a campaign among its scores make itself look ordinary', () => {
    const random = randomStream(5)
    const clean = sample(10_000, random, normal)
    const attacked = Float64Array.from([...clean.subarray(90), ...sample(90, random, () => 30 + random())])
    expect(surprise(fitCalibration(attacked), 30)).toBeGreaterThan(4)
    // Taken at their word, ninety such scores in ten thousand are nothing rare.
    expect(surprise(fitCalibration(attacked, { hostile: 0 }), 30)).toBeLessThan(2.1)
    // Nor does it hide others: ninety more scores above 2 make 2 a little less rare.
    const [before, after] = [surprise(fitCalibration(clean), 2), surprise(fitCalibration(attacked), 2)]
    expect(after).toBeGreaterThan(before - 0.2)
  })

  it('promises no more than few scores can show', () => {
    const few = fitCalibration(Float64Array.of(3, 1, 2))
    expect(few.tail).toBeNull()
    expect(surprise(few, 1e9)).toBeCloseTo(Math.log10(4), 12)
    expect(surprise(fitCalibration(new Float64Array(0)), 5)).toBe(0)
    expect(surprise(fitCalibration(new Float64Array(500).fill(2)), 9)).toBeCloseTo(Math.log10(501), 12)
  })

  it('is finite, never below 0 and ascending for any scores', () => {
    const scores = array(double(), { maxLength: 200 })
    assert(
      property(scores, double(), double(), (all, one, other) => {
        const calibration: Calibration = JSON.parse(JSON.stringify(fitCalibration(Float64Array.from(all))))
        const [low, high] = one <= other ? [one, other] : [other, one]
        const [atLow, atHigh] = [surprise(calibration, low), surprise(calibration, high)]
        const sound = [atLow, atHigh].every((value) => Number.isFinite(value) && value >= 0)
        return sound && (Number.isNaN(low) || Number.isNaN(high) || atLow <= atHigh + 1e-12)
      }),
      { numRuns: 1000, seed: 1 },
    )
  })

  it('stays small and honest for a million scores', () => {
    const scores = sample(1_000_000, randomStream(9), (random) => -Math.log(1 - random()))
    const calibration = fitCalibration(scores)
    expect(calibration.scores.length).toBeLessThanOrEqual(256)
    for (const score of [0.5, 1, 2, 4, 6, 8, 10]) {
      expect(surprise(calibration, score)).toBeCloseTo(score / Math.LN10, 0)
    }
  })
})

function sample(count: number, random: () => number, draw: Draw): Float64Array {
  return Float64Array.from({ length: count }, () => draw(random))
}
