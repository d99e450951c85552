import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import type { Study } from '../../src/features/feature-set.ts'
import { path } from '../../src/features/past-feature.ts'
import { allPaths, pathTables } from '../../src/features/paths.ts'
import { sql } from '../../src/sql/sql.ts'
import { eventsTable } from '../../src/schema/tables.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from './insert-events.ts'

const hour = 3600
const day = 24 * hour

const addresses: Readonly<Record<string, string>> = {
  web1: '192.0.2.11',
  db1: '192.0.2.12',
  files1: '192.0.2.13',
  desk1: '192.0.2.101',
  desk2: '192.0.2.102',
}

/** A login as a Linux machine tells of it: the source has an address only. */
const login = (at: number, user: string, source: string, host: string): TestEvent => ({
  at,
  category: 'auth',
  event_action: 'login',
  event_outcome: 'success',
  user_name: user,
  ...(addresses[source] === undefined ? { source_domain: source } : { source_ip: addresses[source] }),
  host_name: `${host}.example.com`,
  host_ip: addresses[host] ?? '::',
})

/** Three weeks in which everybody goes from the desk to the same machine, and no machine on to another. */
const quiet = Array.from({ length: 21 }, (_, n) => n).flatMap((n) => [
  login(n * day + 9 * hour, 'ann', 'desk1', 'web1'),
  login(n * day + 10 * hour, 'bob', 'desk2', 'files1'),
  login(n * day + 11 * hour, 'root', 'desk2', 'db1'),
])

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
})

afterAll(() => close())

interface Found {
  readonly root: string
  readonly hops: number
  readonly switches: number
  readonly surprise: number
  readonly steps: readonly (readonly [string, string, string, number])[]
}

const pathsIn = async (events: readonly TestEvent[]): Promise<Found[]> => {
  await engine.dropTable(eventsTable)
  await engine.createTable(eventsTable)
  await insertEvents(engine, events)
  const study: Study = {
    set: {
      from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
      entity: ['user_name'],
      features: { hops: path('hops') },
    },
    range: { fromMs: epochMs, toMs: epochMs + 30 * day * 1000 },
    prefix: 'paths',
  }
  for (const { table, fill } of pathTables(study)) {
    await engine.dropTable(table)
    await engine.createTable(table)
    await engine.run(fill)
  }
  return engine.rows<Found>(sql`SELECT * FROM ${allPaths('paths')} ORDER BY hops DESC, surprise DESC, steps`)
}

const shown = ({ steps }: Found): string[] => steps.map(([from, to, user]) => `${from} → ${to} as ${user}`)

describe('paths', () => {
  it('are none in quiet weeks', async () => {
    expect(await pathsIn(quiet)).toEqual([])
  })

  it('go from machine to machine, whose addresses and names are one', async () => {
    const at = 18 * day + 12 * hour
    const [longest] = await pathsIn([
      ...quiet,
      login(at, 'ann', 'desk1', 'files1'),
      login(at + hour, 'ann', 'files1', 'db1'),
      login(at + 2 * hour, 'backup', 'db1', 'web1'),
    ])
    expect(longest && shown(longest)).toEqual([
      '192.0.2.101 → files1 as ann',
      'files1 → db1 as ann',
      'db1 → web1 as backup',
    ])
    expect(longest).toMatchObject({ root: 'ann', hops: 3, switches: 1 })
    expect(longest?.surprise).toBeGreaterThan(4)
  })

  it('do not go on with a user who came to the machine by itself', async () => {
    const at = 18 * day + 10.5 * hour
    // Root was on the machine already, from the desk; what root does there is not what Ann does.
    const found = await pathsIn([
      ...quiet,
      login(at, 'ann', 'desk1', 'db1'),
      login(at + hour, 'root', 'db1', 'web1'),
    ])
    expect(found).toEqual([])
  })

  it.each([1, 7, 13, 19])('go on up to half a day later, begun at %i o’clock', async (o) => {
    const at = 16 * day + o * hour
    const [longest] = await pathsIn([
      ...quiet,
      login(at, 'ann', 'desk1', 'files1'),
      login(at + 12 * hour, 'ann', 'files1', 'db1'),
      login(at + 12 * hour + 1, 'ann', 'db1', 'web1'),
    ])
    expect(longest?.hops).toBe(3)
  })

  it('do not go on after half a day, nor backwards in time', async () => {
    const at = 16 * day + 12 * hour
    const late = await pathsIn([
      ...quiet,
      login(at, 'ann', 'desk1', 'files1'),
      login(at + 13 * hour, 'ann', 'files1', 'db1'),
    ])
    expect(late).toEqual([])
    const back = await pathsIn([
      ...quiet,
      login(at, 'ann', 'files1', 'db1'),
      login(at + hour, 'ann', 'desk1', 'files1'),
    ])
    expect(back).toEqual([])
  })

  it('are nothing new to whoever opens new ways every day', async () => {
    const busy = Array.from({ length: 21 }, (_, n) => n).flatMap((n) => [
      login(n * day + 9 * hour, 'root', 'desk2', `host${n}`),
      login(n * day + 10 * hour, 'root', `host${n}`, `other${n}`),
    ])
    const found = await pathsIn([...quiet, ...busy])
    for (const { surprise } of found) expect(surprise).toBeLessThan(2)
  })
})
