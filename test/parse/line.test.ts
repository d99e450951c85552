import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ParseContext } from '../../src/parse/context.ts'
import { delimited, groupsOf, json, keyValue, plain, quoted, regex, type Line } from '../../src/parse/line.ts'
import { defineParser, type ColumnValues } from '../../src/parse/parser.ts'
import {
  capture,
  constant,
  firstOf,
  integer,
  ip,
  isAtLeast,
  isNot,
  joined,
  lookup,
  lower,
  piece,
  replace,
  rest,
  text,
  time,
  upper,
  when,
  type Value,
} from '../../src/parse/value.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../parsers/load-lines.ts'

let laboratory: Laboratory

beforeAll(async () => {
  laboratory = await openLaboratory()
})

afterAll(() => laboratory.close())

let sources = 0

const cells = async (
  line: Line<string>,
  columns: (part: (name: string) => Value) => ColumnValues,
  lines: string,
  context: ParseContext = goldenContext,
): Promise<(readonly [action: string, user: string, bytes: number, reason: string])[]> => {
  const parser = defineParser({
    id: 'it',
    title: 'It',
    category: 'other',
    line,
    columns: (part) => ({ timestamp: time(constant('2026-03-02T00:00:00Z'), 'iso'), ...columns(part) }),
  })
  const source = `case ${sources++}`
  await laboratory.load(source, Buffer.from(lines), { envelopes: [], parsers: [parser] }, context)
  const rows = await laboratory.engine.rows<{ a: string; u: string; b: number; r: string }>(
    sql`SELECT event_action AS a, user_name AS u, source_bytes AS b, reject_reason AS r FROM events WHERE source = ${source} ORDER BY line_number`,
  )
  // The columns of a reject are not read by anything, and hold what happened to be there.
  return rows.map(({ a, u, b, r }) => (r === '' ? ([a, u, b, r] as const) : (['', '', 0, r] as const)))
}

describe('a line taken apart', () => {
  it('by quotes and brackets: escaped quotes, empty quotes, spaces in the last bare field, a line that ends early', async () => {
    const line = quoted('first user [time] "said" "more"?')
    const columns = (part: (name: string) => Value): ColumnValues => ({
      event_action: text(part('said')),
      user_name: joined([part('user'), part('more')], '|'),
    })
    const lines = String.raw`a bob [now] "one \"two\" \\" "x"
a bob the great [now] ""
a bob [now] "ends early"
a bob [now] "cut short
nothing here
`
    expect(await cells(line, columns, lines)).toEqual([
      ['one "two" \\', 'bob|x', 0, ''],
      ['', 'bob the great', 0, ''],
      ['ends early', 'bob', 0, ''],
      ['', '', 0, 'not in the form of: It'],
      ['', '', 0, 'not in the form of: It'],
    ])
  })

  it('by a separator, with comments and runs of it', async () => {
    const line = delimited({ separator: ' ', names: ['what', 'who', 'size'], collapse: true, comment: '#' })
    const columns = (part: (name: string) => Value): ColumnValues => ({
      event_action: text(part('what')),
      user_name: text(part('who'), { absent: ['-', 'none'] }),
      source_bytes: integer(part('size'), { times: 1000 }),
    })
    expect(await cells(line, columns, '# c\nget   alice  1.5\nput - 2\ndel none x\nshort\n')).toEqual([
      ['', '', 0, 'header or comment'],
      ['get', 'alice', 1500, ''],
      ['put', '', 2000, ''],
      ['del', '', 0, ''],
      ['', '', 0, 'not in the form of: It'],
    ])
  })

  it('by names from a header that changes within the file', async () => {
    const line = delimited({ separator: ',', names: ['what', 'who'], header: '#Fields: ' })
    const columns = (part: (name: string) => Value): ColumnValues => ({
      event_action: text(part('what')),
      user_name: text(part('who')),
    })
    const context: ParseContext = {
      ...goldenContext,
      headers: [
        { line: 0, names: ['what', 'who'] },
        { line: 2, names: ['who', 'x', 'what'] },
      ],
    }
    const lines = '#Fields: what,who\nget,alice\n#Fields: who,x,what\nbob,1,put\nget,alice\n'
    const rows = await cells(line, columns, lines, context)
    expect(rows.map(([action, user]) => [action, user])).toEqual([
      ['', ''],
      ['get', 'alice'],
      ['', ''],
      ['put', 'bob'],
      ['', ''],
    ])
    expect(rows[4]?.[3]).not.toBe('')
  })

  it('by a regular expression with named groups', async () => {
    const line = regex(String.raw`^(?:x|y) (?<who>\w+)( did)? (?<what>[a-z(]+)$`)
    const columns = (part: (name: string) => Value): ColumnValues => ({
      event_action: text(part('what')),
      user_name: upper(part('who')),
    })
    expect(await cells(line, columns, 'x bob did run\ny al walk\nz no no\n')).toEqual([
      ['run', 'BOB', 0, ''],
      ['walk', 'AL', 0, ''],
      ['', '', 0, 'not in the form of: It'],
    ])
  })

  it('as JSON: nested keys, keys with dots, numbers, booleans, and what it requires', async () => {
    const line = json({ require: ['who.name'] })
    const columns = (part: (name: string) => Value): ColumnValues => ({
      event_action: lookup(part('ok'), { true: 'yes', false: 'no' }),
      user_name: lower(part('who.name')),
      source_bytes: integer(part('n')),
    })
    const lines =
      '{"who":{"name":"Bob"},"ok":true,"n":7}\n{"who.name":"AL","ok":false,"n":"8"}\n{"n":1}\n{"who":\n[1]\n'
    const rows = await cells(line, columns, lines)
    expect(rows.slice(0, 2)).toEqual([
      ['yes', 'bob', 7, ''],
      ['no', 'al', 8, ''],
    ])
    expect(rows.slice(2).every(([, , , reason]) => reason !== '')).toBe(true)
  })

  it('as key=value pairs, quoted or not, in any order', async () => {
    const line = keyValue({ require: ['user'] })
    const columns = (part: (name: string) => Value): ColumnValues => ({
      event_action: text(part('act')),
      user_name: text(part('user')),
      source_bytes: integer(part('len')),
    })
    expect(
      await cells(line, columns, 'act=drop user=bob len=9\nuser="al b" act="a=b c"\nact=drop\n'),
    ).toEqual([
      ['drop', 'bob', 9, ''],
      ['a=b c', 'al b', 0, ''],
      ['', '', 0, 'not in the form of: It'],
    ])
  })

  it('as it is', async () => {
    const columns = (part: (name: string) => Value): ColumnValues => ({
      event_action: piece(part('line'), ':', 1),
      user_name: rest(part('line'), ':', 2),
    })
    expect(await cells(plain(), columns, 'a:b:c\n\nlast')).toEqual([
      ['a', 'b:c', 0, ''],
      ['', '', 0, 'empty line'],
      ['last', '', 0, ''],
    ])
  })
})

