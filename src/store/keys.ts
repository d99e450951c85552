/**
 * API keys: `winnow_<id>_<random>`, of which the hash is kept.
 *
 * @module
 */
import type { Selectable } from 'kysely'
import { AppError } from '../errors.ts'
import type { ApiKey, Role, Scope } from '../api/api.ts'
import type { KeysTable, UsersTable } from './access-tables.ts'
import type { Db } from './database.ts'
import { hashOf, hasHash, newId, newSecret } from './secrets.ts'

const secretPattern = /^winnow_([0-9a-f]{16})_[\w-]{43}$/

/** When a key was last used is written no more often than this. */
const touchMs = 60_000

const isScope = (text: string): text is Scope => ['read', 'write', 'ingest', 'admin'].includes(text)

const keyOf = (row: Selectable<KeysTable>, by: string): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: `winnow_${row.id}`,
  scopes: row.scopes.split(',').filter(isScope),
  source: row.source,
  by,
  created: row.created.toISOString(),
  expires: row.expires?.toISOString() ?? null,
  lastUsed: row.last_used?.toISOString() ?? null,
  revoked: row.revoked?.toISOString() ?? null,
})

/** The newest first, revoked ones among them. */
export const listKeys = async (db: Db): Promise<readonly ApiKey[]> => {
  const rows = await db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.created_by')
    .selectAll('api_keys')
    .select('users.name as by')
    .orderBy('api_keys.created', 'desc')
    .orderBy('api_keys.id')
    .limit(1000)
    .execute()
  return rows.map(({ by, ...row }) => keyOf(row, by))
}

export interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly source: string | null
  /** ISO 8601; null: never. */
  readonly expires: string | null
}

/** @returns the key, and its secret, which is kept nowhere */
export const createKey = async (
  db: Db,
  key: NewKey,
  by: { readonly id: string; readonly name: string },
  nowMs: number,
): Promise<{ readonly key: ApiKey; readonly secret: string }> => {
  const id = newId()
  const secret = `winnow_${id}_${newSecret()}`
  const row = await db
    .insertInto('api_keys')
    .values({
      id,
      hash: hashOf(secret),
      name: key.name,
      scopes: key.scopes.join(','),
      source: key.source,
      created_by: by.id,
      created: new Date(nowMs),
      expires: key.expires === null ? null : new Date(key.expires),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { key: keyOf(row, by.name), secret }
}

/** @throws AppError `not-found` */
export const revokeKey = async (db: Db, id: string, nowMs: number): Promise<void> => {
  const row = await db
    .updateTable('api_keys')
    .set({ revoked: new Date(nowMs) })
    .where('id', '=', id)
    .where('revoked', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (row === undefined) throw new AppError('not-found', { what: 'key' })
}

/** Whoever leaves takes along the keys they made; those that only take logs in stay, since what sends logs goes on. */
export const revokeKeysOf = async (db: Db, userId: string, nowMs: number): Promise<void> => {
  await db
    .updateTable('api_keys')
    .set({ revoked: new Date(nowMs) })
    .where('created_by', '=', userId)
    .where('scopes', '!=', 'ingest')
    .where('revoked', 'is', null)
    .execute()
}

/** A key that was shown to be one. */
export interface KnownKey {
  readonly id: string
  readonly name: string
  /** What it may now. */
  readonly scopes: readonly Scope[]
  /** The source that lines sent with it belong to; null: the sender names it. */
  readonly source: string | null
}

const scopeRanks: Readonly<Record<Scope, number>> = { ingest: 0, read: 1, write: 2, admin: 3 }

/** The scope with which a key may what a role may. */
export const scopeFor: Readonly<Record<Role, Scope>> = {
  viewer: 'read',
  analyst: 'write',
  administrator: 'admin',
}

/** `admin` may all that `write` may, and `write` all that `read` may; `ingest` stands by itself. */
export const isWithin = (needed: Scope, scope: Scope): boolean =>
  needed === 'ingest' || scope === 'ingest' ? scope === needed : scopeRanks[scope] >= scopeRanks[needed]

type KeyRow = Selectable<KeysTable> & Pick<Selectable<UsersTable>, 'role' | 'disabled' | 'deleted'>

/** A key, and what its maker is now. */
const keyRow = (db: Db, id: string): Promise<KeyRow | undefined> =>
  db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.created_by')
    .selectAll('api_keys')
    .select(['users.role', 'users.disabled', 'users.deleted'])
    .where('api_keys.id', '=', id)
    .executeTakeFirst()

/** What a key may now: no more than whoever made it. What sends logs goes on without them. None where it is over. */
const scopesNow = (key: KeyRow, nowMs: number): readonly Scope[] => {
  if (key.revoked !== null || (key.expires !== null && key.expires.getTime() <= nowMs)) return []
  const given = key.scopes.split(',').filter(isScope)
  if (key.disabled || key.deleted !== null) return given.filter((scope) => scope === 'ingest')
  const most = scopeFor[key.role]
  return [...new Set(given.map((scope) => (scope === 'ingest' || isWithin(scope, most) ? scope : most)))]
}

/** The key of a secret, unless it is none, revoked or too old; it counts as used. */
export const checkKey = async (db: Db, secret: string, nowMs: number): Promise<KnownKey | null> => {
  const [, id] = secret.match(secretPattern) ?? []
  if (id === undefined) return null
  const row = await keyRow(db, id)
  if (row === undefined || !hasHash(secret, row.hash)) return null
  const scopes = scopesNow(row, nowMs)
  if (scopes.length === 0) return null
  if (row.last_used === null || nowMs - row.last_used.getTime() > touchMs) {
    await db
      .updateTable('api_keys')
      .set({ last_used: new Date(nowMs) })
      .where('id', '=', id)
      .execute()
  }
  return { id, name: row.name, scopes, source: row.source }
}

/** Whether a key that was shown to be one still may read. */
export const keyMayRead = async (db: Db, id: string, nowMs: number): Promise<boolean> => {
  const row = await keyRow(db, id)
  return row !== undefined && scopesNow(row, nowMs).some((scope) => scope !== 'ingest')
}

/** How long a revoked key may still send logs: keys that send are asked for many times a second. */
const rememberedMs = 5000
const mostRemembered = 1000

/** What the intake asks: as {@link checkKey}, remembered for 5 s. */
export const openKeys = (
  db: Db,
  now: () => number = Date.now,
): { readonly check: (secret: string) => Promise<KnownKey | null> } => {
  const known = new Map<string, { readonly key: KnownKey; readonly untilMs: number }>()
  return {
    check: async (secret) => {
      const hash = hashOf(secret)
      const remembered = known.get(hash)
      if (remembered !== undefined && remembered.untilMs > now()) return remembered.key
      known.delete(hash)
      const key = await checkKey(db, secret, now())
      if (key === null) return null
      if (known.size >= mostRemembered) known.clear()
      known.set(hash, { key, untilMs: now() + rememberedMs })
      return key
    },
  }
}
