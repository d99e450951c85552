/**
 * Where a webhook may lead: to the web, and not to this machine or to what clouds answer on link-local addresses.
 *
 * @module
 */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { addressNumber } from '../addresses/address.ts'
import { failureText, NotSent } from './failure.ts'

/** This machine, its own link (cloud metadata: 169.254.169.254), groups and no address at all. Inside networks are no secret: chats run there. */
const near: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  // Metadata of Alibaba Cloud, and of AWS over IPv6.
  ['100.100.100.200', 32, 'ipv4'],
  ['fd00:ec2::', 32, 'ipv6'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]

const refused = new BlockList()
for (const [network, prefix, family] of near) refused.addSubnet(network, prefix, family)

const dotted = (bits: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.')

/** IPv4 addresses inside IPv6: mapped, compatible (RFC 4291), translated (RFC 6052), 6to4 (RFC 3056). */
const innerOf = (bits: bigint): string | null => {
  const top = bits >> 32n
  if (top === 0xffffn || (top === 0n && bits > 1n) || top === 0x64ff9bn << 64n)
    return dotted(bits & 0xffffffffn)
  return bits >> 112n === 0x2002n ? dotted((bits >> 80n) & 0xffffffffn) : null
}

/** Whether an address is this machine's, or near it in a way that nobody else's is. */
export const isNear = (address: string): boolean => {
  const number = addressNumber(address.replace(/%.*$/, ''))
  // What cannot be read is not trusted.
  if (number === null) return true
  if (number.version === 4) return refused.check(dotted(number.bits), 'ipv4')
  const inner = innerOf(number.bits)
  return (
    refused.check(address.replace(/%.*$/, ''), 'ipv6') || (inner !== null && refused.check(inner, 'ipv4'))
  )
}

export interface Address {
  readonly address: string
  readonly family: number
}

const addressesOf = async (host: string): Promise<readonly Address[]> => {
  const family = isIP(host)
  if (family !== 0) return [{ address: host, family }]
  try {
    return await lookup(host, { all: true })
  } catch (error) {
    throw new NotSent(failureText(error), error)
  }
}

/**
 * The addresses of a URL's host, all of which may be reached: a connection is made to these, not to whatever the name means a moment
 * later.
 *
 * @throws NotSent
 */
export const reachable = async (url: URL, allowLocal: boolean): Promise<readonly Address[]> => {
  const addresses = await addressesOf(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  if (!allowLocal && (addresses.length === 0 || addresses.some(({ address }) => isNear(address))))
    throw new NotSent(
      'its address is this machine or its own link, which is refused unless the channel allows it (allowLocal)',
    )
  return addresses
}
