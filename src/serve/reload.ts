/**
 * A configuration that changes while the server runs: what can take effect does, of the rest it is said that it needs a restart, and
 * of a file that is wrong, that the settings from before stay.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { changesBetween } from '../config/changes.ts'
import type { Config } from '../config/config.ts'
import { AppError, messageOf } from '../errors.ts'

export interface ReloadOptions {
  /** The configuration file; absent: there is none to watch. */
  readonly file?: string
  /** Reads it anew. Throws `invalid-config` with all its problems. */
  readonly read: () => Promise<Config>
  readonly apply: (next: Config) => Promise<void>
  /** What the server runs with. */
  readonly started: Config
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** How often the file is looked at. Default 2000. */
  readonly everyMs?: number
}

export interface Reload {
  /** Reads the file now, after what is being read already. Never rejects: what is wrong is in the log. */
  readonly now: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A file as it stands; null while there is none: it comes back when it is replaced. */
const markOf = (file: string): Promise<string | null> =>
  stat(file).then(
    ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
    () => null,
  )

/**
 * Watches the file until it is closed. It is looked at rather than listened to, so that one that is replaced is seen as well; for the
 * first time at once, since it may have changed while the server started.
 */
export const startReload = ({ file, read, apply, started, log, everyMs = 2000 }: ReloadOptions): Reload => {
  let last = started
  const once = async (isFirst: boolean): Promise<void> => {
    try {
      const next = await read()
      const { applied } = changesBetween(last, next)
      const { needRestart } = changesBetween(started, next)
      const isSame = applied.length + needRestart.length === 0
      if (isFirst && isSame) return
      await apply(next)
      last = next
      if (isSame) log.info({}, 'the configuration is as it was, certificates were read again')
      if (applied.length > 0) log.info({ settings: applied }, 'the configuration was read again')
      if (needRestart.length > 0)
        log.warn({ settings: needRestart }, 'changed in the file, but needs a restart')
    } catch (error) {
      const isWrong = error instanceof AppError && error.code === 'invalid-config'
      log.error(
        { problem: messageOf(error) },
        isWrong
          ? 'the configuration is wrong: the settings from before stay'
          : 'a changed configuration could not be applied',
      )
    }
  }
  let reading: Promise<void> = Promise.resolve()
  const now = (isFirst = false): Promise<void> => (reading = reading.then(() => once(isFirst)))

  let timer: NodeJS.Timeout | undefined
  let closed = false
  let seen: string | null = null
  const look = async (path: string): Promise<void> => {
    const mark = await markOf(path)
    if (closed) return
    if (mark !== null && mark !== seen) {
      const isFirst = seen === null
      seen = mark
      await now(isFirst)
    }
    // Not while it is read: the next look is due afterwards.
    if (!closed) timer = setTimeout(() => void look(path), everyMs).unref()
  }
  if (file !== undefined) void look(file)
  return {
    now: () => now(),
    close: async () => {
      closed = true
      clearTimeout(timer)
      await reading
    },
  }
}
