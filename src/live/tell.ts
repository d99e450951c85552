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
/** More than this is not kept to be told later. */
const mostUntold = 1000
/** What is at the line is above it: to add and subtract moves the last digit. */
const rounding = 1e-9
/** Something that goes on is told again when there is so much more of it, or after so long. */
const muchMore = 1.5
const againMs = 10_000

interface Told {
  readonly events: number
  readonly rarity: number
  readonly shown: boolean
  readonly atMs: number
}

/** What was told of episodes, so that the same is not told every second. */
export type Memory = Map<string, Told>

/** The least rarity to be shown, and the least of it by chance alone, without a budget; see `leastSurprise`. */
export interface Line {
  readonly shown: number
  readonly chance: number
}

/** An episode that there is something new to say of. */
export interface Item {
  readonly key: string
  readonly episode: Episode
  readonly shown: boolean
}

const isNew = (before: Told | undefined, { episode, shown }: Item): boolean =>
  before === undefined ||
  before.events !== episode.events ||
  Math.abs(before.rarity - episode.rarity) >= 0.05 ||
  (shown && !before.shown)

const mayWait = (before: Told | undefined, { episode, shown }: Item, nowMs: number): boolean =>
  before !== undefined &&
  before.shown === shown &&
  episode.events < before.events * muchMore &&
  // The clock may have been set back.
  Math.abs(nowMs - before.atMs) < againMs

/** Old episodes are not told again, so what was told of them need not be remembered. */
const forgetAfterMs = 2 * 86_400_000

/** What there is to say now, the rarest first, and what can wait. */
export const chooseNews = (
  detector: Detector,
  episodes: readonly Episode[],
  line: Line,
  memory: Memory,
  nowMs: number,
): { readonly news: readonly Item[]; readonly later: readonly Episode[] } => {
  const all = episodes
    .filter((episode) => episode.rarity >= lineFor(detector, episode, line.chance) - justBelow)
    .map((episode): Item => ({
      episode,
      key: findingId(detector, episode),
      shown: episode.rarity >= lineFor(detector, episode, line.shown) - rounding,
    }))
    .filter((item) => isNew(memory.get(item.key), item))
  const waits = (item: Item): boolean => mayWait(memory.get(item.key), item, nowMs)
  const ready = all.filter((item) => !waits(item))
  const others = ready.slice(mostTold).filter(({ shown }) => shown)
  return {
    news: ready.slice(0, mostTold),
    later: [...others, ...all.filter(waits)].slice(0, mostUntold).map(({ episode }) => episode),
  }
}

/**
 * Findings of episodes, with their evidence.
 *
 * @param range the time of the data: charts stay inside it
 */
export const describeNews = async (
  engine: Engine,
  detector: Detector,
  news: readonly Item[],
  range: TimeRange,
  options: QueryOptions,
): Promise<readonly LiveFinding[]> => {
  const choices = news.map(({ episode }): Choice => ({ detector, episode }))
  const described = await describeChoices(engine, choices, range, options)
  const findings = new Map(described.map((finding) => [finding.id, finding]))
  return news.flatMap(({ key, episode: { rarity }, shown }): LiveFinding[] => {
    const finding = findings.get(key)
    return finding === undefined ? [] : [{ finding, rarity, state: shown ? 'shown' : 'below' }]
  })
}

/** To be called when they are recorded: what was only said is not known. */
export const rememberTold = (memory: Memory, told: readonly Item[], nowMs: number): void => {
  for (const [key, { atMs }] of memory) if (nowMs - atMs > forgetAfterMs) memory.delete(key)
  for (const { key, episode, shown } of told)
    memory.set(key, { events: episode.events, rarity: episode.rarity, shown, atMs: nowMs })
}
