/**
 * What the web detectors are meant to reach, on real logs and on a generated one: slow attackers are put into each, and
 * what is found of them is set against what else is found.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { detectors } from '../../detectors/index.ts'
import { secondsOf } from '../../src/detect/detector.ts'
import type { Detection } from '../../src/detect/run.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { TimeRange } from '../../src/features/feature-set.ts'
import { formatShare } from '../../src/report/format.ts'
import { chooseFindings } from '../../src/triage/budget.ts'
import { table } from '../table.ts'
import { detectUntil, withLog, type DetectedLog } from './detect-windows.ts'
import type { WebHaystack } from './haystacks.ts'
import { attackerAddress, replayed, usualAttacks, type Injected } from './injected.ts'
import { mergeByTime, type TimedLine } from './log-files.ts'
import { thresholdAt } from './precision.ts'

/** All that watch web logs and nothing else. */
export const allWebDetectors: readonly string[] = detectors
  .filter(({ id, from }) => from.category === 'web' && id.startsWith('web-'))
  .map(({ id }) => id)

const defaultOnes = allWebDetectors.filter((id) => detectors.some((one) => one.id === id && one.byDefault))

/** The row for what a hunt with all of them would say. */
export const together = 'all together'

/** False windows a day at which shares are told. */
export const allowedADay = 1.6

export interface FoundShare {
  /** Of the attacker's windows: those of ten minutes or, for a detector without, of its shortest length. */
  readonly windows: number
  /** Of the minutes in which the attacker asked for anything: those inside a window of any length above the line. */
  readonly minutes: number
}

export interface FirstFinding {
  readonly seconds: number
  readonly requests: number
}

export interface TargetRow {
  readonly log: string
  readonly attack: string
  readonly detector: string
  /** By start; NaN where the row is of all detectors together. */
  readonly shares: readonly FoundShare[]
  /** By start; null where the hunt never says so. */
  readonly first: readonly (FirstFinding | null)[]
}

export interface FalseRow {
  readonly log: string
  readonly detector: string
  /** Findings a day at the default line of clients that are nothing but unlabelled, and were not mostly refused. */
  readonly innocent: number
  /** The same of all unlabelled clients. */
  readonly unlabelled: number
  /** Of all clients. */
  readonly all: number
}

export interface WebTargets {
  readonly rows: readonly TargetRow[]
  readonly quiet: readonly FalseRow[]
}

interface RareWindow {
  readonly client: string
  readonly startMs: number
  readonly seconds: number
  /** Comparable within one length. */
  readonly score: number
  /** −log10 of how many windows of this length so strange chance brings a day. */
  readonly rarity: number
}

/** Entities of several parts name the client first, where they name it at all. */
const clientOf = (entity: readonly string[]): string => entity[0] ?? ''

const rareWindows = ({ episodes, judged }: Detection, days: number): RareWindow[] =>
  episodes.flatMap(({ windows }) =>
    windows.map(({ entity, startMs, windowSeconds, score, surprise }) => ({
      client: clientOf(entity),
      startMs,
      seconds: windowSeconds,
      score,
      rarity: surprise - Math.log10(Math.max(1, judged.get(windowSeconds) ?? 1) / days),
    })),
  )

const lengthOf = (id: string): number => {
  const lengths = detectors
    .filter((one) => one.id === id)
    .flatMap(({ windows }) => windows.map(({ length }) => secondsOf(length)))
  const short = lengths.filter((seconds) => seconds <= 600)
  return short.length > 0 ? Math.max(...short) : Math.min(...lengths)
}

