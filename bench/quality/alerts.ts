/**
 * Alerts of other tools, labelled by the step of an attack that set them off (the layout of AIT-ADS): how much has to be
 * read until every step has been seen.
 *
 * @module
 */
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import alertRisk from '../../detectors/alert-risk.ts'
import { runDetector } from '../../src/detect/run.ts'
import { hunt } from '../../src/hunt.ts'
import { withLogs } from '../../src/logs.ts'
import { csvFields } from '../../src/parse/line.ts'
import { parserFromMapping } from '../../src/parse/mapping.ts'
import type { Report } from '../../src/report/report.ts'
import { formatShare } from '../../src/report/format.ts'
import { median, table } from '../table.ts'
import { groupRanking, incidentReading, plainNovelty, type Reading } from './alert-reading.ts'
import { readLines, shownPath } from './log-files.ts'

const header = 'time,name,ip,host,short,time_label,event_label'
const hourMs = 3_600_000

/** The tables of a folder, or the file itself; none where there is no such place. */
export const alertTables = (place: string): string[] => {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (found.isFile()) return [place]
  return readdirSync(place)
    .filter((name) => /\.csv(\.gz)?$/.test(name))
    .toSorted()
    .map((name) => path.join(place, name))
}

/** How a user would have them read; the labels are not among the columns. */
const mapping = {
  id: 'labelled-alerts',
  title: 'Alerts with labels',
  category: 'alert',
  csv: { header },
  columns: {
    timestamp: { from: 'time', time: 'epoch seconds' },
    rule_name: 'name',
    host_name: 'host',
    host_ip: 'ip',
  },
}

export interface LabelledAlert {
  readonly timeMs: number
  readonly name: string
  readonly host: string
  /** The step of the attack; empty for none. */
  readonly step: string
}

const alertsOf = (file: string): LabelledAlert[] => {
  const [first = '', ...lines] = readLines(file)
  const names = csvFields(first.trimEnd(), ',')
  const at = (name: string): number => names.indexOf(name)
  const [time, name, host, label] = [at('time'), at('name'), at('host'), at('event_label')]
  return lines.map((line) => {
    const fields = csvFields(line.trimEnd(), ',')
    const step = fields[label] ?? '-'
    return {
      timeMs: Number(fields[time]) * 1000,
      name: fields[name] ?? '',
      host: fields[host] ?? '',
      step: step === '-' ? '' : step,
    }
  })
}

export interface AlertQuality {
  readonly file: string
  readonly alerts: number
  readonly days: number
  /** Pairs of host and hour with any alert, and those with one of an attack: k. */
  readonly groups: number
  readonly attackGroups: number
  readonly steps: number
  /** Groups in the order of plain novelty, of the detector's risk, and as the incidents bring them. */
  readonly plain: Reading
  readonly risk: Reading
  readonly incidents: Reading
  readonly incidentCount: number
  readonly findings: number
  readonly sizes: {
    readonly hosts: readonly [median: number, most: number]
    readonly groups: readonly [median: number, most: number]
    readonly alerts: readonly [median: number, most: number]
  }
  /** Hosts, groups and alerts of the incident of each first sight of a step. */
  readonly seenIn: readonly string[]
  readonly seconds: number
  readonly titles: readonly string[]
}

/** Every (host, hour) with its risk, most first: also of those that are no finding. */
const riskRanking = (file: string): Promise<{ readonly host: string; readonly hour: number }[]> =>
  withLogs(
    { paths: [file], extraParsers: [parserFromMapping(mapping, file)], format: mapping.id },
    async (engine, loaded) => {
      const all = {
        fromMs: Date.parse(loaded.first ?? '1970-01-01T00:00Z'),
        toMs: Date.parse(loaded.last ?? '1970-01-01T00:00Z') + 1,
      }
      const { episodes } = await runDetector(
        engine,
        { ...alertRisk, requires: {} },
        { all, judged: all, activeDays: 1 },
      )
      return episodes
        .flatMap(({ windows }) => windows)
        .toSorted((a, b) => b.score - a.score || a.startMs - b.startMs)
        .map(({ entity, startMs }) => ({ host: entity[0] ?? '', hour: startMs / hourMs }))
    },
  )

/** What a reader of each incident sees: all alerts of its findings' hosts from their first to their last. */
const incidentsOf = (report: Report) => {
  const findings = new Map(report.findings.map((finding) => [finding.id, finding]))
  return report.incidents.map(({ findings: ids }) =>
    ids
      .flatMap((id) => findings.get(id) ?? [])
      .map(({ entity, first, last }) => ({
        host: entity.value,
        fromMs: Date.parse(first),
        toMs: Date.parse(last),
      })),
  )
}

