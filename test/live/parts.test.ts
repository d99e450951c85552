import * as fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bundledDetectors } from '../../src/content.ts'
import { featureSetOf } from '../../src/detect/windows.ts'
import { ensureTable } from '../../src/engine/ensure-table.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import type { Episode } from '../../src/detect/episodes.ts'
import { aheadBy, aheadText, noteAhead } from '../../src/live/ahead.ts'
import {
  budgetLine,
  noteSituations,
  toScale,
  type Situation,
  type Situations,
} from '../../src/live/budget.ts'
import { firstUnseen } from '../../src/live/clock.ts'
import { activeDaysIn } from '../../src/live/history-start.ts'
import { openFeed, type NewSegment } from '../../src/live/news.ts'
import { takeIn, type Post } from '../../src/live/post.ts'
import { dueMs, type Job } from '../../src/live/schedule.ts'
import { chooseNews, type Memory } from '../../src/live/tell.ts'
import { openWatch } from '../../src/live/watch.ts'
import { segmentsTable, tables } from '../../src/schema/tables.ts'
import { sql } from '../../src/sql/sql.ts'

const dayMs = 86_400_000
const startMs = Date.UTC(2026, 2, 2)

describe('the budget', () => {
  const week = { fromMs: startMs, toMs: startMs + 7 * dayMs }
  const situation = (actor: string, rarity: number, day = 1): Situation => ({
    actor,
    detector: 'a',
    rarity,
    raise: 0,
    atMs: startMs + day * dayMs,
  })
  const of = (news: readonly Situation[]): Situations => {
    const situations: Situations = new Map()
    noteSituations(situations, news)
    return situations
  }

  it('raises no line while all fits into it', () => {
    const few = of(Array.from({ length: 14 }, (_, i) => situation(`a${i}`, 1 + i)))
    expect(budgetLine(few, 2, week)).toBe(Number.NEGATIVE_INFINITY)
  })

  it('raises the line to the rarity of the last one that fits', () => {
    const many = of(Array.from({ length: 100 }, (_, i) => situation(`a${i}`, i, i % 7)))
    expect(budgetLine(many, 2, week)).toBe(86)
  })

  it('counts one who does much on a day once, so that nobody hides behind it', () => {
    const loud = Array.from({ length: 500 }, (_, i) => situation('loud', 2 + (i % 5)))
    expect(budgetLine(of([...loud, situation('quiet', 1)]), 1, week)).toBe(Number.NEGATIVE_INFINITY)
  })

  it('looks at no other time', () => {
    const before = Array.from({ length: 100 }, (_, i) => situation(`a${i}`, i, -1))
    expect(budgetLine(of(before), 1, week)).toBe(Number.NEGATIVE_INFINITY)
  })

  it('shows about as many as it allows, never fewer where there are more', () => {
    const rarities = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 200 })
    fc.assert(
      fc.property(rarities, fc.integer({ min: 1, max: 10 }), (all, perDay) => {
        const line = budgetLine(of(all.map((rarity, i) => situation(`a${i}`, rarity))), perDay, week)
        const shown = all.filter((rarity) => rarity >= line)
        expect(shown.length).toBeGreaterThanOrEqual(Math.min(all.length, 7 * perDay))
        expect(shown.filter((rarity) => rarity > line).length).toBeLessThanOrEqual(7 * perDay)
      }),
    )
  })

  it('counts what was kept on the scale of what it found itself', () => {
    const strict = { ...situation('a', 6), detector: 'strict' }
    const raised = { ...situation('b', 5), detector: 'strict', raise: 1 }
    const noted = of([strict, raised])
    const kept = [
      { ...strict, rarity: 8 },
      { ...raised, rarity: 6 },
      { ...situation('c', 5), detector: 'other' },
      { ...raised, detector: 'other', rarity: 4 },
    ]
    const scaled = toScale(noted, kept, (detector) => (detector === 'strict' ? 2 : 0))
    expect(scaled.map(({ rarity }) => rarity)).toEqual([6, 5, 5, 4])
    expect(budgetLine(of([...noted.values(), ...scaled]), 2 / 7, week)).toBe(5)
  })

  it('keeps the rarest of very many', () => {
    const situations = of(Array.from({ length: 30_000 }, (_, i) => situation(`a${i}`, i)))
    expect(situations.size).toBe(10_000)
    expect(budgetLine(situations, 1, week)).toBe(29_993)
  })
})

