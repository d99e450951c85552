/**
 * Episodes → findings to record: what is above the line, and what is just below it.
 *
 * @module
 */
import type { Detector } from '../detect/detector.ts'
import type { Episode } from '../detect/episodes.ts'
import { findingId } from '../detect/findings.ts'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { TimeRange } from '../features/feature-set.ts'
import { lineFor, type Choice } from '../triage/budget.ts'
import { describeChoices } from '../triage/describe.ts'
import type { LiveFinding } from '../triage/lifecycle.ts'

/** What is ten times as common as the line is kept too, for a person who wonders what was missed. */
const justBelow = 1
/** So many of a detector are told at once; the rarest first. */
const mostTold = 50
/** Something that goes on is told again when there is so much more of it, or after so long. */
const muchMore = 1.5
const againMs = 10_000
/** Charts show so much before the first of what is told. */
const aroundMs = 6 * 3_600_000

interface Told {
  readonly events: number
  readonly rarity: number
  readonly atMs: number
}

/** What was told of episodes, so that the same is not told every second. */
export type Memory = Map<string, Told>

const isNew = (before: Told | undefined, episode: Episode): boolean =>
  before === undefined || before.events !== episode.events || Math.abs(before.rarity - episode.rarity) >= 0.05

const mayWait = (before: Told | undefined, episode: Episode, nowMs: number): boolean =>
  before !== undefined && episode.events < before.events * muchMore && nowMs - before.atMs < againMs

/** Old episodes are not told again, so what was told of them need not be remembered. */
const forgetAfterMs = 2 * 86_400_000

const forget = (memory: Memory, nowMs: number): void => {
  for (const [key, { atMs }] of memory) if (nowMs - atMs > forgetAfterMs) memory.delete(key)
}

export interface Telling {
  readonly engine: Engine
  readonly detector: Detector
  readonly episodes: readonly Episode[]
  /** On the scale of rarity; see `leastSurprise`. */
  readonly line: number
  /** The time of the data: charts stay inside it. */
  readonly range: TimeRange
  readonly memory: Memory
  readonly nowMs: number
  readonly options: QueryOptions
}

/** The findings among the episodes that there is something new to say of, the rarest first, and the episodes that can wait. */
export const tellNews = async (
  telling: Telling,
): Promise<{ readonly told: readonly LiveFinding[]; readonly untold: readonly Episode[] }> => {
  const { engine, detector, episodes, line, range, memory, nowMs, options } = telling
  const own = (episode: Episode): number => lineFor(detector, episode, line)
  const all = episodes
    .filter((episode) => episode.rarity >= own(episode) - justBelow)
    .map((episode) => ({ episode, key: findingId(detector, episode) }))
    .filter(({ episode, key }) => isNew(memory.get(key), episode))
    .slice(0, mostTold)
  const waits = ({ episode, key }: (typeof all)[number]): boolean => mayWait(memory.get(key), episode, nowMs)
  const untold = all.filter(waits).map(({ episode }) => episode)
  const news = all.filter((one) => !waits(one))
  if (news.length === 0) return { told: [], untold }
  const choices = news.map(({ episode }): Choice => ({ detector, episode }))
  // The logs may have gone on by more than a day since: a chart shows what it is about all the same.
  const firstMs = Math.min(...news.map(({ episode }) => episode.firstMs))
  const shown = { fromMs: Math.min(range.fromMs, firstMs - aroundMs), toMs: range.toMs }
  const described = await describeChoices(engine, choices, shown, options)
  const findings = new Map(described.map((finding) => [finding.id, finding]))
  forget(memory, nowMs)
  const told = news.flatMap(({ episode, key }) => {
    const finding = findings.get(key)
    if (finding === undefined) return []
    const { rarity, events } = episode
    memory.set(key, { events, rarity, atMs: nowMs })
    return [{ finding, rarity, state: rarity >= own(episode) ? ('shown' as const) : ('below' as const) }]
  })
  return { told, untold }
}
