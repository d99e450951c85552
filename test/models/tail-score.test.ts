import { describe, expect, it } from 'vitest'
import { fitModel, tailScore } from '../../src/models/index.ts'
import { randomStream } from '../../src/models/random.ts'
import { matrix } from './matrix.ts'

const names = ['a', 'b', 'c']
const reference = matrix(
  names,
  Array.from({ length: 200 }, (_, index) => {
    const i = index + 1
    return [(i * 37) % 101, (i * i) % 17, Math.floor(1000 / i)]
  }),
)

describe('TailScore', () => {
  // The formula written directly in numpy 2.4.6, without a table: p-values by counting, np.quantile(v, .99).
  it.each([
    { row: [50, 8, 8], sums: [0, 0, 0] },
    { row: [99, 16, 300], sums: [1.4022613824546803, 2.711891549880579, 3.3931327872561665] },
    { row: [150, 3, 5000], sums: [3.7204499891318377, 6.5706166253043925, 6.5706166253043925] },
    { row: [1, 1, 1], sums: [0, 0, 0] },
  ])('is that of a direct computation for $row', ({ row, sums }) => {
    sums.forEach((sum, index) => {
      const model = fitModel(tailScore({ top: index + 1 }), reference, 0)
      // Feature a has 101 distinct values, of which the table keeps those of the upper half: all.
      expect(model.score(matrix(names, [row]))[0]).toBeCloseTo(sum, 12)
    })
  })

  it('keeps at most 64 values of a feature, and is off by no more than a sixth of a decade, downwards', () => {
    const random = randomStream(1)
    const values = Float64Array.from({ length: 100_000 }, () => -Math.log(1 - random()))
    const model = fitModel(tailScore({ top: 1 }), { names: ['a'], rows: 100_000, values }, 0)
    const kept = JSON.stringify(model.toJSON())
      .match(/"values":\[([^\]]*)\]/)?.[1]
      ?.split(',')
    expect(kept?.length).toBeGreaterThan(50)
    expect(kept?.length).toBeLessThanOrEqual(64)
    const rows = Array.from({ length: 200 }, (_, index) => 0.7 + index * 0.05)
    const highest = Math.max(...values)
    const atMedian = 50_001 / 100_001
    model.score({ names: ['a'], rows: 200, values: Float64Array.from(rows) }).forEach((score, index) => {
      const x = rows[index] ?? 0
      if (x > highest) return
      const exact = Math.log10((atMedian * 100_001) / (1 + values.filter((value) => value >= x).length))
      expect(score).toBeLessThanOrEqual(exact + 1e-9)
      expect(score).toBeGreaterThan(exact - 1 / 6)
    })
  })

  it('adds nothing for a constant feature until it is exceeded', () => {
    const model = fitModel(
      tailScore(),
      matrix(
        ['a'],
        Array.from({ length: 99 }, () => [5]),
      ),
      0,
    )
    const scores = model.score(matrix(['a'], [[5], [-5], [Number.NaN], [10]]))
    // Nothing was ever above 5: log10(100), and (10 − 5)/max(|5|, 1) beyond the largest.
    expect([...scores]).toEqual([0, 0, 0, expect.closeTo(2 + Math.log10(2), 12)])
  })

  it('finds low values strange only where it is told to', () => {
    const rows = matrix(
      ['a', 'b'],
      Array.from({ length: 99 }, (_, i) => [100 + i, 100 + i]),
    )
    const model = fitModel(tailScore({ both: ['b'] }), rows, 0)
    const [low, none] = [model.explain([0, 0]), model.explain([149, 149])]
    expect(low[0]).toMatchObject({ feature: 'b', share: 1, typical: 149 })
    expect(none[0]).toMatchObject({ share: 0 })
  })

  it('names only the features that made the score', () => {
    const rows = Array.from({ length: 99 }, (_, i) => [i, i, i])
    const model = fitModel(tailScore({ top: 2 }), matrix(names, rows), 0)
    expect(model.explain([90, 200, 300])).toMatchObject([
      { feature: 'c', observed: 300 },
      { feature: 'b', observed: 200 },
      { feature: 'a', observed: 90, share: 0 },
    ])
  })

  it('keeps growing beyond what was ever seen', () => {
    const model = fitModel(tailScore(), reference, 0)
    const rows = [100, 101, 110, 1e3, 1e6, 1e9].map((value) => [value, 0, 0])
    const scores = [...model.score(matrix(names, rows))]
    expect(scores).toEqual([...new Set(scores)].toSorted((one, other) => one - other))
  })

  it('refuses settings that make no sense', () => {
    expect(() => fitModel(tailScore({ top: 0 }), reference, 0)).toThrow('Unexpected top: 0')
    expect(() => fitModel(tailScore({ both: ['z'] }), reference, 0)).toThrow(
      'Unknown feature: z (known: a, b, c)',
    )
  })
})
