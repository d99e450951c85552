/**
 * Which of several servers on one work state does what only one may do.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { messageOf } from '../errors.ts'
import { giveBackLease, takeLease } from '../store/leases.ts'
import type { Db } from '../store/database.ts'

export interface Lease {
  readonly isHeld: () => boolean
  readonly close: () => Promise<void>
}

/** Another server takes over when nothing was heard of the holder for so long. */
const leaseMs = 30_000

/** A database that does not answer must not keep the process from ending. */
const mostClosingMs = 5000

/** Takes a lease and renews it; where another holds it, waits for it to be free. */
export const keepLease = async (db: Db, name: string, log: Logger): Promise<Lease> => {
  const holder = randomUUID()
  // By both clocks: the machine's may be set back, and the other may stand still while the machine sleeps.
  const held = { untilMs: 0, untilTick: 0 }
  const renew = async (): Promise<void> => {
    // Counted from before the question: the database's term ends later than ours.
    const [askedMs, askedTick] = [Date.now(), performance.now()]
    try {
      const taken = await takeLease(db, name, holder, leaseMs)
      held.untilMs = taken ? askedMs + leaseMs : 0
      held.untilTick = taken ? askedTick + leaseMs : 0
    } catch (error) {
      log.warn({ lease: name, error: messageOf(error) }, 'a lease was not renewed')
    }
  }
  await renew()
  let renewing: Promise<void> | null = null
  const timer = setInterval(() => {
    // One question at a time, however long the answer takes.
    renewing ??= renew().finally(() => (renewing = null))
  }, leaseMs / 3)
  return {
    isHeld: () => Date.now() < held.untilMs && performance.now() < held.untilTick,
    close: async () => {
      clearInterval(timer)
      const giveBack = async (): Promise<void> => {
        await renewing
        await giveBackLease(db, name, holder)
      }
      await Promise.race([giveBack(), pause(mostClosingMs, undefined, { ref: false })])
    },
  }
}
