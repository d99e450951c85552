import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import type { FeatureSet, Study } from '../../src/features/feature-set.ts'
import {
  count,
  elsewhere,
  firstSeen,
  firstUnlikePeers,
  hours,
  type Feature,
} from '../../src/features/feature.ts'
import { historiesOf } from '../../src/features/history.ts'
import {
  alongside,
  excess,
  faded,
  given,
  largest,
  pause,
  record,
  renewed,
  settled,
} from '../../src/features/past-feature.ts'
import { peerGroups } from '../../src/features/peers.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { randomStream } from '../../src/models/random.ts'
import { id, sql } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from './insert-events.ts'

const day = 86_400
const days = 40
const users = ['ann', 'bob', 'cid', 'dee', 'eve', 'fay']
const peersOfUser: Readonly<Record<string, string>> = {
  ann: 'red',
  bob: 'red',
  cid: 'red',
  dee: 'blue',
  eve: 'blue',
}
const hosts = ['h0', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']

/** Logins of some users on some machines over some weeks. */
const events: readonly TestEvent[] = (() => {
  const random = randomStream(9)
  return Array.from({ length: 700 }, (): TestEvent => {
    const user = users[Math.floor(random() * users.length)] ?? ''
    return {
      at: Math.floor(random() * days) * day + Math.floor(random() * day),
      category: 'auth',
      user_name: user,
      host_name: hosts[Math.floor(random() * random() * hosts.length)] ?? '',
    }
  }).filter(({ at }) => at % (7 * day) < 6 * day)
})()

interface Row {
  readonly user: string
  readonly day: number
  readonly logins: number
}

const rows: readonly Row[] = users
  .flatMap((user) =>
    Array.from({ length: days }, (_, n) => ({
      user,
      day: n,
      logins: events.filter(({ at, user_name: name }) => name === user && Math.floor(at / day) === n).length,
    })),
  )
  .filter(({ logins }) => logins > 0)

const groupOf = (user: string): string | null => peersOfUser[user] ?? null

const alike = (one: Row, other: Row): boolean =>
  groupOf(one.user) === null || groupOf(one.user) === groupOf(other.user)

const weekend = (n: number): boolean => n % 7 >= 5

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await insertEvents(engine, events)
  await engine.createTable(peerGroups)
  for (const [user, peers] of Object.entries(peersOfUser)) {
    const members = Object.values(peersOfUser).filter((other) => other === peers).length
    await engine.run(
      sql`INSERT INTO peer_groups (kind, entity, peers, members) SELECT 'user_name', ${user}, ${peers}, ${members}`,
    )
  }
})

afterAll(() => close())

/** The values of a feature by user and day. */
const measured = async (
  features: Readonly<Record<string, Feature>>,
  name: string,
): Promise<ReadonlyMap<string, number>> => {
  const set: FeatureSet = { from: { category: 'auth' }, entity: ['user_name'], features }
  const study: Study = {
    set,
    range: { fromMs: epochMs, toMs: epochMs + days * day * 1000 },
    prefix: 'past',
  }
  const tallies = talliesOf(study, day)
  for (const { table, fill } of [...historiesOf(study), tallies]) {
    await engine.dropTable(table)
    await engine.createTable(table)
    await engine.run(fill)
  }
  const query = compileWindows(study, {
    seconds: day,
    minEvents: 1,
    tallies: id(tallies.table.name),
    tallySeconds: day,
  })
  const found = await engine.rows<Readonly<Record<string, number>> & { e0: string; window: string }>(query)
  return new Map(
    found.map((row) => {
      const at = (Date.parse(`${row.window.replace(' ', 'T')}Z`) - epochMs) / 1000 / day
      return [`${row.e0} ${at}`, row[`f_${name}`] ?? Number.NaN] as const
    }),
  )
}

