import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { headersOf } from '../../src/parse/headers.ts'
import { csvFields } from '../../src/parse/line.ts'
import { parserFromMapping } from '../../src/parse/mapping.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../parsers/load-lines.ts'

const alerts = {
  id: 'alerts',
  category: 'alert',
  csv: { header: 'time,name,ip,host' },
  columns: {
    timestamp: { from: 'time', time: 'epoch seconds' },
    rule_name: 'name',
    host_ip: 'ip',
    host_name: { from: 'host', absent: '-' },
    event_provider: { constant: 'table' },
  },
}

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

const rowsOf = async (source: string, mapping: unknown, lines: readonly string[]) => {
  const parser = parserFromMapping(mapping, 'alerts.json')
  const headers = headersOf(
    lines.map((text, line) => ({ line, text })),
    parser,
  )
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  await lab.load(source, bytes, { envelopes: [], parsers: [parser] }, { ...goldenContext, headers })
  return lab.engine.rows<Record<string, unknown>>(
    sql`SELECT timestamp, rule_name, toString(host_ip) AS host_ip, host_name, category, reject_reason FROM events WHERE source = ${source} ORDER BY line_number`,
  )
}

describe('a table of alerts', () => {
  test('is read by the names of its first line', async () => {
    const rows = await rowsOf('plain', alerts, [
      'time,name,ip,host',
      '1772856306,Scan of ports,192.0.2.7,web-1',
      '1772856307,"Login, ""root"" refused",192.0.2.8,-',
      '1772856308,,"",mail',
      'yesterday,Scan,192.0.2.7,web-1',
      '1772856309,too few',
    ])
    expect(rows).toMatchObject([
      { category: 'reject', reject_reason: 'header or comment' },
      {
        timestamp: '2026-03-07 04:05:06.000',
        rule_name: 'Scan of ports',
        host_ip: '::ffff:192.0.2.7',
        host_name: 'web-1',
        category: 'alert',
      },
      { rule_name: 'Login, "root" refused', host_name: '' },
      { rule_name: '', host_ip: '::', host_name: 'mail' },
      { category: 'reject', reject_reason: 'its time cannot be read, or lies outside 1990–2100' },
      { category: 'reject', reject_reason: 'not in the form of: alerts' },
    ])
  })

  test('may have its columns in another order, and more of them', async () => {
    const rows = await rowsOf('reordered', alerts, [
      'time,level,host,name,ip',
      '1772856306,9,web-1,Scan,192.0.2.7',
    ])
    expect(rows[1]).toMatchObject({ rule_name: 'Scan', host_name: 'web-1', host_ip: '::ffff:192.0.2.7' })
  })

  test('may have another column first', async () => {
    const rows = await rowsOf('moved', alerts, ['host,name,time,ip', 'web-1,Scan,1772856306,192.0.2.7'])
    expect(rows).toMatchObject([
      { reject_reason: 'header or comment' },
      { rule_name: 'Scan', host_name: 'web-1', timestamp: '2026-03-07 04:05:06.000' },
    ])
  })

  test('may hold the name of a column as a value, which makes no header of the line', async () => {
    const named = { ...alerts, csv: { header: 'name,time,ip,host' } }
    const rows = await rowsOf('named', named, [
      'name,time,ip,host',
      'name,1772856306,192.0.2.7,x',
      'Scan,1772856307,192.0.2.8,web-1',
    ])
    expect(rows.slice(1)).toMatchObject([
      { rule_name: 'name', host_name: 'x', category: 'alert' },
      { rule_name: 'Scan', host_name: 'web-1', category: 'alert' },
    ])
  })

  test('may lack the line of names, and have another separator', async () => {
    const rows = await rowsOf('bare', { ...alerts, csv: { header: 'time;name;ip;host', separator: ';' } }, [
      '1772856306;Scan, wide;192.0.2.7;web-1',
    ])
    expect(rows).toMatchObject([{ rule_name: 'Scan, wide', host_name: 'web-1', category: 'alert' }])
  })

  test('gives back whatever was written into its fields', async () => {
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
    const printable = fc.string({
      unit: fc.constantFrom('a', ' ', ',', ';', '"', "'", '=', 'é'),
      maxLength: 12,
    })
    const values = fc.sample(fc.array(printable, { minLength: 3, maxLength: 3 }), { seed: 7, numRuns: 200 })
    for (const row of values) expect(csvFields(row.map(quoted).join(','), ',')).toEqual(row)
    const lines = values.map((row) => `1772856306,${row.map(quoted).join(',')}`)
    const rows = await rowsOf('any', alerts, lines)
    expect(rows.map(({ rule_name: name }) => name)).toEqual(values.map(([name]) => name))
  })
})

describe('a wrong mapping of a table says what would be right', () => {
  test.each([
    { csv: 'time,name', problem: '"csv" must be { "header"' },
    { csv: { header: 'time' }, problem: '"header" must be the line that names the columns' },
    { csv: { header: 'time,name,ip,hots' }, problem: 'no column "host"; did you mean "hots"?' },
    { csv: { header: 'time,name', seperator: ';' }, problem: 'did you mean "separator"?' },
    { csv: { header: 'time,name', separator: 3 }, problem: '"separator" must be a text' },
  ])('$problem', ({ csv, problem }) => {
    expect(() => parserFromMapping({ ...alerts, csv }, 'alerts.json')).toThrow(problem)
  })

  test('and that a table needs no "require"', () => {
    expect(() => parserFromMapping({ ...alerts, require: ['time'] }, 'alerts.json')).toThrow(
      '"require" is only for JSON lines',
    )
  })
})
