import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { Client } from '@elastic/elasticsearch'
import { SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufLogs } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { Logger as SplunkLogger } from 'splunk-logging'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import winston from 'winston'
import LokiTransport from 'winston-loki'
import { listening } from './sender.ts'

let intake: Awaited<ReturnType<typeof listening>>
beforeAll(async () => {
  intake = await listening()
})
beforeEach(() => intake.recorder.streams.clear())
afterAll(() => intake.app.close())

const parsed = (stream: string): unknown[] =>
  (intake.recorder.streams.get(stream) ?? []).map((line): unknown => JSON.parse(line))

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 200 && !holds(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 25))
}

describe("Elastic's own client", () => {
  const events = Array.from({ length: 1000 }, (_, number) => ({
    '@timestamp': '2026-03-07T04:05:06Z',
    number,
  }))

  const send = async (index: (event: { readonly number: number }) => string = () => 'shop') => {
    const client = new Client({
      node: intake.url,
      auth: { apiKey: { id: 'k1', api_key: 'secret-1' } },
      compression: true,
    })
    try {
      return await client.helpers.bulk({
        datasource: events,
        onDocument: (event) => ({ create: { _index: index(event) } }),
        flushBytes: 10_000,
        retries: 5,
        wait: 20,
      })
    } finally {
      await client.close()
    }
  }

  it('sends its bulks, compressed', async () => {
    expect(await send()).toMatchObject({ total: 1000, successful: 1000, failed: 0 })
    expect(new Set(parsed('elasticsearch:shop').map((event) => JSON.stringify(event))).size).toBe(1000)
  })

  it('tries again the items that were not taken', async () => {
    intake.recorder.refusals.set('elasticsearch:shop-1', 'spool-full')
    intake.recorder.onRefusal = () => intake.recorder.refusals.clear()
    expect(await send(({ number }) => `shop-${number % 2}`)).toMatchObject({ successful: 1000, failed: 0 })
    expect(new Set(intake.recorder.lines()).size).toBe(1000)
    expect(intake.recorder.lines()).toHaveLength(1000)
  })

  it('is told where nothing was taken', async () => {
    intake.recorder.refusals.set('*', 'spool-full')
    await expect(send()).rejects.toMatchObject({ statusCode: 429 })
    intake.recorder.refusals.clear()
  })
})

describe("Loki's client for winston", () => {
  it.each([
    ['JSON', true],
    ['protobuf', false],
  ])('sends %s', async (_, json) => {
    const transport = new LokiTransport({
      host: intake.url,
      basicAuth: 'loki:secret-1',
      labels: { job: 'shop', host: 'web-1' },
      json,
      batching: false,
      format: winston.format.printf(({ message }) => String(message)),
    })
    const logger = winston.createLogger({ transports: [transport] })
    logger.info('order 17 was paid')
    await until(() => intake.recorder.lines().length > 0)
    logger.close()
    expect(parsed('loki:shop')).toMatchObject([
      { message: 'order 17 was paid', host: { name: 'web-1' }, labels: { job: 'shop', level: 'info' } },
    ])
  })
})

