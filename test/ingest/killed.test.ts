import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spoolFolder } from '../../src/ingest/segments.ts'
import { buildProgram, type Program } from '../program.ts'
import { access, accessLines, loadInto, openData, stored, text, withFolder } from './place.ts'

const child = `
import { openEmbedded } from './src/engine/embedded.js'
import { loadSources } from './src/ingest/load.js'
import { recover } from './src/ingest/segments.js'
import { findSources } from './src/ingest/sources.js'
import { tables } from './src/schema/tables.js'
import access from './parsers/apache-access.js'
import nginx from './parsers/nginx-json.js'
const [logs, data, format] = process.argv.slice(2)
const engine = openEmbedded({ path: data })
for (const table of tables) await engine.createTable(table)
await recover(engine, data)
const { sources } = await findSources([logs], { dataFolder: data })
process.stdout.write('loading')
await loadSources({
  engine, sources, dataFolder: data, format, catalogue: { parsers: [access, nginx], envelopes: [] },
})
process.stdout.write('loaded')
await engine.close()
`

let program: Program

beforeAll(async () => {
  program = buildProgram('killed')
  await writeFile(path.join(program.folder, 'child.mjs'), child)
})
afterAll(() => program.remove())

/** Runs a load and kills it so long after it began; resolves with what it had said. */
const runAndKill = (
  logs: string,
  data: string,
  afterMs: number,
  format: string = access.format,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [path.join(program.folder, 'child.mjs'), logs, data, format])
    let said = ''
    running.stdout.on('data', (chunk: Buffer) => {
      if (said === '') setTimeout(() => running.kill('SIGKILL'), afterMs)
      said += chunk.toString()
    })
    let complaint = ''
    running.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    running.once('exit', (code) =>
      code === null || code === 0 ? resolve(said) : reject(new Error(complaint)),
    )
  })

const lineCount = 60_000
const files = 6

test(
  'ten loads that are killed at any moment lose no line and count none twice',
  () =>
    withFolder(async (folder) => {
      const logs = path.join(folder, 'logs')
      const data = path.join(folder, 'data')
      await mkdir(logs)
      for (let i = 0; i < files; i++) {
        const content = text(accessLines(lineCount, i * lineCount))
        // One is compressed, one lacks its last line end.
        const written = i === 1 ? gzipSync(content) : i === 2 ? content.trimEnd() : content
        await writeFile(path.join(logs, `access-${i}.log`), written)
      }
      const said: string[] = []
      for (let i = 0; i < 10; i++) said.push(await runAndKill(logs, data, 20 + ((i * 577) % 1000)))
      expect(said.filter((words) => words === 'loading').length).toBeGreaterThan(3)
      const engine = await openData(data)
      try {
        const result = await loadInto(engine, data)([logs], access)
        const all = files * lineCount
        expect(result).toMatchObject({ lines: all, parsed: all, rejected: 0 })
        expect(await stored(engine)).toEqual({ rows: all, different: all })
      } finally {
        await engine.close()
      }
    }),
  180_000,
)

test(
  'loads of JSON documents that are killed at any moment lose no element, count none twice and leave no copy',
  () =>
    withFolder(async (folder) => {
      const logs = path.join(folder, 'logs')
      const data = path.join(folder, 'data')
      await mkdir(logs)
      const elements = (from: number): object[] =>
        Array.from({ length: lineCount }, (_, i) => ({
          time_iso8601: new Date(Date.UTC(2026, 2, 1) + (from + i) * 1000).toISOString(),
          remote_addr: '192.0.2.7',
          request: `GET /page/${from + i} HTTP/1.1`,
          status: 200,
        }))
      await writeFile(path.join(logs, 'a.json'), JSON.stringify(elements(0), null, 2))
      await writeFile(
        path.join(logs, 'b.json.gz'),
        gzipSync(JSON.stringify({ Records: elements(lineCount) })),
      )
      const said: string[] = []
      for (let i = 0; i < 6; i++)
        said.push(await runAndKill(logs, data, 20 + ((i * 577) % 1500), 'nginx-json'))
      expect(said).toContain('loading')
      const engine = await openData(data)
      try {
        expect(existsSync(spoolFolder(data))).toBe(false)
        const result = await loadInto(engine, data)([logs], { format: 'nginx-json' })
        const all = 2 * lineCount
        expect(result).toMatchObject({ lines: all, parsed: all, rejected: 0 })
        expect(await stored(engine)).toEqual({ rows: all, different: all })
      } finally {
        await engine.close()
      }
    }),
  120_000,
)
