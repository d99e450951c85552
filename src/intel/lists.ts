/**
 * Files of domain categories and of reputation: read by the engine, matched with what is in the logs.
 *
 * @module
 */
import { plainAddressSql } from '../addresses/address.ts'
import type { Engine, LineFile, QueryOptions } from '../engine/engine.ts'
import type { ListSummary } from '../report/report.ts'
import type { Table } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { knownDestinations } from '../features/known-destinations.ts'
import { headOf, lineShapeOf, titleOf, type LineShape } from './list-format.ts'

/** A file of the user's whose beginning was looked at. */
export interface ListFile {
  readonly kind: 'categories' | 'reputation'
  readonly file: LineFile
  readonly shape: LineShape
  readonly title: string
}

/**
 * Looks at a file, before long work begins.
 *
 * @throws AppError `invalid-list`
 */
export const openList = async (kind: ListFile['kind'], path: string): Promise<ListFile> => {
  const head = await headOf(kind, path)
  const file = { path, compression: head.compression }
  return { kind, file, shape: lineShapeOf(kind, path, head), title: titleOf(path) }
}

/** All lines of all files. Neither `domain` nor `bits`: a line that was not understood. */
const entries: Table = {
  name: 'list_entries',
  columns: [
    { name: 'file', type: 'UInt16' },
    { name: 'line', type: 'UInt64' },
    { name: 'domain', type: 'String' },
    { name: 'network', type: 'IPv6' },
    /** Of the network, as IPv6 has it: 96 more for IPv4. */
    { name: 'bits', type: 'UInt8' },
    { name: 'category', type: 'String' },
    { name: 'note', type: 'String' },
  ],
  // Read once, from end to end.
  orderBy: [],
  shardBy: 'cityHash64(domain, network)',
}

/** A line → its values, category and note. `line` is trimmed and no comment. */
const piecesOf = (shape: LineShape): { readonly values: Sql; readonly category: Sql; readonly note: Sql } => {
  const none = raw("''")
  switch (shape.kind) {
    case 'values':
      return {
        values: sql`[replaceRegexpOne(text, '\\s#.*$', '')]`,
        category: none,
        note: none,
      }
    case 'hosts': {
      const words = sql`splitByWhitespace(substringIndex(text, '#', 1))`
      // The machine's own names, which every such file has, are nothing to list.
      const names = sql`arrayFilter(name -> position(name, '.') > 0 AND isNull(toIPv6OrNull(name)), arraySlice(${words}, 2))`
      return {
        values: sql`if(isNull(toIPv6OrNull(${words}[1])) OR length(${words}) < 2, [''], ${names})`,
        category: none,
        note: none,
      }
    }
    case 'csv': {
      // A separator inside quotes is no separator: what stands between quotes is every second piece.
      const guarded = sql`arrayStringConcat(arrayMap((piece, i) -> if(i % 2 = 1, replaceAll(piece, ${shape.separator}, '\x01'), piece), splitByChar('"', text), range(toUInt64(length(splitByChar('"', text))))), '')`
      const cells = sql`splitByChar(${shape.separator}, ${guarded})`
      const cell = (column: number): Sql =>
        column === 0 ? none : sql`replaceAll(trimBoth(${cells}[${column}]), '\x01', ${shape.separator})`
      return { values: sql`[${cell(shape.value)}]`, category: cell(shape.category), note: cell(shape.note) }
    }
  }
}

const domainPattern = '^(?:[a-z0-9_-]+\\.)+[a-z][a-z0-9-]*$'

const entriesSelect = (list: ListFile, number: number, lines: Sql): Sql => {
  const { values, category, note } = piecesOf(list.shape)
  const header = list.shape.kind === 'csv' ? list.shape.header : ''
  const text = sql`trimBoth(replaceAll(line, '\r', ''))`
  const said = sql`text != '' AND NOT match(text, '^(?:[#;]|//|\ufeff#)') AND text != ${header === '' ? '\x01' : header}`
  // One step a level: what a level makes is named for the next.
  const split = sql`SELECT line_number + 1 AS line_at, arrayJoin(${values}) AS given, ${category} AS category_text, ${note} AS note_text FROM (SELECT replaceOne(${text}, '\ufeff', '') AS text, line_number FROM ${lines}) WHERE ${said}`
  const cleaned = sql`SELECT *, replaceRegexpOne(trimRight(lower(trimBoth(given)), '.'), '^(?:\\*?\\.)', '') AS value, substringIndex(value, '/', 1) AS head, toIPv6OrNull(head) AS parsed, position(value, '/') > 0 AS cut, if(position(head, ':') > 0, 128, 32) AS whole, if(cut, toUInt16OrZero(substringIndex(value, '/', -1)), whole) AS wanted, isNotNull(parsed) AND wanted BETWEEN 1 AND whole AS is_network, match(value, ${domainPattern}) AND length(value) <= 253 AS is_domain FROM (${split})`
  const title =
    list.kind === 'categories'
      ? sql`if(trimBoth(category_text) = '', ${list.title}, category_text)`
      : sql`category_text`
  const bits = sql`if(is_network, toUInt8(least(128, 128 - whole + wanted)), toUInt8(0))`
  const network = sql`tupleElement(IPv6CIDRToRange(ifNull(parsed, toIPv6('::')), ${bits}), 1)`
  const shown = (value: Sql): Sql => sql`substringUTF8(toValidUTF8(${value}), 1, 160)`
  return sql`SELECT ${number} AS file, line_at AS line, if(is_domain, value, '') AS domain, ${network} AS network, ${bits} AS bits, ${shown(title)} AS category, ${shown(sql`note_text`)} AS note FROM (${cleaned})`
}

const named = (table: Table): Sql => join(table.columns.map((column) => id(column.name)))

