/**
 * Detection that never ends: a quick lane for what has just been loaded, a thorough one for the whole picture, side by side.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { letGo } from '../detect/keep.ts'
import { dropPeers } from '../detect/peers.ts'
import type { Engine } from '../engine/engine.ts'
import { messageOf } from '../errors.ts'
import { instant } from '../sql/instant.ts'
import { sql } from '../sql/sql.ts'
import { aheadBy, aheadText, noteAhead, type AheadLogs } from './ahead.ts'
import { advance, latestOf, spanOf } from './clock.ts'
import { engineNow, lateMs, newsWhere, openFeed, type FeedStart } from './news.ts'
import { isActive, isOn, isOwed, lineOf, shownLine, takeIn, type LiveOptions, type Post } from './post.ts'
import { letGoIdle, lookAtNews, tellRest } from './quick-lane.ts'
import { silentNow, type SilentSource } from './silent.ts'
import { livePrefix, recallSituations } from './take-over.ts'
import { openThoroughLane } from './thorough-lane.ts'
import { openWatch, type Watch } from './watch.ts'

export type { DetectorSetting, LiveOptions } from './post.ts'
export type { SilentSource } from './silent.ts'

/** Where a detector stands. */
export interface WatchState {
  readonly detector: string
  readonly state: 'watching' | 'learning' | 'blind' | 'off'
  /** What it waits for or what is wrong with its log, in words; null where nothing is. */
  readonly why: string | null
  /** Ms since 1970; null before the first time. */
  readonly lastRunMs: number | null
  readonly tookMs: number
  /** Rarities of the episodes of the last look at everything. */
  readonly rarities: readonly number[]
  /** The detector's own line, on that scale. */
  readonly line: number
}

