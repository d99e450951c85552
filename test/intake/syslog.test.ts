import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { has, makeCertificates, pauseFor, withSyslog, type Certificates } from './syslog-place.ts'

const send = async (port: number, ...pieces: readonly string[]): Promise<void> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  for (const piece of pieces) socket.write(piece)
  socket.end()
  await once(socket.resume(), 'close')
}

test('messages over TCP are taken from many connections, counted ones and lines', () =>
  withSyslog('tcp', async ({ syslog, arrived, taken }) => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        send(syslog.port, `<13>one ${i}\n`, `9 <13>two${String(i).padStart(2, '0')}`, `<13>three ${i}`),
      ),
    )
    await arrived(60)
    const lines = await taken()
    expect(lines).toHaveLength(60)
    expect(new Set(lines).size).toBe(60)
    expect(lines).toContain('<13>two07')
  }))

test('what a connected sender has sent counts when the listener ends', () =>
  withSyslog('tcp', async ({ syslog, taken }) => {
    const socket = connect(syslog.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('<13>one\n')
    await pauseFor(50)
    socket.write('<13>two\n<13>half')
    const lines = await taken()
    socket.destroy()
    expect(lines).toEqual(['<13>one', '<13>two', '<13>half'])
  }))

test('messages that are too long are cut and counted; connections beyond the limit are refused', () =>
  withSyslog(
    'tcp',
    async ({ syslog, arrived, taken }) => {
      const held = connect(syslog.port, '127.0.0.1')
      await once(held, 'connect')
      held.write(`<13>${'x'.repeat(200)}\n`)
      await arrived(1)
      const second = connect(syslog.port, '127.0.0.1')
      await once(second.resume(), 'close')
      expect(syslog.stats()).toMatchObject({ lines: 1, cut: 1, connections: 1, refused: 1 })
      held.destroy()
      expect((await taken())[0]).toHaveLength(100)
    },
    { limits: { longest: 100, connections: 1 } },
  ))

test('a connection that says nothing for long is closed', () =>
  withSyslog(
    'tcp',
    async ({ syslog, taken }) => {
      const socket = connect(syslog.port, '127.0.0.1')
      await once(socket.resume(), 'close')
      for (let i = 0; i < 200 && syslog.stats().connections > 0; i++) await pauseFor(10)
      expect(syslog.stats().connections).toBe(0)
      expect(await taken()).toEqual([])
    },
    { limits: { idleMs: 100 } },
  ))

/** A log that remembers its messages. */
const toldTo = (told: string[]) => pino({ level: 'warn' }, { write: (line: string) => void told.push(line) })

test.each(['tcp', 'udp'] as const)(
  'messages over %s wait while the disk fails, and are stored then',
  (protocol) => {
    const told: string[] = []
    let failures = 2
    return withSyslog(
      protocol,
      async ({ syslog, arrived, taken }) => {
        if (protocol === 'tcp') await send(syslog.port, '<13>one\n<13>two\n')
        else {
          const socket = createSocket('udp4')
          for (const message of ['<13>one', '<13>two']) socket.send(message, syslog.port, '127.0.0.1')
          await arrived(2)
          socket.close()
        }
        expect(await taken()).toEqual(['<13>one', '<13>two'])
        expect(told).toHaveLength(1)
        expect(told[0]).toMatch(/syslog (senders|messages) wait/)
      },
      {
        log: toldTo(told),
        onAppend: () => {
          failures -= 1
          const problem = new Error('EIO: i/o error, write')
          if (failures >= 0) throw Object.assign(problem, { code: 'EIO', syscall: 'write' })
        },
      },
    )
  },
)

test('what can never be stored is told, and ends its connection', () => {
  const told: string[] = []
  return withSyslog(
    'tcp',
    async ({ syslog, taken }) => {
      await send(syslog.port, '<13>one\n')
      expect(await taken()).toEqual([])
      expect(told).toHaveLength(1)
      expect(told[0]).toContain('syslog messages could not be stored')
    },
    {
      log: toldTo(told),
      onAppend: () => {
        throw new TypeError('a mistake')
      },
    },
  )
})

test('messages over UDP are taken, several lines in one as one', () =>
  withSyslog('udp', async ({ syslog, arrived, taken }) => {
    const socket = createSocket('udp4')
    for (let i = 0; i < 50; i++) socket.send(`<13>message ${i}\n`, syslog.port, '127.0.0.1')
    socket.send('<13>first\nsecond', syslog.port, '127.0.0.1')
    await arrived(51)
    socket.close()
    const lines = await taken()
    expect(lines).toHaveLength(51)
    expect(lines).toContain('<13>first#012second')
    expect(syslog.stats()).toMatchObject({ lines: 51, dropped: 0 })
  }))

test('UDP messages that come faster than they can be held are counted', () =>
  withSyslog(
    'udp',
    async ({ syslog, taken }) => {
      const socket = createSocket('udp4')
      for (let i = 0; i < 200; i++) socket.send(`<13>${'x'.repeat(500)} ${i}`, syslog.port, '127.0.0.1')
      for (let i = 0; i < 200 && syslog.stats().lines + syslog.stats().dropped < 200; i++) await pauseFor(20)
      socket.close()
      const lines = await taken()
      const { dropped } = syslog.stats()
      expect(dropped).toBeGreaterThan(0)
      expect(lines.length + dropped).toBe(200)
    },
    { limits: { waitingBytes: 5000 } },
  ))

const isTlsHere = has('openssl')

test('over TLS only clients whose certificate is signed are heard, where that is asked for', (context) => {
  context.skip(!isTlsHere, 'openssl is not here')
  let made: Certificates | undefined
  return withSyslog(
    'tls',
    async ({ syslog, arrived, taken }) => {
      if (made === undefined) throw new Error('no certificates')
      const { ca, clientCert, clientKey } = made
      const trusted = { ca: readFileSync(ca), servername: 'localhost' }
      const stranger = connectTls({ port: syslog.port, host: '127.0.0.1', ...trusted })
      const refused = once(stranger, 'error')
      stranger.write('<13>stranger\n')
      expect(String(await refused)).toContain('certificate required')
      const friend = connectTls({
        port: syslog.port,
        host: '127.0.0.1',
        ...trusted,
        cert: readFileSync(clientCert),
        key: readFileSync(clientKey),
      })
      await once(friend, 'secureConnect')
      friend.end('<13>friend\n')
      await arrived(1)
      expect(await taken()).toEqual(['<13>friend'])
    },
    {
      tls: (folder) => {
        made = makeCertificates(folder)
        return { cert: made.cert, key: made.key, clientCa: made.ca }
      },
    },
  )
})

test('an address that is taken is told', () =>
  withSyslog('tcp', async ({ syslog, folder }) => {
    const { startSyslog } = await import('../../src/intake/syslog/syslog.ts')
    const { openIn } = await import('../spool/place.ts')
    const { log } = await import('./loader-place.ts')
    const spool = await openIn(`${folder}/other`)
    const source = {
      name: 'second',
      protocol: 'tcp',
      listen: { host: '127.0.0.1', port: syslog.port },
    } as const
    await expect(startSyslog({ source, spool, log })).rejects.toMatchObject({ code: 'cannot-listen' })
    await spool.close()
  }))
