/**
 * What the logs say of the machines in the findings: other names they have, how many deal with them, which of them speak for
 * others. A few small queries, over the events of these machines only.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { Finding } from '../report/report.ts'
import { addressText } from '../schema/columns.ts'
import { bound, id, raw, sql, type Sql } from '../sql/sql.ts'
import type { Assets } from './assets.ts'
import { identityOf, machineOf, noSurroundings, type Surroundings } from './identity.ts'

/** Columns that name the same machine on one line. */
const twins = [
  ['host_ip', 'host_name'],
  ['source_ip', 'source_domain'],
  ['destination_ip', 'destination_domain'],
] as const

/** Columns by which clients name whom they turn to. */
const reachedBy = ['destination_address', 'dns_question_registered_domain', 'url_domain'] as const

/** A machine that speaks for others is asked by so many clients, and by this share of all clients, … */
const leastAsking = 5
const leastShareAsking = 0.1
/** … and turns to this share of all the places that anybody turns to. */
const leastShareReached = 0.25

const isAddress = (machine: string): boolean => machine !== '::' && isIP(machine) !== 0

/** One bound array, however many there are. */
const listOf = (values: readonly string[], asAddress: boolean): Sql => {
  const all = bound('Array(String)', values)
  return asAddress ? sql`SELECT toIPv6OrDefault(arrayJoin(${all}))` : sql`SELECT arrayJoin(${all})`
}

/** Pairs of address and name that belong to each other alone: the address of a content network has many names. */
const learnAliases = async (
  engine: Engine,
  addresses: readonly string[],
  names: readonly string[],
  options: QueryOptions,
): Promise<ReadonlyMap<string, string>> => {
  if (addresses.length === 0 || names.length === 0) return new Map()
  const found = await Promise.all(
    twins.map(([address, name]) =>
      engine.rows<{ address: string; names: string[] }>(
        sql`SELECT toString(${id(address)}) AS address, groupUniqArray(3)(lower(toString(${id(name)}))) AS names FROM events WHERE ${id(address)} IN (${listOf(addresses, true)}) AND ${id(name)} != '' AND lower(toString(${id(name)})) != replaceOne(toString(${id(address)}), '::ffff:', '') GROUP BY address`,
        options,
      ),
    ),
  )
  const byAddress = new Map<string, Set<string>>()
  for (const { address, names: own } of found.flat()) {
    const known = byAddress.get(addressText(address)) ?? new Set()
    for (const name of own) known.add(name)
    byAddress.set(addressText(address), known)
  }
  const alone = [...byAddress].flatMap(([address, own]) => {
    const [name] = own
    return own.size === 1 && name !== undefined && names.includes(name) ? [[name, address] as const] : []
  })
  // A name that several of the addresses have belongs to none of them.
  return new Map(alone.filter(([name]) => alone.filter(([other]) => other === name).length === 1))
}

interface Dealings {
  readonly clients: ReadonlyMap<string, number>
  readonly own: ReadonlySet<string>
}

/** How many clients turn to each machine, and whether it lies inside. */
const learnDealings = async (
  engine: Engine,
  addresses: readonly string[],
  names: readonly string[],
  options: QueryOptions,
): Promise<Dealings> => {
  interface Row {
    readonly machine: string
    readonly clients: number
    readonly inside: number
  }
  const ask = (column: Sql, values: readonly string[], asAddress: boolean): Promise<Row[]> =>
    values.length === 0
      ? Promise.resolve([])
      : engine.rows<Row>(
          sql`SELECT lower(toString(${column})) AS machine, uniqExact(source_ip) AS clients, countIf(network_direction IN ('internal', 'inbound')) AS inside FROM events WHERE ${column} IN (${listOf(values, asAddress)}) AND source_ip != toIPv6('::') GROUP BY machine`,
          options,
        )
  const rows = (
    await Promise.all([
      ask(raw('destination_ip'), addresses, true),
      ...reachedBy.map((column) => ask(id(column), names, false)),
    ])
  ).flat()
  const clients = new Map<string, number>()
  for (const row of rows) {
    const machine = addressText(row.machine)
    clients.set(machine, Math.max(clients.get(machine) ?? 0, row.clients))
  }
  return {
    clients,
    own: new Set(rows.filter(({ inside }) => inside > 0).map(({ machine }) => addressText(machine))),
  }
}

/** Of the machines that act, those that many ask and that turn to much of what anybody turns to. */
const learnIntermediaries = async (
  engine: Engine,
  acting: readonly string[],
  clients: ReadonlyMap<string, number>,
  options: QueryOptions,
): Promise<ReadonlySet<string>> => {
  const asked = acting.filter((machine) => isAddress(machine) && (clients.get(machine) ?? 0) >= leastAsking)
  if (asked.length === 0) return new Set()
  const places = raw(
    'uniqIf(destination_address, notEmpty(destination_address)) + uniqIf(dns_question_registered_domain, notEmpty(dns_question_registered_domain))',
  )
  const [rows, [all]] = await Promise.all([
    engine.rows<{ machine: string; reached: number }>(
      sql`SELECT toString(source_ip) AS machine, ${places} AS reached FROM events WHERE source_ip IN (${listOf(asked, true)}) GROUP BY machine`,
      options,
    ),
    engine.rows<{ reached: number; clients: number }>(
      sql`SELECT ${places} AS reached, uniq(source_ip) AS clients FROM events WHERE source_ip != toIPv6('::')`,
      options,
    ),
  ])
  return new Set(
    rows
      .map(({ machine, reached }) => ({ machine: addressText(machine), reached }))
      .filter(
        ({ machine, reached }) =>
          reached >= leastShareReached * (all?.reached ?? 0) &&
          (clients.get(machine) ?? 0) >= leastShareAsking * (all?.clients ?? 0),
      )
      .map(({ machine }) => machine),
  )
}

/** Looks around the findings. */
export const learnSurroundings = async (
  engine: Engine,
  findings: readonly Finding[],
  assets: Assets,
  options: QueryOptions = {},
): Promise<Surroundings> => {
  const none = { ...noSurroundings, assets }
  if (findings.length === 0) return none
  const identities = findings.map((finding) => identityOf(finding, none))
  const machinesOf = (keys: readonly string[]): string[] =>
    [...new Set(keys.map(machineOf))].filter((machine) => machine !== '').toSorted()
  const acting = machinesOf(identities.flatMap((identity) => [...identity.acting]))
  const machines = machinesOf(
    identities.flatMap(({ acting: own, targets, mentions }) => [...own, ...targets, ...mentions]),
  )
  const addresses = machines.filter(isAddress)
  const names = machines.filter((machine) => !isAddress(machine))
  const [aliases, { clients, own }] = await Promise.all([
    learnAliases(engine, addresses, names, options),
    learnDealings(engine, addresses, names, options),
  ])
  const intermediaries = await learnIntermediaries(engine, acting, clients, options)
  return { aliases, clients, own, intermediaries, assets }
}
