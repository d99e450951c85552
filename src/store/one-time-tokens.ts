/**
 * Links that work once.
 *
 * @module
 */
import type { OneTimeTokensTable } from './access-tables.ts'
import type { Db } from './database.ts'
import { hashOf, newSecret } from './secrets.ts'
import { setupNeeded } from './users.ts'

type Purpose = OneTimeTokensTable['purpose']

const setupMs = 24 * 3_600_000
const signInMs = 3_600_000

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
  return `${baseUrl.replace(/\/+$/, '')}/setup#${token}`
}

/** A link that signs a user in, once, within an hour: `<base>/sign-in#<token>`. */
export const signInLink = async (
  db: Db,
  userId: string,
  baseUrl: string,
  nowMs = Date.now(),
): Promise<string> => {
  const token = await makeToken(db, { purpose: 'sign-in', userId, lastsMs: signInMs }, nowMs)
  return `${baseUrl.replace(/\/+$/, '')}/sign-in#${token}`
}
