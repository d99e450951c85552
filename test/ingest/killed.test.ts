import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildProgram, type Program } from '../program.ts'
import { access, accessLines, loadInto, openData, stored, text, withFolder } from './place.ts'

const child = `
import { openEmbedded } from './src/engine/embedded.js'
import { loadSources } from './src/ingest/load.js'
import { recover } from './src/ingest/segments.js'
import { findSources } from './src/ingest/sources.js'
import { tables } from './src/schema/tables.js'
import access from './parsers/apache-access.js'
const [logs, data] = process.argv.slice(2)
const engine = openEmbedded({ path: data })
for (const table of tables) await engine.createTable(table)
await recover(engine, data)
const { sources } = await findSources([logs], { dataFolder: data })
process.stdout.write('loading')
await loadSources({
  engine, sources, dataFolder: data, format: 'apache-access', catalogue: { parsers: [access], envelopes: [] },
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
const runAndKill = (logs: string, data: string, afterMs: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [path.join(program.folder, 'child.mjs'), logs, data])
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