describe('what is told', () => {
  const episode = (rarity: number): Episode => {
    const features = {}
    const window = {
      entity: ['192.0.2.1'],
      windowSeconds: 600,
      startMs,
      firstMs: startMs,
      lastMs: startMs + 1000,
      events: 10,
      features,
      score: rarity,
      surprise: rarity,
      explain: () => [],
    }
    return { ...window, rarity, strongest: window, windows: [window] }
  }

  it('is what defines the line too, whatever the last digit is', async () => {
    const [detector] = await bundledDetectors()
    if (detector === undefined) throw new Error('no detector')
    const [rarity, strictness] = [2.7 + 0.043, 1.3]
    const shown = rarity - strictness + strictness + Number.EPSILON * 2
    expect(shown).toBeGreaterThan(rarity)
    const { news } = chooseNews(detector, [episode(rarity)], { shown, chance: 1 }, new Map(), startMs)
    expect(news.map((item) => item.shown)).toEqual([true])
  })

  it('waits for no time that the clock was set back from', async () => {
    const [detector] = await bundledDetectors()
    if (detector === undefined) throw new Error('no detector')
    const memory: Memory = new Map()
    const line = { shown: 1, chance: 1 }
    const at = (nowMs: number): number => {
      const { news } = chooseNews(detector, [{ ...episode(5), events: 12 }], line, memory, nowMs)
      return news.length
    }
    const [first] = chooseNews(detector, [episode(5)], line, memory, startMs).news
    memory.set(first?.key ?? '', { events: 10, rarity: 5, shown: true, atMs: startMs })
    expect([at(startMs + 5000), at(startMs + 15_000), at(startMs - dayMs)]).toEqual([0, 1, 1])
  })

  it('is how far a log is ahead, for an hour', () => {
    const hourMs = dayMs / 24
    const known = new Map()
    const news = { category: 'web', firstMs: startMs + hourMs, lastMs: startMs + 2 * hourMs, events: 1 }
    expect(noteAhead(known, [news], startMs)).toEqual(['web'])
    expect(noteAhead(known, [news], startMs)).toEqual([])
    expect(aheadBy(known, null, startMs)).toBe(2 * hourMs)
    expect(aheadBy(known, ['dns'], startMs)).toBeNull()
    expect(aheadBy(known, ['web'], startMs + 2 * hourMs)).toBeNull()
    expect([2.01, 5.5, 400 * 24].map((hours) => aheadText(hours * hourMs))).toEqual([
      '2 h',
      '5.5 h',
      '400 days',
    ])
  })
})

describe('what was not seen', () => {
  const news = (category: string, fromDay: number, toDay: number) => ({
    category,
    firstMs: startMs + fromDay * dayMs,
    lastMs: startMs + toDay * dayMs,
    events: 1,
  })
  const toMs = startMs + 100 * dayMs

  it('begins with its first event of the categories that are read', () => {
    expect(firstUnseen(['web'], [news('web', 98, 99), news('login', 90, 99)], toMs)).toBe(
      startMs + 98 * dayMs,
    )
    expect(firstUnseen(null, [news('web', 98, 99), news('login', 90, 99)], toMs)).toBe(startMs + 90 * dayMs)
    expect(firstUnseen(['dns'], [news('web', 98, 99)], toMs)).toBeNull()
  })

  it('is nothing where a clock is years behind, and no more than a month', () => {
    expect(firstUnseen(null, [news('web', -1000, -999)], toMs)).toBeNull()
    expect(firstUnseen(null, [news('web', -1000, 99)], toMs)).toBe(startMs + 70 * dayMs)
  })

  it('counts the days on which anything happened', () => {
    const days = [0, 1, 40].map((day) => startMs + day * dayMs)
    expect(activeDaysIn({ fromMs: startMs, toMs: startMs + 41 * dayMs }, days)).toBe(3)
    expect(activeDaysIn({ fromMs: startMs + dayMs / 2, toMs: startMs + 1.5 * dayMs }, days)).toBe(1)
    expect(activeDaysIn({ fromMs: startMs, toMs: startMs + dayMs / 12 }, days)).toBe(1 / 12)
  })
})

