/**
 * What decides whether a channel is told of an incident: what it was told before, what waits for it, and how much it got lately.
 *
 * @module
 */
import { sql } from 'kysely'
import type { Channel } from '../api/api.ts'
import { listChannels } from './channels.ts'
import type { Db } from './database.ts'
import { storable } from './rows.ts'

/** Beside those of the migrations and of the work on incidents. */
const noticesLock = 946_671

/** Runs `work` in a transaction, while no other server decides what is told: two would tell the same twice. */
export const inNotices = <T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(noticesLock)})`.execute(trx)
    return work(trx)
  })

export interface ListeningChannel extends Channel {
  /** Ms since 1970. */
  readonly createdMs: number
}

/** Channels that are on. */
export const listeningChannels = async (db: Db): Promise<readonly ListeningChannel[]> => {
  const created = await db
    .selectFrom('channels')
    .select(['id', 'created_at'])
    .where('enabled', '=', true)
    .execute()
  if (created.length === 0) return []
  const createdMs = new Map(created.map(({ id, created_at }) => [id, created_at.getTime()]))
  return (await listChannels(db)).flatMap((channel) => {
    const ms = createdMs.get(channel.id)
    return ms === undefined ? [] : [{ ...channel, createdMs: ms }]
  })
}

export interface ToldMessage {
  readonly channel: string
  readonly incident: string
  readonly payload: unknown
}

/** What channels were told, or are about to be told, of each incident and of those that went into it; oldest first. */
export const toldOf = async (db: Db, incidents: readonly string[]): Promise<readonly ToldMessage[]> => {
  const { rows } = await sql<{ channel: string; incident: string; payload: string }>`
    select o.channel, coalesce(i.merged_into, i.id) as incident, o.payload
    from incidents i join outbox o on o.incident = i.id
    where i.id = any(${incidents}) or i.merged_into = any(${incidents})
    order by o.id`.execute(db)
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) as unknown }))
}

export interface Reopening {
  /** Grows with time. */
  readonly id: number
  readonly ms: number
}

/** When Winnow, and not a person, last opened each of the incidents again. */
export const reopeningsOf = async (
  db: Db,
  incidents: readonly string[],
): Promise<ReadonlyMap<string, Reopening>> => {
  const { rows } = await sql<{ incident: string; id: number; at: Date }>`
    select distinct on (incident) incident, id, at from history
    where incident = any(${incidents}) and kind = 'reopened' and who_id is null
    order by incident, id desc`.execute(db)
  return new Map(rows.map(({ incident, id, at }) => [incident, { id, ms: at.getTime() }]))
}

export interface WaitingChannel {
  readonly channel: string
  /** When the oldest that waits was written, ms since 1970. */
  readonly firstMs: number
  /** Where sending has failed, or is under way: when it is due again. */
  readonly retryMs: number | null
  /** When something was sent there within the last hour, oldest first: once a message, however much it told. */
  readonly sentMs: readonly number[]
}

const hourMs = 3_600_000

/** The channels that are on and for which something waits. */
export const waitingChannels = async (db: Db, nowMs: number): Promise<readonly WaitingChannel[]> => {
  const { rows } = await sql<{ channel: string; first: Date; retry: Date | null }>`
    select o.channel, min(o.created_at) as first, max(case when o.tries > 0 then o.next_try_at end) as retry
    from outbox o join channels c on c.id = o.channel
    where o.sent_at is null and c.enabled
    group by o.channel order by o.channel`.execute(db)
  if (rows.length === 0) return []
  const { rows: sent } = await sql<{ channel: string; at: Date }>`
    select distinct channel, sent_at as at from outbox
    where sent_at > ${new Date(nowMs - hourMs)} and error is null and channel = any(${rows.map(({ channel }) => channel)})
    order by sent_at`.execute(db)
  return rows.map(({ channel, first, retry }) => ({
    channel,
    firstMs: first.getTime(),
    retryMs: retry?.getTime() ?? null,
    sentMs: sent.flatMap((one) => (one.channel === channel ? [one.at.getTime()] : [])),
  }))
}

/** What waits for a channel that failed is due now: whatever was wrong has been mended. */
export const hurryMessages = async (db: Db, channel: string, nowMs: number): Promise<void> => {
  await db
    .updateTable('outbox')
    .set({ next_try_at: new Date(nowMs) })
    .where('channel', '=', channel)
    .where('sent_at', 'is', null)
    .where('error', 'is not', null)
    .execute()
}

/** How a message that is not kept, a test, went. @param problem null: it was sent */
export const noteTest = async (
  db: Db,
  channel: string,
  problem: string | null,
  nowMs: number,
): Promise<void> => {
  await db
    .updateTable('channels')
    .set(
      problem === null
        ? { last_sent_at: new Date(nowMs), last_error: null }
        : { last_error: storable(problem.slice(0, 1000)) },
    )
    .where('id', '=', channel)
    .execute()
}
