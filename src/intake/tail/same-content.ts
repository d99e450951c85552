/**
 * Whether a file holds what was read before under another name: it was renamed, copied or compressed since.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { pipeline } from 'node:stream'
import type { Compression } from '../../engine/engine.ts'
import { systemCode } from '../../ingest/damage.ts'
import { compressionOf, contentOf } from '../../ingest/magic.ts'
import { headBytes, printOf, type Generation, type Print } from './position.ts'

export const readAt = async (handle: FileHandle, at: number, size: number): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(size)
  const { bytesRead } = await handle.read(buffer, 0, size, at)
  return buffer.subarray(0, bytesRead)
}

/** An archive's bytes cannot be decompressed: it is damaged or not finished. */
export class Damage extends Error {}

/** The decompressed bytes of a gzip file. Throws `Damage` after the last that can be had where there should be more. */
export async function* unpacked(file: string): AsyncGenerator<Buffer, void, undefined> {
  // The error of either comes out at the end of the other.
  const bytes: AsyncIterable<Buffer> = pipeline(
    createReadStream(file, { highWaterMark: 1 << 18 }),
    createGunzip({ chunkSize: 1 << 18 }),
    () => undefined,
  )
  try {
    yield* bytes
  } catch (error) {
    if (systemCode(error) !== '') throw error
    throw new Damage('an archive is damaged or not finished', { cause: error })
  }
}

/** Whether an open file is a gzip archive. */
export const isGzip = async (handle: FileHandle): Promise<boolean> =>
  compressionOf(await readAt(handle, 0, 16)) === 'gzip'

const headOfArchive = async (file: string): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of unpacked(file)) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= headBytes) break
    }
  } catch {
    // What came before the damage is its head.
  }
  return Buffer.concat(chunks).subarray(0, headBytes)
}

/** What a file begins with. */
export interface Look {
  readonly compression: Compression
  readonly head: Buffer
  /** What it seems to be where it is no text. */
  readonly other: string | null
  /** Hashes of its beginnings that were asked for, by length. */
  readonly prints: Map<number, string>
}

export const lookInto = async (file: string): Promise<Look> => {
  const handle = await open(file, 'r')
  try {
    const beginning = await readAt(handle, 0, 65_536)
    const compression = compressionOf(beginning.subarray(0, 16))
    const head = compression === 'gzip' ? await headOfArchive(file) : beginning
    const content = compression === 'none' || compression === 'gzip' ? contentOf(head) : null
    return {
      prints: new Map(),
      compression,
      head: head.subarray(0, headBytes),
      other:
        content === null ? `compressed with ${compression}` : content.kind === 'other' ? content.what : null,
    }
  } finally {
    await handle.close()
  }
}

const agrees = (bytes: Uint8Array, print: Print): boolean => printOf(bytes).hash === print.hash

/** Whether a file begins as what was read of a generation. */
export const beginsAs = ({ head, prints }: Look, generation: Generation): boolean => {
  const { bytes, hash } = generation.head
  if (bytes === 0 || head.length < bytes) return false
  const own = prints.get(bytes) ?? printOf(head.subarray(0, bytes)).hash
  prints.set(bytes, own)
  return own === hash
}

/** Whether a plain file that begins alike still has at the offset what was read there. */
export const goesOnAs = async (handle: FileHandle, { offset, last }: Generation): Promise<boolean> => {
  if (last.bytes === 0) return true
  const before = await readAt(handle, offset - last.bytes, last.bytes)
  return before.length === last.bytes && agrees(before, last)
}
