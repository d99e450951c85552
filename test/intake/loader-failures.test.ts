import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Engine, LineLoad } from '../../src/engine/engine.ts'
import { AppError } from '../../src/errors.ts'
import type { Stream } from '../../src/spool/spool.ts'
import { render, sql } from '../../src/sql/sql.ts'
import { accessLines, stored, withFolder } from '../ingest/place.ts'
import { inIntake, withIntake } from './loader-place.ts'

const file = (name: string): Stream => ({ name, kind: 'file' })

const pauseFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pauseFor(10)
}

/** A failure of the engine with a number that ClickHouse knows. */
const failure = (code: number, name: string): AppError =>
  new AppError(
    'engine-failed',
    { problem: name },
    Object.assign(new Error(name), { code: String(code), type: name }),
  )

const unavailable = (): AppError => new AppError('engine-unreachable', { url: '', problem: 'gone' })

/** An engine whose loads fail as `fails` says; undefined lets one through. */
const failing =
  (fails: (load: LineLoad) => Error | undefined | Promise<Error | undefined>) =>
  (engine: Engine): Engine => ({
    ...engine,
    loadLines: async (load, options) => {
      const error = await fails(load)
      if (error !== undefined) throw error
      return engine.loadLines(load, options)
    },
  })

/** Whether lines are loaded as rejects, all of them. */
const isRaw = ({ into }: LineLoad): boolean => !render(into).text.includes('url_path')

const rejects = (engine: Engine): Promise<object[]> =>
  engine.rows(
    sql`SELECT source, count() AS lines, countIf(category = 'reject') AS rejects FROM events GROUP BY source ORDER BY source`,
  )

const outages: Error[] = []
test(
  'lines that come while the engine fails wait, and become events',
  inIntake(
    async ({ engine, give, settled, loader }) => {
      await give(file('/a'), accessLines(20))
      await settled()
      outages.push(
        new AppError('out-of-memory', { limit: '1 MB' }),
        failure(242, 'TABLE_IS_READ_ONLY'),
        new AppError('out-of-memory', { limit: '1 MB' }),
        failure(999, 'KEEPER_EXCEPTION'),
        failure(252, 'TOO_MANY_PARTS'),
        failure(202, 'TOO_MANY_SIMULTANEOUS_QUERIES'),
        new AppError('out-of-memory', { limit: '1 MB' }),
      )
      await give(file('/a'), accessLines(20, 20))
      await settled()
      expect(outages).toEqual([])
      expect(loader.stats().problem).toBeNull()
      expect(await rejects(engine)).toEqual([{ source: '/a', lines: 40, rejects: 0 }])
    },
    { wrap: failing(() => outages.pop()), retryMs: 10 },
  ),
)

let isShort = false
test(
  'so do those of a stream whose format could not be looked for',
  inIntake(
    async ({ engine, give, settled }) => {
      isShort = true
      await give(file('/a'), accessLines(20))
      await settled()
      expect(isShort).toBe(false)
      expect(await rejects(engine)).toEqual([{ source: '/a', lines: 20, rejects: 0 }])
    },
    {
      wrap: (engine) => ({
        ...engine,
        rows: (query, options) => {
          if (!isShort) return engine.rows(query, options)
          isShort = false
          return Promise.reject(new AppError('out-of-memory', { limit: '1 MB' }))
        },
      }),
      retryMs: 10,
    },
  ),
)

let unheardOf = 0
test(
  'so do lines on which it fails for reasons nobody foresaw, once it works again',
  inIntake(
    async ({ engine, give, settled }) => {
      await give(file('/a'), accessLines(20))
      await settled()
      unheardOf = 4
      await give(file('/a'), accessLines(20, 20))
      await settled()
      expect(await rejects(engine)).toEqual([{ source: '/a', lines: 40, rejects: 0 }])
    },
    { wrap: failing(() => (unheardOf-- > 0 ? failure(1001, 'STD_EXCEPTION') : undefined)), retryMs: 10 },
  ),
)

