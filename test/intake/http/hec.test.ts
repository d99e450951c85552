import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonObjects } from '../../../src/intake/http/json.ts'
import { openIntake } from './sender.ts'

const splunk = { authorization: 'Splunk secret-1' }

const send = async (payload: string, url = '/services/collector/event', opened = openIntake()) => {
  const response = await opened.app.inject({ method: 'POST', url, headers: splunk, payload })
  return { status: response.statusCode, headers: response.headers, body: response.json<unknown>(), ...opened }
}

describe('the HTTP Event Collector', () => {
  it('takes objects one after the other, each as one line of its own bytes', async () => {
    const first =
      '{"time":1772856306.5,"host":"web-1","source":"/var/log/auth.log","sourcetype":"auth","event":"a \\"{\\n line"}'
    const second = '{ "time": "1772856307",\n "source": "app", "event": {"id": 12345678901234567890} }'
    const { status, body, recorder } = await send(`${first}${second}\n`)
    expect([status, body]).toEqual([200, { text: 'Success', code: 0 }])
    expect(Object.fromEntries(recorder.streams)).toEqual({
      'hec:/var/log/auth.log': [first],
      'hec:app': [
        '{"@timestamp":"2026-03-07T04:05:07.000Z","shipped":{"source":"app"},"id": 12345678901234567890}',
      ],
    })
  })

  it('says when an event came that does not say when it was', async () => {
    const { recorder } = await send('{"event":"one"}{"time":"now","event":"two"}')
    expect(recorder.lines()).toEqual([
      '{"time":1772856306,"sourcetype":"hec","event":"one"}',
      '{"time":1772856306,"sourcetype":"hec","time":"now","event":"two"}',
    ])
  })

  it('takes raw lines, with what the query says of them', async () => {
    const plain = await send('one\ntwo\n', '/services/collector/raw?source=auth.log')
    expect(plain.body).toEqual({ text: 'Success', code: 0 })
    expect(plain.recorder.streams.get('hec:auth.log')).toEqual(['one', 'two'])
    const hosted = await send('one\n', '/services/collector/raw/1.0?source=auth.log&host=web-1')
    expect(hosted.recorder.lines().map((line): unknown => JSON.parse(line))).toEqual([
      { time: 1_772_856_306, host: 'web-1', source: 'hec:auth.log', sourcetype: 'hec', event: 'one' },
    ])
  })

  it.each([
    ['', { text: 'No data', code: 5 }, 0],
    ['{"event":"a"}{"event":', { text: 'Invalid data format', code: 6, 'invalid-event-number': 1 }, 1],
    ['{"event":"a"} x {"event":"b"}', { text: 'Invalid data format', code: 6, 'invalid-event-number': 1 }, 1],
    ['[{"event":"a"}]', { text: 'Invalid data format', code: 6, 'invalid-event-number': 0 }, 0],
    ['{"host":"a"}', { text: 'Event field is required', code: 12, 'invalid-event-number': 0 }, 0],
    ['{"event":""}', { text: 'Event field cannot be blank', code: 13, 'invalid-event-number': 0 }, 0],
    [
      `{"event":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      { text: 'Invalid data format', code: 6, 'invalid-event-number': 0 },
      0,
    ],
  ])('names what is wrong with %#, and keeps what stood before it', async (payload, said, kept) => {
    const { status, body, recorder } = await send(payload)
    expect([status, body]).toEqual([400, said])
    expect(recorder.lines()).toHaveLength(kept)
  })

  it('answers its health without a key, and that it gives no acknowledgements', async () => {
    const { app } = openIntake()
    const health = await app.inject({ url: '/services/collector/health' })
    expect([health.statusCode, health.json()]).toEqual([200, { text: 'HEC is healthy', code: 17 }])
    const ack = await app.inject({ method: 'POST', url: '/services/collector/ack', headers: splunk })
    expect([ack.statusCode, ack.json()]).toEqual([400, { text: 'ACK is disabled', code: 14 }])
  })

  it('refuses keys in its own words', async () => {
    const { app } = openIntake()
    const url = '/services/collector'
    const none = await app.inject({ method: 'POST', url, payload: '{"event":"a"}' })
    expect([none.statusCode, none.json()]).toEqual([401, { text: 'Token is required', code: 2 }])
    const headers = { authorization: 'Splunk nonsense' }
    const wrong = await app.inject({ method: 'POST', url, headers, payload: '{"event":"a"}' })
    expect([wrong.statusCode, wrong.json()]).toEqual([403, { text: 'Invalid token', code: 4 }])
  })

  it('is busy where the spool is full', async () => {
    const opened = openIntake()
    opened.recorder.refusals.set('*', 'spool-full')
    const { status, headers, body } = await send('{"event":"a"}', undefined, opened)
    expect([status, headers['retry-after']]).toEqual([503, '7'])
    expect(body).toMatchObject({ text: 'Server is busy', code: 9 })
  })
})

describe('objects one after the other', () => {
  it('are found whatever is in them and between them', () => {
    const space = fc.constantFrom('', ' ', '\n', '\r\n\t')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), space)),
        (pairs) => {
          const body = pairs.map(([value, between]) => `${JSON.stringify(value)}${between}`).join('')
          const found = [...jsonObjects(Buffer.from(body))].map(({ value }) => JSON.stringify(value))
          expect(found).toEqual(pairs.map(([value]) => JSON.stringify(JSON.parse(JSON.stringify(value)))))
        },
      ),
      { seed: 1 },
    )
  })

  it('end at what is none, and never go on for ever', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', '[', ']', 'a', ':', ' ') }),
        (text) => {
          const found = [...jsonObjects(Buffer.from(text))]
          expect(found.slice(0, -1).every(({ value }) => value !== null)).toBe(true)
        },
      ),
      { seed: 1 },
    )
  })
})
