import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChannel, type Destination } from '../../src/notify/channel-settings.ts'
import { deliver } from '../../src/notify/deliver.ts'
import { postWeb } from '../../src/notify/send-web.ts'
import { isNear } from '../../src/notify/web-destination.ts'
import { bulletin, never } from './place.ts'

interface Taken {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A web server of our own, and what was posted to it. */
const withServer = async (
  answer: RequestListener,
  use: (url: string, taken: readonly Taken[]) => Promise<void>,
): Promise<void> => {
  const taken: Taken[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      taken.push({ headers: request.headers, body: Buffer.concat(pieces).toString('utf8') })
      answer(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    await use(`http://127.0.0.1:${port}`, taken)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const ok: RequestListener = (_request, response) => void response.end('ok')

const webhook = (url: string, secrets: Readonly<Record<string, string>> = {}): Destination =>
  readChannel({ kind: 'webhook', settings: { url, allowLocal: true }, secrets })

const post = (url: string, more: { allowLocal?: boolean; timeoutMs?: number } = {}) =>
  postWeb({ url, body: '{}', headers: {}, allowLocal: true, timeoutMs: 5000, ...more }, never)

describe('a webhook', () => {
  it('is signed over the time and the body as they are sent', () =>
    withServer(ok, async (url, taken) => {
      const secret = 'a secret of ours'
      await deliver(webhook(`${url}/hook`, { secret, authorization: 'Bearer x' }), bulletin(), never)
      const [{ headers, body } = { headers: {}, body: '' }] = taken
      const timestamp = String(headers['x-winnow-timestamp'])
      expect(timestamp).toBe('1772539200')
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
      expect(headers['x-winnow-signature']).toBe(`sha256=${signature}`)
      expect(headers).toMatchObject({
        'x-winnow-delivery': 'c-1.7',
        'content-type': 'application/json',
        authorization: 'Bearer x',
      })
      expect(JSON.parse(body)).toMatchObject({ version: 1, incidents: [{ number: 12, risk: 72 }] })
    }))

  it('is refused on this machine, unless its settings say otherwise', () =>
    withServer(ok, async (url, taken) => {
      const port = new URL(url).port
      for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0.0.0.0', '0x7f.1', '2130706433'])
        await expect(post(`http://${host}:${port}/`, { allowLocal: false })).rejects.toThrow('allowLocal')
      await expect(post('http://169.254.169.254/latest/meta-data/', { allowLocal: false })).rejects.toThrow(
        'allowLocal',
      )
      expect(taken).toEqual([])
      expect((await post(url)).status).toBe(200)
    }))

  it('follows no redirect', () =>
    withServer(
      (_request, response) => void response.writeHead(307, { location: 'http://169.254.169.254/' }).end(),
      async (url, taken) => {
        await expect(post(url)).rejects.toThrow('it sends elsewhere (307), which is not followed')
        expect(taken).toHaveLength(1)
      },
    ))

  it('waits for no answer longer than it may, and reads no more of it than it needs', async () => {
    await withServer(
      () => undefined,
      async (url) => {
        await expect(post(url, { timeoutMs: 200 })).rejects.toThrow('no answer within')
      },
    )
    await withServer(
      (_request, response) => {
        response.writeHead(200)
        response.flushHeaders()
      },
      async (url) => {
        await expect(post(url, { timeoutMs: 200 })).rejects.toThrow('no answer within')
      },
    )
    let written = 0
    await withServer(
      (_request, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 120))) written += 65_536
          if (!response.destroyed) response.once('drain', more)
        }
        more()
      },
      async (url) => {
        expect((await post(url)).text).toHaveLength(16_384)
        expect(written).toBeLessThan(50_000_000)
      },
    )
  })

  it('tells the status of a refusal, and nothing of its text', () =>
    withServer(
      (_request, response) => void response.writeHead(403).end('secret of an inner server'),
      async (url) => {
        await expect(deliver(webhook(url), bulletin(), never)).rejects.toThrow(/^it answered 403$/)
      },
    ))

  it('tells that nobody listens', async () => {
    const closed = createServer()
    closed.listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const address = closed.address()
    closed.close()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(post(`http://127.0.0.1:${port}/`)).rejects.toThrow('the connection was refused')
    await expect(post('http://nowhere.invalid/')).rejects.toThrow(/no such name|name server/)
  })
})

describe('a chat', () => {
  it('gets its attachments, and says in a word why not', () =>
    withServer(
      (request, response) =>
        void (request.url === '/good'
          ? response.end('ok')
          : response.writeHead(410).end('channel_is_archived')),
      async (url, taken) => {
        const chat = (path: string): Destination =>
          readChannel({ kind: 'slack', settings: { allowLocal: 'yes' }, secrets: { url: `${url}${path}` } })
        await deliver(chat('/good'), bulletin(), never)
        expect(JSON.parse(taken[0]?.body ?? '')).toMatchObject({ attachments: [{ color: '#d9480f' }] })
        await expect(deliver(chat('/bad'), bulletin(), never)).rejects.toThrow(
          'it answered 410 channel_is_archived',
        )
      },
    ))
})

describe('addresses of this machine and its link', () => {
  it('are told apart in whatever form they are written', () => {
    const near = [
      '127.0.0.1',
      '127.255.0.3',
      '0.0.0.0',
      '169.254.169.254',
      '100.100.100.200',
      '255.255.255.255',
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::127.0.0.1',
      '64:ff9b::a9fe:a9fe',
      '2002:7f00:1::',
      'fe80::1',
      'fe80::1%eth0',
      'fd00:ec2::254',
      'ff02::1',
    ]
    expect(near.filter((address) => !isNear(address))).toEqual([])
    const far = [
      '192.0.2.1',
      '10.0.0.5',
      '192.168.1.1',
      '2001:db8::1',
      'fd12::1',
      '64:ff9b::c000:201',
      '::ffff:192.0.2.1',
    ]
    expect(far.filter(isNear)).toEqual([])
  })

  it('include all of 127.0.0.0/8 and 169.254.0.0/16, inside IPv6 too', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    const hex = (a: number, b: number): string => ((a << 8) | b).toString(16)
    fc.assert(
      fc.property(fc.boolean(), byte, byte, byte, (isLoopback, b, c, d) => {
        const [one, two] = isLoopback ? [127, b] : [169, 254]
        expect(isNear(`${one}.${two}.${c}.${d}`)).toBe(true)
        expect(isNear(`::ffff:${hex(one, two)}:${hex(c, d)}`)).toBe(true)
        expect(isNear(`64:ff9b::${hex(one, two)}:${hex(c, d)}`)).toBe(true)
      }),
    )
  })
})
