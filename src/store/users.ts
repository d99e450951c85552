/**
 * The people who use Winnow.
 *
 * @module
 */
import { sql, type Selectable } from 'kysely'
import { AppError } from '../errors.ts'
import type { Role, User } from '../api/api.ts'
import type { UsersTable } from './access-tables.ts'
import type { Db } from './database.ts'
import { newId } from './secrets.ts'
import { endSessionsOf } from './sessions.ts'

export type UserRow = Selectable<UsersTable>

export const userOf = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  disabled: row.disabled,
  created: row.created.toISOString(),
  lastSeen: row.last_seen?.toISOString() ?? null,
  invited: row.password === null && row.oidc_subject === null && row.last_seen === null,
})

/** Deleted ones aside, by name. */
export const listUsers = async (db: Db): Promise<readonly User[]> => {
  const rows = await db
    .selectFrom('users')
    .selectAll()
    .where('deleted', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .limit(1000)
    .execute()
  return rows.map(userOf)
}

const oneUser = (db: Db) => db.selectFrom('users').selectAll().where('deleted', 'is', null)

export const userById = (db: Db, id: string): Promise<UserRow | undefined> =>
  oneUser(db).where('id', '=', id).executeTakeFirst()

/** @param email in small letters */
export const userByEmail = (db: Db, email: string): Promise<UserRow | undefined> =>
  oneUser(db).where('email', '=', email).executeTakeFirst()

export const userBySubject = (db: Db, issuer: string, subject: string): Promise<UserRow | undefined> =>
  oneUser(db).where('oidc_issuer', '=', issuer).where('oidc_subject', '=', subject).executeTakeFirst()

const administrators = (db: Db) =>
  oneUser(db).where('role', '=', 'administrator').where('disabled', '=', false)

/** Whether there is nobody who could make users. */
export const setupNeeded = async (db: Db): Promise<boolean> =>
  (await administrators(db).limit(1).executeTakeFirst()) === undefined

/**
 * Runs what may change who is administrator, one after the other on all servers: two that demote each other at once would
 * leave nobody.
 */
export const withUsersLocked = <T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (transaction) => {
    // An arbitrary number that nothing else locks: "user" in ASCII.
    await sql`SELECT pg_advisory_xact_lock(1970496882)`.execute(transaction)
    return work(transaction)
  })

export interface NewUser {
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly password: string | null
  readonly oidc?: { readonly issuer: string; readonly subject: string }
}

/** @throws AppError `conflict` where the address is taken */
export const createUser = async (db: Db, user: NewUser, nowMs: number): Promise<UserRow> => {
  const row = await db
    .insertInto('users')
    .values({
      id: newId(),
      name: user.name,
      email: user.email,
      role: user.role,
      password: user.password,
      disabled: false,
      created: new Date(nowMs),
      oidc_issuer: user.oidc?.issuer ?? null,
      oidc_subject: user.oidc?.subject ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row === undefined)
    throw new AppError('conflict', { problem: 'somebody has this e-mail address already' })
  return row
}

export interface UserChange {
  readonly name?: string
  readonly role?: Role
  readonly disabled?: boolean
  /** A hash. */
  readonly password?: string
  readonly oidc?: { readonly issuer: string; readonly subject: string }
}

/** Links that sign somebody in or let them choose a password. */
const endLinksOf = async (db: Db, id: string): Promise<void> => {
  await db.deleteFrom('one_time_tokens').where('user_id', '=', id).execute()
}

/**
 * A change of who {@link withUsersLocked} keeps from changing meanwhile. Sessions begun with another password, in another role
 * or by somebody who may not come in end with it, and so do links that were made for them.
 *
 * @throws AppError `not-found`
 */
export const changeLockedUser = async (db: Db, id: string, change: UserChange): Promise<UserRow> => {
  const { oidc, ...columns } = change
  const before = await userById(db, id)
  const row = await db
    .updateTable('users')
    .set({
      id,
      ...columns,
      ...(oidc === undefined ? {} : { oidc_issuer: oidc.issuer, oidc_subject: oidc.subject }),
    })
    .where('id', '=', id)
    .where('deleted', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw new AppError('not-found', { what: 'user' })
  if (change.password !== undefined || row.disabled) await endLinksOf(db, id)
  if (change.password !== undefined || row.disabled || row.role !== before?.role) await endSessionsOf(db, id)
  return row
}

/** @throws AppError `not-found`, `last-administrator` */
export const changeUser = (db: Db, id: string, change: UserChange): Promise<UserRow> =>
  withUsersLocked(db, async (db) => {
    const row = await changeLockedUser(db, id, change)
    if (await setupNeeded(db)) throw new AppError('last-administrator')
    return row
  })

/**
 * Takes a user away. The row stays, so that what they did keeps its name; their address can be used again.
 *
 * @throws AppError `not-found`, `last-administrator`
 */
export const deleteUser = (db: Db, id: string, nowMs: number): Promise<void> =>
  withUsersLocked(db, async (db) => {
    const row = await db
      .updateTable('users')
      .set({
        deleted: new Date(nowMs),
        disabled: true,
        email: `deleted:${id}`,
        password: null,
        oidc_issuer: null,
        oidc_subject: null,
      })
      .where('id', '=', id)
      .where('deleted', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (row === undefined) throw new AppError('not-found', { what: 'user' })
    if (await setupNeeded(db)) throw new AppError('last-administrator')
    await endLinksOf(db, id)
    await endSessionsOf(db, id)
  })
