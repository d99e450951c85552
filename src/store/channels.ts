/**
 * Where people are told of incidents.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Channel } from '../api/api.ts'
import type { ChannelsTable, Db } from './database.ts'
import { iso, storable } from './rows.ts'

export type ChannelValues = Readonly<Record<string, string | number | boolean>>

/** A channel with what it signs in with: for those who send, never for an answer. */
export interface SecretChannel extends Channel {
  readonly secrets: ChannelValues
}

export interface ChannelGiven {
  readonly name: string
  readonly kind: Channel['kind']
  readonly enabled: boolean
  readonly leastRisk: number
  readonly settings: ChannelValues
  readonly secrets: ChannelValues
}

const channelOf = (row: Selectable<ChannelsTable>): Channel => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  enabled: row.enabled,
  leastRisk: row.least_risk,
  // Written below, as this type.
  settings: JSON.parse(row.settings) as ChannelValues,
  lastSent: row.last_sent_at === null ? null : iso(row.last_sent_at),
  lastError: row.last_error,
})

export const listChannels = async (db: Db): Promise<readonly Channel[]> => {
  const rows = await db.selectFrom('channels').selectAll().orderBy('name').orderBy('id').limit(200).execute()
  return rows.map(channelOf)
}

export const secretChannel = async (db: Db, id: string): Promise<SecretChannel | null> => {
  const row = await db.selectFrom('channels').selectAll().where('id', '=', id).executeTakeFirst()
  // The same holds for the secrets.
  return row === undefined ? null : { ...channelOf(row), secrets: JSON.parse(row.secrets) as ChannelValues }
}

export const createChannel = async (db: Db, given: ChannelGiven, nowMs = Date.now()): Promise<Channel> => {
  const row = {
    id: randomUUID(),
    name: storable(given.name),
    kind: given.kind,
    enabled: given.enabled,
    least_risk: given.leastRisk,
    settings: JSON.stringify(given.settings),
    secrets: JSON.stringify(given.secrets),
    last_sent_at: null,
    last_error: null,
    created_at: new Date(nowMs),
  }
  await db.insertInto('channels').values(row).execute()
  return channelOf(row)
}

/** Settings and secrets that are given replace those of the same name; the others stay. @returns null where there is none */
export const changeChannel = async (
  db: Db,
  id: string,
  change: { readonly [Name in keyof Omit<ChannelGiven, 'kind'>]?: ChannelGiven[Name] | undefined },
): Promise<Channel | null> => {
  const before = await secretChannel(db, id)
  if (before === null) return null
  const row = await db
    .updateTable('channels')
    .set({
      name: storable(change.name ?? before.name),
      enabled: change.enabled ?? before.enabled,
      least_risk: change.leastRisk ?? before.leastRisk,
      settings: JSON.stringify({ ...before.settings, ...change.settings }),
      secrets: JSON.stringify({ ...before.secrets, ...change.secrets }),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? null : channelOf(row)
}

/** With what waits to be sent there. @returns whether there was one */
export const deleteChannel = async (db: Db, id: string): Promise<boolean> => {
  const { numDeletedRows } = await db.deleteFrom('channels').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
