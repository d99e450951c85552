import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSpool } from '../../../src/spool/spool.ts'
import { bearer, openIntake } from './sender.ts'

const send = (app: ReturnType<typeof openIntake>['app'], url: string, payload: string | Buffer) =>
  app.inject({ method: 'POST', url, headers: { ...bearer, 'content-type': 'text/plain' }, payload })

describe('plain lines', () => {
  it('are kept as they are, whatever ends them', async () => {
    const { app, recorder } = openIntake()
    const response = await send(app, '/ingest/nginx', 'one\r\ntwo\n\n  three ')
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({ lines: 3, source: 'http:nginx' })
    expect(recorder.streams.get('http:nginx')).toEqual(['one', 'two', '  three '])
  })

  it('name their stream in the query too', async () => {
    const { app, recorder } = openIntake()
    await send(app, '/ingest?source=nginx', 'one\n')
    await send(app, '/ingest', 'two\n')
    expect([...recorder.streams.keys()]).toEqual(['http:nginx', 'http:unnamed'])
  })

  it('are in the spool when they are acknowledged, after a restart too', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'winnow-intake-'))
    const first = await openSpool({ folder, maxBytes: 1_000_000 })
    const { app } = openIntake({ spool: first })
    await Promise.all([send(app, '/ingest/a', 'one\ntwo\n'), send(app, '/ingest/b', 'three')])
    await first.close()
    const second = await openSpool({ folder, maxBytes: 1_000_000 })
    const waiting = second.ready().map(({ stream, lines }) => [stream.name, { kind: stream.kind, lines }])
    expect(Object.fromEntries(waiting)).toEqual({
      'http:a': { kind: 'http', lines: 2 },
      'http:b': { kind: 'http', lines: 1 },
    })
    await second.close()
    await rm(folder, { recursive: true })
  })

  it('need no body', async () => {
    const { app } = openIntake()
    const response = await app.inject({ method: 'POST', url: '/ingest/nginx', headers: bearer })
    expect(response.json()).toEqual({ lines: 0, source: 'http:nginx' })
  })

  it('come out byte for byte, in their order', async () => {
    const line = fc
      .uint8Array({ minLength: 1, maxLength: 200 })
      .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 10 || byte === 13 ? 32 : byte))))
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), async (lines) => {
        const kept: Buffer[] = []
        const { app } = openIntake({
          spool: {
            appendAll: (pieces) => {
              kept.push(...pieces.map((piece) => piece.lines))
              return Promise.resolve()
            },
          },
        })
        const body = Buffer.concat(lines.flatMap((one) => [one, Buffer.from('\n')]))
        const response = await send(app, '/ingest/any', body)
        expect(response.json()).toMatchObject({ lines: lines.length })
        expect(Buffer.concat(kept).equals(body)).toBe(true)
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  it('wait where the spool is full, and say how long', async () => {
    const { app, recorder } = openIntake()
    recorder.refusals.set('*', 'spool-full')
    const response = await send(app, '/ingest/nginx', 'one\n')
    expect(response.statusCode).toBe(429)
    expect(response.headers['retry-after']).toBe('7')
    expect(response.json()).toMatchObject({
      status: 429,
      error: expect.stringContaining('waiting to be read'),
    })
  })
})