describe('a value', () => {
  const ofLine = async (value: (line: Value) => Value, lines: string): Promise<string[]> =>
    (await cells(plain(), (part) => ({ event_action: value(part('line')) }), lines)).map(([action]) => action)

  it.each([
    ['a piece from the end', (line: Value) => piece(line, '/', -1), 'a/b/c\n', ['c']],
    ['a capture', (line: Value) => capture(line, 'id=([0-9]+)'), 'x id=42 y\nnone\n', ['42', '']],
    ['a replacement', (line: Value) => replace(line, '+', ' '), 'a+b\n', ['a b']],
    [
      'the first that is not empty',
      (line: Value) => firstOf(piece(line, ',', 2), piece(line, ',', 1)),
      'a,b\nc,\n',
      ['b', 'c'],
    ],
    [
      'a choice',
      (line: Value) => when(isAtLeast(line, 400), constant('bad'), constant('good')),
      '404\n200\nx\n',
      ['bad', 'good', 'good'],
    ],
    [
      'a negated choice',
      (line: Value) => when(isNot(isAtLeast(line, 400)), constant('good'), constant('bad')),
      '404\n200\n',
      ['bad', 'good'],
    ],
    ['a word for another, or itself', (line: Value) => lookup(line, { a: 'b' }), 'a\nc\n', ['b', 'c']],
  ])('may be %s', async (_, value, lines, expected) => {
    expect(await ofLine(value, lines)).toEqual(expected)
  })

  it('that is no address is the address ::', async () => {
    const parser = defineParser({
      id: 'it',
      title: 'It',
      category: 'other',
      line: plain(),
      columns: (part) => ({
        timestamp: time(constant('2026-03-02T00:00:00Z'), 'iso'),
        source_ip: ip(part('line')),
      }),
    })
    await laboratory.load(
      'addresses',
      Buffer.from('192.0.2.1\n2001:db8::1\nexample.com\n'),
      { envelopes: [], parsers: [parser] },
      goldenContext,
    )
    const rows = await laboratory.engine.rows<{ at: string }>(
      sql`SELECT toString(source_ip) AS at FROM events WHERE source = 'addresses' ORDER BY line_number`,
    )
    expect(rows.map((row) => row.at)).toEqual(['::ffff:192.0.2.1', '2001:db8::1', '::'])
  })
})

describe('the groups of a pattern', () => {
  it.each([
    ['(a)(?<b>c)', ['', 'b']],
    ['(?:a)(?P<b>c)', ['b']],
    [String.raw`\((?<in>[()]+)\)`, ['in']],
    ['[(](?i)(x)', ['']],
  ])('of %s are %j', (pattern, expected) => {
    expect(groupsOf(pattern)).toEqual(expected)
  })
})
