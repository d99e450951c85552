/**
 * What is to be sent to channels: written with what it tells of, sent afterwards, tried again where it failed.
 *
 * @module
 */
import { sql } from 'kysely'
import type { Db } from './database.ts'
import { storable } from './rows.ts'

export interface Message {
  readonly channel: string
  readonly incident: string | null
  /** What it tells: `opened`, `reopened`, `risen`, `test`. */
  readonly kind: string
  readonly payload: unknown
}

export interface DueMessage extends Message {
  readonly id: number
  /** Counted from 1: this one. */
  readonly tries: number
  readonly createdMs: number
}

export const putMessages = async (
  db: Db,
  messages: readonly Message[],
  nowMs = Date.now(),
): Promise<void> => {
  if (messages.length === 0) return
  await db
    .insertInto('outbox')
    .values(
      messages.map(({ channel, incident, kind, payload }) => ({
        channel,
        incident,
        kind,
        payload: JSON.stringify(payload),
        tries: 0,
        next_try_at: new Date(nowMs),
        sent_at: null,
        error: null,
        created_at: new Date(nowMs),
      })),
    )
    .execute()
}

export interface Taking {
  readonly nowMs: number
  readonly holdMs: number
  readonly limit: number
  /** All that wait for this channel, due or not. */
  readonly channel?: string
}

/**
 * Takes messages that are due, oldest first, of channels that are on. Nobody else gets them for `holdMs`: whoever dies while
 * sending leaves them to the next.
 */
export const takeMessages = async (
  db: Db,
  { nowMs, holdMs, limit, channel }: Taking,
): Promise<readonly DueMessage[]> => {
  const wanted =
    channel === undefined ? sql`o.next_try_at <= ${new Date(nowMs)}` : sql`o.channel = ${channel}`
  const { rows } = await sql<{
    id: number
    channel: string
    incident: string | null
    kind: string
    payload: string
    tries: number
    created_at: Date
  }>`
    update outbox set tries = tries + 1, next_try_at = ${new Date(nowMs + holdMs)}
    where id in (
      select o.id from outbox o join channels c on c.id = o.channel
      where o.sent_at is null and ${wanted} and c.enabled
      order by o.id limit ${limit} for update of o skip locked
    )
    returning id, channel, incident, kind, payload, tries, created_at`.execute(db)
  return rows
    .toSorted((a, b) => a.id - b.id)
    .map((row) => ({
      id: row.id,
      channel: row.channel,
      incident: row.incident,
      kind: row.kind,
      payload: JSON.parse(row.payload) as unknown,
      tries: row.tries,
      createdMs: row.created_at.getTime(),
    }))
}

type Ids = number | readonly number[]

const listOf = (ids: Ids): readonly number[] => (typeof ids === 'number' ? [ids] : ids)

export const messageSent = async (db: Db, ids: Ids, nowMs = Date.now()): Promise<void> => {
  const at = new Date(nowMs)
  const rows = await db
    .updateTable('outbox')
    .set({ sent_at: at, error: null })
    .where(sql<boolean>`id = any(${listOf(ids)})`)
    .returning('channel')
    .execute()
  await db
    .updateTable('channels')
    .set({ last_sent_at: at, last_error: null })
    .where(sql<boolean>`id = any(${rows.map(({ channel }) => channel)})`)
    .execute()
}

/** @param nextTryMs null gives it up: it is taken no more */
export const messageFailed = async (
  db: Db,
  ids: Ids,
  problem: string,
  nextTryMs: number | null,
): Promise<void> => {
  const error = storable(problem.slice(0, 1000))
  const rows = await db
    .updateTable('outbox')
    .set({
      error,
      ...(nextTryMs === null ? { sent_at: sql`created_at` } : { next_try_at: new Date(nextTryMs) }),
    })
    .where(sql<boolean>`id = any(${listOf(ids)})`)
    .returning('channel')
    .execute()
  await db
    .updateTable('channels')
    .set({ last_error: error })
    .where(sql<boolean>`id = any(${rows.map(({ channel }) => channel)})`)
    .execute()
}
