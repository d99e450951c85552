import type { FileHandle } from 'node:fs/promises'

/** Bytes of the optional frame content size, by its flag; a flag of 0 means one byte in single-segment frames. */
const contentSizeBytes = [0, 2, 4, 8] as const
const dictionaryBytes = [0, 1, 2, 4] as const

/**
 * Whether a Zstandard file ends where its last frame does (RFC 8878 §3). The engine takes a file that was cut short for
 * one that ends there, and its half line for a whole one.
 */
export const zstdIsWhole = async (file: FileHandle, bytes: number): Promise<boolean> => {
  const window = Buffer.alloc(1 << 16)
  let windowAt = 0
  let windowSize = 0
  /** Little-endian, up to 4 bytes; NaN beyond the end. */
  const number = async (at: number, count: number): Promise<number> => {
    if (at + count > bytes) return Number.NaN
    if (at < windowAt || at + count > windowAt + windowSize) {
      windowAt = at
      windowSize = (await file.read(window, 0, window.length, at)).bytesRead
      if (windowSize < count) return Number.NaN
    }
    return window.readUIntLE(at - windowAt, count)
  }

  let at = 0
  while (at < bytes) {
    const magic = await number(at, 4)
    if (Number.isNaN(magic)) return false
    if (magic >>> 4 === 0x184d2a5) {
      at += 8 + (await number(at + 4, 4))
      if (!(at <= bytes)) return false
      continue
    }
    // Anything else is for the engine to complain of.
    if (magic !== 0xfd2fb528) return true
    const descriptor = await number(at + 4, 1)
    if (Number.isNaN(descriptor)) return false
    const single = (descriptor >> 5) & 1
    const sizeFlag = descriptor >> 6
    const contentSize = sizeFlag === 0 ? single : (contentSizeBytes[sizeFlag] ?? 0)
    at += 5 + (1 - single) + (dictionaryBytes[descriptor & 3] ?? 0) + contentSize
    for (let last = 0; last === 0;) {
      const header = await number(at, 3)
      if (Number.isNaN(header)) return false
      last = header & 1
      const isRun = ((header >> 1) & 3) === 1
      at += 3 + (isRun ? 1 : header >> 3)
    }
    if (descriptor & 4) at += 4
    if (at > bytes) return false
  }
  return true
}
