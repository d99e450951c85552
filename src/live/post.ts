/**
 * What both lanes of live detection share: the watches, the time of the logs, the line, and how findings are told.
 *
 * @module
 */
import type { Detector } from '../detect/detector.ts'
import { entityKey } from '../detect/entity-key.ts'
import type { Episode } from '../detect/episodes.ts'
import type { PeerFile } from '../detect/peer-file.ts'
import { rememberSuspects } from '../detect/suspects.ts'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { messageOf } from '../errors.ts'
import type { TimeRange } from '../features/feature-set.ts'
import type { Finding } from '../report/report.ts'
import { leastSurprise, lineFor, mayErr } from '../triage/budget.ts'
import type { LiveFinding } from '../triage/lifecycle.ts'
import {
  budgetDays,
  budgetLine,
  noteSituations,
  type FoundSituation,
  type Situation,
  type Situations,
} from './budget.ts'
import { aheadBy, aheadText, noteAhead, type AheadLogs } from './ahead.ts'
import { advance, dayMs, firstUnseen, rangeOf, spanOf, type Clock } from './clock.ts'
import type { NewSegment } from './news.ts'
import { chooseNews, describeNews, rememberTold } from './tell.ts'
import { concerns, type Watch } from './watch.ts'

export interface LiveLog {
  readonly info: (facts: object, message: string) => void
  readonly warn: (facts: object, message: string) => void
}

/** What a person has set for a detector. */
export interface DetectorSetting {
  readonly enabled: boolean
  /** Added to the line: 1 lets a tenth through. */
  readonly strictness: number
}

export interface LiveOptions {
  readonly engine: Engine
  readonly detectors: readonly Detector[]
  /** Whether lists of domains and addresses were given. */
  readonly hasLists: boolean
  readonly peers: PeerFile | null
  /** Periods that are judged, but not learned from. */
  readonly excluded: () => Promise<readonly TimeRange[]>
  readonly settings: () => Promise<ReadonlyMap<string, DetectorSetting>>
  /** How many incidents a day somebody can read; absent: all that chance does not explain are shown. */
  readonly budgetPerDay?: () => Promise<number>
  /** What was found since then, ms since 1970, by whoever detected before. */
  readonly situations?: (sinceMs: number) => Promise<readonly FoundSituation[]>
  /** Until when what was loaded has been seen by each detector, ms since 1970 by the engine's clock; absent: it starts anew. */
  readonly marks?: {
    readonly read: () => Promise<ReadonlyMap<string, number>>
    readonly write: (detector: string, loadedByMs: number) => Promise<void>
  }
  /** Adds what is known of their ends from elsewhere. */
  readonly learn: (findings: readonly Finding[], options: QueryOptions) => Promise<readonly Finding[]>
  readonly record: (findings: readonly LiveFinding[]) => Promise<void>
  /** Whether this server is the one that detects, where several share their work state. */
  readonly isLeader: () => boolean
  readonly onCycle?: (cycle: { readonly seconds: number; readonly detectors: number }) => void
  readonly log: LiveLog
  /** The machine's clock, ms since 1970. Default `Date.now`. */
  readonly now?: () => number
  /** How long to wait between two looks at everything, as a share of what is usual: tests are in a hurry. Default 1. */
  readonly pace?: number
}

export interface Post {
  readonly options: LiveOptions
  readonly engine: Engine
  readonly signal: AbortSignal
  /** Every query ends when detection does. */
  readonly query: QueryOptions
  readonly now: () => number
  readonly watches: readonly Watch[]
  clock: Clock
  /** Whose logs are too far ahead of the machine's clock. */
  readonly ahead: AheadLogs
  /** The latest segments, for those whose tables were made meanwhile. */
  recent: readonly NewSegment[]
  /** Only what was loaded by then is in the look at everything that is under way; null: there is none. */
  lookingFromMs: number | null
  /** Whether the logs are of now: what does not come is missing. */
  isCurrent: boolean
  readonly startedMs: number
  /** Whether this server has taken detection over. */
  leads: boolean
  /** The working tables of this server begin with this; how many were made. */
  readonly tablePrefix: string
  madeTables: number
  /** What was found in the last days, to be measured against the budget. */
  situations: Situations
  budgetPerDay: number
  settings: ReadonlyMap<string, DetectorSetting>
  /** Until when what was found of whom has been set apart from what is learned. */
  readonly setApart: Map<string, { readonly lastMs: number; readonly atMs: number }>
}

const hourMs = 3_600_000

export const isOn = ({ settings }: Post, { detector }: Watch): boolean =>
  settings.get(detector.id)?.enabled ?? detector.byDefault

/** Whether a detector is on and has what it goes by. */
export const isActive = (post: Post, watch: Watch): boolean =>
  isOn(post, watch) && !(watch.needsList && !post.options.hasLists)

/** Whether a detector takes its share of what chance may bring; one that has not looked yet will, if there is anything for it. */
const takesShare = (post: Post, watch: Watch): boolean => {
  const { detection, detector, categories } = watch
  if (detection !== null) return mayErr(detection)
  const judges = !detector.certain && detector.model !== null && isActive(post, watch)
  return judges && spanOf(post.clock, categories) !== null
}

