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
  going: Going | null
  /** Segments that `going` has not seen. */
  queue: string[]
  /** Ends when nobody works with the tables of `going`. */
  inUse: Promise<void>
  /** What there is to say, but was said in part a moment ago. */
  untold: readonly Episode[]
  /** The last look at everything. */
  detection: Detection | null
  startedMs: number | null
  endedMs: number | null
  tookMs: number
  runs: number
  hasNews: boolean
  /** From when on it must look again, ms since 1970; null: only at the last day. */
  owedFromMs: number | null
  failure: string | null
}

export const openWatch = (detector: Detector): Watch => ({
  detector,
  categories: categoriesOf(detector),
  keepable: isKeepable(detector),
  needsList: readsLists(detector),
  memory: new Map(),
  going: null,
  queue: [],
  inUse: Promise.resolve(),
  untold: [],
  detection: null,
  startedMs: null,
  endedMs: null,
  tookMs: 0,
  runs: 0,
  hasNews: false,
  owedFromMs: null,
  failure: null,
})

/** Whether a segment holds events that the detector reads. */
export const concerns = ({ categories }: Watch, { news }: NewSegment): boolean =>
  news.some(({ category }) => categories === null || categories.includes(category))
