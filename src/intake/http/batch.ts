/**
 * The lines of one request, by stream, on their way to the spool.
 *
 * @module
 */
import { AppError } from '../../errors.ts'
import type { Piece, Spool } from '../../spool/spool.ts'

export type LineSink = Pick<Spool, 'appendAll'>

export interface Batch {
  /** A line without its end; it must have none inside. @throws AppError `intake-too-large` */
  readonly add: (stream: string, line: Buffer | string) => void
  readonly count: () => number
  /** Gives all lines to the spool, each stream's by themselves; resolves when they are on the disk, with the streams that failed. */
  readonly keepEach: (sink: LineSink) => Promise<ReadonlyMap<string, unknown>>
  /** Gives all lines to the spool at once: where it throws, none of them was taken. */
  readonly keepAll: (sink: LineSink) => Promise<void>
}

const lineEnd = Buffer.from('\n')

const joined = (lines: readonly (Buffer | string)[]): Buffer =>
  lines.every((line) => typeof line === 'string')
    ? Buffer.from(`${lines.join('\n')}\n`)
    : Buffer.concat(lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, lineEnd]))

/**
 * @param maxBytes - of all lines together: what is said once of many lines is written into each of them, and a small body
 *   could become a large one
 */
export const openBatch = (maxBytes: number): Batch => {
  const streams = new Map<string, (Buffer | string)[]>()
  let last: { readonly stream: string; readonly lines: (Buffer | string)[] } | undefined
  let count = 0
  let bytes = 0
  const linesOf = (stream: string): (Buffer | string)[] => {
    if (last?.stream === stream) return last.lines
    const lines = streams.get(stream) ?? []
    streams.set(stream, lines)
    last = { stream, lines }
    return lines
  }
  const pieces = (): Piece[] =>
    [...streams].map(([name, lines]) => ({
      stream: { name, kind: 'http' },
      lines: joined(lines),
      count: lines.length,
    }))
  return {
    add: (stream, line) => {
      bytes += line.length + 1
      if (bytes > maxBytes)
        throw new AppError('intake-too-large', { problem: `its lines come to more than ${maxBytes} bytes` })
      linesOf(stream).push(line)
      count += 1
    },
    count: () => count,
    keepEach: async (sink) => {
      const failed = new Map<string, unknown>()
      // Together: one sync of the disk serves them all.
      await Promise.all(
        pieces().map(async (piece) => {
          try {
            await sink.appendAll([piece])
          } catch (problem) {
            failed.set(piece.stream.name, problem)
          }
        }),
      )
      return failed
    },
    keepAll: (sink) => sink.appendAll(pieces()),
  }
}

/** The lines of a text, without their ends (`\n` or `\r\n`), empty ones left out. Nothing is copied. */
export function* linesIn(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length;) {
    const found = body.indexOf(10, from)
    const end = found === -1 ? body.length : found
    const till = end > from && body[end - 1] === 13 ? end - 1 : end
    if (till > from) yield body.subarray(from, till)
    from = end + 1
  }
}
