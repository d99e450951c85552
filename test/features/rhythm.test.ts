import { existsSync, readFileSync } from 'node:fs'
import { array, assert, asyncProperty, constantFrom, double, integer, nat, oneof, record } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import type { FeatureSet, Study } from '../../src/features/feature-set.ts'
import { age, popularity, rhythm, type RhythmStatistic } from '../../src/features/feature.ts'
import { historiesOf } from '../../src/features/history.ts'
import { packedEvent, withRhythms } from '../../src/features/rhythm.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { randomStream } from '../../src/models/random.ts'
import { id, join, raw, sql } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from './insert-events.ts'

const statistics = [
  'checkIns',
  'span',
  'gap',
  'size',
  'regular',
  'evidence',
  'spread',
  'alike',
  'hours',
  'presence',
  'dispersion',
  'ritaTimestamps',
  'ritaSizes',
  'ritaHistogram',
  'ritaDuration',
] as const satisfies readonly RhythmStatistic[]

type Measured = Readonly<Record<RhythmStatistic, number>>

const all = Object.fromEntries(statistics.map((statistic) => [statistic, rhythm(statistic)]))

interface Moment {
  /** Seconds. */
  readonly at: number
  readonly bytes: number
}

const dayMs = 86_400_000

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
})

afterAll(() => close())

/** The statistics of events, without tables. */
const measure = async (
  moments: readonly Moment[],
  window = { fromMs: epochMs, toMs: epochMs + dayMs },
): Promise<Measured> => {
  const set: FeatureSet = { from: {}, entity: ['source_ip'], features: all }
  const sorted = moments.toSorted((one, other) => one.at - other.at)
  const times = `[${sorted.map(({ at }) => Math.round(window.fromMs + at * 1000)).join()}]`
  const sizes = `[${sorted.map(({ bytes }) => bytes).join()}]`
  const packed = packedEvent(raw('t'), raw('b'))
  const below = sql`(SELECT arraySort(arrayMap((t, b) -> ${packed}, CAST(${times}, 'Array(Int64)'), CAST(${sizes}, 'Array(UInt64)'))) AS rhythm_0_events)`
  const made = withRhythms(below, set, {
    startMs: sql`${window.fromMs}`,
    lengthMs: sql`${window.toMs - window.fromMs}`,
  })
  const columns = join(statistics.map((name) => sql`${id(`f_${name}`)} AS ${id(name)}`))
  const [row] = await engine.rows<Measured>(sql`SELECT ${columns} FROM ${made}`)
  if (row === undefined) throw new Error('no row')
  return row
}

const every = (seconds: number, times: number, bytes = 1200): Moment[] =>
  Array.from({ length: times }, (_, i) => ({ at: 60 + i * seconds, bytes }))

/** Sleeps of `seconds · (1 ± jitter)`. */
const jittered = (seconds: number, times: number, jitter: number, seed: number): Moment[] => {
  const random = randomStream(seed)
  let at = 100
  return Array.from({ length: times }, () => {
    at += seconds * (1 + jitter * (2 * random() - 1))
    return { at, bytes: 1200 }
  })
}

const randomly = (mean: number, times: number, seed: number): Moment[] => {
  const random = randomStream(seed)
  let at = 100
  return Array.from({ length: times }, () => {
    at += -mean * Math.log(1 - random())
    return { at, bytes: Math.floor(200 + 20_000 * random() ** 4) }
  })
}

/** The log-likelihood ratio, written out. */
const evidenceOf = (moments: readonly Moment[]): number => {
  const times = moments.map(({ at }) => Math.round(at * 1000)).toSorted((a, b) => a - b)
  const starts = times.filter((time, i) => i === 0 || time - (times[i - 1] ?? 0) > 2000)
  const gaps = starts.slice(1).map((time, i) => time - (starts[i] ?? 0))
  if (gaps.length < 2) return 0
  const median = gaps.toSorted((a, b) => a - b)[Math.floor((gaps.length + 1) / 2) - 1] ?? 1
  const likelier = (ratio: number, width: number): number => {
    const random = Math.LN2 * 2 ** -ratio
    const program = Math.abs(ratio - 1) <= width ? 0.95 / (2 * width) : 0
    return Math.log10(program / random + 0.05)
  }
  const sums = [0.1, 0.25, 0.5, 0.85].map(
    (width) => gaps.reduce((sum, gap) => sum + likelier(gap / median, width), 0) - likelier(1, width),
  )
  return Math.max(0, Math.max(...sums) - Math.log10(4))
}

