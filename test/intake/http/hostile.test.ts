import { connect } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { openRoom } from '../../../src/intake/http/body.ts'
import { openKeys, secretOf } from '../../../src/intake/http/keys.ts'
import { snappyLength, unsnap } from '../../../src/intake/http/snappy.ts'
import { cleanName, openStreamNames } from '../../../src/intake/http/streams.ts'
import type { Piece } from '../../../src/spool/spool.ts'
import { bearer, keys, listening, openIntake } from './sender.ts'
import { snap, snappyBlock } from '../../../bench/wire.ts'

const paths = ['/ingest/a', '/_bulk', '/services/collector', '/loki/api/v1/push', '/v1/logs', '/v1/metrics']

const post = (url: string, payload: Buffer | string, headers = {}, opened = openIntake()) =>
  opened.app.inject({ method: 'POST', url, headers: { ...bearer, ...headers }, payload })

const small = { config: { requireKey: true, maxBodyBytes: 100_000 } }

/** Of a request that goes on with what its body is. */
const head = 'POST /ingest/a HTTP/1.1\r\nhost: a\r\nauthorization: Bearer secret-1\r\n'

/** Writes bytes to a port and reads what comes until the other end closes. */
const speak = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (chunk) => (heard += chunk.toString()))
    socket.on('error', () => resolve(heard))
    socket.on('close', () => resolve(heard))
  })

