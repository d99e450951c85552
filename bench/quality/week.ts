/**
 * A benign week: what is found in it is false. How much a day, of which detector, in which part, and in all of it
 * together.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hunt } from '../../src/hunt.ts'
import type { Report } from '../../src/report/report.ts'
import { writePlaces } from '../generate/week/geoip.ts'
import type { WeekOptions } from '../generate/week/options.ts'
import { ownNetworks, weekFolder, weekParts, writePart, type WeekPart } from '../generate/week/week.ts'
import { table } from '../table.ts'
import { everything, placeOf, rankText, type Place } from './named.ts'

/** A part by itself, or all of them in one hunt. */
export type WeekView = WeekPart | 'together'

export interface ViewFindings {
  readonly view: WeekView
  readonly lines: number
  readonly rejected: number
  readonly seconds: number
  /** Above the line, however many a person wants to see. */
  readonly findings: number
  readonly incidents: number
  /** Incidents that a hunt shows unless told otherwise; null where that was not asked. */
  readonly incidentsShown: number | null
  /** Every detector that had something to judge; those that found nothing too. */
  readonly byDetector: Readonly<Record<string, number>>
  readonly first: readonly (Place & { readonly entity: string })[]
}

export interface WeekQuality {
  readonly options: WeekOptions
  readonly views: readonly ViewFindings[]
}

/** On a busy machine a load of a million lines has needed more than the default of 2 GB. */
const memoryBytes = 4_000_000_000

/** False findings that are told of each view. */
const shown = 12

const countsOf = ({ summary, findings }: Report): Record<string, number> => {
  const counts = new Map(summary.detectors.map((detector) => [detector, 0]))
  for (const { detector } of findings) counts.set(detector, (counts.get(detector) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const viewOf = (view: WeekView, report: Report, incidentsShown: number | null): ViewFindings => {
  const { summary, findings, incidents } = report
  return {
    view,
    lines: summary.lines,
    rejected: summary.rejected,
    seconds: summary.seconds,
    findings: findings.length,
    incidents: incidents.length,
    incidentsShown,
    byDetector: countsOf(report),
    first: findings.slice(0, shown).map((finding) => ({ ...placeOf(finding), entity: finding.entity.value })),
  }
}

export interface WeekRun extends WeekOptions {
  /** Default: each part by itself, then together. */
  readonly views?: readonly WeekView[]
  /** Whether to hunt once more as a person would, who is shown so many findings and no more. Default true. */
  readonly asShown?: boolean
}

const allViews: readonly WeekView[] = [...weekParts, 'together']

export const weekQuality = async (
  run: WeekRun,
  progress: (text: string) => void = () => undefined,
): Promise<WeekQuality> => {
  const { views: wanted = allViews, asShown = true, ...options } = run
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-week-'))
  const [logs, places] = [path.join(folder, 'logs'), path.join(folder, 'places.mmdb')]
  try {
    writePlaces(places)
    const needed = wanted.includes('together') ? weekParts : weekParts.filter((part) => wanted.includes(part))
    for (const part of needed) {
      progress(`week: writing ${part}, ${options.days} days …`)
      writePart(logs, part, options)
    }
    const views: ViewFindings[] = []
    for (const view of wanted) {
      progress(`week: hunting in ${view} …`)
      const place = view === 'together' ? logs : weekFolder(logs, view)
      const request = { paths: [place], ownNetworks, geoip: [places], memoryBytes }
      const report = await hunt({ ...request, budget: everything })
      // What a person is shown is chosen from all, so that it takes a hunt of its own.
      const usual = view === 'together' && asShown ? (await hunt(request)).incidents.length : null
      views.push(viewOf(view, report, usual))
    }
    return { options, views }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const perDay = (count: number, days: number): string => (count === 0 ? '·' : (count / days).toFixed(1))

const detectorsOf = (views: readonly ViewFindings[]): readonly string[] =>
  [...new Set(views.flatMap(({ byDetector }) => Object.keys(byDetector)))].toSorted()

/** A cell for each detector and view: false findings a day, `·` for none, nothing where it had nothing to judge. */
const countTable = (views: readonly ViewFindings[], days: number): string => {
  const total = (name: string, value: (view: ViewFindings) => string): string[] => [name, ...views.map(value)]
  return table(
    ['false findings a day', ...views.map(({ view }) => view)],
    [
      ...detectorsOf(views).map((detector) => [
        detector,
        ...views.map(({ byDetector }) => {
          const count = byDetector[detector]
          return count === undefined ? '' : perDay(count, days)
        }),
      ]),
      total('all findings', ({ findings }) => perDay(findings, days)),
      total('incidents of them', ({ incidents }) => perDay(incidents, days)),
      total(`incidents at the default budget`, ({ incidentsShown }) =>
        incidentsShown === null ? '' : perDay(incidentsShown, days),
      ),
      total('lines', ({ lines }) => lines.toLocaleString('en-US')),
      total('lines not understood', ({ rejected }) => rejected.toLocaleString('en-US')),
      total('seconds', ({ seconds }) => seconds.toFixed(1)),
    ],
  )
}

const firstTable = (views: readonly ViewFindings[]): string =>
  table(
    ['part', 'rank', 'severity', 'detector', 'false finding'],
    views.flatMap(({ view, first }) =>
      first.map((one) => [view, rankText(one.rank), one.severity, one.detector, one.title]),
    ),
    false,
  )

export const weekName = ({ days, seed, scale }: WeekOptions): string =>
  `${days} days, seed ${seed}, scale ${scale}`

export const weekText = ({ options, views }: WeekQuality): string =>
  [
    `#### A benign week (${weekName(options)}): what is found in it is false`,
    countTable(views, options.days),
    `The first ${shown} of each part:`,
    firstTable(views),
  ].join('\n\n')
