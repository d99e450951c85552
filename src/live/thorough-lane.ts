/**
 * Each detector looks at all of its history again from time to time: that renews its models, and finds what needs the whole picture.
 *
 * @module
 */
import { canGoOn, letGo, runOn } from '../detect/keep.ts'
import { fillPeers } from '../detect/peers.ts'
import { runDetector, tableName, type Detection } from '../detect/run.ts'
import type { Scope } from '../detect/windows.ts'
import type { TimeRange } from '../features/feature-set.ts'
import { compareInTime, logOf } from '../ingest/rotation.ts'
import { messageOf } from '../errors.ts'
import { peerGroups } from '../features/peers.ts'
import { lastDay, spanOf } from './clock.ts'
import { activeDaysIn, historyOf } from './history-start.ts'
import { attempt, goesByClock, isActive, isAmong, isOwed, owe, tell, watchedSpan, type Post } from './post.ts'
import { engineNow } from './news.ts'
import { nextDue, type Job } from './schedule.ts'
import { takeOver } from './take-over.ts'
import { concerns, type Watch } from './watch.ts'

/** A segment that is listed while a look begins may be missing from its first queries: it is taken for new. */
const unsureMs = 2000
/** What users and machines have to do with changes slowly. */
const peersAgainMs = 1_800_000

/** A log is missed after an hour at the soonest. */
const awaitsAgainMs = 300_000

const jobOf = (post: Post, watch: Watch): Job => {
  const awaitedMs = (watch.startedMs ?? 0) + awaitsAgainMs * (post.options.pace ?? 1)
  const hasNews = watch.hasNews || (goesByClock(post, watch) && post.now() >= awaitedMs)
  return {
    startedMs: watch.startedMs,
    tookMs: watch.tookMs,
    runs: watch.runs,
    goesOn: watch.going !== null,
    hasNews,
    failures: watch.failures,
    isOwed: hasNews && isOwed(post, watch),
    owedRuns: watch.owedRuns,
    lacksModel: watch.keepable && hasNews && (watch.going === null || !canGoOn(watch.going)),
  }
}

/** A look that began later than now: the clock was set back. What is loaded from here on is before what was seen then, by its time. */
const forgetFuture = (watch: Watch, nowMs: number): void => {
  if (watch.startedMs !== null && watch.startedMs > nowMs) watch.startedMs = null
}

const scopeOf = async (post: Post, watch: Watch, span: TimeRange, loadedByMs: number): Promise<Scope> => {
  const { fromMs, days } = await historyOf(post.engine, watch.categories, span, post.query)
  const day = lastDay(span)
  const owedFromMs = Math.min(day.fromMs, watch.owedFromMs ?? day.fromMs)
  const judged = { fromMs: Math.max(fromMs, owedFromMs), toMs: span.toMs }
  return {
    all: { fromMs, toMs: span.toMs },
    judged,
    activeDays: activeDaysIn(judged, days),
    excluded: await post.options.excluded(),
    ...(watch.keepable ? { loadedByMs } : {}),
    ...(goesByClock(post, watch) ? { untilNow: true } : {}),
  }
}

/** Lets a detector go on from a new look at everything; what was loaded meanwhile is still to be seen. */
const renew = async (post: Post, watch: Watch, scope: Scope, loadedByMs: number): Promise<Detection> => {
  const before = watch.going
  // No name is used twice: the tables that are gone on with stay in use until the new ones are there.
  const prefix = `${post.tablePrefix}_${tableName(watch.detector)}_${post.madeTables++}`
  const { detection, going } = await runOn(post.engine, watch.detector, scope, post.query, prefix)
  watch.going = going
  const seen = { loadedByMs, toMs: scope.all.toMs }
  const missed = post.recent.filter((segment) => concerns(watch, segment) && !isAmong(watch, segment, seen))
  watch.queue = going === null ? [] : missed
  if (missed.length > 0) {
    watch.hasNews = true
    owe(post, watch, missed)
  }
  if (before !== null) {
    await watch.inUse
    await letGo(post.engine, before)
  }
  return detection
}

/** What has been seen is written down this often at most. */
const markEveryMs = 60_000

