/**
 * How many events a second the HTTP intake takes: senders of all protocols at once, in a process of their own, over loopback
 * into the real spool. `node dist/bench/intake-http.js --seconds 5`
 *
 * @module
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import pino from 'pino'
import { buildIntake } from '../src/intake/http/app.ts'
import { writeMessage } from '../src/intake/http/protobuf.ts'
import { openSpool } from '../src/spool/spool.ts'
import { table } from './table.ts'
import { framed, snap } from './wire.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '500' },
    only: { type: 'string', default: '' },
    /** Set for the process that sends. */
    port: { type: 'string', default: '' },
  },
})

interface Load {
  readonly name: string
  readonly path: string
  readonly type: string
  readonly body: Buffer
  readonly gzip?: boolean
}

const timeMs = Date.UTC(2026, 2, 7, 4, 5, 6)

/** An access log line, as a site writes them: 200 characters or so. */
const lineOf = (i: number): string =>
  `192.0.2.${i % 250} - - [07/Mar/2026:04:05:06 +0000] "GET /products/${i * 7919}/reviews?page=${i % 9} HTTP/1.1" 200 ${1000 + i} "https://www.example.com/" "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"`

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const resource = { attributes: [text('service.name', 'shop'), text('host.name', 'web-1')] }

const loads = (batch: number): readonly Load[] => {
  const lines = Array.from({ length: batch }, (_, i) => lineOf(i))
  const nanoseconds = `${timeMs}000000`
  const documents = lines.map((message, i) => ({
    '@timestamp': new Date(timeMs + i).toISOString(),
    log: { file: { path: '/var/log/nginx/access.log' }, offset: i },
    message,
    input: { type: 'filestream' },
    agent: { type: 'filebeat', version: '8.19.0', name: 'web-1' },
    host: { name: 'web-1', os: { family: 'debian', name: 'Debian GNU/Linux' } },
  }))
  const bulk = documents.map((one) => `{"create":{"_index":"filebeat"}}\n${JSON.stringify(one)}\n`).join('')
  const records = lines.map((line) => ({
    timeUnixNano: nanoseconds,
    severityNumber: 9,
    body: { stringValue: line },
    attributes: [text('log.file.path', '/var/log/nginx/access.log')],
  }))
  const logs = { resourceLogs: [{ resource, scopeLogs: [{ logRecords: records }] }] }
  const entries = lines.map((line) =>
    framed(2, writeMessage('Entry', { timestamp: { seconds: timeMs / 1000 }, line })),
  )
  const labels = { job: 'nginx', host: 'web-1', filename: '/var/log/nginx/access.log' }
  const written = Buffer.from('{job="nginx", host="web-1", filename="/var/log/nginx/access.log"}')
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
  const scope = Buffer.concat(records.map((one) => framed(2, writeMessage('LogRecord', one))))
  const about = framed(1, writeMessage('Resource', resource))
  const event = (line: string) => ({ time: timeMs / 1000, host: 'web-1', source: 'nginx', event: line })
  const asJson = 'application/json'
  const asProtobuf = 'application/x-protobuf'
  return [
    { name: 'plain lines', path: '/ingest/nginx', type: 'text/plain', body: Buffer.from(lines.join('\n')) },
    { name: '_bulk', path: '/_bulk', type: asJson, body: Buffer.from(bulk) },
    { name: '_bulk, gzip', path: '/_bulk', type: asJson, body: gzipSync(bulk), gzip: true },
    {
      name: 'HEC',
      path: '/services/collector',
      type: asJson,
      body: Buffer.from(lines.map((line) => JSON.stringify(event(line))).join('')),
    },
    {
      name: 'Loki, JSON',
      path: '/loki/api/v1/push',
      type: asJson,
      body: json({ streams: [{ stream: labels, values: lines.map((line) => [nanoseconds, line]) }] }),
    },
    {
      name: 'Loki, protobuf',
      path: '/loki/api/v1/push',
      type: asProtobuf,
      body: snap(framed(1, Buffer.concat([framed(1, written), ...entries]))),
    },
    { name: 'OTLP, JSON', path: '/v1/logs', type: asJson, body: json(logs) },
    {
      name: 'OTLP, protobuf',
      path: '/v1/logs',
      type: asProtobuf,
      body: framed(1, Buffer.concat([about, framed(2, scope)])),
    },
  ].filter(({ name }) => name.startsWith(values.only))
}

