import { describe, expect, it } from 'vitest'
import { fitModel, novelty } from '../../src/models/index.ts'
import { matrix } from './matrix.ts'

const names = ['seen', 'events', 'targets', 'peers']
const spec = novelty({ seen: 'seen', events: 'events', targets: 'targets', peers: 'peers' })
const model = fitModel(spec, matrix(names, [[5, 100, 4, 0.3]]), 0)

describe('novelty', () => {
  it('lets an administrator, who is always on new machines, pay few bits for one more', () => {
    expect(bits([0, 2000, 1900, 0.1])).toBeLessThan(5)
  })

  it('lets a clerk with three targets pay more than ten bits for a fourth', () => {
    expect(bits([0, 2000, 3, 0.1])).toBeGreaterThan(10)
  })

  it('lets nobody pay for what they always do', () => {
    expect(bits([1990, 2000, 3, 0.1])).toBeLessThan(0.02)
  })

  it('makes what nobody else does a greater surprise than what all do', () => {
    expect(bits([0, 2000, 3, 1e-4])).toBeCloseTo(bits([0, 2000, 3, 0.1]) + Math.log2(1000), 9)
  })

  it('follows the formula', () => {
    const p = (7 - 0.6) / (100 + 1) + ((1 + 0.6 * 4) / (100 + 1)) * 0.3
    expect(model.score(matrix(names, [[7, 100, 4, 0.3]]))[0]).toBeCloseTo(-Math.log10(p), 14)
  })

  it('gives probabilities that add up to 1 over all targets', () => {
    // Ten targets, seen 6, 3, 1 and seven times 0, equally likely among the others.
    const seen = [6, 3, 1, 0, 0, 0, 0, 0, 0, 0]
    const scores = model.score(
      matrix(
        names,
        seen.map((count) => [count, 10, 3, 0.1]),
      ),
    )
    expect(scores.reduce((sum, score) => sum + 10 ** -score, 0)).toBeCloseTo(1, 12)
  })

  it('names what was never seen as the reason', () => {
    expect(model.explain([0, 100, 4, 0.3])[0]).toMatchObject({
      feature: 'seen',
      observed: 0,
      typical: 5,
      share: 1,
    })
  })

  it('refuses a discount of 1 and unknown features', () => {
    const rows = matrix(names, [])
    expect(() => fitModel({ ...spec, discount: 1 }, rows, 0)).toThrow('Unexpected discount 1')
    expect(() => fitModel({ ...spec, seen: 'x' }, rows, 0)).toThrow('Unknown feature: x')
  })
})

function bits(row: readonly number[]): number {
  return (model.score(matrix(names, [row]))[0] ?? Number.NaN) * Math.log2(10)
}
