/**
 * Real servers on loopback, for look-ups to ask.
 *
 * @module
 */
import { createSocket } from 'node:dgram'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'

/** Everything a test opened, closed together. */
export interface Closing {
  readonly add: (close: () => void) => void
  readonly all: () => void
}

export const closing = (): Closing => {
  const open: (() => void)[] = []
  return {
    add: (close) => open.push(close),
    all: () => {
      for (const close of open.splice(0)) close()
    },
  }
}

const listening = (server: net.Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    // A TCP server's address is an object.
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })

/** A TCP server; sockets are destroyed when it closes. */
export const tcpServer = async (
  all: Closing,
  talk: (socket: net.Socket) => void,
  place: { readonly host?: string; readonly port?: number } = {},
): Promise<number> => {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    talk(socket)
  })
  all.add(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return listening(server, place.host ?? '127.0.0.1', place.port ?? 0)
}

/** Answers each query line with a text, and says which lines it heard. */
export const whoisServer = async (
  all: Closing,
  answer: (query: string) => string | Buffer,
  place: { readonly host?: string; readonly port?: number } = {},
): Promise<{ readonly port: number; readonly heard: string[] }> => {
  const heard: string[] = []
  const port = await tcpServer(
    all,
    (socket) => {
      let line = ''
      socket.on('data', (piece) => {
        line += piece.toString('latin1')
        if (!line.endsWith('\r\n')) return
        heard.push(line.trim())
        socket.end(answer(line.trim()))
      })
    },
    place,
  )
  return { port, heard }
}

export const webServer = async (
  all: Closing,
  answer: http.RequestListener,
): Promise<{ readonly port: number; readonly heard: string[] }> => {
  const heard: string[] = []
  const server = http.createServer((request, response) => {
    heard.push(request.url ?? '')
    answer(request, response)
  })
  all.add(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port: await listening(server, '127.0.0.1', 0), heard }
}

/** Keeps the names that clients ask for. */
export const tlsServer = async (
  all: Closing,
  identity: { readonly key: string; readonly cert: string },
): Promise<{ readonly port: number; readonly names: string[] }> => {
  const names: string[] = []
  const SNICallback = (name: string, done: (error: null) => void): void => {
    names.push(name)
    done(null)
  }
  const server = tls.createServer({ ...identity, SNICallback }, (socket) => {
    socket.on('error', () => undefined)
  })
  server.on('tlsClientError', () => undefined)
  all.add(() => server.close())
  return { port: await listening(server, '127.0.0.1', 0), names }
}

const recordTypes: Readonly<Record<number, string>> = { 1: 'A', 12: 'PTR', 28: 'AAAA' }

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ])

/**
 * A name server over UDP (RFC 1035).
 *
 * @param records answers by "TYPE name": addresses for A, names for PTR; absent: no such name; null: silence
 */
export const nameServer = async (
  all: Closing,
  records: Readonly<Record<string, readonly string[] | null>>,
): Promise<{ readonly address: string; readonly heard: string[] }> => {
  const heard: string[] = []
  const socket = createSocket('udp4')
  all.add(() => socket.close())
  socket.on('message', (packet, from) => {
    const labels: string[] = []
    let at = 12
    for (let length = packet[at] ?? 0; length > 0; length = packet[at] ?? 0) {
      labels.push(packet.toString('latin1', at + 1, at + 1 + length))
      at += length + 1
    }
    const type = recordTypes[packet.readUInt16BE(at + 1)] ?? 'other'
    const key = `${type} ${labels.join('.').toLowerCase()}`
    heard.push(key)
    const answers = records[key]
    if (answers === null) return
    const question = packet.subarray(12, at + 5)
    const header = Buffer.alloc(12)
    packet.copy(header, 0, 0, 2)
    // An answer; with code 3 there is no such name.
    header.writeUInt16BE(answers === undefined ? 0x8183 : 0x8180, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(answers?.length ?? 0, 6)
    const records_ = (answers ?? []).map((value) => {
      const data = type === 'A' ? Buffer.from(value.split('.').map(Number)) : encodeName(value)
      const head = Buffer.from([0xc0, 12, 0, type === 'A' ? 1 : 12, 0, 1, 0, 0, 0, 60, 0, 0])
      head.writeUInt16BE(data.length, 10)
      return Buffer.concat([head, data])
    })
    socket.send(Buffer.concat([header, question, ...records_]), from.port, from.address)
  })
  await new Promise<void>((resolve) => {
    socket.bind(0, '127.0.0.1', resolve)
  })
  return { address: `127.0.0.1:${socket.address().port}`, heard }
}
