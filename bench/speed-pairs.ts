/**
 * `npm run bench:pairs [-- PAIRS] [--json] [--write]`: how long a million (client, destination) pairs take the beacon detector, from
 * events in the engine to findings, and how much memory.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import beacon from '../detectors/beacon.ts'
import { runDetector } from '../src/detect/run.ts'
import { openEmbedded } from '../src/engine/embedded.ts'
import type { Engine } from '../src/engine/engine.ts'
import { tables } from '../src/schema/tables.ts'
import { sql, type Sql } from '../src/sql/sql.ts'
import { machineText, thisMachine } from './place.ts'
import { writeSection } from './results.ts'
import { highWaterMark } from './run-measured.ts'
import { table } from './table.ts'

const dayMs = 86_400_000
const startMs = Date.UTC(2026, 2, 2)
const eventsPerPair = 10

interface Shape {
  readonly name: string
  /** The pair of event `number`, of so many. */
  readonly pair: (pairs: number) => Sql
}

const shapes: readonly Shape[] = [
  { name: 'ten events a pair', pair: (pairs) => sql`number % ${pairs}` },
  {
    // One event each, and the rest by a power law: the busiest pairs have some hundred thousand events.
    name: 'a few busy pairs, most with few events',
    pair: (pairs) =>
      sql`if(number < ${pairs}, number, toUInt64(pow(${pairs}, (cityHash64(number) % 1000000) / 1000000)))`,
  },
]

/** Two thousand clients, a day, times at random: what matters for speed is how many there are. */
const fill = (shape: Shape, pairs: number): Sql =>
  sql`INSERT INTO events (timestamp, category, source_ip, destination_address, source_bytes, destination_bytes, event_repeats)
  SELECT fromUnixTimestamp64Milli(toInt64(${startMs} + cityHash64(number, 1) % ${dayMs}), 'UTC'), 'proxy', toIPv6(concat('::ffff:198.51.', toString(pair % 8), '.', toString(intDiv(pair, 8) % 250))), concat('host', toString(intDiv(pair, 2000)), '-', toString(pair % 50), '.example.com'), 300, 1000 + cityHash64(number, 2) % 50, 1
  FROM (SELECT number, ${shape.pair(pairs)} AS pair FROM numbers(${pairs * eventsPerPair}))`

interface PairsRun {
  readonly shape: string
  readonly pairs: number
  readonly judged: number
  readonly seconds: number
  /** Over all cores: what it costs however busy the machine is. */
  readonly processorSeconds: number
  readonly peakBytes: number | null
}

const countPairs = async (engine: Engine): Promise<number> => {
  const [row] = await engine.rows<{ pairs: number }>(
    sql`SELECT uniqExact(source_ip, destination_address) AS pairs FROM events`,
  )
  return row?.pairs ?? 0
}

const measure = async (shape: Shape, pairs: number): Promise<PairsRun> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-pairs-'))
  try {
    const engine = openEmbedded({ path: folder })
    try {
      for (const one of tables) await engine.createTable(one)
      await engine.run(fill(shape, pairs))
      const found = await countPairs(engine)
      const range = { fromMs: startMs, toMs: startMs + dayMs }
      const startedMs = performance.now()
      const before = process.cpuUsage()
      const { judged } = await runDetector(engine, beacon, { all: range, judged: range, activeDays: 1 })
      const { user, system } = process.cpuUsage(before)
      return {
        shape: shape.name,
        processorSeconds: (user + system) / 1e6,
        pairs: found,
        judged: Math.max(...judged.values()),
        seconds: (performance.now() - startedMs) / 1000,
        peakBytes: highWaterMark(readFileSync('/proc/self/status', 'utf8')),
      }
    } finally {
      await engine.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
})
const pairs = Number(positionals[0] ?? 1_000_000)
const machine = thisMachine()
const runs: PairsRun[] = []
for (const shape of shapes) runs.push(await measure(shape, pairs))
if (values.json) console.log(JSON.stringify({ machine, runs }, null, 2))
else {
  const rows = runs.map((run) => [
    run.shape,
    String(run.pairs),
    String(run.judged),
    run.seconds.toFixed(1),
    run.processorSeconds.toFixed(1),
    run.peakBytes === null ? '–' : (run.peakBytes / 1e9).toFixed(2),
  ])
  const heads = ['shape', 'pairs', 'judged', 'seconds', 'processor seconds', 'GB at most so far']
  const text = `${machineText(machine)}\n\n${table(heads, rows)}`
  console.log(text)
  if (values.write) console.error(`written to ${writeSection('speed pairs', text)}`)
}