/** From which rarity on findings are shown: what chance alone may bring, shared by all that judge. */
export const commonLine = (post: Post): number =>
  leastSurprise(post.watches.filter((watch) => takesShare(post, watch)).length)

/** What a person has added to the line of a detector. */
export const strictnessOf = ({ settings }: Post, detector: string): number =>
  settings.get(detector)?.strictness ?? 0

/** From which rarity on the budget has room, for a range that was judged or the last days. */
const budgetLineOf = (post: Post, { fromMs, toMs }: TimeRange): number => {
  const least = spanOf(post.clock, null)?.fromMs ?? fromMs
  const range = { fromMs: Math.max(least, Math.min(fromMs, toMs - budgetDays * dayMs)), toMs }
  return budgetLine(post.situations, post.budgetPerDay, range)
}

/** From which rarity on findings are shown now: what chance may bring, and what somebody can read. */
export const shownLine = (post: Post): number => {
  const span = spanOf(post.clock, null)
  const chance = commonLine(post)
  return span === null ? chance : Math.max(chance, budgetLineOf(post, { fromMs: span.toMs, toMs: span.toMs }))
}

/** The same for one detector, as strict as it was set. */
export const lineOf = (post: Post, watch: Watch, shown = shownLine(post)): number =>
  shown + strictnessOf(post, watch.detector.id)

/** The logs end here for a detector: one that waits for what should come goes by the machine's clock, where logs are of now. */
export const watchedSpan = (post: Post, watch: Watch): TimeRange | null => {
  const span = spanOf(post.clock, watch.categories)
  if (span === null || !goesByClock(post, watch)) return span
  return { fromMs: span.fromMs, toMs: Math.max(span.toMs, post.now()) }
}

/** After a start there is much to catch up with: only then nothing is really nothing. */
const settledAfterMs = 600_000

/** Whether a detector that waits for what should come may go by the machine's clock. */
export const goesByClock = (post: Post, { awaits }: Watch): boolean => {
  const sinceMs = post.now() - post.startedMs
  // A start that is yet to come: the clock was set back.
  const isSettled = sinceMs < 0 || sinceMs >= settledAfterMs * (post.options.pace ?? 1)
  return awaits && post.isCurrent && isSettled
}

/** Whether old logs wait for a look at more than the last day. */
export const isOwed = (post: Post, watch: Watch): boolean => {
  const span = spanOf(post.clock, watch.categories)
  return span !== null && watch.owedFromMs !== null && watch.owedFromMs < span.toMs - dayMs
}

/** Notes that a watch has to look at something again, from its first event on. */
export const owe = (post: Post, watch: Watch, segments: readonly NewSegment[]): void => {
  const span = spanOf(post.clock, watch.categories)
  if (span === null) return
  const fromMs = firstUnseen(
    watch.categories,
    segments.flatMap(({ news }) => news),
    span.toMs,
  )
  if (fromMs !== null) watch.owedFromMs = Math.min(watch.owedFromMs ?? fromMs, fromMs)
}

/** A segment may be listed a little later than its time says. */
const recentMs = 60_000
/** Who is later than this does not write about now. */
const currentMs = hourMs

/** Whether the events of a segment that a watch reads are among those that were loaded by a time and are before another. */
export const isAmong = (
  { categories }: Watch,
  { loadedMs, news }: NewSegment,
  { loadedByMs, toMs }: { readonly loadedByMs: number; readonly toMs: number },
): boolean => loadedMs <= loadedByMs && (rangeOf(categories, news)?.fromMs ?? toMs) < toMs

/** Somebody has to set a clock or a time zone right. */
const tellAhead = ({ ahead: known, options, now }: Post, segments: readonly NewSegment[]): void => {
  const fresh = noteAhead(
    known,
    segments.flatMap(({ ahead }) => ahead),
    now(),
  )
  for (const category of fresh)
    options.log.warn(
      { category, ahead: aheadText(aheadBy(known, [category], now()) ?? 0) },
      'a log is ahead of the clock',
    )
}

/** Notes what was loaded: the time of the logs, and what each watch has to see. */
export const takeIn = (post: Post, segments: readonly NewSegment[]): void => {
  if (segments.length === 0) return
  const latestMs = segments.reduce((latest, { loadedMs }) => Math.max(latest, loadedMs), 0)
  tellAhead(post, segments)
  const news = segments.flatMap((segment) => segment.news)
  post.clock = advance(post.clock, news, post.now())
  if (news.length > 0) post.isCurrent = (spanOf(post.clock, null)?.toMs ?? 0) >= post.now() - currentMs
  for (const watch of post.watches) {
    const own = segments.filter((segment) => concerns(watch, segment))
    if (own.length === 0) continue
    watch.hasNews = true
    owe(post, watch, own)
    if (watch.going === null) continue
    const { loadedByMs = Number.NEGATIVE_INFINITY, range } = watch.going.study
    // What the kept tables were made of is in them.
    const seen = { loadedByMs, toMs: range.toMs }
    watch.queue.push(...own.filter((segment) => !isAmong(watch, segment, seen)))
  }
  const keepMs = Math.min(post.lookingFromMs ?? latestMs, latestMs - recentMs)
  // A part may come long after its segment was loaded.
  const isLooking = post.lookingFromMs !== null
  const isRecent = ({ loadedMs, part }: NewSegment): boolean =>
    loadedMs > keepMs || (isLooking && part !== null)
  post.recent = [...post.recent.filter(isRecent), ...segments]
}