describe('the next look', () => {
  const job: Job = {
    startedMs: 0,
    tookMs: 100,
    runs: 3,
    goesOn: false,
    hasNews: true,
    failures: 0,
    isOwed: false,
    owedRuns: 0,
    lacksModel: false,
  }
  const pauses = (jobs: readonly Partial<Job>[]): number[] =>
    jobs.map((one) => dueMs({ ...job, ...one }) ?? -1)

  it('waits longer after each failure, a quarter of an hour at most', () => {
    expect(pauses([1, 2, 3, 50].map((failures) => ({ failures })))).toEqual([5000, 10_000, 20_000, 900_000])
  })

  it('waits longer where old logs never end', () => {
    expect(pauses([0, 1, 50].map((owedRuns) => ({ isOwed: true, owedRuns })))).toEqual([
      5000, 10_000, 900_000,
    ])
  })

  it('is not every few seconds where there is never anything to learn from', () => {
    expect(pauses([0, 5, 100].map((runs) => ({ lacksModel: true, runs })))).toEqual([5000, 5000, 60_000])
    expect(pauses([{ lacksModel: true, runs: 100, tookMs: 10_000 }])).toEqual([400_000])
  })

  it('is none without news', () => {
    expect(dueMs({ ...job, hasNews: false })).toBeNull()
  })
})