/** The rows for which a feature is something else than expected. */
const apart = (
  found: ReadonlyMap<string, number>,
  expected: (row: Row) => number,
  digits = 4,
): readonly (Row & { readonly found: number })[] =>
  rows.flatMap((row) => {
    const value = found.get(`${row.user} ${row.day}`) ?? Number.NaN
    return Math.abs(value - expected(row)) < 10 ** -digits ? [] : [{ ...row, found: value }]
  })

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('a faded sum', () => {
  const weigh = (row: Row, others: readonly Row[]): number =>
    sum(
      others
        .filter((other) => other.day < row.day)
        .map((other) => other.logins * Math.exp(-(row.day - other.day) / 30)),
    )

  it('counts what is earlier the less the longer ago it is', async () => {
    const found = await measured({ logins: count(), it: faded('logins', ['user_name']) }, 'it')
    expect(
      apart(found, (row) =>
        weigh(
          row,
          rows.filter(({ user }) => user === row.user),
        ),
      ),
    ).toEqual([])
  })

  it('may be that of peers; who has none has everyone', async () => {
    const found = await measured({ logins: count(), it: faded('logins', ['peers']) }, 'it')
    expect(
      apart(found, (row) =>
        weigh(
          row,
          rows.filter((other) => alike(row, other)),
        ),
      ),
    ).toEqual([])
  })

  it('may be that of everyone', async () => {
    const found = await measured({ logins: count(), it: faded('logins', [], { days: 30 }) }, 'it')
    expect(apart(found, (row) => weigh(row, rows))).toEqual([])
  })

  it('is the same for a past so long that nothing would be left of it', async () => {
    const found = await measured({ logins: count(), it: faded('logins', ['user_name'], { days: 0.5 }) }, 'it')
    for (const value of found.values()) expect(Number.isFinite(value)).toBe(true)
  })
})

it('what is renewed adds up to how many different things there were, each fading since it was last seen', async () => {
  const features = {
    logins: count(),
    renewed: renewed('logins', ['user_name']),
    it: faded('renewed', []),
  }
  const found = await measured(features, 'it')
  expect(
    apart(
      found,
      (row) =>
        sum(
          users.map((user) => {
            const last = rows.filter((other) => other.user === user && other.day < row.day).at(-1)
            return last === undefined ? 0 : Math.exp(-(row.day - last.day) / 30)
          }),
        ),
      3,
    ),
  ).toEqual([])
})

describe('others of the same day', () => {
  it('are all but the entity itself, or its peers', async () => {
    const everyone = await measured({ logins: count(), it: alongside('logins', []) }, 'it')
    const together = (row: Row): Row[] =>
      rows.filter((other) => other.day === row.day && other.user !== row.user)
    expect(apart(everyone, (row) => sum(together(row).map(({ logins }) => logins)))).toEqual([])
    const peers = await measured({ logins: count(), it: alongside('logins', ['peers']) }, 'it')
    expect(
      apart(peers, (row) =>
        sum(
          together(row)
            .filter((other) => alike(row, other))
            .map(({ logins }) => logins),
        ),
      ),
    ).toEqual([])
  })
})