/** Writes down that all that was loaded by then has been seen and told. */
const mark = async ({ options, signal }: Post, watch: Watch, loadedByMs: number): Promise<void> => {
  if (options.marks === undefined || !options.isLeader()) return
  // The engine's clock may have been set back.
  if (Math.abs(loadedByMs - watch.markedMs) < markEveryMs * (options.pace ?? 1)) return
  try {
    await options.marks.write(watch.detector.id, loadedByMs)
    watch.markedMs = loadedByMs
  } catch (error) {
    if (!signal.aborted)
      options.log.warn({ detector: watch.detector.id, error: messageOf(error) }, 'not written down as seen')
  }
}

/** So many looks belong to the beginning. */
const firstRuns = 5

/** @returns the range that was judged; null where there is nothing */
const lookAtAll = async (post: Post, watch: Watch, loadedByMs: number): Promise<TimeRange | null> => {
  const { engine, options, query } = post
  const span = watchedSpan(post, watch)
  if (span === null) return null
  const scope = await scopeOf(post, watch, span, loadedByMs)
  const owedFromMs = watch.owedFromMs
  watch.owedRuns = isOwed(post, watch) ? watch.owedRuns + 1 : 0
  watch.hasNews = false
  watch.owedFromMs = null
  try {
    watch.detection = watch.keepable
      ? await renew(post, watch, scope, loadedByMs)
      : await runDetector(engine, watch.detector, scope, query, {
          detectors: options.detectors,
          logOf,
          compare: compareInTime,
        })
    // What was judged when little was known is judged again while more comes in, but not for ever.
    if (watch.keepable && watch.hasNews && watch.runs < firstRuns && owedFromMs !== null)
      watch.owedFromMs = Math.min(owedFromMs, watch.owedFromMs ?? owedFromMs)
    return scope.judged
  } catch (error) {
    watch.hasNews = true
    // What came in meanwhile may be owed from further back.
    if (owedFromMs !== null) watch.owedFromMs = Math.min(owedFromMs, watch.owedFromMs ?? owedFromMs)
    throw error
  }
}

const lookAgain = async (post: Post, watch: Watch): Promise<void> => {
  const beganMs = performance.now()
  watch.startedMs = post.now()
  const seen = await attempt(post, watch, 'detection', async () => {
    watch.failures++
    try {
      const loadedByMs = (await engineNow(post.engine)) - unsureMs
      post.lookingFromMs = loadedByMs
      const judged = await lookAtAll(post, watch, loadedByMs)
      watch.failures = 0
      return judged === null ? null : { judged, loadedByMs }
    } finally {
      post.lookingFromMs = null
      watch.endedMs = post.now()
      watch.tookMs = Math.round(performance.now() - beganMs)
      watch.runs++
    }
  })
  if (seen === null) return
  await attempt(post, watch, 'telling', async () => {
    await tell(post, watch, watch.detection?.episodes ?? [], seen.judged)
    await mark(post, watch, seen.loadedByMs)
  })
}

export interface ThoroughLane {
  /** Lets the detector look that has waited longest; false where none is due. */
  readonly step: () => Promise<boolean>
}

export const openThoroughLane = (post: Post): ThoroughLane => {
  const { engine, options, query } = post
  let peersDueMs = Number.NEGATIVE_INFINITY

  /** Without them detectors see less, but something. */
  const knowPeers = async (): Promise<void> => {
    const span = spanOf(post.clock, null)
    if (span === null || performance.now() < peersDueMs) return
    peersDueMs = performance.now() + peersAgainMs
    try {
      const { fromMs } = await historyOf(engine, null, span, query)
      const all = { fromMs, toMs: span.toMs }
      const scope = { all, judged: lastDay(span), activeDays: 1, excluded: await options.excluded() }
      await fillPeers(engine, options.detectors, scope, options.peers, query)
    } catch (error) {
      if (post.signal.aborted) throw error
      options.log.warn(
        { error: messageOf(error) },
        'groups of users and machines that are alike were not found',
      )
      await engine.createTable(peerGroups)
    }
  }

  return {
    step: async () => {
      if (!options.isLeader()) {
        post.leads = false
        return false
      }
      if (!post.leads) await takeOver(post)
      const active = post.watches.filter((watch) => isActive(post, watch))
      for (const watch of active) forgetFuture(watch, post.now())
      const watch = nextDue(new Map(active.map((one) => [one, jobOf(post, one)])), post.now(), options.pace)
      if (watch === null) return false
      await knowPeers()
      watch.looking = true
      try {
        await lookAgain(post, watch)
      } finally {
        watch.looking = false
      }
      return true
    },
  }
}
