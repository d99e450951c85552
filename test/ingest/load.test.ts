import { appendFile, copyFile, link, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { loadSources } from '../../src/ingest/load.ts'
import { findSources } from '../../src/ingest/sources.ts'
import { sql } from '../../src/sql/sql.ts'
import { access, accessLines, catalogue, inPlace, stored, text } from './place.ts'

test(
  'every line of a file becomes an event or a reject with its reason',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    await writeFile(file, text([...accessLines(300), 'not an access line', '', ...accessLines(5, 300)]))
    const result = await load([file])
    expect(result).toMatchObject({
      lines: 307,
      parsed: 305,
      rejected: 2,
      first: '2026-03-01T00:00:00.000Z',
      last: '2026-03-01T00:05:04.000Z',
      sources: [{ path: file, format: 'apache-access', lines: 307, rejected: 2 }],
    })
    expect(result.rejects.map(({ lines, example }) => [lines, example])).toEqual(
      expect.arrayContaining([
        [1, ''],
        [1, 'not an access line'],
      ]),
    )
    const [row] = await engine.rows<object>(
      sql`SELECT count() AS rows, min(line_number) AS least, max(line_number) AS most, uniqExact(line_number) AS different FROM events`,
    )
    expect(row).toEqual({ rows: 307, least: 1, most: 307, different: 307 })
  }),
)

test(
  'a copy under another name, a link and another compression count once',
  inPlace(async ({ folder, engine, load }) => {
    const content = text(accessLines(200))
    const file = path.join(folder, 'a.log')
    await writeFile(file, content)
    await copyFile(file, path.join(folder, 'b.log'))
    await link(file, path.join(folder, 'c.log'))
    await writeFile(path.join(folder, 'd.log.gz'), gzipSync(content))
    await writeFile(path.join(folder, 'e.log'), text(accessLines(120)))
    const result = await load([folder], access)
    expect(result.sources.map(({ lines, note }) => [lines, note])).toEqual([
      [200, undefined],
      [0, `the same content as ${file}: counted once`],
      [0, `the same content as ${file}: counted once`],
      [0, `the same as the first 120 lines of ${file}: counted once`],
    ])
    expect(result.lines).toBe(200)
    expect(await stored(engine)).toEqual({ rows: 200, different: 200 })
  }),
)

test(
  'of a file that begins like another only the other lines are read',
  inPlace(async ({ folder, engine, load }) => {
    await writeFile(path.join(folder, 'a.log'), text(accessLines(30)))
    await writeFile(path.join(folder, 'b.log'), text(accessLines(200)))
    const result = await load([folder], access)
    expect(result.sources.map(({ lines }) => lines)).toEqual([30, 170])
    expect(await stored(engine)).toEqual({ rows: 200, different: 200 })
  }),
)

test(
  'files with the same beginning and different ends are both read',
  inPlace(async ({ folder, load }) => {
    const same = accessLines(100)
    await writeFile(path.join(folder, 'a.log'), text([...same, ...accessLines(50, 1000)]))
    await writeFile(path.join(folder, 'b.log'), text([...same, ...accessLines(50, 2000)]))
    expect((await load([folder], access)).lines).toBe(300)
  }),
)

test(
  'a second hunt reads nothing again, and only the new lines of a log that has grown',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    await writeFile(file, text(accessLines(100)))
    const first = await load([file], access)
    const second = await load([file], access)
    expect(second.sources).toEqual([{ ...first.sources[0], note: 'read before' }])
    expect({ ...second, sources: [] }).toEqual({ ...first, sources: [] })
    await appendFile(file, text(accessLines(50, 100)))
    const third = await load([file], access)
    expect(third.sources).toEqual([
      { path: file, format: 'apache-access', lines: 150, rejected: 0, note: '100 lines read before' },
    ])
    expect(third.segments).toHaveLength(2)
    expect(await stored(engine)).toEqual({ rows: 150, different: 150 })
  }),
)