describe('the feed', () => {
  let folder = ''
  let engine: Engine

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-feed-'))
    engine = await openEngine({ kind: 'embedded', path: path.join(folder, 'data'), temporary: true })
    for (const table of tables) await ensureTable(engine, table)
  })

  afterEach(async () => {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const list = (name: string, count: number, loadedMs: number): Promise<void> =>
    engine.run(
      sql`INSERT INTO segments (segment, lines, loaded) SELECT concat(${name}, toString(number)), 1, fromUnixTimestamp64Milli(toInt64(${loadedMs}), 'UTC') FROM numbers(${count})`,
    )
  const take = async (feed: ReturnType<typeof openFeed>): Promise<string[]> =>
    (await feed.next(startMs + dayMs, {})).map(({ segment }) => segment)

  it('gives nothing twice to tables that were made of it', async () => {
    const [detector] = (await bundledDetectors()).filter(({ id }) => id === 'web-client-behaviour')
    if (detector === undefined) throw new Error('no such detector')
    const watch = openWatch(detector)
    const range = { fromMs: startMs, toMs: startMs + dayMs }
    watch.going = {
      detector,
      study: { set: featureSetOf(detector), range, prefix: 'live_x', loadedByMs: startMs + 1000 },
      tallies: segmentsTable,
      tallySeconds: 60,
      tables: [],
      results: [],
      activeDays: 1,
      counts: new Map(),
      past: new Map(),
    }
    const post: Post = {
      options: {
        engine,
        detectors: [detector],
        hasLists: false,
        peers: null,
        excluded: async () => [],
        settings: async () => new Map(),
        learn: async (findings) => findings,
        record: async () => undefined,
        isLeader: () => true,
        log: { info: () => undefined, warn: () => undefined },
      },
      engine,
      signal: new AbortController().signal,
      query: {},
      now: () => startMs + dayMs,
      watches: [watch],
      clock: new Map(),
      ahead: new Map(),
      recent: [],
      lookingFromMs: null,
      isCurrent: false,
      startedMs: startMs,
      leads: true,
      tablePrefix: 'live_x',
      madeTables: 0,
      situations: new Map(),
      budgetPerDay: 5,
      settings: new Map(),
      setApart: new Map(),
    }
    const segment = (name: string, loadedMs: number, category = 'web') => ({
      segment: name,
      loadedMs,
      news: [{ category, firstMs: startMs + 500, lastMs: startMs + 900, events: 1 }],
      ahead: [],
      part: null,
    })
    takeIn(post, [
      segment('seen', startMs + 900),
      segment('new', startMs + 1100),
      segment('other', startMs + 1100, 'dns'),
    ])
    expect(watch.queue.map(({ segment: name }) => name)).toEqual(['new'])
    expect(watch.hasNews).toBe(true)
    expect(watch.owedFromMs).toBe(startMs + 500)
    takeIn(post, [segment('later', startMs + 3_600_000)])
    expect(post.recent.map(({ segment: name }) => name)).toEqual(['later'])
  })

  const event = (segment: string, atMs: number): Promise<void> =>
    engine.run(
      sql`INSERT INTO events (category, timestamp, segment, message) SELECT 'web', fromUnixTimestamp64Milli(toInt64(${atMs}), 'UTC'), ${segment}, 'x'`,
    )

  it('gives what is too far ahead when its time has come, once', async () => {
    const minuteMs = 60_000
    const at = (minutes: number): number => startMs + minutes * minuteMs
    const feed = openFeed(engine, { fromMs: startMs, seenToMs: at(60), furthestMs: 0 })
    for (const minutes of [10, 90, 91, 100 * 365 * 24 * 60]) await event('mixed', at(minutes))
    for (const minutes of [90, 92]) await event('ahead', at(minutes))
    await engine.run(
      sql`INSERT INTO segments (segment, lines, first, last, loaded) SELECT segment, count(), min(timestamp), max(timestamp), fromUnixTimestamp64Milli(toInt64(${startMs + 1000}), 'UTC') FROM events GROUP BY segment`,
    )
    const given: NewSegment[][] = []
    for (const minutes of [60, 60, 80, 91, 91, 100, 110]) given.push([...(await feed.next(at(minutes), {}))])
    const told = given.map((segments) =>
      segments.map(({ segment, news }) => [
        segment,
        ...news.flatMap(({ firstMs, lastMs, events }) => [
          (firstMs - startMs) / minuteMs,
          (lastMs - startMs) / minuteMs,
          events,
        ]),
      ]),
    )
    expect(told).toEqual([
      [['ahead'], ['mixed', 10, 10, 1]],
      [],
      [],
      [
        ['ahead', 90, 90, 1],
        ['mixed', 90, 91, 2],
      ],
      [],
      [['ahead', 92, 92, 1]],
      [],
    ])
    const parts = given.flat().map(({ part }) => part)
    expect(parts).not.toContain(null)
    // What is new up to one time goes together, and what has come by one.
    expect(new Set(parts).size).toBe(3)
    await event('later', at(50))
    await event('later', at(200))
    await engine.run(
      sql`INSERT INTO segments (segment, lines, first, last, loaded) SELECT segment, count(), min(timestamp), max(timestamp), fromUnixTimestamp64Milli(toInt64(${startMs + 2000}), 'UTC') FROM events WHERE segment = 'later' GROUP BY segment`,
    )
    const later = await feed.next(at(110), {})
    expect(later.map(({ segment, part }) => [segment, part])).toEqual([['later', `up to ${at(110)}`]])
    expect(given[0]?.map(({ ahead }) => ahead.map(({ category }) => category))).toEqual([['web'], ['web']])
  })

  it('gives what is loaded after the clock was set back, and nothing that was given before', async () => {
    const nowMs = Date.now()
    const fromMs = nowMs + 2 * 3_600_000
    await list('before', 2, fromMs - 60_000)
    const feed = openFeed(engine, { fromMs, seenToMs: startMs, furthestMs: 0 })
    await list('earlier', 2, fromMs + 1000)
    await list('new', 2, nowMs)
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 30_000)
    try {
      expect(await take(feed)).toEqual(['new0', 'new1'])
      expect(await take(feed)).toEqual([])
    } finally {
      clock.mockRestore()
    }
  })

  it('gives each segment once, also of very many at one time, and those that are seen late', async () => {
    await list('before', 3, startMs)
    const feed = openFeed(engine, { fromMs: startMs, seenToMs: startMs, furthestMs: 0 })
    await list('many', 1200, startMs + 10)
    const given = [await take(feed), await take(feed), await take(feed), await take(feed)]
    expect(given.map(({ length }) => length)).toEqual([500, 500, 200, 0])
    expect(new Set(given.flat()).size).toBe(1200)
    await list('later', 2, startMs + 60_000)
    expect(await take(feed)).toHaveLength(2)
    await list('late', 2, startMs + 57_000)
    expect(await take(feed)).toHaveLength(2)
    expect(await take(feed)).toEqual([])
  })
})