const medianAndMost = (values: readonly number[]): readonly [number, number] => [
  values.length === 0 ? 0 : median(values),
  Math.max(0, ...values),
]

export const alertQuality = async (file: string): Promise<AlertQuality> => {
  const alerts = alertsOf(file)
  const startedMs = performance.now()
  const report = await hunt({
    paths: [file],
    extraParsers: [parserFromMapping(mapping, file)],
    format: mapping.id,
    budget: Number.POSITIVE_INFINITY,
  })
  const seconds = Math.round((performance.now() - startedMs) / 10) / 100
  const { reading, sizes, seenIn } = incidentReading(alerts, incidentsOf(report))
  const risk = groupRanking(alerts, await riskRanking(file))
  const times = alerts.map(({ timeMs }) => timeMs)
  return {
    file: shownPath(file),
    alerts: alerts.length,
    days: Math.ceil(
      (times.reduce((a, b) => Math.max(a, b), 0) - times.reduce((a, b) => Math.min(a, b), Infinity)) /
        86_400_000,
    ),
    groups: risk.groups,
    attackGroups: risk.attackGroups,
    steps: new Set(alerts.flatMap(({ step }) => (step === '' ? [] : [step]))).size,
    plain: groupRanking(alerts, plainNovelty(alerts)).reading,
    risk: risk.reading,
    incidents: reading,
    incidentCount: report.incidents.length,
    findings: report.findings.length,
    sizes: {
      hosts: medianAndMost(sizes.map(({ hosts }) => hosts)),
      groups: medianAndMost(sizes.map(({ groups }) => groups)),
      alerts: medianAndMost(sizes.map(({ alerts: held }) => held)),
    },
    seenIn,
    seconds,
    titles: report.incidents.slice(0, 5).map(({ title }) => title),
  }
}

const untilText = ({ until, unseen }: Reading): string =>
  unseen.length === 0 ? String(until) : `– (not: ${unseen.join(', ')})`

const total = (results: readonly AlertQuality[], of: (one: AlertQuality) => Reading): string => {
  const readings = results.map(of)
  return readings.some(({ unseen }) => unseen.length > 0)
    ? '–'
    : String(readings.reduce((sum, { until }) => sum + until, 0))
}

const rowOf = (name: string, results: readonly AlertQuality[]) => {
  const attackGroups = results.reduce((sum, one) => sum + one.attackGroups, 0)
  const precision = (of: (one: AlertQuality) => Reading): string =>
    formatShare(results.reduce((sum, one) => sum + of(one).foundInK, 0) / Math.max(1, attackGroups))
  const [only] = results
  const until = (of: (one: AlertQuality) => Reading): string =>
    results.length === 1 && only !== undefined ? untilText(of(only)) : total(results, of)
  const first = (of: (one: AlertQuality) => Reading): string =>
    results.map((one) => of(one).first ?? '–').join(', ')
  return [
    name,
    String(results.reduce((sum, one) => sum + one.alerts, 0)),
    String(results.reduce((sum, one) => sum + one.steps, 0)),
    until(({ plain }) => plain),
    until(({ risk }) => risk),
    until(({ incidents }) => incidents),
    first(({ incidents }) => incidents),
    String(attackGroups),
    precision(({ plain }) => plain),
    precision(({ risk }) => risk),
    precision(({ incidents }) => incidents),
  ]
}

export const alertsText = (results: readonly AlertQuality[]): string =>
  [
    'Alerts of other tools: what is read until every labelled step of the attack has been seen, as (host, hour) groups and as incidents of a hunt; precision at k, the number of groups with an attack.',
    table(
      [
        'network',
        'alerts',
        'steps',
        'groups read, plain novelty',
        'groups read, risk',
        'incidents read',
        'first attack at',
        'k',
        'precision at k, plain',
        'risk',
        'groups as incidents bring them',
      ],
      [
        ...results.map((one) => rowOf(path.basename(one.file), [one])),
        ...(results.length > 1 ? [rowOf('all', results)] : []),
      ],
    ),
    table(
      [
        'network',
        'days',
        'groups',
        'findings',
        'incidents',
        'hosts an incident',
        'groups an incident',
        'alerts an incident',
        'seconds',
      ],
      results.map((one) => [
        path.basename(one.file),
        String(one.days),
        String(one.groups),
        String(one.findings),
        String(one.incidentCount),
        one.sizes.hosts.join(' to '),
        one.sizes.groups.join(' to '),
        one.sizes.alerts.join(' to '),
        one.seconds.toFixed(1),
      ]),
    ),
    'Sizes are the median and the largest.',
    ...results.map((one) =>
      [`${path.basename(one.file)}:`, ...one.seenIn.map((line) => `- ${line}`)].join('\n'),
    ),
  ].join('\n\n')
