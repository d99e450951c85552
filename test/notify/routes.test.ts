import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNotify } from '../../src/notify/notify.ts'
import { openBus } from '../../src/bus.ts'
import type { LiveEvent } from '../../src/api/api.ts'
import { openStore } from '../../src/store/store.ts'
import type { UserRow } from '../../src/store/users.ts'
import { addUser, runServer, signedIn, type Running } from '../server/running.ts'

describe('channels', () => {
  let server: Running
  let ada: UserRow
  let url = ''
  const taken: string[] = []
  const receiver = createServer((request, response) => {
    taken.push(String(request.headers['x-winnow-signature']))
    response.end()
  })
  const quiet = (): void => undefined
  let stop: () => Promise<void>
  beforeAll(async () => {
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const address = receiver.address()
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
    const store = await openStore({})
    const bus = openBus<LiveEvent>()
    const log = { info: quiet, warn: quiet, error: quiet }
    const notify = startNotify({ db: store.db, bus, url: null, isLeader: () => true, log })
    stop = notify.close
    const spare = await runServer({ store, bus, notify })
    server = spare
    ada = await addUser(server, 'ada', 'administrator')
  })
  afterAll(async () => {
    await stop()
    receiver.close()
    await server.app.close()
    await server.context.store.close()
  })

  const ask = async (method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object) => {
    const answer = await server.app.inject({
      method,
      url: `/api/channels${path}`,
      headers: await signedIn(server, ada),
      ...(payload === undefined ? {} : { payload }),
    })
    return { status: answer.statusCode, body: answer.json(), text: answer.body }
  }

  it('are checked by their kind, tested, and changed without a secret going astray', async () => {
    const settings = { url, allowLocal: 'yes' }
    const secrets = { secret: 'a secret of ours' }
    const wrong = await ask('POST', '', {
      name: 'hook',
      kind: 'webhook',
      settings: { url: 'ftp://x' },
      secrets,
    })
    expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'invalid-request' } } })
    expect(wrong.body.error.message).toContain('url: is not an http')
    const made = await ask('POST', '', { name: 'hook', kind: 'webhook', settings, secrets })
    expect(made.status).toBe(200)
    expect(made.text).not.toContain('a secret')
    const { id } = made.body
    expect((await ask('POST', `/${id}/test`)).body).toEqual({ error: null })
    expect(taken).toEqual([expect.stringMatching(/^sha256=[0-9a-f]{64}$/)])
    const moved = await ask('PATCH', `/${id}`, { settings: { url: 'https://example.net/' } })
    expect(moved.body.error.message).toContain('secret: is to be given again')
    expect((await ask('PATCH', `/${id}`, { settings: { allowLocal: 'no' } })).status).toBe(200)
    const { error } = (await ask('POST', `/${id}/test`)).body
    expect(error).toContain('allowLocal')
    const [listed] = (await ask('GET', '')).body.channels
    expect(listed).toMatchObject({ lastError: error, lastSent: expect.any(String) })
    expect(taken).toHaveLength(1)
  })
})