describe('bodies that want too much', () => {
  it.each(paths)('%s: too long a body is refused, told beforehand or not', async (url) => {
    const body = Buffer.alloc(100_001, 'a')
    expect((await post(url, body, {}, openIntake(small))).statusCode).toBe(413)
    const { url: base, app, recorder } = await listening(small)
    try {
      const chunked = new ReadableStream({
        pull: (controller) => {
          controller.enqueue(Buffer.alloc(50_000, 'a'))
          controller.enqueue(Buffer.alloc(60_000, 'a'))
          controller.close()
        },
      })
      const response = await fetch(`${base}${url}`, {
        method: 'POST',
        headers: bearer,
        body: chunked,
        duplex: 'half',
      })
      expect(response.status).toBe(413)
      expect(recorder.lines()).toEqual([])
    } finally {
      await app.close()
    }
  })

  it.each(paths)('%s: a bomb is not inflated beyond its limit', async (url) => {
    const zeros = Buffer.alloc(7_000_000)
    for (const [encoding, payload] of [
      ['gzip', gzipSync(zeros)],
      ['deflate', deflateSync(zeros)],
    ] as const) {
      const response = await post(url, payload, { 'content-encoding': encoding })
      expect(response.statusCode).toBe(413)
      const tiny = await post(url, payload, { 'content-encoding': encoding }, openIntake(small))
      expect(tiny.statusCode).toBe(413)
    }
  })

  it('a Snappy block is not believed what it says of its length', async () => {
    for (const block of [snappyBlock(4_000_000_000), snappyBlock(200_000), snappyBlock(90_000, [0, 65])]) {
      const headers = { 'content-type': 'application/x-protobuf' }
      const { statusCode } = await post('/loki/api/v1/push', block, headers, openIntake(small))
      expect([400, 413]).toContain(statusCode)
    }
  })

  it('together they find no more room than there is', async () => {
    const { app, url } = await listening({ roomBytes: 150_000 })
    try {
      const held = connect(Number(new URL(url).port), '127.0.0.1')
      held.write(
        `POST /ingest/a HTTP/1.1\r\nhost: a\r\nauthorization: Bearer secret-1\r\ncontent-length: 100000\r\n\r\nx`,
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
      const options = { method: 'POST', headers: bearer, body: 'x'.repeat(100_000) }
      const refused = await fetch(`${url}/ingest/b`, options)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
      held.destroy()
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect((await fetch(`${url}/ingest/b`, options)).status).toBe(200)
    } finally {
      await app.close()
    }
  })

  it('a sender that leaves while its key is looked up leaves no room taken', async () => {
    let looked: (() => void) | undefined
    const looking = new Promise<void>((resolve) => (looked = resolve))
    let answer: (() => void) | undefined
    const answered = new Promise<void>((resolve) => (answer = resolve))
    const slow = {
      check: async (secret: string) => {
        looked?.()
        await answered
        return keys.check(secret)
      },
    }
    const { app, url, port } = await listening({ roomBytes: 150_000, keys: slow })
    try {
      const socket = connect(port, '127.0.0.1')
      socket.write(`${head}content-length: 100000\r\n\r\nx`)
      await looking
      socket.destroy()
      await new Promise((resolve) => setTimeout(resolve, 100))
      answer?.()
      await new Promise((resolve) => setTimeout(resolve, 100))
      const options = { method: 'POST', headers: bearer, body: 'x'.repeat(100_000) }
      expect((await fetch(`${url}/ingest/b`, options)).status).toBe(200)
    } finally {
      await app.close()
    }
  })

  it('a lone one always finds room, and gives it back', () => {
    const room = openRoom(10)
    expect(room.take(20)).toBe(true)
    expect(room.take(1)).toBe(false)
    room.give(20)
    expect(room.take(1)).toBe(true)
  })
})

describe('bodies that are not what they say', () => {
  const gzip = { 'content-encoding': 'gzip' }

  it.each(paths)('%s: broken and cut compression is refused', async (url) => {
    const whole = gzipSync('{"index":{}}\n{"a":1}\n')
    for (const payload of [
      whole.subarray(0, -9),
      Buffer.from('hello'),
      whole.subarray(0, 4),
      Buffer.alloc(0),
    ]) {
      const { statusCode } = await post(url, payload, gzip)
      expect(statusCode).toBe(400)
    }
  })

  it.each(paths)('%s: an unknown encoding is refused with those that are known', async (url) => {
    const response = await post(url, 'x', { 'content-encoding': 'br' })
    expect(response.statusCode).toBe(415)
    const said = response.rawPayload.toString('latin1')
    expect(said).toContain('gzip')
  })

  it.each(paths)('%s: whatever the content type, it is an answer', async (url) => {
    for (const type of [
      '',
      'x',
      'application/json; charset=x',
      'text/plain;;;',
      'multipart/form-data',
      '\u00e4/b',
    ]) {
      const { statusCode } = await post(url, 'hello', { 'content-type': type })
      expect(statusCode).toBeLessThan(500)
    }
  })

  it.each(paths)('%s: any bytes get an answer that is none of ours to be sorry for', async (url) => {
    const opened = openIntake()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map((json) => Buffer.from(json)),
        ),
        fc.constantFrom('application/json', 'application/x-protobuf'),
        async (bytes, type) => {
          const { statusCode } = await post(url, Buffer.from(bytes), { 'content-type': type }, opened)
          expect(statusCode).toBeLessThan(500)
        },
      ),
      { numRuns: 100, seed: 1 },
    )
  })

  it('lines keep NUL bytes, bytes that are no UTF-8, and huge numbers as they are', async () => {
    const kept: Buffer[] = []
    const appendAll = (pieces: readonly Piece[]) =>
      Promise.resolve(void kept.push(...pieces.map(({ lines }) => lines)))
    const document = Buffer.concat([
      Buffer.from('{"a":1e999,"b":"'),
      Buffer.from([0, 255, 254]),
      Buffer.from('"}'),
    ])
    const payload = Buffer.concat([Buffer.from('{"index":{}}\n'), document, Buffer.from('\n')])
    expect((await post('/_bulk', payload, {}, openIntake({ spool: { appendAll } }))).statusCode).toBe(200)
    expect(Buffer.concat(kept).equals(Buffer.concat([document, Buffer.from('\n')]))).toBe(true)
  })

  it('a body that breaks off keeps nothing', async () => {
    const { app, port, recorder } = await listening()
    try {
      const socket = connect(port, '127.0.0.1')
      socket.write(`${head}content-length: 100\r\n\r\nhalf a li`)
      await new Promise((resolve) => setTimeout(resolve, 100))
      socket.destroy()
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(recorder.lines()).toEqual([])
      expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200)
    } finally {
      await app.close()
    }
  })
})

describe('requests that are none', () => {
  it('unknown paths are told which there are', async () => {
    for (const url of ['/v1/traces', '/services/other', '/a/b/c/d']) {
      const response = await post(url, 'x')
      expect(response.statusCode).toBe(404)
      expect(response.json()).toMatchObject({ paths: expect.arrayContaining(['/_bulk', '/v1/logs']) })
    }
  })

  it('slow senders are let go', async () => {
    const { app, port } = await listening({ headersMs: 200, requestMs: 400 })
    try {
      expect(await speak(port, 'GET / HTTP/1.1\r\nx-a:')).toContain(' 408 ')
      const slow =
        'POST /ingest/a HTTP/1.1\r\nhost: a\r\nauthorization: Bearer secret-1\r\ncontent-length: 9\r\n\r\n12'
      expect(await speak(port, slow)).toContain(' 408 ')
    } finally {
      await app.close()
    }
  })

  it('headers beyond measure, and what is no HTTP, are refused', async () => {
    const { app, port } = await listening()
    try {
      const many = Array.from({ length: 2000 }, (_, i) => `x-${i}: ${'a'.repeat(20)}\r\n`).join('')
      expect(await speak(port, `GET / HTTP/1.1\r\nhost: a\r\n${many}\r\n`)).toContain(' 431 ')
      expect(await speak(port, 'hello\r\n\r\n')).toContain(' 400 ')
    } finally {
      await app.close()
    }
  })
})

