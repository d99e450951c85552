/**
 * Makes `data/countries.bin` from two tables of `first,last,country` lines, one for IPv4 and one for IPv6:
 * `npm run build && node dist/scripts/countries.js asn-country-ipv4.csv asn-country-ipv6.csv`.
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import { addressNumber } from '../src/addresses/address.ts'
import { packCountries, type CountryRange } from '../src/intel/countries.ts'

const rangesIn = (text: string): CountryRange[] => {
  const ranges = text.split(/\r?\n/).flatMap((line): CountryRange[] => {
    const [from = '', to = '', country = ''] = line.split(',')
    const [first, last] = [addressNumber(from), addressNumber(to)]
    if (first === null || last === null || !/^[A-Z]{2}$/.test(country)) return []
    const low = first.version === 4 ? 0n : 64n
    return [{ version: first.version, first: first.bits >> low, last: last.bits >> low, country }]
  })
  const ordered = ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const joined: CountryRange[] = []
  for (const range of ordered) {
    const before = joined.at(-1)
    if (before === undefined || range.first > before.last + 1n) joined.push(range)
    else if (range.last > before.last) {
      // Neighbours of one country become one; of two that share a network, the first has it.
      if (before.country === range.country) joined[joined.length - 1] = { ...before, last: range.last }
      else joined.push({ ...range, first: before.last + 1n })
    }
  }
  return joined
}

const [, , v4 = '', v6 = ''] = process.argv
const ranges = [v4, v6].map(async (file) => rangesIn(await readFile(file, 'utf8')))
const packed = await packCountries((await Promise.all(ranges)).flat())
await writeFile(new URL('../../data/countries.bin', import.meta.url), packed)
console.log(`data/countries.bin: ${packed.length} bytes`)
