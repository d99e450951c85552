/**
 * What has just been loaded is added to what detectors keep, and those who are in it are judged, within seconds.
 *
 * @module
 */
import { goOn, letGo } from '../detect/keep.ts'
import { quickToPlan } from '../engine/engine.ts'
import { sideBySide } from '../side-by-side.ts'
import { lastDay, rangeOf, spanOf } from './clock.ts'
import { mostSegments, type NewSegment } from './news.ts'
import { attempt, isActive, tell, type Post } from './post.ts'
import type { Watch } from './watch.ts'

/** How many detectors look at what is new at once: more than the engine has sessions would only wait. */
const atOnce = 2

/** Adds segments to the tables of a watch, and judges who is in them. */
const addTo = async (
  post: Post,
  watch: Watch,
  going: NonNullable<Watch['going']>,
  segments: readonly NewSegment[],
): Promise<void> => {
  const span = spanOf(post.clock, watch.categories)
  const news = rangeOf(
    watch.categories,
    segments.flatMap((segment) => segment.news),
  )
  if (span === null || news === null) return
  const range = lastDay(span)
  const episodes = await attempt(post, watch, 'going on', async () => {
    try {
      const names = segments.map(({ segment }) => segment)
      return await goOn(post.engine, going, { segments: names, range: news }, range, {
        ...post.query,
        settings: quickToPlan,
      })
    } catch (error) {
      // Tables that were added to in part are no ground to go on from.
      if (watch.going === going) {
        watch.going = null
        watch.queue = []
        watch.hasNews = true
        await letGo(post.engine, going).catch(() => undefined)
      }
      throw error
    }
  })
  if (episodes === null || episodes.length === 0) return
  await attempt(post, watch, 'telling', () => tell(post, watch, episodes, range))
}

const goOnWith = async (post: Post, watch: Watch): Promise<void> => {
  const { going } = watch
  const segments = watch.queue.slice(0, mostSegments)
  watch.queue = watch.queue.slice(mostSegments)
  // Of a part of a segment only its own time is new: with other segments, more of it would be added.
  for (const part of new Set(segments.map((segment) => segment.part))) {
    // New tables hold what the old ones missed, or have it in their queue.
    if (going === null || watch.going !== going) return
    const alike = segments.filter((segment) => segment.part === part)
    await addTo(post, watch, going, alike)
  }
}

/** Whoever wants to drop the tables waits. */
const useTables = (watch: Watch, work: () => Promise<void>): Promise<void> => {
  watch.inUse = work()
  return watch.inUse
}

/** Lets go of what nobody goes on with: of detectors that were switched off, of all where another server detects. */
export const letGoIdle = async (post: Post): Promise<void> => {
  const leads = post.options.isLeader()
  for (const watch of post.watches) {
    const { going } = watch
    if (going === null || (leads && isActive(post, watch))) continue
    watch.going = null
    watch.queue = []
    watch.hasNews = true
    await letGo(post.engine, going)
  }
}

/** Says what was held back because it was said in part a moment ago, or could not be recorded. */
export const tellRest = async (post: Post): Promise<void> => {
  for (const watch of post.watches) {
    const span = spanOf(post.clock, watch.categories)
    if (watch.untold.length === 0 || span === null || !isActive(post, watch)) continue
    if (performance.now() < watch.tellAfterMs) continue
    await attempt(post, watch, 'telling', () => tell(post, watch, watch.untold, lastDay(span)))
  }
}

/** @returns how many detectors had something new to look at */
export const lookAtNews = async (post: Post): Promise<number> => {
  const busy = post.watches.filter(
    (watch) => watch.queue.length > 0 && watch.going !== null && isActive(post, watch),
  )
  await sideBySide(busy, atOnce, async (watch) => {
    if (!post.signal.aborted) await useTables(watch, () => goOnWith(post, watch))
  })
  return busy.length
}
