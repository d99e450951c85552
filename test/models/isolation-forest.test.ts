import { array, assert, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isolationForest, isolationForestModel } from '../../src/models/isolation-forest.ts'
import { averagePath, growTree } from '../../src/models/isolation-tree.ts'
import { randomStream } from '../../src/models/random.ts'
import { matrix } from './matrix.ts'

const names = ['a', 'b']
const random = randomStream(3)
const cloud = matrix(
  names,
  Array.from({ length: 1000 }, () => [random() + random() + random(), random() + random() + random()]),
)

describe('an isolation tree', () => {
  // 2·H(n − 1) − 2(n − 1)/n with the harmonic number as ln(n − 1) + γ (Liu et al. 2008, equation 1).
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1.2074],
    [256, 10.2448],
    [4096, 15.79],
  ])('needs as many cuts for %d rows as the paper says', (rows, cuts) => {
    expect(averagePath(rows)).toBeCloseTo(cuts, 3)
  })

  it('sets every row of a few apart, and says how many cuts that took', () => {
    const points = { count: 4, width: 1, values: Float64Array.of(0, 1, 2, 100) }
    const { columns, values } = growTree(points, randomStream(1))
    expect(columns.filter((column) => column === 0)).toHaveLength(columns.length >> 1)
    const leaves = values.filter((_, node) => columns[node] === -1)
    // Two cuts deep at most, and what is still together counts one cut more.
    expect(Math.max(...leaves)).toBeLessThanOrEqual(3)
    expect(Math.min(...leaves)).toBeGreaterThanOrEqual(1)
  })

  it('makes no cut where rows do not differ', () => {
    const points = { count: 3, width: 2, values: Float64Array.of(1, 2, 1, 2, 1, 2) }
    expect(growTree(points, randomStream(1))).toEqual({ columns: [-1], values: [averagePath(3)] })
  })
})

describe('an isolation forest', () => {
  it('scores a half where no row can be set apart from others', () => {
    const rows = matrix(
      names,
      Array.from({ length: 300 }, () => [3, 4]),
    )
    expect(isolationForestModel.fit(isolationForest(), rows, 1).score(rows)[0]).toBeCloseTo(0.5, 12)
  })

  it('scores below a half in the thick of the rows, and well above it far from them', () => {
    const model = isolationForestModel.fit(isolationForest(), cloud, 1)
    const [middle = 1, far = 0] = model.score(
      matrix(names, [
        [1.5, 1.5],
        [50, -50],
      ]),
    )
    expect(middle).toBeLessThan(0.5)
    expect(far).toBeGreaterThan(0.7)
  })

  it('blames the feature without which the row would be ordinary', () => {
    const model = isolationForestModel.fit(isolationForest(), cloud, 1)
    expect(model.explain([1.5, 50])[0]).toMatchObject({ feature: 'b', observed: 50 })
  })

  it('scores between 0 and 1, whatever it reads', () => {
    const model = isolationForestModel.fit(isolationForest({ trees: 20 }), cloud, 1)
    assert(
      property(array(double(), { minLength: 2, maxLength: 2 }), (row) => {
        const [score = -1] = model.score(matrix(names, [row]))
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThan(1)
      }),
      { numRuns: 300, seed: 4 },
    )
  })

  it.each([
    [{ trees: 0 }, 'Unexpected trees: 0, expected a whole number from 1 to 1000'],
    [{ size: 1 }, 'Unexpected size: 1, expected a whole number from 2 to 4096'],
  ])('refuses the settings %j', (settings, message) => {
    expect(() => isolationForestModel.fit(isolationForest(settings), cloud, 1)).toThrow(message)
  })

  it.each([
    [[0, -1], 'no tree'],
    [[-1, -1], 'no tree'],
    [[0, -1, -1, -1], 'no tree'],
    [[2, -1, -1], '2 is no feature'],
    [[], 'no tree'],
  ])('refuses a saved tree of the nodes %j', (columns, message) => {
    const saved: unknown = JSON.parse(
      JSON.stringify(isolationForestModel.fit(isolationForest({ trees: 1 }), cloud, 1).toJSON()),
    )
    if (typeof saved !== 'object' || saved === null) throw new Error('not an object')
    const tree = { columns, values: columns.map(() => 1) }
    expect(() => isolationForestModel.load({ ...saved, trees: [tree] })).toThrow(message)
  })
})
