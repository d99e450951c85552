/**
 * Logins in an sshd log, counted by expressions of our own.
 *
 * @module
 */
import { type TimedLine } from './log-files.ts'

export interface SourceCounts {
  /** Attempts that failed; "message repeated 5 times" counts for five. */
  readonly failed: number
  readonly accepted: number
}

const failure = /Failed \S+ for (?:invalid user )?.*? from (\S+) port/
const success = /Accepted \S+ for .*? from (\S+) port/
const repeated = /message repeated (\d+) times: \[/

export const countLogins = (lines: readonly string[]): Map<string, SourceCounts> => {
  const counts = new Map<string, SourceCounts>()
  const add = (source: string, failed: number, accepted: number): void => {
    const before = counts.get(source) ?? { failed: 0, accepted: 0 }
    counts.set(source, { failed: before.failed + failed, accepted: before.accepted + accepted })
  }
  for (const line of lines) {
    const times = Number(repeated.exec(line)?.[1] ?? 1)
    const [, failing] = failure.exec(line) ?? []
    const [, getting] = success.exec(line) ?? []
    if (failing !== undefined) add(failing, times, 0)
    else if (getting !== undefined) add(getting, 0, times)
  }
  return counts
}

/** The time at a line's beginning, in the year (UTC); null for other lines. */
export const timeOfLine = (line: string, year: number): number | null => {
  const [, stamp] = /^(\w{3} +\d+ \d\d:\d\d:\d\d) /.exec(line) ?? []
  const timeMs = stamp === undefined ? Number.NaN : Date.parse(`${stamp} ${year} UTC`)
  return Number.isNaN(timeMs) ? null : timeMs
}

export const syslogStamp = (timeMs: number): string => {
  const at = new Date(timeMs)
  const month = at.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
  return `${month} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)}`
}

const failedLogin = (timeMs: number, host: string, user: string, source: string, n: number): TimedLine => ({
  timeMs,
  text: `${syslogStamp(timeMs)} ${host} sshd[${20_000 + n}]: Failed password for invalid user ${user} from ${source} port ${40_000 + n} ssh2`,
})

/** One source, one user, `attempts` failures, one each `gapS`. */
export const bruteForce = (
  startMs: number,
  host: string,
  source: string,
  attempts: number,
  gapS: number,
): TimedLine[] =>
  Array.from({ length: attempts }, (_, n) =>
    failedLogin(startMs + n * gapS * 1000, host, 'backup', source, n),
  )

/** One source, one failure for each of `users` users, one each `gapS`. */
export const spray = (
  startMs: number,
  host: string,
  source: string,
  users: number,
  gapS: number,
): TimedLine[] =>
  Array.from({ length: users }, (_, n) =>
    failedLogin(startMs + n * gapS * 1000, host, `person${n + 1}`, source, n),
  )
