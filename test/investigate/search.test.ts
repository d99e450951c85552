import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { indexLines } from '../../src/engine/line-index.ts'
import { AppError } from '../../src/errors.ts'
import { filterSql, filterText } from '../../src/features/compile-filter.ts'
import { commitSegments } from '../../src/ingest/segments.ts'
import { queryCondition } from '../../src/investigate/compile.ts'
import { bucketMsFor, countByTime } from '../../src/investigate/histogram.ts'
import { findEvent, searchEvents, stretches } from '../../src/investigate/search.ts'
import { sql } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from '../features/insert-events.ts'

let engine: Engine
let close: () => Promise<void>

const nowMs = epochMs + 86_400_000
const segment = 'seg.0'

const events: readonly TestEvent[] = [
  {
    at: 1,
    category: 'web',
    source_ip: '192.0.2.7',
    url_path: '/a.php',
    http_response_status_code: 200,
    http_response_bytes: 2_500_000,
    user_name: 'Bob',
  },
  { at: 2, category: 'web', source_ip: '198.51.100.9', url_path: '/admin/', http_response_status_code: 404 },
  {
    at: 3,
    category: 'web',
    source_ip: '2001:db8::ffff:1',
    url_path: "/it's",
    http_response_status_code: 500,
    other: '{"tls":{"version":"1.3"},"n":7}',
  },
  { at: 4, category: 'auth', user_name: 'eve', process_command_line: 'C:\\Windows\\x_y.exe 50% -a' },
  { at: 3600, category: 'dns', dns_question_name: 'MÜLLER.example.com', destination_ip: '192.0.2.7' },
]

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await insertEvents(
    engine,
    events.map((event) => ({ other: '{}', ...event, segment })),
  )
  await commitSegments(engine, [
    {
      segment,
      content: 'seg',
      start: 0,
      open: false,
      source: 'test.log',
      format: 'test',
      head: '',
      lines: events.length,
      rejected: 0,
      firstMs: epochMs + 1000,
      lastMs: epochMs + 3_600_000,
      note: '',
    },
  ])
})

afterAll(() => close())

const found = async (q: string): Promise<number[]> => {
  const result = await searchEvents(engine, { q, order: 'oldest' }, { nowMs })
  return result.events.map((event) => (Date.parse(event.time) - epochMs) / 1000)
}

