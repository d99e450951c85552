import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { Session } from 'chdb'
import { afterAll, describe, expect, test } from 'vitest'
import { engineErrorName } from '../../src/engine/failure.ts'
import { openEngine } from '../../src/engine/open.ts'
import { raw, sql } from '../../src/sql/sql.ts'
import { linesOf, linesTable, loadInto, refused, scratch } from './suite-tables.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const started: ChildProcess[] = []
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
})

const hold = async (folder: string): Promise<ChildProcess> => {
  const script = fileURLToPath(new URL('hold.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  started.push(child)
  await once(child.stdout, 'data')
  return child
}

describe('the engine inside the process', () => {
  const files = scratch()

  test('a folder another process holds is refused by name, and opens once it is free', async () => {
    const folder = mkdtempSync(path.join(files, 'held-'))
    const child = await hold(folder)
    const error = await refused(openEngine({ kind: 'embedded', path: folder }), 'data-folder-in-use')
    expect(error.message).toContain(folder)
    const exit = once(child, 'exit')
    child.stdin?.end()
    await exit
    const engine = await openEngine({ kind: 'embedded', path: folder })
    expect(await engine.rows(sql`SELECT 1 AS x`)).toEqual([{ x: 1 }])
    await engine.close()
  })

  test('a data folder may have a name full of pattern characters', async () => {
    const folder = path.join(files, "da{ta}*?'[x] ü")
    const engine = await openEngine({ kind: 'embedded', path: folder })
    await engine.createTable(linesTable)
    const file = path.join(folder, 'a {log}*.txt')
    writeFileSync(file, 'one\ntwo\n')
    await loadInto(engine, file, 's')
    expect(await linesOf(engine, 's')).toHaveLength(2)
    await engine.copyLines({ path: file, compression: 'none', limit: 1 }, path.join(folder, 'copy'))
    expect(readFileSync(path.join(folder, 'copy'), 'utf8')).toBe('one\n')
    await engine.close()
  })

  test('a folder that cannot be one is refused with the reason', async () => {
    const file = path.join(files, 'a-file')
    writeFileSync(file, '')
    const inside = path.join(file, 'data')
    const error = await refused(openEngine({ kind: 'embedded', path: inside }), 'data-folder-unusable')
    expect(error.message).toContain(inside)
  })

  test('a session runs one query at a time, and sessions run side by side', async () => {
    const folder = mkdtempSync(path.join(files, 'sessions-'))
    const [one, other] = [new Session(folder), new Session(folder)]
    const order: string[] = []
    const run = (session: Session, name: string, tenths: number): Promise<unknown> =>
      session
        .queryAsync(`SELECT sum(sleepEachRow(0.1)) FROM numbers(${tenths}) SETTINGS max_block_size = 1`)
        .then(() => order.push(name))
    await Promise.all([run(one, 'long', 15), run(one, 'queued', 0), run(other, 'beside', 3)])
    expect(order).toEqual(['beside', 'long', 'queued'])
    one.close()
    other.close()
  })

  test("the package's own binding runs one query at a time in the whole process, which is why it is not used", async () => {
    const folder = mkdtempSync(path.join(files, 'binding-'))
    const [one, other] = [new Session(folder), new Session(folder)]
    const order: string[] = []
    const run = (session: Session, name: string, n: number): Promise<unknown> =>
      session
        .queryBindAsync(
          'SELECT sum(sleepEachRow(0.1)) FROM numbers({n:UInt64}) SETTINGS max_block_size = 1',
          { n },
        )
        .then(() => order.push(name))
    await Promise.all([run(one, 'long', 15), run(other, 'beside', 3)])
    expect(order).toEqual(['long', 'beside'])
    one.close()
    other.close()
  })

  test('what a failed query had made already is not in the next answer', async () => {
    const late = 'SELECT throwIf(number = 299999) AS x FROM numbers(300000)'
    const folder = mkdtempSync(path.join(files, 'late-'))
    const session = new Session(folder)
    await expect(session.queryAsync(late, { format: 'JSONEachRow' })).rejects.toThrow('throwIf')
    const next = await session.queryAsync('SELECT 1 AS x', { format: 'JSONEachRow' })
    session.close()
    // The session by itself does mix them, hence the care.
    expect(next.text().length).toBeGreaterThan(1000)

    const engine = await openEngine({ kind: 'embedded', path: folder })
    for (const interactive of [true, false, false, false]) {
      await refused(engine.rows(raw(late), { interactive }), 'engine-failed')
      expect(await engine.rows(sql`SELECT 1 AS x`, { interactive })).toEqual([{ x: 1 }])
    }
    await engine.close()
  })

  test('values of queries at the same time do not mix', async () => {
    const engine = await openEngine({ kind: 'embedded', path: mkdtempSync(path.join(files, 'mix-')) })
    const names = Array.from({ length: 300 }, (_, i) => `value ${i}`)
    const found = await Promise.all(
      names.map((name, i) =>
        engine.rows<{ name: string }>(
          sql`SELECT ${name} AS name FROM numbers(${1000 + i}) WHERE toString(number) != ${name} LIMIT ${1}`,
          { interactive: i % 3 === 0 },
        ),
      ),
    )
    expect(found.map(([row]) => row?.name)).toEqual(names)
    await engine.close()
  })

  test('a cut archive is an error after the rows before the cut', async () => {
    const engine = await openEngine({ kind: 'embedded', path: mkdtempSync(path.join(files, 'cut-')) })
    await engine.createTable(linesTable)
    const lines = Array.from({ length: 600_000 }, (_, i) => `${i} ${Math.imul(i, 2654435761) >>> 0}`)
    const whole = gzipSync(lines.join('\n'), { level: 1 })
    const file = path.join(files, 'cut.gz')
    writeFileSync(file, whole.subarray(0, Math.floor(whole.length * 0.9)))
    const load = engine.loadLines(
      {
        path: file,
        compression: 'gzip',
        into: sql`INSERT INTO suite_lines (segment, line, line_number)`,
        select: (from) => sql`SELECT 'cut', line, line_number FROM ${from}`,
      },
      // Small parts, made in turn: some are there for certain before the cut is met.
      {
        settings: {
          max_threads: 1,
          max_insert_threads: 1,
          input_format_parallel_parsing: 0,
          max_block_size: 10_000,
          min_insert_block_size_rows: 10_000,
        },
      },
    )
    const error = await refused(load, 'engine-failed')
    expect(engineErrorName(error.cause)).toBe('ZLIB_INFLATE_FAILED')
    const rows = await linesOf(engine, 'cut')
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length).toBeLessThan(lines.length)
    expect(rows.filter((row) => lines[row.line_number] !== row.line)).toEqual([])
    await engine.close()
  })
})

describe('the source', () => {
  const sources = ['src', 'parsers', 'detectors'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(folder, name)),
  )
  const naming = (pattern: RegExp): string[] =>
    sources.filter((name) => pattern.test(readFileSync(path.join(root, name), 'utf8')))

  test('there is source to look at', () => {
    expect(naming(/from 'chdb'/)).toEqual([path.join('src', 'engine', 'embedded.ts')])
    expect(naming(/@clickhouse\/client/)).toContain(path.join('src', 'engine', 'cluster.ts'))
  })

  test('nothing relies on the deduplication of inserts, which lost data', () => {
    expect(naming(/insert_deduplication_token/)).toEqual([])
  })

  test("nothing uses the package's experimental connection, nor its binding", () => {
    expect(naming(/chdb\/connection|queryBind|queryStreamBind/)).toEqual([])
  })
})
