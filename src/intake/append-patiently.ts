import { AppError } from '../errors.ts'
import type { Spool, Stream } from '../spool/spool.ts'

/** Where lines go, and what becomes of a wait for room. */
export interface Sink {
  readonly spool: Spool
  /** Ends the waiting; `cancelled` is thrown then. */
  readonly signal: AbortSignal
  /** Hears what keeps lines waiting, and null each time that some were taken. */
  readonly onFull: (problem: string | null) => void
}

const pauseMs = 500

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })

/** There is no room, or the disk fails. All else is refused for good. */
const mayPass = (error: unknown): error is Error =>
  error instanceof AppError
    ? error.code === 'spool-full' || error.code === 'disk-full'
    : error instanceof Error && 'syscall' in error

/** Appends, and tries again until the disk takes it: for senders that can only be kept waiting. */
export const appendPatiently = async (
  { spool, signal, onFull }: Sink,
  stream: Stream,
  lines: Buffer,
  count: number,
  position?: string,
): Promise<void> => {
  for (;;) {
    if (signal.aborted) throw new AppError('cancelled')
    try {
      await spool.append(stream, lines, count, position)
      onFull(null)
      return
    } catch (error) {
      if (!mayPass(error)) throw error
      onFull(error.message)
      await pause(pauseMs, signal)
    }
  }
}