/** Sends the same again as soon as it was answered, until the time is over. @returns how many were taken */
const send = async (load: Load, port: number, agent: Agent, untilMs: number): Promise<number> => {
  let taken = 0
  const once = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': load.type,
        'content-length': load.body.length,
        ...(load.gzip === true ? { 'content-encoding': 'gzip' } : {}),
      }
      const sent = request({ port, agent, method: 'POST', path: load.path, headers }, (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      })
      sent.on('error', reject)
      sent.end(load.body)
    })
  while (Date.now() < untilMs) {
    const status = await once()
    if (status >= 300) throw new Error(`${load.name} was answered ${status}`)
    taken += 1
  }
  return taken
}

const runSender = async (port: number): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const untilMs = Date.now() + Number(values.seconds) * 1000
  const senders = loads(Number(values.batch)).flatMap((load) => [load, load])
  const taken = await Promise.all(senders.map((load) => send(load, port, agent, untilMs)))
  agent.destroy()
  process.send?.(senders.map(({ name }, i) => ({ name, requests: taken[i] ?? 0 })))
  process.disconnect()
}

const runServer = async (): Promise<void> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'winnow-intake-'))
  const spool = await openSpool({ folder, maxBytes: 64_000_000_000 })
  // What a loader would do, so that the disk stays as it is.
  const forget = setInterval(() => {
    for (const segment of spool.ready()) void spool.done(segment)
  }, 200)
  const app = buildIntake({
    spool,
    keys: { check: () => Promise.resolve(null) },
    config: { requireKey: false, maxBodyBytes: 32_000_000 },
    log: pino({ level: 'error' }),
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  // It listens on a port, not on a path.
  const { port } = app.server.address() as AddressInfo
  const file = process.argv[1] ?? ''
  const startMs = performance.now()
  const before = process.cpuUsage()
  const child = fork(file, [...process.argv.slice(2), '--port', String(port)])
  const counted: { readonly name: string; readonly requests: number }[] = []
  child.on('message', (answer) => {
    // Its only message is the one that this file sends.
    counted.push(...(answer as typeof counted))
  })
  await new Promise((resolve) => child.on('exit', resolve))
  const seconds = (performance.now() - startMs) / 1000
  const used = process.cpuUsage(before)
  const coreSeconds = (used.user + used.system) / 1e6
  const { lines } = app.stats
  await app.close()
  clearInterval(forget)
  await spool.close()
  await rm(folder, { recursive: true })

  const batch = Number(values.batch)
  const sent = counted.reduce((sum, { requests }) => sum + requests, 0) * batch
  if (sent !== lines) throw new Error(`${sent} events were sent and acknowledged, ${lines} were kept`)
  const whole = (number: number): string => Math.round(number).toLocaleString('en-US')
  const names = [...new Set(counted.map(({ name }) => name))]
  const rows = names.map((name) => {
    const own = counted.filter((one) => one.name === name).reduce((sum, { requests }) => sum + requests, 0)
    return [name, whole((own * batch) / seconds)]
  })
  console.log(table(['protocol', 'events a second'], rows))
  console.log(`all: ${whole(lines / seconds)} a second; ${whole(lines / coreSeconds)} a second of one core`)
  console.log(`resident: ${whole(process.memoryUsage().rss / 1e6)} MB`)
}

await (values.port === '' ? runServer() : runSender(Number(values.port)))
