/**
 * What a server does every hour: what is too old goes.
 *
 * @module
 */
import type { Logger } from 'pino'
import type { Engine } from '../engine/engine.ts'
import { messageOf } from '../errors.ts'
import { compactSegments } from '../intake/compact-segments.ts'
import { keepWithin, type Retention } from './retention.ts'
import type { Db } from '../store/database.ts'
import { prune } from '../store/prune.ts'

export interface UpkeepOptions {
  readonly engine: Engine
  readonly db: Db
  readonly retention: () => Promise<Retention>
  readonly isLeader: () => boolean
  readonly log: Logger
}

const everyMs = 3_600_000
/** A server that has just started has other things to do. */
const firstMs = 60_000

const lookAfter = async ({ engine, db, retention, log }: UpkeepOptions): Promise<void> => {
  const wanted = await retention()
  const { fromMs } = await keepWithin(engine, wanted, Date.now())
  if (fromMs !== null) log.info({ before: new Date(fromMs).toISOString() }, 'old events removed')
  const pruned = await prune(db, { days: wanted.days })
  if (pruned.findings + pruned.messages + pruned.machines > 0) log.info(pruned, 'old work state removed')
  const days = await compactSegments(engine)
  if (days > 0) log.info({ days }, 'past days of streams listed as one segment each')
}

export const startUpkeep = (options: UpkeepOptions): { readonly close: () => Promise<void> } => {
  let timer: NodeJS.Timeout
  let working = Promise.resolve()
  let closed = false
  const plan = (ms: number): void => {
    timer = setTimeout(() => {
      working = (options.isLeader() ? lookAfter(options) : Promise.resolve())
        .catch((error: unknown) =>
          options.log.warn({ error: messageOf(error) }, 'old events were not removed'),
        )
        .then(() => {
          if (!closed) plan(everyMs)
        })
    }, ms)
    timer.unref()
  }
  plan(firstMs)
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await working
    },
  }
}
