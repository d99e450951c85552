/**
 * Failed sign-ins are counted by account, by address, and by both together, and make the next one wait. The counts
 * outlive a restart, and two servers on one PostgreSQL share them.
 *
 * @module
 */
import { sql } from 'kysely'
import { AppError } from '../errors.ts'
import type { Db } from './database.ts'
import { hashOf } from './secrets.ts'

/** After so many failures each further one doubles the wait, from 2 s to 15 min. After an hour without any, all is forgotten. */
const free = { pair: 5, address: 30, account: 60 } as const
const longestWaitMs = 15 * 60_000
const forgottenMs = 3_600_000
/** Where somebody signed in from is trusted so long: others' failures don't keep them out of their own account. */
const knownMs = 30 * 86_400_000

export interface Attempt {
  /** In small letters. */
  readonly email: string
  readonly address: string
}

/** Of IPv6 the network: whoever has one address has 2^64 of them. */
const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const mapped = address.match(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i)?.[1]
  if (mapped !== undefined) return mapped
  // The URL parser writes an address in its shortest form, without what a zone adds.
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const all =
    tail === undefined
      ? groups
      : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

const subjectsOf = ({ email, address }: Attempt) => {
  // Hashed: what is typed as an address may be a password.
  const account = hashOf(email).slice(0, 32)
  const network = networkOf(address)
  return {
    pair: `pair ${account} ${network}`,
    address: `address ${network}`,
    account: `account ${account}`,
    known: `known ${account} ${network}`,
  }
}

const waitMs = (failures: number, freely: number): number =>
  failures < freely ? 0 : Math.min(longestWaitMs, 2 ** Math.min(20, failures - freely + 1) * 1000)

/** What an attempt was counted by. */
export type Counted = readonly string[]

/**
 * Counts an attempt before it is made, as a failure: of many at once, no more get through than one after the other.
 *
 * @throws AppError `too-many-attempts`
 */
export const beginAttempt = (db: Db, attempt: Attempt, nowMs: number): Promise<Counted> =>
  db.transaction().execute(async (db) => {
    const subjects = subjectsOf(attempt)
    // An arbitrary number that nothing else locks: "tryy" in ASCII.
    await sql`SELECT pg_advisory_xact_lock(1953659257)`.execute(db)
    await db
      .deleteFrom('attempts')
      .where((where) =>
        where.or([
          where.and([
            where('subject', 'not like', 'known %'),
            where('last', '<', new Date(nowMs - forgottenMs)),
          ]),
          where('last', '<', new Date(nowMs - knownMs)),
        ]),
      )
      .execute()
    const rows = await db
      .selectFrom('attempts')
      .selectAll()
      .where('subject', 'in', Object.values(subjects))
      .execute()
    const known = rows.some(({ subject }) => subject === subjects.known)
    const kinds = known ? (['pair'] as const) : (['pair', 'address', 'account'] as const)
    const untilMs = kinds.map((kind) => {
      const row = rows.find(({ subject }) => subject === subjects[kind])
      return row === undefined ? 0 : row.last.getTime() + waitMs(row.failures, free[kind])
    })
    const leftMs = Math.max(...untilMs) - nowMs
    if (leftMs > 0) throw new AppError('too-many-attempts', { seconds: Math.ceil(leftMs / 1000) })
    await db
      .insertInto('attempts')
      .values(kinds.map((kind) => ({ subject: subjects[kind], failures: 1, last: new Date(nowMs) })))
      .onConflict((conflict) =>
        conflict
          .column('subject')
          .doUpdateSet({ failures: sql<number>`attempts.failures + 1`, last: new Date(nowMs) }),
      )
      .execute()
    return kinds.map((kind) => subjects[kind])
  })

/**
 * The attempt was none: takes back what {@link beginAttempt} counted and nothing else, or whoever has an account could try those of
 * others for ever. Remembers where it came from.
 */
export const attemptSucceeded = (db: Db, attempt: Attempt, counted: Counted, nowMs: number): Promise<void> =>
  db.transaction().execute(async (db) => {
    const { pair, known } = subjectsOf(attempt)
    await db.deleteFrom('attempts').where('subject', '=', pair).execute()
    if (counted.length > 0) {
      await db
        .updateTable('attempts')
        .set({ failures: sql<number>`greatest(failures - 1, 0)` })
        .where('subject', 'in', counted)
        .execute()
    }
    await db
      .insertInto('attempts')
      .values({ subject: known, failures: 0, last: new Date(nowMs) })
      .onConflict((conflict) => conflict.column('subject').doUpdateSet({ last: new Date(nowMs) }))
      .execute()
  })