/** How much of an attack lies in windows above the line that lets `allowedADay` false ones through. */
export const foundShare = (
  detection: Detection,
  days: number,
  attack: readonly TimedLine[],
  innocent: (client: string) => boolean,
): FoundShare => {
  const all = rareWindows(detection, days)
  const found = (windows: readonly RareWindow[], by: 'score' | 'rarity'): RareWindow[] => {
    const others = windows.filter(({ client }) => innocent(client)).map((window) => window[by])
    const line = thresholdAt(others, allowedADay * days)
    return windows.filter((window) => window.client === attackerAddress && window[by] > line)
  }
  const shareOf = (stepMs: number, seen: readonly RareWindow[]): number => {
    const steps = new Set(attack.map(({ timeMs }) => Math.floor(timeMs / stepMs)))
    const hit = [...steps].filter((step) =>
      seen.some(
        ({ startMs, seconds }) => startMs <= step * stepMs && startMs + seconds * 1000 >= (step + 1) * stepMs,
      ),
    )
    return hit.length / steps.size
  }
  const own = lengthOf(detection.detector.id)
  return {
    windows: shareOf(
      own * 1000,
      found(
        all.filter(({ seconds }) => seconds === own),
        'score',
      ),
    ),
    minutes: shareOf(60_000, found(all, 'rarity')),
  }
}

/** The clients a hunt would name, with these detectors alone. */
const namedIn = (detections: readonly Detection[], days: number): string[] =>
  chooseFindings(detections, { days, perDay: Number.POSITIVE_INFINITY }).chosen.map(({ episode }) =>
    clientOf(episode.entity),
  )

/** Each detector alone, and those of a default hunt together. */
const groupsOf = ({ detections }: DetectedLog): (readonly [string, readonly Detection[]])[] => [
  ...detections.map((detection) => [detection.detector.id, [detection]] as const),
  [together, detections.filter(({ detector }) => defaultOnes.includes(detector.id))],
]

/** After how many requests of the attacker a hunt is held, with only what had happened by then. */
const looks = [1, 2, 3, 4, 5, 7, 10, 15, 25, 50, 100, 200]

