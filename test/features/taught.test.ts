import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import { count, firstSeen, popularity, type Feature } from '../../src/features/feature.ts'
import type { Study, TimeRange } from '../../src/features/feature-set.ts'
import type { Filter } from '../../src/features/filter.ts'
import { historiesOf } from '../../src/features/history.ts'
import { knownPlaces } from '../../src/features/known-places.ts'
import { newcomer, unproven, unusualHour } from '../../src/features/moment-feature.ts'
import { momentTables } from '../../src/features/moments.ts'
import { judgedRisksOf } from '../../src/features/risk.ts'
import { risk } from '../../src/features/risk-feature.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { suspectSpans } from '../../src/features/taught.ts'
import { proofTables } from '../../src/features/unproven.ts'
import { id, join, sql } from '../../src/sql/sql.ts'
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

/** Where an earlier hunt found somebody: seconds after the start, both ends part of it. */
interface Found {
  readonly who: string
  readonly from: number
  readonly to: number
}

const studyOf = async (
  from: Filter,
  entity: 'user_name' | 'host_name',
  features: Readonly<Record<string, Feature>>,
  apart: { readonly found?: readonly Found[]; readonly period?: TimeRange; readonly judgedFrom?: number },
): Promise<Study> => {
  const set = { from, entity: [entity], features }
  const spans = suspectSpans(set, 'test')
  const { found = [], period, judgedFrom } = apart
  if (found.length > 0) {
    await engine.createTable(spans)
    const at = (seconds: number) => sql`fromUnixTimestamp64Milli(${epochMs + seconds * 1000}, 'UTC')`
    const rows = found.map(({ who, from: first, to: last }) => sql`SELECT ${who}, ${at(first)}, ${at(last)}`)
    await engine.run(sql`INSERT INTO ${id(spans.name)} (e0, first, last) ${join(rows, ' UNION ALL ')}`)
  }
  return {
    set,
    range: { fromMs: epochMs, toMs: epochMs + 100 * day * 1000 },
    prefix: 'test',
    apart: { periods: period === undefined ? [] : [period], suspects: found.length > 0 ? spans : null },
    ...(judgedFrom === undefined ? {} : { judgedFromMs: epochMs + judgedFrom * 1000 }),
  }
}

const login = (at: number, user: string, more: Partial<TestEvent> = {}): TestEvent => ({
  at,
  category: 'auth',
  event_action: 'login',
  event_outcome: 'success',
  user_name: user,
  source_ip: '192.0.2.1',
  host_name: 'files1',
  source_geo_country_iso_code: 'AT',
  ...more,
})

/** The features of each user and day: `user day → values`. */
const measure = async (
  events: readonly TestEvent[],
  features: Readonly<Record<string, Feature>>,
  found: readonly Found[],
): Promise<Record<string, number[]>> => {
  await insertEvents(engine, events)
  const from = { category: 'auth', event_action: 'login' } as const
  const study = await studyOf(from, 'user_name', { logins: count(), ...features }, { found })
  const tallies = talliesOf(study, day)
  const before = [...historiesOf(study), ...momentTables(study), ...proofTables(study)]
  for (const { table, fill } of [...before, tallies]) {
    await engine.createTable(table)
    await engine.run(fill)
  }
  const rows = await engine.rows<Record<string, string | number>>(
    compileWindows(study, { seconds: day, minEvents: 1, tallies: id(tallies.table.name), tallySeconds: day }),
  )
  const values = rows.map((row) => [
    `${row.e0} ${(Date.parse(`${row.window}Z`) - epochMs) / day / 1000}`,
    Object.keys(features).map((name) => Number(row[`f_${name}`])),
  ])
  return Object.fromEntries(values) as Record<string, number[]> // pairs of a text and numbers
}