test(
  'a log that was rotated and compressed between two hunts is known by its content',
  inPlace(async ({ folder, engine, load }) => {
    const log = path.join(folder, 'access.log')
    await writeFile(log, text(accessLines(100)))
    await load([folder], access)
    await writeFile(path.join(folder, 'access.log.1.gz'), gzipSync(text(accessLines(130))))
    await writeFile(log, text(accessLines(20, 130)))
    const result = await load([folder], access)
    expect(result.sources.map(({ lines, note }) => [lines, note])).toEqual([
      [130, '100 lines read before'],
      [20, undefined],
    ])
    expect(await stored(engine)).toEqual({ rows: 150, different: 150 })
  }),
)

test(
  'a last line without a line end is read at once, and again when it is complete, but counts once',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    const lines = accessLines(12)
    const last = lines.at(-1) ?? ''
    const half = last.slice(0, 30)
    await writeFile(file, text(lines.slice(0, -1)) + half)
    const first = await load([file], access)
    expect(first).toMatchObject({ lines: 12, parsed: 11, rejected: 1 })
    expect((await load([file], access)).sources[0]?.note).toBe('read before')
    await appendFile(file, `${last.slice(30)}\n`)
    const second = await load([file], access)
    expect(second).toMatchObject({ lines: 12, parsed: 12, rejected: 0 })
    expect(await stored(engine)).toEqual({ rows: 12, different: 12 })
    await appendFile(file, text(accessLines(3, 12)))
    expect((await load([file], access)).lines).toBe(15)
  }),
)

test(
  'a last line that only lacked its line end is not read again',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    await writeFile(file, text(accessLines(80)).trimEnd())
    await load([file], access)
    await appendFile(file, `\n${text(accessLines(5, 80))}`)
    expect(await load([file], access)).toMatchObject({ lines: 85, parsed: 85 })
    expect(await stored(engine)).toEqual({ rows: 85, different: 85 })
  }),
)

test(
  'segments are named after what is in them: a rerun elsewhere gives the same names',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    await writeFile(file, text(accessLines(100)))
    const first = await load([file], access)
    await engine.run(sql`TRUNCATE TABLE events`)
    await engine.run(sql`TRUNCATE TABLE segments`)
    expect((await load([file], access)).segments).toEqual(first.segments)
  }),
)

test(
  'a forced format is used without looking, and one that does not exist is refused',
  inPlace(async ({ folder, load }) => {
    const file = path.join(folder, 'x.log')
    await writeFile(file, text(accessLines(10)))
    expect(await load([file], { format: 'squid-native' })).toMatchObject({ lines: 10, rejected: 10 })
    await expect(load([file], { format: 'nosuch' })).rejects.toMatchObject({ code: 'unknown-parser' })
  }),
)

test(
  'the lines of a file in no known format are rejects, and the note says what was tried',
  inPlace(async ({ folder, load }) => {
    const file = path.join(folder, 'poem.txt')
    await writeFile(file, text(Array.from({ length: 40 }, (_, i) => `lorem ipsum ${i} dolor`)))
    const result = await load([file])
    expect(result).toMatchObject({ lines: 40, parsed: 0, rejected: 40, first: null, last: null })
    expect(result.sources[0]).toMatchObject({ format: null, lines: 40, rejected: 40 })
    expect(result.sources[0]?.note).toMatch(/no known format/)
    expect(result.rejects).toEqual([
      { reason: 'of no known format', lines: 40, example: 'lorem ipsum 0 dolor' },
    ])
  }),
)

test(
  'the year of times without one comes from when the file was written, or from the person',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'auth.log')
    const line =
      'Jan  2 03:04:05 host.example.com sshd[7]: Accepted password for alice from 192.0.2.1 port 22 ssh2'
    await writeFile(file, text(Array.from({ length: 20 }, () => line)))
    const result = await load([file], { year: 2019 })
    expect(result).toMatchObject({ first: '2019-01-02T03:04:05.000Z', parsed: 20 })
    await engine.run(sql`TRUNCATE TABLE events`)
    await engine.run(sql`TRUNCATE TABLE segments`)
    const zoned = await load([file], { year: 2019, timeZone: 'Europe/Berlin' })
    expect(zoned.first).toBe('2019-01-02T02:04:05.000Z')
  }),
)

