/**
 * Streams whose lines could not be loaded though others could: how long they are tried again.
 *
 * @module
 */
import { AppError } from '../errors.ts'
import { systemCode } from '../ingest/damage.ts'

/** Failures for want of memory, or of the disk: fewer lines may do, and later all of them. */
export const isShortage = (error: unknown): boolean =>
  (error instanceof AppError && error.code === 'out-of-memory') || systemCode(error) !== ''

const mostTimes = 3
/** A shortage that lasts for so many times the first pause, 10 minutes, is due to the lines. */
const mostPauses = 600

interface Failing {
  /** How often that may have been because of its lines. */
  readonly times: number
  /** Since when, by `performance.now`. */
  readonly sinceMs: number
}

export interface FailingStreams {
  /** Notes that a stream failed by itself. Returns whether that has gone on for so long that it is due to its lines. */
  readonly note: (stream: string, error: unknown) => boolean
  readonly has: (stream: string) => boolean
  /** It was loaded. */
  readonly reset: (stream: string) => void
  /** Forgets all but these. */
  readonly keep: (known: ReadonlySet<string>) => void
}

/** @param retryMs the first pause after a failure */
export const openFailing = (retryMs: number): FailingStreams => {
  const streams = new Map<string, Failing>()
  return {
    note: (stream, error) => {
      const nowMs = performance.now()
      const { times, sinceMs } = streams.get(stream) ?? { times: 0, sinceMs: nowMs }
      const failing = { times: times + (isShortage(error) ? 0 : 1), sinceMs }
      streams.set(stream, failing)
      return isShortage(error) ? nowMs - sinceMs > mostPauses * retryMs : failing.times > mostTimes
    },
    has: (stream) => streams.has(stream),
    reset: (stream) => streams.delete(stream),
    keep: (known) => {
      for (const stream of streams.keys()) if (!known.has(stream)) streams.delete(stream)
    },
  }
}
