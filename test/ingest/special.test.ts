import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Compression, Engine } from '../../src/engine/engine.ts'
import { sql } from '../../src/sql/sql.ts'
import { access, accessLines, inPlace, stored, text } from './place.ts'

/** The engine compresses by the name's ending. */
const compress = async (engine: Engine, file: string, lines: readonly string[]): Promise<void> => {
  const plain = `${file}.plain`
  await writeFile(plain, text(lines))
  await engine.run(
    sql`INSERT INTO FUNCTION file(${file}, 'LineAsString', 'line String') SELECT line FROM file(${plain}, 'LineAsString', 'line String', 'none')`,
  )
  await rm(plain)
}

const endings: readonly (readonly [Compression, string])[] = [
  ['gzip', 'gz'],
  ['zstd', 'zst'],
  ['xz', 'xz'],
]

describe('archives', () => {
  test.each(endings)('%s is told by its first bytes, whatever its name', (_, ending) =>
    inPlace(async ({ folder, engine, load }) => {
      const file = path.join(folder, `x.${ending}`)
      await compress(engine, file, accessLines(500))
      const other = path.join(folder, 'access.log')
      await writeFile(other, await readFile(file))
      expect(await load([other], access)).toMatchObject({ lines: 500, parsed: 500 })
    })(),
  )

  test.each(endings)('of a %s archive that was cut short the lines before the cut count', (_, ending) =>
    inPlace(async ({ folder, engine, load }) => {
      const file = path.join(folder, `x.${ending}`)
      const lines = accessLines(40_000)
      await compress(engine, file, lines)
      const whole = await readFile(file)
      await truncate(file, Math.floor(whole.length / 2))
      const result = await load([file], access)
      expect(result.sources[0]?.note).toMatch(
        /^truncated after [\d,]+ lines: the archive ends too early; the lines before it count$/,
      )
      expect(result.lines).toBeGreaterThan(10_000)
      expect(result.lines).toBeLessThan(30_000)
      expect(result.rejected).toBe(0)
      expect(await stored(engine)).toEqual({ rows: result.lines, different: result.lines })
      const note = `${result.lines.toLocaleString('en-US')} lines`
      expect(result.sources[0]?.note).toContain(note)
      // Once the whole archive is there, the rest of it is read.
      await writeFile(file, whole)
      expect((await load([file], access)).sources[0]?.note).toBe(`${note} read before`)
      expect(await stored(engine)).toEqual({ rows: 40_000, different: 40_000 })
    })(),
  )

  test.each(endings)('of a %s archive with damaged bytes the lines before them count', (_, ending) =>
    inPlace(async ({ folder, engine, load }) => {
      const file = path.join(folder, `x.${ending}`)
      await compress(engine, file, accessLines(40_000))
      const bytes = await readFile(file)
      const middle = Math.floor(bytes.length / 2)
      for (let i = 0; i < 200; i++) bytes[middle + i] = (i * 37) & 255
      await writeFile(file, bytes)
      const result = await load([file], access)
      expect(result.sources[0]?.note).toMatch(/^damaged after [\d,]+ lines?: /)
      expect(result.lines).toBeGreaterThan(0)
      expect(result.parsed).toBeGreaterThan(5000)
      const rows = await engine.rows<{ message: string }>(sql`SELECT message FROM events`)
      // What deflate makes of damaged bytes is found wrong only at its end.
      const good = new Set(accessLines(40_000))
      const wrong = rows.filter(({ message }) => !good.has(message)).length
      expect(ending === 'gz' ? 0 : wrong).toBe(0)
      expect(rows).toHaveLength(result.lines)
    })(),
  )

  test(
    'an archive that is damaged from its beginning is told, and others are read',
    inPlace(async ({ folder, load }) => {
      await writeFile(
        path.join(folder, 'a.gz'),
        Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(60, 0xa7)]),
      )
      await writeFile(path.join(folder, 'b.log'), text(accessLines(10)))
      const result = await load([folder], access)
      expect(result.sources[0]).toMatchObject({ format: null, lines: 0 })
      expect(result.sources[0]?.note).toMatch(/^(?:damaged|truncated) after 0 lines: /)
      expect(result).toMatchObject({ lines: 10, parsed: 10 })
    }),
  )

  test(
    'gzip archives joined into one are read whole, and zeros behind one cost no line',
    inPlace(async ({ folder, load }) => {
      const parts = [accessLines(50), accessLines(50, 50)].map((lines) => gzipSync(text(lines)))
      await writeFile(path.join(folder, 'joined.gz'), Buffer.concat(parts))
      await writeFile(
        path.join(folder, 'padded.gz'),
        Buffer.concat([gzipSync(text(accessLines(70, 500))), Buffer.alloc(512)]),
      )
      expect((await load([folder], access)).sources.map(({ lines }) => lines)).toEqual([100, 70])
    }),
  )
})

