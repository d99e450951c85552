/**
 * How a group of lines stands in a journal: what it holds, the lines, and a checksum over both. A group is there as a whole
 * or not at all.
 *
 * ```
 * magic 4 | length of the contents 4 | length of the lines 4 | CRC-32 4 | contents (JSON) | lines
 * ```
 *
 * @module
 */
import { crc32 } from 'node:zlib'

/** Where lines come from. */
export interface Stream {
  /** Unique: a file's path, a syslog source's name … Shown to people, and the `source` of its events. */
  readonly name: string
  readonly kind: 'file' | 'syslog' | 'http' | 'replay'
  /** A parser's id, where somebody said it. */
  readonly format?: string
  /** The zone of times that name none: an IANA name. */
  readonly timeZone?: string
  /** Its lines were written before this moment (ms since 1970, UTC), where that is long before they arrive. */
  readonly writtenBeforeMs?: number
}

/** The lines of one stream in a group. */
export interface Entry {
  readonly stream: Stream
  /** Stands for the stream; see `SealedSegment.id`. */
  readonly id: string
  /** The first line, counted from 0 since the stream began. */
  readonly first: number
  readonly lines: number
  readonly bytes: number
  readonly position?: string
}

/** The lines of the entries follow one another in their order. */
export interface Contents {
  /** Counts up over all journals. */
  readonly group: number
  /** When its lines arrived; ms since 1970, UTC. */
  readonly arrivedMs: number
  readonly entries: readonly Entry[]
}

export const prefixBytes = 16
const magic = 0x57_53_50_31

/** A checksum with more bytes: an empty view without memory behind it would set Node's `crc32` back to its beginning. */
export const checksumWith = (sum: number, bytes: Uint8Array): number =>
  bytes.length === 0 ? sum : crc32(bytes, sum)

/** What stands before the lines in the journal. */
export const frameHead = (contents: Contents, lines: readonly Uint8Array[]): Buffer => {
  const written = Buffer.from(JSON.stringify(contents))
  const head = Buffer.allocUnsafe(prefixBytes + written.length)
  const bytes = lines.reduce((sum, piece) => sum + piece.length, 0)
  head.writeUInt32BE(magic, 0)
  head.writeUInt32BE(written.length, 4)
  head.writeUInt32BE(bytes, 8)
  written.copy(head, prefixBytes)
  const lengths = crc32(head.subarray(4, 12))
  const whole = [written, ...lines].reduce(checksumWith, lengths)
  head.writeUInt32BE(whole, 12)
  return head
}

export interface Prefix {
  readonly contentsBytes: number
  readonly linesBytes: number
  readonly checksum: number
  /** The checksum so far: of the lengths. */
  readonly begun: number
}

/** Null where no group begins here. */
export const readPrefix = (bytes: Buffer): Prefix | null =>
  bytes.length < prefixBytes || bytes.readUInt32BE(0) !== magic
    ? null
    : {
        contentsBytes: bytes.readUInt32BE(4),
        linesBytes: bytes.readUInt32BE(8),
        checksum: bytes.readUInt32BE(12),
        begun: crc32(bytes.subarray(4, 12)),
      }
