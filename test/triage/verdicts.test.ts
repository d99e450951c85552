import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  covers,
  hiddenBy,
  isScoped,
  precisionOf,
  scopeFits,
  type GivenVerdict,
} from '../../src/triage/verdicts.ts'
import { makeFinding } from './make-finding.ts'

const values = fc.constantFrom('192.0.2.7', '198.51.100.9')
const detectors = fc.constantFrom('scan', 'guess')
const words = fc.constantFrom('GET /a', 'GET /b', 'ssh')

const findings = fc
  .record({ value: values, detector: detectors, line: words, at: fc.integer({ min: 0, max: 20 }) })
  .map(({ value, detector, line, at }) => ({
    ...makeFinding({ rank: 1, entity: { source_ip: value }, detector, at }),
    evidence: { filter: '', lines: ['-', `x ${line} y`], places: [] },
  }))

const scopes = fc.record(
  { entity: values.map((value) => ({ kind: 'source_ip', value })), detector: detectors, pattern: words },
  { requiredKeys: [] },
)

const verdicts = fc.record({
  id: fc.uuid(),
  verdict: fc.constantFrom('threat', 'expected', 'false-alarm', 'duplicate'),
  scope: scopes,
  createdMs: fc.integer({ min: 0, max: 5 }),
  expiresMs: fc.constantFrom(null, Date.UTC(2026, 2, 2, 10)),
}) satisfies fc.Arbitrary<GivenVerdict>

describe('a scope', () => {
  it('that says more never covers more', () => {
    fc.assert(
      fc.property(scopes, scopes, findings, (scope, more, finding) => {
        const both = { ...more, ...scope }
        fc.pre(isScoped(scope))
        expect(scopeFits(scope, finding) || !scopeFits(both, finding)).toBe(true)
      }),
    )
  })

  it('that says nothing covers nothing', () => {
    fc.assert(
      fc.property(findings, (finding) => {
        for (const scope of [{}, { pattern: '' }, { pattern: ' ' }, { detector: '' }])
          expect(scopeFits(scope, finding)).toBe(false)
      }),
    )
  })

  it('tells entities of the same value apart by their kind', () => {
    const finding = makeFinding({ rank: 1, entity: { user_name: '192.0.2.7' } })
    expect(scopeFits({ entity: { kind: 'source_ip', value: '192.0.2.7' } }, finding)).toBe(false)
    expect(scopeFits({ entity: { kind: 'user_name', value: '192.0.2.7' } }, finding)).toBe(true)
  })
})

describe('the verdict that hides a finding', () => {
  it('is the first that covers it, is no threat, and does not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(verdicts, { maxLength: 6 }), findings, (given, finding) => {
        const hiding = hiddenBy(given, finding)
        expect(hiddenBy(given.toReversed(), finding)?.id).toBe(hiding?.id)
        const able = given.filter((one) => one.verdict !== 'threat' && covers(one, finding))
        expect(hiding === null).toBe(able.length === 0)
        expect(hiding?.createdMs ?? 0).toBe(
          able.length === 0 ? 0 : Math.min(...able.map((one) => one.createdMs)),
        )
      }),
    )
  })

  it('stays the one in which a pattern was found once, until it expires', () => {
    const verdict = {
      id: 'v',
      verdict: 'expected',
      scope: { pattern: 'nagios' },
      createdMs: 0,
      expiresMs: Date.UTC(2026, 2, 2, 10),
    } as const
    const scan = (until: number) => makeFinding({ rank: 1, entity: { source_ip: '192.0.2.7' }, at: 8, until })
    expect(hiddenBy([verdict], scan(9))).toBe(null)
    expect(hiddenBy([verdict], scan(9), 'other')).toBe(null)
    expect(hiddenBy([verdict], scan(9), 'v')?.id).toBe('v')
    expect(hiddenBy([verdict], scan(10), 'v')).toBe(null)
    expect(hiddenBy([{ ...verdict, scope: { detector: 'guess' } }], scan(9), 'v')).toBe(null)
  })

  it('does not cover what goes on after it expired', () => {
    const verdict = {
      id: 'v',
      verdict: 'expected',
      scope: { detector: 'scan' },
      createdMs: 0,
      expiresMs: Date.UTC(2026, 2, 2, 10),
    } as const
    const scan = (until: number) =>
      makeFinding({ rank: 1, entity: { source_ip: '192.0.2.7' }, detector: 'scan', at: 8, until })
    expect(covers(verdict, scan(9))).toBe(true)
    expect(covers(verdict, scan(10))).toBe(false)
  })
})

describe('precision', () => {
  it('is the share of threats among what was judged', () => {
    expect(precisionOf({ threat: 0, expected: 0, falseAlarm: 0 })).toBeNull()
    expect(precisionOf({ threat: 3, expected: 0, falseAlarm: 1 })).toBe(0.75)
  })
})
