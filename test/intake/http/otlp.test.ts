import { describe, expect, it } from 'vitest'
import { readMessage, writeMessage } from '../../../src/intake/http/protobuf.ts'
import { bearer, openIntake } from './sender.ts'
import { framed } from '../../../bench/wire.ts'

const send = async (url: string, payload: object | string | Buffer, opened = openIntake()) => {
  const type = Buffer.isBuffer(payload) ? 'application/x-protobuf' : 'application/json'
  const headers = { ...bearer, 'content-type': type }
  const response = await opened.app.inject({ method: 'POST', url, headers, payload })
  return { response, status: response.statusCode, ...opened }
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const resource = { attributes: [text('service.name', 'shop'), text('host.name', 'web-1')] }
const record = {
  timeUnixNano: '1772856306123456789',
  severityNumber: 9,
  body: { stringValue: 'order paid' },
  attributes: [
    text('user.name', 'alice'),
    { key: 'order.id', value: { intValue: '12345678901234567890' } },
    { key: 'order.items', value: { arrayValue: { values: [{ intValue: 1 }, { boolValue: true }] } } },
    text('__proto__', 'x'),
    text('message', 'another'),
  ],
}

const line = {
  '@timestamp': '2026-03-07T04:05:06.123456789Z',
  message: 'order paid',
  input: { type: 'otlp' },
  host: { name: 'web-1' },
  service: { name: 'shop' },
  log: { level: 'info' },
  'user.name': 'alice',
  'order.id': '12345678901234567890',
  'order.items': [1, true],
  ['__proto__']: 'x',
  'trace.id': '000102030405060708090a0b0c0d0e0f',
  resource: { 'service.name': 'shop', 'host.name': 'web-1' },
}

const logsOf = (...logRecords: readonly unknown[]) => ({
  resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }],
})

const asProtobuf = (kind: string, records: readonly object[]): Buffer => {
  const inside = Buffer.concat(records.map((one) => framed(2, writeMessage(kind, { ...one }))))
  const about = framed(1, writeMessage('Resource', resource))
  return framed(1, Buffer.concat([framed(2, inside), about]))
}

const parsed = (lines: readonly string[] | undefined): unknown[] =>
  (lines ?? []).map((one): unknown => JSON.parse(one))

describe('OTLP logs', () => {
  const traceId = '000102030405060708090a0b0c0d0e0f'

  it('are taken as JSON', async () => {
    const { response, recorder } = await send('/v1/logs', logsOf({ ...record, traceId }))
    expect([response.statusCode, response.json()]).toEqual([200, {}])
    expect(parsed(recorder.streams.get('otlp:shop'))).toEqual([line])
  })

  it('are taken as protobuf, wherever the resource stands', async () => {
    const records = [{ ...record, traceId: Buffer.from(traceId, 'hex') }]
    records[0]?.attributes.splice(1, 1, { key: 'order.id', value: { intValue: '1234567890123456789' } })
    const { response, recorder } = await send('/v1/logs', asProtobuf('LogRecord', records))
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('application/x-protobuf')
    expect(response.rawPayload).toHaveLength(0)
    expect(parsed(recorder.streams.get('otlp:shop'))).toEqual([
      { ...line, 'order.id': '1234567890123456789' },
    ])
  })

  it('say how many records could not be read', async () => {
    const { response, recorder } = await send('/v1/logs', logsOf(record, 'x', null))
    expect(response.json()).toEqual({
      partialSuccess: { rejectedLogRecords: '2', errorMessage: '2 could not be read' },
    })
    expect(recorder.lines()).toHaveLength(1)
  })

  it('may have an object as their body, and no time', async () => {
    const body = { kvlistValue: { values: [text('action', 'login')] } }
    const { recorder } = await send('/v1/logs', logsOf({ body }))
    expect(parsed(recorder.lines())).toMatchObject([
      {
        '@timestamp': '2026-03-07T04:05:06.000Z',
        action: 'login',
        'service.name': 'shop',
        'host.name': 'web-1',
      },
    ])
  })

  it('are cut where they are too deep', async () => {
    const [before = '', after = ''] = JSON.stringify(logsOf({ body: 'HERE' })).split('"HERE"')
    const depth = 50_000
    const body = `${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`
    const { status, recorder } = await send('/v1/logs', `${before}${body}${after}`)
    expect(status).toBe(200)
    expect(recorder.lines()[0]?.length).toBeLessThan(500)
  })

  it('are refused where a small body would become a large one', async () => {
    const long = { attributes: [text('a', 'x'.repeat(500_000))] }
    const body = { resourceLogs: [{ resource: long, scopeLogs: [{ logRecords: Array(100).fill({}) }] }] }
    const { response, recorder } = await send('/v1/logs', body)
    expect([response.statusCode, response.json()]).toMatchObject([
      413,
      { code: 8, message: expect.stringContaining('lines come to more') },
    ])
    expect(recorder.lines()).toEqual([])
  })

  it('are refused in the shape of google.rpc.Status, in the encoding they came in', async () => {
    const wrong = await send('/v1/logs', Buffer.from([0x0a, 0xff, 0x01]))
    expect(wrong.status).toBe(400)
    expect(readMessage('Status', wrong.response.rawPayload)).toMatchObject({ code: 3 })
    const opened = openIntake()
    opened.recorder.refusals.set('*', 'spool-full')
    const { response } = await send('/v1/logs', logsOf(record), opened)
    expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '7'])
    expect(response.json()).toMatchObject({ code: 8 })
  })
})