export interface Live {
  /** Something was loaded. */
  readonly wake: () => void
  readonly states: () => readonly WatchState[]
  /** The line that all detectors share, on the scale of rarity. */
  readonly line: () => number
  /** Logs that should be written into and are not, and which detectors see nothing therefore. */
  readonly silent: () => readonly SilentSource[]
  /** Resolves when everything loaded so far was seen by every detector. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

/** While nothing happens, the lanes look again after so long. */
const idleMs = 1000
/** Between two looks at what is new, a fifth of what the last one took, within these. */
const [leastPauseMs, mostPauseMs] = [250, 2000] as const
/** Settings are read again after so long, and what was found lately. */
const settingsEveryMs = 1000
const recallEveryMs = 300_000
const mostFailurePauseMs = 30_000
/** A question to a database that does not answer must not keep the process from ending. */
const mostClosingMs = 15_000

/** Whether the last lines that came in were written when they came. */
const wereCurrent = async (engine: Engine): Promise<boolean> => {
  const [row] = await engine.rows<{ current: number }>(
    sql`SELECT max(last) > max(loaded) - toIntervalHour(1) AS current FROM segments WHERE lines > rejected AND last < loaded + toIntervalHour(1)`,
  )
  return row?.current === 1
}

/** What goes on by itself has seen what it judged; the others have to look again. */
const hasSeenAll = (post: Post, watch: Watch): boolean =>
  (watch.failure !== null && !watch.looking) ||
  (!watch.looking &&
    watch.queue.length === 0 &&
    watch.untold.length === 0 &&
    !isOwed(post, watch) &&
    (watch.going !== null || !watch.hasNews))

const openPost = async (
  options: LiveOptions,
  signal: AbortSignal,
): Promise<{ readonly post: Post; readonly start: FeedStart }> => {
  const { engine } = options
  const clock = options.now ?? Date.now
  // The engine counts in whole ones.
  const now = (): number => Math.floor(clock())
  const openedMs = await engineNow(engine)
  const seenToMs = latestOf(now())
  // The table of segments would be as long as the server is old: whether the last of them is listed yet matters little.
  const before = await newsWhere(engine, sql`timestamp <= ${instant(seenToMs)}`)
  const ahead = await newsWhere(engine, sql`timestamp > ${instant(seenToMs)}`)
  const logTime = advance(new Map(), before, now())
  const aheadLogs: AheadLogs = new Map()
  // Of what comes all the time it is told soon; of what there is nothing else, it is why.
  const alone = ahead.filter(({ category }) => !logTime.has(category))
  noteAhead(aheadLogs, alone, now())
  const post: Post = {
    options,
    engine,
    signal,
    query: { signal },
    now,
    watches: options.detectors.map(openWatch),
    clock: logTime,
    ahead: aheadLogs,
    recent: [],
    lookingFromMs: null,
    isCurrent: await wereCurrent(engine),
    startedMs: now(),
    leads: false,
    tablePrefix: `${livePrefix}${randomUUID().slice(0, 8)}`,
    madeTables: 0,
    situations: new Map(),
    budgetPerDay: (await options.budgetPerDay?.()) ?? Number.POSITIVE_INFINITY,
    settings: await options.settings(),
    setApart: new Map(),
  }
  // What was loaded just before the start is too fresh for the first looks: it is news.
  const start = {
    fromMs: openedMs - lateMs,
    seenToMs,
    furthestMs: Math.max(0, ...ahead.map(({ lastMs }) => lastMs)),
  }
  return { post, start }
}

/** What is told where the logs of a watch are ahead; null where they are not. */
const aheadOf = ({ ahead, now }: Post, { categories }: Watch): string | null => {
  const leadMs = aheadBy(ahead, categories, now())
  return leadMs === null
    ? null
    : `Some of its log is ${aheadText(leadMs)} ahead of this machine's clock, and is looked at when its time comes: is its time zone right?`
}

const stateOf = (post: Post, watch: Watch): Pick<WatchState, 'state' | 'why'> => {
  if (!isOn(post, watch)) return { state: 'off', why: null }
  if (!isActive(post, watch))
    return { state: 'blind', why: 'It goes by a list of domains or addresses, and none is given.' }
  if (spanOf(post.clock, watch.categories) === null)
    return {
      state: 'blind',
      why:
        aheadOf(post, watch) ?? `There are no events of category ${(watch.categories ?? []).join(' or ')}.`,
    }
  if (watch.failure !== null) return { state: 'blind', why: watch.failure }
  if (watch.detection === null) return { state: 'learning', why: 'It has not looked at anything yet.' }
  return { state: 'watching', why: aheadOf(post, watch) }
}

/** Starts detection over the engine's tables, which must be there. What was loaded before is looked at first. */
export const startLive = async (options: LiveOptions): Promise<Live> => {
  const closing = new AbortController()
  const { signal } = closing
  // Every query listens to it, and there are many at once.
  setMaxListeners(0, signal)
  const { post, start } = await openPost(options, signal)
  const feed = openFeed(post.engine, start)
  const thorough = openThoroughLane(post)
  let waits: readonly (() => void)[] = []
  let wakeUp: () => void = () => undefined
  let isAwake = false

  const wake = (): void => {
    isAwake = true
    wakeUp()
  }
  const sleep = (ms: number): Promise<unknown> => pause(ms, undefined, { signal }).catch(() => undefined)
  const rest = async (): Promise<void> => {
    if (!isAwake) await Promise.race([sleep(idleMs), new Promise<void>((resolve) => (wakeUp = resolve))])
    isAwake = false
  }

  const tellSettled = (asking: readonly (() => void)[]): void => {
    const active = post.watches.filter((watch) => isActive(post, watch))
    const hasSeen = post.leads && active.every((watch) => hasSeenAll(post, watch))
    if (options.isLeader() && !hasSeen) return
    for (const wait of asking) wait()
    waits = waits.filter((wait) => !asking.includes(wait))
  }

  const quickStep = async (): Promise<void> => {
    const beganMs = performance.now()
    // Who asks while the feed is read may mean something that it has just missed.
    const asking = waits
    const segments = await feed.next(latestOf(post.now()), post.query)
    takeIn(post, segments)
    await letGoIdle(post)
    const leads = options.isLeader()
    const detectors = leads ? await lookAtNews(post) : 0
    if (leads) await tellRest(post)
    const tookMs = performance.now() - beganMs
    if (detectors > 0) options.onCycle?.({ seconds: tookMs / 1000, detectors })
    if (segments.length > 0 || detectors > 0) {
      await sleep(Math.max(leastPauseMs, Math.min(tookMs / 5, mostPauseMs)))
      return
    }
    tellSettled(asking)
    await rest()
  }

  let settingsMs = performance.now()
  let recalledMs = settingsMs
  /** Somebody may have changed what is looked for, and how much is shown. */
  const refresh = async (): Promise<void> => {
    if (performance.now() - settingsMs < settingsEveryMs) return
    post.settings = await options.settings()
    if (options.budgetPerDay !== undefined) post.budgetPerDay = await options.budgetPerDay()
    settingsMs = performance.now()
    if (settingsMs - recalledMs < recallEveryMs) return
    await recallSituations(post)
    recalledMs = performance.now()
  }

  const thoroughStep = async (): Promise<void> => {
    await refresh()
    if (!(await thorough.step())) await sleep(idleMs / 2)
  }

  /** A lane goes on after a failure that no detector is to blame for: the engine may be away for a while. */
  const keepGoing = async (lane: string, step: () => Promise<void>): Promise<void> => {
    let failures = 0
    let told = ''
    while (!signal.aborted) {
      try {
        await step()
        failures = 0
        told = ''
      } catch (error) {
        const problem = messageOf(error)
        if (!signal.aborted && problem !== told)
          options.log.warn({ lane, error: problem }, 'detection failed')
        told = problem
        await sleep(Math.min(mostFailurePauseMs, idleMs * 2 ** failures++))
      }
    }
  }
  const lanes = [keepGoing('quick', quickStep), keepGoing('thorough', thoroughStep)]

  return {
    wake,
    states: () => {
      const shown = shownLine(post)
      return post.watches.map((watch) => ({
        detector: watch.detector.id,
        ...stateOf(post, watch),
        lastRunMs: watch.endedMs,
        tookMs: watch.tookMs,
        rarities: (watch.detection?.episodes ?? []).map(({ rarity }) => rarity),
        line: lineOf(post, watch, shown),
      }))
    },
    line: () => shownLine(post),
    silent: () => silentNow(post),
    settled: () =>
      new Promise((resolve) => {
        waits = [...waits, resolve]
        wake()
      }),
    close: async () => {
      closing.abort()
      wake()
      const ended = Promise.all(lanes)
      await Promise.race([ended, pause(mostClosingMs, undefined, { ref: false })])
      // What cannot be dropped now is dropped at the next start.
      try {
        for (const { going } of post.watches) if (going !== null) await letGo(post.engine, going)
        await dropPeers(post.engine)
      } catch (error) {
        options.log.info({ error: messageOf(error) }, 'working tables are left')
      }
    },
  }
}
