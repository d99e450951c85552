import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IncidentRow, Severity } from '../../src/api/api.ts'
import { decide, type Situation } from '../../src/notify/decide.ts'
import type { Notice } from '../../src/notify/notice.ts'
import { severityLevel } from '../../src/report/severity.ts'
import { hourMs, incident, iso, nowMs } from './place.ts'

const channel = { leastRisk: 40, createdMs: nowMs - 30 * 24 * hourMs }

const situation = (row: Partial<IncidentRow>, more: Partial<Situation> = {}): Situation => ({
  incident: incident(row),
  channel,
  told: [],
  reopening: null,
  nowMs,
  ...more,
})

const told = (row: Partial<IncidentRow>, more: Partial<Situation> = {}): Notice => {
  const notice = decide(situation(row, more))
  if (notice === null) throw new Error('nothing was told')
  return notice
}

const news = (row: Partial<IncidentRow>, more: Partial<Situation> = {}) => {
  const notice = decide(situation(row, more))
  return notice === null ? null : [notice.change, notice.riskBefore]
}

describe('a channel is told', () => {
  it('of an incident that opens, at least as risky as it wants', () => {
    expect(news({ risk: 40 })).toEqual(['opened', null])
    expect(news({ risk: 39 })).toBeNull()
    expect(news({ state: 'closed' })).toBeNull()
  })

  it('when the risk rises by 20 points, or the severity', () => {
    const before = [told({ risk: 50, severity: 'medium' })]
    expect(news({ risk: 69, severity: 'medium' }, { told: before })).toBeNull()
    expect(news({ risk: 70, severity: 'medium' }, { told: before })).toEqual(['risen', 50])
    expect(news({ risk: 50, severity: 'high' }, { told: before })).toEqual(['risen', 50])
    expect(news({ risk: 50, severity: 'high', state: 'acknowledged' }, { told: before })).toEqual([
      'risen',
      50,
    ])
  })

  it('when an incident reaches the risk it wants, though it was opened below', () => {
    const risks = [
      { time: iso(nowMs - hourMs), risk: 30 },
      { time: iso(nowMs), risk: 45 },
    ]
    expect(news({ risk: 45, opened: iso(nowMs - hourMs), risks })).toEqual(['risen', 30])
  })

  it('when an incident opens again, each time once', () => {
    const before = [told({ risk: 90 })]
    const reopening = { id: 5, ms: nowMs - 48 * hourMs }
    const again = told({ risk: 60 }, { told: before, reopening })
    expect(again.change).toBe('reopened')
    expect(news({ risk: 60 }, { told: [...before, again], reopening })).toBeNull()
    // The 90 of before it was closed is over.
    expect(news({ risk: 80 }, { told: [...before, again], reopening })).toEqual(['risen', 60])
    expect(news({ risk: 60 }, { told: [...before, again], reopening: { id: 9, ms: nowMs } })).toEqual([
      'reopened',
      null,
    ])
  })

  it('nothing of what was there before the channel, unless it rises', () => {
    const young = { leastRisk: 40, createdMs: nowMs - hourMs }
    const opened = iso(nowMs - 2 * hourMs)
    const risks = [
      { time: opened, risk: 50 },
      { time: iso(nowMs), risk: 60 },
    ]
    expect(news({ risk: 60, opened, risks }, { channel: young })).toBeNull()
    expect(news({ risk: 70, opened, risks }, { channel: young })).toEqual(['risen', 50])
    const reopening = { id: 1, ms: nowMs - 2 * hourMs }
    expect(news({ risk: 60, opened, risks }, { channel: young, reopening })).toBeNull()
  })

  it('nothing twice, whatever an incident does', () => {
    const step = fc.record({
      risk: fc.integer({ min: 0, max: 100 }),
      severity: fc.constantFrom<Severity>('low', 'medium', 'high', 'critical'),
      state: fc.constantFrom<IncidentRow['state']>('open', 'acknowledged', 'closed'),
      reopens: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const all: Notice[] = []
        let reopening: Situation['reopening'] = null
        for (const [i, { reopens, ...row }] of steps.entries()) {
          if (reopens && i > 0) reopening = { id: i, ms: nowMs }
          const now = situation(row, { told: all, reopening })
          const notice = decide(now)
          if (notice === null) continue
          expect(row.risk).toBeGreaterThanOrEqual(channel.leastRisk)
          expect(decide({ ...now, told: [...all, notice] })).toBeNull()
          const before = all.at(-1)
          const isWorse =
            before === undefined ||
            row.risk >= before.incident.risk + 20 ||
            severityLevel(row.severity) > severityLevel(before.incident.severity)
          expect(isWorse || notice.change === 'reopened').toBe(true)
          all.push(notice)
        }
        expect(all.filter(({ change }) => change === 'opened').length).toBeLessThanOrEqual(1)
        const rounds = all.filter(({ change }) => change === 'reopened').map((one) => one.reopening)
        expect(new Set(rounds).size).toBe(rounds.length)
      }),
    )
  })
})
