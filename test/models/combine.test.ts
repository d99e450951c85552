import { array, assert, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineCauchy, combineEvidence, combineSurprises } from '../../src/models/combine.ts'

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

describe('the half-Cauchy combination', () => {
  const surprises = array(double({ min: 0, max: 400, noNaN: true }), { minLength: 1, maxLength: 6 })

  it('of one is that one, of none no surprise, and of small probabilities that of the Cauchy sum', () => {
    for (const surprise of [0, 0.01, 0.5, 2, 8.9, 9.1, 300, 1e5]) {
      expect(combineEvidence([surprise])).toBeCloseTo(surprise, 9)
    }
    expect(combineEvidence([])).toBe(0)
    expect(combineEvidence([5, 6, 7], [1, 2, 3])).toBeCloseTo(combineSurprises([5, 6, 7], [1, 2, 3]), 4)
  })

  // 2/π · atan(1/T), T = (cot(π/20) + cot(π/4) + 0)/3.
  it('adds the cotangents of half the angle', () => {
    const t = (1 / Math.tan(Math.PI / 20) + 1) / 3
    expect(10 ** -combineEvidence([1, Math.log10(2), 0])).toBeCloseTo((2 / Math.PI) * Math.atan(1 / t), 12)
  })

  it('never falls as one of them grows, and lies between the least and the greatest', () => {
    assert(
      property(surprises, double({ min: 0, max: 20, noNaN: true }), (several, more) => {
        const combined = combineEvidence(several)
        const [first = 0, ...others] = several
        expect(combineEvidence([first + more, ...others])).toBeGreaterThanOrEqual(combined - 1e-9)
        expect(combined).toBeGreaterThanOrEqual(Math.min(...several) - 1e-9)
        expect(combined).toBeLessThanOrEqual(Math.max(...several) + 1e-9)
      }),
      { numRuns: 500, seed: 6 },
    )
  })

  it('does not let what is utterly ordinary take away more than its share', () => {
    // Two of three find nothing at all: the third's probability counts three times, as with one look among three.
    expect(combineEvidence([3, 0, 0])).toBeGreaterThan(3 - Math.log10(3) - 0.01)
    expect(combineSurprises([1, 0, 0])).toBeLessThan(combineEvidence([1, 0, 0]))
  })

  it('refuses weights that are missing or add up to nothing', () => {
    expect(() => combineEvidence([1, 2], [1])).toThrow('Unexpected number of weights: 1 for 2')
    expect(() => combineEvidence([1, 2], [0, 0])).toThrow('they add up to 0')
  })
})