describe('a rhythm', () => {
  it('of a clock is measured exactly', async () => {
    expect(await measure(every(300, 100))).toMatchObject({
      checkIns: 100,
      span: 29_700,
      gap: 300,
      size: 1200,
      regular: 1,
      spread: 0,
      alike: 1,
      hours: 9,
      presence: 1,
      ritaTimestamps: 1,
      ritaDuration: 0.75,
    })
  })

  it('is nothing where there is nothing, and little of one or two events', async () => {
    const nothing = Object.fromEntries(statistics.map((name) => [name, 0]))
    expect(await measure([])).toMatchObject({ ...nothing, presence: expect.any(Number) })
    for (const moments of [every(60, 1), every(60, 2), every(0, 5)]) {
      const row = await measure(moments)
      expect(row.evidence).toBe(0)
      expect(Object.values(row).every((value) => Number.isFinite(value) && value >= 0)).toBe(true)
    }
  })

  it('counts events that follow one another within two seconds once, with all their bytes', async () => {
    const bursts = every(300, 20, 500).flatMap(({ at, bytes }) => [
      { at, bytes },
      { at: at + 0.2, bytes: 100 },
      { at: at + 1.9, bytes: 0 },
    ])
    expect(await measure(bursts)).toMatchObject({ checkIns: 20, gap: 300, size: 600, alike: 1, regular: 1 })
  })

  it('survives missed check-ins and multiples of the sleep', async () => {
    const missed = every(300, 100).filter((_, i) => i % 7 !== 3)
    const row = await measure(missed)
    expect(row).toMatchObject({ gap: 300, spread: 0 })
    expect(row.evidence).toBeGreaterThan(30)
  })

  it('has evidence for sleeps with jitter, and none for random arrivals or bursts of a person', async () => {
    const sleeps = await Promise.all(
      [0, 0.2, 0.5, 0.8].map((jitter) => measure(jittered(600, 72, jitter, 5))),
    )
    const evidence = sleeps.map((row) => row.evidence)
    expect(evidence).toEqual(evidence.toSorted((a, b) => b - a))
    expect(evidence.at(-1)).toBeGreaterThan(4)
    for (let seed = 1; seed <= 20; seed++) {
      expect((await measure(randomly(600, 72, seed))).evidence).toBeLessThan(1)
    }
  })

  it('tells what is steady from what comes in waves by the dispersion of hours', async () => {
    const steady = await measure(jittered(600, 100, 0.5, 1))
    const waves = await measure(
      every(20, 100).map((m, i) => ({ ...m, at: m.at + Math.floor(i / 50) * 9 * 3600 })),
    )
    expect(steady.dispersion).toBeLessThan(0.5)
    expect(waves.dispersion).toBeGreaterThan(10)
    expect(waves.presence).toBeLessThan(0.5)
  })

  it('takes bytes beyond 4 MB for 4 MB, and times before 1970 and after 2109 for those years', async () => {
    const row = await measure(every(60, 5, 1e12), { fromMs: -1e12, toMs: 9e12 })
    expect(row).toMatchObject({ checkIns: 1 })
    expect(row.size).toBeLessThan(2 ** 25)
  })

  it('is finite and never below 0, whatever the events, with the evidence of the formula', async () => {
    const moment = record({ at: double({ min: 0, max: 86_399, noNaN: true }), bytes: nat(5_000_000) })
    const near = record({ at: integer({ min: 0, max: 90 }), bytes: constantFrom(0, 100, 104, 4000) })
    await assert(
      asyncProperty(
        oneof(array(moment, { maxLength: 40 }), array(near, { maxLength: 40 })),
        async (moments) => {
          const row = await measure(moments)
          expect(Object.entries(row).filter(([, value]) => !(Number.isFinite(value) && value >= 0))).toEqual(
            [],
          )
          expect(row.evidence).toBeCloseTo(evidenceOf(moments), 5)
        },
      ),
      { numRuns: 40, seed: 2 },
    )
  })
})

