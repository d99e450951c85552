import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { companyOf, oftenOf, type Stretch } from '../../src/detect/company.ts'
import { kindsOf } from '../../src/detect/kinds.ts'

describe('kinds of alerts', () => {
  const named = (name: string, cells: number, family = '') => ({ value: `v ${name}`, name, family, cells })

  test('are names, as long as a rule has few of them', () => {
    const kinds = kindsOf([named('login failed', 90), named('login', 40), named('scan of port 22', 1)])
    expect(
      new Set(['login failed', 'login', 'scan of port 22'].map((name) => kinds.kindOf(`v ${name}`))).size,
    ).toBe(3)
    expect(kinds.nameOf(kinds.kindOf('v login') ?? -1)).toBe('login')
  })

  test('are rules, where names hold what changes', () => {
    const files = Array.from({ length: 20 }, (_, i) =>
      named(`file /tmp/${String.fromCharCode(97 + i)} is bad`, 1, '87105'),
    )
    const kinds = kindsOf([...files, named('login failed', 9, '5503')])
    expect(new Set(files.map(({ value }) => kinds.kindOf(value))).size).toBe(1)
    expect(kinds.kindOf('v login failed')).not.toBe(kinds.kindOf(files[0]?.value ?? ''))
  })

  test('stay names where one rule speaks for many signatures that come again', () => {
    const signatures = Array.from({ length: 20 }, (_, i) =>
      named(`Suricata: alert ${String.fromCharCode(97 + i)}`, 12, '86601'),
    )
    const kinds = kindsOf(signatures)
    expect(new Set(signatures.map(({ value }) => kinds.kindOf(value))).size).toBe(20)
  })

  test('without a rule of its own, names that differ in numbers alone are one', () => {
    const kinds = kindsOf(Array.from({ length: 12 }, (_, i) => named(`job ${i} failed`, 1)))
    expect(kinds.kindOf('v job 3 failed')).toBe(kinds.kindOf('v job 11 failed'))
  })
})

test('how often a stretch is as unusual is counted in those of all, by day', () => {
  const stretches = [30, 10, 20].map((bits, i): Stretch => ({ who: i, stretch: i * 24, bits }))
  // From hour 0 to hour 48: a little more than two days.
  const often = oftenOf(stretches, 24)
  expect(stretches.map((one) => often.get(one))).toEqual([1, 3, 2].map((place) => place / (49 / 24)))
})

describe('company', () => {
  const at = (who: number, stretch: number, bits: number): Stretch => ({ who, stretch, bits })
  const quiet = [at(90, 0, 0.5), at(90, 200, 0.5)]

  test('is who else was unusual in the hours around, the most unusual first', () => {
    const lead = at(1, 100, 50)
    const [near, nearer, far, weak] = [at(2, 99, 8), at(3, 101, 9), at(4, 104, 30), at(5, 100, 3)]
    const found = companyOf([...quiet, lead, near, nearer, far, weak], 1)
    expect(found.get(lead)).toEqual([nearer, near])
    expect(found.get(far)).toEqual([])
  })

  test('belongs to one only', () => {
    const judged = fc.array(
      fc.record({
        who: fc.integer({ min: 0, max: 9 }),
        stretch: fc.integer({ min: 0, max: 40 }),
        bits: fc.integer({ min: 0, max: 60 }),
      }),
      { maxLength: 80 },
    )
    fc.assert(
      fc.property(judged, (stretches) => {
        const found = companyOf([...quiet, ...stretches], 1)
        const all = [...found.values()].flat()
        expect(new Set(all).size).toBe(all.length)
        for (const [lead, others] of found) {
          expect(found.has(lead) && all.includes(lead)).toBe(false)
          for (const other of others) {
            expect(other.bits).toBeLessThanOrEqual(lead.bits)
            expect(Math.abs(other.stretch - lead.stretch)).toBeLessThanOrEqual(1)
            expect(other.who).not.toBe(lead.who)
          }
        }
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  test('is nobody where so much is always unusual that chance brings it', () => {
    const crowd = Array.from({ length: 4000 }, (_, i) => at(i % 40, Math.floor(i / 40), 10 + (i % 7)))
    const lead = at(77, 50, 60)
    const found = companyOf([...quiet, ...crowd, lead], 1)
    // 200 hours of data let 200 stretches of 4001 qualify: three hours hold about three of them.
    expect(found.get(lead)?.length).toBeLessThanOrEqual(8)
    expect([...found.values()].flat().length + found.size).toBeLessThanOrEqual(201)
  })
})
