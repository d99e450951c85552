import { describe, expect, it } from 'vitest'
import { floatSql } from '../../src/models/float-sql.ts'
import { randomStream } from '../../src/models/random.ts'
import { quantile, robustScale, scaleValue } from '../../src/models/scale.ts'

describe('a quantile', () => {
  const sorted = Float64Array.of(1, 2, 4, 7, 11, 100)

  // numpy 2.4.6: np.quantile
  it('is that of NumPy', () => {
    expect(quantile(sorted, 0.25)).toBe(2.5)
    expect(quantile(sorted, 0.99)).toBeCloseTo(95.55, 12)
  })

  it('is an end at 0 and 1, the value itself for one, and 0 for none', () => {
    expect([quantile(sorted, 0), quantile(sorted, 1)]).toEqual([1, 100])
    expect(quantile(Float64Array.of(5), 0.3)).toBe(5)
    expect(quantile(new Float64Array(0), 0.5)).toBe(0)
  })
})

describe('the robust scale', () => {
  // numpy 2.4.6: arcsinh((50 - median) / (IQR / 1.349))
  it('is asinh of the distance from the median in normal deviations', () => {
    expect(scaleValue(50, robustScale(Float64Array.of(1, 2, 4, 7, 11, 100)))).toBeCloseTo(
      2.776976562454841,
      14,
    )
  })

  it('takes the standard deviation where the middle half is one value', () => {
    expect(robustScale(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 8))).toEqual({ center: 0, spread: Math.sqrt(7) })
  })

  it('takes 1 where all values are one, even if their mean is rounded', () => {
    expect(robustScale(new Float64Array(10).fill(0.1))).toEqual({ center: 0.1, spread: 1 })
    expect(robustScale(new Float64Array(0))).toEqual({ center: 0, spread: 1 })
  })
})

describe('a number in SQL', () => {
  it('is always a float, and can be subtracted', () => {
    expect([3, -0, 0.1, -2.5, 1e21, 1e-7].map(floatSql)).toEqual([
      '3.',
      '0.',
      '0.1',
      '(-2.5)',
      '1e+21',
      '1e-7',
    ])
  })
})

describe('a random stream', () => {
  it('is that of its seed and no other', () => {
    const [one, same, other] = [randomStream(1), randomStream(1), randomStream(2)]
    const numbers = Array.from({ length: 5 }, one)
    expect(Array.from({ length: 5 }, same)).toEqual(numbers)
    expect(Array.from({ length: 5 }, other)).not.toEqual(numbers)
  })

  it('is even over [0, 1), in each of neighbouring seeds', () => {
    for (const seed of [0, 1, 2, 3]) {
      const random = randomStream(seed)
      const bins = new Float64Array(10)
      for (let i = 0; i < 100_000; i++) {
        const bin = Math.floor(random() * 10)
        bins[bin] = (bins[bin] ?? Number.NaN) + 1
      }
      const chiSquared = bins.reduce((sum, bin) => sum + (bin - 10_000) ** 2 / 10_000, 0)
      // The 99.9 % quantile of chi-squared with 9 degrees of freedom.
      expect(chiSquared).toBeLessThan(27.88)
    }
  })
})
