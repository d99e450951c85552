import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bound, id, join, sql } from '../../src/sql/sql.ts'
import { refused, typesTable, type Opened } from './suite-tables.ts'

const hostile = [
  '',
  ' ',
  "O'Reilly",
  `"double"`,
  '`tick`',
  'back\\slash \\n \\0 \\N',
  'trailing\\',
  'a\0b',
  'tab\tnewline\nreturn\r\n',
  '🙂 日本語 é \u2028',
  "'; DROP TABLE suite_types; --",
  '{p0:String} {p1:Int64}',
  '$1 ? :name @x %27 %00 a&b=c#d+e',
  'NULL',
  '\\N',
  "file('/etc/passwd')",
  '(TIMEOUT_EXCEEDED) (version 1)',
  '-- comment /* open',
  'x'.repeat(70_000),
]

/** What goes in as a value comes out as the same value, whatever it looks like. */
export const valueTests = (engine: Opened): void => {
  describe('values', () => {
    test('every hostile string comes back as itself', async () => {
      const columns = hostile.map((value, i) => sql`${value} AS ${id(`v${i}`)}`)
      const [row] = await engine().rows<Record<string, string>>(sql`SELECT ${join(columns)}`)
      expect(Object.values(row ?? {})).toEqual(hostile)
    })

    test('an array of hostile strings comes back as itself', async () => {
      const rows = await engine().rows<{ v: string[] }>(sql`SELECT ${hostile} AS v`)
      expect(rows).toEqual([{ v: hostile }])
    })

    test('any strings come back as themselves, alone and in an array', async () => {
      const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary-ascii' }))
      await fc.assert(
        fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (values) => {
          const columns = values.map((value, i) => sql`${value} AS ${id(`v${i}`)}`)
          const [row] = await engine().rows<Record<string, unknown>>(
            sql`SELECT ${join(columns)}, ${values} AS together`,
          )
          expect(Object.values(row ?? {})).toEqual([...values, values])
        }),
        { numRuns: 30, seed: 7 },
      )
    })

    test('numbers, truth values and arrays of numbers come back as themselves', async () => {
      const [row] = await engine().rows(
        sql`SELECT ${0} AS zero, ${-7} AS negative, ${2 ** 53 - 1} AS large, ${1.5e-9} AS small, ${0.1} AS tenth, ${true} AS yes, ${false} AS no, ${[1, 2.5, -3]} AS several, ${[]} AS none, ${bound('Array(UInt64)', [1, 2])} AS typed`,
      )
      expect(row).toEqual({
        zero: 0,
        negative: -7,
        large: 2 ** 53 - 1,
        small: 1.5e-9,
        tenth: 0.1,
        yes: true,
        no: false,
        several: [1, 2.5, -3],
        none: [],
        typed: [1, 2],
      })
    })

    test('a value of a stated type is read as that type', async () => {
      const [row] = await engine().rows(
        sql`SELECT toTypeName(${bound("DateTime64(3, 'UTC')", '2026-10-10 13:55:36.250')}) AS time, ${bound('IPv6', '192.0.2.7')} AS address, ${bound('UInt16', 443)} AS port, ${bound('LowCardinality(String)', "a'b")} AS keyword`,
      )
      expect(row).toEqual({
        time: "DateTime64(3, 'UTC')",
        address: '::ffff:192.0.2.7',
        port: 443,
        keyword: "a'b",
      })
    })

    test('ten thousand values in one array are no harder than one', async () => {
      const addresses = Array.from({ length: 10_000 }, (_, i) => `2001:db8::${i.toString(16)}`)
      const rows = await engine().rows(
        sql`SELECT length(${addresses}) AS n, has(${addresses}, '2001:db8::270f') AS last`,
      )
      expect(rows).toEqual([{ n: 10_000, last: 1 }])
      expect(
        await engine().rows(
          sql`SELECT count() AS n FROM numbers(20000) WHERE concat('2001:db8::', lower(hex(toUInt16(number)))) IN ${addresses}`,
        ),
      ).toEqual([{ n: 6144 }])
    })

    test('64-bit numbers come as numbers, and what is no number as null', async () => {
      const rows = await engine().rows(
        sql`SELECT toUInt64(9007199254740991) AS unsigned, toInt64(-9007199254740991) AS signed, count() AS n, nan AS none, inf AS endless FROM numbers(3)`,
      )
      expect(rows).toEqual([
        { unsigned: 9007199254740991, signed: -9007199254740991, n: 3, none: null, endless: null },
      ])
    })

    test('an empty result is no rows', async () => {
      expect(await engine().rows(sql`SELECT 1 AS x WHERE ${false}`)).toEqual([])
    })

    test('a large result comes whole, with characters of several bytes', async () => {
      const rows = await engine().rows<{ n: number; text: string }>(
        sql`SELECT number AS n, repeat('🙂é', number % 50) AS text FROM numbers(20000) ORDER BY number`,
      )
      expect(rows).toHaveLength(20_000)
      const wrong = rows.filter((row, i) => row.n !== i || row.text !== '🙂é'.repeat(i % 50))
      expect(wrong).toEqual([])
    })

    test('rows of every type are stored and found again', async () => {
      await engine().createTable(typesTable)
      await engine().run(
        sql`INSERT INTO suite_types SELECT toDateTime64('2026-10-10 13:55:36.250', 3, 'UTC'), ${"k'"}, ${hostile[9] ?? ''}, toIPv6(${'198.51.100.25'}), ${2 ** 53 - 1}, ${65535}, ${0.25}, ${'{"a":{"b":[1,"x"]},"n":3}'}, ${hostile.slice(0, 9)}`,
      )
      const rows = await engine().rows(sql`SELECT * FROM suite_types WHERE keyword = ${"k'"}`)
      expect(rows).toEqual([
        {
          at: '2026-10-10 13:55:36.250',
          keyword: "k'",
          text: hostile[9],
          address: '::ffff:198.51.100.25',
          count: 2 ** 53 - 1,
          port: 65535,
          share: 0.25,
          rest: { a: { b: [1, 'x'] }, n: 3 },
          names: hostile.slice(0, 9),
        },
      ])
    })

    test('a statement the engine cannot read is refused with what it said', async () => {
      const error = await refused(engine().rows(sql`SELEKT 1`), 'engine-failed')
      expect(error.message).toContain('Syntax error')
      await refused(engine().rows(sql`SELECT no_such_column FROM suite_types`), 'engine-failed')
      await refused(engine().run(sql`INSERT INTO no_such_table SELECT 1`), 'engine-failed')
    })

    test('an error that shows in the last row fails the query as a whole', async () => {
      const late = sql`SELECT throwIf(number = 299999, 'too late') AS x FROM numbers(300000)`
      const error = await refused(engine().rows(late), 'engine-failed')
      expect(error.message).toContain('too late')
    })

    test('a message that names another error in its text is not taken for it', async () => {
      const spoof = sql`SELECT throwIf(1, '(TIMEOUT_EXCEEDED) or Code: 241. DB::Exception: (MEMORY_LIMIT_EXCEEDED) said')`
      await refused(engine().rows(spoof), 'engine-failed')
      expect(await engine().rows(sql`SELECT 1 AS x`)).toEqual([{ x: 1 }])
    })
  })
}
