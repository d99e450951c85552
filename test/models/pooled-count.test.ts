import { expect, test } from 'vitest'
import { fitModel, pooledCount } from '../../src/models/index.ts'
import type { Matrix } from '../../src/models/model.ts'

const names = ['count', 'total', 'windows', 'allTotal', 'allWindows']
const matrix = (...rows: readonly (readonly number[])[]): Matrix => ({
  names,
  rows: rows.length,
  values: Float64Array.from(rows.flat()),
})

test('the same rate is as surprising in a network of any size', () => {
  const spec = pooledCount({
    count: 'count',
    own: { total: 'total', windows: 'windows' },
    wider: [{ total: 'allTotal', windows: 'allWindows' }],
  })
  const sizes = [9e4, 4.5e5, 4.5e6, 1e9]
  const rows = matrix(...sizes.map((windows) => [3, 0, 30, 0.02 * windows, windows]))
  const [first = 0, ...others] = fitModel(spec, rows, 1).score(rows)
  expect(first).toBeGreaterThan(3)
  for (const score of others) expect(score).toBeCloseTo(first, 1)
})