/** What was set apart of episodes so long ago need not be known. */
const apartForMs = 2 * dayMs

/** Later looks do not learn from what was found: told once, and again where it goes on for an hour. */
const setApart = async (
  { engine, setApart: until, query, now }: Post,
  { detector }: Watch,
  shown: readonly Episode[],
): Promise<void> => {
  const keyOf = ({ entity, firstMs }: Episode): string => JSON.stringify([detector.id, entity, firstMs])
  const fresh = shown.filter((episode) => {
    const before = until.get(keyOf(episode))
    return before === undefined || episode.lastMs >= before.lastMs + hourMs
  })
  if (fresh.length === 0) return
  await rememberSuspects(
    engine,
    fresh.map((episode) => ({ detector, episode })),
    query,
  )
  const atMs = now()
  for (const [key, known] of until) if (atMs - known.atMs > apartForMs) until.delete(key)
  for (const episode of fresh) until.set(keyOf(episode), { lastMs: episode.lastMs, atMs })
}

const situationsIn = (
  detector: Detector,
  episodes: readonly Episode[],
  strictness: number,
): readonly Situation[] =>
  detector.certain
    ? []
    : episodes.map((episode) => {
        const line = lineFor(detector, episode, strictness)
        return {
          actor: episode.entity[0] ?? '',
          detector: detector.id,
          rarity: episode.rarity - line,
          raise: strictness - line,
          atMs: episode.lastMs,
        }
      })

const tellNow = async (
  post: Post,
  watch: Watch,
  episodes: readonly Episode[],
  range: TimeRange,
): Promise<void> => {
  const { engine, options, query } = post
  const { detector, memory } = watch
  const strictness = strictnessOf(post, detector.id)
  const chance = commonLine(post) + strictness
  const likely = episodes.filter((episode) => episode.rarity >= lineFor(detector, episode, chance))
  noteSituations(post.situations, situationsIn(detector, likely, strictness))
  const line = { shown: Math.max(chance, budgetLineOf(post, range) + strictness), chance }
  const chosen = chooseNews(detector, episodes, line, memory, post.now())
  // One that cannot be told must not keep the others back for good.
  const turn = watch.untoldTimes % Math.max(1, chosen.news.length)
  const news = watch.untoldTimes < patience ? chosen.news : chosen.news.slice(turn, turn + 1)
  const later = [
    ...chosen.news.filter((item) => !news.includes(item)).map(({ episode }) => episode),
    ...chosen.later,
  ]
  const judged = new Set(episodes.map(({ entity }) => entityKey(entity)))
  const others = watch.untold.filter(({ entity }) => !judged.has(entityKey(entity)))
  // Until it is recorded, all of it is still to be told.
  watch.untold = [...others, ...news.map(({ episode }) => episode), ...later]
  if (news.length > 0) {
    const described = await describeNews(engine, detector, news, range, query)
    const findings = await options.learn(
      described.map(({ finding }) => finding),
      query,
    )
    await options.record(described.map((one, i) => ({ ...one, finding: findings[i] ?? one.finding })))
    rememberTold(memory, news, post.now())
  }
  watch.untold = [...others, ...later]
  await setApart(
    post,
    watch,
    news.filter(({ shown }) => shown).map(({ episode }) => episode),
  )
}

/** What could not be told is tried again after so long, in ms, and twice as long each time. */
const [soonMs, latestMs] = [1000, 60_000] as const
/** After so many failures findings are told one by one. */
const patience = 5

/** Tells what is new among the episodes of a watch. What fails is told later; the failure is the caller's to tell. */
export const tell = (
  post: Post,
  watch: Watch,
  episodes: readonly Episode[],
  range: TimeRange,
): Promise<void> => {
  const turn = watch.telling.then(async () => {
    if (!post.options.isLeader()) return
    try {
      await tellNow(post, watch, episodes, range)
      watch.untoldTimes = 0
    } catch (error) {
      watch.tellAfterMs = performance.now() + Math.min(latestMs, soonMs * 2 ** watch.untoldTimes++)
      throw error
    }
  })
  watch.telling = turn.catch(() => undefined)
  return turn
}

/**
 * Work goes on where one detector fails: the failure is told, and it is tried again when it is due.
 *
 * @returns what the work gave; null where it failed
 */
export const attempt = async <T>(
  post: Post,
  watch: Watch,
  what: string,
  work: () => Promise<T>,
): Promise<T | null> => {
  try {
    const result = await work()
    watch.failure = null
    return result
  } catch (error) {
    if (post.signal.aborted) return null
    watch.failure = messageOf(error)
    post.options.log.warn({ detector: watch.detector.id, error: watch.failure }, `${what} failed`)
    return null
  }
}
