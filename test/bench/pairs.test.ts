import { describe, expect, it } from 'vitest'
import { beaconPair, harmlessDay } from '../../bench/generate/pairs.ts'
import { randomStream } from '../../src/models/random.ts'

describe('a harmless day of pairs', () => {
  const pairs = harmlessDay(randomStream(4), 210)

  it('is the same for the same seed, and lies within the day', () => {
    expect(harmlessDay(randomStream(4), 210)).toEqual(pairs)
    const moments = pairs.flatMap((pair) => pair.moments)
    expect(moments.filter(({ at, bytes }) => !(at >= 0 && at < 86_410 && bytes >= 0))).toEqual([])
  })

  it('has every kind, and one lone program', () => {
    const kinds = pairs.map(({ kind }) => kind)
    for (const kind of ['browsing', 'own site', 'poller', 'update check', 'ticker', 'mail'])
      expect(kinds.filter((one) => one === kind).length).toBeGreaterThan(20)
    expect(kinds.filter((kind) => kind === 'lone program')).toHaveLength(1)
  })
})

describe('a beacon among them', () => {
  it('calls about as often as it should, misses a few, and jitters as told', () => {
    const settings = { sleep: 60, jitter: 0.5, presenceHours: 12 }
    const { moments } = beaconPair(randomStream(5), 3, 'c2.example.org', settings)
    expect(moments.length).toBeGreaterThan(680)
    expect(moments.length).toBeLessThan(730)
    const gaps = moments.slice(1).map(({ at }, i) => at - (moments[i]?.at ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30 - 1e-9)
    const long = gaps.filter((gap) => gap > 90)
    expect(long.length).toBeGreaterThan(3)
    expect(long.length).toBeLessThan(25)
  })
})
