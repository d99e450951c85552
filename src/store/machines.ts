/**
 * What was learned of the machines in findings, kept: findings that come later, and changes by hand, are judged by the same.
 *
 * @module
 */
import { sql } from 'kysely'
import type { Premises, Surroundings } from '../triage/identity.ts'
import type { Trx } from './work.ts'
import { storable } from './rows.ts'

/** Names longer than this are no machine's. */
const mostCharacters = 300

/** The newest so many are kept in mind. */
const mostMachines = 20_000

const machinesOf = (surroundings: Surroundings): string[] =>
  [
    ...new Set([
      ...surroundings.aliases.keys(),
      ...surroundings.clients.keys(),
      ...surroundings.own,
      ...surroundings.intermediaries,
    ]),
  ].filter((name) => name.length <= mostCharacters && storable(name) === name)

/** Keeps what is given beside what was known before. What was just learned counts for more. */
export const rememberMachines = async (trx: Trx, given: Surroundings, nowMs: number): Promise<void> => {
  const names = machinesOf(given)
  if (names.length > 0)
    await trx
      .insertInto('machines')
      .values(
        names.map((name) => ({
          name,
          alias: given.aliases.get(name) ?? null,
          clients: given.clients.get(name) ?? null,
          own: given.own.has(name),
          intermediary: given.intermediaries.has(name),
          seen_at: new Date(nowMs),
        })),
      )
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({
          alias: sql`coalesce(excluded.alias, machines.alias)`,
          clients: sql`coalesce(excluded.clients, machines.clients)`,
          own: sql`excluded.own or machines.own`,
          intermediary: sql`excluded.intermediary or machines.intermediary`,
          seen_at: sql`excluded.seen_at`,
        }),
      )
      .execute()
}

/** All that is known of machines, with what is said beforehand. */
export const recallSurroundings = async (trx: Trx, { assets, apart }: Premises): Promise<Surroundings> => {
  const rows = await trx
    .selectFrom('machines')
    .select(['name', 'alias', 'clients', 'own', 'intermediary'])
    .orderBy('seen_at', 'desc')
    .orderBy('name')
    .limit(mostMachines)
    .execute()
  return {
    aliases: new Map(rows.flatMap(({ name, alias }) => (alias === null ? [] : [[name, alias] as const]))),
    clients: new Map(
      rows.flatMap(({ name, clients }) => (clients === null ? [] : [[name, clients] as const])),
    ),
    own: new Set(rows.flatMap(({ name, own }) => (own ? [name] : []))),
    intermediaries: new Set(rows.flatMap(({ name, intermediary }) => (intermediary ? [name] : []))),
    assets,
    ...(apart === undefined ? {} : { apart }),
  }
}
