import { AppError } from '../errors.ts'

/** Lends one of a few things to one borrower at a time, in the order they asked. */
export type Turns<T> = <R>(signal: AbortSignal | undefined, use: (thing: T) => Promise<R>) => Promise<R>

/** Rejects with `cancelled` when the signal fires before a thing is free; after that it is the borrower's to heed. */
export const takeTurns = <T>(things: readonly T[]): Turns<T> => {
  const idle = [...things]
  const waiting: ((thing: T) => void)[] = []

  const acquire = (signal: AbortSignal | undefined): Promise<T> => {
    const thing = idle.pop()
    if (thing !== undefined) return Promise.resolve(thing)
    return new Promise((resolve, reject) => {
      const take = (freed: T): void => {
        signal?.removeEventListener('abort', leave)
        resolve(freed)
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(take), 1)
        reject(new AppError('cancelled'))
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(take)
    })
  }
  const release = (thing: T): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(thing)
    else next(thing)
  }

  return async (signal, use) => {
    if (signal?.aborted === true) throw new AppError('cancelled')
    const thing = await acquire(signal)
    try {
      return await use(thing)
    } finally {
      release(thing)
    }
  }
}
