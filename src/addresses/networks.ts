/**
 * Networks in CIDR notation: those that nobody outside is reached in, and whether an address lies in one.
 *
 * @module
 */
import { sql, type Sql } from '../sql/sql.ts'
import { addressNumber } from './address.ts'

/** What no provider routes: private networks, carriers' inside, link-local and loopback (RFC 1918, 6598, 4193 …). */
export const privateNetworks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
]

/** Groups, broadcasts and no address at all: nobody outside is reached by them. */
export const groupNetworks: readonly string[] = [
  '224.0.0.0/4',
  'ff00::/8',
  '255.255.255.255/32',
  '0.0.0.0/8',
  '::/128',
]

const addressOf = (bits: bigint): string =>
  Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':')

/**
 * The first and the last address of a network, or of a lone address; IPv4 as IPv6 knows it.
 *
 * @throws TypeError for what is no network
 */
export const networkRange = (network: string): readonly [first: string, last: string] => {
  const [address = '', length] = network.split('/')
  const number = addressNumber(address)
  if (number === null) throw new TypeError(`not a network: ${network}`)
  const whole = number.version === 4 ? 32 : 128
  const bits = number.version === 4 ? (0xffffn << 32n) | number.bits : number.bits
  const free = BigInt(whole - Number(length ?? whole))
  const first = (bits >> free) << free
  return [addressOf(first), addressOf(first | ((1n << free) - 1n))]
}

/**
 * Whether a stored address lies in one of the networks. As an array the ranges are planned in a moment; twenty comparisons in
 * a chain take a tenth of a second.
 */
export const inNetworksSql = (address: Sql, networks: readonly string[]): Sql => {
  const ranges = networks.map(networkRange)
  const starts = ranges.map(([first]) => first)
  const ends = ranges.map(([, last]) => last)
  return sql`arrayExists((first, last) -> ${address} >= first AND ${address} <= last, CAST(${starts}, 'Array(IPv6)'), CAST(${ends}, 'Array(IPv6)'))`
}
