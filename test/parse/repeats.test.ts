import { afterAll, beforeAll, expect, it } from 'vitest'
import { delimited } from '../../src/parse/line.ts'
import { defineParser } from '../../src/parse/parser.ts'
import { constant, firstOf, text, time } from '../../src/parse/value.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../parsers/load-lines.ts'

let laboratory: Laboratory

beforeAll(async () => {
  laboratory = await openLaboratory()
})

afterAll(() => laboratory.close())

it('a line stands for as many events as it says, but for no more than a million', async () => {
  const parser = defineParser({
    id: 'it',
    title: 'It',
    category: 'other',
    line: delimited({ separator: ' ', names: ['what', 'times'] }),
    columns: (part) => ({
      timestamp: time(constant('2026-03-02T00:00:00Z'), 'iso'),
      event_action: text(part('what')),
      event_repeats: firstOf(text(part('times'), { absent: '-' }), constant('1')),
    }),
  })
  const lines = 'a 7\nb -\nc 1000000\nd 1000001\ne 18446744073709551615\n'
  await laboratory.load('repeats', Buffer.from(lines), { envelopes: [], parsers: [parser] }, goldenContext)
  const rows = await laboratory.engine.rows<{ repeats: number }>(
    sql`SELECT event_repeats AS repeats FROM events WHERE source = 'repeats' ORDER BY line_number`,
  )
  expect(rows.map(({ repeats }) => repeats)).toEqual([7, 1, 1_000_000, 1_000_000, 1_000_000])
})
