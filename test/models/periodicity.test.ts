import { array, assert, constantFrom, double, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitModel, loadModel, periodicity } from '../../src/models/index.ts'
import { matrix } from './matrix.ts'

const names = ['evidence', 'others', 'without', 'checkIns', 'alike', 'hours', 'presence', 'known', 'unknown']
const [evidence, others, without, checkIns, alike, hours, presence, known, unknown] = names as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
] // as many as there are above
const spec = periodicity({ evidence, others, without, checkIns, alike, hours, presence, known, unknown })
const ordinary = [0, 30, 70, 20, 0.3, 3, 0.4, 1, 0]
const model = fitModel(spec, matrix(names, [ordinary]), 0)

const scoreOf = (row: readonly number[]): number => model.score(matrix(names, [row]))[0] ?? Number.NaN

/** Ten hours of a clock that one client alone follows. */
const lone = [20, 0, 99, 100, 1, 10, 1, 0, 0]
const change = (name: string, value: number): number[] => lone.with(names.indexOf(name), value)
const callers = (some: number, rest: number): number[] => lone.with(1, some).with(2, rest)

describe('periodicity', () => {
  it('follows the formula', () => {
    const share = (2 + 0.25) / (2 + 97 + 1)
    const rare = 0.01 / (0.01 + share)
    const odds = ((1 + 3) / (1 + 14 / 7)) * rare
    const scoreAt = (decades: number): number =>
      Math.log10(1 + odds / (10 ** -decades + 0.001 * (0.02 + 0.98 * (1 - rare))))
    const sizes = 8 * (0.75 * Math.log10(0.9 / 0.3) + 0.25 * Math.log10(0.1 / 0.7))
    expect(scoreOf([2, 2, 97, 8, 0.75, 4, 1, 14, 3])).toBeCloseTo(
      scoreAt(2 + sizes + 4 * Math.log10(1.9)),
      12,
    )
    // An hour in four without a check-in takes away what the others give.
    expect(scoreOf([2, 2, 97, 8, 0.75, 3, 0.75, 14, 3])).toBeCloseTo(scoreAt(2 + sizes), 12)
    // Sizes and hours add a decade and a half each at most.
    expect(scoreOf([2, 2, 97, 800, 1, 60, 1, 14, 3])).toBeCloseTo(scoreAt(5), 12)
  })

  it('puts a clock that one client follows far above one that many follow', () => {
    expect(scoreOf(lone)).toBeGreaterThan(3.5)
    expect(scoreOf(callers(30, 70))).toBeLessThan(2)
    expect(scoreOf(callers(100, 0))).toBeLessThan(1.1)
  })

  it('is the surer the more clients there are that could do the same', () => {
    const scores = [0, 5, 30, 500, 10_000].map((rest) => scoreOf(callers(0, rest)))
    expect(scores).toEqual(scores.toSorted((a, b) => a - b))
    expect(scores[0]).toBeLessThan(2)
    expect(scores[4]).toBeGreaterThan(4.5)
  })

  it('is a surprise by itself, however many rows there are', () => {
    const many = fitModel(spec, matrix(names, Array(1000).fill(ordinary)), 0)
    expect([model.scale, many.scale]).toEqual(['surprise', 'surprise'])
    expect(many.score(matrix(names, [lone]))[0]).toBe(scoreOf(lone))
  })

  it('puts a person who alone visits a site below all rhythms', () => {
    expect(scoreOf([0, 0, 99, 300, 0.3, 3, 0.5, 0, 0])).toBeLessThan(0.5)
  })

  it('lets twelve check-ins with 80 % jitter of one client be found', () => {
    expect(scoreOf([1.4, 0, 99, 12, 1, 6, 1, 0, 0])).toBeGreaterThan(3)
  })

  it('doubts what has been known for weeks, and suspects what is new after weeks', () => {
    expect(scoreOf(change('known', 28))).toBeCloseTo(scoreOf(lone) - Math.log10(5), 3)
    expect(scoreOf(change('unknown', 6))).toBeCloseTo(scoreOf(lone) + Math.log10(7), 3)
  })

  it('does without age', () => {
    const ageless = fitModel(
      periodicity({ evidence, others, without, checkIns, alike, hours, presence }),
      matrix(names, [ordinary]),
      0,
    )
    expect(ageless.score(matrix(names, [change('known', 100)]))[0]).toBe(scoreOf(lone))
    expect(loadModel(ageless.toJSON()).score(matrix(names, [lone]))).toEqual(
      model.score(matrix(names, [lone])),
    )
  })

  it('never falls with more evidence, nor rises with more who do the same', () => {
    const share = double({ min: 0, max: 1, noNaN: true })
    const amount = double({ min: 0, max: 500, noNaN: true })
    const rows = tuple(amount, amount, amount, amount, share, amount, share, amount, amount)
    assert(
      property(
        rows,
        constantFrom('evidence', 'alike', 'presence', 'unknown'),
        array(share, { minLength: 2, maxLength: 2 }),
        (row, name, values) => {
          const [low = 0, high = 0] = values.toSorted((a, b) => a - b)
          const at = names.indexOf(name)
          return scoreOf(row.with(at, low)) <= scoreOf(row.with(at, high)) + 1e-12
        },
      ),
      { seed: 3 },
    )
    assert(
      property(
        rows,
        amount,
        (row, more) => scoreOf(row.with(1, Math.max(row[1], more))) <= scoreOf(row) + 1e-12,
      ),
      { seed: 4 },
    )
  })

  it('names prevalence and rhythm as the reasons', () => {
    const reasons = model
      .explain(lone)
      .slice(0, 2)
      .map(({ feature }) => feature)
    expect(reasons.toSorted()).toEqual(['evidence', 'others'])
  })
})