describe("RITA's parts", () => {
  // The quartiles, skewness and deviations below are worked out by hand.
  const gapsOf = (...gaps: readonly number[]): Moment[] => {
    let at = 0
    return [{ at, bytes: 0 }, ...gaps.map((gap) => ({ at: (at += gap), bytes: 0 }))]
  }

  it.each([
    ['close gaps', [98, 99, 99, 100, 100, 100, 101, 101, 102], 0.995],
    ['two modes', [98, 300, 98, 300, 98, 300, 98, 300, 98, 300], 0.747],
    ['random gaps', [1, 299, 25, 4975, 90, 2, 42, 500, 1500], 0.084],
    ['two gaps', [60, 60], 0],
  ])('score timestamps of %s', async (_, gaps, score) => {
    expect((await measure(gapsOf(...gaps))).ritaTimestamps).toBe(score)
  })

  it('score sizes by skewness, deviation and smallness', async () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((bytes, i) => ({ at: i * 60, bytes }))
    // Median 5.5, deviation 2.5: (1 + 3/5.5 + (1 − 1/65,535))/3.
    expect((await measure(sizes)).ritaSizes).toBe(0.849)
    expect((await measure(every(60, 9, 40_000))).ritaSizes).toBe(0.797)
  })

  it('score the histogram by its flatness, or by how many hours are of two heights', async () => {
    expect((await measure(every(600, 144))).ritaHistogram).toBeGreaterThan(0.95)
    const twoHeights = Array.from({ length: 24 }, (_, hour) =>
      every(60, hour % 2 === 0 ? 40 : 4).map((m) => ({ ...m, at: m.at + hour * 3600 })),
    )
    expect((await measure(twoHeights.flat())).ritaHistogram).toBe(1)
    expect((await measure(every(60, 60))).ritaHistogram).toBe(0)
  })

  it('score the duration by the longest run of hours, around midnight too', async () => {
    expect((await measure(every(1800, 10))).ritaDuration).toBe(0)
    expect((await measure(every(1800, 13))).ritaDuration).toBe(0.584)
    const aroundMidnight = [...every(1800, 6), ...every(1800, 6).map((m) => ({ ...m, at: m.at + 21 * 3600 }))]
    expect((await measure(aroundMidnight)).ritaDuration).toBeGreaterThan(0.9)
  })

  const capture = new URL('../../../shared/data/copyleft/proxy/rita-proxy/', import.meta.url)

  it.skipIf(!existsSync(capture))(
    'are the published ones on the shared capture: 0.921, 0.995, 1 and 1, together 0.979',
    async () => {
      const read = (log: string): string[][] =>
        readFileSync(new URL(log, capture), 'latin1')
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('#'))
          .map((line) => line.split('\t'))
      const connections = new Map(read('conn.log').map((fields) => [fields[1] ?? '', fields]))
      const lastMs =
        1000 * Math.max(...[...connections.values()].map((fields) => Math.floor(Number(fields[0]))))
      // The last 24 hours; the events are taken from the full hour before.
      const fromMs = lastMs - dayMs
      const firstMs = Math.floor(fromMs / 3_600_000) * 3_600_000
      const calls = read('http.log').filter(
        (fields) => fields[8] === 'www.honestimnotevil.com' && Number(fields[0]) * 1000 >= firstMs,
      )
      expect(calls).toHaveLength(357)
      const moments = calls.map((fields): Moment => {
        const connection = connections.get(fields[1] ?? '')
        return { at: Number(connection?.[0]) - fromMs / 1000, bytes: Number(connection?.[17]) }
      })
      const row = await measure(moments, { fromMs, toMs: lastMs })
      expect(row).toMatchObject({
        ritaTimestamps: 0.921,
        ritaSizes: 0.995,
        ritaHistogram: 1,
        ritaDuration: 1,
      })
      const { ritaTimestamps, ritaSizes, ritaHistogram, ritaDuration } = row
      expect((ritaTimestamps + ritaSizes + ritaHistogram + ritaDuration) / 4).toBeCloseTo(0.979, 10)
    },
  )
})