let isDown = false
let asked = 0
test(
  'and nothing is given up while it answers nothing at all',
  inIntake(
    async ({ engine, give, settled }) => {
      await give(file('/a'), accessLines(20))
      await settled()
      isDown = true
      await give(file('/a'), accessLines(20, 20))
      await until(() => asked >= 2)
      expect(await rejects(engine)).toEqual([{ source: '/a', lines: 20, rejects: 0 }])
      isDown = false
      await settled()
      expect(await rejects(engine)).toEqual([{ source: '/a', lines: 40, rejects: 0 }])
    },
    {
      wrap: (engine) => ({
        ...failing((load) => (isDown && !isRaw(load) ? failure(1001, 'STD_EXCEPTION') : undefined))(engine),
        ping: async () => {
          if (!isDown) return engine.ping()
          asked++
          throw failure(1001, 'STD_EXCEPTION')
        },
      }),
      retryMs: 10,
    },
  ),
)

let isGone = false
test(
  'lines that make the engine fail become rejects, but not those that wait with them',
  inIntake(
    async ({ engine, give, settled }) => {
      for (const name of ['/a', '/b']) await give(file(name), accessLines(20))
      await settled()
      isGone = true
      for (const lines of [accessLines(20, 20), ['poison', ...accessLines(4, 40)], accessLines(20, 44)]) {
        await give(file('/a'), lines)
        await give(file('/b'), accessLines(10, 20))
        await pauseFor(150)
      }
      isGone = false
      await settled()
      expect(await rejects(engine)).toEqual([
        { source: '/a', lines: 65, rejects: 5 },
        { source: '/b', lines: 50, rejects: 0 },
      ])
      expect(
        await engine.rows(sql`SELECT sum(lines) AS lines, sum(rejected) AS rejected FROM segments`),
      ).toEqual([{ lines: 115, rejected: 5 }])
    },
    {
      wrap: failing(async (load) => {
        if (isGone) return unavailable()
        const isPoison = (await readFile(load.path, 'utf8')).includes('poison')
        return isPoison && !isRaw(load) ? failure(1001, 'STD_EXCEPTION') : undefined
      }),
      retryMs: 10,
    },
  ),
)

let isTooMuch = false
test(
  'lines for which the memory never suffices become rejects in the end, and do not keep others waiting',
  inIntake(
    async ({ engine, give, settled }) => {
      for (const name of ['/a', '/b']) await give(file(name), accessLines(20))
      await settled()
      isTooMuch = true
      await give(file('/a'), ['too much', ...accessLines(4, 40)])
      await give(file('/b'), accessLines(10, 20))
      await expect
        .poll(() => rejects(engine), { interval: 20 })
        .toEqual([
          { source: '/a', lines: 20, rejects: 0 },
          { source: '/b', lines: 30, rejects: 0 },
        ])
      await settled()
      expect(await rejects(engine)).toEqual([
        { source: '/a', lines: 25, rejects: 5 },
        { source: '/b', lines: 30, rejects: 0 },
      ])
    },
    {
      wrap: failing(async (load) => {
        const isIt = isTooMuch && !isRaw(load) && (await readFile(load.path, 'utf8')).includes('too much')
        return isIt ? new AppError('out-of-memory', { limit: '1 MB' }) : undefined
      }),
      retryMs: 4,
    },
  ),
)

let isReadOnly = false
test(
  'lines are read again once their format is known, though the engine fails just then',
  inIntake(
    async ({ engine, give, settled }) => {
      await give(file('/a'), ['what is this', 'and this'])
      await settled()
      expect(await rejects(engine)).toEqual([{ source: '/a', lines: 2, rejects: 2 }])
      isReadOnly = true
      await pauseFor(1100)
      await give(file('/a'), accessLines(40))
      await settled()
      expect(isReadOnly).toBe(false)
      const listed = sql`SELECT splitByChar('.', segment)[3] AS kind, lines, rejected FROM segments ORDER BY ALL`
      await expect
        .poll(() => engine.rows(listed))
        .toEqual([
          { kind: '', lines: 40, rejected: 0 },
          { kind: 'again', lines: 2, rejected: 2 },
        ])
      expect(await rejects(engine)).toEqual([{ source: '/a', lines: 42, rejects: 2 }])
    },
    {
      wrap: (engine) => ({
        ...engine,
        run: (statement, options) => {
          if (!isReadOnly || !render(statement).text.startsWith('INSERT INTO events'))
            return engine.run(statement, options)
          isReadOnly = false
          return Promise.reject(failure(242, 'TABLE_IS_READ_ONLY'))
        },
      }),
      retryMs: 10,
    },
  ),
)

