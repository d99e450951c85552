/**
 * Who may be asked about at all: addresses and names of the public internet. What is inside, or set aside for
 * documentation, is nobody else's to know.
 *
 * @module
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import { domainToASCII } from 'node:url'
import { parse } from 'tldts'
import { plainAddress } from '../addresses/address.ts'

/** The IANA special-purpose registry (RFC 6890), multicast and reserved space. */
const closedV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

/** Inside 2000::/3, which is all that is given out: protocols, documentation, and 6to4, which hides IPv4 inside. */
const closedV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const closed = new BlockList()
for (const [network, bits] of closedV4) closed.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of closedV6) closed.addSubnet(network, bits, 'ipv6')
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')

/** Whether it is a unicast address of the public internet. False for what is no address. */
export const isPublicAddress = (text: string): boolean => {
  const address = plainAddress(text)
  if (isIPv4(address)) return !closed.check(address, 'ipv4')
  return isIP(address) === 6 && given.check(address, 'ipv6') && !closed.check(address, 'ipv6')
}

/** In lower case and ASCII, without a dot at the end; null for what is no host name. */
export const plainName = (text: string): string | null => {
  const name = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase()
  const labels = name.split('.')
  const fits =
    name.length <= 253 && labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  return fits && isIP(name) === 0 ? name : null
}

/** What a registry sold: below a suffix of the public DNS, whoever gives away names further down. Null for other names. */
export const registeredName = (name: string): string | null => {
  const { domain, isIcann } = parse(name, { allowPrivateDomains: false })
  return isIcann === true ? domain : null
}

/** RFC 2606 and RFC 6761; `arpa` and `onion` are on the suffix list, but nobody registered the names below. */
const reserved = /(?:^|\.)(?:example\.(?:com|net|org)|arpa|onion|local|localhost|test|invalid|example)$/

/** Whether it is a name of the public DNS, and not set aside for documentation. */
export const isPublicName = (text: string): boolean => {
  const name = plainName(text)
  return name !== null && !reserved.test(name) && registeredName(name) !== null
}
