import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import path from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { expect, test } from 'vitest'
import { readChannel, type Destination } from '../../src/notify/channel-settings.ts'
import { deliver } from '../../src/notify/deliver.ts'
import { withFolder } from '../ingest/place.ts'
import { has, makeCertificates, pauseFor } from '../intake/syslog-place.ts'
import { bulletin, item, never } from './place.ts'

const syslog = (port: number, settings: Readonly<Record<string, string | number>>): Destination =>
  readChannel({ kind: 'syslog', settings: { host: '127.0.0.1', port, ...settings }, secrets: {} })

const two = bulletin([item(), item({ id: 'i-2', number: 13, title: 'größer | "=\\' })])

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Listens, and gives all that was sent. */
const heard = async (
  make: (onSocket: (socket: Socket) => void) => Server,
  send: (port: number) => Promise<void>,
): Promise<string> => {
  const pieces: Buffer[] = []
  const server = make((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (piece: Buffer) => pieces.push(piece))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await send(portOf(server))
    return Buffer.concat(pieces).toString('utf8')
  } finally {
    server.close()
  }
}

test('by UDP, each incident is a datagram', async () => {
  const socket = createSocket('udp4')
  const taken: string[] = []
  socket.on('message', (message) => taken.push(message.toString('utf8')))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  await deliver(syslog(socket.address().port, { protocol: 'udp' }), two, never)
  for (let i = 0; i < 200 && taken.length < 2; i++) await pauseFor(10)
  socket.close()
  expect(taken).toHaveLength(2)
  expect(taken[0]).toMatch(/^<131>1 2026-03-03T12:00:00\.000Z \S+ winnow - incident-opened - CEF:0\|Winnow\|/)
  expect(taken[1]).toContain('|größer \\| "=\\\\|7|')
})

test('by TCP, messages are lines, or counted in bytes', async () => {
  const lines = await heard(createServer, (port) => deliver(syslog(port, { protocol: 'tcp' }), two, never))
  expect(lines.split('\n').map((line) => line.slice(0, 6))).toEqual(['<131>1', '<131>1', ''])
  const counted = await heard(createServer, (port) =>
    deliver(syslog(port, { protocol: 'tcp', framing: 'octets' }), two, never),
  )
  let rest = Buffer.from(counted)
  const messages: string[] = []
  while (rest.length > 0) {
    const space = rest.indexOf(' ')
    const end = space + 1 + Number(rest.subarray(0, space).toString())
    messages.push(rest.subarray(space + 1, end).toString())
    rest = rest.subarray(end)
  }
  expect(messages).toHaveLength(2)
  expect(messages.join('\n')).toBe(lines.trimEnd())
})

test('by TLS, to a receiver that its certificate names', (context) => {
  context.skip(!has('openssl'), 'openssl is not here')
  return withFolder(async (folder) => {
    const made = makeCertificates(folder)
    const [ca, cert, key] = [made.ca, made.cert, made.key].map((file) => readFileSync(file, 'utf8'))
    if (ca === undefined || cert === undefined || key === undefined) throw new Error('no certificates')
    const receiver = (onSocket: (socket: Socket) => void): Server => createTlsServer({ cert, key }, onSocket)
    const settings = { protocol: 'tls', host: 'localhost', ca }
    const text = await heard(receiver, (port) => deliver(syslog(port, settings), two, never))
    expect(text).toMatch(/^\d+ <131>1 /)
    await heard(receiver, async (port) => {
      const stranger = syslog(port, { protocol: 'tls', host: 'localhost' })
      await expect(deliver(stranger, two, never)).rejects.toThrow(/not trusted/)
    })
  })
})

test('a receiver that is not there, or cuts the connection, is a failure', async () => {
  const closed = createServer()
  closed.listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const port = portOf(closed)
  closed.close()
  await expect(deliver(syslog(port, { protocol: 'tcp' }), two, never)).rejects.toThrow(
    'the connection was refused',
  )
  const plain = (onSocket: (socket: Socket) => void): Server =>
    createServer((socket) => {
      onSocket(socket)
      socket.end('220 not what you think\r\n')
    })
  await heard(plain, async (plainPort) => {
    await expect(deliver(syslog(plainPort, { protocol: 'tls' }), two, never)).rejects.toThrow(/TLS/)
  })
})

test('rsyslog reads what is sent by TCP', (context) => {
  context.skip(!has('rsyslogd'), 'rsyslog is not here (apt-get install rsyslog)')
  return withFolder(async (folder) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const port = portOf(probe)
    await new Promise<void>((resolve) => {
      probe.close(() => resolve())
    })
    const out = path.join(folder, 'out.log')
    const config = path.join(folder, 'rsyslog.conf')
    await writeFile(
      config,
      `global(workDirectory="${folder}")
module(load="imtcp")
input(type="imtcp" port="${port}" address="127.0.0.1")
template(name="parts" type="string" string="%app-name%;%msgid%;%pri-text%;%msg%\\n")
*.* action(type="omfile" file="${out}" template="parts" fileCreateMode="0644")
`,
    )
    const running = spawn('rsyslogd', ['-n', '-f', config, '-i', path.join(folder, 'pid')], {
      stdio: 'ignore',
    })
    try {
      const send = async (settings: Readonly<Record<string, string>>): Promise<void> => {
        for (let i = 0; ; i++) {
          try {
            return await deliver(syslog(port, { protocol: 'tcp', ...settings }), two, never)
          } catch (error) {
            if (i >= 50) throw error
            await pauseFor(100)
          }
        }
      }
      await send({})
      await send({ framing: 'octets', format: 'json' })
      const read = (): string[] =>
        existsSync(out)
          ? readFileSync(out, 'utf8')
              .split('\n')
              .filter((line) => line.startsWith('winnow;'))
          : []
      for (let i = 0; i < 200 && read().length < 4; i++) await pauseFor(25)
      const lines = read()
      expect(lines).toHaveLength(4)
      expect(lines[0]).toMatch(/^winnow;incident-opened;local0\.err; ?CEF:0\|Winnow\|Winnow\|/)
      expect(lines[1]).toContain('|größer \\| "=\\\\|7|rt=')
      expect(JSON.parse(lines[3]?.replace(/^.*?; ?(?=\{)/, '') ?? '')).toMatchObject({
        title: 'größer | "=\\',
      })
    } finally {
      const ended = once(running, 'exit')
      running.kill('SIGTERM')
      await ended
    }
  })
})
