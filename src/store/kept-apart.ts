/**
 * Incidents that somebody took apart: they never become one by themselves.
 *
 * @module
 */
import { sql } from 'kysely'
import type { Trx } from './work.ts'

/** Few: each is a decision of a person. @returns whether two incidents keep apart */
export const loadKeptApart = async (trx: Trx): Promise<(a: string, b: string) => boolean> => {
  const rows = await trx.selectFrom('kept_apart').selectAll().execute()
  const pairs = new Set(rows.flatMap(({ one, other }) => [`${one} ${other}`, `${other} ${one}`]))
  return (a, b) => pairs.has(`${a} ${b}`)
}

/** What keeps apart from an incident keeps apart from another one, too: from that which it went into, or which was taken out of it. */
export const inheritApart = async (trx: Trx, from: string, heir: string): Promise<void> => {
  await sql`insert into kept_apart (one, other)
    select least(third, ${heir}), greatest(third, ${heir}) from (
      select case when one = ${from} then other else one end as third
      from kept_apart where one = ${from} or other = ${from}
    ) as thirds where third <> ${heir} on conflict do nothing`.execute(trx)
}

/** `opened` was taken out of `from`: it keeps apart from that one, and from all that that one keeps apart from. */
export const keepApart = async (trx: Trx, from: string, opened: string): Promise<void> => {
  await inheritApart(trx, from, opened)
  const [one = '', other = ''] = [from, opened].toSorted()
  await trx
    .insertInto('kept_apart')
    .values({ one, other })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Who puts one into another means it, though the two were taken apart before. */
export const putTogether = async (trx: Trx, from: string, into: string): Promise<void> => {
  await trx
    .deleteFrom('kept_apart')
    .where('one', 'in', [from, into])
    .where('other', 'in', [from, into])
    .execute()
}
