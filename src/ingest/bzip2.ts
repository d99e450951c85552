/**
 * bzip2 → bytes. The engine reads every other archive itself, but not this one.
 *
 * The format has no standard of its own; this follows its public description: Burrows–Wheeler blocks of at most 900 kB
 * (Burrows and Wheeler 1994), move-to-front, run lengths, and 2 to 6 Huffman tables changed every 50 symbols.
 *
 * @module
 */
import { closeSync, openSync, readSync } from 'node:fs'

export class Bzip2Error extends Error {
  readonly truncated: boolean

  constructor(problem: string, truncated = false) {
    super(problem)
    this.truncated = truncated
  }
}

interface Bits {
  /** The next `count` bits, at most 24, the highest first. */
  read(count: number): number
  align(): void
  ended(): boolean
}

const readBits = (fd: number): Bits => {
  const buffer = Buffer.alloc(1 << 16)
  let length = 0
  let at = 0
  let held = 0
  let holding = 0
  const fill = (): boolean => {
    if (at < length) return true
    length = readSync(fd, buffer, 0, buffer.length, null)
    at = 0
    return length > 0
  }
  return {
    read: (count) => {
      while (holding < count) {
        if (!fill()) throw new Bzip2Error('it ends too early', true)
        held = ((held << 8) | (buffer[at++] ?? 0)) & 0xffffffff
        holding += 8
      }
      holding -= count
      return (held >>> holding) & ((1 << count) - 1)
    },
    align: () => {
      holding -= holding % 8
    },
    ended: () => holding === 0 && !fill(),
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  return crc
})

const crcOf = (bytes: Uint8Array): number => {
  let crc = -1
  for (const byte of bytes) crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 255] ?? 0)
  return ~crc >>> 0
}

interface Huffman {
  /** By code length: the largest code, what to subtract from a code to get its place in `symbols`. */
  readonly limit: Int32Array
  readonly base: Int32Array
  readonly symbols: Uint16Array
  readonly shortest: number
}

const huffman = (lengths: Uint8Array): Huffman => {
  const limit = new Int32Array(22).fill(-1)
  const base = new Int32Array(22)
  const symbols = new Uint16Array(lengths.length)
  let code = 0
  let place = 0
  for (let length = 1; length <= 20; length++) {
    base[length] = code - place
    lengths.forEach((of, symbol) => {
      if (of !== length) return
      symbols[place++] = symbol
      code++
    })
    if (lengths.includes(length)) limit[length] = code - 1
    code <<= 1
  }
  return { limit, base, symbols, shortest: Math.min(...lengths) }
}

const readSymbol = (bits: Bits, { limit, base, symbols, shortest }: Huffman): number => {
  let length = shortest
  let code = bits.read(length)
  while (code > (limit[length] ?? -1)) {
    if (++length > 20) throw new Bzip2Error('a code is in no table')
    code = (code << 1) | bits.read(1)
  }
  return symbols[code - (base[length] ?? 0)] ?? 0
}

const readTables = (bits: Bits, symbols: number, count: number): Huffman[] =>
  Array.from({ length: count }, () => {
    let length = bits.read(5)
    const lengths = new Uint8Array(symbols)
    for (let i = 0; i < symbols; i++) {
      while (bits.read(1) === 1) length += bits.read(1) === 1 ? -1 : 1
      if (length < 1 || length > 20) throw new Bzip2Error('a code has an impossible length')
      lengths[i] = length
    }
    return huffman(lengths)
  })

const readUsed = (bits: Bits): number[] => {
  const ranges = bits.read(16)
  return Array.from({ length: 16 }, (_, range) => {
    const bytes = ranges & (0x8000 >> range) ? bits.read(16) : 0
    return Array.from({ length: 16 }, (_, i) => (bytes & (0x8000 >> i) ? [range * 16 + i] : [])).flat()
  }).flat()
}

const toFront = (list: number[] | Uint8Array, place: number): number => {
  const found = list[place] ?? 0
  list.copyWithin(1, 0, place)
  list[0] = found
  return found
}

