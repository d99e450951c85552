/**
 * Kills a process that takes lines in, again and again, and counts: each line that was acknowledged is there once.
 * `node dist/bench/kill.js --kills 50` says what it found as JSON; its exit status is 1 where a line is missing or twice.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import access from '../parsers/apache-access.ts'
import { openEmbedded } from '../src/engine/embedded.ts'
import { recover } from '../src/ingest/segments.ts'
import { startLoader } from '../src/intake/loader.ts'
import { tables } from '../src/schema/tables.ts'
import { openSpool } from '../src/spool/spool.ts'
import { sql } from '../src/sql/sql.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    /** The longest life of a process after it began to take lines, in ms. */
    life: { type: 'string', default: '4000' },
    rate: { type: 'string', default: '5000' },
  },
})

const data = mkdtempSync(path.join(os.tmpdir(), `winnow-${process.pid}-kill-`))
const child = fileURLToPath(new URL('kill-child.js', import.meta.url))
/** The number of acknowledged lines by stream. */
const acknowledged = new Map<string, number>()

const runAndKill = (lifeMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, data, values.rate], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    running.stdout.on('data', (chunk: Buffer) => {
      if (said === '') setTimeout(() => running.kill('SIGKILL'), lifeMs)
      said += chunk.toString()
    })
    running.once('close', (code) => {
      // What was cut off in the middle of saying it does not count as said.
      for (const line of said.slice(0, said.lastIndexOf('\n') + 1).split('\n')) {
        const [name = '', count] = line.split(' ')
        if (count !== undefined) acknowledged.set(name, Number(count))
      }
      if (code === null) resolve()
      else reject(new Error(`the process ended by itself with ${code}`))
    })
  })

const count = async (): Promise<{ rows: number; different: number; listed: number; missing: number }> => {
  const engine = openEmbedded({ path: data })
  try {
    for (const table of tables) await engine.createTable(table)
    await recover(engine, data)
    const folder = path.join(data, 'intake', 'spool')
    const spool = await openSpool({ folder, maxBytes: 200_000_000 })
    const loader = await startLoader({
      engine,
      spool,
      catalogue: { parsers: [access], envelopes: [] },
      told: {},
      dataFolder: data,
      onLoaded: () => undefined,
      log: pino({ level: 'error' }),
    })
    await loader.idle()
    await loader.close()
    await spool.close()
    const rows = await engine.rows<{ source: string; rows: number; different: number; most: number }>(
      sql`SELECT source, count() AS rows, uniqExact(message) AS different, max(line_number) AS most FROM events GROUP BY source`,
    )
    const [listed] = await engine.rows<{ lines: number }>(sql`SELECT sum(lines) AS lines FROM segments`)
    const missing = [...acknowledged].map(([name, lines]) => {
      const own = rows.find(({ source }) => source === name)
      return Math.max(0, lines - (own?.different ?? 0))
    })
    return {
      rows: rows.reduce((sum, one) => sum + one.rows, 0),
      different: rows.reduce((sum, one) => sum + one.different, 0),
      listed: listed?.lines ?? 0,
      missing: missing.reduce((sum, one) => sum + one, 0),
    }
  } finally {
    await engine.close()
  }
}

try {
  const kills = Number(values.kills)
  const life = Number(values.life)
  // Spread over a life, the same in each run.
  for (let i = 0; i < kills; i++) await runAndKill(20 + ((i * 577) % life))
  const found = await count()
  const lines = [...acknowledged.values()].reduce((sum, one) => sum + one, 0)
  process.stdout.write(`${JSON.stringify({ kills, acknowledged: lines, ...found })}\n`)
  const isRight = found.missing === 0 && found.rows === found.different && found.rows === found.listed
  process.exitCode = isRight && lines > 0 ? 0 : 1
} finally {
  rmSync(data, { recursive: true, force: true })
}
