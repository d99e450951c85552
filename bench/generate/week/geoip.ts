/**
 * Where the benign week's addresses are, as a database in MaxMind's format (its specification, version 2.0): addresses for
 * documentation are in no real one.
 *
 * @module
 */
import { writeFileSync } from 'node:fs'
import { abroadAddress, staffHome, strangerAddress } from './places.ts'

interface Spot {
  readonly country: string
  readonly latitude: number
  readonly longitude: number
}

const home: Spot = { country: 'DE', latitude: 52.52, longitude: 13.41 }
const world: readonly Spot[] = [
  { country: 'BR', latitude: -23.55, longitude: -46.63 },
  { country: 'JP', latitude: 35.68, longitude: 139.69 },
  { country: 'US', latitude: 40.71, longitude: -74.01 },
  { country: 'ZA', latitude: -26.2, longitude: 28.05 },
  { country: 'AU', latitude: -33.87, longitude: 151.21 },
  { country: 'CA', latitude: 45.5, longitude: -73.57 },
]

const bitsOf = (address: string): number =>
  address.split('.').reduce((bits, part) => bits * 256 + Number(part), 0)

/** A type and a size before what is encoded; none here is longer than 28. */
const control = (type: number, size: number): Buffer =>
  type < 8 ? Buffer.from([(type << 5) | size]) : Buffer.from([size, type - 7])

const text = (value: string): Buffer => Buffer.concat([control(2, value.length), Buffer.from(value, 'ascii')])

const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return Buffer.concat([control(3, 8), bytes])
}

/** Types 5, 6 and 9: of 2, 4 and 8 bytes at most. */
const whole = (type: 5 | 6 | 9, value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  const used = type === 5 ? bytes.subarray(2) : bytes
  return Buffer.concat([control(type, used.length), used])
}

const map = (entries: Readonly<Record<string, Buffer>>): Buffer =>
  Buffer.concat([
    control(7, Object.keys(entries).length),
    ...Object.entries(entries).flatMap(([name, value]) => [text(name), value]),
  ])

const list = (values: readonly Buffer[]): Buffer => Buffer.concat([control(11, values.length), ...values])

const spotData = ({ country, latitude, longitude }: Spot): Buffer =>
  map({
    country: map({ iso_code: text(country) }),
    location: map({ latitude: double(latitude), longitude: double(longitude) }),
  })

/** Nodes by their number; a side is another node, what is known there, or nothing. */
type Side = { node: number } | { spot: number } | null

const buildTree = (places: ReadonlyMap<string, number>): [Side, Side][] => {
  const nodes: [Side, Side][] = [[null, null]]
  for (const [address, spot] of places) {
    const bits = bitsOf(address)
    let at = 0
    for (let bit = 31; bit >= 0; bit--) {
      const side = Math.floor(bits / 2 ** bit) % 2 === 0 ? 0 : 1
      const node = nodes[at]
      if (node === undefined) break
      if (bit === 0) node[side] = { spot }
      else {
        const next = node[side]
        if (next !== null && 'node' in next) at = next.node
        else {
          nodes.push([null, null])
          at = nodes.length - 1
          node[side] = { node: at }
        }
      }
    }
  }
  return nodes
}

/** @param places IPv4 addresses, each with the number of its spot */
const database = (places: ReadonlyMap<string, number>, spots: readonly Spot[]): Buffer => {
  const nodes = buildTree(places)
  const data = spots.map(spotData)
  const offsets = data.map((_, i) => data.slice(0, i).reduce((sum, one) => sum + one.length, 0))
  const tree = Buffer.alloc(nodes.length * 8)
  const numberOf = (side: Side): number => {
    if (side === null) return nodes.length
    return 'node' in side ? side.node : nodes.length + 16 + (offsets[side.spot] ?? 0)
  }
  for (const [i, [left, right]] of nodes.entries()) {
    tree.writeUInt32BE(numberOf(left), i * 8)
    tree.writeUInt32BE(numberOf(right), i * 8 + 4)
  }
  const metadata = map({
    binary_format_major_version: whole(5, 2),
    binary_format_minor_version: whole(5, 0),
    build_epoch: whole(9, 1_772_400_000),
    database_type: text('Example-City'),
    description: map({ en: text('invented places') }),
    ip_version: whole(5, 4),
    languages: list([text('en')]),
    node_count: whole(6, nodes.length),
    record_size: whole(5, 32),
  })
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com', 'ascii')])
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata])
}

/** Staff live in one city; who travels is in one of several countries, and strangers are anywhere. */
export const writePlaces = (file: string): void => {
  const places = new Map<string, number>()
  for (let n = 0; n < 500; n++) places.set(staffHome(n), 0)
  for (let n = 0; n < 200; n++) places.set(abroadAddress(n), 1 + (Math.floor(n / 2) % world.length))
  for (let n = 0; n < 5500; n++) places.set(strangerAddress(n), 1 + (n % world.length))
  // Contractors' firm.
  places.set('203.0.113.240', 0)
  writeFileSync(file, database(places, [home, ...world]))
}
