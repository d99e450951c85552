import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import type { FeatureSet, Study, TimeRange } from '../../src/features/feature-set.ts'
import { historiesOf } from '../../src/features/history.ts'
import { id } from '../../src/sql/sql.ts'
import {
  count,
  countBefore,
  distinct,
  entropy,
  firstSeen,
  gaps,
  length,
  max,
  mean,
  min,
  neverSeen,
  pieces,
  popularity,
  prior,
  quantile,
  rarity,
  rate,
  ratio,
  share,
  sum,
  type Feature,
} from '../../src/features/feature.ts'
import { atLeast, between, not, oneOf, present, startsWith } from '../../src/features/filter.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from './insert-events.ts'

const range: TimeRange = { fromMs: epochMs, toMs: epochMs + 86_400_000 }

const web = (at: number, client: string, path: string, more: Omit<TestEvent, 'at'> = {}): TestEvent => ({
  at,
  category: 'web',
  source_ip: client,
  url_path: path,
  http_response_status_code: 200,
  ...more,
})

const login = (at: number, user: string, source: string, outcome: string, repeats = 1): TestEvent => ({
  at,
  category: 'auth',
  event_action: 'login',
  user_name: user,
  source_ip: source,
  event_outcome: outcome,
  event_repeats: repeats,
})

const a = '192.0.2.1'
const b = '198.51.100.2'
const c = '2001:db8::3'

const events: readonly TestEvent[] = [
  web(0, a, '/', { http_response_bytes: 100, user_agent: 'x' }),
  web(10, a, '/about', { http_response_bytes: 300, user_agent: 'x' }),
  web(20, a, '/missing/deep/page', {
    http_response_status_code: 404,
    http_response_bytes: 20,
    user_agent: 'y',
  }),
  web(30, b, '/', { http_response_bytes: 50 }),
  web(3700, a, '/about', { http_response_bytes: 400, user_agent: 'x' }),
  web(3800, b, '/secret', { http_response_status_code: 403 }),
  web(3801, c, '/', { http_response_bytes: 9 }),
  login(0, 'alice', a, 'success'),
  login(100, 'alice', a, 'success'),
  login(200, 'alice', b, 'failure', 5),
  login(300, 'alice', b, 'success'),
  login(7300, 'alice', c, 'success'),
  login(7400, 'bob', c, 'success'),
]

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await insertEvents(engine, events)
})

afterAll(() => close())

type Row = Readonly<Record<string, number>> & {
  readonly e0: string
  readonly e1?: string
  readonly window: string
}

const byKey = (x: Row, y: Row): number =>
  JSON.stringify([x.window, x.e0, x.e1]) < JSON.stringify([y.window, y.e0, y.e1]) ? -1 : 1

/** Measures twice, from tallies of the windows' own length and of a twelfth of it: both must agree. */
const measure = async (
  given: Partial<FeatureSet> & Pick<FeatureSet, 'features'>,
  seconds = 3600,
  minEvents = 1,
): Promise<Row[]> => {
  const set: FeatureSet = { from: { category: 'web' }, entity: ['source_ip'], ...given }
  const study: Study = { set, range, prefix: 'test' }
  const measuredFrom = async (shortSeconds: number): Promise<Row[]> => {
    const tallies = talliesOf(study, shortSeconds)
    for (const { table, fill } of [...historiesOf(study), tallies]) {
      await engine.dropTable(table)
      await engine.createTable(table)
      await engine.run(fill)
    }
    const query = compileWindows(study, {
      seconds,
      minEvents,
      tallies: id(tallies.table.name),
      tallySeconds: shortSeconds,
    })
    return (await engine.rows<Row>(query)).toSorted(byKey)
  }
  const direct = await measuredFrom(seconds)
  expect(await measuredFrom(seconds / 12)).toEqual(direct)
  return direct
}

/** The feature's values in the order of window, then entity: a, b in the first hour, a, b, c in the second. */
const webValues = async (feature: Feature): Promise<number[]> => {
  const rows = await measure({ features: { it: feature } })
  return rows.map((row) => row['f_it'] ?? Number.NaN)
}

