import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { parserFromFile, parserFromMapping } from '../../src/parse/mapping.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../parsers/load-lines.ts'

const shop = {
  id: 'shop',
  title: 'Shop orders',
  category: 'app',
  require: ['orderId'],
  columns: {
    timestamp: { from: 'ts', time: 'epoch milliseconds' },
    user_name: { from: ['account.name', 'account.id'], absent: 'anonymous' },
    source_ip: 'client',
    event_action: { constant: 'order' },
    event_outcome: { from: 'ok', map: { true: 'success', false: 'failure' }, otherwise: 'unknown' },
    event_duration: { from: 'ms', times: 1_000_000 },
    other: { order: 'orderId' },
  },
}

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

test('a mapping reads the lines it describes', async () => {
  const parser = parserFromMapping(shop, 'shop.json')
  const lines = [
    {
      orderId: 7,
      ts: 1_772_856_306_123,
      account: { name: 'alice' },
      client: '192.0.2.7',
      ok: true,
      ms: 12.5,
    },
    { orderId: 8, ts: 1_772_856_307_000, account: { id: 17 }, client: 'unknown', ok: false },
    { orderId: 9, ts: 1_772_856_308_000, account: { name: 'anonymous' } },
    { orderId: 10, ts: 'yesterday' },
    { ts: 1_772_856_308_000 },
  ]
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  await lab.load('shop', bytes, { envelopes: [], parsers: [parser] }, goldenContext)
  const rows = await lab.engine.rows(
    sql`SELECT timestamp, user_name, toString(source_ip) AS source_ip, event_action, event_outcome, event_duration, other, category FROM events WHERE source = 'shop' ORDER BY line_number`,
  )
  expect(rows).toMatchObject([
    {
      timestamp: '2026-03-07 04:05:06.123',
      user_name: 'alice',
      source_ip: '::ffff:192.0.2.7',
      event_action: 'order',
      event_outcome: 'success',
      event_duration: 12_500_000,
      other: { order: '7' },
      category: 'app',
    },
    { user_name: '17', source_ip: '::', event_outcome: 'failure' },
    { user_name: '', event_outcome: 'unknown' },
    { category: 'reject' },
    { category: 'reject' },
  ])
})

const columns = (more: Readonly<Record<string, unknown>>) => ({
  ...shop,
  columns: { ...shop.columns, ...more },
})

describe('a wrong mapping says which key is wrong and what would be right', () => {
  test.each([
    { contents: [], problem: 'it must be a JSON object' },
    { contents: { ...shop, id: 'My Shop' }, problem: '"id" must be lower-case letters' },
    { contents: { ...shop, category: 'shop' }, problem: '"category" must be one of web, proxy' },
    { contents: { ...shop, colums: {} }, problem: 'unknown key "colums"; did you mean "columns"?' },
    { contents: { ...shop, require: 'orderId' }, problem: '"require" must be a list' },
    { contents: { ...shop, columns: { user_name: 'u' } }, problem: 'columns.timestamp is missing' },
    { contents: columns({ user_nam: 'u' }), problem: 'there is no column user_nam; did you mean user_name?' },
    {
      contents: columns({ timestamp: { from: 'ts', time: 'epoch' } }),
      problem: '"time" must be "iso", "any"',
    },
    { contents: columns({ user_name: { form: 'u' } }), problem: 'did you mean "from"?' },
    { contents: columns({ user_name: 7 }), problem: 'columns.user_name must be a key' },
    { contents: columns({ user_name: { from: [] } }), problem: 'columns.user_name.from must be a key' },
    { contents: columns({ user_name: { from: 'u', map: [] } }), problem: '"map" must give a text' },
    {
      contents: columns({ user_name: { from: 'u', times: 2 } }),
      problem: '"times" must be a number above 0',
    },
    { contents: columns({ user_name: { constant: {} } }), problem: '"constant" must be a text or a number' },
    { contents: columns({ timestamp: { constant: 0 } }), problem: 'cannot be a constant' },
    { contents: columns({ other: 'all' }), problem: 'columns.other must name keys' },
  ])('$problem', ({ contents, problem }) => {
    let thrown: unknown
    try {
      parserFromMapping(contents, 'shop.json')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(AppError)
    expect(thrown).toMatchObject({ code: 'invalid-mapping', facts: { path: 'shop.json' } })
    expect(String(thrown)).toContain(problem)
  })

  test('a file that is missing, or not JSON, is named', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'winnow-mapping-'))
    const file = path.join(folder, 'shop.json')
    await expect(parserFromFile(file)).rejects.toMatchObject({
      code: 'invalid-mapping',
      facts: { path: file },
    })
    writeFileSync(file, '{ "id": ')
    await expect(parserFromFile(file)).rejects.toThrow('it cannot be read')
    writeFileSync(file, JSON.stringify(shop))
    expect(await parserFromFile(file)).toMatchObject({ id: 'shop', title: 'Shop orders' })
    rmSync(folder, { recursive: true })
  })
})
