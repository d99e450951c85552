/**
 * Each detector looks at all of its history again from time to time: that renews its models, and finds what needs the whole picture.
 *
 * @module
 */
import { canGoOn, letGo, runOn } from '../detect/keep.ts'
import { fillPeers } from '../detect/peers.ts'
import { runDetector, type Detection } from '../detect/run.ts'
import type { Scope } from '../detect/windows.ts'
import type { Engine } from '../engine/engine.ts'
import type { TimeRange } from '../features/feature-set.ts'
import { compareInTime, logOf } from '../ingest/rotation.ts'
import { sql } from '../sql/sql.ts'
import { daysIn, lastDay, spanOf } from './clock.ts'
import { historyStart } from './history-start.ts'
import { attempt, isActive, tell, type Post } from './post.ts'
import { nextDue, type Job } from './schedule.ts'
import { concerns, type Watch } from './watch.ts'

/** A segment that is listed while a look begins may be missing from its first queries: it is taken for new. */
const unsureMs = 2000
/** What users and machines have to do with changes slowly. */
const peersAgainMs = 1_800_000

/** The engine's clock, ms since 1970. */
export const engineNow = async (engine: Engine): Promise<number> => {
  const [row] = await engine.rows<{ now: number }>(sql`SELECT toUnixTimestamp64Milli(now64(3)) AS now`)
  return row?.now ?? 0
}

const jobOf = (watch: Watch): Job => {
  const lacksModel = watch.keepable && watch.hasNews && (watch.going === null || !canGoOn(watch.going))
  return {
    startedMs: watch.startedMs,
    tookMs: watch.tookMs,
    runs: watch.runs,
    goesOn: watch.going !== null,
    hasNews: watch.hasNews,
    isOwed: watch.owedFromMs !== null || lacksModel,
  }
}

const scopeOf = async (post: Post, watch: Watch, span: TimeRange, loadedByMs: number): Promise<Scope> => {
  const fromMs = await historyStart(post.engine, watch.categories, span, post.query)
  const day = lastDay(span)
  const owedFromMs = Math.min(day.fromMs, watch.owedFromMs ?? day.fromMs)
  const judged = { fromMs: Math.max(fromMs, owedFromMs), toMs: span.toMs }
  return {
    all: { fromMs, toMs: span.toMs },
    judged,
    activeDays: daysIn(judged),
    excluded: await post.options.excluded(),
    ...(watch.keepable ? { loadedByMs } : {}),
  }
}

interface Renewed {
  readonly detection: Detection
  /** Whether something came too late for this look. */
  readonly hasMissed: boolean
}

/** Lets a detector go on from a new look at everything; what was loaded meanwhile is still to be seen. */
const renew = async (post: Post, watch: Watch, scope: Scope, loadedByMs: number): Promise<Renewed> => {
  const before = watch.going
  // The tables that are gone on with stay in use until the new ones are there.
  const turn = before?.study.prefix.endsWith('_0') === true ? 1 : 0
  const prefix = `live_${watch.detector.id.replaceAll(/\W/g, '_')}_${turn}`
  const { detection, going } = await runOn(post.engine, watch.detector, scope, post.query, prefix)
  watch.going = going
  const missed = post.recent.filter((segment) => segment.loadedMs > loadedByMs && concerns(watch, segment))
  watch.queue = going === null ? [] : missed.map(({ segment }) => segment)
  if (before !== null) {
    await watch.inUse
    await letGo(post.engine, before)
  }
  return { detection, hasMissed: missed.length > 0 }
}

const lookAgain = (post: Post, watch: Watch): Promise<void> =>
  attempt(post, watch, 'detection', async () => {
    const { engine, options, query } = post
    const beganMs = post.now()
    watch.startedMs = beganMs
    const span = spanOf(post.clock, watch.categories)
    if (span === null) return
    const loadedByMs = (await engineNow(engine)) - unsureMs
    const scope = await scopeOf(post, watch, span, loadedByMs)
    const lookAtAll = (): Promise<Detection> =>
      runDetector(engine, watch.detector, scope, query, {
        detectors: options.detectors,
        logOf,
        compare: compareInTime,
      })
    const owedFromMs = watch.owedFromMs
    watch.hasNews = false
    watch.owedFromMs = null
    try {
      const { detection, hasMissed } = watch.keepable
        ? await renew(post, watch, scope, loadedByMs)
        : { detection: await lookAtAll(), hasMissed: false }
      watch.detection = detection
      if (hasMissed) {
        watch.hasNews = true
        watch.owedFromMs ??= owedFromMs
      }
      await tell(post, watch, detection.episodes, scope.judged)
    } catch (error) {
      watch.hasNews = true
      watch.owedFromMs = owedFromMs
      throw error
    } finally {
      watch.endedMs = post.now()
      watch.tookMs = watch.endedMs - beganMs
      watch.runs++
    }
  })

export interface ThoroughLane {
  /** Lets the detector look that has waited longest; false where none is due. */
  readonly step: () => Promise<boolean>
}

export const openThoroughLane = (post: Post): ThoroughLane => {
  const { engine, options, query } = post
  let peersMs = Number.NEGATIVE_INFINITY

  const knowPeers = async (): Promise<void> => {
    const span = spanOf(post.clock, null)
    if (span === null || post.now() - peersMs < peersAgainMs) return
    const all = { fromMs: await historyStart(engine, null, span, query), toMs: span.toMs }
    const scope = { all, judged: lastDay(span), activeDays: 1, excluded: await options.excluded() }
    await fillPeers(engine, options.detectors, scope, options.peers, query)
    peersMs = post.now()
  }

  return {
    step: async () => {
      if (!options.isLeader()) return false
      const active = post.watches.filter((watch) => isActive(post, watch))
      const watch = nextDue(new Map(active.map((one) => [one, jobOf(one)])), post.now(), options.pace)
      if (watch === null) return false
      await knowPeers()
      await lookAgain(post, watch)
      return true
    },
  }
}