describe('a window', () => {
  it('has its entity, start, first and last event, and their number', async () => {
    const rows = await measure({ features: { requests: count() } })
    expect(rows.map(({ e0, window, first, last, events: n }) => [e0, window, first, last, n])).toEqual([
      [`::ffff:${a}`, '2026-03-02 00:00:00', '2026-03-02 00:00:00.000', '2026-03-02 00:00:20.000', 3],
      [`::ffff:${b}`, '2026-03-02 00:00:00', '2026-03-02 00:00:30.000', '2026-03-02 00:00:30.000', 1],
      [c, '2026-03-02 01:00:00', '2026-03-02 01:03:21.000', '2026-03-02 01:03:21.000', 1],
      [`::ffff:${a}`, '2026-03-02 01:00:00', '2026-03-02 01:01:40.000', '2026-03-02 01:01:40.000', 1],
      [`::ffff:${b}`, '2026-03-02 01:00:00', '2026-03-02 01:03:20.000', '2026-03-02 01:03:20.000', 1],
    ])
  })

  it('with too few events is left out', async () => {
    const rows = await measure({ features: { requests: count() } }, 3600, 2)
    expect(rows.map((row) => [row.e0, row['f_requests']])).toEqual([[`::ffff:${a}`, 3]])
  })

  it('may be of an entity of two parts', async () => {
    const rows = await measure(
      { from: { category: 'auth' }, entity: ['user_name', 'source_ip'], features: { n: count() } },
      86_400,
    )
    expect(rows.map((row) => [row.e0, row.e1, row['f_n']])).toEqual([
      ['alice', c, 1],
      ['alice', `::ffff:${a}`, 2],
      ['alice', `::ffff:${b}`, 6],
      ['bob', c, 1],
    ])
  })
})