describe('keys', () => {
  const basic = (text: string): string => Buffer.from(text).toString('base64')

  it.each([
    ['Bearer abc', 'abc'],
    ['splunk abc', 'abc'],
    [`Basic ${basic('anyone:a:b')}`, 'a:b'],
    [`ApiKey ${basic('id:abc')}`, 'abc'],
    ['ApiKey winnow_abc', 'winnow_abc'],
    ['Bearer', null],
    ['Bearer a b', null],
    ['Digest abc', null],
    [undefined, null],
  ])('%s holds %s', (header, secret) => {
    expect(secretOf(header)).toBe(secret)
  })

  it('are not needed from this machine where nobody asks for them, and from elsewhere they are', async () => {
    const opened = openIntake({ config: { requireKey: false, maxBodyBytes: 1000 } })
    const send = (remoteAddress: string, headers = {}) =>
      opened.app.inject({ method: 'POST', url: '/ingest/a', payload: 'x', remoteAddress, headers })
    expect((await send('127.0.0.1')).statusCode).toBe(200)
    expect((await send('::1')).statusCode).toBe(200)
    expect((await send('192.0.2.7')).statusCode).toBe(401)
    expect((await send('127.0.0.1', { 'x-forwarded-for': '192.0.2.7' })).statusCode).toBe(401)
    expect((await send('127.0.0.1', { authorization: 'Bearer nonsense' })).statusCode).toBe(403)
  })

  it('that are good are asked for again after a few seconds: a revoked one is refused', async () => {
    let nowMs = 0
    let revoked = false
    const check = openKeys(
      { check: (secret) => (revoked ? Promise.resolve(null) : keys.check(secret)) },
      true,
      () => nowMs,
    )
    const asked = { authorization: 'Bearer secret-1', isLocal: false }
    await check(asked)
    revoked = true
    expect(await check(asked)).toMatchObject({ id: 'k1' })
    nowMs = 5000
    await expect(check(asked)).rejects.toMatchObject({ code: 'intake-key-refused' })
  })
})

describe('names of streams', () => {
  it('are made harmless', () => {
    expect(cleanName('../../etc/passwd')).toBe('/../etc/passwd')
    expect(cleanName('a\n\0b <script>')).toBe('a_b_script_')
    expect(cleanName('filebeat-8.19.0-2026.11.22-000001')).toBe('filebeat-8.19.0')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        expect(cleanName(name)).toMatch(/^[\p{L}\p{N}/:@][\p{L}\p{N}._:@/-]{0,119}$|^$/u)
      }),
      { seed: 1 },
    )
  })

  it('are not more than so many', () => {
    const told: string[] = []
    const names = openStreamNames((name) => told.push(name), 2)
    const got = ['a', 'b', 'c', 'd', 'a'].map((name) => names.of('hec', name))
    expect(got).toEqual(['hec:a', 'hec:b', 'hec:overflow', 'hec:overflow', 'hec:a'])
    expect(told).toEqual(['hec:c'])
  })
})

describe('Snappy', () => {
  it('is inflated to what it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1000 }), (bytes) => {
        expect(unsnap(snap(Buffer.from(bytes))).equals(Buffer.from(bytes))).toBe(true)
      }),
      { seed: 1 },
    )
  })

  it('copies from what it has, one byte or many, near and far', () => {
    // "ab", then copies of 4 from 2 back, of 5 from 1 back, of 3 from 11 back, with offsets of 1, 2 and 4 bytes.
    const block = snappyBlock(14, [4, 97, 98], [1, 2], [(4 << 2) + 2, 1, 0], [(2 << 2) + 3, 11, 0, 0, 0])
    expect(unsnap(block).toString()).toBe('abababbbbbbaba')
  })

  it('is refused where it leads outside', () => {
    const blocks = [
      [5, [1, 2]],
      [3, [4, 97]],
      [1, [4, 97, 98]],
      [9, [0, 97], [1, 9]],
      [4, [0, 97], [1, 0]],
    ] as const
    for (const [length, ...elements] of blocks)
      expect(() => unsnap(snappyBlock(length, ...elements))).toThrow('not Snappy')
  })

  it('of any bytes ends, with a result or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const block = Buffer.from(bytes)
        const lengths = (): number[] => [unsnap(block).length, snappyLength(block)]
        let outcome: unknown
        try {
          outcome = new Set(lengths()).size === 1 ? 'whole' : 'of another length'
        } catch (problem) {
          outcome = problem instanceof AppError ? problem.code : problem
        }
        expect(['whole', 'intake-malformed']).toContain(outcome)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})