describe('the past of an entity', () => {
  const earlier = (row: Row): Row[] => rows.filter(({ user, day: n }) => user === row.user && n < row.day)

  it('says for how long it has been known', async () => {
    const found = await measured({ logins: count(), it: settled('logins', 7) }, 'it')
    expect(apart(found, (row) => Number(row.day - (earlier(row)[0]?.day ?? row.day) >= 7))).toEqual([])
  })

  it('says how long it paused, and what the longest pause was', async () => {
    const features = { logins: count(), pause: pause('logins'), it: record('pause') }
    const pauseOf = (row: Row): number => row.day - (earlier(row).at(-1)?.day ?? row.day)
    expect(apart(await measured(features, 'pause'), pauseOf)).toEqual([])
    expect(apart(await measured(features, 'it'), (row) => Math.max(0, ...earlier(row).map(pauseOf)))).toEqual(
      [],
    )
  })

  const deviations = (row: Row, before: readonly Row[]): number => {
    const x = (of: Row): number => Math.round(1000 * Math.log1p(of.logins))
    if (before.length < 5) return 0
    const mean = sum(before.map(x)) / before.length
    const variance = sum(before.map((of) => x(of) ** 2)) / before.length - mean ** 2
    const spread = Math.sqrt(Math.max(0, variance) + 350 ** 2 * (1 + 5 / before.length))
    return Math.max(0, x(row) - mean) / spread
  }

  it('says by how much a day exceeds the own days, weekdays and weekends apart', async () => {
    const found = await measured({ logins: count(), it: excess('logins', 'self') }, 'it')
    expect(
      apart(
        found,
        (row) =>
          deviations(
            row,
            earlier(row).filter((other) => weekend(other.day) === weekend(row.day)),
          ),
        3,
      ),
    ).toEqual([])
    expect(Math.max(...found.values())).toBeGreaterThan(0.5)
  })

  it('says by how much a day exceeds those of peers in the week before', async () => {
    const found = await measured({ logins: count(), it: excess('logins', 'peers') }, 'it')
    expect(
      apart(
        found,
        (row) =>
          deviations(
            row,
            rows.filter(
              (other) =>
                other !== row &&
                alike(row, other) &&
                weekend(other.day) === weekend(row.day) &&
                other.day <= row.day &&
                other.day > row.day - 7,
            ),
          ),
        3,
      ),
    ).toEqual([])
  })
})

it('what nobody of the peers had is counted, once it is old enough', async () => {
  const features = {
    logins: count(),
    all: firstSeen('host_name'),
    it: firstUnlikePeers('host_name', { most: 0.2, afterDays: 7 }),
  }
  const firsts = users.flatMap((user) =>
    hosts.flatMap((host) => {
      const times = events
        .filter((event) => event.user_name === user && event.host_name === host)
        .map(({ at }) => Math.floor(at / day))
      return times.length === 0 ? [] : [{ user, host, day: Math.min(...times) }]
    }),
  )
  const began = (user: string): number =>
    Math.min(...firsts.filter((one) => one.user === user).map((one) => one.day))
  const found = await measured(features, 'it')
  expect(
    apart(
      found,
      (row) =>
        firsts.filter((first) => {
          if (first.user !== row.user || first.day !== row.day || first.day - began(row.user) < 7)
            return false
          const others = firsts.filter((other) => other.host === first.host && other.user !== row.user)
          const group = groupOf(row.user)
          const kin = others.filter(
            (other) => other.day <= row.day && (group === null || groupOf(other.user) === group),
          )
          const few = group === null ? kin.length <= 0.2 * (users.length - 1) : kin.length === 0
          return others.some((other) => other.day < row.day) && few
        }).length,
    ),
  ).toEqual([])
  expect(Math.max(...found.values())).toBeGreaterThan(0)
})

it('hours are counted once a day, and features are put together', async () => {
  const features = {
    logins: count(),
    hours: hours(),
    many: given(['logins', 'hours'], { logins: { kind: 'atLeast', value: 3 } }),
    most: largest(['logins', 'hours']),
    // Nobody stands in that column.
    created: elsewhere({ category: 'auth' }, 'user_target_name'),
  }
  const hoursOf = (row: Row): number =>
    new Set(
      events
        .filter(({ at, user_name: name }) => name === row.user && Math.floor(at / day) === row.day)
        .map(({ at }) => Math.floor((at % day) / 3600)),
    ).size
  expect(apart(await measured(features, 'hours'), hoursOf)).toEqual([])
  expect(
    apart(await measured(features, 'many'), (row) => (row.logins >= 3 ? row.logins + hoursOf(row) : 0)),
  ).toEqual([])
  expect(apart(await measured(features, 'most'), (row) => Math.max(row.logins, hoursOf(row)))).toEqual([])
  expect(apart(await measured(features, 'created'), () => 0)).toEqual([])
})
