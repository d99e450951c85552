import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { commitSegments } from '../../src/ingest/segments.ts'
import { entityGraph } from '../../src/investigate/entity-graph.ts'
import { listEntities } from '../../src/investigate/entity-list.ts'
import { entityPage } from '../../src/investigate/entity-page.ts'
import { relatedOf } from '../../src/investigate/entity-others.ts'
import { summariseFields } from '../../src/investigate/field-summary.ts'
import { blocksSql, everyBlock, sampling } from '../../src/investigate/sample.ts'
import { followEvents } from '../../src/investigate/tail.ts'
import { octetRanges, suggestValues } from '../../src/investigate/values.ts'
import { sql } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from '../features/insert-events.ts'

let engine: Engine
let close: () => Promise<void>

const day = 86_400
const nowMs = epochMs + 10 * day * 1000
const options = { nowMs }

/** Alice and Bob work on the same two hosts every day; on the last day Alice goes to a third, from elsewhere. */
const events: readonly TestEvent[] = [
  ...[0, 1, 2, 3].flatMap((date) =>
    ['alice', 'bob'].flatMap((user, i) =>
      ['web1', 'web2'].map((host, j): TestEvent => ({
        at: date * day + 9 * 3600 + i * 60 + j,
        category: 'auth',
        user_name: user,
        host_name: host,
        source_ip: `192.0.2.${i + 1}`,
        event_outcome: 'success',
      })),
    ),
  ),
  {
    at: 3 * day + 22 * 3600,
    category: 'auth',
    user_name: 'alice',
    host_name: 'db1',
    source_ip: '198.51.100.9',
  },
  {
    at: 3 * day + 22 * 3600 + 1,
    category: 'auth',
    user_name: 'carol',
    host_name: 'lab7',
    source_ip: '192.0.2.3',
  },
]

const segmentOf = (segment: string, lines: number) => ({
  segment,
  content: segment,
  start: 0,
  open: false,
  source: 'test.log',
  format: 'test',
  head: '',
  lines,
  rejected: 0,
  firstMs: epochMs,
  lastMs: epochMs + 4 * day * 1000,
  note: '',
})

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await insertEvents(
    engine,
    events.map((event) => ({ other: '{"shift":"day"}', ...event, segment: 'a.0' })),
  )
  await commitSegments(engine, [segmentOf('a.0', events.length)])
})

afterAll(() => close())

describe('the list of entities', () => {
  it('has the busiest first, with their first and last events', async () => {
    const users = await listEntities(engine, { kind: 'user' }, options)
    expect(users.map(({ value, events: count }) => [value, count])).toEqual([
      ['alice', 9],
      ['bob', 8],
      ['carol', 1],
    ])
    expect(users[0]).toMatchObject({
      first: new Date(epochMs + 9 * 3600 * 1000).toISOString(),
      last: new Date(epochMs + (3 * day + 22 * 3600) * 1000).toISOString(),
    })
  })

  it.each([
    ['user', 'AL', ['alice']],
    ['address', '192.0.2.', ['192.0.2.1', '192.0.2.2', '192.0.2.3']],
    ['address', '198', ['198.51.100.9']],
    ['address', '9', []],
    ['domain', '', []],
  ])('finds those of kind %s that begin with "%s"', async (kind, prefix, expected) => {
    const found = await listEntities(engine, { kind, prefix }, options)
    expect(found.map(({ value }) => value).toSorted()).toEqual(expected)
  })

  it('knows no other kinds', async () => {
    await expect(listEntities(engine, { kind: 'colour' }, options)).rejects.toMatchObject({
      code: 'unknown-entity-kind',
    })
  })
})

describe("an entity's page", () => {
  it('says when, with whom, what is new, and who does alike', async () => {
    const page = await entityPage(engine, { kind: 'user', value: 'alice' }, options)
    expect(page?.events).toBe(9)
    expect(page?.heat).toHaveLength(5)
    expect(page?.heat.at(-1)).toEqual({ day: '2026-03-05', hour: 22, events: 1 })
    expect(page?.categories).toEqual([{ category: 'auth', events: 9 }])
    const hosts = page?.related.find(({ kind }) => kind === 'host')
    expect(hosts?.distinct).toBe(3)
    expect(hosts?.values.map(({ value, fresh }) => [value, fresh])).toEqual([
      ['web1', false],
      ['web2', false],
      ['db1', true],
    ])
    expect(page?.novelty).toEqual([
      { day: '2026-03-02', others: 3, fresh: 3 },
      { day: '2026-03-03', others: 3, fresh: 0 },
      { day: '2026-03-04', others: 3, fresh: 0 },
      { day: '2026-03-05', others: 5, fresh: 2 },
    ])
    expect(page?.peers).toEqual([{ value: 'bob', shared: 2, similarity: 2 / 3 }])
  })

  it('finds an address in whichever column, and nothing of one who is not there', async () => {
    const page = await entityPage(engine, { kind: 'address', value: '192.0.2.2' }, options)
    expect(page?.related.find(({ kind }) => kind === 'user')?.values.map(({ value }) => value)).toEqual([
      'bob',
    ])
    expect(page?.related.some(({ kind }) => kind === 'address')).toBe(false)
    expect(await entityPage(engine, { kind: 'address', value: 'nobody' }, options)).toBeNull()
    expect(await entityPage(engine, { kind: 'user', value: "' OR 1=1" }, options)).toBeNull()
  })
})

