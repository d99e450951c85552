import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addRisk,
  byStrength,
  continues,
  goesOn,
  growFinding,
  rankFindings,
  reopens,
  updateText,
  type KeptFinding,
} from '../../src/triage/lifecycle.ts'
import { makeFinding } from './make-finding.ts'

const hour = 3_600_000
const severities = ['low', 'medium', 'high', 'critical'] as const

/** Looks at the same entity by the same detector. */
const looks = fc
  .record({
    rank: fc.integer({ min: 1, max: 50 }),
    at: fc.integer({ min: 0, max: 20 }),
    hours: fc.integer({ min: 0, max: 6 }),
    events: fc.integer({ min: 1, max: 1000 }),
    severity: fc.constantFrom(...severities),
    rarity: fc.constantFrom(-1, 0.5, 3, Number.POSITIVE_INFINITY),
    state: fc.constantFrom('shown' as const, 'below' as const),
  })
  .map(({ rank, at, hours, events, severity, rarity, state }): KeptFinding => {
    const finding = makeFinding({ rank, entity: { source_ip: '192.0.2.7' }, at, until: at + hours, severity })
    return { finding: { ...finding, events }, rarity, state, toldId: finding.id }
  })

const startMs = ({ finding }: KeptFinding): number => Date.parse(finding.first)
const endMs = ({ finding }: KeptFinding): number => Date.parse(finding.last)

describe('a finding that goes on', () => {
  it('keeps its id, spans both, and is never shown less', () => {
    fc.assert(
      fc.property(looks, looks, (kept, next) => {
        const grown = growFinding(kept, next)
        expect(grown.finding.id).toBe(kept.finding.id)
        expect(startMs(grown)).toBe(Math.min(startMs(kept), startMs(next)))
        expect(endMs(grown)).toBe(Math.max(endMs(kept), endMs(next)))
        expect(grown.finding.events).toBeGreaterThanOrEqual(
          Math.max(kept.finding.events, next.finding.events),
        )
        expect(grown.state === 'shown').toBe(kept.state === 'shown' || next.state === 'shown')
      }),
    )
  })

  it('is the same when the same look is told again', () => {
    fc.assert(
      fc.property(looks, looks, (kept, next) => {
        const once = growFinding(kept, next)
        const told = (grown: KeptFinding) => ({ ...grown.finding, title: '' })
        expect(told(growFinding(once, next))).toEqual(
          // A look at the same window replaces the text it was told by; nothing else changes.
          { ...told(once), severity: growFinding(once, next).finding.severity },
        )
      }),
    )
  })

  it('is told by the strongest look, whatever the order', () => {
    fc.assert(
      fc.property(looks, fc.array(looks, { minLength: 1, maxLength: 5 }), (first, rest) => {
        const all = [first, ...rest].map((look, i) => ({ ...look, toldId: `f${i}` }))
        const grown = all.slice(1).reduce(growFinding, { ...first, toldId: 'f0' })
        const strongest = all.toSorted(byStrength)[0]
        expect([grown.finding.severity, grown.rarity]).toEqual([
          strongest?.finding.severity,
          strongest?.rarity,
        ])
      }),
    )
  })

  it('is no longer the same beyond the reach of its detector', () => {
    const look = (
      at: number,
      more: Parameters<typeof makeFinding>[0]['entity'] = { source_ip: '192.0.2.7' },
    ) => makeFinding({ rank: 1, entity: more, at })
    expect(continues(look(1), look(2), hour)).toBe(true)
    expect(continues(look(2), look(1), hour)).toBe(true)
    expect(continues(look(1), look(2.1), hour)).toBe(false)
    expect(continues(look(1), look(1, { source_ip: '192.0.2.8' }), hour)).toBe(false)
    expect(continues(look(1), { ...look(1), detector: 'other' }, hour)).toBe(false)
  })

  it('is ranked from 1, the same in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(looks, { maxLength: 8, selector: ({ toldId }) => toldId }), (all) => {
        const ranked = rankFindings(all)
        expect(ranked.map(({ rank }) => rank)).toEqual(all.map((_, i) => i + 1))
        expect(rankFindings(all.toReversed())).toEqual(ranked)
      }),
    )
  })
})

describe('an incident that was closed', () => {
  const closed = { closedMs: 0, risk: 40, severity: 'medium' } as const

  it('opens for materially more risk or a worse severity, within a week', () => {
    expect(reopens(closed, { risk: 49, severity: 'medium', ms: hour })).toBe(false)
    expect(reopens(closed, { risk: 50, severity: 'medium', ms: hour })).toBe(true)
    expect(reopens(closed, { risk: 40, severity: 'high', ms: hour })).toBe(true)
    expect(reopens(closed, { risk: 90, severity: 'critical', ms: 8 * 24 * hour })).toBe(false)
  })
})

describe('what goes on after it was dealt with', () => {
  it('is told a week later, unless it was expected', () => {
    expect(goesOn({ closedMs: 0, reason: 'threat' }, 6 * 24 * hour)).toBe(false)
    expect(goesOn({ closedMs: 0, reason: 'threat' }, 8 * 24 * hour)).toBe(true)
    expect(goesOn({ closedMs: 0, reason: 'expected' }, 80 * 24 * hour)).toBe(false)
  })
})

describe('what is said of an update', () => {
  it('is what changed, or nothing', () => {
    const told = (risk: number, findings: number) => updateText({ risk: 40, findings: 2 }, { risk, findings })
    expect(told(62, 4)).toBe('risk rose from 40 to 62: 2 more findings')
    expect(told(30, 1)).toBe('risk fell from 40 to 30: 1 finding fewer')
    expect(told(41, 2)).toBe('risk rose from 40 to 41')
    expect(told(40, 3)).toBe('1 more finding')
    expect(told(40, 2)).toBeNull()
  })

  it('keeps the newest fifty risks, and none twice in a row', () => {
    const all = Array.from({ length: 120 }, (_, i) => ({ time: `t${i}`, risk: Math.floor(i / 2) }))
    const kept = all.reduce(addRisk, [])
    expect(kept.map(({ risk }) => risk)).toEqual(Array.from({ length: 50 }, (_, i) => i + 10))
  })
})
