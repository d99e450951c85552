/**
 * Columns made of what the parsers filled: the same for every format.
 *
 * @module
 */
import { plainAddressSql } from '../addresses/address.ts'
import { groupNetworks, inNetworksSql } from '../addresses/networks.ts'
import { registeredDomainSql } from '../domains/registered-domain.ts'
import { derivedColumns, type ParsedColumn } from '../schema/columns.ts'
import { raw, sql, type Sql } from '../sql/sql.ts'
import type { ParseContext } from './context.ts'

type DerivedColumn = keyof typeof derivedColumns

const none = raw("toIPv6('::')")

export interface Derived {
  /** What the columns are made of, by names of their own: worked out first, as each is used more than once. */
  readonly steps: readonly (readonly [name: string, expression: Sql])[]
  readonly columns: readonly (readonly [DerivedColumn, Sql])[]
}

/**
 * The derived columns that can be made of what a reading fills.
 *
 * @param filled the columns that are there, as expressions
 */
export const derivedSql = (
  filled: Readonly<Partial<Record<ParsedColumn, Sql>>>,
  context: ParseContext,
): Derived => {
  const { source_ip, destination_ip, destination_domain, dns_question_name } = filled
  const lowered = (name: Sql): Sql => sql`trimRight(lower(${name}), '.')`
  const derived: [DerivedColumn, Sql][] = []
  const addressText = (address: Sql): Sql => sql`if(${address} = ${none}, '', ${plainAddressSql(address)})`
  if (destination_domain !== undefined && destination_ip !== undefined) {
    const name = lowered(destination_domain)
    derived.push(['destination_address', sql`if(${name} != '', ${name}, ${addressText(destination_ip)})`])
  } else if (destination_domain !== undefined)
    derived.push(['destination_address', lowered(destination_domain)])
  else if (destination_ip !== undefined) derived.push(['destination_address', addressText(destination_ip)])
  if (destination_domain !== undefined)
    derived.push(['destination_registered_domain', registeredDomainSql(lowered(destination_domain))])
  if (dns_question_name !== undefined)
    derived.push(['dns_question_registered_domain', registeredDomainSql(lowered(dns_question_name))])
  if (source_ip === undefined || (destination_ip === undefined && destination_domain === undefined))
    return { steps: [], columns: derived }

  const own = context.ownNetworks
  // A name that was asked for through a proxy is outside, whatever address the proxy itself has.
  const named = destination_domain === undefined ? raw('0') : sql`${destination_domain} != ''`
  const reached = destination_ip === undefined ? none : destination_ip
  const steps = [
    ['is_from_inside', inNetworksSql(source_ip, own)],
    [
      'is_to_inside',
      sql`(${inNetworksSql(reached, [...own, ...groupNetworks])} AND NOT (${reached} = ${none} AND ${named}))`,
    ],
    ['has_ends', sql`(${source_ip} != ${none} AND (${reached} != ${none} OR ${named}))`],
  ] as const
  const [from, to, known] = [raw('is_from_inside'), raw('is_to_inside'), raw('has_ends')]
  const direction = sql`multiIf(NOT ${known}, '', ${from} AND ${to}, 'internal', ${from}, 'outbound', ${to}, 'inbound', 'external')`
  return { steps, columns: [...derived, ['network_direction', direction]] }
}
