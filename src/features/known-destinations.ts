/**
 * What the user's own files say of the addresses and names in the logs, as a small table that detectors may ask.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, sql, type Sql } from '../sql/sql.ts'

/**
 * One row for each address or name in the logs that a file of the user's knows, and nothing for the others. Made anew for
 * each hunt, before any detector runs, and gone afterwards.
 *
 * `value` is written as in `destination_address`: a name in lower case without a dot at the end, or an address as people write
 * it. There are rows for the values of `destination_address`, `destination_registered_domain`, `dns_question_name` (in lower
 * case, without a dot at the end), `dns_question_registered_domain`, `source_ip` and `destination_ip`.
 *
 * A row whose `value` is empty and `categorised` is 1 says that files of categories were given at all: without any, to be
 * uncategorised means nothing.
 */
export const knownDestinations: Table = {
  name: 'known_destinations',
  columns: [
    { name: 'value', type: 'String' },
    /** 1 where a file of categories has it, or a domain above it. */
    { name: 'categorised', type: 'UInt8' },
    { name: 'category', type: 'String' },
    /** 1 where a file of reputation has it, a domain above it, or a network around it. */
    { name: 'listed', type: 'UInt8' },
    /** What the file says of it, else the file's name. */
    { name: 'listed_as', type: 'String' },
  ],
  orderBy: ['value'],
  shardBy: 'cityHash64(value)',
}

const valuesWhere = (condition: Sql): Sql =>
  sql`(SELECT value FROM ${id(knownDestinations.name)} WHERE ${condition})`

/**
 * Whether a file of categories knows a value: 0 or 1.
 *
 * @param value a text as in {@link knownDestinations}
 * @example
 * ```ts
 * isCategorised(id('destination_address'))
 * ```
 */
export const isCategorised = (value: Sql): Sql =>
  sql`toString(${value}) IN ${valuesWhere(sql`categorised = 1`)}`

/**
 * Whether categories were given and none of the files knows a value: 0 or 1. Always 0 for an empty value, and where no file
 * was given. Addresses are hardly ever categorised: ask for names only.
 */
export const isUncategorised = (value: Sql): Sql =>
  sql`(('' IN ${valuesWhere(sql`categorised = 1`)}) AND toString(${value}) NOT IN ${valuesWhere(sql`categorised = 1`)})`

/** Whether a file of reputation lists a value: 0 or 1. */
export const isListed = (value: Sql): Sql => sql`toString(${value}) IN ${valuesWhere(sql`listed = 1`)}`
