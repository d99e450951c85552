/**
 * Syslog over UDP. Nobody waits for an answer: what comes faster than it can be stored is lost, and counted.
 *
 * @module
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { AppError, messageOf } from '../../errors.ts'
import { appendPatiently } from '../append-patiently.ts'
import { asLine } from './framing.ts'
import type { Listening, Syslog } from './syslog.ts'

/** What the kernel keeps while we are busy; it gives what its own limit allows. */
const receiveBytes = 8 << 20
/** Messages that come within this time, or are together so large, are stored together. */
const gatherMs = 20
const gatherBytes = 262_144
const tellEveryMs = 10_000

/** How many datagrams the kernel dropped for a port, as it counts them; 0 where it does not say. */
const droppedByKernel = async (port: number): Promise<number> => {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  let drops = 0
  for (const table of ['/proc/net/udp', '/proc/net/udp6']) {
    const text = await readFile(table, 'utf8').catch(() => '')
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(`:${wanted}`) === true) drops += Number(fields.at(-1)) || 0
    }
  }
  return drops
}

/** @throws AppError `cannot-listen` */
export const listenDatagrams = async (listening: Listening): Promise<Syslog> => {
  const { source, stream, spool, log, limits } = listening
  const { host, port } = source.listen
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' })
  const stop = new AbortController()
  let gathered: Buffer[] = []
  let gatheredBytes = 0
  /** Gathered, and on the way to the disk. */
  let heldBytes = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  const counts = { lines: 0, cut: 0, dropped: 0 }
  let kernelDropped = 0
  let full: string | null = null
  const sink = {
    spool,
    signal: stop.signal,
    onFull: (problem: string | null) => {
      if (problem !== null && full === null)
        log.warn({ source: source.name, problem }, 'syslog messages wait')
      full = problem
    },
  }

  const writeAll = async (): Promise<void> => {
    while (gathered.length > 0) {
      const lines = Buffer.concat(gathered)
      const count = gathered.length
      gathered = []
      gatheredBytes = 0
      try {
        await appendPatiently(sink, stream, lines, count)
        counts.lines += count
      } catch (error) {
        counts.dropped += count
        log.error({ source: source.name, problem: messageOf(error) }, 'syslog messages could not be stored')
      }
      heldBytes -= lines.length
    }
  }
  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    return (writing ??= writeAll().finally(() => {
      writing = undefined
    }))
  }

  socket.on('message', (message) => {
    if (message.length > limits.longest) counts.cut++
    const line = asLine(message.subarray(0, limits.longest))
    if (line.length === 0) return
    if (heldBytes + line.length > limits.waitingBytes) {
      counts.dropped++
      return
    }
    const ended = Buffer.allocUnsafe(line.length + 1)
    line.copy(ended)
    ended[line.length] = 10
    gathered.push(ended)
    gatheredBytes += ended.length
    heldBytes += ended.length
    if (gatheredBytes >= gatherBytes) void write()
    else timer ??= setTimeout(() => void write(), gatherMs)
  })

  try {
    socket.bind(port, host)
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    throw new AppError('cannot-listen', { address: `${host}:${port}`, problem: messageOf(error) }, error)
  }
  socket.on('error', (error) =>
    log.error({ source: source.name, problem: messageOf(error) }, 'syslog socket failed'),
  )
  try {
    socket.setRecvBufferSize(receiveBytes)
  } catch {
    // The kernel's default is what there is.
  }
  const own = socket.address().port
  const before = await droppedByKernel(own)
  let told = 0
  const telling = setInterval(() => {
    void droppedByKernel(own).then((drops) => {
      kernelDropped = Math.max(kernelDropped, drops - before)
      const dropped = counts.dropped + kernelDropped
      if (dropped > told)
        log.warn(
          { source: source.name, dropped: dropped - told },
          'syslog messages came too fast and were lost',
        )
      told = dropped
    })
  }, tellEveryMs)
  telling.unref()

  return {
    port: own,
    stats: () => ({
      lines: counts.lines,
      cut: counts.cut,
      dropped: counts.dropped + kernelDropped,
      connections: 0,
      refused: 0,
    }),
    close: async () => {
      clearInterval(telling)
      // What the kernel has received already comes with the next turns of the loop.
      await new Promise((resolve) => setTimeout(resolve, gatherMs))
      const closed = once(socket, 'close')
      socket.close()
      await closed
      const impatient = setTimeout(() => stop.abort(), 5000)
      await write()
      await write()
      clearTimeout(impatient)
    },
  }
}
