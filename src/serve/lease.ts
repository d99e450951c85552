/**
 * Which of several servers on one work state does what only one may do.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
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

/** Takes a lease and renews it; where another holds it, waits for it to be free. */
export const keepLease = async (db: Db, name: string, log: Logger): Promise<Lease> => {
  const holder = randomUUID()
  let heldUntilMs = 0
  const renew = async (): Promise<void> => {
    // Counted from before the question: the database's term ends later than ours.
    const askedMs = Date.now()
    try {
      heldUntilMs = (await takeLease(db, name, holder, leaseMs)) ? askedMs + leaseMs : 0
    } catch (error) {
      log.warn({ lease: name, error: messageOf(error) }, 'a lease was not renewed')
    }
  }
  await renew()
  let renewing = Promise.resolve()
  const timer = setInterval(() => {
    renewing = renewing.then(renew)
  }, leaseMs / 3)
  return {
    isHeld: () => Date.now() < heldUntilMs,
    close: async () => {
      clearInterval(timer)
      await renewing
      await giveBackLease(db, name, holder)
    },
  }
}
