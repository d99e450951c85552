/**
 * How each source is doing: what came in, how fast, how late, and whether it is understood. Kept in memory, for an hour.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import type { SourceRow } from '../api/api.ts'
import { sql } from '../sql/sql.ts'
import type { Loaded } from './loader.ts'

const minuteMs = 60_000
const minutesKept = 60
/** The rate is that of the last five minutes. */
const rateMinutes = 5
/** A source that sent nothing for so long is quiet: that is no alarm, which `source-silent` is for. */
const quietMs = 5 * minuteMs

interface Seen {
  kind: SourceRow['kind']
  format: string | null
  lines: number
  rejected: number
  lagSeconds: number | null
  firstSeenMs: number | null
  lastSeenMs: number | null
  problem: string | null
  /** Lines by the minute they arrived in, counted from 1970. */
  readonly minutes: Map<number, number>
}

export interface Sources {
  readonly loaded: (loaded: Loaded) => void
  /** What a source cannot do, in words; null when it can again. */
  readonly problem: (source: string, kind: SourceRow['kind'], problem: string | null) => void
  /** By name. */
  readonly rows: () => readonly SourceRow[]
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const fresh = (kind: SourceRow['kind']): Seen => ({
  kind,
  format: null,
  lines: 0,
  rejected: 0,
  lagSeconds: null,
  firstSeenMs: null,
  lastSeenMs: null,
  problem: null,
  minutes: new Map(),
})

const stateOf = (seen: Seen, nowMs: number): SourceRow['state'] => {
  if (seen.problem !== null || (seen.lines > 0 && seen.rejected === seen.lines)) return 'unread'
  return seen.lastSeenMs !== null && nowMs - seen.lastSeenMs < quietMs ? 'receiving' : 'quiet'
}

interface Before {
  readonly source: string
  readonly format: string
  readonly lines: number
  readonly rejected: number
  readonly firstSeenMs: number
  readonly lastSeenMs: number
}

/** More sources than anyone looks at. */
const mostSources = 10_000

/**
 * What earlier runs loaded is counted first.
 *
 * @param now the machine's clock, ms since 1970
 */
export const openSources = async (engine: Engine, now: () => number): Promise<Sources> => {
  const before = await engine.rows<Before>(
    sql`SELECT source, argMax(format, loaded) AS format, sum(lines) AS lines, sum(rejected) AS rejected, toUnixTimestamp64Milli(min(loaded)) AS firstSeenMs, toUnixTimestamp64Milli(max(loaded)) AS lastSeenMs FROM segments GROUP BY source ORDER BY source LIMIT ${mostSources}`,
  )
  const sources = new Map<string, Seen>(
    before.map(({ source, format, ...counts }) => [
      source,
      // Until it sends again, its name is all that tells how it came.
      { ...fresh(source.includes('/') ? 'file' : 'http'), ...counts, format: format === '' ? null : format },
    ]),
  )
  const seenOf = (name: string, kind: SourceRow['kind']): Seen => {
    const known = sources.get(name)
    if (known !== undefined) return known
    // Senders name themselves, some anew each time.
    if (sources.size >= mostSources) {
      const [quietest] = [...sources].toSorted(([, a], [, b]) => (a.lastSeenMs ?? 0) - (b.lastSeenMs ?? 0))
      if (quietest !== undefined) sources.delete(quietest[0])
    }
    const seen = fresh(kind)
    sources.set(name, seen)
    return seen
  }
  const rowOf = (name: string, seen: Seen, nowMs: number): SourceRow => {
    const minute = Math.floor(nowMs / minuteMs)
    const minutes = Array.from(
      { length: minutesKept },
      (_, i) => seen.minutes.get(minute - minutesKept + 1 + i) ?? 0,
    )
    const recent = minutes.slice(-rateMinutes).reduce((sum, lines) => sum + lines, 0)
    return {
      name,
      kind: seen.kind,
      format: seen.format,
      lines: seen.lines,
      rejected: seen.rejected,
      rate: Math.round((recent / (rateMinutes * 60)) * 100) / 100,
      lagSeconds: seen.lagSeconds,
      firstSeen: iso(seen.firstSeenMs),
      lastSeen: iso(seen.lastSeenMs),
      state: stateOf(seen, nowMs),
      problem: seen.problem,
      minutes,
    }
  }
  return {
    loaded: (loaded) => {
      const nowMs = now()
      const seen = seenOf(loaded.source, loaded.kind)
      if (loaded.again === true) {
        // They were counted when they came.
        seen.format = loaded.format ?? seen.format
        seen.rejected = Math.max(0, seen.rejected - (loaded.lines - loaded.rejected))
        return
      }
      seen.kind = loaded.kind
      seen.format = loaded.format ?? seen.format
      seen.lines += loaded.lines
      seen.rejected += loaded.rejected
      seen.firstSeenMs ??= loaded.arrivedMs
      seen.lastSeenMs = Math.max(seen.lastSeenMs ?? 0, loaded.arrivedMs)
      if (loaded.lastMs !== null)
        seen.lagSeconds = Math.max(0, Math.round((loaded.arrivedMs - loaded.lastMs) / 1000))
      const minute = Math.floor(loaded.arrivedMs / minuteMs)
      seen.minutes.set(minute, (seen.minutes.get(minute) ?? 0) + loaded.lines)
      for (const key of seen.minutes.keys())
        if (key <= Math.floor(nowMs / minuteMs) - minutesKept) seen.minutes.delete(key)
    },
    problem: (source, kind, problem) => {
      seenOf(source, kind).problem = problem
    },
    rows: () =>
      [...sources]
        .map(([name, seen]) => rowOf(name, seen, now()))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}