describe('a search', () => {
  it.each<[string, number[]]>([
    ['', [1, 2, 3, 4, 3600]],
    ['category:web', [1, 2, 3]],
    ['bob', [1]],
    ['BOB', [1]],
    ['bo', []],
    ['bo*', [1]],
    ['"url_path=/admin"', [2]],
    ['"url_path=/adm"', []],
    ['"it\'s"', [3]],
    ['"50%"', [4]],
    ['x_y', [4]],
    ['x?y', [4]],
    ['x*50%', [4]],
    ['"windows\\\\x_y"', [4]],
    ['müller', []],
    ['MÜLLER', [3600]],
    ['198.51.100.0/24', [2]],
    ['192.0.2.0/24', [1, 3600]],
    ['ip:192.0.2.7', [1, 3600]],
    ['source.ip:192.0.2.7', [1]],
    ['source_ip:198.51.100.*', [2]],
    ['source_ip:*100.9', [2]],
    ['source_ip:2001:db8::/32', [3]],
    ['source_ip:2001:0db8:0:0::ffff:0001', [3]],
    ['source_ip:[192.0.2.0 TO 192.0.2.255]', [1]],
    ['source_ip:(192.0.2.7 OR 198.51.100.0/24)', [1, 2]],
    ['source_ip:*', [1, 2, 3]],
    ['NOT source_ip:*', [4, 3600]],
    ['user:bob', [1]],
    ['user:b*', [1]],
    ['-user:* category:web', [2, 3]],
    ['user:[a TO c]', [1]],
    ['dns_question_name:müller.example.com', [3600]],
    ['dns:*ÜLL*', [3600]],
    ['path:/ADMIN/', [2]],
    ['path:/a*', [1, 2]],
    ['path:/^\\/a[.]/', [1]],
    ['cmd:C:\\Windows*', [4]],
    ['cmd:*50%*', [4]],
    ['cmd:*5_%*', []],
    ['status:4xx', [2]],
    ['status:[400 TO 500}', [2]],
    ['status:(>400 AND <=500)', [2, 3]],
    ['status:40?', [2]],
    ['bytes:>2MB', [1]],
    ['bytes:>2.6mb', []],
    ['other.n:7', [3]],
    ['other.n:>6', [3]],
    ['other.n:>7', []],
    ['tls.version:1.3', [3]],
    ['tls.ver-sion:1.3', []],
    ['other.tls.version:*', [3]],
    ['NOT other.tls.version:* AND category:web', [1, 2]],
    ['timestamp:2026-03-02', [1, 2, 3, 4, 3600]],
    ['timestamp:2026-03-02T01', [3600]],
    ['timestamp:{2026-03-02T00:00:02Z TO 2026-03-02T00:00:04Z]', [3, 4]],
    ['timestamp:>now-23h', [3600].slice(1)],
    ['timestamp:>=now-23h', [3600]],
    ['destination_address:listed() bob', [1]],
  ])('for %s finds what it should', async (q, expected) => {
    expect(await found(q)).toEqual(expected)
  })

  it('finds what a filter of a detector finds', async () => {
    for (const detector of detectors) {
      const { from } = detector
      if (JSON.stringify(from).includes('listed') || JSON.stringify(from).includes('uncategorised')) continue
      const [row] = await engine.rows<{ different: number }>(
        sql`SELECT countIf((${filterSql(from)}) != (${queryCondition(filterText(from), nowMs)})) AS different FROM events`,
      )
      expect([filterText(from), row?.different]).toEqual([filterText(from), 0])
    }
  })

  it('gives pages that together hold every event once, in both orders', async () => {
    for (const order of ['newest', 'oldest'] as const) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await searchEvents(
          engine,
          { q: '', limit: 2, order, ...(cursor === undefined ? {} : { cursor }) },
          { nowMs },
        )
        expect(page.events.length).toBeLessThanOrEqual(2)
        seen.push(...page.events.map(({ time }) => time))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      const times = events.map(({ at }) => new Date(epochMs + at * 1000).toISOString())
      expect(seen).toEqual(order === 'newest' ? times.toReversed() : times)
    }
  })

  it('gives an event with all it has, and finds it again by its id', async () => {
    const { events: rows } = await searchEvents(engine, { q: 'tls.version:1.3' }, { nowMs })
    const [event] = rows
    expect(event?.fields).toEqual({
      category: 'web',
      source: 'test.log',
      line_number: 3,
      source_ip: '2001:db8::ffff:1',
      http_response_status_code: 500,
      url_path: "/it's",
      'other.tls.version': '1.3',
      'other.n': 7,
    })
    expect(await findEvent(engine, event?.id ?? '')).toEqual(event)
    expect(await findEvent(engine, `${epochMs}.99.nothing`)).toBeNull()
    await expect(findEvent(engine, 'x')).rejects.toMatchObject({ code: 'invalid-event-id' })
  })

  it('keeps to the time that is asked for', async () => {
    const at = async (from: string | undefined, to: string | undefined) =>
      (
        await searchEvents(
          engine,
          { q: '', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
          { nowMs },
        )
      ).events.length
    expect(await at('24h', 'now')).toBe(5)
    expect(await at('2026-03-02T00:00:02Z', undefined)).toBe(4)
    expect(await at(undefined, '2026-03-02T00:00:02Z')).toBe(2)
    expect(await at('1h', undefined)).toBe(0)
    await expect(at('soon', undefined)).rejects.toMatchObject({ code: 'invalid-time' })
  })

  it('says that a regular expression cannot be read, and where it stands', async () => {
    await expect(found('category:web path:/a(?=b)/')).rejects.toMatchObject({
      code: 'invalid-query',
      facts: { position: 18 },
    })
  })

  it('looks for whatever is written, as text', async () => {
    for (const q of [
      '"\0"',
      "%' OR 1=1 --",
      '"{p0:String}"',
      '"\uD800"',
      '日本',
      'path:"\t\n"',
      "user:') OR 1",
    ]) {
      try {
        expect(await found(q)).toEqual([])
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'invalid-query') throw error
      }
    }
  })

  it('finds the same with an index of lines', async () => {
    const asked = ['bob', 'BO', '"url_path=/admin"', 'x_y', 'müller', 'NOT bob', 'bo*']
    const before = await Promise.all(asked.map(found))
    await indexLines(engine)
    // Asked for again, it is there already.
    await indexLines(engine)
    expect(await Promise.all(asked.map(found))).toEqual(before)
    const [index] = await engine.rows<{ type: string }>(
      sql`SELECT type FROM system.data_skipping_indices WHERE table = 'events'`,
    )
    expect(index?.type).toBe('text')
  })

  it('stops when nobody waits any more', async () => {
    await expect(
      searchEvents(engine, { q: 'bob' }, { nowMs, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('stretches of time', () => {
  it('cover the whole, the newest first, ever longer', () => {
    const there = { fromMs: 0, toMs: 10_000_000, events: 10_000_000 }
    const all = stretches({ fromMs: -Infinity, toMs: Infinity }, there, 'newest')
    expect(all[0]?.toMs).toBe(Infinity)
    expect(all.at(-1)?.fromMs).toBe(-Infinity)
    expect(all.slice(1).map(({ toMs }) => toMs)).toEqual(all.slice(0, -1).map(({ fromMs }) => fromMs))
    expect(all.length).toBeLessThan(6)
    expect(stretches({ fromMs: 5, toMs: 9 }, there, 'newest')).toEqual([{ fromMs: 5, toMs: 9 }])
    const oldest = stretches({ fromMs: 1000, toMs: Infinity }, there, 'oldest')
    expect(oldest[0]?.fromMs).toBe(1000)
    expect(oldest.at(-1)?.toMs).toBe(Infinity)
  })
})

describe('a histogram', () => {
  it('has all buckets of the time there is, and counts every event once', async () => {
    const histogram = await countByTime(engine, { q: '', buckets: 100 }, { nowMs })
    expect(histogram.bucketMs).toBe(60_000)
    expect(histogram.buckets).toHaveLength(61)
    expect(histogram.total).toBe(5)
    expect(histogram.buckets[0]).toEqual({ time: new Date(epochMs).toISOString(), events: 4 })
    expect(histogram.buckets.at(-1)).toEqual({ time: new Date(epochMs + 3_600_000).toISOString(), events: 1 })
  })

  it('shows the time that is asked for, empty or not', async () => {
    const histogram = await countByTime(
      engine,
      { q: 'category:web', from: '48h', to: 'now', buckets: 48 },
      { nowMs },
    )
    expect(histogram.bucketMs).toBe(3 * 3_600_000)
    expect(histogram.total).toBe(3)
    expect(
      await countByTime(engine, { q: '', from: '2026-03-05', to: '2026-03-04' }, { nowMs }),
    ).toMatchObject({
      total: 0,
      buckets: [],
    })
  })

  it('never has more buckets than asked for', () => {
    for (const most of [1, 10, 100])
      for (const span of [1, 999, 60_000, 86_400_000, 1e11, 1e13]) {
        const width = bucketMsFor(nowMs - span, nowMs, most)
        // One bucket would have to be as wide as two where a span lies over an edge.
        expect(span >= 1e12 || most === 1 || span / width <= most).toBe(true)
      }
  })
})
