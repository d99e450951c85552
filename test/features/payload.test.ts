import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgePayloads } from '../../src/detect/payloads.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import { count, payload } from '../../src/features/feature.ts'
import type { Feature } from '../../src/features/feature.ts'
import type { Study } from '../../src/features/feature-set.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { id, sql } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from './insert-events.ts'

const request = (at: number, client: string, query: string, status = 200): TestEvent => ({
  at,
  category: 'web',
  source_ip: client,
  url_path: '/item',
  url_query: query,
  http_response_status_code: status,
})

const a = '192.0.2.1'
const b = '192.0.2.2'
const injection = 'id=1%27%20or%20%271%27=%271'

const events: readonly TestEvent[] = [
  request(0, a, injection, 404),
  request(70, a, injection, 200),
  request(80, a, 'file=../../../../etc/passwd', 404),
  request(90, a, 'id=7'),
  request(100, b, 'q=summer+sale'),
  // Another client sends what one has sent before.
  { ...request(4000, b, injection, 404), user_agent: '() { :;}; /bin/bash -c id' },
]

const features: Readonly<Record<string, Feature>> = {
  most: payload('max'),
  odd: payload({ atLeast: 12 }),
  explained: payload({ atLeast: 12 }, 'any'),
  sql: payload({ atLeast: 12 }, 'sql'),
  traversal: payload({ atLeast: 12 }, 'traversal'),
  answered: payload({ atLeast: 12 }, 'any', { http_response_status_code: 200 }),
}

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await insertEvents(engine, events)
})

afterAll(() => close())

/** Windows of an hour put together from tallies of so many seconds. */
const measure = async (
  measured: Readonly<Record<string, Feature>>,
  tallySeconds: number,
  apart?: NonNullable<Study['apart']>,
): Promise<Record<string, number | string>[]> => {
  const study: Study = {
    set: { from: { category: 'web' }, entity: ['source_ip'], features: measured },
    range: { fromMs: epochMs, toMs: epochMs + 86_400_000 },
    prefix: `test_${tallySeconds}`,
    ...(apart === undefined ? {} : { apart }),
  }
  const tallies = talliesOf(study, tallySeconds)
  await judgePayloads(engine, study, {})
  await engine.dropTable(tallies.table)
  await engine.createTable(tallies.table)
  await engine.run(tallies.fill)
  const query = { seconds: 3600, minEvents: 1, tallies: id(tallies.table.name), tallySeconds }
  return engine.rows(sql`SELECT * FROM (${compileWindows(study, query)}) ORDER BY e0, window`)
}

describe.each([60, 3600])('payloads over tallies of %i s', (tallySeconds) => {
  it('counts different texts, by what they are for and how they were answered', async () => {
    const rows = await measure(features, tallySeconds)
    expect(rows.map(({ e0, events: requests }) => [e0, requests])).toEqual([
      [`::ffff:${a}`, 3],
      [`::ffff:${b}`, 1],
    ])
    const [one, other] = rows
    expect(one).toMatchObject({ f_odd: 2, f_explained: 2, f_sql: 1, f_traversal: 1, f_answered: 1 })
    expect(other).toMatchObject({ f_odd: 2, f_sql: 1, f_answered: 0 })
    expect(Number(one?.['f_most'])).toBeGreaterThan(40)
  })

  it('judges what is set apart as well', async () => {
    const periods = [{ fromMs: epochMs, toMs: epochMs + 3_600_000 }]
    const rows = await measure(features, tallySeconds, { periods, suspects: null })
    expect(rows.map(({ f_odd }) => f_odd)).toEqual([2, 2])
  })

  it('keeps all events where something else is measured as well', async () => {
    const rows = await measure({ ...features, requests: count() }, tallySeconds)
    expect(rows.map(({ f_requests, f_odd }) => [f_requests, f_odd])).toEqual([
      [4, 2],
      [1, 0],
      [1, 2],
    ])
  })
})
