import { array, assert, double, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  drawPlaces,
  fitPlacing,
  placeRow,
  placeRows,
  sortPoints,
  takePoints,
} from '../../src/models/placed.ts'
import { randomStream } from '../../src/models/random.ts'
import { matrix } from './matrix.ts'

const names = ['a', 'b']
const someRows = array(array(double({ noNaN: false }), { minLength: 2, maxLength: 2 }), { maxLength: 30 })

describe('points', () => {
  it('are finite, whatever the rows hold', () => {
    assert(
      property(someRows, someRows, (reference, rows) => {
        const { values } = placeRows(matrix(names, rows), fitPlacing(matrix(names, reference)))
        expect(values.every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('are where a single row is placed', () => {
    const reference = matrix(names, [
      [1, 5],
      [3, 5],
      [9, 7],
    ])
    const placing = fitPlacing(reference)
    const into = new Float64Array(3)
    placeRow([0, 9, 7], 1, placing, into, 1)
    expect([...into.subarray(1)]).toEqual([...placeRows(reference, placing).values.subarray(4)])
  })

  it('sort into the same order from any order, and lose none', () => {
    const rows = array(array(integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 2 }), { maxLength: 30 })
    assert(
      property(rows, integer(), (given, seed) => {
        const points = { count: given.length, width: 2, values: Float64Array.from(given.flat()) }
        const places = drawPlaces(given.length, given.length, randomStream(seed))
        const sorted = sortPoints(points)
        expect(sortPoints(takePoints(points, places))).toEqual(sorted)
        const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
        expect(sum(sorted.values)).toBe(sum(points.values))
      }),
      { numRuns: 200, seed: 2 },
    )
  })
})

describe('drawing places', () => {
  it('gives as many as were asked for or are there, each once, each below the count', () => {
    assert(
      property(
        integer({ min: 0, max: 60 }),
        integer({ min: 0, max: 60 }),
        integer(),
        (among, count, seed) => {
          const places = drawPlaces(among, count, randomStream(seed))
          expect(places).toHaveLength(Math.min(among, count))
          expect(new Set(places).size).toBe(places.length)
          expect(places.every((place) => place < among)).toBe(true)
        },
      ),
      { numRuns: 300, seed: 3 },
    )
  })

  it('favours no place', () => {
    const random = randomStream(4)
    const counts = new Uint32Array(10)
    for (let round = 0; round < 5000; round++) {
      for (const place of drawPlaces(10, 3, random)) counts[place] = (counts[place] ?? 0) + 1
    }
    // 1,500 each is expected, with a standard deviation of 32.
    expect(Math.min(...counts)).toBeGreaterThan(1350)
    expect(Math.max(...counts)).toBeLessThan(1650)
  })
})
