/**
 * The body of a load: the statement, then the file's own bytes as they are. A compressed file is preceded by the
 * statement as a stored member of the same format, because members follow each other in all of these; so the statement
 * may be as long as it likes (in an address, 128 KiB is the end) and nothing is packed or unpacked on the way.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { crc32, gzipSync } from 'node:zlib'
import type { Compression, LineFile } from './engine.ts'

const littleEndian = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const chunksOf = (data: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(data.length / size) }, (_, i) => data.subarray(i * size, (i + 1) * size))

/** One frame of raw blocks. RFC 8878, 3.1.1. */
const zstdStored = (data: Buffer): Buffer => {
  const magic = littleEndian(0xfd2fb528)
  // A single segment whose content size has 4 bytes; no checksum, no dictionary.
  const header = Buffer.concat([Buffer.from([0xa0]), littleEndian(data.length)])
  const chunks = chunksOf(data, 65_536)
  const blocks = chunks.map((chunk, i) => {
    const last = i === chunks.length - 1 ? 1 : 0
    return Buffer.concat([littleEndian((chunk.length << 3) | last).subarray(0, 3), chunk])
  })
  return Buffer.concat([magic, header, ...blocks])
}

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)])
const checked = (data: Buffer): Buffer => Buffer.concat([data, littleEndian(crc32(data))])

/** A number of the xz format: seven bits a byte, the low ones first. */
const xzNumber = (value: number): Buffer => {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
  return Buffer.from([...bytes, left])
}

/** One stream with one block of uncompressed LZMA2 chunks. The .xz file format 1.2, sections 2 to 4. */
const xzStored = (data: Buffer): Buffer => {
  const flags = Buffer.from([0, 0])
  const blockHeader = checked(Buffer.from([2, 0, 0x21, 1, 0x16, 0, 0, 0]))
  const chunks = chunksOf(data, 65_536).map((chunk, i) => {
    const size = chunk.length - 1
    return Buffer.concat([Buffer.from([i === 0 ? 1 : 2, size >> 8, size & 0xff]), chunk])
  })
  const packed = Buffer.concat([...chunks, Buffer.from([0])])
  const sizes = [xzNumber(blockHeader.length + packed.length), xzNumber(data.length)]
  const index = checked(padded(Buffer.concat([Buffer.from([0, 1]), ...sizes])))
  const tail = Buffer.concat([littleEndian(index.length / 4 - 1), flags])
  return Buffer.concat([
    Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    checked(flags),
    blockHeader,
    padded(packed),
    index,
    littleEndian(crc32(tail)),
    tail,
    Buffer.from('YZ'),
  ])
}

/** How each format stores a text unpacked. */
const stored: Readonly<Record<Exclude<Compression, 'bz2'>, (data: Buffer) => Buffer>> = {
  none: (data) => data,
  gzip: (data) => gzipSync(data, { level: 1 }),
  zstd: zstdStored,
  xz: xzStored,
}

export interface RequestBody {
  readonly stream: Readable
  /** How much of the file has been read. */
  readonly readBytes: () => number
  /** `Content-Encoding`. */
  readonly encoding?: string
  /** The statement, where the body cannot hold it. */
  readonly text?: string
}

/**
 * Opens a file as the body of a load.
 *
 * @throws Error with Node's code, such as `ENOENT`, where the file cannot be opened.
 */
export const openBody = async (
  file: Pick<LineFile, 'path' | 'compression'>,
  text: string,
): Promise<RequestBody> => {
  const { compression, path } = file
  // Opened now: what cannot be opened fails here rather than in the middle of a request.
  const handle = await open(path)
  const bytes = createReadStream(path, { fd: handle, highWaterMark: 1 << 20 })
  const readBytes = (): number => bytes.bytesRead
  // In bz2 there is no way to store a text unpacked.
  if (compression === 'bz2') return { readBytes, stream: bytes, encoding: 'bz2', text }
  const head = stored[compression](Buffer.from(`${text}\n`))
  const stream = Readable.from(
    (async function* () {
      try {
        yield head
        yield* bytes
      } finally {
        bytes.destroy()
      }
    })(),
    { objectMode: false },
  )
  return compression === 'none' ? { readBytes, stream } : { readBytes, stream, encoding: compression }
}