describe('files that are no logs in lines', () => {
  const elf = Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(5000, 1)])
  const utf16 = Buffer.from(`\u{feff}${text(accessLines(20))}`, 'utf16le')
  const zip = Buffer.concat([Buffer.from('504b0304', 'hex'), deflateRawSync(text(accessLines(20)))])
  const noise = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * i * 31 + i * 7) & 255))
  test.each([
    ['a program', elf, /a program/],
    ['UTF-16', utf16, /UTF-16; convert it to UTF-8 with iconv/],
    ['UTF-16 without a mark', utf16.subarray(2), /UTF-16/],
    ['a ZIP archive', zip, /ZIP archive; unpack it/],
    ['noise', noise, /a binary file/],
    ['a program in an archive', gzipSync(elf), /a program/],
  ])('%s is not read, and the note says what it seems to be', (_, bytes, note) =>
    inPlace(async ({ folder, load }) => {
      const file = path.join(folder, 'x.log')
      await writeFile(file, bytes)
      const result = await load([file], access)
      expect(result.sources[0]).toMatchObject({ format: null, lines: 0, rejected: 0 })
      expect(result.sources[0]?.note).toMatch(note)
    })(),
  )

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['an archive of nothing', gzipSync('')],
  ])('%s has no lines, and says so', (_, bytes) =>
    inPlace(async ({ folder, load }) => {
      const file = path.join(folder, 'x.log')
      await writeFile(file, bytes)
      expect((await load([file], access)).sources).toEqual([
        { path: file, format: null, lines: 0, rejected: 0, note: 'empty' },
      ])
    })(),
  )
})

describe('odd text', () => {
  test(
    'line ends of Windows, a byte order mark, NUL bytes and undecodable bytes cost no line',
    inPlace(async ({ folder, engine, load }) => {
      const lines = accessLines(40)
      const odd = Buffer.concat([
        Buffer.from('efbbbf', 'hex'),
        Buffer.from(lines.map((line) => `${line}\r\n`).join('')),
        Buffer.alloc(700),
        Buffer.from('\n'),
        Buffer.from('c3283a20fffe0a', 'hex'),
      ])
      const file = path.join(folder, 'x.log')
      await writeFile(file, odd)
      expect(await load([file], access)).toMatchObject({ lines: 42, parsed: 40, rejected: 2 })
      const [row] = await engine.rows<{ ip: string; version: string }>(
        sql`SELECT toString(source_ip) AS ip, http_version AS version FROM events WHERE line_number = 1`,
      )
      expect(row).toMatchObject({ version: '1.1' })
      expect(row?.ip).toContain('192.0.2.0')
    }),
  )

  test(
    'a log that begins with a run of NUL bytes, as after being cut back while written, is read',
    inPlace(async ({ folder, load }) => {
      const file = path.join(folder, 'x.log')
      await writeFile(file, Buffer.concat([Buffer.alloc(200_000), Buffer.from(text(accessLines(40)))]))
      expect(await load([file], access)).toMatchObject({ lines: 40, parsed: 40 })
    }),
  )

  test(
    'line ends of old Macs are told',
    inPlace(async ({ folder, load }) => {
      const file = path.join(folder, 'x.log')
      await writeFile(file, accessLines(40).join('\r'))
      const result = await load([file], access)
      expect(result.lines).toBe(1)
      expect(result.sources[0]?.note).toMatch(/end in CR alone/)
    }),
  )

  test(
    'a line of 100 MB is one reject, cut to 1 MiB',
    inPlace(async ({ folder, engine, load }) => {
      const file = path.join(folder, 'x.log')
      await writeFile(file, `${text(accessLines(40))}${'x'.repeat(100_000_000)}\n${text(accessLines(2, 40))}`)
      const before = process.memoryUsage().rss
      const result = await load([file], access)
      // What the engine may hold in all. With one thread it was 1.2 GB; both read now.
      expect(process.memoryUsage().rss - before).toBeLessThan(2_000_000_000)
      expect(result).toMatchObject({ lines: 43, parsed: 42, rejected: 1 })
      expect(result.rejects[0]).toMatchObject({ lines: 1, reason: 'longer than 1048576 bytes' })
      expect(result.rejects[0]?.example.length).toBeLessThan(1000)
      expect((await load([file], access)).sources[0]?.note).toBe('read before')
      const [row] = await engine.rows<object>(sql`SELECT max(length(message)) AS longest FROM events`)
      expect(row).toEqual({ longest: 1_048_576 })
    }),
  )

  test(
    'an archive that holds one line of 100 MB is one reject',
    inPlace(async ({ folder, load }) => {
      const file = path.join(folder, 'x.gz')
      await writeFile(file, gzipSync(Buffer.alloc(100_000_000, 'y')))
      expect(await load([file], access)).toMatchObject({ lines: 1, parsed: 0, rejected: 1 })
    }),
  )
})
