import { describe, expect, it } from 'vitest'
import { countTail, fitModel } from '../../src/models/index.ts'
import type { FittedModel } from '../../src/models/model.ts'
import { countSurprise, logGamma } from '../../src/models/negative-binomial.ts'
import { randomStream } from '../../src/models/random.ts'
import { matrix } from './matrix.ts'

describe('the surprise of a count', () => {
  // scipy 1.17.1: -stats.nbinom.logsf(x - 1, 1 / dispersion, r / (r + mean)) / ln 10
  it.each([
    [3, 0.5, 1, 0.07572071393811836],
    [3, 0.5, 10, 1.519517491827545],
    [40, 0.1, 2, 4.002459789472493e-7],
    [40, 0.1, 10, 0.0006863453945580237],
    [40, 0.1, 100, 3.1737922884632432],
    [0.2, 4, 2, 1.3900503019792871],
    [1000, 0.01, 5000, 99.31061375166163],
    [5, 1e-6, 10, 1.4971849202427976],
  ])('with mean %d and dispersion %d is that of SciPy at %d', (mean, dispersion, count, expected) => {
    expect(countSurprise(count, { mean, dispersion }) / expected).toBeCloseTo(1, 8)
  })

  // mpmath 1.4.1 with 60 digits: probability of the count times 2F1(1, x + r; x + 1; q); SciPy gives infinity for some
  it.each([
    [1, 1, 1000, 301.0299956639812],
    [3, 0.5, 100, 20.5720911049159],
    [3, 0.5, 1e4, 2214.885327612185],
    [0.2, 4, 1000, 354.800745557361],
    [40, 0.1, 5000, 463.1027868310935],
    [5, 1e-6, 1000, 1870.5892435806077],
    [0.2, 4, 1e7, 3521830.7990403511],
  ])('with mean %d and dispersion %d is right far out, at %d', (mean, dispersion, count, expected) => {
    expect(countSurprise(count, { mean, dispersion }) / expected).toBeCloseTo(1, 11)
  })

  it('builds on a gamma function that knows its factorials', () => {
    let factorial = 0
    for (let n = 1; n <= 170; n++) {
      expect(logGamma(n)).toBeCloseTo(factorial, 10)
      factorial += Math.log(n)
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13)
  })
})

describe('count-tail', () => {
  it('stays within a thousandth of the exact curve', () => {
    const model = fitModel(countTail({ feature: 'failures' }), matrix(['failures'], poisson(2, 500, 1)), 0)
    const distribution = fitted(model)
    for (const count of [1, 2, 3, 7, 20, 55, 200, 1234, 50_000, 1e6, 1e7]) {
      const exact = countSurprise(count, distribution)
      const off = Math.abs(scoreOf(model, count) - exact)
      expect(off).toBeLessThan(2e-3 * Math.max(1, exact))
    }
  })

  it('keeps its curve small whatever the distribution', () => {
    for (const mean of [0.01, 1, 100, 1e5]) {
      for (const dispersion of [0, 0.1, 1, 30]) {
        const spec = countTail({ feature: 'n', prior: { mean, dispersion, weight: 1 } })
        const model = fitModel(spec, matrix(['n'], []), 0)
        expect(model.formula(['n']).length).toBeLessThan(20_000)
      }
    }
  })

  it('learns mean and dispersion of clean counts', () => {
    const { mean, dispersion } = fitted(
      fitModel(countTail({ feature: 'failures' }), matrix(['failures'], poisson(4, 5000, 2)), 0),
    )
    expect(mean).toBeCloseTo(4, 0)
    expect(dispersion).toBeLessThan(0.03)
  })

  it('learns mean and dispersion of counts that differ much from row to row', () => {
    const random = randomStream(8)
    // Poisson counts with exponentially distributed means: geometric, with dispersion 1.
    const rows = Array.from({ length: 5000 }, () => [Math.floor(Math.log(1 - random()) / Math.log(5 / 6))])
    const { mean, dispersion } = fitted(fitModel(countTail({ feature: 'n' }), matrix(['n'], rows), 0))
    expect(mean).toBeGreaterThan(4.7)
    expect(mean).toBeLessThan(5.2)
    expect(dispersion).toBeGreaterThan(0.85)
    expect(dispersion).toBeLessThan(1.1)
  })

  it.each([0.1, 0.3, 0.49])('is not fooled by a share of %d hostile rows', (share) => {
    const clean = poisson(2, 1000, 3)
    const attacked = clean.map((row, index) => (index < share * 1000 ? [60 + (index % 50)] : row))
    const model = fitModel(countTail({ feature: 'failures' }), matrix(['failures'], attacked), 0)
    expect(fitted(model).mean).toBeLessThan(2.5)
    expect(scoreOf(model, 60)).toBeGreaterThan(10)
    expect(scoreOf(model, 5)).toBeLessThan(2)
  })

  it('knows its prior before it has seen anything', () => {
    const model = fitModel(countTail({ feature: 'failures' }), matrix(['failures'], []), 0)
    // Mean and dispersion 1 are the geometric distribution with P(X ≥ x) = 2^−x.
    expect(scoreOf(model, 10)).toBeCloseTo(10 * Math.log10(2), 2)
  })

  it('counts 0 as no surprise, and more as more', () => {
    const model = fitModel(countTail({ feature: 'failures' }), matrix(['failures'], poisson(2, 500, 1)), 0)
    expect(scoreOf(model, 0)).toBe(0)
    const scores = [0, 0.5, 1, 2, 5, 10, 1e3, 1e7, 2e7, 1e12].map((count) => scoreOf(model, count))
    expect(scores).toEqual([...new Set(scores)].toSorted((one, other) => one - other))
  })

  it('refuses an unknown feature and a prior without a mean', () => {
    const rows = matrix(['failures'], [[1]])
    expect(() => fitModel(countTail({ feature: 'x' }), rows, 0)).toThrow('Unknown feature: x')
    expect(() => fitModel(countTail({ feature: 'failures', prior: { mean: 0 } }), rows, 0)).toThrow('prior')
  })
})

function scoreOf(model: FittedModel, count: number): number {
  return model.score(matrix(model.names, [[count]]))[0] ?? Number.NaN
}

function fitted(model: FittedModel): { mean: number; dispersion: number } {
  const { mean, dispersion } = JSON.parse(JSON.stringify(model.toJSON()))
  return { mean, dispersion }
}

function poisson(mean: number, rows: number, seed: number): number[][] {
  const random = randomStream(seed)
  return Array.from({ length: rows }, () => {
    let count = 0
    for (let product = random(); product > Math.exp(-mean); product *= random()) count++
    return [count]
  })
}
