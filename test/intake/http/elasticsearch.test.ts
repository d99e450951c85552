import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bearer, openIntake } from './sender.ts'

const ndjson = (...lines: readonly unknown[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')

const bulk = async (
  payload: string | Buffer,
  { url = '/_bulk', headers = {}, opened = openIntake() } = {},
) => {
  const { app, recorder } = opened
  const response = await app.inject({
    method: 'POST',
    url,
    headers: { ...bearer, 'content-type': 'application/x-ndjson', ...headers },
    payload,
  })
  return { response, recorder, body: response.json<Record<string, unknown>>() }
}

const one = { '@timestamp': '2026-03-07T04:05:06Z', message: 'order paid' }

describe('_bulk', () => {
  it('keeps each document as the line it is, under the name of its index', async () => {
    const { response, body, recorder } = await bulk(
      ndjson({ create: { _index: 'shop', _id: 'a1' } }, one, { index: { _index: 'mail' } }, '{"a":  1.50}'),
    )
    expect(response.statusCode).toBe(200)
    expect(response.headers['x-elastic-product']).toBe('Elasticsearch')
    expect(body).toMatchObject({
      errors: false,
      items: [
        { create: { _index: 'shop', _id: 'a1', status: 201, result: 'created' } },
        { index: { _index: 'mail', status: 201 } },
      ],
    })
    expect(Object.fromEntries(recorder.streams)).toEqual({
      'elasticsearch:shop': [JSON.stringify(one)],
      'elasticsearch:mail': ['{"a":  1.50}'],
    })
  })

  it('takes the index from the path where an action names none', async () => {
    const { recorder } = await bulk(ndjson({ index: {} }, one), { url: '/shop/_bulk' })
    expect([...recorder.streams.keys()]).toEqual(['elasticsearch:shop'])
  })

  it('makes one stream of the indices of many days', async () => {
    const { recorder } = await bulk(
      ndjson(
        { index: { _index: 'logstash-2026.03.06' } },
        one,
        { index: { _index: 'logstash-2026.03.07' } },
        one,
      ),
    )
    expect([...recorder.streams.keys()]).toEqual(['elasticsearch:logstash'])
  })

  it('puts the lines of a key with a stream of its own there', async () => {
    const headers = { authorization: `ApiKey ${Buffer.from('id:secret-2').toString('base64')}` }
    const { recorder } = await bulk(ndjson({ index: { _index: 'x' } }, one), { headers })
    expect([...recorder.streams.keys()]).toEqual(['shop-web'])
  })

  it('answers deletions, updates and documents that are none, each by itself', async () => {
    const { response, body, recorder } = await bulk(
      ndjson(
        { delete: { _index: 'shop', _id: '1' } },
        { create: { _index: 'shop' } },
        one,
        { update: { _index: 'shop', _id: '2' } },
        { doc: {} },
        { index: { _index: 'shop' } },
        'text',
      ),
    )
    expect(response.statusCode).toBe(200)
    expect(body).toMatchObject({
      errors: true,
      items: [
        { delete: { _id: '1', status: 400, error: { type: 'illegal_argument_exception' } } },
        { create: { status: 201 } },
        { update: { status: 400 } },
        { index: { status: 400, error: { reason: 'the document is no JSON object' } } },
      ],
    })
    expect(recorder.lines()).toEqual([JSON.stringify(one)])
  })

  it('says of items only what the sender asks for', async () => {
    const url = '/_bulk?filter_path=errors,items.*.error,items.*.status'
    const { body } = await bulk(ndjson({ index: { _index: 'shop' } }, one), { url })
    expect(body).toEqual({ errors: false, took: expect.any(Number), items: [{ index: { status: 201 } }] })
    const short = await bulk(ndjson({ index: { _index: 'shop' } }, one), {
      url: '/_bulk?filter_path=errors,took',
    })
    expect(short.body).toEqual({ errors: false, took: expect.any(Number) })
  })

  it('reads gzip and deflate', async () => {
    const payload = gzipSync(ndjson({ index: { _index: 'shop' } }, one))
    const { recorder } = await bulk(payload, { headers: { 'content-encoding': 'gzip' } })
    expect(recorder.lines()).toEqual([JSON.stringify(one)])
  })

  it('refuses the whole with 429 and when to try again, where the spool takes nothing', async () => {
    const opened = openIntake()
    opened.recorder.refusals.set('*', 'spool-full')
    const { response, body } = await bulk(ndjson({ index: { _index: 'shop' } }, one), { opened })
    expect(response.statusCode).toBe(429)
    expect(response.headers['retry-after']).toBe('7')
    expect(body).toMatchObject({ status: 429, error: { type: 'es_rejected_execution_exception' } })
  })

  it('refuses items one by one, where the spool takes some', async () => {
    const opened = openIntake()
    opened.recorder.refusals.set('elasticsearch:full', 'spool-full')
    const { response, body } = await bulk(
      ndjson({ index: { _index: 'shop' } }, one, { index: { _index: 'full' } }, one),
      { opened },
    )
    expect(response.statusCode).toBe(200)
    expect(body).toMatchObject({
      errors: true,
      items: [{ index: { status: 201 } }, { index: { status: 429, error: {} } }],
    })
  })

  it('says 503 where the disk is full, which senders take for passing', async () => {
    const opened = openIntake()
    opened.recorder.refusals.set('*', 'disk-full')
    const { response } = await bulk(ndjson({ index: { _index: 'shop' } }, one), { opened })
    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBe('7')
    // Which folder it is, is nothing for senders.
    expect(response.body).toContain('the log of Winnow says why')
  })

  it.each([
    ['no actions', '\n\n'],
    ['an action that is no JSON', 'hello\n{}\n'],
    ['an action of several', ndjson({ index: {}, create: {} }, one)],
    ['an unknown action', ndjson({ drop: {} }, one)],
    ['an action named by its prototype', '{"__proto__":{}}\n{}\n'],
    ['an action without its document', ndjson({ index: {} })],
    ['an endless action', `{"index":{"_index":"${'a'.repeat(20_000)}"}}\n{}\n`],
  ])('refuses %s, and keeps nothing', async (_, payload) => {
    const { response, body, recorder } = await bulk(payload)
    expect(response.statusCode).toBe(400)
    expect(body).toMatchObject({ status: 400, error: { type: 'illegal_argument_exception' } })
    expect(recorder.lines()).toEqual([])
  })
})

describe('the handshake of Elasticsearch', () => {
  it.each([
    ['GET', '/'],
    ['HEAD', '/'],
    ['GET', '/_license?human=false'],
    ['GET', '/_xpack'],
    ['GET', '/_cluster/health'],
    ['GET', '/_ilm/policy/filebeat'],
    ['PUT', '/_ilm/policy/filebeat'],
    ['GET', '/_index_template/filebeat-8.19.0'],
    ['HEAD', '/_index_template/filebeat-8.19.0'],
    ['PUT', '/_index_template/filebeat-8.19.0'],
    ['HEAD', '/_template/filebeat'],
    ['GET', '/_data_stream/filebeat-8.19.0'],
    ['PUT', '/_data_stream/filebeat-8.19.0'],
    ['PUT', '/_ingest/pipeline/filebeat-8.19.0-nginx-access-pipeline'],
    ['HEAD', '/shop'],
    ['PUT', '/shop'],
  ] as const)('answers %s %s', async (method, url) => {
    const { app } = openIntake()
    const response = await app.inject({
      method,
      url,
      headers: bearer,
      ...(method === 'PUT' ? { payload: {} } : {}),
    })
    expect(response.statusCode).toBe(200)
    expect(response.headers['x-elastic-product']).toBe('Elasticsearch')
  })

  it('names a version that senders know, and a licence that is in force', async () => {
    const { app } = openIntake()
    const root = await app.inject({ url: '/', headers: bearer })
    expect(root.json()).toMatchObject({
      version: { number: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      tagline: 'You Know, for Search',
    })
    const license = await app.inject({ url: '/_license', headers: bearer })
    expect(license.json()).toMatchObject({ license: { status: 'active', type: 'basic' } })
  })

  it('refuses who has no key, in words of Elasticsearch', async () => {
    const { app } = openIntake()
    const none = await app.inject({ url: '/' })
    expect(none.statusCode).toBe(401)
    expect(none.headers['www-authenticate']).toContain('ApiKey')
    expect(none.json()).toMatchObject({ status: 401, error: { type: 'security_exception' } })
    const wrong = await app.inject({ url: '/', headers: { authorization: 'Bearer nonsense' } })
    expect(wrong.statusCode).toBe(403)
    const reader = await app.inject({ url: '/', headers: { authorization: 'Bearer secret-3' } })
    expect(reader.statusCode).toBe(403)
  })
})

describe('single documents', () => {
  it('are lines, however many lines they were written over', async () => {
    const { app, recorder } = openIntake()
    const response = await app.inject({
      method: 'POST',
      url: '/shop/_doc',
      headers: { ...bearer, 'content-type': 'application/json' },
      payload: '{\n  "a": "b\\nc"\r\n}',
    })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toMatchObject({ _index: 'shop', result: 'created' })
    expect(recorder.lines()).toEqual(['{   "a": "b\\nc"  }'])
  })
})
