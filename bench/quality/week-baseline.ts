/**
 * What is false in the benign week, as it was when somebody last looked: a file in the repository, so that each change
 * shows in review.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../place.ts'
import { table } from '../table.ts'
import { weekName, type ViewFindings, type WeekQuality } from './week.ts'

/** False findings of every detector, by view. */
export interface BaselineView {
  readonly findings: number
  readonly incidents: number
  readonly byDetector: Readonly<Record<string, number>>
}

/** By the week's name, then by view. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, BaselineView>>>>

export const baselineFile = (): string => path.join(projectRoot(), 'bench', 'baselines', 'week.json')

export const readBaseline = (file = baselineFile()): Baseline =>
  // It is our own file, written below.
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Baseline) : {}

/** Zeros are left out: a detector that is new and silent changes nothing. */
const entryOf = ({ findings, incidents, byDetector }: ViewFindings): BaselineView => ({
  findings,
  incidents,
  byDetector: Object.fromEntries(Object.entries(byDetector).filter(([, count]) => count > 0)),
})

/** Replaces what is kept of this week, view by view; other weeks stay. @returns the file */
export const writeBaseline = ({ options, views }: WeekQuality, file = baselineFile()): string => {
  const kept = readBaseline(file)
  const name = weekName(options)
  const fresh = Object.fromEntries(views.map((view) => [view.view, entryOf(view)]))
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ ...kept, [name]: { ...kept[name], ...fresh } }, null, 2)}\n`)
  return file
}

export interface Difference {
  readonly view: string
  readonly detector: string
  readonly before: number
  readonly now: number
}

/** Detectors whose false findings are not as many as they were; null where this week was never kept. */
export const differences = (
  { options, views }: WeekQuality,
  baseline = readBaseline(),
): Difference[] | null => {
  const kept = baseline[weekName(options)]
  if (kept === undefined) return null
  return views.flatMap((view) => {
    const [before, now] = [kept[view.view]?.byDetector ?? {}, entryOf(view).byDetector]
    return [...new Set([...Object.keys(before), ...Object.keys(now)])]
      .toSorted()
      .map((detector) => ({
        view: view.view,
        detector,
        before: before[detector] ?? 0,
        now: now[detector] ?? 0,
      }))
      .filter((one) => one.before !== one.now)
  })
}

export const differenceText = (quality: WeekQuality): string => {
  const found = differences(quality)
  if (found === null) return 'There is no baseline of this week; `--write-baseline` makes one.'
  if (found.length === 0) return 'As in the baseline.'
  return [
    'Differences to the baseline, in findings over the whole time:',
    table(
      ['part', 'detector', 'before', 'now', 'change'],
      found.map(({ view, detector, before, now }) => [
        view,
        detector,
        String(before),
        String(now),
        `${now > before ? '+' : '−'}${Math.abs(now - before)}`,
      ]),
      false,
    ),
  ].join('\n\n')
}
