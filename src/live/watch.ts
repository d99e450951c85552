/**
 * One detector on watch: what it waits for, what it learned, what it has to see.
 *
 * @module
 */
import { categoriesOf, readsLists } from '../detect/reads.ts'
import { isKeepable, type Going } from '../detect/keep.ts'
import type { Detector } from '../detect/detector.ts'
import type { Episode } from '../detect/episodes.ts'
import type { Detection } from '../detect/run.ts'
import type { Memory } from './tell.ts'
import type { NewSegment } from './news.ts'

export interface Watch {
  readonly detector: Detector
  readonly categories: readonly string[] | null
  readonly keepable: boolean
  readonly needsList: boolean
  readonly memory: Memory
  /** Whether it judges by the machine's clock: what does not come is no news. */
  readonly awaits: boolean
  going: Going | null
  /** Segments that `going` has not seen. */
  queue: NewSegment[]
  /** Ends when nobody works with the tables of `going`. */
  inUse: Promise<void>
  /** What there is to say, but was said in part a moment ago, or could not be recorded. */
  untold: readonly Episode[]
  /** Ends when what is being told is recorded: both lanes tell. */
  telling: Promise<void>
  /** How often telling failed, one time after the other, and when it is tried again, by `performance.now`. */
  untoldTimes: number
  tellAfterMs: number
  /** The last look at everything. */
  detection: Detection | null
  /** Whether a look at everything is under way, or what it found is being told. */
  looking: boolean
  startedMs: number | null
  endedMs: number | null
  tookMs: number
  runs: number
  hasNews: boolean
  /** The first event that no look at everything has judged, ms since 1970; null: there is none. */
  owedFromMs: number | null
  /** How many looks were owed, and how many failed, one after the other. */
  owedRuns: number
  failures: number
  /** Until when what was loaded has been seen, as it was written down last; ms since 1970, by the engine's clock. */
  markedMs: number
  failure: string | null
}

export const openWatch = (detector: Detector): Watch => ({
  detector,
  categories: categoriesOf(detector),
  keepable: isKeepable(detector),
  needsList: readsLists(detector),
  memory: new Map(),
  awaits: detector.measure?.kind === 'silence',
  going: null,
  queue: [],
  inUse: Promise.resolve(),
  untold: [],
  telling: Promise.resolve(),
  untoldTimes: 0,
  tellAfterMs: 0,
  detection: null,
  looking: false,
  startedMs: null,
  endedMs: null,
  tookMs: 0,
  runs: 0,
  hasNews: false,
  owedFromMs: null,
  owedRuns: 0,
  failures: 0,
  markedMs: 0,
  failure: null,
})

/** Whether a segment holds events that the detector reads. */
export const concerns = ({ categories }: Watch, { news }: NewSegment): boolean =>
  news.some(({ category }) => categories === null || categories.includes(category))
