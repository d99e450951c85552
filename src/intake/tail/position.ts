/**
 * How far a followed log is. A generation is what stood under its name from one rotation to the next: it is known again by
 * its inode, and by its bytes where it was copied or compressed.
 *
 * @module
 */
import { createHash } from 'node:crypto'

/** A hash of so many bytes. */
export interface Print {
  readonly bytes: number
  readonly hash: string
}

interface ArchiveFacts {
  /** Bytes as they are on the disk. */
  readonly size: number
  readonly modifiedMs: number
}

export interface Generation {
  /** Device and inode. */
  readonly inode: string
  /** Bytes read, decompressed where it is an archive: whole lines, and what was cut of lines that are too long. */
  readonly offset: number
  /** The offset is within a line that was cut. */
  readonly skipping: boolean
  /** Its beginning; of as many bytes as were there when it was taken. */
  readonly head: Print
  /** What stands before the offset. */
  readonly last: Print
  /** Read to its end in an archive. */
  readonly whole: boolean
  /** The file as it was when it was read last, where it is an archive itself. */
  readonly archive: ArchiveFacts | null
}

export interface Position {
  readonly now: Generation
  /** Those before, the latest first. */
  readonly past: readonly Generation[]
}

/** A head is made of so many bytes: more than the header lines that many logs begin with. */
export const headBytes = 4096
export const lastBytes = 256
/** Logs are seldom kept for longer. */
const mostPast = 40

export const printOf = (bytes: Uint8Array): Print => ({
  bytes: bytes.length,
  hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 16),
})

export const noPrint: Print = printOf(new Uint8Array())

export const begin = (inode: string): Generation => ({
  inode,
  offset: 0,
  skipping: false,
  head: noPrint,
  last: noPrint,
  whole: false,
  archive: null,
})

/** Whether its bytes were read out of an archive. */
export const isArchive = ({ whole, archive }: Generation): boolean => whole || archive !== null

/** The next generation of a log. */
export const turnOver = (position: Position | null, now: Generation): Position => ({
  now,
  past:
    position === null || position.now.offset === 0
      ? (position?.past ?? [])
      : [position.now, ...position.past].slice(0, mostPast),
})

type WrittenGeneration = readonly [
  inode: string,
  offset: number,
  flags: number,
  headBytes: number,
  headHash: string,
  lastBytes: number,
  lastHash: string,
  archiveSize?: number,
  archiveModifiedMs?: number,
]

const write = ({ inode, offset, skipping, head, last, whole, archive }: Generation): WrittenGeneration => [
  inode,
  offset,
  (skipping ? 1 : 0) + (whole ? 2 : 0),
  head.bytes,
  head.hash,
  last.bytes,
  last.hash,
  ...(archive === null ? ([] as const) : ([archive.size, archive.modifiedMs] as const)),
]

const read = ([
  inode,
  offset,
  flags,
  bytes,
  hash,
  lastLength,
  lastHash,
  size,
  modifiedMs,
]: WrittenGeneration): Generation => ({
  inode,
  offset,
  skipping: flags % 2 === 1,
  whole: flags >= 2,
  head: { bytes, hash },
  last: { bytes: lastLength, hash: lastHash },
  archive: size === undefined || modifiedMs === undefined ? null : { size, modifiedMs },
})

export const writePosition = ({ now, past }: Position): string => JSON.stringify([now, ...past].map(write))

/** Null where there is none. */
export const readPosition = (text: string | null): Position | null => {
  if (text === null) return null
  // The spool gives back what `writePosition` wrote.
  const [now, ...past] = (JSON.parse(text) as readonly WrittenGeneration[]).map(read)
  return now === undefined ? null : { now, past }
}
