import type { LightMyRequestResponse as Response } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserRow } from '../../src/store/users.ts'
import { addUser, runServer, signedIn, type Running } from './running.ts'

/** Reads a stream until what it brought has a text in it, or it ends. */
const readUntil = async (answer: Response, text: string): Promise<string> => {
  let read = ''
  for await (const piece of answer.stream()) {
    read += String(piece)
    if (read.includes(text)) break
  }
  return read
}

describe('live updates', () => {
  let server: Running
  let user: UserRow
  beforeAll(async () => {
    server = await runServer()
    user = await addUser(server, 'ada', 'viewer')
  })
  afterAll(() => server.close())

  const listen = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    server.app.inject({ url: '/api/live', headers, payloadAsStream: true })

  it('are sent by name, one line of JSON each', async () => {
    const answer = await listen(await signedIn(server, user))
    expect(answer.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    server.context.bus.publish({ kind: 'loaded', source: 'two\nlines', lines: 3, rejected: 0 })
    const read = await readUntil(answer, 'loaded')
    expect(read).toContain(
      'event: loaded\ndata: {"kind":"loaded","source":"two\\nlines","lines":3,"rejected":0}\n\n',
    )
  })

  it('end when one signs out, and when the password changes', async () => {
    const headers = await signedIn(server, user)
    const answer = await listen(headers)
    await server.app.inject({ method: 'DELETE', url: '/api/session', headers })
    // Without an end this would wait for ever.
    expect(await readUntil(answer, 'never')).not.toContain('never')

    const admin = await addUser(server, 'root', 'administrator')
    const other = await listen(await signedIn(server, user))
    await server.app.inject({
      method: 'PATCH',
      url: `/api/users/${user.id}`,
      headers: await signedIn(server, admin),
      payload: { password: 'another long sentence' },
    })
    expect(await readUntil(other, 'never')).not.toContain('never')
  })

  it('are left for others, however many one has', async () => {
    const [greedy, other] = [await addUser(server, 'bea', 'viewer'), await addUser(server, 'cleo', 'viewer')]
    const headers = await signedIn(server, greedy)
    const mine = await Promise.all(Array.from({ length: 22 }, () => listen(headers)))
    const statuses = mine.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
    const theirs = await listen(await signedIn(server, other))
    expect(theirs.statusCode).toBe(200)
    await server.app.inject({ method: 'DELETE', url: '/api/session', headers })
    // Their end makes room again.
    await Promise.all(mine.map((answer) => readUntil(answer, 'never')))
    expect((await listen(await signedIn(server, greedy))).statusCode).toBe(200)
  })

  it('are cut off for whoever does not read them', async () => {
    const { answerWithEvents } = await import('../../src/server/event-stream.ts')
    const { PassThrough } = await import('node:stream')
    const raw = Object.assign(new PassThrough(), { writeHead: () => {} })
    let stopped = false
    let sent = 0
    const request = { asker: { kind: 'nobody' }, log: server.context.log }
    const reply = { raw, hijack: () => {}, getHeaders: () => ({}) }
    const running = { ...server.context, ended: { subscribe: () => () => {} } }
    answerWithEvents(running as never, request as never, reply as never, ({ send }) => {
      for (; sent < 10_000 && !raw.destroyed; sent += 1) send('loaded', 'x'.repeat(1000))
      return () => {
        stopped = true
      }
    })
    expect(raw.destroyed).toBe(true)
    expect(sent).toBeLessThan(1000)
    expect(stopped).toBe(true)
  })
})
