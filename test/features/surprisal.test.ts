import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeNames } from '../../src/detect/names.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import type { FeatureSet, Study } from '../../src/features/feature-set.ts'
import { count, surprisal } from '../../src/features/feature.ts'
import { judgedNamesOf, mostBitsInMean } from '../../src/features/surprisal.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { nameModel } from '../../src/models/name-model.ts'
import { id, sql } from '../../src/sql/sql.ts'
import { epochMs, insertEvents, openTestEngine, type TestEvent } from './insert-events.ts'

const query = (at: number, client: string, domain: string, code = 'NXDOMAIN'): TestEvent => ({
  at,
  category: 'dns',
  source_ip: client,
  dns_question_registered_domain: domain,
  dns_response_code: code,
})

const a = '192.0.2.1'
const b = '192.0.2.2'
const column = 'dns_question_registered_domain'

const events: readonly TestEvent[] = [
  query(0, a, 'xkqvzjwpqt.example'),
  query(70, a, 'xkqvzjwpqt.example'),
  query(80, a, 'gardenmarket.example'),
  query(90, a, 'hqzvxkwjbf.example', 'NOERROR'),
  query(100, b, 'gardenmarket.example'),
  query(110, b, 'xn--grtnerei-0za.example'),
  query(4000, b, ''),
]

const set: FeatureSet = {
  from: { category: 'dns' },
  entity: ['source_ip'],
  features: {
    queries: count(),
    most: surprisal(column, 'max'),
    average: surprisal(column, 'mean'),
    odd: surprisal(column, { atLeast: 6 }),
    failing: surprisal(column, { atLeast: 6 }, { dns_response_code: 'NXDOMAIN' }),
  },
}

let engine: Engine
let close: () => Promise<void>

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  await insertEvents(engine, events)
})

afterAll(() => close())

/** Windows of an hour put together from tallies of so many seconds. */
const measure = async (tallySeconds: number): Promise<Record<string, number | string>[]> => {
  const range = { fromMs: epochMs, toMs: epochMs + 86_400_000 }
  const study: Study = { set, range, prefix: `test_${tallySeconds}` }
  const judged = judgedNamesOf(study)
  const fill = async ({ table, fill }: (typeof judged)[number]['names']): Promise<void> => {
    await engine.createTable(table)
    await engine.run(fill)
  }
  for (const { names } of judged) await fill(names)
  await judgeNames(engine, judged, {})
  const tallies = talliesOf(study, tallySeconds)
  await fill(tallies)
  const windows = compileWindows(study, {
    seconds: 3600,
    minEvents: 1,
    tallies: id(tallies.table.name),
    tallySeconds,
  })
  return engine.rows(sql`SELECT toString(e0) AS who, * EXCEPT (e0) FROM (${windows}) ORDER BY e0, window`)
}

describe('the surprisal of names', () => {
  it.each([60, 3600])('is that of the distinct names of a window, from tallies of %i s', async (seconds) => {
    const [first, second, third] = await measure(seconds)
    const model = await nameModel()
    const [drawn = 0, ordinary = 0, other = 0, script = 0] = model.score([
      'xkqvzjwpqt',
      'gardenmarket',
      'hqzvxkwjbf',
      'grtnerei',
    ])
    expect(drawn).toBeGreaterThan(mostBitsInMean)
    expect(other).toBeGreaterThan(mostBitsInMean)
    expect(first).toMatchObject({ f_queries: 4, f_odd: 2, f_failing: 1 })
    expect(first?.['f_most']).toBeCloseTo(Math.max(drawn, other), 2)
    expect(first?.['f_average']).toBeCloseTo((2 * mostBitsInMean + ordinary) / 3, 2)
    expect(second).toMatchObject({ f_queries: 2, f_odd: 0 })
    expect(second?.['f_average']).toBeCloseTo((ordinary + Math.min(script, mostBitsInMean)) / 2, 2)
    expect(third).toMatchObject({ f_most: 0, f_average: 0, f_odd: 0 })
  })

  it('learns from names that are in use: answered to two clients, answered ten times, asked for by five', async () => {
    const answer = (at: number, client: string, domain: string, answers: string): TestEvent => ({
      ...query(at, client, domain, 'NOERROR'),
      dns_answers: answers,
    })
    const five = Array.from({ length: 5 }, (_, i) => `192.0.2.${50 + i}`)
    const ordinary = ['two.example', 'often.example', 'five.example']
    await insertEvents(engine, [
      answer(50_000, a, 'two.example', '192.0.2.77'),
      query(50_001, b, 'two.example', 'NOERROR'),
      ...Array.from({ length: 10 }, (_, i) => answer(50_002 + i, a, 'often.example', '192.0.2.77')),
      ...five.map((client, i) => query(50_020 + i, client, 'five.example', '')),
      answer(50_030, a, 'nowhere.example', '127.0.0.1'),
      answer(50_031, b, 'nowhere.example', '127.0.0.1'),
      query(50_032, a, 'unknown.example', ''),
      query(50_033, b, 'unknown.example', ''),
      ...five.map((client, i) => query(50_040 + i, client, 'refused.example')),
    ])
    const range = { fromMs: epochMs + 49_000_000, toMs: epochMs + 86_400_000 }
    const [judged] = judgedNamesOf({ set, range, prefix: 'learn' })
    if (judged === undefined) throw new Error('no names')
    await engine.createTable(judged.names.table)
    await engine.run(judged.names.fill)
    const rows = await engine.rows<{ label: string; ordinary: number }>(
      sql`SELECT label, ordinary FROM ${id(judged.names.table.name)} ORDER BY label`,
    )
    expect(rows).toEqual(
      [...ordinary, 'nowhere.example', 'refused.example', 'unknown.example'].toSorted().map((name) => ({
        label: name.replace('.example', ''),
        ordinary: ordinary.includes(name) ? 1 : 0,
      })),
    )
  })
})
