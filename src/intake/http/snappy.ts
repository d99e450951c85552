/**
 * Snappy's block format, inflated: what Loki's senders and Prometheus write.
 * Google's format description, `format_description.txt` of the Snappy sources.
 *
 * @module
 */
import { AppError } from '../../errors.ts'

const malformed = (problem: string): AppError =>
  new AppError('intake-malformed', { problem: `not Snappy: ${problem}` })

/** The length that the head says, and where the head ends. */
const headOf = (block: Buffer): { readonly length: number; readonly start: number } => {
  let length = 0
  for (let at = 0; at < 5; at += 1) {
    const byte = block[at]
    if (byte === undefined) break
    length += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) {
      if (length > 0xffff_ffff) break
      return { length, start: at + 1 }
    }
  }
  throw malformed('no length')
}

/** How many bytes a block inflates to, by what it says. @throws AppError `intake-malformed` */
export const snappyLength = (block: Buffer): number => headOf(block).length

/** Copies `length` bytes from `offset` back; where they overlap, what was copied is copied again. */
const copyBack = (out: Buffer, at: number, offset: number, length: number): void => {
  if (offset >= length) out.copyWithin(at, at - offset, at - offset + length)
  else for (let i = at; i < at + length; i += 1) out[i] = out[i - offset] ?? 0
}

/**
 * Inflates a block. Its length is taken at its word: check {@link snappyLength} first.
 *
 * @throws AppError `intake-malformed`
 */
export const unsnap = (block: Buffer): Buffer => {
  const { length, start } = headOf(block)
  // What a block of this size can hold at most: three bytes of it make 64.
  if (length > block.length * 64) throw malformed('its length cannot be')
  const out = Buffer.allocUnsafe(length)
  let from = start
  let to = 0
  const little = (bytes: number): number => {
    if (from + bytes > block.length) throw malformed('it ends too early')
    const value = block.readUIntLE(from, bytes)
    from += bytes
    return value
  }
  while (from < block.length) {
    const tag = little(1)
    const kind = tag & 3
    if (kind === 0) {
      const short = tag >> 2
      const size = (short < 60 ? short : little(short - 59)) + 1
      if (from + size > block.length || to + size > length) throw malformed('a text is too long')
      block.copy(out, to, from, from + size)
      from += size
      to += size
      continue
    }
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const offset = kind === 1 ? ((tag >> 5) << 8) + little(1) : little(kind === 2 ? 2 : 4)
    if (offset === 0 || offset > to || to + size > length) throw malformed('a copy leads outside')
    copyBack(out, to, offset, size)
    to += size
  }
  if (to !== length) throw malformed('it ends too early')
  return out
}
