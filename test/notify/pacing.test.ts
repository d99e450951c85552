import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldNotices, makeBulletin } from '../../src/notify/bulletin.ts'
import { dueMs, retryDelay, usualPace } from '../../src/notify/pacing.ts'
import { hourMs, item, minuteMs, nowMs } from './place.ts'

const waiting = { firstMs: nowMs, retryMs: null, sentMs: [] as readonly number[] }

describe('a message', () => {
  it('waits for what belongs to it, and a minute after the one before', () => {
    expect(dueMs(waiting, 20, usualPace, nowMs)).toBe(nowMs + 10_000)
    expect(dueMs({ ...waiting, sentMs: [nowMs - 5000] }, 20, usualPace, nowMs)).toBe(nowMs + 55_000)
    expect(dueMs({ ...waiting, sentMs: [nowMs - 59 * minuteMs] }, 20, usualPace, nowMs)).toBe(nowMs + 10_000)
  })

  it('waits for no time that the clock was set back from', () => {
    const later = nowMs + 7 * hourMs
    const sentMs = Array.from({ length: 20 }, () => later)
    expect(dueMs({ ...waiting, sentMs }, 20, usualPace, nowMs)).toBe(nowMs + 10_000)
    expect(dueMs({ ...waiting, firstMs: later }, 20, usualPace, nowMs)).toBe(nowMs)
    expect(dueMs({ ...waiting, retryMs: later }, 20, usualPace, nowMs)).toBe(nowMs)
  })

  it('that failed is tried again after one minute to six hours, and given up', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((tries) => retryDelay(tries, usualPace))
    expect(delays.map((ms) => (ms === null ? null : ms / minuteMs))).toEqual([1, 5, 15, 60, 180, 360, null])
    expect(dueMs({ ...waiting, retryMs: nowMs + hourMs }, 20, usualPace, nowMs)).toBe(nowMs + hourMs)
  })

  it('keeps to what an hour allows, however much there is to tell, and keeps nothing for an hour', () => {
    const minutes = 300
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.infiniteStream(fc.boolean()), (perHour, stream) => {
        const sent: number[] = []
        let firstMs: number | null = null
        let longest = 0
        for (const [i, happens] of [...stream.take(minutes * 2)].entries()) {
          const at = nowMs + i * 30_000
          if (happens) firstMs ??= at
          const sentMs = sent.filter((ms) => ms > at - hourMs)
          if (firstMs === null || dueMs({ firstMs, retryMs: null, sentMs }, perHour, usualPace, at) > at)
            continue
          longest = Math.max(longest, at - firstMs)
          sent.push(at)
          firstMs = null
        }
        for (const at of sent)
          expect(sent.filter((ms) => ms > at - hourMs && ms <= at).length).toBeLessThanOrEqual(perHour)
        expect(longest).toBeLessThanOrEqual(Math.min(hourMs, (2 * hourMs) / perHour) + minuteMs)
      }),
      { numRuns: 40 },
    )
  })
})

describe('what is told together', () => {
  it('tells each incident once, as it is now and as what it was first', () => {
    const folded = foldNotices([
      item({ risk: 50, severity: 'medium' }),
      item({ id: 'i-2', number: 13, risk: 90 }, { change: 'risen', riskBefore: 40 }),
      item({ risk: 70, severity: 'high' }, { change: 'risen', riskBefore: 50 }),
      item({ id: 'i-2', number: 13, risk: 95 }, { change: 'risen', riskBefore: 90 }),
    ])
    expect(
      folded.map(({ change, riskBefore, incident }) => [incident.id, change, riskBefore, incident.risk]),
    ).toEqual([
      ['i-2', 'risen', 40, 95],
      ['i-1', 'opened', null, 70],
    ])
  })

  it('names the worst and counts the rest', () => {
    const notices = Array.from({ length: 30 }, (_, i) =>
      item({ id: `i-${i}`, number: i, risk: i, severity: i > 20 ? 'high' : 'low' }),
    )
    const made = makeBulletin({
      id: 'x',
      notices,
      most: 10,
      heldBack: 20,
      url: 'https://winnow.example.com/console/?a#b',
      nowMs,
    })
    expect(made.items.map(({ incident }) => incident.risk)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20])
    expect(made.more).toEqual({ count: 20, severities: { low: 20 } })
    expect(made.heldBack).toBe(20)
    expect(made.items[0]?.url).toBe('https://winnow.example.com/console/incidents/i-29')
  })
})
