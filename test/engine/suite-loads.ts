import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { raw, sql } from '../../src/sql/sql.ts'
import { linesOf, linesTable, loadInto, refused, scratch, type Opened } from './suite-tables.ts'

const small = ["first 'quoted'", '', 'tab\there \\ {p0:String}', '🙂 日本語', '  spaces  ', 'last']

const packer = fileURLToPath(new URL('pack.mjs', import.meta.url))

const manyCount = 1_200_000
const manyText = (): string => {
  const lines = Array.from({ length: manyCount }, (_, i) => `${i} ${'x'.repeat(i % 17)}`)
  return `${lines.join('\n')}\n`
}

const numbered = (lines: readonly string[]): unknown[] => lines.map((line, i) => ({ line, line_number: i }))

/** Lines of files become rows, each with its place in the file. */
export const loadTests = (engine: Opened): void => {
  describe('loads', () => {
    const folder = scratch()
    const file = (name: string, data: string | Buffer): string => {
      const full = path.join(folder, name)
      writeFileSync(full, data)
      return full
    }
    let many = ''
    let manyGz = ''

    beforeAll(async () => {
      await engine().createTable(linesTable)
      const text = manyText()
      many = file('many.log', text)
      manyGz = file('many.log.gz', gzipSync(text, { level: 1 }))
    })

    test('the lines of a file become rows, numbered from 0', async () => {
      await loadInto(engine(), file('small.log', `${small.join('\n')}\n`), 'small')
      expect(await linesOf(engine(), 'small')).toEqual(numbered(small))
    })

    test('a last line without an end counts, and a line end of two characters keeps its return', async () => {
      await loadInto(engine(), file('ends.log', 'one\r\ntwo\n\nfour'), 'ends')
      expect(await linesOf(engine(), 'ends')).toEqual(numbered(['one\r', 'two', '', 'four']))
    })

    test('an empty file is no lines', async () => {
      await loadInto(engine(), file('empty.log', ''), 'empty')
      expect(await linesOf(engine(), 'empty')).toEqual([])
    })

    test.each(["we{ird}*?'s [name] \\ ünï 🙂.log", "{a,b}*?'.log.gz", '%20&x=$(y);`z`.log'])(
      'a file is read by its plain name: %s',
      async (name) => {
        const text = `${small.join('\n')}\n`
        const packed = name.endsWith('.gz')
        await loadInto(engine(), file(name, packed ? gzipSync(text) : text), name, {
          compression: packed ? 'gzip' : 'none',
        })
        expect(await linesOf(engine(), name)).toEqual(numbered(small))
      },
    )

    test('bytes that are no text arrive', async () => {
      await loadInto(engine(), file('bytes.log', Buffer.from([0xff, 0xfe, 0x00, 0x41, 0x0a, 0x42])), 'bytes')
      const rows = await engine().rows(
        sql`SELECT hex(line) AS bytes FROM suite_lines WHERE segment = 'bytes' ORDER BY line_number`,
      )
      expect(rows).toEqual([{ bytes: 'FFFE0041' }, { bytes: '42' }])
    })

    test.each(['none', 'gzip'] as const)(
      'of more than a million lines each has its own place in the file (%s)',
      async (compression) => {
        const segment = `many-${compression}`
        await loadInto(engine(), compression === 'none' ? many : manyGz, segment, { compression })
        const rows = await engine().rows(
          sql`SELECT count() AS n, uniqExact(line_number) AS places, countIf(toUInt64(splitByChar(' ', line)[1]) != line_number) AS misplaced, max(line_number) AS last FROM suite_lines WHERE segment = ${segment}`,
        )
        expect(rows).toEqual([{ n: manyCount, places: manyCount, misplaced: 0, last: manyCount - 1 }])
      },
    )

    test.each(['gzip', 'zstd', 'xz'] as const)(
      'a file packed as %s is read as it is',
      async (compression) => {
        const source = file(
          `packed-${compression}.log`,
          `${small.join('\n')}\n${'filler line\n'.repeat(70_000)}`,
        )
        const target = path.join(folder, `packed-${compression}`)
        await promisify(execFile)(process.execPath, [packer, source, target, compression])
        const segment = `packed-${compression}`
        // A statement longer than a block of any format.
        await engine().loadLines({
          path: target,
          compression,
          into: sql`INSERT INTO suite_lines (segment, line, line_number)`,
          select: (lines) =>
            sql`SELECT ${segment}, line, line_number FROM ${lines} WHERE line != ${raw(`'${'x'.repeat(200_000)}'`)}`,
        })
        const rows = await linesOf(engine(), segment)
        expect(rows).toHaveLength(70_000 + small.length)
        expect(rows.slice(0, small.length)).toEqual(numbered(small))
        expect(rows.filter((row, i) => row.line_number !== i)).toEqual([])
      },
    )

    test('the lines of a file can be asked without being stored', async () => {
      const rows = await engine().lineRows(
        { path: many, compression: 'none' },
        (lines) => sql`SELECT count() AS n, max(line_number) AS last, ${"it's"} AS value FROM ${lines}`,
      )
      expect(rows).toEqual([{ n: manyCount, last: manyCount - 1, value: "it's" }])
    })

    test('the first lines of a file can be copied into a plain one', async () => {
      const target = path.join(folder, "copy {of} *'.log")
      await engine().copyLines({ path: manyGz, compression: 'gzip', limit: 3, blockLines: 1 }, target)
      expect(readFileSync(target, 'utf8')).toBe('0 \n1 x\n2 xx\n')
    })

    test('a load tells how far it is', async () => {
      const told: { rows: number; bytes: number }[] = []
      await engine().loadLines(
        {
          path: many,
          compression: 'none',
          into: sql`INSERT INTO suite_lines (segment, line, line_number)`,
          select: (lines) =>
            sql`SELECT 'told', line, line_number FROM ${lines} WHERE sleepEachRow(0.00001) = 0 AND line_number < 10`,
        },
        {
          onProgress: (read) => told.push(read),
          settings: { function_sleep_max_microseconds_per_block: 60_000_000 },
        },
      )
      expect(told.length).toBeGreaterThan(1)
      expect(told.every((read) => read.rows <= manyCount && read.bytes >= 0)).toBe(true)
      expect(told.at(-1)?.rows).toBeGreaterThan(0)
      expect(told.at(-1)?.bytes).toBeGreaterThan(0)
    })

    test('the select may filter and compute without moving the numbers', async () => {
      await engine().loadLines({
        path: many,
        compression: 'none',
        into: sql`INSERT INTO suite_lines (segment, line, line_number)`,
        select: (lines) =>
          sql`SELECT 'filtered', upper(text), line_number FROM (SELECT *, concat(line, '!') AS text FROM ${lines}) WHERE startsWith(line, '9')`,
      })
      const rows = await engine().rows(
        sql`SELECT countIf(toUInt64(splitByNonAlpha(line)[1]) != line_number) AS misplaced, max(line_number) AS last FROM suite_lines WHERE segment = 'filtered'`,
      )
      expect(rows).toEqual([{ misplaced: 0, last: 999_999 }])
    })

    test('a limit takes the first lines, and stops reading there', async () => {
      await loadInto(engine(), many, 'limited', { limit: 1234 })
      const rows = await engine().rows(
        sql`SELECT count() AS n, max(line_number) AS last FROM suite_lines WHERE segment = 'limited'`,
      )
      expect(rows).toEqual([{ n: 1234, last: 1233 }])
    })

    test('a cut archive fails as a whole, and gives the lines before the cut to a limit', async () => {
      const lines = Array.from({ length: 20_000 }, (_, i) => `${i} ${Math.imul(i, 2654435761) >>> 0}`)
      const whole = gzipSync(`${lines.join('\n')}\n`)
      const cut = file('cut.log.gz', whole.subarray(0, whole.length >> 1))
      await refused(loadInto(engine(), cut, 'cut', { compression: 'gzip' }), 'engine-failed')
      await loadInto(engine(), cut, 'cut-limited', { compression: 'gzip', limit: 5000 })
      expect(await linesOf(engine(), 'cut-limited')).toEqual(numbered(lines.slice(0, 5000)))
    })

    test('two loads at once do not mix', async () => {
      const left = file('left.log', Array.from({ length: 50_000 }, (_, i) => `left ${i}`).join('\n'))
      const right = file('right.log', Array.from({ length: 60_000 }, (_, i) => `right ${i}`).join('\n'))
      await Promise.all([loadInto(engine(), left, 'left'), loadInto(engine(), right, 'right')])
      const rows = await engine().rows(
        sql`SELECT segment, count() AS n, countIf(NOT startsWith(line, segment)) AS strange, countIf(toUInt64(splitByChar(' ', line)[2]) != line_number) AS misplaced FROM suite_lines WHERE segment IN ('left', 'right') GROUP BY segment ORDER BY segment`,
      )
      expect(rows).toEqual([
        { segment: 'left', n: 50_000, strange: 0, misplaced: 0 },
        { segment: 'right', n: 60_000, strange: 0, misplaced: 0 },
      ])
    })

    test('a file that is not there is an error, not an empty load', async () => {
      await refused(loadInto(engine(), path.join(folder, 'absent.log'), 'absent'), 'engine-failed')
      expect(await linesOf(engine(), 'absent')).toEqual([])
    })

    test('a value in a load that reads like SQL stays text', async () => {
      const segment = "file('/etc/passwd')"
      await loadInto(engine(), file('one.log', "url('http://192.0.2.1/')\n"), segment)
      expect(await linesOf(engine(), segment)).toEqual(numbered(["url('http://192.0.2.1/')"]))
    })
  })
}
