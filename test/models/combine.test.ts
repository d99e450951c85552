import { array, assert, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineCauchy, combineSurprises } from '../../src/models/combine.ts'

describe('the Cauchy combination', () => {
  // scipy 1.17.1: stats.cauchy.sf((w * stats.cauchy.isf(p)).sum()) with w / w.sum()
  it.each([
    { ps: [0.01, 0.2, 0.5], weights: undefined, expected: 0.028687703876188988 },
    { ps: [1e-10, 0.3], weights: undefined, expected: 1.9999999995435003e-10 },
    { ps: [1e-4, 1e-3, 0.9, 0.7], weights: [1, 2, 3, 4], expected: 0.0008359887046284833 },
    { ps: [0.8, 0.6, 0.95], weights: undefined, expected: 0.8859963378968851 },
  ])('of $ps is that of SciPy', ({ ps, weights, expected }) => {
    expect(combineCauchy(ps, weights) / expected).toBeCloseTo(1, 9)
  })

  it('holds for probabilities down to 1e-300 and far below', () => {
    expect(combineCauchy([1e-300, 0.5]) / 2e-300).toBeCloseTo(1, 9)
    expect(combineSurprises([1e6, 1e6, 0.3])).toBeCloseTo(1e6 - Math.log10(1.5), 6)
  })

  it('of one is that one, and of none is no surprise', () => {
    for (const surprise of [0.5, 2, 8.9, 9.1, 15, 300, 1e5]) {
      expect(combineSurprises([surprise])).toBeCloseTo(surprise, 9)
    }
    expect(combineSurprises([])).toBe(0)
  })

  it('does not let what is quite ordinary veto what is rare', () => {
    expect(combineSurprises([6, 0])).toBeGreaterThan(5.6)
  })

  it('is finite, never below 0, and never falls as one surprise grows', () => {
    const surprises = array(double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 6 })
    assert(
      property(surprises, double({ min: 0, max: 50, noNaN: true }), (all, more) => {
        const combined = combineSurprises(all)
        const [first = 0, ...rest] = all
        const greater = combineSurprises([first + more, ...rest])
        return Number.isFinite(combined) && combined >= 0 && greater >= combined - 1e-9 * (1 + combined)
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it('refuses weights that do not fit', () => {
    expect(() => combineSurprises([1, 2], [1])).toThrow('Unexpected number of weights: 1 for 2 surprises')
    expect(() => combineSurprises([1], [0])).toThrow('they add up to 0')
  })
})
