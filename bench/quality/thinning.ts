/**
 * Slow attackers, hidden in a log: is each ten minutes of theirs seen, are they found, and what does it cost in false
 * findings?
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Detection } from '../../src/detect/run.ts'
import type { Site } from '../generate/site.ts'
import { detectIn } from './detect-windows.ts'
import { attackerAddress, withAttack, type SlowAttack } from './injected.ts'
import type { TimedLine } from './log-files.ts'
import { thresholdAt } from './precision.ts'
import { webDetectors } from './web.ts'

/** A log to hide an attack in. */
export interface Haystack {
  readonly name: string
  readonly lines: readonly TimedLine[]
  /** Whether what a detector says of this client would be a false finding; of labelled ones it is neither right nor wrong. */
  readonly innocent: (client: string) => boolean
  readonly site: Site
  /** When attacks begin, one at a time. */
  readonly starts: readonly number[]
}

export interface ThinResult {
  readonly haystack: string
  readonly attack: string
  readonly detector: string
  /** Share of the attack's ten-minute windows above the threshold that lets so many false windows through a day. */
  readonly windowsAt: readonly { readonly falseADay: number; readonly share: number }[]
  /** Where the attacker ranks among the detector's episodes; null where there is no episode of theirs at all. */
  readonly rank: number | null
  /** How many innocent episodes a day rank above: the price of seeing it. */
  readonly falseAbove: number
  readonly startMs: number
}

/** False windows a day at which shares are told: what we aim for, and what plain K-means was published with. */
export const budgets = [1.6, 8] as const

const tenMinutesMs = 600_000

/** The share of the attack's ten minutes in which a window counts that reaches in and scores above the threshold. */
const seenShare = (
  own: readonly { readonly startMs: number; readonly score: number }[],
  attack: SlowAttack,
  threshold: number,
): number => {
  const first = Math.floor(attack.startMs / tenMinutesMs)
  const last = Math.floor((attack.startMs + attack.minutes * 60_000 - 1) / tenMinutesMs)
  const seen = new Set(
    own.filter(({ score }) => score > threshold).map(({ startMs }) => Math.floor(startMs / tenMinutesMs)),
  )
  return seen.size / (last - first + 1)
}

/** Windows of at most ten minutes; of several lengths the longest, which a slow attack fills best. */
const shortWindows = ({ detector, episodes }: Detection) => {
  const lengths = new Set(episodes.flatMap(({ windows }) => windows.map((window) => window.windowSeconds)))
  const chosen = Math.max(...[...lengths].filter((seconds) => seconds <= 600))
  return detector.id === ''
    ? []
    : episodes.flatMap(({ windows }) => windows.filter((window) => window.windowSeconds === chosen))
}

export const judgeThin = (
  detection: Detection,
  days: number,
  haystack: Haystack,
  attack: SlowAttack,
): ThinResult => {
  const windows = shortWindows(detection)
  const own = windows.filter((window) => window.entity[0] === attackerAddress)
  const others = windows.filter((window) => haystack.innocent(window.entity[0] ?? ''))
  const index = detection.episodes.findIndex((episode) => episode.entity[0] === attackerAddress)
  const above = index < 0 ? detection.episodes : detection.episodes.slice(0, index)
  return {
    haystack: haystack.name,
    attack: `${attack.kind}, ${60 / attack.gapS}/min for ${attack.minutes / 60} h`,
    detector: detection.detector.id,
    windowsAt: budgets.map((falseADay) => ({
      falseADay,
      share: seenShare(
        own,
        attack,
        thresholdAt(
          others.map((window) => window.score),
          falseADay * days,
        ),
      ),
    })),
    rank: index < 0 ? null : index + 1,
    falseAbove: above.filter((episode) => haystack.innocent(episode.entity[0] ?? '')).length / days,
    startMs: attack.startMs,
  }
}

export const slowAttacks = (startMs: number, seed: number): SlowAttack[] => [
  { kind: 'scanner', startMs, minutes: 180, gapS: 12, seed },
  { kind: 'scraper', startMs, minutes: 180, gapS: 12, seed },
  { kind: 'scraper', startMs, minutes: 60, gapS: 12, seed },
]

/** Each attack at each start, one in each copy of the log. */
export const thinning = async (haystack: Haystack): Promise<ThinResult[]> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-thinning-'))
  const results: ThinResult[] = []
  try {
    for (const [i, startMs] of haystack.starts.entries()) {
      for (const attack of slowAttacks(startMs, i + 1)) {
        const file = path.join(folder, 'access.log')
        writeFileSync(file, `${withAttack(haystack.lines, attack, haystack.site).join('\n')}\n`, 'latin1')
        const { days, detections } = await detectIn(file, webDetectors)
        for (const detection of detections) results.push(judgeThin(detection, days, haystack, attack))
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return results
}
