/**
 * What both lanes of live detection share: the watches, the time of the logs, the line, and how findings are told.
 *
 * @module
 */
import type { Detector } from '../detect/detector.ts'
import type { Episode } from '../detect/episodes.ts'
import type { PeerFile } from '../detect/peer-file.ts'
import { rememberSuspects } from '../detect/suspects.ts'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { messageOf } from '../errors.ts'
import type { TimeRange } from '../features/feature-set.ts'
import type { Finding } from '../report/report.ts'
import { leastSurprise, mayErr } from '../triage/budget.ts'
import type { LiveFinding } from '../triage/lifecycle.ts'
import { advance, lateIn, type Clock } from './clock.ts'
import type { NewSegment } from './news.ts'
import { tellNews } from './tell.ts'
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
  /** Segments of the last hour, for those whose tables were made meanwhile. */
  recent: readonly NewSegment[]
  settings: ReadonlyMap<string, DetectorSetting>
  /** Until when what was found of whom has been set apart from what is learned. */
  readonly setApart: Map<string, number>
}

const hourMs = 3_600_000

export const isOn = ({ settings }: Post, { detector }: Watch): boolean =>
  settings.get(detector.id)?.enabled ?? detector.byDefault

/** Whether a detector is on and has what it goes by. */
export const isActive = (post: Post, watch: Watch): boolean =>
  isOn(post, watch) && !(watch.needsList && !post.options.hasLists)

/** From which rarity on findings are shown: what chance alone may bring, shared by all that judge. */
export const commonLine = ({ watches }: Post): number =>
  leastSurprise(watches.filter(({ detection }) => detection !== null && mayErr(detection)).length)

/** The same for one detector, as strict as it was set. */
export const lineOf = (post: Post, { detector }: Watch): number =>
  commonLine(post) + (post.settings.get(detector.id)?.strictness ?? 0)

/** Notes what was loaded: the time of the logs, and what each watch has to see. */
export const takeIn = (post: Post, segments: readonly NewSegment[]): void => {
  const news = segments.flatMap((segment) => segment.news)
  const before = post.clock
  post.clock = advance(before, news, post.now())
  const late = lateIn(before, post.clock, news)
  for (const watch of post.watches) {
    const own = segments.filter((segment) => concerns(watch, segment))
    if (own.length === 0) continue
    watch.hasNews = true
    if (watch.going !== null) watch.queue.push(...own.map(({ segment }) => segment))
    for (const [category, fromMs] of late) {
      if (watch.categories === null || watch.categories.includes(category))
        watch.owedFromMs = Math.min(watch.owedFromMs ?? fromMs, fromMs)
    }
  }
  const keepMs = (segments.at(-1)?.loadedMs ?? 0) - hourMs
  if (segments.length > 0)
    post.recent = [...post.recent.filter(({ loadedMs }) => loadedMs > keepMs), ...segments]
}

/** Later looks do not learn from what was found: told once, and again where it goes on for an hour. */
const setApart = async (
  { engine, setApart: until, query }: Post,
  { detector }: Watch,
  episodes: readonly Episode[],
  told: readonly LiveFinding[],
): Promise<void> => {
  const shown = new Set(
    told.filter(({ state }) => state === 'shown').map(({ finding }) => Date.parse(finding.first)),
  )
  const fresh = episodes.filter(({ entity, firstMs, lastMs }) => {
    const key = JSON.stringify([detector.id, entity, firstMs])
    if (!shown.has(firstMs) || lastMs < (until.get(key) ?? Number.NEGATIVE_INFINITY) + hourMs) return false
    until.set(key, lastMs)
    return true
  })
  await rememberSuspects(
    engine,
    fresh.map((episode) => ({ detector, episode })),
    query,
  )
}

/** Tells what is new among the episodes of a watch. */
export const tell = async (
  post: Post,
  watch: Watch,
  episodes: readonly Episode[],
  range: TimeRange,
): Promise<void> => {
  const { engine, options, query } = post
  const { told, untold } = await tellNews({
    engine,
    detector: watch.detector,
    episodes,
    line: lineOf(post, watch),
    range,
    memory: watch.memory,
    nowMs: post.now(),
    options: query,
  })
  const judged = new Set(episodes.map(({ entity }) => entity.join('\u0000')))
  const others = watch.untold.filter(({ entity }) => !judged.has(entity.join('\u0000')))
  watch.untold = [...others, ...untold]
  if (told.length === 0) return
  const known = await options.learn(
    told.map(({ finding }) => finding),
    query,
  )
  await options.record(told.map((one, i) => ({ ...one, finding: known[i] ?? one.finding })))
  await setApart(post, watch, episodes, told)
}

/** Work goes on where one detector fails: the failure is told, and it is tried again when it is due. */
export const attempt = async (
  post: Post,
  watch: Watch,
  what: string,
  work: () => Promise<void>,
): Promise<void> => {
  try {
    await work()
    watch.failure = null
  } catch (error) {
    if (post.signal.aborted) return
    watch.failure = messageOf(error)
    post.options.log.warn({ detector: watch.detector.id, error: watch.failure }, `${what} failed`)
  }
}
