/**
 * The lines of one request, by stream, on their way to the spool.
 *
 * @module
 */
import { AppError } from '../../errors.ts'
import type { Spool } from '../../spool/spool.ts'

export type LineSink = Pick<Spool, 'append'>

export interface Batch {
  /** A line without its end; it must have none inside. @throws AppError `intake-too-large` */
  readonly add: (stream: string, line: Buffer | string) => void
  readonly count: () => number
  /** Gives all lines to the spool, a stream's at once; resolves when all are on the disk, with the streams that failed. */
  readonly keep: (sink: LineSink) => Promise<ReadonlyMap<string, unknown>>
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
  return {
    add: (stream, line) => {
      bytes += line.length + 1
      if (bytes > maxBytes)
        throw new AppError('intake-too-large', { problem: `its lines come to more than ${maxBytes} bytes` })
      linesOf(stream).push(line)
      count += 1
    },
    count: () => count,
    keep: async (sink) => {
      const failed = new Map<string, unknown>()
      // Together: one sync of the disk serves them all.
      await Promise.all(
        [...streams].map(async ([name, lines]) => {
          try {
            await sink.append({ name, kind: 'http' }, joined(lines), lines.length)
          } catch (problem) {
            failed.set(name, problem)
          }
        }),
      )
      return failed
    },
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
