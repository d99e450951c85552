import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import { count, type Feature } from '../../src/features/feature.ts'
import type { Study } from '../../src/features/feature-set.ts'
import { knownPlaces } from '../../src/features/known-places.ts'
import { newcomer, travel, unproven, unusualHour } from '../../src/features/moment-feature.ts'
import { momentTables } from '../../src/features/moments.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { proofTables } from '../../src/features/unproven.ts'
import type { EntityColumn } from '../../src/schema/columns.ts'
import { id } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from './insert-events.ts'

let engine: Engine
let close: () => Promise<void>
beforeEach(async () => {
  ;({ engine, close } = await openTestEngine())
  await engine.createTable(knownPlaces)
})
afterEach(() => close())

const day = 86_400
const hour = 3600

const login = (at: number, user: string, more: Partial<TestEvent> = {}): TestEvent => ({
  at,
  category: 'auth',
  event_action: 'login',
  event_outcome: 'success',
  user_name: user,
  source_ip: '192.0.2.1',
  source_geo_country_iso_code: 'AT',
  source_geo_latitude: 48.21,
  source_geo_longitude: 16.37,
  user_agent: 'Browser/1.0',
  ...more,
})

const lagos = {
  source_ip: '203.0.113.9',
  source_geo_country_iso_code: 'NG',
  source_geo_latitude: 6.52,
  source_geo_longitude: 3.38,
}
const berlin = {
  source_ip: '198.51.100.9',
  source_geo_country_iso_code: 'DE',
  source_geo_latitude: 52.52,
  source_geo_longitude: 13.4,
}

