/**
 * Server-sent events (HTML standard, 9.2). A client that does not keep up is cut off: it comes back by itself, and reads anew
 * what it missed.
 *
 * @module
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { keyMayRead } from '../store/keys.ts'
import { sessionStands } from '../store/sessions.ts'
import { askerId, type Asker } from './asker.ts'
import type { Ended, Running } from './context.ts'

const heartbeatMs = 15_000
/** What may wait for one client, in bytes. */
const mostQueued = 512 * 1024
/** At once, of all clients and of one user or key: each holds a socket, and what waits for it. */
const mostStreams = { all: 500, ofOne: 20 } as const
const streams = new Map<string, number>()

export interface EventStream {
  readonly send: (name: string, data: unknown) => void
  readonly end: () => void
}

const askerStands = async ({ store, now }: Running, asker: Asker): Promise<boolean> => {
  if (asker.kind === 'user') return sessionStands(store.db, asker.session.hash, now())
  return asker.kind === 'key' && keyMayRead(store.db, asker.key.id, now())
}

/**
 * Answers a request with a stream, which ends with its session. What is sent is one line of JSON.
 *
 * @param start begins to send; what it returns is called when the stream is over, however it ends
 * @throws AppError `too-many-requests`
 */
export const answerWithEvents = (
  context: Running,
  request: FastifyRequest,
  reply: FastifyReply,
  start: (stream: EventStream) => () => void,
): void => {
  const { asker } = request
  const who = askerId(asker)
  const own = streams.get(who) ?? 0
  const all = [...streams.values()].reduce((sum, count) => sum + count, 0)
  if (own >= mostStreams.ofOne || all >= mostStreams.all)
    throw new AppError('too-many-requests', { seconds: 30 })
  const { raw } = reply
  let stop = (): void => {}
  let isOver = false

  const over = (): void => {
    if (isOver) return
    isOver = true
    const left = (streams.get(who) ?? 1) - 1
    if (left > 0) streams.set(who, left)
    else streams.delete(who)
    clearInterval(heartbeat)
    forget()
    stop()
    raw.end()
  }
  const write = (text: string): void => {
    if (isOver) return
    if (raw.writableLength > mostQueued) {
      // Not `end`: that would wait until all of it is sent.
      raw.destroy()
      over()
      return
    }
    raw.write(text)
  }
  const beat = async (): Promise<void> => {
    write(': still here\n\n')
    const stands = await askerStands(context, asker)
    if (!stands) over()
  }

  const heartbeat = setInterval(() => {
    // Whether it stands is asked again at the next beat.
    beat().catch((error: unknown) => request.log.warn({ err: error }, 'session not checked'))
  }, heartbeatMs)
  heartbeat.unref()
  const concerns = (ended: Ended): boolean => {
    if ('server' in ended) return true
    if (asker.kind !== 'user') return false
    const { hash, user } = asker.session
    return 'session' in ended ? ended.session === hash : ended.user === user.id
  }
  const forget = context.ended.subscribe((ended) => {
    if (concerns(ended)) over()
  })

  streams.set(who, own + 1)
  reply.hijack()
  raw.on('close', over)
  raw.on('error', over)
  raw.writeHead(200, {
    // Of what the hooks set, the policies.
    ...Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  write('retry: 3000\n\n')
  stop = start({
    send: (name, data) => write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
    end: over,
  })
  // It may be over before it has begun: with a client that is gone.
  if (isOver) stop()
}
