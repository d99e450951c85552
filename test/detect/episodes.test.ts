import { describe, expect, it } from 'vitest'
import { findEpisodes } from '../../src/detect/episodes.ts'
import type { ScoredWindow, WindowResult } from '../../src/detect/windows.ts'

const window = (
  entity: string,
  windowSeconds: number,
  startMs: number,
  surprise: number,
  events = 10,
): ScoredWindow => ({
  entity: [entity],
  windowSeconds,
  startMs,
  firstMs: startMs + 1,
  lastMs: startMs + windowSeconds * 1000 - 1,
  events,
  features: {},
  score: surprise,
  surprise,
  explain: () => [],
})

const result = (windowSeconds: number, judged: number, windows: readonly ScoredWindow[]): WindowResult => ({
  windowSeconds,
  judged,
  windows,
  learned: null,
})

const hour = 3600
const hourMs = hour * 1000

describe('episodes', () => {
  it('put neighbouring windows of an entity together, and others apart', () => {
    const windows = [
      window('a', hour, 0, 4),
      window('a', hour, hourMs, 5),
      window('a', hour, 10 * hourMs, 3),
      window('b', hour, 0, 2),
    ]
    const episodes = findEpisodes([result(hour, 100, windows)], 1)
    expect(episodes.map(({ entity, windows: own }) => [entity[0], own.length])).toEqual([
      ['a', 2],
      ['a', 1],
      ['b', 1],
    ])
    expect(episodes[0]?.strongest.surprise).toBe(5)
    expect(episodes[0]?.events).toBe(20)
    expect(episodes[0]?.lastMs).toBe(2 * hourMs - 1)
  })

  it('count the events of short windows once where a long one covers them', () => {
    const [episode] = findEpisodes(
      [
        result(60, 1000, [window('a', 60, 0, 3, 7), window('a', 60, 60_000, 3, 8)]),
        result(hour, 100, [window('a', hour, 0, 3, 40)]),
      ],
      1,
    )
    expect(episode?.events).toBe(40)
  })

  it('are rarer the fewer windows a day were judged', () => {
    const rarity = (judged: number, days: number): number =>
      findEpisodes([result(hour, judged, [window('a', hour, 0, 4)])], days)[0]?.rarity ?? 0
    expect(rarity(100, 1)).toBeCloseTo(2, 5)
    expect(rarity(1000, 1)).toBeCloseTo(1, 5)
    expect(rarity(1000, 10)).toBeCloseTo(2, 5)
  })

  it('gain from several lengths that agree, and pay for lengths that saw nothing', () => {
    const short = result(60, 100, [window('a', 60, 0, 4)])
    const long = result(hour, 100, [window('a', hour, 0, 4)])
    const alone = findEpisodes([short, result(hour, 100, [])], 1)[0]?.surprise ?? 0
    const both = findEpisodes([short, long], 1)[0]?.surprise ?? 0
    expect(alone).toBeCloseTo(4 - Math.log10(2), 2)
    expect(both).toBeCloseTo(4, 2)
  })

  it('make a short window pay for how many of its length there are', () => {
    const long = result(hour, 100, [])
    const few = findEpisodes([result(60, 100, [window('a', 60, 0, 5)]), long], 1)[0]?.surprise ?? 0
    const many = findEpisodes([result(60, 10_000, [window('a', 60, 0, 5)]), long], 1)[0]?.surprise ?? 0
    expect(few - many).toBeCloseTo(2, 2)
  })

  it('come in the same order whatever the order of the windows', () => {
    const windows = [window('a', hour, 0, 4), window('b', hour, 0, 4), window('c', hour, 0, 5)]
    const names = (list: readonly ScoredWindow[]): (string | undefined)[] =>
      findEpisodes([result(hour, 10, list)], 1).map((episode) => episode.entity[0])
    expect(names(windows)).toEqual(['c', 'a', 'b'])
    expect(names(windows.toReversed())).toEqual(['c', 'a', 'b'])
  })
})