describe('OTLP metrics', () => {
  const point = { timeUnixNano: '1772856306000000000', attributes: [text('cpu', '0')] }
  const metrics = [
    { name: 'system.cpu.time', unit: 's', sum: { dataPoints: [{ ...point, asDouble: 1.5 }] } },
    {
      name: 'queue',
      gauge: {
        dataPoints: [
          { ...point, asInt: '-3' },
          { ...point, asDouble: 0 },
        ],
      },
    },
    {
      name: 'latency',
      unit: 'ms',
      histogram: {
        dataPoints: [{ ...point, count: '3', sum: 30, bucketCounts: ['1', '2'], explicitBounds: [10] }],
      },
    },
    {
      name: 'sizes',
      summary: {
        dataPoints: [{ ...point, count: '2', sum: 4, quantileValues: [{ quantile: 0.5, value: 2 }] }],
      },
    },
  ]
  const values = [
    { name: 'system.cpu.time', type: 'sum', unit: 's', value: 1.5 },
    { name: 'queue', type: 'gauge', value: -3 },
    { name: 'queue', type: 'gauge', value: 0 },
    {
      name: 'latency',
      type: 'histogram',
      unit: 'ms',
      count: 3,
      sum: 30,
      bucketCounts: [1, 2],
      explicitBounds: [10],
    },
    { name: 'sizes', type: 'summary', count: 2, sum: 4, quantileValues: [{ quantile: 0.5, value: 2 }] },
  ]
  const lines = values.map((metric) => ({
    '@timestamp': '2026-03-07T04:05:06.000000000Z',
    input: { type: 'otlp' },
    host: { name: 'web-1' },
    service: { name: 'shop' },
    metric,
    attributes: { cpu: '0' },
    resource: { 'service.name': 'shop', 'host.name': 'web-1' },
  }))

  it('are a line for each data point, as JSON and as protobuf', async () => {
    const json = await send('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] })
    expect(json.status).toBe(200)
    expect(parsed(json.recorder.streams.get('otlp:shop'))).toEqual(lines)
    const protobuf = await send('/v1/metrics', asProtobuf('Metric', metrics))
    expect(protobuf.status).toBe(200)
    expect(parsed(protobuf.recorder.streams.get('otlp:shop'))).toEqual(lines)
  })

  it('that are of no known kind, or have no value, are counted', async () => {
    const unknown = [
      { name: 'a', unheardOf: {} },
      { name: 'b', gauge: { dataPoints: [point] } },
      { gauge: {} },
    ]
    const { response } = await send('/v1/metrics', {
      resourceMetrics: [{ scopeMetrics: [{ metrics: unknown }] }],
    })
    expect(response.json()).toMatchObject({ partialSuccess: { rejectedDataPoints: '3' } })
  })
})
