/**
 * Tells people of incidents. What is to be told is written into the outbox when it happens, by every server; the one that leads sends
 * it. What was written survives: nothing is told twice, and nothing is forgotten.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import type { Bus } from '../bus.ts'
import { messageOf } from '../errors.ts'
import type { IncidentRow, LiveEvent } from '../api/api.ts'
import { secretChannel } from '../store/channels.ts'
import type { Db } from '../store/database.ts'
import { listIncidents } from '../store/incidents.ts'
import { hurryMessages, noteTest } from '../store/notices.ts'
import { testBulletin } from './bulletin.ts'
import { readChannel } from './channel-settings.ts'
import { deliver, problemOf } from './deliver.ts'
import { usualPace, type Pace } from './pacing.ts'
import { planNotices } from './plan.ts'
import { beginDue, type Busy, type NotifyLog } from './send-due.ts'

export interface NotifyOptions {
  readonly db: Db
  readonly bus: Bus<LiveEvent>
  /** Where people reach the console; null: messages have no links. */
  readonly url: string | null
  /** Whether this server is the one that sends, where several share their work state. */
  readonly isLeader: () => boolean
  readonly log: NotifyLog
  /** Ms since 1970. Default: the clock. */
  readonly now?: () => number
  readonly pace?: Pace
  /** How often it is looked whether something is due, in ms. Default 5000. */
  readonly everyMs?: number
}

export interface Notify {
  /** Sends a test message now, whether or not the channel is on. */
  readonly test: (channelId: string) => Promise<{ readonly error: string | null }>
  /** Resolves when what was published until now is written, and what was due is sent or has failed. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What happened while no server ran, or while one died, is looked at again for so long. */
const missedMs = 3_600_000
const mostMissed = 200

/** Sending may end by itself for so long when the server stops. */
const patienceMs = 3000

export const startNotify = ({
  db,
  bus,
  url,
  isLeader,
  log,
  now = Date.now,
  pace = usualPace,
  everyMs = 5000,
}: NotifyOptions): Notify => {
  const changed = new Map<string, IncidentRow>()
  const ended = new AbortController()
  const busy: Busy = new Map()
  let led = false
  let closing = false
  let timer: NodeJS.Timeout | undefined

  const missed = async (): Promise<void> => {
    const { incidents } = await listIncidents(db, {
      state: ['open', 'acknowledged'],
      sort: 'updated',
      limit: mostMissed,
    })
    for (const row of incidents)
      if (Date.parse(row.updated) > now() - missedMs && !changed.has(row.id)) changed.set(row.id, row)
  }

  const plan = async (): Promise<void> => {
    const rows = [...changed.values()]
    if (rows.length === 0) return
    changed.clear()
    try {
      await planNotices(db, rows, now())
    } catch (error) {
      // To be tried again, unless there is something newer by then.
      for (const row of rows) if (!changed.has(row.id)) changed.set(row.id, row)
      throw error
    }
  }

  const work = async (): Promise<void> => {
    const leads = isLeader()
    try {
      if (leads && !led) await missed()
      led = leads
      await plan()
      if (leads) await beginDue({ db, url, log, pace, now, signal: ended.signal }, busy)
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'notifications wait')
    }
  }

  let working = Promise.resolve()
  const next = (): Promise<void> => {
    working = working.then(() => (ended.signal.aborted ? undefined : work()))
    return working
  }
  const tick = (): void => {
    void next().then(() => {
      if (!ended.signal.aborted && !closing) timer = setTimeout(tick, everyMs).unref()
    })
  }

  const stop = bus.subscribe((event) => {
    if (event.kind === 'incident') changed.set(event.incident.id, event.incident)
  })
  tick()

  return {
    test: async (channelId) => {
      const channel = await secretChannel(db, channelId)
      if (channel === null) return { error: 'there is no such channel' }
      try {
        await deliver(readChannel(channel), testBulletin(randomUUID(), url, now()), ended.signal)
      } catch (error) {
        const problem = problemOf(error)
        log.warn({ channel: channelId, error: messageOf(error) }, 'test message not sent')
        await noteTest(db, channelId, problem, now())
        return { error: problem }
      }
      await noteTest(db, channelId, null, now())
      await hurryMessages(db, channelId, now())
      return { error: null }
    },
    settled: async () => {
      await next()
      await Promise.all(busy.values())
    },
    close: async () => {
      closing = true
      stop()
      clearTimeout(timer)
      await working
      // What was published last is written, even if it is sent by whoever comes next.
      await plan().catch((error: unknown) => log.warn({ error: messageOf(error) }, 'notifications wait'))
      const impatient = setTimeout(() => ended.abort(), patienceMs)
      await Promise.all(busy.values())
      clearTimeout(impatient)
      ended.abort()
    },
  }
}