describe('in windows of events', () => {
  const proxy = (at: number, client: string, site: string, bytes: number): TestEvent => ({
    at,
    category: 'proxy',
    source_ip: client,
    destination_address: site,
    destination_bytes: bytes,
  })
  const [a, b] = ['192.0.2.1', '192.0.2.2']
  const day = 86_400
  const events = [
    ...every(300, 50).map(({ at, bytes }) => proxy(at, a, 'one.example.com', bytes)),
    ...every(300, 30).map(({ at, bytes }) => proxy(at + 2 * day, a, 'one.example.com', bytes)),
    ...every(700, 5).map(({ at, bytes }) => proxy(at + day, b, 'one.example.com', bytes)),
    ...every(900, 7).map(({ at, bytes }) => proxy(at + 2.5 * day, b, 'two.example.com', bytes)),
  ]
  const set: FeatureSet = {
    from: { category: 'proxy' },
    entity: ['source_ip', 'destination_address'],
    features: {
      checkIns: rhythm('checkIns'),
      gap: rhythm('gap'),
      large: rhythm('checkIns', { bytes: [] }, { destination_bytes: { kind: 'atLeast', value: 5000 } }),
      others: popularity('destination_address', { by: 'source_ip', statistic: 'count' }),
      without: popularity('destination_address', { by: 'source_ip', statistic: 'without' }),
      known: age('destination_address', { by: 'source_ip' }),
      unknown: age('destination_address', { by: 'source_ip', statistic: 'unknown' }),
    },
  }
  const study: Study = { set, range: { fromMs: epochMs, toMs: epochMs + 7 * dayMs }, prefix: 'test' }

  const windows = async (days: number) => {
    const tallies = talliesOf(study, day)
    const histories = historiesOf(study)
    for (const { table, fill } of [...histories, tallies]) {
      await engine.dropTable(table)
      await engine.createTable(table)
      await engine.run(fill)
    }
    expect(histories).toHaveLength(1)
    const query = compileWindows(study, {
      seconds: days * day,
      minEvents: 1,
      tallies: id(tallies.table.name),
      tallySeconds: day,
    })
    return engine.rows<Record<string, number | string>>(sql`SELECT * FROM (${query}) ORDER BY e0, e1, window`)
  }

  beforeAll(() => insertEvents(engine, events))

  it('is put together from short windows, and takes only the events asked for', async () => {
    expect((await windows(1)).map((row) => [row['f_checkIns'], row['f_gap'], row['f_large']])).toEqual([
      [50, 300, 0],
      [30, 300, 0],
      [5, 700, 0],
      [7, 900, 0],
    ])
    // Aligned weeks begin on Thursdays; 2026-03-02 is a Monday.
    const weeks = await windows(7)
    expect(weeks.map((row) => row['f_checkIns'])).toEqual([80, 5, 7])
  })

  it('comes with how long a destination is known, and to how many', async () => {
    const rows = await windows(1)
    expect(rows.map((row) => [row['f_others'], row['f_without']])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ])
    expect(rows[1]?.['f_known']).toBeCloseTo(2 + (29 * 300) / day, 9)
    expect(rows.map((row) => Math.floor(Number(row['f_unknown']) * 10) / 10)).toEqual([0, 0, 0, 2.5])
  })

  it('is that of the first 2,000 events of a window', async () => {
    await engine.run(
      sql`INSERT INTO events (timestamp, category, source_ip, destination_address, event_repeats) SELECT fromUnixTimestamp64Milli(${epochMs + 6 * dayMs} + 30000 * number, 'UTC'), 'proxy', toIPv6('192.0.2.3'), 'three.example.com', 1 FROM numbers(2500)`,
    )
    const [row] = (await windows(1)).filter(({ e0 }) => String(e0).endsWith('192.0.2.3'))
    expect(row).toMatchObject({ f_checkIns: 2000, f_gap: 30 })
  })
})
