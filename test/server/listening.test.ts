import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addUser, config, runServer, signedIn, type Running } from './running.ts'

describe('a server that listens', () => {
  let server: Running
  let port: number
  beforeAll(async () => {
    server = await runServer()
    await server.app.listen({ host: '127.0.0.1', port: 0 })
    // It listens on a port.
    port = (server.app.server.address() as AddressInfo).port
  })
  afterAll(() => server.close())

  /** What comes back for bytes as they are. */
  const send = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let read = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.on('data', (piece) => (read += piece.toString()))
      socket.on('close', () => resolve(read))
      socket.on('error', reject)
      setTimeout(() => socket.end(), 500)
    })

  it('refuses headers that are too large, and what is no HTTP', async () => {
    expect(await send(`GET /healthz HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    )
    expect(await send('\x16\x03\x01\x02\x00\x01')).toMatch(/^HTTP\/1\.1 400 |^$/)
    expect(
      await send(
        'GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      ),
    ).toMatch(/^HTTP\/1\.1 400 /)
    expect(await send('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 200 /,
    )
  })

  it('sends live updates over a connection, and forgets it when it is gone', async () => {
    const user = await addUser(server, 'ada', 'viewer')
    const controller = new AbortController()
    const answer = await fetch(`http://127.0.0.1:${port}/api/live`, {
      headers: await signedIn(server, user),
      signal: controller.signal,
    })
    const reader = answer.body?.getReader()
    await reader?.read()
    server.context.bus.publish({ kind: 'cycle', seconds: 1, detectors: 2 })
    const { value } = (await reader?.read()) ?? {}
    expect(new TextDecoder().decode(value)).toContain('event: cycle')
    controller.abort()
  })

  it('writes one line for each request, without what was asked for', async () => {
    server.logged.length = 0
    await fetch(`http://127.0.0.1:${port}/api/incidents?q=very-private`)
    await expect.poll(() => server.logged.length).toBe(1)
    const [line = '{}'] = server.logged
    expect(JSON.parse(line)).toMatchObject({
      msg: 'request',
      method: 'GET',
      route: '/api/incidents',
      status: 401,
      address: '127.0.0.1',
    })
    expect(line).not.toContain('very-private')
  })
})

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? null : 'openssl is not installed'

describe.skipIf(noOpenssl !== null)(
  `a server with a certificate${noOpenssl === null ? '' : ` (${noOpenssl})`}`,
  () => {
    it('speaks TLS, and tells browsers to stay with it', async () => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-tls-'))
      const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')]
      const made = [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '1',
      ]
      const named = [
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        cert,
      ]
      expect(spawnSync('openssl', [...made, ...named]).status).toBe(0)
      const listen = { host: '127.0.0.1', port: 0, tls: { cert, key } }
      const server = await runServer({ config: { ...config, listen } })
      await server.app.listen({ host: '127.0.0.1', port: 0 })
      // It listens on a port.
      const { port } = server.app.server.address() as AddressInfo
      const answer = await new Promise<{ status: number | undefined; hsts: string | undefined }>(
        (resolve, reject) => {
          const asked = {
            host: '127.0.0.1',
            port,
            path: '/healthz',
            servername: 'localhost',
            ca: readFileSync(cert),
            agent: false,
          } as const
          get(asked, (response) => {
            response.resume()
            resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
          }).on('error', reject)
        },
      )
      expect(answer).toEqual({ status: 200, hsts: expect.stringContaining('max-age=') })
      await server.close()
      rmSync(folder, { recursive: true })
    })
  },
)
