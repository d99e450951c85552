/**
 * Addresses: as people write them, and as numbers, to be compared.
 *
 * @module
 */
import { isIP } from 'node:net'
import { sql, type Sql } from '../sql/sql.ts'

/** An address as people write it: IPv4 inside IPv6 is IPv4. */
export const plainAddress = (address: string): string => {
  const inner = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return inner ?? address.toLowerCase()
}

/** The same of a stored address, as SQL. */
export const plainAddressSql = (address: Sql): Sql =>
  sql`replaceRegexpOne(toString(${address}), '^::ffff:([0-9.]+)$', '\\\\1')`

export interface AddressNumber {
  readonly version: 4 | 6
  /** 32 or 128 bits. */
  readonly bits: bigint
}

const groups = (text: string): bigint[] =>
  text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`))

const bitsOfV4 = (text: string): bigint =>
  text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)

/** An address as a number; null for what is none. */
export const addressNumber = (text: string): AddressNumber | null => {
  const address = plainAddress(text)
  const version = isIP(address)
  if (version === 4) return { version, bits: bitsOfV4(address) }
  if (version !== 6 || address.includes('%')) return null
  // An IPv4 address at the end stands for two groups.
  const colons = address.replace(/\d+\.\d+\.\d+\.\d+$/, (end) => {
    const bits = bitsOfV4(end)
    return `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`
  })
  const [head = '', tail] = colons.split('::')
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const middle = Array.from({ length: 8 - before.length - after.length }, () => 0n)
  return {
    version,
    bits: [...before, ...middle, ...after].reduce((bits, group) => (bits << 16n) | group, 0n),
  }
}
