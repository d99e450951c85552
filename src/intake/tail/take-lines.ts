/**
 * A file's lines → spool, with the position behind them.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises'
import type { Stream } from '../../spool/spool.ts'
import { appendPatiently, type Sink } from '../append-patiently.ts'
import { cutLines, type Cut } from './cut-lines.ts'
import { headBytes, lastBytes, printOf, writePosition, type Generation, type Position } from './position.ts'
import { readAt } from './same-content.ts'

/** Appends lines together with how far a log is. */
export const keep = (
  sink: Sink,
  stream: Stream,
  lines: Buffer,
  count: number,
  position: Position,
): Promise<void> => appendPatiently(sink, stream, lines, count, writePosition(position))

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

export const withoutMark = (lines: Buffer, offset: number): Buffer =>
  offset === 0 && lines.subarray(0, 3).equals(byteOrderMark) ? lines.subarray(3) : lines

/** A generation after bytes of it were taken. */
export const after = (
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
export const chunkBytes = 2 << 20

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
