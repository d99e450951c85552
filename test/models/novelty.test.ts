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

describe('novelty over levels', () => {
  const levels = [
    'seen',
    'events',
    'targets',
    'g_seen',
    'g_events',
    'g_targets',
    'e_seen',
    'e_events',
    'e_targets',
  ]
  const hierarchy = novelty({
    seen: 'seen',
    events: 'events',
    targets: 'targets',
    group: { seen: 'g_seen', events: 'g_events', targets: 'g_targets' },
    everyone: { seen: 'e_seen', events: 'e_events', targets: 'e_targets' },
  })
  const levelled = fitModel(hierarchy, matrix(levels, []), 0)
  const surprise = (row: readonly number[]): number =>
    (levelled.score(matrix(levels, [row]))[0] ?? Number.NaN) * Math.log2(10)
  const everyone = [0, 50_000, 200]

  it('follows the formula from the entity to the group to everyone to a base', () => {
    const level = (seen: number, events: number, targets: number, wider: number): number =>
      Math.max(0, seen - 0.6) / (events + 1) + ((1 + 0.6 * targets) / (events + 1)) * wider
    const p = level(7, 100, 4, level(40, 900, 12, level(60, 5000, 80, 1 / 81)))
    expect(surprise([7, 100, 4, 40, 900, 12, 60, 5000, 80])).toBeCloseTo(-Math.log2(p), 10)
  })

  it('gives probabilities that add up to 1 over all targets and one that nobody has had', () => {
    // Of five targets the entity had two, the group three, everyone all.
    const counts = [
      [3, 6, 20],
      [2, 2, 9],
      [0, 1, 4],
      [0, 0, 2],
      [0, 0, 1],
      [0, 0, 0],
    ]
    const rows = counts.map(([own = 0, group = 0, all = 0]) => [own, 5, 2, group, 9, 3, all, 36, 5])
    const scores = levelled.score(matrix(levels, rows))
    expect(scores.reduce((sum, score) => sum + 10 ** -score, 0)).toBeCloseTo(1, 12)
  })

  it('makes a new target that the group uses less of a surprise than one nobody uses', () => {
    const used = surprise([0, 2000, 3, 300, 4000, 20, 310, 50_000, 200])
    const known = surprise([0, 2000, 3, 0, 4000, 20, 310, 50_000, 200])
    const unheard = surprise([0, 2000, 3, 0, 4000, 20, 0, 50_000, 200])
    expect(used).toBeLessThan(known - 2)
    expect(known).toBeLessThan(unheard - 2)
  })

  it('lets a clerk pay more than ten bits for what an administrator has for few', () => {
    const group = [50, 400, 60]
    expect(surprise([0, 2000, 3, ...group, ...everyone])).toBeGreaterThan(10)
    expect(surprise([0, 2000, 1900, ...group, ...everyone])).toBeLessThan(5)
  })

  it('asks the group where the entity has no history, and everyone where the group has none', () => {
    const group = [300, 4000, 20]
    expect(surprise([0, 0, 0, ...group, ...everyone])).toBeLessThan(4)
    expect(surprise([0, 0, 0, 0, 0, 0, 25_000, 50_000, 200])).toBeCloseTo(1, 1)
  })

  it('goes straight from the entity to everyone where there is no group', () => {
    const spec = novelty({
      seen: 'seen',
      events: 'events',
      targets: 'targets',
      everyone: { seen: 'e_seen', events: 'e_events', targets: 'e_targets' },
    })
    const row = [0, 2000, 3, 300, 4000, 20, 0, 50_000, 200]
    const [score = 0] = fitModel(spec, matrix(levels, []), 0).score(matrix(levels, [row]))
    const p = ((1 + 0.6 * 3) / 2001) * (((1 + 0.6 * 200) / 50_001) * (1 / 201))
    expect(score).toBeCloseTo(-Math.log10(p), 10)
  })

  it('refuses a probability of peers beside their counts', () => {
    const both = { ...hierarchy, peers: 'e_seen' }
    expect(() => fitModel(both, matrix(levels, []), 0)).toThrow('Unexpected peers')
  })
})

function bits(row: readonly number[]): number {
  return (model.score(matrix(names, [row]))[0] ?? Number.NaN) * Math.log2(10)
}
