/**
 * Addresses that belong to nobody: the ranges for documentation (RFC 5737, RFC 3849), for benchmarks (RFC 2544) and,
 * where those are used up, for the inside of carriers (RFC 6598).
 *
 * @module
 */
import { scramble } from './draw.ts'

const dotted = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`

const benchmarkNet = ((198 << 24) | (18 << 16)) >>> 0
const benchmarkBits = 17
const carrierNet = ((100 << 24) | (64 << 16)) >>> 0
const carrierBits = 22

/** An odd multiplier runs through all numbers of so many bits: neighbours end up far apart, none twice. */
const spread = (n: number, bits: number): number => (Math.imul(n, 0x9e3779b1) >>> 0) & ((1 << bits) - 1)

const hex = (value: number): string => (value & 0xffff).toString(16)

/** A visitor's address: one in eight has IPv6. */
export const visitorAddress = (n: number): string => {
  if (n % 8 === 5) {
    const [network, host] = [scramble(n), scramble(n + 0x5bd1e995)]
    return `2001:db8:${hex(network)}:${hex(network >>> 16)}:${hex(host)}:${hex(host >>> 16)}:${hex(n >>> 16)}:${hex(n)}`
  }
  return n < 1 << benchmarkBits
    ? dotted(benchmarkNet + spread(n, benchmarkBits))
    : dotted(carrierNet + spread(n, carrierBits))
}

/** Offices, where many people share an address. */
export const officeAddress = (n: number): string => `198.51.100.${1 + (n % 20)}`
/** Crawlers, monitors and feed readers. */
export const serviceAddress = (n: number): string => `192.0.2.${1 + (n % 250)}`
/** Scanners and scrapers. */
export const hostileAddress = (n: number): string => `203.0.113.${1 + (n % 250)}`
