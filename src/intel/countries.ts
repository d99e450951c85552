/**
 * The country an address is registered in, from a table that comes with Winnow. Nobody is asked.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import { addressNumber } from '../addresses/address.ts'

/** Addresses from the first to the last, both among them. IPv6 in networks of 64 bits: registries give no smaller ones. */
export interface CountryRange {
  readonly version: 4 | 6
  readonly first: bigint
  readonly last: bigint
  /** ISO 3166, two capital letters. */
  readonly country: string
}

/**
 * The file: countries and, for each version of the protocol, how many ranges there are, then the gaps before them, their
 * sizes less one, and their countries, each run together as numbers of 7 bits a byte. Packed with brotli.
 */
const magic = 'winnow countries 1\n'

const writeNumber = (bytes: number[], value: bigint): void => {
  let rest = value
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
}

/** @param ranges in order of their addresses, without overlap */
export const packCountries = async (ranges: readonly CountryRange[]): Promise<Buffer> => {
  const countries = [...new Set(ranges.map((range) => range.country))].toSorted()
  const bytes: number[] = []
  writeNumber(bytes, BigInt(countries.length))
  bytes.push(...Buffer.from(countries.join(''), 'latin1'))
  for (const version of [4, 6]) {
    const own = ranges.filter((range) => range.version === version)
    writeNumber(bytes, BigInt(own.length))
    own.forEach((range, i) => writeNumber(bytes, range.first - (own[i - 1]?.last ?? -1n) - 1n))
    for (const { first, last } of own) writeNumber(bytes, last - first)
    for (const { country } of own) writeNumber(bytes, BigInt(countries.indexOf(country)))
  }
  const packed = await promisify(brotliCompress)(Buffer.from(bytes), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  })
  return Buffer.concat([Buffer.from(magic, 'latin1'), packed])
}

interface Ranges {
  readonly first: BigUint64Array
  readonly last: BigUint64Array
  readonly country: readonly string[]
}

export interface Countries {
  /** Where an address is registered; null where that is not known. */
  readonly of: (address: string) => string | null
}

const reader = (bytes: Buffer) => {
  let at = 0
  return {
    text: (length: number): string => bytes.toString('latin1', at, (at += length)),
    // Plain numbers as far as they are exact: they are ten times as fast.
    number: (): bigint => {
      let value = 0
      let scale = 1
      for (;;) {
        const byte = bytes[at++] ?? 0
        if (scale > 2 ** 42) {
          let rest = BigInt(value) + BigInt(byte & 127) * BigInt(scale)
          let shift = 56n
          let next = byte
          while (next > 127) {
            next = bytes[at++] ?? 0
            rest += BigInt(next & 127) << shift
            shift += 7n
          }
          return rest
        }
        value += (byte & 127) * scale
        if (byte < 128) return BigInt(value)
        scale *= 128
      }
    },
  }
}

const readRanges = (input: ReturnType<typeof reader>, countries: readonly string[]): Ranges => {
  const count = Number(input.number())
  const first = new BigUint64Array(count)
  const last = new BigUint64Array(count)
  for (let i = 0; i < count; i++) first[i] = input.number()
  let end = -1n
  for (let i = 0; i < count; i++) {
    const start = end + 1n + (first[i] ?? 0n)
    end = start + input.number()
    first[i] = start
    last[i] = end
  }
  return {
    first,
    last,
    country: Array.from({ length: count }, () => countries[Number(input.number())] ?? ''),
  }
}

/** The last range that begins at the value or before it, if it reaches that far. */
const lookIn = ({ first, last, country }: Ranges, value: bigint): string | null => {
  let low = 0
  let high = first.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((first[middle] ?? 0n) <= value) low = middle + 1
    else high = middle
  }
  return low > 0 && (last[low - 1] ?? 0n) >= value ? (country[low - 1] ?? null) : null
}

/** Reads what {@link packCountries} wrote. Throws where it is something else. */
export const unpackCountries = async (packed: Buffer): Promise<Countries> => {
  if (packed.toString('latin1', 0, magic.length) !== magic) throw new TypeError('not a table of countries')
  const input = reader(await promisify(brotliDecompress)(packed.subarray(magic.length)))
  const names = input.text(2 * Number(input.number())).match(/../g) ?? []
  const v4 = readRanges(input, names)
  const v6 = readRanges(input, names)
  return {
    of: (address) => {
      const number = addressNumber(address)
      if (number === null) return null
      return number.version === 4 ? lookIn(v4, number.bits) : lookIn(v6, number.bits >> 64n)
    },
  }
}

let bundled: Promise<Countries> | undefined

/** The table that comes with Winnow; read when it is first needed. */
export const bundledCountries = (): Promise<Countries> =>
  (bundled ??= readFile(
    // Found by the package, whether this runs from the source or from the build.
    path.join(
      path.dirname(createRequire(import.meta.url).resolve('winnow/package.json')),
      'data/countries.bin',
    ),
  ).then(unpackCountries))
