/**
 * `npm run build && node dist/bench/search.js --data FOLDER`: how long Explore and Entities make people wait, over 10,000,000 mixed
 * events. Logs are generated and loaded into FOLDER unless it holds events already.
 *
 * @module
 */
import { existsSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Engine } from '../src/engine/engine.ts'
import { indexLines } from '../src/engine/line-index.ts'
import { entityGraph } from '../src/investigate/entity-graph.ts'
import { listEntities } from '../src/investigate/entity-list.ts'
import { entityPage } from '../src/investigate/entity-page.ts'
import { summariseFields } from '../src/investigate/field-summary.ts'
import { countByTime } from '../src/investigate/histogram.ts'
import { findEvent, searchEvents } from '../src/investigate/search.ts'
import { suggestValues } from '../src/investigate/values.ts'
import { openEngine } from '../src/engine/open.ts'
import { withLogs } from '../src/logs.ts'
import { sql } from '../src/sql/sql.ts'
import { ownNetworks, weekParts, writePart } from './generate/week/week.ts'
import { writeLog } from './generate/write-log.ts'
import { machineText, thisMachine } from './place.ts'
import { writeSection } from './results.ts'
import { median, table } from './table.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: path.join(os.tmpdir(), 'winnow-bench-search') },
    lines: { type: 'string', default: '5000000' },
    runs: { type: 'string', default: '5' },
    delete: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    note: { type: 'string', default: '' },
  },
})

const say = (text: string): void => console.error(text)

/** A benign week of everything, and the logs of two web servers. */
const fill = async (folder: string): Promise<void> => {
  const logs = `${folder}-logs`
  try {
    say(`writing logs to ${logs} …`)
    for (const part of weekParts) writePart(path.join(logs, 'week'), part, { days: 7, seed: 1, scale: 1 })
    writeLog(path.join(logs, 'access.log'), { lines: Number(values.lines), seed: 7, days: 14 })
    writeLog(path.join(logs, 'other.log'), { lines: 400_000, seed: 8, days: 7 })
    say('loading …')
    await withLogs({ paths: [logs], data: folder, ownNetworks }, async (_, loaded) => {
      say(`${loaded.lines} lines`)
    })
  } finally {
    rmSync(logs, { recursive: true, force: true })
  }
}

const indexed = async (engine: Engine): Promise<void> => {
  await indexLines(engine)
  for (;;) {
    const [row] = await engine.rows<{ left: number }>(
      sql`SELECT countIf(NOT is_done) AS left FROM system.mutations`,
    )
    if ((row?.left ?? 0) === 0) return
    await pause(1000)
  }
}

interface Times {
  readonly what: string
  readonly query: string
  readonly firstMs: number
  readonly medianMs: number
  readonly worstMs: number
  readonly processorMs: number
}

const time = async (what: string, query: string, work: () => Promise<unknown>): Promise<Times> => {
  const wall: number[] = []
  const processor: number[] = []
  for (let run = 0; run < Number(values.runs); run++) {
    const before = process.cpuUsage()
    const startedMs = performance.now()
    await work()
    wall.push(performance.now() - startedMs)
    const { user, system } = process.cpuUsage(before)
    processor.push((user + system) / 1000)
  }
  say(`${what} ${query}: ${wall.map((ms) => Math.round(ms)).join(' ')} ms`)
  return {
    what,
    query,
    firstMs: wall[0] ?? Number.NaN,
    medianMs: median(wall),
    worstMs: Math.max(...wall),
    processorMs: median(processor),
  }
}

const queries = [
  '',
  'admin',
  'get',
  'sqlmap',
  '"failed password"',
  '"get /blog"',
  '*admi*',
  'source_ip:203.0.113.7',
  'ip:198.51.100.0/24',
  'user:root',
  'status:>=500 path:*php*',
  'status:404 AND NOT path:/images/*',
  'path:/[.]php$/',
  'other.logon_type:3',
]

const measure = async (engine: Engine): Promise<Times[]> => {
  const [range] = await engine.rows<{ last: number }>(
    sql`SELECT toUnixTimestamp64Milli(max(timestamp)) AS last FROM events`,
  )
  const options = { nowMs: range?.last ?? 0 }
  const times: Times[] = []
  for (const q of queries) {
    times.push(await time('search', q, () => searchEvents(engine, { q }, options)))
    times.push(await time('histogram', q, () => countByTime(engine, { q }, options)))
  }
  const first = await searchEvents(engine, { q: '' }, options)
  const cursor = first.next ?? ''
  times.push(await time('next page', '', () => searchEvents(engine, { q: '', cursor }, options)))
  const eventId = first.events.at(-1)?.id ?? ''
  times.push(await time('one event', '', () => findEvent(engine, eventId, options)))
  for (const q of ['', 'status:404', 'user:root'])
    times.push(await time('fields', q, () => summariseFields(engine, { q }, options)))
  for (const [field, prefix] of [
    ['user', 'r'],
    ['ip', '198.51'],
    ['path', '/sh'],
  ] as const)
    times.push(
      await time('values', `${field} ${prefix}`, () => suggestValues(engine, { field, prefix }, options)),
    )
  for (const kind of ['address', 'user', 'host', 'domain', 'resource']) {
    const [busiest] = await listEntities(engine, { kind }, options)
    times.push(await time('entities', kind, () => listEntities(engine, { kind }, options)))
    if (busiest === undefined || kind === 'resource') continue
    const { value, events } = busiest
    const label = `${kind} of ${events.toLocaleString('en-US')} events`
    times.push(await time('entity page', label, () => entityPage(engine, { kind, value }, options)))
    times.push(await time('entity graph', label, () => entityGraph(engine, { kind, value }, options)))
  }
  times.push(
    await time('entities', 'address 198.51.1', () =>
      listEntities(engine, { kind: 'address', prefix: '198.51.1' }, options),
    ),
  )
  return times
}

const main = async (): Promise<void> => {
  const machine = thisMachine()
  if (!existsSync(values.data)) await fill(values.data)
  const engine = await openEngine({ kind: 'embedded', path: values.data })
  try {
    await indexed(engine)
    const [size] = await engine.rows<{ events: number; bytes: number; words: number }>(
      sql`SELECT sum(rows) AS events, sum(bytes_on_disk) AS bytes, sum(secondary_indices_compressed_bytes) AS words FROM system.parts WHERE active AND table = 'events' AND database = currentDatabase()`,
    )
    const rows = (await measure(engine)).map((one) => [
      `${one.what} \`${one.query}\``.replace(' ``', ''),
      ...[one.firstMs, one.medianMs, one.worstMs, one.processorMs].map((ms) => Math.round(ms).toString()),
    ])
    const grouped = (value = 0): string => Math.round(value).toLocaleString('en-US')
    const text = [
      `${grouped(size?.events)} events, ${grouped((size?.bytes ?? 0) / 1e6)} MB on disk, ${grouped((size?.words ?? 0) / 1e6)} MB of them the index of lines; ${values.runs} runs each, the first without anything cached of that question.`,
      machineText(machine),
      values.note,
      table(['question', 'first ms', 'median ms', 'worst ms', 'processor ms'], rows),
    ]
      .filter((part) => part !== '')
      .join('\n\n')
    console.log(text)
    if (values.write)
      say(`written to ${writeSection('search', `### Explore and Entities: 10,000,000 events\n\n${text}`)}`)
  } finally {
    await engine.close()
    if (values.delete) rmSync(values.data, { recursive: true, force: true })
  }
}

await main()
