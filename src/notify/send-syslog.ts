/**
 * Sends syslog lines: datagrams (RFC 5426), or a connection, plain or with TLS (RFC 6587, RFC 5425).
 *
 * @module
 */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { isIP } from 'node:net'
import { failureText, NotSent, within } from './failure.ts'

export interface SyslogReceiver {
  readonly host: string
  readonly port: number
  readonly protocol: 'udp' | 'tcp' | 'tls'
  /** How messages are told apart on a connection: by their length in front, or by ends of lines. */
  readonly framing: 'octets' | 'lines'
  readonly ca?: string | undefined
  readonly timeoutMs: number
}

const sendDatagrams = async ({ host, port }: SyslogReceiver, lines: readonly string[]): Promise<void> => {
  const { address, family } = await lookup(host)
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      // Connected, so that a port on which nobody listens is heard of, as far as it is.
      socket.connect(port, address, resolve)
    })
    for (const line of lines)
      await new Promise<void>((resolve, reject) => {
        socket.send(line, (error) => (error === null ? resolve() : reject(error)))
      })
  } finally {
    socket.close()
  }
}

const framed = (lines: readonly string[], framing: SyslogReceiver['framing']): string =>
  lines.map((line) => (framing === 'octets' ? `${Buffer.byteLength(line)} ${line}` : `${line}\n`)).join('')

/** A receiver that does not close its side has got it all the same. */
const lingerMs = 2000

const writeAll = (socket: Socket, ready: 'connect' | 'secureConnect', text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let isWritten = false
    socket.once('error', reject)
    socket.once('close', () => {
      if (isWritten) resolve()
      else reject(new NotSent('the connection was cut'))
    })
    socket.once(ready, () => {
      socket.resume()
      socket.end(text, () => {
        isWritten = true
        setTimeout(() => socket.destroy(), lingerMs).unref()
      })
    })
  })

const sendStream = async (
  receiver: SyslogReceiver,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const { host, port, protocol, framing, ca } = receiver
  const socket =
    protocol === 'tls'
      ? connectTls({
          host,
          port,
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(ca === undefined ? {} : { ca }),
        })
      : connect({ host, port })
  const stop = (): void => void socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await writeAll(socket, protocol === 'tls' ? 'secureConnect' : 'connect', framed(lines, framing))
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
}

/** @throws NotSent; what is sent by UDP may get lost without anybody's knowing */
export const sendSyslog = async (
  receiver: SyslogReceiver,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  try {
    const work =
      receiver.protocol === 'udp' ? sendDatagrams(receiver, lines) : sendStream(receiver, lines, either)
    await within(receiver.timeoutMs, signal, work)
  } catch (error) {
    throw error instanceof NotSent ? error : new NotSent(failureText(error), error)
  } finally {
    ended.abort()
  }
}