/** The block as it was after the transform: each entry's low byte is the byte. */
const readTransformed = (bits: Bits, capacity: number): Uint32Array => {
  const used = readUsed(bits)
  const tableCount = bits.read(3)
  const selectorCount = bits.read(15)
  if (used.length === 0 || tableCount < 2 || tableCount > 6 || selectorCount < 1)
    throw new Bzip2Error('a block has an impossible header')
  const order = Array.from({ length: tableCount }, (_, i) => i)
  const selectors = Array.from({ length: selectorCount }, () => {
    let place = 0
    while (bits.read(1) === 1) place++
    if (place >= tableCount) throw new Bzip2Error('a block names a table it has not')
    return toFront(order, place)
  })
  const end = used.length + 1
  const tables = readTables(bits, end + 1, tableCount)
  const front = Uint8Array.from(used)
  const block = new Uint32Array(capacity)
  let size = 0
  let run = 0
  let weight = 1
  const put = (byte: number, count: number): void => {
    if (size + count > capacity) throw new Bzip2Error('a block is larger than it may be')
    block.fill(byte, size, size + count)
    size += count
  }
  for (let i = 0; ; i++) {
    const table = tables[selectors[Math.floor(i / 50)] ?? -1]
    if (table === undefined) throw new Bzip2Error('a block names a table it has not')
    const symbol = readSymbol(bits, table)
    if (symbol <= 1) {
      run += weight << symbol
      weight *= 2
      if (run > capacity) throw new Bzip2Error('a block is larger than it may be')
      continue
    }
    if (run > 0) put(front[0] ?? 0, run)
    run = 0
    weight = 1
    if (symbol === end) return block.subarray(0, size)
    put(toFront(front, symbol - 1), 1)
  }
}

/** Undoes the transform: the bytes with their runs still counted. */
const untransform = (block: Uint32Array, origin: number): Uint8Array => {
  if (origin >= block.length) throw new Bzip2Error('a block begins outside itself')
  const starts = new Uint32Array(257)
  for (const byte of block) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1
  for (let i = 1; i <= 256; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0)
  for (let i = 0; i < block.length; i++) {
    const byte = (block[i] ?? 0) & 255
    const place = starts[byte] ?? 0
    starts[byte] = place + 1
    block[place] = ((block[place] ?? 0) & 255) | (i << 8)
  }
  const bytes = new Uint8Array(block.length)
  let next = (block[origin] ?? 0) >>> 8
  for (let i = 0; i < bytes.length; i++) {
    const entry = block[next] ?? 0
    bytes[i] = entry & 255
    next = entry >>> 8
  }
  return bytes
}

/** Four equal bytes are followed by how many more there are. */
const unrun = (bytes: Uint8Array): Uint8Array => {
  let size = 0
  let same = 0
  const counts: number[] = []
  bytes.forEach((byte, i) => {
    if (same === 4) {
      counts.push(i)
      size += byte
      same = 0
      return
    }
    same = same > 0 && byte === bytes[i - 1] ? same + 1 : 1
    size++
  })
  const out = new Uint8Array(size)
  let at = 0
  let from = 0
  for (const i of counts) {
    out.set(bytes.subarray(from, i), at)
    at += i - from
    out.fill(bytes[i - 1] ?? 0, at, at + (bytes[i] ?? 0))
    at += bytes[i] ?? 0
    from = i + 1
  }
  out.set(bytes.subarray(from), at)
  return out
}

const readBlock = (bits: Bits, capacity: number): Uint8Array => {
  const crc = ((bits.read(16) << 16) | bits.read(16)) >>> 0
  if (bits.read(1) === 1) throw new Bzip2Error('it was made by a version before 0.9.5')
  const origin = bits.read(24)
  const bytes = unrun(untransform(readTransformed(bits, capacity), origin))
  if (crcOf(bytes) !== crc) throw new Bzip2Error("a block's checksum is wrong")
  return bytes
}

/**
 * The blocks of a bzip2 file, streams one after the other among them.
 *
 * @throws Bzip2Error after the blocks before the damage
 */
export function* readBzip2(file: string): Generator<Uint8Array> {
  const fd = openSync(file, 'r')
  try {
    const bits = readBits(fd)
    do {
      const level = bits.read(24) === 0x425a68 ? bits.read(8) - 48 : 0
      if (level < 1 || level > 9) throw new Bzip2Error('something else follows')
      for (;;) {
        const magic = bits.read(24) * 0x1000000 + bits.read(24)
        if (magic === 0x177245385090) break
        if (magic !== 0x314159265359) throw new Bzip2Error('a block does not begin where it should')
        yield readBlock(bits, level * 100_000)
      }
      // The whole stream's checksum adds nothing to those of its blocks.
      bits.read(16)
      bits.read(16)
      bits.align()
    } while (!bits.ended())
  } finally {
    closeSync(fd)
  }
}