describe('a sample', () => {
  it('looks at whole blocks, and says about how many there are', async () => {
    const { every, condition } = everyBlock(3)
    const [row] = await engine.rows<{ events: number; blocks: number }>(
      sql`SELECT count() AS events, ${blocksSql} AS blocks FROM events WHERE ${condition}`,
    )
    // All events of a small table are in its first block.
    expect([every, row?.events, row?.blocks]).toEqual([3, events.length, 1])
    expect(sampling(999, 1000).every).toBe(1)
    expect(sampling(5000, 1000).every).toBe(5)
  })

  it('of one with very many events says nothing of what is new among things that always change', async () => {
    const alice = { value: 'alice', events: 1_000_000, firstMs: epochMs, lastMs: epochMs + 4 * day * 1000 }
    const where = sql`user_name = 'alice'`
    const beside = [
      { kind: 'host', name: 'host_name' },
      { kind: 'resource', name: 'event_outcome' },
    ] as const
    const related = await relatedOf(engine, beside, where, alice, options)
    expect(
      related.map(({ kind, values }) => [kind, values.map(({ value, events: count }) => [value, count])]),
    ).toEqual([
      [
        'host',
        [
          ['web1', 4],
          ['web2', 4],
          ['db1', 1],
        ],
      ],
      ['resource', [['success', 8 * 5]]],
    ])
  })
})

describe("an entity's day as a graph", () => {
  it('marks what was never there before', async () => {
    const graph = await entityGraph(engine, { kind: 'user', value: 'alice', day: '2026-03-05' }, options)
    expect(graph.nodes.map(({ id, events: count, fresh }) => [id, count, fresh])).toEqual([
      ['user:alice', 3, false],
      ['address:192.0.2.1', 2, false],
      ['address:198.51.100.9', 1, true],
      ['host:db1', 1, true],
      ['host:web1', 1, false],
      ['host:web2', 1, false],
    ])
    expect(graph.edges).toHaveLength(5)
    const ids = new Set(graph.nodes.map(({ id }) => id))
    for (const { from, to } of graph.edges) expect(ids.has(from) && ids.has(to)).toBe(true)
  })

  it('is of the last day unless told, and empty for nobody', async () => {
    expect((await entityGraph(engine, { kind: 'user', value: 'bob' }, options)).day).toBe('2026-03-05')
    expect(await entityGraph(engine, { kind: 'user', value: 'nobody' }, options)).toMatchObject({
      day: '',
      edges: [],
    })
    await expect(
      entityGraph(engine, { kind: 'user', value: 'bob', day: '2026-03' }, options),
    ).rejects.toMatchObject({ code: 'invalid-time' })
  })
})

describe('fields and values', () => {
  it('are counted, the most frequent first', async () => {
    const result = await summariseFields(engine, { q: 'user:alice' }, options)
    expect(result).toMatchObject({ events: 9, sampled: false })
    const field = (name: string) => result.fields.find((one) => one.name === name)
    expect(field('source_ip')).toMatchObject({
      entity: 'address',
      events: 9,
      distinct: 2,
      values: [
        { value: '192.0.2.1', events: 8 },
        { value: '198.51.100.9', events: 1 },
      ],
    })
    expect(field('other.shift')?.values).toEqual([{ value: 'day', events: 9 }])
    expect(field('url_path')).toBeUndefined()
  })

  it('are suggested by their beginning', async () => {
    const values = async (field: string, prefix: string) =>
      (await suggestValues(engine, { field, prefix }, options)).map(({ value }) => value)
    expect(await values('user', '')).toEqual(['alice', 'bob', 'carol'])
    expect(await values('host.name', 'WEB')).toEqual(['web1', 'web2'])
    expect(await values('ip', '192.0.2')).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3'])
    expect(await values('other.shift', 'd')).toEqual(['day'])
    await expect(values('usr', '')).rejects.toMatchObject({ code: 'invalid-query' })
  })

  it('know which addresses begin with some digits', () => {
    expect(octetRanges('198.5')).toEqual([
      ['198.5.0.0', '198.5.255.255'],
      ['198.50.0.0', '198.59.255.255'],
    ])
    expect(octetRanges('2')).toEqual([
      ['2.0.0.0', '2.255.255.255'],
      ['20.0.0.0', '29.255.255.255'],
      ['200.0.0.0', '255.255.255.255'],
    ])
    expect(octetRanges('192.0.2.')).toEqual([['192.0.2.0', '192.0.2.255']])
    expect(octetRanges('2001:')).toBeNull()
    expect(octetRanges('300.')).toBeNull()
  })
})

describe('live tail', () => {
  it('gives what is loaded from now on, once, when its segment is whole', async () => {
    const controller = new AbortController()
    const seen: string[] = []
    const follow = async (): Promise<void> => {
      const following = followEvents(
        engine,
        { q: 'user:dave', everyMs: 20 },
        { signal: controller.signal, nowMs },
      )
      for await (const found of following) {
        seen.push(...found.map(({ fields }) => String(fields['line_number'])))
        if (seen.length >= 3) controller.abort()
      }
    }
    const following = follow()
    await new Promise((resolve) => setTimeout(resolve, 200))
    for (const [i, segment] of ['b.0', 'c.0'].entries()) {
      const own = Array.from({ length: i + 1 }, (_, j): TestEvent => ({
        at: 4 * day + i * 100 + j,
        user_name: 'dave',
      }))
      await insertEvents(
        engine,
        [...own, { at: 4 * day, user_name: 'erin' }].map((event) => ({ other: '{}', ...event, segment })),
      )
      await commitSegments(engine, [{ ...segmentOf(segment, i + 2), lastMs: epochMs + 5 * day * 1000 }])
    }
    await following
    expect(seen).toEqual(['1', '1', '2'])
  })

  it('refuses a query it cannot read at once', async () => {
    const following = followEvents(engine, { q: 'user:' }, { signal: new AbortController().signal })
    await expect(following.next()).rejects.toMatchObject({ code: 'invalid-query' })
  })
})
