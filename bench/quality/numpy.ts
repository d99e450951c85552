/**
 * Arrays of NumPy: `.npz`, a ZIP archive of `.npy` files.
 *
 * @module
 */
import { inflateRawSync } from 'node:zlib'

export interface NumberArray {
  readonly shape: readonly number[]
  /** In row order, whatever the order of the file. */
  readonly values: Float64Array
}

/** Marks of a ZIP archive: the end of its directory, and an entry of it (APPNOTE 4.3.16, 4.3.12). */
const endMark = 0x06054b50
const entryMark = 0x02014b50
const endLength = 22

/** What an archive holds, by name. @throws Error for what is no ZIP archive, encrypted, or beyond 4 GB. */
export const unzip = (bytes: Buffer): ReadonlyMap<string, Buffer> => {
  let end = bytes.length - endLength
  while (end >= 0 && bytes.readUInt32LE(end) !== endMark) end--
  if (end < 0) throw new Error('no ZIP archive')
  const files = new Map<string, Buffer>()
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== entryMark) throw new Error('damaged ZIP archive')
    const nameLength = bytes.readUInt16LE(at + 28)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const packedLength = bytes.readUInt32LE(at + 20)
    const header = bytes.readUInt32LE(at + 42)
    // The lengths in the header before the data may be missing; those of the directory are not.
    const from = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28)
    const packed = bytes.subarray(from, from + packedLength)
    files.set(name, unpack(packed, bytes.readUInt16LE(at + 10), name))
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return files
}

const unpack = (packed: Buffer, method: number, name: string): Buffer => {
  if (method === 0) return packed
  if (method === 8) return inflateRawSync(packed)
  throw new Error(`unknown compression of ${name}: ${method}`)
}

type ReadNumber = (bytes: Buffer, at: number) => number

/** Readers of numbers by NumPy's name of their type, without the byte order; little-endian. */
const readers: Readonly<Record<string, ReadNumber>> = {
  f8: (bytes, at) => bytes.readDoubleLE(at),
  f4: (bytes, at) => bytes.readFloatLE(at),
  i8: (bytes, at) => Number(bytes.readBigInt64LE(at)),
  u8: (bytes, at) => Number(bytes.readBigUInt64LE(at)),
  i4: (bytes, at) => bytes.readInt32LE(at),
  u4: (bytes, at) => bytes.readUInt32LE(at),
  i2: (bytes, at) => bytes.readInt16LE(at),
  u2: (bytes, at) => bytes.readUInt16LE(at),
  i1: (bytes, at) => bytes.readInt8(at),
  u1: (bytes, at) => bytes.readUInt8(at),
  b1: (bytes, at) => bytes.readUInt8(at),
}

/** One `.npy` file of numbers (NEP 1). @throws Error for texts, objects and numbers of other byte order. */
export const readNpy = (bytes: Buffer): NumberArray => {
  if (bytes.toString('latin1', 0, 6) !== '\u0093NUMPY') throw new Error('no NumPy array')
  const long = bytes.readUInt8(6) > 1
  const start = long ? 12 : 10
  const from = start + (long ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8))
  const header = bytes.toString('latin1', start, from)
  const type = /'descr':\s*'[<|]?(\w\d)'/.exec(header)?.[1] ?? ''
  const read = readers[type]
  if (read === undefined) throw new Error(`unknown type of NumPy array: ${header.trim()}`)
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number)
  const size = Number(type.slice(1))
  const count = shape.reduce((product, length) => product * length, 1)
  const stored = Float64Array.from({ length: count }, (_, place) => read(bytes, from + place * size))
  const [rows = 1, columns = 1] = shape
  if (!/'fortran_order':\s*True/.test(header) || shape.length !== 2) return { shape, values: stored }
  const byRow = (place: number): number =>
    stored[(place % columns) * rows + Math.floor(place / columns)] ?? Number.NaN
  return { shape, values: Float64Array.from({ length: count }, (_, place) => byRow(place)) }
}

/** All arrays of a `.npz` file, by name. */
export const readNpz = (bytes: Buffer): ReadonlyMap<string, NumberArray> =>
  new Map(
    [...unzip(bytes)]
      .filter(([name]) => name.endsWith('.npy'))
      .map(([name, file]) => [name.slice(0, -'.npy'.length), readNpy(file)]),
  )