/** The features of each user and day that has any above 0: `user day → values`. */
const measure = async (
  events: readonly TestEvent[],
  features: Readonly<Record<string, Feature>>,
  options: { readonly entity?: readonly EntityColumn[]; readonly excluded?: Study['range'] } = {},
): Promise<Record<string, number[]>> => {
  await insertEvents(engine, events)
  const study: Study = {
    set: {
      from: { category: 'auth', event_action: 'login' },
      entity: options.entity ?? ['user_name'],
      features: { logins: count(), ...features },
    },
    range: { fromMs: epochMs, toMs: epochMs + 100 * day * 1000 },
    prefix: 'test',
    ...(options.excluded === undefined ? {} : { apart: { periods: [options.excluded], suspects: null } }),
  }
  const tallies = talliesOf(study, day)
  for (const { table, fill } of [...momentTables(study), ...proofTables(study), tallies]) {
    await engine.createTable(table)
    await engine.run(fill)
  }
  const windows = compileWindows(study, {
    seconds: day,
    minEvents: 1,
    tallies: id(tallies.table.name),
    tallySeconds: day,
  })
  const rows = await engine.rows<Record<string, string | number>>(windows)
  const told = rows.flatMap((row) => {
    const values = Object.keys(features).map((name) => Number(row[`f_${name}`]))
    const at = (Date.parse(`${row.window}Z`) - epochMs) / day / 1000
    return values.some((value) => value !== 0) ? [[`${row.e0} ${at}`, values] as const] : []
  })
  return Object.fromEntries(told.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const daily = (user: string, days: number, more: Partial<TestEvent> = {}): TestEvent[] =>
  Array.from({ length: days }, (_, i) => login(i * day + 9 * hour, user, more))

describe('what somebody has for the first time', () => {
  it('counts what was there before, and nothing that came after', async () => {
    const seen = await measure(
      [
        ...daily('ann', 10),
        ...daily('bob', 10, berlin),
        login(5 * day + 12 * hour, 'ann', berlin),
        login(6 * day + 12 * hour, 'ann', berlin),
      ],
      {
        isNew: newcomer('country', 'count'),
        before: newcomer('country', 'before'),
        values: newcomer('country', 'values'),
        others: newcomer('country', 'others'),
      },
    )
    expect(seen).toEqual({ 'ann 0': [1, 0, 0, 0], 'ann 5': [1, 6, 1, 1], 'bob 0': [1, 0, 0, 0] })
  })

  it('is less of a surprise to those who often have something new, and where others have it', async () => {
    const seen = await measure(
      [
        ...daily('settled', 20, { source_as_number: 64_490 }),
        ...daily('other', 20, { ...berlin, source_as_number: 64_496 }),
        ...daily('nomad', 20).map((event, i) => ({ ...event, source_as_number: 64_500 + i })),
        login(25 * day, 'settled', { source_as_number: 64_499 }),
        login(25 * day, 'nomad', { source_as_number: 64_498 }),
        login(26 * day, 'settled', { source_as_number: 64_496 }),
      ],
      { surprise: newcomer('network', 'surprise') },
    )
    const [settled = 0] = seen['settled 25'] ?? []
    const [nomad = 0] = seen['nomad 25'] ?? []
    const [shared = 0] = seen['settled 26'] ?? []
    expect(settled).toBeGreaterThan(2)
    expect(nomad).toBeLessThan(settled - 0.6)
    expect(shared).toBeLessThan(settled - 0.2)
    // Of whom nothing is known, nothing is a surprise.
    expect(seen['settled 0']).toBeUndefined()
  })

  it('leaves the versions of programs aside', async () => {
    const seen = await measure(
      [
        ...daily('ann', 5),
        login(6 * day, 'ann', { user_agent: 'Browser/1.2' }),
        login(7 * day, 'ann', { user_agent: 'Loader/1.2' }),
      ],
      { isNew: newcomer('device', 'count') },
    )
    expect(seen).toEqual({ 'ann 0': [1], 'ann 7': [1] })
  })

  it('is new again after a period that is not learned from', async () => {
    const excluded = { fromMs: epochMs + 5 * day * 1000, toMs: epochMs + 6 * day * 1000 }
    const seen = await measure(
      [...daily('ann', 10), login(5.5 * day, 'ann', lagos), login(8.5 * day, 'ann', lagos)],
      { isNew: newcomer('country', 'count'), before: newcomer('country', 'before') },
      { excluded },
    )
    expect(seen).toEqual({ 'ann 0': [1, 0], 'ann 5': [1, 5], 'ann 8': [1, 8] })
  })
})

describe('unusual hours', () => {
  it('surprise those who are never there then, not those who are', async () => {
    const seen = await measure(
      [
        ...daily('ann', 30),
        ...daily('night', 30).map((event) => ({ ...event, at: event.at - 6 * hour })),
        login(30 * day + 3 * hour, 'ann'),
        login(30 * day + 3 * hour, 'night'),
        login(31 * day + 10 * hour, 'ann'),
      ],
      { surprise: unusualHour('surprise'), before: unusualHour('before') },
    )
    const [ann = 0, before = 0] = seen['ann 30'] ?? []
    expect(before).toBe(30)
    expect(ann).toBeGreaterThan(0.7)
    expect(seen['night 30']?.[0]).toBe(0)
    // An hour beside the usual one is usual.
    expect(seen['ann 31']?.[0]).toBe(0)
  })
})

describe('impossible journeys', () => {
  const journeys = {
    journeys: travel('count'),
    distance: travel('distance'),
    speed: travel('speed'),
  }

  it('are those that no airliner makes', async () => {
    const seen = await measure(
      [
        login(0, 'ann'),
        login(2 * hour, 'ann', lagos),
        login(3 * day, 'bob'),
        login(3 * day + 7 * hour, 'bob', lagos),
        // Too near to be sure of.
        login(4 * day, 'cleo'),
        login(4 * day + 60, 'cleo', { source_geo_latitude: 47.07, source_geo_longitude: 15.44 }),
        // Not known where.
        login(5 * day, 'dan'),
        login(5 * day + 60, 'dan', { source_geo_latitude: 0, source_geo_longitude: 0 }),
      ],
      journeys,
    )
    // Vienna to Lagos along a great circle is 4,790 km.
    expect(Object.keys(seen)).toEqual(['ann 0'])
    const [many = 0, distance = 0, speed = 0] = seen['ann 0'] ?? []
    expect(many).toBe(1)
    expect(distance).toBeGreaterThan(4700)
    expect(distance).toBeLessThan(4900)
    expect(speed).toBeCloseTo(distance / 2, -1)
  })

  it('do not count between two places where somebody was before', async () => {
    const hops = Array.from({ length: 6 }, (_, i) => login(i * 600, 'ann', i % 2 === 0 ? {} : lagos))
    expect(await measure(hops, { journeys: travel('count') })).toEqual({ 'ann 0': [2] })
  })

  it('do not count by way of an exit that has carried others off from and to several places', async () => {
    // Each is at home, in a city of their own, and a minute later at the exit.
    const home = (i: number) => ({ source_ip: `2001:db8:${i + 1}::1`, source_geo_latitude: 40 + i / 10 })
    const users = Array.from({ length: 6 }, (_, i) => `user${i}`)
    const events = users.flatMap((user, i) => [
      login(i * day, user, home(i)),
      login(i * day + 60, user, berlin),
    ])
    const seen = await measure(events, { journeys: travel('count') })
    expect(Object.keys(seen)).toEqual(['user0 0', 'user1 1', 'user2 2'])
  })

  it('count from an office, though some of its people have private exits', async () => {
    const office = { source_ip: '192.0.2.200' }
    const people = Array.from({ length: 30 }, (_, i) => login(i * 60, `user${i}`, office))
    const privateExits = [0, 1, 2, 3].map((i) =>
      login(hour + i * 60, `user${i}`, { ...berlin, source_ip: `2001:db8:${i + 1}::1` }),
    )
    const seen = await measure([...people, ...privateExits, login(2 * hour, 'user9', lagos)], {
      journeys: travel('count'),
    })
    expect(Object.keys(seen)).toContain('user9 0')
  })
})

describe('failures of those who never got in', () => {
  const failure = { event_outcome: 'failure' } as const
  const never = unproven(['user_name', 'source_ip'], { event_outcome: 'success' }, failure)

  it('are those that come before the first success from there', async () => {
    const seen = await measure(
      [
        login(0, 'ann', failure),
        login(10, 'ann', failure),
        login(20, 'ann'),
        login(day, 'ann', failure),
        login(day, 'ann', { ...failure, source_ip: '203.0.113.9' }),
        login(day, 'bob', failure),
      ],
      { never },
    )
    expect(seen).toEqual({ 'ann 0': [2], 'ann 1': [1], 'bob 1': [1] })
  })

  it('may be told apart by another column', async () => {
    const seen = await measure(
      [
        login(0, 'ann', failure),
        login(10, 'ann', failure),
        login(20, 'bob', failure),
        login(30, 'cleo', { source_ip: '203.0.113.9' }),
        login(40, 'cleo', { ...failure, source_ip: '203.0.113.9' }),
      ],
      { users: { ...never, distinct: 'user_name' } },
      { entity: ['source_ip'] },
    )
    expect(seen).toEqual({ '::ffff:192.0.2.1 0': [2] })
  })
})