describe("OpenTelemetry's exporters", () => {
  const resource = resourceFromAttributes({ 'service.name': 'shop', 'host.name': 'web-1' })
  const options = (at: string) => ({
    url: `${intake.url}${at}`,
    headers: { authorization: 'Bearer secret-1' },
  })

  it.each([
    ['JSON', JsonLogs],
    ['protobuf', ProtobufLogs],
  ])('send logs as %s', async (_, Exporter) => {
    const exporter = new Exporter(options('/v1/logs'))
    const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] })
    provider.getLogger('orders').emit({
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      body: 'order 17 was not paid',
      attributes: { 'user.name': 'alice', items: [1, 2] },
      timestamp: Date.UTC(2026, 2, 7, 4, 5, 6),
    })
    await provider.forceFlush()
    await provider.shutdown()
    expect(parsed('otlp:shop')).toMatchObject([
      {
        '@timestamp': '2026-03-07T04:05:06.000000000Z',
        message: 'order 17 was not paid',
        host: { name: 'web-1' },
        log: { level: 'WARN' },
        'user.name': 'alice',
        items: [1, 2],
      },
    ])
  })

  it('send metrics as protobuf', async () => {
    const exporter = new OTLPMetricExporter(options('/v1/metrics'))
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
    const provider = new MeterProvider({ resource, readers: [reader] })
    const meter = provider.getMeter('orders')
    meter.createCounter('orders', { unit: '1' }).add(3, { shop: 'north' })
    meter.createHistogram('latency', { unit: 'ms' }).record(12)
    await provider.forceFlush()
    await provider.shutdown()
    // It measures once more when it stops.
    expect(parsed('otlp:shop').slice(0, 2)).toMatchObject([
      { metric: { name: 'orders', type: 'sum', unit: '1', value: 3 }, attributes: { shop: 'north' } },
      { metric: { name: 'latency', type: 'histogram', count: 1, sum: 12, min: 12, max: 12 } },
    ])
  })
})

describe("Splunk's client", () => {
  it('sends events', async () => {
    const logger = new SplunkLogger({ token: 'secret-1', url: intake.url, maxBatchCount: 2 })
    const answers: unknown[] = []
    for (const message of ['one', { user: 'alice' }])
      logger.send({ message, metadata: { source: 'shop', host: 'web-1' } }, (_, __, body) =>
        answers.push(body),
      )
    await until(() => answers.length > 0)
    expect(answers).toEqual([{ text: 'Success', code: 0 }])
    expect(parsed('hec:shop')).toMatchObject([
      { 'host.name': 'web-1', message: 'one' },
      { 'host.name': 'web-1', message: { user: 'alice' } },
    ])
  })
})

const run = promisify(execFile)

const works = (command: string, given: readonly string[]): Promise<boolean> =>
  run(command, [...given]).then(
    () => true,
    () => false,
  )

const module = '/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so'
const hasCurl = await works('curl', ['--version'])
const hasRsyslog = (await works('rsyslogd', ['-v'])) && (await works('test', ['-e', module]))

describe('programs', () => {
  it.skipIf(!hasCurl)('curl sends a file of lines', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'winnow-curl-'))
    const file = path.join(folder, 'lines.log')
    await writeFile(file, 'one\ntwo\n')
    const key = 'Authorization: Bearer secret-1'
    const { stdout } = await run('curl', [
      '-sS',
      '-H',
      key,
      '-T',
      file,
      '-X',
      'POST',
      `${intake.url}/ingest/nginx`,
    ])
    await rm(folder, { recursive: true })
    expect(JSON.parse(stdout)).toEqual({ lines: 2, source: 'http:nginx' })
    expect(intake.recorder.lines()).toEqual(['one', 'two'])
  })

  it.skipIf(!hasRsyslog)("rsyslog's omelasticsearch sends what it reads", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'winnow-rsyslog-'))
    const at = (name: string): string => path.join(folder, name)
    await writeFile(at('in.log'), 'one\ntwo "quoted"\n')
    await writeFile(
      at('rsyslog.conf'),
      `global(workDirectory="${folder}")
module(load="imfile")
module(load="omelasticsearch")
input(type="imfile" File="${at('in.log')}" Tag="shop:")
template(name="line" type="list" option.jsonf="on") {
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
}
action(type="omelasticsearch" server="127.0.0.1" serverport="${intake.port}" uid="rsyslog" pwd="secret-1"
  template="line" searchIndex="rsyslog" searchType="" bulkmode="on" errorFile="${at('errors')}")
`,
    )
    const daemon = execFile('rsyslogd', ['-n', '-f', at('rsyslog.conf'), '-i', at('pid')])
    await until(() => intake.recorder.lines().length >= 2)
    daemon.kill()
    await new Promise((resolve) => daemon.on('close', resolve))
    await rm(folder, { recursive: true })
    expect(parsed('elasticsearch:rsyslog')).toMatchObject([{ message: 'one' }, { message: 'two "quoted"' }])
  })
})
