/**
 * Sealed segments: the lines of one stream in one journal.
 *
 * @module
 */
import { open, type FileHandle } from 'node:fs/promises'
import { writePieces } from './disk.ts'
import type { Stream } from './frame.ts'
import { journalPath, type Group } from './journal.ts'

export interface SealedSegment {
  readonly stream: Stream
  /** Stands for the stream: the same for as long as the spool is kept, another one where it was begun anew. */
  readonly id: string
  /** Its first line, counted from 0 since the stream began. */
  readonly first: number
  readonly lines: number
  readonly bytes: number
  /** When its first and its last lines arrived; ms since 1970, UTC. */
  readonly arrivedMs: number
  readonly lastArrivedMs: number
  /** The number of its journal. */
  readonly journal: number
}

interface Range {
  readonly at: number
  readonly bytes: number
}

/** A sealed segment, and where its lines are in the journal. */
export interface Placed {
  readonly segment: SealedSegment
  readonly ranges: readonly Range[]
}

/** The segments of a journal, by the streams' first lines in it. Entries without lines make none. */
export const segmentsOf = (journal: number, groups: readonly Group[]): Placed[] => {
  const found = new Map<string, { segment: SealedSegment; ranges: Range[] }>()
  for (const { contents, at } of groups) {
    let place = at
    for (const { stream, id, first, lines, bytes } of contents.entries) {
      const range = { at: place, bytes }
      place += bytes
      if (lines === 0) continue
      const before = found.get(id)
      if (before === undefined) {
        const { arrivedMs } = contents
        const segment = { stream, id, first, lines, bytes, arrivedMs, lastArrivedMs: arrivedMs, journal }
        found.set(id, { segment, ranges: [range] })
        continue
      }
      before.segment = {
        ...before.segment,
        stream,
        lines: before.segment.lines + lines,
        bytes: before.segment.bytes + bytes,
        lastArrivedMs: contents.arrivedMs,
      }
      const last = before.ranges.at(-1)
      if (last !== undefined && last.at + last.bytes === range.at)
        before.ranges[before.ranges.length - 1] = { at: last.at, bytes: last.bytes + bytes }
      else before.ranges.push(range)
    }
  }
  return [...found.values()]
}

const chunkBytes = 1 << 22

const copyRanges = async (
  from: FileHandle,
  ranges: readonly Range[],
  to: FileHandle,
  at: number,
): Promise<number> => {
  let place = at
  let pieces: Buffer[] = []
  let held = 0
  const flush = async (): Promise<void> => {
    await writePieces(to, pieces, place)
    place += held
    pieces = []
    held = 0
  }
  for (const range of ranges) {
    for (let done = 0; done < range.bytes; done += chunkBytes) {
      const size = Math.min(chunkBytes, range.bytes - done)
      const buffer = Buffer.allocUnsafe(size)
      const { bytesRead } = await from.read(buffer, 0, size, range.at + done)
      if (bytesRead !== size) throw new Error('a journal became shorter')
      pieces.push(buffer)
      held += size
      if (held >= chunkBytes) await flush()
    }
  }
  await flush()
  return place
}

/** Writes the lines of segments, one after the other, into a new file. */
export const copySegments = async (
  folder: string,
  placed: readonly Placed[],
  target: string,
): Promise<void> => {
  const to = await open(target, 'w', 0o600)
  try {
    let place = 0
    for (const { segment, ranges } of placed) {
      const from = await open(journalPath(folder, segment.journal), 'r')
      try {
        place = await copyRanges(from, ranges, to, place)
      } finally {
        await from.close()
      }
    }
  } finally {
    await to.close()
  }
}