/** Every value of the logs that a list could know. */
const loggedValues = (): Sql => {
  const address = (column: string): Sql => plainAddressSql(id(column))
  const of = (value: Sql): Sql =>
    sql`SELECT toString(${value}) AS value FROM events WHERE category != 'reject' GROUP BY value`
  const parts = [
    of(id('destination_address')),
    of(id('destination_registered_domain')),
    of(sql`trimRight(lower(dns_question_name), '.')`),
    of(id('dns_question_registered_domain')),
    of(address('source_ip')),
    of(address('destination_ip')),
  ]
  return sql`SELECT DISTINCT value FROM (${join(parts, ' UNION ALL ')}) WHERE value NOT IN ('', '::')`
}

/** Each value with itself and the domains above it, down to two labels. */
const withDomains = sql`SELECT value, arrayJoin(arrayMap(n -> arrayStringConcat(arraySlice(splitByChar('.', value), -n), '.'), range(2, 1 + least(100, length(splitByChar('.', value)))))) AS above FROM (${loggedValues()}) WHERE isNull(toIPv6OrNull(value))`

/** Each address with the networks around it, of the sizes that occur. */
const withNetworks = (sizes: readonly number[]): Sql =>
  sql`SELECT value, arrayJoin(arrayMap(n -> toUInt8(n), ${sizes})) AS size, tupleElement(IPv6CIDRToRange(ifNull(toIPv6OrNull(value), toIPv6('::')), size), 1) AS around FROM (${loggedValues()}) WHERE isNotNull(toIPv6OrNull(value))`

const matchAll = async (engine: Engine, lists: readonly ListFile[], options: QueryOptions): Promise<void> => {
  const sizes = await engine.rows<{ bits: number }>(
    sql`SELECT DISTINCT bits FROM ${id(entries.name)} WHERE bits > 0 ORDER BY bits`,
    options,
  )
  const entry = sql`file, category, note`
  const byDomain = sql`SELECT value, ${entry}, length(domain) AS precision FROM ${id(entries.name)} INNER JOIN (${withDomains}) AS logged ON domain = above WHERE domain != ''`
  const byNetwork = sql`SELECT value, ${entry}, toUInt64(bits) AS precision FROM ${id(entries.name)} INNER JOIN (${withNetworks(sizes.map(({ bits }) => bits))}) AS logged ON network = around AND bits = size WHERE bits > 0`
  const matches = sizes.length === 0 ? byDomain : sql`${byDomain} UNION ALL ${byNetwork}`
  // The most precise entry says what a value is; of equals the first in the alphabet, so that the order of files is no matter.
  const best = (text: Sql, of: Sql): Sql => sql`argMinIf(${text}, (-toInt64(precision), ${text}), ${of})`
  const titles = sql`arrayElement(${lists.map(({ title }) => title)}, file + 1)`
  const inKind = (kind: ListFile['kind']): Sql =>
    sql`has(${lists.map((list, i) => (list.kind === kind ? i : -1))}, file)`
  const listedAs = sql`multiIf(category != '' AND note != '', concat(category, ': ', note), concat(category, note) != '', concat(category, note), ${titles})`
  await engine.run(
    sql`INSERT INTO ${id(knownDestinations.name)} (${named(knownDestinations)}) SELECT value, max(is_category), ${best(sql`category`, sql`is_category`)}, max(is_reputation), ${best(sql`said`, sql`is_reputation`)} FROM (SELECT *, ${inKind('categories')} AS is_category, ${inKind('reputation')} AS is_reputation, ${listedAs} AS said FROM (${matches})) GROUP BY value`,
    options,
  )
}

const summaries = async (
  engine: Engine,
  lists: readonly ListFile[],
  options: QueryOptions,
): Promise<ListSummary[]> => {
  const bad = sql`domain = '' AND bits = 0`
  const rows = await engine.rows<{ file: number; entries: number; bad: number; firstBad: number }>(
    sql`SELECT file, countIf(NOT (${bad})) AS entries, countIf(${bad}) AS bad, minIf(line, ${bad}) AS firstBad FROM ${id(entries.name)} GROUP BY file`,
    options,
  )
  const byFile = new Map(rows.map((row) => [row.file, row]))
  return lists.map(({ kind, file }, i) => {
    const { entries = 0, bad = 0, firstBad = 0 } = byFile.get(i) ?? {}
    return { path: file.path, kind, entries, bad, ...(bad === 0 ? {} : { firstBad }) }
  })
}

/**
 * Makes {@link knownDestinations} from the files, for the events that are loaded. To be called before detectors run, with
 * no files too: the table is there then, and empty. {@link dropKnownDestinations} removes it.
 */
export const fillKnownDestinations = async (
  engine: Engine,
  lists: readonly ListFile[],
  options: QueryOptions = {},
): Promise<ListSummary[]> => {
  await engine.dropTable(knownDestinations)
  await engine.createTable(knownDestinations)
  if (lists.length === 0) return []
  await engine.dropTable(entries)
  await engine.createTable(entries)
  try {
    for (const [i, list] of lists.entries()) {
      const into = sql`INSERT INTO ${id(entries.name)} (${named(entries)})`
      await engine.loadLines(
        { ...list.file, into, select: (lines) => entriesSelect(list, i, lines) },
        options,
      )
    }
    await matchAll(engine, lists, options)
    if (lists.some(({ kind }) => kind === 'categories'))
      await engine.run(
        sql`INSERT INTO ${id(knownDestinations.name)} (${named(knownDestinations)}) SELECT '', 1, '', 0, ''`,
        options,
      )
    return await summaries(engine, lists, options)
  } finally {
    await engine.dropTable(entries)
  }
}

export const dropKnownDestinations = (engine: Engine): Promise<void> => engine.dropTable(knownDestinations)
