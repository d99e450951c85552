import { array, assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { knn, knnModel } from '../../src/models/knn.ts'
import { randomStream } from '../../src/models/random.ts'
import { matrix } from './matrix.ts'

const names = ['a', 'b']

/** Median 0 and IQR 1.349, so that a value's place on the scale is its inverse hyperbolic sine. */
const unit = [-100, -0.6745, 0, 0.6745, 100].map((value) => [value, value])

describe('sub-sampled nearest neighbours', () => {
  it('score the sum of differences to the neighbour that counts', () => {
    const far = Math.asinh(5) + Math.asinh(0)
    const near = [1, 2, 3, 4, 5].map((rank) => {
      const model = knnModel.fit(knn({ sets: 3, near: rank / 5, hostile: 0 }), matrix(names, unit), 1)
      return model.score(matrix(names, [[5, 0]]))[0] ?? Number.NaN
    })
    const step = Math.asinh(0.6745)
    const end = Math.asinh(100)
    const expected = [
      // The nearest is that which shares one sign; then the middle, the other side, and the ends.
      far,
      Math.asinh(5) - step + step,
      Math.asinh(5) + step + step,
      end - Math.asinh(5) + end,
      end + Math.asinh(5) + end,
    ].toSorted((one, other) => one - other)
    near.forEach((score, place) => expect(score).toBeCloseTo(expected[place] ?? Number.NaN, 2))
  })

  it('say of each feature what its part of the distance is', () => {
    const model = knnModel.fit(knn({ near: 0.2, hostile: 0 }), matrix(names, unit), 1)
    const [first, second] = model.explain([5, 0])
    expect(first).toMatchObject({ feature: 'a', observed: 5, typical: 0 })
    expect(first?.share).toBeGreaterThan(0.5)
    expect(second?.feature).toBe('b')
  })

  it('are not fooled by attacks in the reference, as far as these may be hostile', () => {
    const random = randomStream(9)
    const ordinary = Array.from({ length: 920 }, () => [random() * 10, random() * 10])
    const campaign = Array.from({ length: 80 }, () => [40 + random(), 40 + random()])
    const rows = matrix(names, [...ordinary, ...campaign])
    const judged = matrix(names, [[40.5, 40.5], ...ordinary])
    const ranksFirst = (hostile: number): boolean => {
      const [attack = 0, ...others] = knnModel.fit(knn({ hostile }), rows, 1).score(judged)
      return others.every((score) => score < attack)
    }
    expect(ranksFirst(0.1)).toBe(true)
    expect(ranksFirst(0)).toBe(false)
  })

  it('keep no more than the rows they were told to', () => {
    const random = randomStream(2)
    const rows = matrix(
      names,
      Array.from({ length: 5000 }, () => [random() * 1e9, random()]),
    )
    const saved = JSON.stringify(knnModel.fit(knn({ sets: 10, size: 64 }), rows, 1).toJSON())
    // A coordinate in thousandths takes at most seven characters and a comma.
    expect(saved.length).toBeLessThan(10 * 64 * 2 * 8 + 1000)
  })

  it('do not score a row lower for moving away from all of the reference', () => {
    const rows = matrix(names, unit)
    const model = knnModel.fit(knn({ near: 0.4, hostile: 0 }), rows, 1)
    const outside = integer({ min: 101, max: 1_000_000 })
    assert(
      property(outside, integer({ min: 0, max: 1_000_000 }), (x, further) => {
        const [one = 0, other = 0] = model.score(
          matrix(names, [
            [x, x],
            [x + further, x],
          ]),
        )
        expect(other).toBeGreaterThanOrEqual(one)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('give what is in the reference many times over the score 0', () => {
    assert(
      property(array(integer({ min: -5, max: 5 }), { minLength: 2, maxLength: 2 }), (row) => {
        const rows = matrix(
          names,
          Array.from({ length: 50 }, () => row),
        )
        expect(knnModel.fit(knn(), rows, 1).score(matrix(names, [row]))[0]).toBe(0)
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  it.each([
    [{ sets: 0 }, 'Unexpected sets: 0'],
    [{ sets: 101 }, 'expected a whole number from 1 to 100'],
    [{ size: 1.5 }, 'Unexpected size: 1.5'],
    [{ near: 0 }, 'Unexpected near: 0'],
    [{ near: 1.1 }, 'Unexpected near: 1.1'],
    [{ hostile: 0.6 }, 'Unexpected hostile share: 0.6'],
  ])('refuse the settings %j', (settings, message) => {
    expect(() => knnModel.fit(knn(settings), matrix(names, unit), 1)).toThrow(message)
  })

  it('refuse saved rows of another width', () => {
    const saved: unknown = JSON.parse(JSON.stringify(knnModel.fit(knn(), matrix(names, unit), 1).toJSON()))
    if (typeof saved !== 'object' || saved === null) throw new Error('not an object')
    expect(() => knnModel.load({ ...saved, sets: [{ points: [1, 2, 3] }] })).toThrow(
      'Unexpected length of model.sets[0].points: 3, expected rows of 2',
    )
  })
})
