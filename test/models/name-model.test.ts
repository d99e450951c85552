import { array, assert, property, string } from 'fast-check'
import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nameModel } from '../../src/models/name-model.ts'
import { randomStream } from '../../src/models/random.ts'

const model = await nameModel()

const drawn = (count: number, characters: string, length: number): string[] => {
  const random = randomStream(7)
  return Array.from({ length: count }, () =>
    Array.from({ length }, () => characters[Math.floor(random() * characters.length)] ?? '').join(''),
  )
}

const median = (scores: Float64Array): number =>
  scores.toSorted()[Math.floor(scores.length / 2)] ?? Number.NaN

const letters = 'abcdefghijklmnopqrstuvwxyz'
const ordinary = [
  'example',
  'wikipedia',
  'openstreetmap',
  'kernel',
  'debian',
  'bibliothek-musterstadt',
  'panaderia-lopez',
  'boulangerie',
  'firstbank',
  'shop24',
]

describe('names that look generated', () => {
  it('are told from ordinary ones, whatever they are drawn from', () => {
    const usual = Math.max(...model.score(ordinary))
    expect(usual).toBeLessThan(3)
    expect(median(model.score(drawn(200, letters, 12)))).toBeGreaterThan(30)
    expect(median(model.score(drawn(200, `${letters}0123456789`, 16)))).toBeGreaterThan(30)
    expect(median(model.score(drawn(200, '0123456789abcdef', 16)))).toBeGreaterThan(30)
    expect(median(model.score(drawn(200, letters, 7)))).toBeGreaterThan(6)
  })

  it('are not those that are merely short', () => {
    expect(Math.max(...model.score(['bbc', 'x', 'qq', 'hp', 'zdf', 'kfz', 'n26']))).toBeLessThan(6)
  })

  it('stay strange however often they are scored: scores are finite and never below 0', () => {
    assert(
      property(array(string({ unit: 'binary', maxLength: 300 }), { maxLength: 4 }), (names) =>
        [...model.score(names)].every((score) => Number.isFinite(score) && score >= 0),
      ),
      { numRuns: 100, seed: 5 },
    )
    expect([...model.score(['', 'a'.repeat(5000), '9'.repeat(3000)])].every(Number.isFinite)).toBe(true)
  })

  it('look less strange where names like them are in use', async () => {
    const codes = drawn(300, 'klmnp0123', 9)
    const own = await nameModel(codes.slice(0, 200))
    const others = codes.slice(200)
    expect(median(own.score(others))).toBeLessThan(median(model.score(others)) - 10)
    expect(median(own.score(drawn(200, letters, 12)))).toBeGreaterThan(30)
  })

  it('are judged by the built-in table alone where few names are known', async () => {
    const few = await nameModel(drawn(20, letters, 9))
    expect(few.score(ordinary)).toEqual(model.score(ordinary))
  })

  it('are explained by their oddest characters', () => {
    const [first] = model.explain('gardenqxz')
    expect(first?.gram).toMatch(/[qxz$]$/)
  })

  it('need a table of at most 300 kB', () => {
    const { size } = statSync(new URL('../../src/models/ordinary-names.ts', import.meta.url))
    expect(size).toBeGreaterThan(100_000)
    expect(size).toBeLessThanOrEqual(300_000)
  })
})
