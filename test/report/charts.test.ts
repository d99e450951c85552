import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { dark, light, print } from '../../src/report/html/colours.ts'
import { barLengths } from '../../src/report/html/reason-chart.ts'
import { percentAt, ticksOf, timelineOf } from '../../src/report/html/time-scale.ts'

fc.configureGlobal({ seed: 20_260_302 })

const hourly = (events: readonly number[]) =>
  events.map((count, hour) => ({ time: new Date(Date.UTC(2026, 2, 2, hour)).toISOString(), events: count }))

describe('bins', () => {
  test('keep every event, however few bins there may be', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1e6), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 200 }),
        (events, most) => {
          const timeline = timelineOf(hourly(events), most)
          expect(timeline?.bins.length).toBeLessThanOrEqual(most)
          expect(timeline?.bins.reduce((sum, bin) => sum + bin.events, 0)).toBe(
            events.reduce((sum, each) => sum + each, 0),
          )
        },
      ),
    )
  })

  test('are anomalous where any of their buckets is', () => {
    const buckets = hourly([1, 1, 9, 1]).map((bucket, at) => ({ ...bucket, anomalous: at === 2 }))
    expect(timelineOf(buckets, 2)?.bins.map(({ anomalous, events }) => [anomalous, events])).toEqual([
      [false, 2],
      [true, 10],
    ])
  })

  test('stay in their place where empty buckets are absent', () => {
    const timeline = timelineOf([...hourly([5, 5]), { time: '2026-03-02T09:00:00Z', events: 5 }], 100)
    expect(timeline?.bins.map(({ startMs }) => percentAt(startMs, timeline))).toEqual([0, 10, 90])
  })

  test('are none where no time can be read', () => {
    expect(timelineOf([], 10)).toBeUndefined()
    expect(timelineOf([{ time: 'yesterday', events: 3 }], 10)).toBeUndefined()
  })
})

describe('ticks', () => {
  test('are at round times and never more than asked for', () => {
    const startMs = Date.UTC(2026, 2, 4, 8, 7)
    for (const hours of [0.01, 0.3, 1, 5, 24, 100, 1000, 20_000, 400_000]) {
      const ticks = ticksOf({ startMs, endMs: startMs + hours * 3_600_000 }, 4)
      expect(ticks.length, `${hours} hours`).toBeLessThanOrEqual(5)
      for (const { at } of ticks) expect(at).toBeGreaterThanOrEqual(0)
    }
    expect(ticksOf({ startMs, endMs: startMs + 4 * 3_600_000 }, 4).map(({ label }) => label)).toEqual([
      '09:00',
      '10:00',
      '11:00',
      '12:00',
    ])
    expect(ticksOf({ startMs, endMs: startMs + 3 * 86_400_000 }, 4).map(({ label }) => label)).toEqual([
      '5 Mar',
      '6 Mar',
      '7 Mar',
    ])
  })
})

const reason = (observed: number, typical: number, unit: 'count' | 'share' = 'count') =>
  barLengths({ feature: 'f', label: 'f', observed, typical, share: 1, unit })

describe('bars of a reason', () => {
  test('are linear while both can be seen, and logarithmic beyond', () => {
    expect(reason(10, 5)).toEqual({ observed: 100, typical: 50, log: false })
    expect(reason(1000, 1)).toMatchObject({ observed: 100, log: true })
    expect(reason(1000, 1).typical).toBeGreaterThan(5)
  })

  test('have no length for what is no number', () => {
    expect(reason(Number.NaN, Infinity)).toEqual({ observed: 0, typical: 0, log: false })
  })

  test('draw a share as what it is', () => {
    expect(reason(0.95, 0.02, 'share')).toEqual({ observed: 95, typical: 2, log: false })
  })

  test('are between 0 and 100 for any numbers, and the larger number never has the shorter bar', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(numbers, numbers, (observed, typical) => {
        const bars = reason(observed, typical)
        for (const length of [bars.observed, bars.typical]) {
          expect(length).toBeGreaterThanOrEqual(0)
          expect(length).toBeLessThanOrEqual(100)
        }
        expect(
          Math.sign(bars.observed - bars.typical) * Math.sign(Math.abs(observed) - Math.abs(typical)),
        ).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe.each(Object.entries({ light, dark, print }))('the %s theme', (_, theme) => {
  const texts = ['ink', 'soft', 'accent', 'critical', 'high', 'medium', 'low'] as const
  test.each(texts)('%s is readable on every ground', (text) => {
    for (const ground of [theme.paper, theme.surface, theme.wash]) {
      expect(contrast(theme[text], ground)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

/** WCAG 2.2: the ratio of relative luminances, each with 0.05 of glare. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
