import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { envelopes, parsers } from '../../../parsers/index.ts'
import { decide } from '../../../src/ingest/reading.ts'
import { sql } from '../../../src/sql/sql.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../../parsers/load-lines.ts'
import { bearer, openIntake } from './sender.ts'

// Each request is read with formats of its own: the engine plans a large statement for each.
vi.setConfig({ testTimeout: 180_000 })

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

/** What becomes of the lines of a request: format, time, machine, user, address. */
const eventsOf = async (name: string, url: string, payload: string | object): Promise<unknown[]> => {
  const { app, recorder } = openIntake()
  await app.inject({
    method: 'POST',
    url,
    headers: { ...bearer, 'content-type': 'application/json' },
    payload,
  })
  const lines = recorder.lines()
  const { reading, narrowed } = await decide(lab.engine, lines, { parsers, envelopes }, {}, goldenContext)
  await lab.load(name, Buffer.from(`${lines.join('\n')}\n`), narrowed ?? reading, goldenContext)
  return await lab.engine.rows(
    sql`SELECT format, toString(timestamp) AS time, host_name AS host, user_name AS user, replaceOne(toString(source_ip), '::ffff:', '') AS client FROM events WHERE source = ${name} ORDER BY line_number`,
  )
}

const failed = 'Mar  7 04:05:06 web-1 sshd[812]: Failed password for root from 198.51.100.66 port 4022 ssh2'
const access = '192.0.2.7 - alice [07/Mar/2026:04:05:05 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0"'
const ssh = {
  format: 'sshd',
  time: '2026-03-07 04:05:06.000',
  host: 'web-1',
  user: 'root',
  client: '198.51.100.66',
}
const web = {
  format: 'apache-access',
  time: '2026-03-07 04:05:05.000',
  host: 'web-2',
  user: 'alice',
  client: '192.0.2.7',
}

it("Filebeat's documents are read as the lines in them, and keep their host", async () => {
  const document = (message: string) =>
    JSON.stringify({
      '@timestamp': '2026-03-07T04:05:09.000Z',
      message,
      log: { offset: 0, file: { path: '/var/log/some.log' } },
      input: { type: 'filestream' },
      agent: { type: 'filebeat' },
      host: { name: 'web-2' },
    })
  const object = '{"level":"warn","user":"bob","client_ip":"192.0.2.8"}'
  const lines = [failed, access, object, 'order 17 was paid'].map(
    (one) => `{"create":{}}\n${document(one)}\n`,
  )
  const shipped = { time: '2026-03-07 04:05:09.000', host: 'web-2' }
  expect(await eventsOf('filebeat', '/filebeat/_bulk', lines.join(''))).toEqual([
    ssh,
    web,
    { ...shipped, format: 'json-lines', user: 'bob', client: '192.0.2.8' },
    { ...shipped, format: 'json-lines', user: '', client: '::' },
  ])
})

it("Loki's, Splunk's and OpenTelemetry's lines are read as what they are", async () => {
  const time = '1772856309000000000'
  const stream = {
    stream: { job: 'auth', host: 'web-2' },
    values: [
      [time, failed],
      [time, access],
    ],
  }
  expect(await eventsOf('loki', '/loki/api/v1/push', { streams: [stream] })).toEqual([ssh, web])
  const events = [failed, access].map((event) =>
    JSON.stringify({ time: 1_772_856_309, host: 'web-2', event }),
  )
  expect(await eventsOf('hec', '/services/collector', events.join(''))).toEqual([ssh, web])
  const resource = { attributes: [{ key: 'host.name', value: { stringValue: 'web-2' } }] }
  const logRecords = [failed, access].map((stringValue) => ({ timeUnixNano: time, body: { stringValue } }))
  const logs = { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }
  expect(await eventsOf('otlp', '/v1/logs', logs)).toEqual([ssh, web])
})

it("a program's own JSON is not taken for a shipper's, nor is Winlogbeat's", async () => {
  const own = JSON.stringify({ time: '2026-03-07T04:05:06Z', message: failed, user: 'carol' })
  expect(await eventsOf('own', '/shop/_bulk', `{"create":{}}\n${own}\n`)).toMatchObject([
    { format: 'json-lines', user: 'carol' },
  ])
  const winlogbeat = JSON.stringify({
    '@timestamp': '2026-03-07T04:05:06Z',
    message: 'An account failed to log on.',
    agent: { type: 'winlogbeat' },
    host: { name: 'pc-1' },
    winlog: {
      channel: 'Security',
      event_id: '4625',
      computer_name: 'pc-1',
      provider_name: 'Microsoft-Windows-Security-Auditing',
      event_data: { TargetUserName: 'dave' },
    },
    event: { code: '4625' },
  })
  expect(await eventsOf('winlogbeat', '/winlogbeat/_bulk', `{"create":{}}\n${winlogbeat}\n`)).toMatchObject([
    { format: 'windows-winlogbeat', user: 'dave' },
  ])
})

it('metrics are events of their own kind', async () => {
  const dataPoints = [{ timeUnixNano: '1772856309000000000', asDouble: 1.5 }]
  const metrics = [{ name: 'queue', gauge: { dataPoints } }]
  const body = { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }
  expect(await eventsOf('metrics', '/v1/metrics', body)).toMatchObject([
    { format: 'otlp-metrics', time: '2026-03-07 04:05:09.000' },
  ])
})
