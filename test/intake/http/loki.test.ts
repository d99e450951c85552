import { describe, expect, it } from 'vitest'
import { parseLabels } from '../../../src/intake/http/loki-labels.ts'
import { writeMessage } from '../../../src/intake/http/protobuf.ts'
import { bearer, openIntake } from './sender.ts'
import { framed, snap } from '../../../bench/wire.ts'

const send = async (payload: string | Buffer, type = 'application/json', opened = openIntake()) => {
  const headers = { ...bearer, 'content-type': type }
  const response = await opened.app.inject({ method: 'POST', url: '/loki/api/v1/push', headers, payload })
  return { status: response.statusCode, text: response.body, headers: response.headers, ...opened }
}

const stream = (labels: object, ...values: readonly unknown[]) =>
  JSON.stringify({ streams: [{ stream: labels, values }] })

const parsed = (lines: readonly string[]): unknown[] => lines.map((line): unknown => JSON.parse(line))

const expected = {
  '@timestamp': '2026-03-07T04:05:06.123456789Z',
  message: 'line one\nand more',
  input: { type: 'loki' },
  host: { name: 'web-1' },
  service: { name: 'nginx' },
  log: { file: { path: '/var/log/nginx/access.log' } },
  labels: { job: 'nginx', host: 'web-1', filename: '/var/log/nginx/access.log', trace: '7' },
}

describe("Loki's push", () => {
  it('takes JSON', async () => {
    const labels = { job: 'nginx', host: 'web-1', filename: '/var/log/nginx/access.log' }
    const { status, text, recorder } = await send(
      stream(labels, ['1772856306123456789', 'line one\nand more', { trace: '7' }]),
    )
    expect([status, text]).toEqual([204, ''])
    expect(parsed(recorder.streams.get('loki:nginx') ?? [])).toEqual([expected])
  })

  it('takes protobuf in Snappy', async () => {
    const entry = writeMessage('Entry', {
      timestamp: { seconds: 1_772_856_306, nanos: 123_456_789 },
      line: 'line one\nand more',
      structuredMetadata: [{ name: 'trace', value: '7' }],
    })
    const labels = Buffer.from('{job="nginx", host="web-1",filename="/var/log/nginx/access.log"}')
    const body = framed(1, Buffer.concat([framed(1, labels), framed(2, entry), framed(2, entry)]))
    const { status, recorder } = await send(snap(body), 'application/x-protobuf')
    expect(status).toBe(204)
    expect(parsed(recorder.streams.get('loki:nginx') ?? [])).toEqual([expected, expected])
  })

  it('keeps names that objects have of themselves as plain labels', async () => {
    const body = '{"streams":[{"stream":{"__proto__":"a","constructor":"b"},"values":[["1","x"]]}]}'
    const { recorder } = await send(body)
    expect(recorder.lines()[0]).toContain('"labels":{"__proto__":"a","constructor":"b"}')
  })

  it.each([
    ['no JSON', 'hello'],
    ['no streams', '{}'],
    ['a value that is no pair', stream({}, 'x')],
    ['a line that is no text', stream({}, ['1', 2])],
  ])('refuses %s', async (_, payload) => {
    const { status, headers, recorder } = await send(payload)
    expect(status).toBe(400)
    expect(headers['content-type']).toContain('text/plain')
    expect(recorder.lines()).toEqual([])
  })

  it.each([
    ['what is no Snappy', Buffer.from('hello')],
    ['what is no protobuf', snap(Buffer.from([0x0a, 0xff]))],
    ['labels that are none', snap(framed(1, framed(1, Buffer.from('job=1'))))],
  ])('refuses %s', async (_, payload) => {
    expect((await send(payload, 'application/x-protobuf')).status).toBe(400)
  })

  it('says 429 where the spool is full, and is ready without a key', async () => {
    const opened = openIntake()
    opened.recorder.refusals.set('*', 'spool-full')
    expect((await send(stream({ job: 'a' }, ['1', 'x']), undefined, opened)).status).toBe(429)
    expect((await opened.app.inject({ url: '/ready' })).body).toBe('ready\n')
  })
})

describe('labels', () => {
  it.each([
    ['{}', []],
    ['{a="b"}', [['a', 'b']]],
    [
      '{ a="b\\"c\\n", d=`e\\` ,}',
      [
        ['a', 'b"c\n'],
        ['d', 'e\\'],
      ],
    ],
    ['{a="{x=\\"y\\"}, b=\\u00e4"}', [['a', '{x="y"}, b=ä']]],
  ])('are read from %s', (text, labels) => {
    expect(parseLabels(text)).toEqual(labels)
  })

  it.each(['', 'a="b"', '{a=b}', '{a="b}', '{a="b" c="d"}', '{="b"}'])('are not %s', (text) => {
    expect(() => parseLabels(text)).toThrow('labels should be written')
  })
})
