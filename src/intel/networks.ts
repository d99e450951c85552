/**
 * The network (autonomous system) of an address, from a file the user names: no such data is free enough to come with Winnow.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Engine, LineFile, QueryOptions } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import { raw, sql, type Sql } from '../sql/sql.ts'
import { headOf, saying } from './list-format.ts'
import { plainText } from './plain-text.ts'

/**
 * A file whose lines are networks and their numbers: `first,last,number,name`, `first⇥last⇥number⇥country⇥name` (as iptoasn.com
 * has them) or `192.0.2.0/24,number,name`.
 */
export interface NetworkFile {
  readonly file: LineFile
  readonly separator: ',' | '\t'
  /** Columns before the number: 1 for `network/bits`, 2 for first and last. */
  readonly ends: 1 | 2
  /** Columns between the number and the name. */
  readonly between: 0 | 1
}

const unquoted = (text = ''): string => text.trim().replace(/^"(.*)"$/, '$1')

const fits = (line: string, separator: string, ends: 1 | 2): boolean => {
  const cells = line.split(separator).map(unquoted)
  const [first = '', second = ''] = cells
  const [address = '', bits] = first.split('/')
  const range = ends === 1 ? /^\d{1,3}$/.test(bits ?? '') : bits === undefined && isIP(second) !== 0
  return isIP(address) !== 0 && range && /^(?:AS)?\d+$/i.test(cells[ends] ?? '')
}

/**
 * Looks at a file, before long work begins.
 *
 * @throws AppError `invalid-list`
 */
export const openNetworks = async (path: string): Promise<NetworkFile> => {
  const head = await headOf('networks', path)
  const lines = saying(head.lines)
  for (const separator of ['\t', ','] as const) {
    for (const ends of [2, 1] as const) {
      const good = lines.filter((line) => fits(line, separator, ends))
      if (good.length === 0 || good.length * 2 < lines.length) continue
      const cells = (good[0] ?? '').split(separator).map(unquoted)
      const hasCountry = /^(?:[A-Z]{2}|None)$/.test(cells[ends + 1] ?? '') && cells.length > ends + 2
      return {
        file: { path, compression: head.compression },
        separator,
        ends,
        between: hasCountry ? 1 : 0,
      }
    }
  }
  throw new AppError('invalid-list', {
    kind: 'networks',
    path,
    problem:
      'expected lines of first address, last address, number and name of the network (commas or tabs between them), or network/bits, number and name',
  })
}

/** "AS64496 Example Ltd", by address; nothing for addresses in none of the networks. */
export const networksOf = async (
  engine: Engine,
  { file, separator, ends, between }: NetworkFile,
  addresses: readonly string[],
  options: QueryOptions = {},
): Promise<ReadonlyMap<string, string>> => {
  if (addresses.length === 0) return new Map()
  const cell = (n: number): Sql => sql`trimBoth(replaceAll(cells[${n}], '"', ''))`
  const none = raw("toIPv6('::')")
  const parsed = (text: Sql): Sql => sql`toIPv6OrDefault(${text})`
  const start = sql`substringIndex(${cell(1)}, '/', 1)`
  const bits = sql`toUInt8(least(128, toUInt16OrZero(substringIndex(${cell(1)}, '/', -1)) + if(position(${start}, ':') > 0, 0, 96)))`
  const last = ends === 2 ? parsed(cell(2)) : sql`tupleElement(IPv6CIDRToRange(${parsed(start)}, ${bits}), 2)`
  const first = ends === 2 ? parsed(start) : sql`tupleElement(IPv6CIDRToRange(${parsed(start)}, ${bits}), 1)`
  const name = sql`arrayStringConcat(arraySlice(cells, ${ends + 2 + between}), ${separator})`
  const inside = sql`arrayFilter(each -> toIPv6OrDefault(each) BETWEEN first AND last, ${addresses})`
  const rows = await engine.lineRows<{ address: string; best_number: string; best_name: string }>(
    file,
    // The smallest network around an address is its own.
    (lines) =>
      sql`SELECT address, argMin(number, (size, number)) AS best_number, argMin(name, (size, number)) AS best_name FROM (SELECT arrayJoin(${inside}) AS address, toUInt128(last) - toUInt128(first) AS size, replaceRegexpOne(upper(${cell(ends + 1)}), '^AS', '') AS number, toValidUTF8(substring(${name}, 1, 600)) AS name FROM (SELECT cells, ${first} AS first, ${last} AS last FROM (SELECT splitByChar(${separator}, line) AS cells FROM ${lines})) WHERE first != ${none}) GROUP BY address`,
    options,
  )
  return new Map(
    rows
      // 0: nobody announces it.
      .filter(({ best_number: number }) => /^\d{1,10}$/.test(number) && number !== '0')
      .map((row) => [
        row.address,
        plainText(`AS${row.best_number} ${plainText(row.best_name).replaceAll('"', '')}`),
      ]),
  )
}
