import { describe, expect, it } from 'vitest'
import { readAccessLine } from '../../bench/quality/access-log.ts'
import { attackerAddress, replayed, usualAttacks } from '../../bench/quality/injected.ts'
import { allWebDetectors, foundShare } from '../../bench/quality/web-targets.ts'
import { buildSite } from '../../bench/generate/site.ts'
import { detectors } from '../../detectors/index.ts'
import type { Detection } from '../../src/detect/run.ts'
import type { ScoredWindow } from '../../src/detect/windows.ts'

const minuteMs = 60_000

const window = (client: string, minute: number, seconds: number, score: number): ScoredWindow => ({
  entity: [client],
  windowSeconds: seconds,
  startMs: minute * minuteMs,
  firstMs: minute * minuteMs,
  lastMs: minute * minuteMs,
  events: 5,
  features: {},
  score,
  surprise: score,
  explain: () => [],
})

const detectionOf = (windows: readonly ScoredWindow[]): Detection => {
  const detector = detectors.find(({ id }) => id === 'web-client-behaviour')
  const [strongest] = windows
  if (detector === undefined || strongest === undefined) throw new Error('nothing to judge')
  return {
    detector,
    judged: new Map([
      [600, 10],
      [3600, 10],
    ]),
    episodes: windows.map((one) => ({
      entity: one.entity,
      surprise: one.surprise,
      rarity: one.surprise,
      strongest: one,
      windows: [one],
      firstMs: one.firstMs,
      lastMs: one.lastMs,
      events: one.events,
    })),
  }
}

const innocent = (client: string): boolean => client.startsWith('198.51.100.')

describe('the share of an attack that is found', () => {
  const attack = [0, 10, 20, 30].map((minute) => ({ timeMs: minute * minuteMs, text: '' }))
  const own = [9, 7, 5, 3].map((score, i) => window(attackerAddress, i * 10, 600, score))

  it('counts windows above the line that lets as many innocent ones through as are allowed', () => {
    // One day allows one window; the second of these two draws the line.
    const others = [window('198.51.100.1', 0, 600, 8), window('198.51.100.2', 0, 600, 6)]
    const share = foundShare(detectionOf([...own, ...others]), 1, attack, innocent)
    expect(share.windows).toBe(0.5)
  })

  it('takes no notice of those who are not innocent', () => {
    const hostile = Array.from({ length: 9 }, (_, i) => window('203.0.113.9', i, 600, 9.5))
    expect(foundShare(detectionOf([...own, ...hostile]), 1, attack, innocent).windows).toBe(1)
  })

  it('sees minutes in longer windows as well', () => {
    const others = Array.from({ length: 4 }, (_, i) => window('198.51.100.1', i, 600, 9.5))
    const hour = window(attackerAddress, 0, 3600, 12)
    const share = foundShare(detectionOf([...own, hour, ...others]), 1, attack, innocent)
    expect(share).toEqual({ windows: 0, minutes: 1 })
  })
})

describe('attacks to put into a log', () => {
  it('are requests of the attacker, in the order of time', () => {
    for (const { lines } of usualAttacks(buildSite(7, 500))) {
      const made = lines(Date.UTC(2026, 2, 3, 10))
      expect(made.length).toBeGreaterThan(100)
      const read = made.map(({ text }) => readAccessLine(text))
      expect(new Set(read.map((line) => line?.client))).toEqual(new Set([attackerAddress]))
      expect(made.map(({ timeMs }) => timeMs)).toEqual(
        made.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b),
      )
    }
  })

  it('may be what somebody really did, at another pace', () => {
    const line =
      '192.0.2.9 - - [02/Mar/2026:01:00:00 +0100] "GET /x?y=[1] HTTP/1.1" 404 12 "-" "Mozilla/5.0 [en]"'
    const startMs = Date.UTC(2026, 2, 5, 12)
    const own = Array.from({ length: 9 }, () => ({ timeMs: 0, text: line }))
    const made = replayed(own, { startMs, minutes: 1, gapS: 12 })
    expect(made.map(({ timeMs }) => timeMs - startMs)).toEqual([0, 12_000, 24_000, 36_000, 48_000])
    expect(made[1]?.text).toBe(
      `${attackerAddress} - - [05/Mar/2026:12:00:12 +0000] "GET /x?y=[1] HTTP/1.1" 404 12 "-" "Mozilla/5.0 [en]"`,
    )
  })
})

describe('the web detectors', () => {
  it('are all judged', () => {
    expect(allWebDetectors).toContain('web-client-kmeans')
    expect(allWebDetectors).toContain('web-scraper')
    expect(allWebDetectors.every((id) => id.startsWith('web-'))).toBe(true)
  })
})
