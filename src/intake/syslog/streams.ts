/**
 * Syslog over TCP and TLS. While lines are stored nothing more is read, so that a sender waits.
 *
 * @module
 */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { AppError, messageOf } from '../../errors.ts'
import { appendPatiently } from '../append-patiently.ts'
import { openFraming, type Messages } from './framing.ts'
import type { Listening, Syslog } from './syslog.ts'

const handshakeMs = 10_000
const keepAliveMs = 60_000
/** Where there are too many connections, one that said nothing for so long makes room. */
const mayGoMs = 300_000
/** How long senders may go on after they are told that this is the end. */
const farewellMs = 2000

const openServer = async (
  { source: { protocol, listen } }: Listening,
  onConnection: (socket: Socket) => void,
): Promise<Server> => {
  // Half-open, so that what a sender has sent is read when we say goodbye first.
  if (protocol === 'tcp') return createServer({ allowHalfOpen: true }, onConnection)
  const { tls } = listen
  if (tls === undefined) throw new Error('a certificate and its key are needed')
  const [cert, key, ca] = await Promise.all([
    readFile(tls.cert),
    readFile(tls.key),
    tls.clientCa === undefined ? undefined : readFile(tls.clientCa),
  ])
  const server = createTlsServer({
    cert,
    key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: handshakeMs,
    allowHalfOpen: true,
    ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }),
  })
  server.on('secureConnection', onConnection)
  return server
}

/** @throws AppError `cannot-listen` */
export const listenStreams = async (listening: Listening): Promise<Syslog> => {
  const { source, stream, spool, log, limits } = listening
  const { host, port } = source.listen
  const stop = new AbortController()
  const connections = new Map<Socket, { heardMs: number; done: Promise<void> }>()
  const counts = { lines: 0, cut: 0, refused: 0 }
  let full: string | null = null
  let toldCut = false
  const sink = {
    spool,
    signal: stop.signal,
    onFull: (problem: string | null) => {
      if (problem !== null && full === null) log.warn({ source: source.name, problem }, 'syslog senders wait')
      full = problem
    },
  }

  const keep = async ({ lines, count, cut }: Messages, from: string | undefined): Promise<void> => {
    counts.cut += cut
    if (cut > 0 && !toldCut) {
      toldCut = true
      log.warn(
        { source: source.name, from, longest: limits.longest },
        'syslog messages are too long and are cut',
      )
    }
    if (count === 0) return
    try {
      await appendPatiently(sink, stream, lines, count)
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'cancelled'))
        log.error(
          { source: source.name, from, problem: messageOf(error) },
          'syslog messages could not be stored',
        )
      throw error
    }
    counts.lines += count
  }

  const serve = async (socket: Socket): Promise<void> => {
    const framing = openFraming(limits.longest)
    const from = socket.remoteAddress
    try {
      for await (const chunk of socket) {
        const own = connections.get(socket)
        if (own !== undefined) own.heardMs = Date.now()
        // A socket without encoding gives buffers.
        await keep(framing.take(chunk as Buffer), from)
      }
    } catch {
      // A sender that is gone, or we are. What it had sent counts.
    } finally {
      await keep(framing.end(), from).catch(() => undefined)
      socket.destroy()
      connections.delete(socket)
    }
  }

  /** Whether there is room for one more. */
  const makeRoom = (): boolean => {
    if (connections.size < limits.connections) return true
    const [quietest] = [...connections].toSorted(([, a], [, b]) => a.heardMs - b.heardMs)
    if (quietest === undefined || Date.now() - quietest[1].heardMs < mayGoMs) return false
    connections.delete(quietest[0])
    quietest[0].destroy()
    return true
  }

  const server = await openServer(listening, (socket) => {
    socket.on('error', () => undefined)
    if (!makeRoom()) {
      if (counts.refused === 0)
        log.warn({ source: source.name, most: limits.connections }, 'too many syslog connections')
      counts.refused++
      socket.destroy()
      return
    }
    socket.setKeepAlive(true, keepAliveMs)
    socket.setTimeout(limits.idleMs, () => socket.destroy())
    const connection = { heardMs: Date.now(), done: Promise.resolve() }
    connections.set(socket, connection)
    connection.done = serve(socket)
  }).catch((error: unknown) => {
    throw new AppError('cannot-listen', { address: `${host}:${port}`, problem: messageOf(error) }, error)
  })
  // A handshake that fails is its client's affair; told so that a wrong certificate can be found.
  server.on('tlsClientError', (error: Error) =>
    log.warn({ source: source.name, problem: error.message }, 'a syslog connection failed its TLS handshake'),
  )
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw new AppError('cannot-listen', { address: `${host}:${port}`, problem: messageOf(error) }, error)
  }
  server.on('error', (error) =>
    log.error({ source: source.name, problem: messageOf(error) }, 'syslog listener failed'),
  )

  return {
    // A TCP server's address is none of a pipe.
    port: (server.address() as AddressInfo).port,
    stats: () => ({ ...counts, dropped: 0, connections: connections.size }),
    close: async () => {
      server.close()
      const all = [...connections]
      for (const [socket] of all) socket.end()
      const late = setTimeout(() => {
        stop.abort()
        for (const [socket] of all) socket.destroy()
      }, farewellMs)
      await Promise.all(all.map(([, { done }]) => done))
      clearTimeout(late)
    },
  }
}
