import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noveltyRisk, type Group, type GroupRisk } from '../../src/models/novelty-risk.ts'

const settings = { fade: 720, silence: 24, usual: 8, most: 40, warm: 0 }

const group = (who: number, kinds: readonly number[], taught = true): Group => ({
  who,
  kinds: new Map(kinds.map((kind) => [kind, 1])),
  taught,
})

/** What the last stretch is judged after so many alike. */
const after = (
  stretches: number,
  habit: (stretch: number) => readonly Group[],
  last: readonly Group[],
  given: Partial<typeof settings> = {},
): readonly GroupRisk[] => {
  const model = noveltyRisk({ ...settings, ...given })
  for (let stretch = 0; stretch < stretches; stretch++) model.judge(stretch, habit(stretch))
  return model.judge(stretches, last)
}

const bitsOf = (risks: readonly GroupRisk[], who = 0): number =>
  risks.find((risk) => risk.who === who)?.bits ?? Number.NaN

describe('the risk of a stretch', () => {
  test('is that of the formula where nothing else is known of a kind', () => {
    // One host, T = 99 earlier stretches, all with kind 0: p = ½/(T + 1), of the host as of all.
    const [risk] = after(99, () => [group(0, [0])], [group(0, [1])], { fade: 1e9 })
    expect(risk?.telling).toEqual([{ kind: 1, bits: expect.closeTo(-2 * Math.log2(0.5 / 100) - 1, 3) }])
    // The first stretch was a little new.
    expect(risk?.bits).toBeCloseTo(risk?.telling[0]?.bits ?? 0, 1)
  })

  test('is nothing for what always happens', () => {
    expect(bitsOf(after(50, () => [group(0, [0, 1])], [group(0, [0, 1])]))).toBe(0)
  })

  test('is less for what others are used to', () => {
    const habit = () => [group(0, [0]), group(1, [0, 1])]
    const [known] = after(50, habit, [group(0, [0, 1]), group(1, [0])])
    const [unheard] = after(50, habit, [group(0, [0, 2]), group(1, [0])])
    expect(known?.bits).toBeGreaterThan(0)
    expect(unheard?.bits).toBeGreaterThan(known?.bits ?? 0)
  })

  test('is small for what somebody has in most stretches, though nobody else has it', () => {
    const hosts = Array.from({ length: 12 }, (_, who) => who)
    const habit = (stretch: number) =>
      hosts.map((who) => group(who, who === 5 && stretch % 3 > 0 ? [0, 1] : [0]))
    expect(bitsOf(after(99, habit, habit(100)), 5)).toBeLessThan(3)
  })

  test('counts kinds that always come together little more than once', () => {
    const habit = (stretch: number) => [group(0, stretch % 20 === 7 ? [0, 1, 2, 3] : [0])]
    const together = bitsOf(after(100, habit, [group(0, [0, 1, 2, 3])]))
    const one = bitsOf(after(100, habit, [group(0, [0, 1])]))
    expect(together).toBeLessThan(one * 1.5)
  })

  test('counts kinds that never came together each', () => {
    const one = bitsOf(after(100, () => [group(0, [0])], [group(0, [0, 1])]))
    const three = bitsOf(after(100, () => [group(0, [0])], [group(0, [0, 1, 2, 3])]))
    expect(three).toBeCloseTo(3 * one, 1)
  })

  test('is small for what happens to all at once', () => {
    const hosts = Array.from({ length: 10 }, (_, who) => who)
    const habit = () => hosts.map((who) => group(who, [0]))
    const rollout = after(
      100,
      habit,
      hosts.map((who) => group(who, [0, 1])),
    )
    const alone = after(
      100,
      habit,
      hosts.map((who) => group(who, who === 3 ? [0, 1] : [0])),
    )
    expect(Math.max(...rollout.map(({ bits }) => bits))).toBeLessThan(1)
    expect(bitsOf(alone, 3)).toBeGreaterThan(10)
  })

  test('is less for whoever is always a little unusual', () => {
    const restless = (stretch: number) => [group(0, [0, 100 + stretch]), group(1, [0])]
    const judged = after(100, restless, [group(0, [0, 5]), group(1, [0, 5, 6])])
    const calm = after(100, () => [group(0, [0]), group(1, [0])], [group(0, [0, 5]), group(1, [0, 5, 6])])
    expect(bitsOf(judged, 0)).toBeLessThan(bitsOf(calm, 0) / 2)
  })

  test('grows with what happens far more often than ever', () => {
    const times = (count: number): Group => ({ who: 0, kinds: new Map([[0, count]]), taught: true })
    expect(bitsOf(after(100, () => [times(10)], [times(20)]))).toBe(0)
    expect(bitsOf(after(100, () => [times(10)], [times(21 * 32)]))).toBeCloseTo(5, 1)
  })

  test('is not learned from what is set apart', () => {
    const attack = (taught: boolean) => (stretch: number) => [
      group(0, stretch > 40 ? [0, 9] : [0], stretch <= 40 || taught),
    ]
    expect(bitsOf(after(80, attack(false), [group(0, [0, 9])]))).toBeGreaterThan(
      3 * bitsOf(after(80, attack(true), [group(0, [0, 9])])),
    )
  })

  test('returns as what is usual fades', () => {
    const once = (stretch: number) => [group(0, stretch === 10 ? [0, 1] : [0])]
    const soon = bitsOf(after(20, once, [group(0, [0, 1])], { fade: 24 }))
    const late = bitsOf(after(200, once, [group(0, [0, 1])], { fade: 24 }))
    expect(late).toBeGreaterThan(soon)
  })

  test('says less until a day has been seen', () => {
    const fresh = bitsOf(after(6, () => [group(0, [0])], [group(0, [1])], { warm: 24 }))
    const known = bitsOf(after(6, () => [group(0, [0])], [group(0, [1])]))
    expect(fresh).toBeCloseTo(known * (6 / 24), 1)
  })
})

test('whatever happens, risks are finite, not below 0, and do not depend on the order of groups', () => {
  const stretch = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 }),
    ),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 12 }), (stretches) => {
      const run = (turned: boolean) => {
        const model = noveltyRisk(settings)
        return stretches.map((groups, at) => {
          const byWho = [...new Map(groups).entries()].map(([who, kinds]) => group(who, kinds))
          const judged = model.judge(at * 3, turned ? byWho.toReversed() : byWho)
          return judged.toSorted((a, b) => a.who - b.who)
        })
      }
      const risks = run(false)
      expect(run(true)).toEqual(risks)
      for (const { bits, telling } of risks.flat()) {
        expect(Number.isFinite(bits) && bits >= 0).toBe(true)
        expect(telling.every((kind) => kind.bits > 0)).toBe(true)
      }
    }),
    { seed: 3, numRuns: 200 },
  )
})
