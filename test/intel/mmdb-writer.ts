/** A database in MaxMind's format (2.0), small and whole: what is said of networks, by the bits of their addresses. */
import { addressNumber } from '../../src/addresses/address.ts'

export type MmdbValue = string | number | { readonly double: number } | { readonly [key: string]: MmdbValue }

const types = { string: 2, double: 3, uint32: 6, map: 7 } as const

const head = (type: number, size: number): Buffer =>
  size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29])

const isDouble = (value: MmdbValue): value is { readonly double: number } =>
  typeof value === 'object' && typeof value.double === 'number'

const encode = (value: MmdbValue): Buffer => {
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8')
    return Buffer.concat([head(types.string, text.length), text])
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([head(types.uint32, 4), bytes])
  }
  if (isDouble(value)) {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value.double)
    return Buffer.concat([head(types.double, 8), bytes])
  }
  const entries = Object.entries(value)
  return Buffer.concat([
    head(types.map, entries.length),
    ...entries.flatMap(([key, inner]) => [encode(key), encode(inner)]),
  ])
}

/** The bits of a network, as in a tree of 128 bits: IPv4 lies behind 96 zeros. */
const bitsOf = (network: string): number[] => {
  const [address = '', length = '0'] = network.split('/')
  const number = addressNumber(address)
  if (number === null) throw new TypeError(`not a network: ${network}`)
  const whole = number.version === 4 ? 32 : 128
  const bits = number.bits.toString(2).padStart(whole, '0').split('').map(Number).slice(0, Number(length))
  return number.version === 4 ? [...Array.from({ length: 96 }, () => 0), ...bits] : bits
}

interface Node {
  readonly number: number
  readonly sides: [Side, Side]
}
type Side = Node | { readonly data: number } | null

/** @param networks what is said of each; none lies inside another */
export const writeMmdb = (networks: Readonly<Record<string, MmdbValue>>): Buffer => {
  const nodes: Node[] = []
  const grow = (): Node => {
    const node: Node = { number: nodes.length, sides: [null, null] }
    nodes.push(node)
    return node
  }
  const root = grow()
  const pieces: Buffer[] = []
  let offset = 0
  for (const [network, value] of Object.entries(networks)) {
    const bits = bitsOf(network)
    let node = root
    for (const bit of bits.slice(0, -1)) {
      const side = node.sides[bit === 1 ? 1 : 0]
      const next = side !== null && 'sides' in side ? side : grow()
      node.sides[bit === 1 ? 1 : 0] = next
      node = next
    }
    node.sides[bits.at(-1) === 1 ? 1 : 0] = { data: offset }
    const bytes = encode(value)
    pieces.push(bytes)
    offset += bytes.length
  }
  const tree = Buffer.alloc(nodes.length * 8)
  for (const { number, sides } of nodes) {
    sides.forEach((side, i) => {
      const record =
        side === null ? nodes.length : 'sides' in side ? side.number : nodes.length + 16 + side.data
      tree.writeUInt32BE(record, number * 8 + i * 4)
    })
  }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_772_409_600,
    database_type: 'Winnow-Test',
    description: {},
    ip_version: 6,
    node_count: nodes.length,
    record_size: 32,
  })
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...pieces,
    Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'),
    metadata,
  ])
}
