import { AppError } from '../errors.ts'

export interface Turn {
  /** Rejects with `cancelled` when it fires before a thing is free; after that it is the borrower's to heed. */
  readonly signal?: AbortSignal | undefined
  /** For whom it is. */
  readonly asker?: string | undefined
}

/**
 * Lends one of a few things to one borrower at a time. Of those who wait, whoever had the last turn the longest ago is next, so that
 * nobody keeps others waiting by asking often; in the order they asked otherwise.
 */
export type Turns<T> = <R>(turn: Turn, use: (thing: T) => Promise<R>) => Promise<R>

interface Waiting<T> {
  readonly asker: string
  readonly take: (thing: T) => void
}

export const takeTurns = <T>(things: readonly T[]): Turns<T> => {
  const idle = [...things]
  const waiting: Waiting<T>[] = []
  /** The number of an asker's last turn; all are forgotten when nobody has one. */
  const lastTurns = new Map<string, number>()
  let turns = 0

  const acquire = ({ signal, asker = '' }: Turn): Promise<T> => {
    const thing = idle.pop()
    if (thing !== undefined) {
      lastTurns.set(asker, (turns += 1))
      return Promise.resolve(thing)
    }
    return new Promise((resolve, reject) => {
      const own: Waiting<T> = {
        asker,
        take: (freed) => {
          signal?.removeEventListener('abort', leave)
          resolve(freed)
        },
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(own), 1)
        reject(new AppError('cancelled'))
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(own)
    })
  }
  const next = (): Waiting<T> | undefined => {
    const first = waiting.reduce<Waiting<T> | undefined>(
      (best, one) =>
        best === undefined || (lastTurns.get(one.asker) ?? 0) < (lastTurns.get(best.asker) ?? 0) ? one : best,
      undefined,
    )
    if (first !== undefined) waiting.splice(waiting.indexOf(first), 1)
    return first
  }
  const release = (thing: T): void => {
    const one = next()
    if (one === undefined) {
      idle.push(thing)
      if (idle.length === things.length) lastTurns.clear()
      return
    }
    lastTurns.set(one.asker, (turns += 1))
    one.take(thing)
  }

  return async (turn, use) => {
    if (turn.signal?.aborted === true) throw new AppError('cancelled')
    const thing = await acquire(turn)
    try {
      return await use(thing)
    } finally {
      release(thing)
    }
  }
}
