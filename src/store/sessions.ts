/**
 * Who is signed in. A session is an opaque random token, of which the hash is kept.
 *
 * @module
 */
import type { Db } from './database.ts'
import { hashOf, newSecret } from './secrets.ts'
import type { UserRow } from './users.ts'

export interface Session {
  /** The token's hash: what the session is called inside. */
  readonly hash: string
  readonly user: UserRow
  readonly expiresMs: number
}

/** Who does nothing for so long is signed out, however long a session may last. */
export const idleMs = 8 * 3_600_000
/** When somebody was last seen is written no more often than this. */
const touchMs = 60_000

/** @returns the token: for the cookie, and kept nowhere */
export const startSession = async (
  db: Db,
  session: { readonly userId: string; readonly address: string; readonly hours: number },
  nowMs: number,
): Promise<string> => {
  const token = newSecret()
  const now = new Date(nowMs)
  await db
    .deleteFrom('sessions')
    .where((where) => where.or([where('expires', '<', now), where('seen', '<', new Date(nowMs - idleMs))]))
    .execute()
  await db
    .insertInto('sessions')
    .values({
      hash: hashOf(token),
      user_id: session.userId,
      created: now,
      seen: now,
      expires: new Date(nowMs + session.hours * 3_600_000),
      address: session.address,
    })
    .execute()
  await db.updateTable('users').set({ last_seen: now }).where('id', '=', session.userId).execute()
  return token
}

const sessionByHash = async (db: Db, hash: string, nowMs: number) => {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('users')
    .select(['sessions.hash', 'sessions.seen', 'sessions.expires'])
    .where('sessions.hash', '=', hash)
    .where('sessions.expires', '>', new Date(nowMs))
    .where('sessions.seen', '>', new Date(nowMs - idleMs))
    .where('users.disabled', '=', false)
    .where('users.deleted', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return null
  const { hash: found, seen, expires, ...user } = row
  return { session: { hash: found, user, expiresMs: expires.getTime() }, seenMs: seen.getTime() }
}

/** Whether a session still stands; that it is asked for does not keep it from growing idle. */
export const sessionStands = async (db: Db, hash: string, nowMs: number): Promise<boolean> =>
  (await sessionByHash(db, hash, nowMs)) !== null

/** The session of a cookie, unless it is over; it counts as used. */
export const useSession = async (db: Db, token: string, nowMs: number): Promise<Session | null> => {
  const found = await sessionByHash(db, hashOf(token), nowMs)
  if (found === null) return null
  const { session, seenMs } = found
  if (nowMs - seenMs > touchMs) {
    const now = new Date(nowMs)
    await db.updateTable('sessions').set({ seen: now }).where('hash', '=', session.hash).execute()
    await db.updateTable('users').set({ last_seen: now }).where('id', '=', session.user.id).execute()
  }
  return session
}

export const endSession = async (db: Db, hash: string): Promise<void> => {
  await db.deleteFrom('sessions').where('hash', '=', hash).execute()
}

export const endSessionsOf = async (db: Db, userId: string): Promise<void> => {
  await db.deleteFrom('sessions').where('user_id', '=', userId).execute()
}