describe('a feature', () => {
  // [a, b] in the first hour, [c, a, b] in the second.
  const cases: readonly (readonly [string, Feature, readonly number[]])[] = [
    ['counts events', count(), [3, 1, 1, 1, 1]],
    ['counts what matches', count({ http_response_status_code: between(400, 499) }), [1, 0, 0, 0, 1]],
    ['counts what does not match', count({ http_response_status_code: not(200) }), [1, 0, 0, 0, 1]],
    ['counts one of several values', count({ http_response_status_code: oneOf(403, 500) }), [0, 0, 0, 0, 1]],
    [
      'counts by alternatives',
      count({ or: [{ url_path: startsWith('/miss') }, { http_response_bytes: atLeast(400) }] }),
      [1, 0, 0, 1, 0],
    ],
    ['gives a share', share({ url_path: '/' }), [1 / 3, 1, 1, 0, 0]],
    ['sums', sum('http_response_bytes'), [420, 50, 9, 400, 0]],
    ['takes the largest', max('http_response_bytes'), [300, 50, 9, 400, 0]],
    ['takes the smallest', min('http_response_bytes'), [20, 50, 9, 400, 0]],
    ['takes the mean', mean('http_response_bytes'), [140, 50, 9, 400, 0]],
    ['takes the mean of nothing as 0', mean('http_response_bytes', { url_path: 'nowhere' }), [0, 0, 0, 0, 0]],
    ['measures lengths', max(length('url_path')), [18, 1, 1, 6, 7]],
    ['measures depth', max(pieces('url_path', '/')), [4, 2, 2, 2, 2]],
    ['counts different values', distinct('url_path'), [3, 1, 1, 1, 1]],
    ['counts different values of several columns', distinct(['url_path', 'user_agent']), [3, 1, 1, 1, 1]],
    [
      'counts different values of what matches',
      distinct('user_agent', { user_agent: present }),
      [2, 0, 0, 1, 0],
    ],
    ['gives entropy in bits', entropy('url_path'), [Math.round(Math.log2(3) * 1e6) / 1e6, 0, 0, 0, 0]],
    ['gives the median gap in seconds', gaps('median'), [10, 0, 0, 0, 0]],
    ['counts values new to the entity', firstSeen('url_path'), [3, 1, 1, 0, 1]],
    ['counts values new to everybody', neverSeen('url_path'), [3, 0, 0, 0, 1]],
    ['gives the rarity of the rarest value', rarity('url_path', 'max'), [1.585, 0, 0, 1.585, 1.585]],
    [
      'gives the mean rarity of values',
      rarity('url_path', 'mean'),
      [Math.round((2 * 1585) / 3) / 1000, 0, 0, 1.585, 1.585],
    ],
  ]
  it.each(cases)('%s', async (_, feature, expected) => {
    const values = await webValues(feature)
    expect(values).toHaveLength(expected.length)
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 3))
  })

  it('finds a quantile within one per cent', async () => {
    const [first] = await webValues(quantile('http_response_bytes', 0.5))
    expect(first).toBeGreaterThan(99)
    expect(first).toBeLessThan(101)
  })

  it('divides one feature by another, and by nothing gives 0', async () => {
    const rows = await measure({
      features: {
        requests: count(),
        paths: distinct('url_path'),
        none: count({ url_path: 'x' }),
        per: ratio('paths', 'requests'),
        by0: ratio('paths', 'none'),
      },
    })
    expect(rows[0]?.['f_per']).toBe(1)
    expect(rows.map((row) => row['f_by0'])).toEqual([0, 0, 0, 0, 0])
  })

  it('gives a rate per second, over at least one second', async () => {
    const rows = await measure({ features: { requests: count(), speed: rate('requests') } })
    expect(rows.map((row) => row['f_speed'])).toEqual([3 / 20, 1, 1, 1, 1])
  })

  it('counts repeated lines as often as they say', async () => {
    const rows = await measure(
      { from: { category: 'auth' }, features: { failures: count({ event_outcome: 'failure' }) } },
      86_400,
    )
    expect(rows.map((row) => [row.e0, row['f_failures']])).toEqual([
      [c, 0],
      [`::ffff:${a}`, 0],
      [`::ffff:${b}`, 5],
    ])
  })

  it('counts what came before the last of something', async () => {
    const before = countBefore({ event_outcome: 'failure' }, { event_outcome: 'success' })
    const rows = await measure({ from: { category: 'auth' }, features: { before } }, 86_400)
    expect(rows.map((row) => row['f_before'])).toEqual([0, 0, 5])
  })

  it('sums over earlier windows of some parts of the entity', async () => {
    const rows = await measure({
      from: { category: 'auth', event_outcome: 'success' },
      entity: ['user_name', 'source_ip'],
      features: {
        logins: count(),
        isNew: firstSeen(['user_name', 'source_ip']),
        before: prior('logins', ['user_name']),
        seen: prior('logins', ['user_name', 'source_ip']),
        sources: prior('isNew', ['user_name']),
      },
    })
    const third = rows.find((row) => row.e0 === 'alice' && row.e1 === c)
    expect(third).toMatchObject({ f_isNew: 1, f_before: 3, f_seen: 0, f_sources: 2 })
    const bob = rows.find((row) => row.e0 === 'bob')
    expect(bob).toMatchObject({ f_isNew: 1, f_before: 0, f_seen: 0, f_sources: 0 })
  })

  it('tells how popular a value is with others', async () => {
    const rows = await measure(
      {
        from: { category: 'auth', event_outcome: 'success' },
        entity: ['user_name', 'source_ip'],
        features: { others: popularity('source_ip', { by: 'user_name', floor: 0.1 }) },
      },
      86_400,
    )
    expect(rows.map((row) => [row.e0, row.e1, row['f_others']])).toEqual([
      ['alice', c, 1],
      ['alice', `::ffff:${a}`, 0.1],
      ['alice', `::ffff:${b}`, 0.1],
      ['bob', c, 1],
    ])
  })

  it('finds a clock regular and random arrivals not', async () => {
    const clock = Array.from({ length: 30 }, (_, i) => web(36_000 + i * 60, '203.0.113.9', '/tick'))
    let state = 7
    const random = Array.from({ length: 200 }, (_, i) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return -Math.log(1 - state / 2_147_483_648) * 15 + i * 0
    })
    let at = 36_000
    const walk = random.map((gap) => web((at += gap), '203.0.113.10', '/walk'))
    await insertEvents(engine, [...clock, ...walk])
    const rows = await measure({ features: { regular: gaps('regularity') } }, 7200)
    const of = (client: string): number =>
      rows.find((row) => row.e0 === `::ffff:${client}`)?.['f_regular'] ?? Number.NaN
    expect(of('203.0.113.9')).toBe(1)
    // Exponential gaps: 1 − e^(−1.6·ln 2) − (1 − e^(−0.4·ln 2)) = 0.428 expected.
    expect(of('203.0.113.10')).toBeGreaterThan(0.33)
    expect(of('203.0.113.10')).toBeLessThan(0.53)
  })
})
