/**
 * Bodies of requests: inflated as they come, and never more of them in memory than was agreed.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { AppError, messageOf } from '../../errors.ts'
import { snappyLength, unsnap } from './snappy.ts'

export interface BodyLimits {
  /** Of one body, inflated. */
  readonly maxBytes: number
  /** Room for all bodies at once. */
  readonly room: Room
}

/** How many bytes may be held at once, by all requests together. */
export interface Room {
  /** False where there is no room for so many more. */
  readonly take: (bytes: number) => boolean
  readonly give: (bytes: number) => void
  readonly taken: () => number
}

export const openRoom = (maxBytes: number): Room => {
  let taken = 0
  return {
    take: (bytes) => {
      // A lone body always finds room: its own limit holds it.
      if (taken > 0 && taken + bytes > maxBytes) return false
      taken += bytes
      return true
    },
    give: (bytes) => {
      taken -= bytes
    },
    taken: () => taken,
  }
}

/** Logs shrink to a fifth or a fiftieth; a bomb of zeros to a thousandth. The first megabytes may be anything. */
const mostRatio = 250
const anyRatioBytes = 4_000_000

/** Node 22.15 and later inflate zstd. */
const createZstd: unknown = Reflect.get(zlib, 'createZstdDecompress')

const inflaters: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  // Its type is not in the types of Node 20.
  ...(typeof createZstd === 'function' ? { zstd: createZstd as () => Transform } : {}),
}

export const encodings: readonly string[] = [
  ...Object.keys(inflaters).filter((name) => name !== 'x-gzip'),
  'snappy',
]

const encodingOf = (request: IncomingMessage): string =>
  (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase() || 'identity'

const tooLarge = (maxBytes: number): AppError =>
  new AppError('intake-too-large', { problem: `at most ${maxBytes} bytes are taken, counted when inflated` })

const bomb = (): AppError =>
  new AppError('intake-too-large', {
    problem: `it inflates to more than ${mostRatio} times what was sent`,
  })

const cut = (): AppError => new AppError('intake-malformed', { problem: 'it ends before its end' })

/** All that comes, through `inflater` where there is one. `take` throws to stop. */
const drain = (
  request: IncomingMessage,
  inflater: Transform | null,
  take: (chunk: Buffer, sentBytes: number) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    // The sender left before anybody listened: nothing will ever be told of it.
    if (request.destroyed) {
      inflater?.destroy()
      reject(cut())
      return
    }
    let sentBytes = 0
    const stop = (problem: unknown): void => {
      request.unpipe()
      request.pause()
      inflater?.destroy()
      reject(problem)
    }
    const takeOrStop = (chunk: Buffer): void => {
      try {
        take(chunk, sentBytes)
      } catch (problem) {
        stop(problem)
      }
    }
    request.on('error', () => stop(cut()))
    request.on('close', () => {
      if (!request.complete) stop(cut())
    })
    request.on('data', (chunk: Buffer) => {
      sentBytes += chunk.length
      if (inflater === null) takeOrStop(chunk)
    })
    if (inflater === null) request.on('end', resolve)
    else {
      inflater.on('data', takeOrStop)
      inflater.on('error', (error) => stop(new AppError('intake-malformed', { problem: messageOf(error) })))
      inflater.on('end', resolve)
      request.pipe(inflater)
    }
  })

/**
 * Reads a body and hands it to `use`; its room is given back when `use` has ended.
 *
 * @param assumed the encoding of bodies that name none: `snappy` for Loki's protobuf
 * @throws AppError `intake-too-large`, `intake-encoding`, `intake-malformed`, `intake-busy`
 */
export const withBody = async <T>(
  request: IncomingMessage,
  { maxBytes, room }: BodyLimits,
  use: (body: Buffer) => Promise<T>,
  assumed = 'identity',
): Promise<T> => {
  const named = encodingOf(request)
  const encoding = named === 'identity' ? assumed : named
  const inflater = inflaters[encoding]
  if (inflater === undefined && encoding !== 'identity' && encoding !== 'snappy')
    throw new AppError('intake-encoding', { encoding: encoding.slice(0, 60), known: encodings.join(', ') })
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > maxBytes) throw tooLarge(maxBytes)

  let taken = 0
  const reserve = (bytes: number): void => {
    if (!room.take(bytes)) throw new AppError('intake-busy')
    taken += bytes
  }
  try {
    reserve(declared)
    const chunks: Buffer[] = []
    let bytes = 0
    await drain(request, inflater?.() ?? null, (chunk, sentBytes) => {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      if (inflater !== undefined && bytes > anyRatioBytes && bytes > sentBytes * mostRatio) throw bomb()
      if (bytes > taken) reserve(bytes - taken)
      chunks.push(chunk)
    })
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes)
    if (encoding !== 'snappy') return await use(body)
    const length = snappyLength(body)
    if (length > maxBytes) throw tooLarge(maxBytes)
    reserve(length)
    return await use(unsnap(body))
  } finally {
    room.give(taken)
  }
}
