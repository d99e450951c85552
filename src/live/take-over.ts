/**
 * What a server does before it detects: it clears what another left, and learns what the other has seen.
 *
 * @module
 */
import { instant } from '../sql/instant.ts'
import { sql } from '../sql/sql.ts'
import { budgetDays, noteSituations, toScale } from './budget.ts'
import { dayMs, mostDays, spanOf } from './clock.ts'
import { strictnessOf, type Post } from './post.ts'

/** Working tables of live detection begin with this. */
export const livePrefix = 'live_'

/**
 * Drops the working tables of a process that was killed. In this process's own engine nobody else has any; on a cluster there may be a
 * hunt at work.
 */
const dropLeftovers = async ({ engine, tablePrefix, query }: Post): Promise<void> => {
  const prefixes = engine.kind === 'embedded' ? [livePrefix, 'work_'] : [livePrefix]
  for (const prefix of prefixes) {
    const found = await engine.rows<{ name: string }>(
      sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, ${prefix}) AND NOT startsWith(name, ${tablePrefix}) ORDER BY name`,
      query,
    )
    // A distributed table goes together with its local one.
    const names = new Set(found.map(({ name }) => name.replace(/_local$/, '')))
    for (const name of names) await engine.dropTable({ name, columns: [], orderBy: [], shardBy: '' })
  }
}

/** The first event of what was loaded in each minute after a time. */
const loadedAfter = ({ engine, query }: Post, markMs: number, leastMs: number) =>
  engine.rows<{ loadedMs: number; firstMs: number }>(
    sql`SELECT toUnixTimestamp64Milli(max(loaded)) AS loadedMs, toUnixTimestamp64Milli(min(first)) AS firstMs FROM segments WHERE loaded > ${instant(markMs)} AND lines > rejected AND last >= ${instant(leastMs)} GROUP BY toStartOfMinute(loaded)`,
    query,
  )

/** What each watch has to look at: all that was not seen before, or everything. */
const oweUnseen = async (post: Post): Promise<void> => {
  const marks = (await post.options.marks?.read()) ?? new Map<string, number>()
  const all = spanOf(post.clock, null)
  if (all === null) return
  // What comes in from here on is owed by itself.
  for (const watch of post.watches) watch.owedFromMs = null
  const known = post.watches.flatMap(({ detector }) => marks.get(detector.id) ?? [])
  const unseen =
    known.length === 0
      ? []
      : await loadedAfter(
          post,
          known.reduce((least, markMs) => Math.min(least, markMs)),
          all.toMs - mostDays * dayMs,
        )
  for (const watch of post.watches) {
    const span = spanOf(post.clock, watch.categories)
    if (span === null) continue
    const markMs = marks.get(watch.detector.id)
    watch.hasNews = true
    const firsts =
      markMs === undefined
        ? [span.fromMs]
        : unseen.filter(({ loadedMs }) => loadedMs > markMs).map(({ firstMs }) => firstMs)
    watch.owedFromMs = firsts.reduce<number | null>(
      (least, firstMs) => Math.min(least ?? firstMs, firstMs),
      watch.owedFromMs,
    )
  }
}

/** What was found in the last days, so that the budget knows it. */
export const recallSituations = async (post: Post): Promise<void> => {
  const span = spanOf(post.clock, null)
  if (post.options.situations === undefined || span === null) return
  const found = await post.options.situations(span.toMs - budgetDays * dayMs)
  const situations = toScale(post.situations, found, (detector) => strictnessOf(post, detector))
  post.situations = new Map()
  noteSituations(post.situations, situations)
}

export const takeOver = async (post: Post): Promise<void> => {
  await dropLeftovers(post)
  await oweUnseen(post)
  await recallSituations(post)
  post.leads = true
}
