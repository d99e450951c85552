import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelopes, parsers } from '../../parsers/index.ts'
import { compileClaim } from '../../src/parse/compile-claims.ts'
import { headersOf } from '../../src/parse/headers.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, readingOf, type Laboratory } from './load-lines.ts'

const folder = import.meta.dirname
const ids = [...envelopes, ...parsers].map(({ id }) => id)
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) =>
    readdirSync(path.join(folder, name))
      .filter((file) => file.endsWith('.log'))
      .map((file) => ({ format: name, file: path.join(folder, name, file), name: `${name}/${file}` })),
  )

/** Columns that say nothing: empty, or made by the load itself. */
const isWorthShowing = ([name, value]: [string, unknown]): boolean =>
  !['ingested', 'source', 'segment', 'message'].includes(name) &&
  !(name === 'event_repeats' && value === 1) &&
  !(value === '' || value === 0 || value === '::') &&
  JSON.stringify(value) !== '{}'

const shown = (value: unknown): unknown =>
  typeof value === 'string' && value.startsWith('::ffff:') ? value.slice(7) : value

const rejectColumns = ['category', 'line_number', 'reject_reason']

const worthShowing = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(isWorthShowing)
      .filter(([name]) => row.category !== 'reject' || rejectColumns.includes(name))
      .map(([name, value]) => [name, shown(value)]),
  )

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

test('every parser and envelope has a golden case, and every case a parser', () => {
  expect([...new Set(cases.map(({ format }) => format))].toSorted()).toEqual(ids.toSorted())
})

test('the list of parsers holds every file of the folder', () => {
  const files = readdirSync(path.join(folder, '../../parsers')).filter((file) => file.endsWith('.ts'))
  expect(files.map((file) => file.slice(0, -3)).toSorted()).toEqual([...ids, 'index'].toSorted())
})

describe('golden logs', () => {
  test.for(cases)('$name becomes the expected events and rejects', async ({ format, file, name }) => {
    const bytes = readFileSync(file)
    const lines = bytes.toString().split('\n')
    const parser = parsers.find(({ id }) => id === format)
    const numbered = lines.map((text, line) => ({ line, text }))
    const headers = parser === undefined ? [] : headersOf(numbered, parser)
    await lab.load(name, bytes, readingOf(format), { ...goldenContext, headers })
    const rows = await lab.engine.rows<Record<string, unknown>>(
      sql`SELECT * FROM events WHERE source = ${name} ORDER BY line_number`,
    )
    expect(rows).toHaveLength(lines.length - 1)

    const events = rows.filter((row) => row.category !== 'reject')
    const own = events.filter((row) => row.format === format)
    const isInside = parser !== undefined && !parser.standalone
    // Lines of another parser of its kind may stand among them: PAM's among sshd's.
    expect(isInside ? own.length / rows.length : 1).toBeGreaterThanOrEqual(0.85)

    // What detection asks beforehand agrees with what the load then makes of the lines.
    const table = sql`(SELECT line, line_number FROM (SELECT arrayJoin(arrayZip(${lines}, range(toUInt64(${lines.length})))) AS pair, pair.1 AS line, pair.2 AS line_number))`
    const claim = compileClaim(readingOf(format), { ...goldenContext, headers }, table)
    const [claimed] = await lab.engine.rows<{ events: number }>(claim)
    expect(claimed?.events).toBe(events.length)

    const text = `[\n${rows.map((row) => `  ${JSON.stringify(worthShowing(row))}`).join(',\n')}\n]\n`
    await expect(text).toMatchFileSnapshot(file.replace(/\.log$/, '.expected.json'))
  })
})