const row = (i: number): string => `2026-03-07 04:05:${String(i).padStart(2, '0')}`

test(
  'columns named in header lines are found wherever these are in the file',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'u_ex260307.log')
    await writeFile(
      file,
      text([
        '#Software: Microsoft Internet Information Services 10.0',
        '#Fields: date time c-ip cs-method cs-uri-stem sc-status',
        ...Array.from({ length: 50 }, (_, i) => `${row(i)} 192.0.2.1 GET /a${i} 200`),
        '#Fields: date time cs-method cs-uri-stem sc-status c-ip',
        ...Array.from({ length: 9 }, (_, i) => `${row(i)} GET /b${i} 404 198.51.100.9`),
      ]),
    )
    const result = await load([file])
    expect(result).toMatchObject({ lines: 62, parsed: 59 })
    const rows = await engine.rows<object>(
      sql`SELECT toString(source_ip) AS ip, http_response_status_code AS status, count() AS n FROM events WHERE category = 'web' GROUP BY ip, status ORDER BY n`,
    )
    expect(rows).toMatchObject([
      { status: 404, n: 9 },
      { status: 200, n: 50 },
    ])
  }),
)

test(
  'lines that are written while a log is loaded are left for the next hunt, half lines among them',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    const lines = accessLines(120)
    const half = text(lines).length - 40
    await writeFile(file, text(lines.slice(0, 100)))
    const growing: typeof engine = {
      ...engine,
      loadLines: async (...request) => {
        await writeFile(file, text(lines).slice(0, half))
        return engine.loadLines(...request)
      },
    }
    expect(await load([file], { ...access, engine: growing })).toMatchObject({ lines: 100, parsed: 100 })
    await writeFile(file, text(lines))
    expect(await load([file], access)).toMatchObject({ lines: 120, parsed: 120 })
    expect(await stored(engine)).toEqual({ rows: 120, different: 120 })
  }),
)

test(
  'of a log that is cut back while it is loaded the lines that were read count',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    await writeFile(file, text(accessLines(100)))
    const shrinking: typeof engine = {
      ...engine,
      loadLines: async (...request) => {
        await truncate(file, text(accessLines(60)).length)
        return engine.loadLines(...request)
      },
    }
    const result = await load([file], { ...access, engine: shrinking })
    expect(result).toMatchObject({ lines: 60, parsed: 60 })
    expect(result.sources[0]?.note).toBe('it became shorter while it was read')
    expect(await stored(engine)).toEqual({ rows: 60, different: 60 })
  }),
)

test(
  'a file that goes away before it is read is told, and the others are read',
  inPlace(async ({ folder, engine, data }) => {
    await writeFile(path.join(folder, 'a.log'), text(accessLines(10)))
    await writeFile(path.join(folder, 'b.log'), text(accessLines(10, 100)))
    const { sources } = await findSources([folder], { dataFolder: path.join(folder, '.data') })
    await rm(path.join(folder, 'a.log'))
    const result = await loadSources({ engine, sources, catalogue, dataFolder: data, ...access })
    expect(result.lines).toBe(10)
    expect(result.sources[0]?.note).toBe('not read: there is no such file or folder')
  }),
)

test(
  'rows that a failed load could not take back are taken back by the next one',
  inPlace(async ({ folder, engine, load }) => {
    const file = path.join(folder, 'access.log')
    await writeFile(file, text(accessLines(100)))
    const stuck: typeof engine = {
      ...engine,
      run: () => Promise.reject(new AppError('disk-full', { path: folder })),
    }
    await expect(load([file], { ...access, engine: stuck })).rejects.toMatchObject({ code: 'disk-full' })
    expect((await stored(engine)).rows).toBe(100)
    expect((await load([file], access)).lines).toBe(100)
    expect(await stored(engine)).toEqual({ rows: 100, different: 100 })
  }),
)
