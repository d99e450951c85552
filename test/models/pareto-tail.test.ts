import { describe, expect, it } from 'vitest'
import { fitParetoTail, paretoSurprise } from '../../src/models/pareto-tail.ts'
import { randomStream } from '../../src/models/random.ts'

const any: readonly [number, number] = [-1, 5]

describe('the generalised Pareto tail', () => {
  // scipy 1.17.1: -stats.genpareto.logsf(y, shape, scale=scale) / ln 10
  it.each([
    [0.2, 1.5, 3, 0.7306401783911901],
    [0, 2, 50, 10.857362047581296],
    [0.5, 1, 1e6, 11.397941745848227],
    [0.1, 0.7, 1e-3, 0.0006203763768898541],
  ])('with shape %d and scale %d has the surprise of SciPy at %d', (shape, scale, y, expected) => {
    expect(paretoSurprise(y, { shape, scale }) / expected).toBeCloseTo(1, 12)
  })

  describe('fitted to 200 quantiles of the tail with shape 0.25 and scale 2', () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => {
      return (2 / 0.25) * ((1 - (i + 0.5) / 200) ** -0.25 - 1)
    })

    // scipy 1.17.1: minimize(-genpareto.logpdf(x, c, scale=s).sum(), method='Nelder-Mead', xatol=1e-10)
    it('is the likeliest one', () => {
      const tail = fitParetoTail({ values, censored: 0, limit: 0 }, any)
      expect(tail?.shape).toBeCloseTo(0.24142386, 5)
      expect(tail?.scale).toBeCloseTo(2.01281764, 5)
    })

    // The same with logsf(8) for each of the 13 values above 8
    it('is the likeliest one that knows of the largest no more than that they are large', () => {
      const observed = values.filter((value) => value < 8)
      const tail = fitParetoTail({ values: observed, censored: 13, limit: 8 }, any)
      expect(observed).toHaveLength(187)
      expect(tail?.shape).toBeCloseTo(0.26159769, 5)
      expect(tail?.scale).toBeCloseTo(1.98721342, 5)
    })

    // The same with the shape held at 0.1
    it('has the likeliest scale where its shape is bounded', () => {
      const tail = fitParetoTail({ values, censored: 0, limit: 0 }, [0, 0.1])
      expect(tail).toMatchObject({ shape: 0.1, scale: expect.closeTo(2.30341626, 5) })
    })
  })

  it.each([
    [-0.3, 1],
    [0, 3],
    [0.2, 0.5],
    [0.4, 100],
    [1, 1e-6],
  ])('recovers shape %d and scale %d from 20,000 draws, and from 99 % of them', (shape, scale) => {
    const random = randomStream(17)
    const draws = Float64Array.from({ length: 20_000 }, () => {
      const rest = 1 - random()
      return shape === 0 ? -scale * Math.log(rest) : (scale / shape) * (rest ** -shape - 1)
    }).toSorted()
    const limit = draws[19_799] ?? 0
    for (const tail of [
      fitParetoTail({ values: draws, censored: 0, limit: 0 }, any),
      fitParetoTail({ values: draws.subarray(0, 19_800), censored: 200, limit }, any),
    ]) {
      expect(tail?.shape).toBeGreaterThan(shape - 0.04)
      expect(tail?.shape).toBeLessThan(shape + 0.04)
      expect((tail?.scale ?? 0) / scale).toBeCloseTo(1, 1)
    }
  })

  it('is none where nothing exceeds', () => {
    expect(fitParetoTail({ values: new Float64Array(0), censored: 0, limit: 0 }, any)).toBeUndefined()
    expect(fitParetoTail({ values: new Float64Array(9), censored: 0, limit: 0 }, any)).toBeUndefined()
  })
})
