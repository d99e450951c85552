import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bundledCountries,
  packCountries,
  unpackCountries,
  type CountryRange,
} from '../../src/intel/countries.ts'

const v4Text = (bits: bigint): string => [24n, 16n, 8n, 0n].map((at) => (bits >> at) & 255n).join('.')
const v6Text = (network: bigint): string =>
  `${[48n, 32n, 16n, 0n].map((at) => ((network >> at) & 0xffffn).toString(16)).join(':')}::`

describe('a table of countries', () => {
  it('says of every address what it was made from', async () => {
    const country = fc.constantFrom('AT', 'DE', 'FR', 'ZW')
    const ranges = (version: 4 | 6, bits: number) =>
      fc
        .array(fc.tuple(fc.bigInt(0n, (1n << BigInt(bits)) - 1n), country), { maxLength: 30 })
        .map((starts): CountryRange[] => {
          const ordered = [...new Map(starts)].toSorted(([a], [b]) => (a < b ? -1 : 1))
          return ordered.map(([first, country], i) => {
            const next = ordered[i + 1]?.[0] ?? 1n << BigInt(bits)
            // Half of what is left before the next, so that there are gaps.
            return { version, first, last: first + (next - first - 1n) / 2n, country }
          })
        })
    await fc.assert(
      fc.asyncProperty(ranges(4, 32), ranges(6, 64), async (v4, v6) => {
        const countries = await unpackCountries(await packCountries([...v4, ...v6]))
        for (const { version, first, last, country } of [...v4, ...v6]) {
          const text = version === 4 ? v4Text : v6Text
          expect(countries.of(text(first))).toBe(country)
          expect(countries.of(text(last))).toBe(country)
        }
        const gaps = v4.filter(({ last }, i) => (v4[i + 1]?.first ?? 1n << 32n) > last + 1n)
        for (const { last } of gaps) expect(countries.of(v4Text(last + 1n))).toBeNull()
      }),
      { numRuns: 30 },
    )
  })

  it('is refused where it is something else', async () => {
    await expect(unpackCountries(Buffer.from('nonsense'))).rejects.toThrow('not a table of countries')
  })

  it('comes with Winnow, and says nothing of what is nobody’s', async () => {
    const countries = await bundledCountries()
    // A registry's own addresses, as it publishes them.
    expect(countries.of('193.0.6.139')).toBe('NL')
    expect(countries.of('::ffff:193.0.6.139')).toBe('NL')
    expect(countries.of('2001:67c:2e8::1')).toBe('NL')
    for (const address of ['10.0.0.1', '192.0.2.1', '198.51.100.1', '203.0.113.1', '::1', '2001:db8::1', 'x'])
      expect(countries.of(address)).toBeNull()
  })
})
