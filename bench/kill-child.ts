/**
 * Takes invented lines through spool and loader for as long as it lives, and says which are acknowledged.
 *
 * @module
 */
import { writeSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import access from '../parsers/apache-access.ts'
import { openEmbedded } from '../src/engine/embedded.ts'
import { recover } from '../src/ingest/segments.ts'
import { startLoader } from '../src/intake/loader.ts'
import { tables } from '../src/schema/tables.ts'
import { openSpool, type Stream } from '../src/spool/spool.ts'

const [, , data = '', perSecond = '5000'] = process.argv

/** The last one is in no known format. */
const streams: readonly Stream[] = ['a', 'b', 'c', 'odd'].map((name) => ({ name, kind: 'http' }))

const lineOf = (name: string, n: number): string => {
  if (name === 'odd') return `${name} ${n} is in no known format`
  const clock = new Date(Date.UTC(2026, 2, 1) + n * 10).toISOString().slice(11, 19)
  return `192.0.2.${n % 250} - ${name} [01/Mar/2026:${clock} +0000] "GET /${name}/${n} HTTP/1.1" 200 ${n} "-" "-"`
}

const engine = openEmbedded({ path: data })
for (const table of tables) await engine.createTable(table)
await recover(engine, data)
const spool = await openSpool({
  folder: path.join(data, 'intake', 'spool'),
  maxBytes: 200_000_000,
  segmentMs: 200,
})
await startLoader({
  engine,
  spool,
  catalogue: { parsers: [access], envelopes: [] },
  told: {},
  dataFolder: data,
  onLoaded: () => undefined,
  log: pino({ level: 'error' }),
})
writeSync(1, 'ready\n')

const batch = 100
const pauseMs = (1000 * batch * streams.length) / Number(perSecond)

const give = async (stream: Stream): Promise<never> => {
  let next = Number(spool.position(stream.name) ?? 0)
  for (;;) {
    const lines = Array.from({ length: batch }, (_, i) => `${lineOf(stream.name, next + i)}\n`).join('')
    await spool.append(stream, Buffer.from(lines), batch, String(next + batch))
    next += batch
    // At once, so that what is killed has said it.
    writeSync(1, `${stream.name} ${next}\n`)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

await Promise.all(streams.map(give))