/** Ann and bob, from home for eight days; on the ninth and the tenth from abroad, on a machine of their own. */
const weeks = ['ann', 'bob'].flatMap((user) => [
  ...Array.from({ length: 8 }, (_, i) => login(i * day + 9 * hour, user)),
  ...[8, 9].map((on) =>
    login(on * day + 12 * hour, user, {
      source_geo_country_iso_code: user === 'ann' ? 'NG' : 'DE',
      host_name: `own-${user}`,
    }),
  ),
])

describe('what an earlier hunt found', () => {
  const found = [{ who: 'ann', from: 8 * day + 12 * hour, to: 8 * day + 12 * hour + 60 }]

  it('is as new the day after as before; what nobody was shown is known by then', async () => {
    const features = {
      countries: newcomer('country', 'count'),
      machines: firstSeen('host_name'),
      others: popularity('host_name', { by: 'user_name', statistic: 'count' }),
    }
    const seen = await measure(
      [...weeks, login(9 * day + 13 * hour, 'bob', { host_name: 'own-ann' })],
      features,
      found,
    )
    expect([8, 9].map((on) => seen[`ann ${on}`])).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ])
    expect([8, 9].map((on) => seen[`bob ${on}`]?.slice(0, 2))).toEqual([
      [1, 1],
      [0, 1],
    ])
  })

  it('makes no hour a usual one', async () => {
    const features = { before: unusualHour('before') }
    const seen = await measure(weeks, features, found)
    expect([seen['ann 9'], seen['bob 9']]).toEqual([[8], [9]])
  })

  it('proves nothing', async () => {
    const proof = { event_outcome: 'success' } as const
    const failure = { event_outcome: 'failure' } as const
    const features = { never: unproven(['user_name', 'host_name'], proof, failure) }
    const failures = ['ann', 'bob'].map((user) =>
      login(9 * day + 11 * hour, user, { ...failure, host_name: `own-${user}` }),
    )
    const seen = await measure([...weeks, ...failures], features, found)
    expect([seen['ann 9'], seen['bob 9']]).toEqual([[1], [0]])
  })
})

describe('hours of alerts', () => {
  const alert = (at: number, host: string): TestEvent => ({
    at,
    category: 'alert',
    rule_name: 'Port scan',
    host_name: host,
  })
  const hours = [9, 10, 11, 12].flatMap((at) => ['a', 'b'].map((host) => alert(at * hour + 5, host)))

  /** Which hours of which host are learned from. */
  const taught = async (apart: Parameters<typeof studyOf>[3]): Promise<string[]> => {
    await insertEvents(engine, hours)
    const features = { bits: risk('rule_name', { family: 'rule_id', statistic: 'bits' }) }
    const study = await studyOf({ category: 'alert' }, 'host_name', features, apart)
    const risks = judgedRisksOf(study, hour)
    if (risks === null) throw new Error('nothing is judged')
    await engine.createTable(risks.cells.table)
    await engine.run(risks.cells.fill)
    const rows = await engine.rows<{ host: string; at: number }>(
      sql`SELECT if(entity = cityHash64('a'), 'a', 'b') AS host, stretch - ${epochMs / 1000 / hour} AS at FROM ${id(risks.cells.table.name)} WHERE taught = 1 ORDER BY host, at`,
    )
    return rows.map(({ host, at }) => `${host}${at}`)
  }

  it('are not learned from where any of them lies in a period that is set apart', async () => {
    const period = { fromMs: epochMs + 10.5 * hour * 1000, toMs: epochMs + 10.6 * hour * 1000 }
    expect(await taught({ period })).toEqual(['a9', 'a11', 'a12', 'b9', 'b11', 'b12'])
  })

  it('are not learned from where an earlier hunt found the machine, up to what is judged now', async () => {
    const found = [{ who: 'a', from: 10.2 * hour, to: 12.3 * hour }]
    expect(await taught({ found, judgedFrom: 12 * hour })).toEqual(['a9', 'a12', 'b9', 'b10', 'b11', 'b12'])
  })
})
