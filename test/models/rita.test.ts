import { describe, expect, it } from 'vitest'
import { fitModel, rita } from '../../src/models/index.ts'
import { matrix } from './matrix.ts'

const names = ['timestamps', 'sizes', 'histogram', 'duration']
const spec = rita({ timestamps: 'timestamps', sizes: 'sizes', histogram: 'histogram', duration: 'duration' })
const model = fitModel(spec, matrix(names, [[0.2, 0.2, 0.2, 0.2]]), 0)

const scoreOf = (row: readonly number[]): number => model.score(matrix(names, [row]))[0] ?? Number.NaN

describe("RITA's score", () => {
  it('is a quarter of each part: 0.979 for the published 0.921, 0.995, 1 and 1', () => {
    expect(scoreOf([0.921, 0.995, 1, 1])).toBeCloseTo(0.979, 12)
    expect(scoreOf([0.48, 0.865, 0, 1])).toBeCloseTo(0.58625, 12)
  })

  it('keeps each part within 0 and 1', () => {
    expect(scoreOf([9, 9, -3, 0])).toBe(0.5)
  })

  it('names the larger parts first', () => {
    expect(model.explain([0.9, 0.1, 0, 0]).map(({ feature }) => feature)).toEqual(names)
  })

  it('refuses a feature that is not there', () => {
    expect(() => fitModel({ ...spec, sizes: 'x' }, matrix(names, []), 0)).toThrow('Unknown feature: x')
  })
})
