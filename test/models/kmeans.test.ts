import { describe, expect, it } from 'vitest'
import { fitModel, kmeans } from '../../src/models/index.ts'
import { cluster } from '../../src/models/lloyd.ts'
import { randomStream } from '../../src/models/random.ts'
import { matrix } from './matrix.ts'

// Three lattices: invented, fixed, and apart enough to have one best clustering.
const lattices = Array.from({ length: 60 }, (_, i) => [
  (i % 3) * 10 + ((i * 7) % 11) * 0.3,
  (i % 3 === 1 ? 8 : 0) + ((i * 5) % 13) * 0.25,
])

describe('K-means', () => {
  // scikit-learn 1.9.1: KMeans(k, n_init=50, tol=0).fit(X).inertia_, and its labels counted
  it.each([
    { k: 2, inertia: 1697.639875, sizes: [40, 20] },
    { k: 3, inertia: 107.17387499999998, sizes: [20, 20, 20] },
    { k: 4, inertia: 90.17587499999999, sizes: [20, 20, 12, 8] },
  ])('finds the inertia and sizes of scikit-learn for k = $k', ({ k, inertia, sizes }) => {
    const points = { count: 60, width: 2, values: Float64Array.from(lattices.flat()) }
    const found = cluster(points, k, 200, 1)
    expect(found.inertia).toBeCloseTo(inertia, 9)
    expect([...found.sizes].toSorted((one, other) => other - one)).toEqual(sizes)
  })

  it('finds the centroids of scikit-learn, and scores the distance to the nearest', () => {
    const model = fitModel(kmeans({ clusters: 3, scale: 'raw' }), matrix(['a', 'b'], lattices), 1)
    const centroids = [
      [1.605, 1.5],
      [11.395, 9.45],
      [21.515, 1.5625],
    ]
    for (const score of model.score(matrix(['a', 'b'], centroids))) expect(score).toBeCloseTo(0, 12)
    expect(model.score(matrix(['a', 'b'], [[4.605, 5.5]]))[0]).toBeCloseTo(5, 12)
  })

  it('explains with squared differences', () => {
    const model = fitModel(kmeans({ clusters: 3, scale: 'raw' }), matrix(['a', 'b'], lattices), 1)
    expect(model.explain([4.605, 5.5])).toMatchObject([
      { feature: 'b', observed: 5.5, share: expect.closeTo(16 / 25, 12) },
      { feature: 'a', observed: 4.605, share: expect.closeTo(9 / 25, 12) },
    ])
  })

  it.each([2, 3, 5, 8])('chooses %i clusters where there are that many', (kinds) => {
    const random = randomStream(kinds)
    const rows = Array.from({ length: 400 }, (_, i) => {
      const angle = (2 * Math.PI * (i % kinds)) / kinds
      return [100 * Math.cos(angle) + 6 * random(), 100 * Math.sin(angle) + 6 * random()]
    })
    const model = fitModel(kmeans({ scale: 'raw' }), matrix(['x', 'y'], rows), 1)
    expect(model.toJSON()).toMatchObject({ clusters: { length: kinds } })
  })

  it('makes no more clusters than there are distinct rows', () => {
    const rows = Array.from({ length: 30 }, (_, i) => [i % 3, 1])
    const model = fitModel(kmeans({ clusters: 8 }), matrix(['a', 'b'], rows), 1)
    expect(model.toJSON()).toMatchObject({ clusters: [{ size: 10 }, { size: 10 }, { size: 10 }] })
    for (const score of model.score(matrix(['a', 'b'], rows))) expect(score).toBeCloseTo(0, 12)
  })

  it('reduces more rows than it searches without losing the clusters', () => {
    const random = randomStream(4)
    const rows = Array.from({ length: 50_000 }, (_, i) => [(i % 4) * 50 + random(), random()])
    const model = fitModel(kmeans({ clusters: 4, scale: 'raw' }), matrix(['a', 'b'], rows), 1)
    expect(model.toJSON()).toMatchObject({ clusters: Array.from({ length: 4 }, () => ({ size: 12_500 })) })
  })

  it('refuses a number of clusters that is none', () => {
    for (const clusters of [0, 2.5, Number.NaN]) {
      expect(() => fitModel(kmeans({ clusters }), matrix(['a'], [[1]]), 1)).toThrow('Unexpected clusters')
    }
  })
})