const inLog = async <T>(
  lines: readonly string[],
  work: (engine: Engine, range: TimeRange) => Promise<T>,
): Promise<T> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-web-'))
  try {
    const file = path.join(folder, 'access.log')
    writeFileSync(file, `${lines.join('\n')}\n`, 'latin1')
    return await withLog(file, work)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** When each detector would first have named the attacker, had the log been read at that moment. */
const firstFindings = async (
  engine: Engine,
  { fromMs }: TimeRange,
  attack: readonly TimedLine[],
): Promise<Map<string, FirstFinding>> => {
  const first = new Map<string, FirstFinding>()
  const startMs = attack[0]?.timeMs ?? 0
  for (const look of looks) {
    const untilMs = attack[look - 1]?.timeMs
    // What a hunt with all of them says is what a person sees: it ends the search.
    if (untilMs === undefined || first.has(together)) break
    // Several may come in the same second.
    const requests = attack.filter(({ timeMs }) => timeMs <= untilMs).length
    const detected = await detectUntil(engine, { fromMs, toMs: untilMs + 1 }, defaultOnes)
    for (const [name, detections] of groupsOf(detected)) {
      if (!first.has(name) && namedIn(detections, detected.days).includes(attackerAddress))
        first.set(name, { requests, seconds: (untilMs - startMs) / 1000 })
    }
  }
  return first
}

const quietRows = async (haystack: WebHaystack): Promise<FalseRow[]> => {
  const texts = haystack.lines.map(({ text }) => text)
  const detected = await inLog(texts, (engine, range) => detectUntil(engine, range, allWebDetectors))
  return groupsOf(detected).map(([detector, detections]) => {
    const named = namedIn(detections, detected.days)
    const aDay = (holds: (client: string) => boolean): number => named.filter(holds).length / detected.days
    return {
      log: haystack.name,
      detector,
      innocent: aDay(haystack.innocent),
      unlabelled: aDay(haystack.unlabelled),
      all: named.length / detected.days,
    }
  })
}

const slowedDown = ({ worst }: WebHaystack): Injected[] =>
  worst.map(({ client, lines }) => ({
    name: `${client} of this log, slowed to 5 a minute`,
    lines: (startMs) => replayed(lines, { startMs, minutes: 180, gapS: 12 }),
    judged: ['windows', 'first'],
    instead: client,
  }))

/** Each attack at each start, one in each copy of the log. */
export const webTargets = async (haystack: WebHaystack): Promise<WebTargets> => {
  const attacks = [...usualAttacks(haystack.site), ...slowedDown(haystack)]
  const rows = new Map<string, TargetRow>()
  for (const { name, lines: attackAt, judged, instead } of attacks) {
    const log = haystack.lines.filter(({ text }) => instead === undefined || !text.startsWith(`${instead} `))
    for (const startMs of haystack.starts) {
      const attack = attackAt(startMs)
      const { detected, first } = await inLog(mergeByTime(log, attack), async (engine, range) => ({
        detected: judged.includes('windows')
          ? await detectUntil(engine, range, allWebDetectors)
          : { days: 1, detections: [] },
        first: judged.includes('first') ? await firstFindings(engine, range, attack) : null,
      }))
      for (const detector of [...allWebDetectors, together]) {
        const key = `${name}\n${detector}`
        const row = rows.get(key) ?? { log: haystack.name, attack: name, detector, shares: [], first: [] }
        const detection = detected.detections.find((one) => one.detector.id === detector)
        const share =
          detection === undefined ? [] : [foundShare(detection, detected.days, attack, haystack.innocent)]
        rows.set(key, {
          ...row,
          shares: [...row.shares, ...share],
          first: [...row.first, ...(first === null ? [] : [first.get(detector) ?? null])],
        })
      }
    }
  }
  return { rows: [...rows.values()], quiet: await quietRows(haystack) }
}

const shareText = (values: readonly number[]): string =>
  values.length === 0 ? '' : formatShare(values.reduce((a, b) => a + b, 0) / values.length)

/** The slowest of the starts: first findings of an attack that one start hides are none. */
const firstText = (first: TargetRow['first']): string => {
  if (first.length === 0) return ''
  const found = first.filter((one) => one !== null)
  if (found.length < first.length) return '–'
  const slowest = found.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  return `${slowest.seconds} s (${slowest.requests})`
}

/** Those that are compared are always shown, the others where they found anything. */
const alwaysShown = ['web-client-behaviour', 'web-client-kmeans', together]

const isShown = ({ detector, shares, first }: TargetRow): boolean =>
  alwaysShown.includes(detector) ||
  shares.some(({ minutes }) => minutes > 0) ||
  first.some((one) => one !== null)

/** One row for each log, attack and detector that found something; starts are averaged. */
export const targetsText = (results: readonly WebTargets[]): string => {
  const quiet = new Map(
    results.flatMap((one) => one.quiet.map((row) => [`${row.log}\n${row.detector}`, row])),
  )
  const rows = results
    .flatMap((one) => one.rows)
    .filter(isShown)
    .map(({ log, attack, detector, shares, first }) => {
      const calm = quiet.get(`${log}\n${detector}`)
      return [
        log,
        attack,
        detector,
        shareText(shares.map(({ windows }) => windows)),
        shareText(shares.map(({ minutes }) => minutes)),
        firstText(first),
        calm === undefined
          ? ''
          : [calm.innocent, calm.unlabelled, calm.all].map((aDay) => aDay.toFixed(1)).join(' / '),
      ]
    })
  const heads = [
    'log',
    'attack',
    'detector',
    `its windows found at ${allowedADay} false a day`,
    'its minutes, in windows of any length',
    'first finding, slowest start: s (requests)',
    'findings a day without it: innocent / unlabelled / all',
  ]
  return [
    '#### Slow attackers in access logs',
    "Innocent: not labelled hostile, no declared bot, and not mostly refused. Wanted: 95 % of a scanner's windows at 1.6 false windows a day and a first finding within 10 s; 90 % of a scraper's windows within an hour.",
    table(heads, rows, false),
  ].join('\n\n')
}