let isAnswerLost = false
test(
  'segments of which it is not known whether they are listed are not loaded again before that is found out',
  inIntake(
    async ({ engine, give, settled }) => {
      isAnswerLost = true
      await Promise.all(['/a', '/b', '/c'].map((name, i) => give(file(name), accessLines(20, 100 * i))))
      await settled()
      expect(await stored(engine)).toEqual({ rows: 60, different: 60 })
      expect(await engine.rows(sql`SELECT count() AS segments, sum(lines) AS lines FROM segments`)).toEqual([
        { segments: 3, lines: 60 },
      ])
    },
    {
      wrap: (engine) => ({
        ...engine,
        run: async (statement, options) => {
          await engine.run(statement, options)
          if (!isAnswerLost || !render(statement).text.startsWith('INSERT INTO segments')) return
          isAnswerLost = false
          throw failure(1001, 'STD_EXCEPTION')
        },
      }),
      retryMs: 10,
    },
  ),
)

const header = (columns: string): string => `#Fields: date time ${columns}`
const columns = 's-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status'
/** Invented lines of a web server, and of one that has client and server the other way around. */
const iis = (from: number, count: number, swapped = false): string[] =>
  Array.from({ length: count }, (_, i) => {
    const [server, client] = ['192.0.2.1', `198.51.100.${from + i}`]
    const [first, second] = swapped ? [client, server] : [server, client]
    return `2026-03-01 10:00:${String((from + i) % 60).padStart(2, '0')} ${first} GET /page/${from + i} - 443 - ${second} curl/8 200`
  })
const swappedHeader = header(columns.replace('s-ip', 'x-ip').replace('c-ip', 's-ip').replace('x-ip', 'c-ip'))
const addresses = (engine: Engine): Promise<object[]> =>
  engine.rows(
    sql`SELECT count() AS lines, uniqExact(source_ip) AS clients, uniqExact(destination_ip) AS servers FROM events WHERE category != 'reject'`,
  )

test('lines before a new header are read by the one before it, when they are loaded again as well', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data')
    let fails = 0
    const wrap = failing(() => (fails-- > 0 ? unavailable() : undefined))
    await withIntake(
      data,
      async ({ engine, give, settled }) => {
        await give(file('/iis'), [header(columns), ...iis(0, 40)])
        await settled()
        fails = 2
        await give(file('/iis'), [...iis(40, 30), swappedHeader, ...iis(70, 30, true)])
        await settled()
        expect(fails).toBeLessThan(0)
        expect(await addresses(engine)).toEqual([{ lines: 100, clients: 100, servers: 1 }])
        await give(file('/iis'), iis(100, 30, true))
        await settled()
        expect(await addresses(engine)).toEqual([{ lines: 130, clients: 130, servers: 1 }])
      },
      { wrap, retryMs: 10 },
    )
    // As an earlier version left it: only the last header is known.
    const formats = path.join(data, 'intake', 'formats.json')
    const written = JSON.parse(await readFile(formats, 'utf8')) as { streams: Record<string, object> }
    for (const stream of Object.values(written.streams)) Reflect.deleteProperty(stream, 'earlier')
    await writeFile(formats, JSON.stringify(written))
    await withIntake(
      data,
      async ({ engine, give, settled, loader }) => {
        await give(file('/iis'), iis(130, 30, true))
        await settled()
        expect(await addresses(engine)).toEqual([{ lines: 160, clients: 160, servers: 1 }])
        // A crash before they are loaded.
        fails = 1_000_000
        await give(file('/iis'), [...iis(160, 30, true), header(columns), ...iis(190, 30)])
        await until(() => loader.stats().problem !== null)
      },
      { wrap, retryMs: 10 },
    )
    await withIntake(data, async ({ engine, settled }) => {
      await settled()
      expect(await addresses(engine)).toEqual([{ lines: 220, clients: 220, servers: 1 }])
    })
  }))

test('what was known of a stream goes once the spool has forgotten it', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data')
    const known = async (): Promise<string[]> => {
      const written: unknown = JSON.parse(await readFile(path.join(data, 'intake', 'formats.json'), 'utf8'))
      return Object.keys((written as { streams: object }).streams)
    }
    await withIntake(data, async ({ give, settled, spool }) => {
      for (const name of ['/a', '/b']) await give(file(name), accessLines(20))
      await settled()
      expect(await known()).toHaveLength(2)
      spool.forget('/a')
    })
    await withIntake(data, async ({ give, settled, spool }) => {
      await give(file('/c'), accessLines(20))
      await settled()
      expect(new Set(await known())).toEqual(new Set([spool.idOf('/b'), spool.idOf('/c')]))
    })
  }))
