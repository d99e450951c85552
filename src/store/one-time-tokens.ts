/**
 * Links that work once.
 *
 * @module
 */
import { AppError } from '../errors.ts'
import type { OneTimeTokensTable } from './access-tables.ts'
import type { Db } from './database.ts'
import { hashOf, newSecret } from './secrets.ts'
import { changeLockedUser, setupNeeded, userById, withUsersLocked, type UserRow } from './users.ts'

type Purpose = OneTimeTokensTable['purpose']

const setupMs = 24 * 3_600_000
const signInMs = 3_600_000

/** How long a link to choose a password works: who asked for one at a machine waits for it, who is invited does not. */
export const passwordLinkMs = { asked: 3_600_000, invited: 3 * 86_400_000 } as const

/** The token stands where it reaches no server's log. */
const linkTo = (baseUrl: string, page: string, token: string): string =>
  `${baseUrl.replace(/\/+$/, '')}/${page}#${token}`

/** @returns the token, of which the hash is kept */
export const makeToken = async (
  db: Db,
  token: {
    readonly purpose: Purpose
    readonly userId?: string
    readonly data?: string
    readonly lastsMs: number
  },
  nowMs: number,
): Promise<string> => {
  const secret = newSecret()
  await db.deleteFrom('one_time_tokens').where('expires', '<', new Date(nowMs)).execute()
  await db
    .insertInto('one_time_tokens')
    .values({
      hash: hashOf(secret),
      purpose: token.purpose,
      user_id: token.userId ?? null,
      data: token.data ?? '',
      expires: new Date(nowMs + token.lastsMs),
    })
    .execute()
  return secret
}

/** Whether a token works now; it is not used up by that. */
export const tokenStands = async (
  db: Db,
  purpose: Purpose,
  secret: string,
  nowMs: number,
): Promise<boolean> =>
  (await db
    .selectFrom('one_time_tokens')
    .select('hash')
    .where('hash', '=', hashOf(secret))
    .where('purpose', '=', purpose)
    .where('expires', '>', new Date(nowMs))
    .executeTakeFirst()) !== undefined

/** What a token stands for; it works no more after. Null where it does not work now. */
export const useToken = async (
  db: Db,
  purpose: Purpose,
  secret: string,
  nowMs: number,
): Promise<{ readonly userId: string | null; readonly data: string } | null> => {
  const row = await db
    .deleteFrom('one_time_tokens')
    .where('hash', '=', hashOf(secret))
    .where('purpose', '=', purpose)
    .where('expires', '>', new Date(nowMs))
    .returning(['user_id', 'data'])
    .executeTakeFirst()
  return row === undefined ? null : { userId: row.user_id, data: row.data }
}

/**
 * The link that makes the first administrator: `<base>/setup#<token>`, so that it reaches no server's log. It works once
 * within a day, and only until the next start makes another.
 *
 * @returns null where there is an administrator
 */
export const setupLink = async (db: Db, baseUrl: string, nowMs = Date.now()): Promise<string | null> => {
  await db.deleteFrom('one_time_tokens').where('purpose', '=', 'setup').execute()
  if (!(await setupNeeded(db))) return null
  const token = await makeToken(db, { purpose: 'setup', lastsMs: setupMs }, nowMs)
  return linkTo(baseUrl, 'setup', token)
}

/** A link that signs a user in, once, within an hour: `<base>/sign-in#<token>`. */
export const signInLink = async (
  db: Db,
  userId: string,
  baseUrl: string,
  nowMs = Date.now(),
): Promise<string> => {
  const token = await makeToken(db, { purpose: 'sign-in', userId, lastsMs: signInMs }, nowMs)
  return linkTo(baseUrl, 'sign-in', token)
}

/**
 * A link with which a user chooses a password, once: `<base>/choose-password#<token>`. It replaces the user's earlier one.
 *
 * @returns the link, and when it ends: ISO 8601, UTC
 * @throws AppError `not-found`; `conflict` where the user is disabled
 */
export const passwordLink = (
  db: Db,
  link: { readonly userId: string; readonly baseUrl: string; readonly lastsMs: number },
  nowMs = Date.now(),
): Promise<{ readonly link: string; readonly expires: string }> =>
  withUsersLocked(db, async (db) => {
    const { userId, baseUrl, lastsMs } = link
    const user = await userById(db, userId)
    if (user === undefined) throw new AppError('not-found', { what: 'user' })
    if (user.disabled) throw new AppError('conflict', { problem: 'this user is disabled' })
    await db
      .deleteFrom('one_time_tokens')
      .where('user_id', '=', userId)
      .where('purpose', '=', 'password')
      .execute()
    const token = await makeToken(db, { purpose: 'password', userId, lastsMs }, nowMs)
    return {
      link: linkTo(baseUrl, 'choose-password', token),
      expires: new Date(nowMs + lastsMs).toISOString(),
    }
  })

/** Whose password a link chooses, without using it up; undefined where it does not work now. */
export const userOfPasswordLink = (db: Db, secret: string, nowMs: number): Promise<UserRow | undefined> =>
  db
    .selectFrom('one_time_tokens')
    .innerJoin('users', 'users.id', 'one_time_tokens.user_id')
    .selectAll('users')
    .where('one_time_tokens.hash', '=', hashOf(secret))
    .where('one_time_tokens.purpose', '=', 'password')
    .where('one_time_tokens.expires', '>', new Date(nowMs))
    .where('users.disabled', '=', false)
    .where('users.deleted', 'is', null)
    .executeTakeFirst()

/**
 * Uses a link up. The lock lets one of two that come at once find it; the new password ends it.
 *
 * @param password a hash
 * @returns undefined where the link does not work now
 */
export const choosePassword = (
  db: Db,
  secret: string,
  password: string,
  nowMs: number,
): Promise<UserRow | undefined> =>
  withUsersLocked(db, async (db) => {
    const user = await userOfPasswordLink(db, secret, nowMs)
    return user === undefined ? undefined : changeLockedUser(db, user.id, { password })
  })
