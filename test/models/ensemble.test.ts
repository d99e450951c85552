import { describe, expect, it } from 'vitest'
import { fitCalibration, surprise } from '../../src/models/calibrate.ts'
import { ensemble, ensembleModel } from '../../src/models/ensemble.ts'
import { isolationForestModel } from '../../src/models/isolation-forest.ts'
import { knnModel } from '../../src/models/knn.ts'
import type { Matrix } from '../../src/models/model.ts'
import { randomStream } from '../../src/models/random.ts'
import { tailScore, tailScoreModel } from '../../src/models/tail-score.ts'
import { matrix } from './matrix.ts'

const names = ['requests', 'paths', 'bytes']
const random = randomStream(8)

/** As many paths as requests, and bytes that have nothing to do with either. */
const ordinary = matrix(
  names,
  Array.from({ length: 2000 }, () => {
    const requests = 1 + Math.floor(random() * 100)
    return [requests, requests, Math.round(random() * 1e4)]
  }),
)

const ranks = (scores: Float64Array): number[] =>
  [...scores.keys()].toSorted((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || one - other)

const surprises = (scores: Float64Array, reference: Float64Array, hostile: number): Float64Array => {
  const calibration = fitCalibration(reference, { hostile })
  return scores.map((score) => surprise(calibration, score))
}

describe('an ensemble', () => {
  const spec = ensemble()
  const model = ensembleModel.fit(spec, ordinary, 5)

  it('of which one member counts is that member, calibrated', () => {
    const alone = [
      { weights: { tail: 1, neighbours: 0, forest: 0 }, member: tailScoreModel.fit(spec.tail, ordinary, 5) },
      { weights: { tail: 0, neighbours: 2, forest: 0 }, member: knnModel.fit(spec.neighbours, ordinary, 5) },
      {
        weights: { tail: 0, neighbours: 0, forest: 3 },
        member: isolationForestModel.fit(spec.forest, ordinary, 5),
      },
    ]
    for (const { weights, member } of alone) {
      const scores = ensembleModel.fit(ensemble({ weights }), ordinary, 5).score(ordinary)
      const raw = member.score(ordinary)
      const expected = surprises(raw, raw, spec.hostile)
      scores.forEach((score, row) => expect(score).toBeCloseTo(expected[row] ?? Number.NaN, 9))
    }
  })

  it('names what is odd in one feature, and what is odd only in combination', () => {
    const odd: Matrix = matrix(names, [
      [20, 20, 9e6],
      [80, 5, 5000],
    ])
    const [high = 0, mixed = 0] = model.score(odd)
    const reference = model.score(ordinary).toSorted()
    // Above all but one in two hundred.
    const line = reference[Math.floor(reference.length * 0.995)] ?? Infinity
    expect(high).toBeGreaterThan(line)
    expect(mixed).toBeGreaterThan(line)
    expect(model.explain([20, 20, 9e6])[0]?.feature).toBe('bytes')
    expect(model.explain([80, 5, 5000])[0]?.feature).not.toBe('bytes')
  })

  it('screens by its TailScore', () => {
    const tails = tailScoreModel.fit(spec.tail, ordinary, 5)
    expect(model.formula(['a', 'b', 'c'])).toBe(tails.formula(['a', 'b', 'c']))
  })

  it('ranks the same whatever the unit of a feature', () => {
    const width = names.length
    const inKilobytes = ordinary.values.map((value, cell) => (cell % width === 2 ? value / 1024 : value))
    const changed = { ...ordinary, values: inKilobytes }
    const other = ensembleModel.fit(spec, changed, 5)
    expect(ranks(other.score(changed)).slice(0, 20)).toEqual(ranks(model.score(ordinary)).slice(0, 20))
  })

  it.each([
    { tail: 0, neighbours: 0, forest: 0 },
    { tail: -1, neighbours: 2, forest: 1 },
    { tail: Number.NaN, neighbours: 2, forest: 1 },
  ])('refuses the weights %j', (weights) => {
    expect(() => ensembleModel.fit(ensemble({ weights }), ordinary, 1)).toThrow('Unexpected weights')
  })

  it('refuses what was saved with a member missing, or in another place', () => {
    const saved: unknown = JSON.parse(JSON.stringify(model.toJSON()))
    if (typeof saved !== 'object' || saved === null || !('members' in saved)) throw new Error('no members')
    const { members } = saved
    if (!Array.isArray(members)) throw new Error('no list')
    expect(() => ensembleModel.load({ ...saved, members: members.slice(1) })).toThrow(
      'Unexpected length of model.members: 2, expected 3',
    )
    expect(() => ensembleModel.load({ ...saved, members: members.toReversed() })).toThrow(
      'Unexpected model.kind',
    )
  })

  it('takes the settings of its members', () => {
    const both = ensemble({ tail: tailScore({ both: names }) })
    expect(both.neighbours).toEqual(spec.neighbours)
    expect(both.tail).toMatchObject({ both: names, top: 3 })
  })
})
