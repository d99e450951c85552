/**
 * A file's lines → spool, with the position behind them.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises'
import { AppError } from '../../errors.ts'
import type { Stream } from '../../spool/spool.ts'
import { appendPatiently, type Sink } from '../append-patiently.ts'
import { cutLines, type Cut } from './cut-lines.ts'
import { headBytes, lastBytes, printOf, writePosition, type Generation, type Position } from './position.ts'
import { readAt, unpacked } from './same-content.ts'

/** Appends lines together with how far a log is. */
export const keep = (
  sink: Sink,
  stream: Stream,
  lines: Buffer,
  count: number,
  position: Position,
): Promise<void> => appendPatiently(sink, stream, lines, count, writePosition(position))

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

const withoutMark = (lines: Buffer, offset: number): Buffer =>
  offset === 0 && lines.subarray(0, 3).equals(byteOrderMark) ? lines.subarray(3) : lines

/** A generation after bytes of it were taken. */
const after = (
  generation: Generation,
  bytes: Buffer,
  { taken, skipping }: Cut,
  head: Buffer,
): Generation => ({
  ...generation,
  offset: generation.offset + taken,
  skipping,
  head: generation.head.bytes >= headBytes ? generation.head : printOf(head),
  last: taken === 0 ? generation.last : printOf(bytes.subarray(Math.max(0, taken - lastBytes), taken)),
})

/** What of a log's position is being read: what stands under its name, or one of those before. */
export const withGeneration = (position: Position, before: Generation, next: Generation): Position => ({
  now: position.now === before ? next : position.now,
  past: position.past.map((one) => (one === before ? next : one)),
})

/** More than a line may be long, so that a line that fits is never cut. */
const chunkBytes = 2 << 20

export interface Taken {
  readonly position: Position
  readonly generation: Generation
  /** There is more to take. */
  readonly more: boolean
}

/**
 * Takes up to 2 MB of whole lines from a plain file.
 *
 * @param isLast - whether half a line at its end is taken too
 */
export const takeLines = async (
  sink: Sink,
  stream: Stream,
  handle: FileHandle,
  position: Position,
  generation: Generation,
  isLast: boolean,
): Promise<Taken> => {
  const { offset, skipping } = generation
  const bytes = await readAt(handle, offset, chunkBytes)
  const isEnd = bytes.length < chunkBytes
  const cut = cutLines(bytes, skipping, isLast && isEnd)
  if (cut.taken === 0) return { position, generation, more: false }
  const wanted = Math.min(headBytes, offset + cut.taken)
  const head = offset === 0 ? bytes.subarray(0, wanted) : await readAt(handle, 0, wanted)
  const next = after(generation, bytes, cut, head)
  const moved = withGeneration(position, generation, next)
  await keep(sink, stream, withoutMark(cut.lines, offset), cut.count, moved)
  return { position: moved, generation: next, more: !isEnd }
}

export interface TakenArchive {
  readonly position: Position
  readonly generation: Generation
  /** What kept the rest from being read. */
  readonly damage?: unknown
}

/**
 * Takes all lines of a gzip file from the generation's offset on.
 *
 * @returns null where it does not hold, at the offset, what was read there
 */
export const takeArchive = async (
  sink: Sink,
  stream: Stream,
  file: string,
  start: Position,
  from: Generation,
): Promise<TakenArchive | null> => {
  let taken: TakenArchive = { position: start, generation: from }
  let place = 0
  let held = Buffer.alloc(0)
  let head = Buffer.alloc(0)
  let before = Buffer.alloc(0)
  const take = async (isLast: boolean): Promise<void> => {
    const { position, generation } = taken
    const cut = cutLines(held, generation.skipping, isLast)
    if (cut.taken === 0 && !isLast) return
    const seen = head.subarray(0, generation.offset + cut.taken)
    const next = { ...after(generation, held, cut, seen), whole: isLast }
    const moved = withGeneration(position, generation, next)
    await keep(sink, stream, withoutMark(cut.lines, generation.offset), cut.count, moved)
    held = held.subarray(cut.taken)
    taken = { position: moved, generation: next }
  }
  try {
    for await (const chunk of unpacked(file)) {
      if (head.length < headBytes) head = Buffer.concat([head, chunk]).subarray(0, headBytes)
      const unread = Math.max(0, Math.min(chunk.length, from.offset - place))
      place += chunk.length
      if (unread > 0) before = Buffer.concat([before, chunk.subarray(0, unread)]).subarray(-lastBytes)
      if (place < from.offset) continue
      const known = before.subarray(before.length - from.last.bytes)
      if (unread > 0 && printOf(known).hash !== from.last.hash) return null
      held = Buffer.concat([held, chunk.subarray(unread)])
      if (held.length >= chunkBytes) await take(false)
    }
  } catch (damage) {
    if (damage instanceof AppError) throw damage
    if (place < from.offset) return null
    await take(true)
    return { ...taken, damage }
  }
  if (place < from.offset) return null
  await take(true)
  return taken
}
