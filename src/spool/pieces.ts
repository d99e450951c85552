/**
 * What is appended, and how it becomes a group.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import type { Entry, Stream } from './frame.ts'
import type { Streams } from './streams.ts'

/** What one stream gives. */
export interface Piece {
  readonly stream: Stream
  /** Whole lines, each ended by `\n`; may be empty where only the position is to be kept. */
  readonly lines: Buffer
  /** How many. */
  readonly count: number
  /** Opaque text, committed together with them. */
  readonly position?: string | undefined
}

const countLines = (lines: Buffer): number => {
  let count = 0
  for (let at = lines.indexOf(10); at !== -1; at = lines.indexOf(10, at + 1)) count++
  return count
}

/** Why a piece is none, or null. */
export const faultOf = ({ lines, count }: Piece): TypeError | null =>
  countLines(lines) === count && (count > 0 ? lines.at(-1) === 10 : lines.length === 0)
    ? null
    : new TypeError(`not ${count} whole lines`)

/** What a group is made of: what was given, in its order, that of one stream together. */
export const gather = (
  given: readonly Piece[],
  { byName }: Streams,
): { entries: Entry[]; pieces: Uint8Array[] } => {
  const byStream = new Map<string, Piece[]>()
  for (const piece of given) {
    const others = byStream.get(piece.stream.name)
    if (others === undefined) byStream.set(piece.stream.name, [piece])
    else others.push(piece)
  }
  const entries = [...byStream].flatMap(([name, own]): Entry[] => {
    const stream = own.at(-1)?.stream
    if (stream === undefined) return []
    const known = byName.get(name)
    const position = own.findLast((piece) => piece.position !== undefined)?.position
    return [
      {
        stream,
        id: known?.id ?? randomBytes(8).toString('hex'),
        first: known?.lines ?? 0,
        lines: own.reduce((sum, { count }) => sum + count, 0),
        bytes: own.reduce((sum, { lines }) => sum + lines.length, 0),
        ...(position === undefined ? {} : { position }),
      },
    ]
  })
  const pieces = [...byStream.values()].flat().map(({ lines }) => lines)
  return { entries, pieces }
}
