/**
 * A configuration that changes while the server runs: what can take effect does, of the rest it is said that it needs a restart, and
 * of a file that is wrong, that the settings from before stay.
 *
 * @module
 */
import { unwatchFile, watchFile, type Stats } from 'node:fs'
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

/** Watches the file until it is closed. It is looked at rather than listened to, so that one that is replaced is seen as well. */
export const startReload = ({ file, read, apply, started, log, everyMs = 2000 }: ReloadOptions): Reload => {
  let last = started
  const once = async (): Promise<void> => {
    try {
      const next = await read()
      const { applied } = changesBetween(last, next)
      const { needRestart } = changesBetween(started, next)
      await apply(next)
      last = next
      if (applied.length + needRestart.length === 0)
        log.info({}, 'the configuration is as it was, certificates were read again')
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
  const now = (): Promise<void> => (reading = reading.then(once))
  const changed = (is: Stats, was: Stats): void => {
    // Gone for a moment while it is replaced: it comes back, and that is a change as well.
    if (is.nlink > 0 && (is.mtimeMs !== was.mtimeMs || is.ino !== was.ino || is.size !== was.size)) void now()
  }
  if (file !== undefined) watchFile(file, { interval: everyMs, persistent: false }, changed)
  return {
    now,
    close: async () => {
      if (file !== undefined) unwatchFile(file, changed)
      await reading
    },
  }
}
