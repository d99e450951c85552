/**
 * Sends what is due: all that waits for a channel as one message.
 *
 * @module
 */
import { messageOf } from '../errors.ts'
import { secretChannel } from '../store/channels.ts'
import type { Db } from '../store/database.ts'
import { getIncident } from '../store/incidents.ts'
import { waitingChannels, type WaitingChannel } from '../store/notices.ts'
import { messageFailed, messageSent, takeMessages, type DueMessage } from '../store/outbox.ts'
import { makeBulletin, type Bulletin } from './bulletin.ts'
import { readChannel, type Destination } from './channel-settings.ts'
import { deliver, mostTold, problemOf } from './deliver.ts'
import { cut, type Notice } from './notice.ts'
import { dueMs, isHeldBack, retryDelay, type Pace, type Waiting } from './pacing.ts'

export interface NotifyLog {
  readonly info: (facts: object, message: string) => void
  readonly warn: (facts: object, message: string) => void
  readonly error: (facts: object, message: string) => void
}

export interface Sending {
  readonly db: Db
  readonly url: string | null
  readonly log: NotifyLog
  readonly pace: Pace
  readonly now: () => number
  readonly signal: AbortSignal
}

/** Longer than any message takes: what is held beyond it was held by a server that died. */
const holdMs = 120_000

/** A message tells of so many notices; what is beyond waits for the next. */
const mostNotices = 1000

/** Lines of logs are shown of the worst incidents, and not many. */
const linesShown = { incidents: 5, lines: 5, characters: 400 } as const

const withLines = async (db: Db, bulletin: Bulletin): Promise<Bulletin> => {
  const items = await Promise.all(
    bulletin.items.map(async (item, i) => {
      if (i >= linesShown.incidents) return item
      const page = await getIncident(db, item.incident.id)
      const lines = page?.findings.flatMap(({ evidence }) => evidence.lines) ?? []
      return {
        ...item,
        lines: lines.slice(0, linesShown.lines).map((line) => cut(line, linesShown.characters)),
      }
    }),
  )
  return { ...bulletin, items }
}

/** Each message is due again by the one that was tried most often; those that were tried to the end are given up. */
const noteFailure = async (
  { db, pace, now }: Sending,
  taken: readonly DueMessage[],
  problem: string,
): Promise<number> => {
  const going = taken.filter(({ tries }) => retryDelay(tries, pace) !== null)
  const over = taken.filter(({ tries }) => retryDelay(tries, pace) === null)
  const delay = retryDelay(Math.max(0, ...going.map(({ tries }) => tries)), pace)
  const idsOf = (messages: readonly DueMessage[]): number[] => messages.map(({ id }) => id)
  if (delay !== null) await messageFailed(db, idsOf(going), problem, now() + delay)
  if (over.length > 0)
    await messageFailed(db, idsOf(over), `given up after ${over[0]?.tries ?? 0} tries: ${problem}`, null)
  return over.length
}

const bulletinOf = async (
  { db, url, now, pace }: Sending,
  taken: readonly DueMessage[],
  to: Destination,
  waiting: Waiting,
): Promise<Bulletin> => {
  const bulletin = makeBulletin({
    id: `${taken[0]?.channel ?? ''}.${taken[0]?.id ?? 0}`,
    // Written by `plan.ts`, as this type.
    notices: taken.map(({ payload }) => payload as Notice),
    most: mostTold[to.kind],
    heldBack: isHeldBack(waiting, now(), pace) ? to.perHour : null,
    url,
    nowMs: now(),
  })
  return to.includeLines ? withLines(db, bulletin) : bulletin
}

const sendTo = async (sending: Sending, { channel: id, ...waiting }: WaitingChannel): Promise<void> => {
  const { db, log, pace, now, signal } = sending
  const channel = await secretChannel(db, id)
  if (channel === null) return
  let to: Destination | null = null
  let problem: string | null = null
  try {
    to = readChannel(channel)
  } catch (error) {
    problem = problemOf(error)
  }
  // Settings that cannot be read wait as a failure does.
  if (dueMs(waiting, to?.perHour ?? 1, pace, now()) > now()) return
  const taken = await takeMessages(db, { nowMs: now(), holdMs, limit: mostNotices, channel: id })
  if (taken.length === 0) return
  const startMs = now()
  if (to !== null) {
    try {
      await deliver(to, await bulletinOf(sending, taken, to, waiting), signal)
    } catch (error) {
      // Held until the next server takes them: not a failure of theirs.
      if (signal.aborted) return
      problem = problemOf(error)
      log.warn({ channel: id, kind: channel.kind, error: messageOf(error) }, 'message not sent')
    }
  }
  if (problem === null) {
    await messageSent(
      db,
      taken.map((message) => message.id),
      now(),
    )
    log.info({ channel: id, kind: channel.kind, notices: taken.length, ms: now() - startMs }, 'message sent')
    return
  }
  const over = await noteFailure(sending, taken, problem)
  if (over > 0) log.error({ channel: id, kind: channel.kind, notices: over }, 'messages given up')
}

/** Channels to which something is being sent. */
export type Busy = Map<string, Promise<void>>

/**
 * Begins to send what is due, and adds it to `busy` until it is done. One channel that hangs or fails keeps no other from its
 * messages.
 */
export const beginDue = async (sending: Sending, busy: Busy): Promise<void> => {
  const waiting = await waitingChannels(sending.db, sending.now())
  for (const one of waiting) {
    if (busy.has(one.channel)) continue
    const work = sendTo(sending, one)
      .catch((error: unknown) => {
        sending.log.warn({ channel: one.channel, error: messageOf(error) }, 'notifications wait')
      })
      .finally(() => busy.delete(one.channel))
    busy.set(one.channel, work)
  }
}
