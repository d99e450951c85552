/**
 * A benign office: what is found in it is false. Then one attack at a time: is it found, where, by what?
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { officeAttacks, type OfficeAttack, type OfficeView } from '../generate/office-attacks.ts'
import { officePeople } from '../generate/office-people.ts'
import { ownNetworks } from '../generate/office-wire.ts'
import { attackTexts, officeFile, writeOffice, type OfficeOptions } from '../generate/office.ts'
import { hunt } from '../../src/hunt.ts'
import type { Finding, Report } from '../../src/report/report.ts'
import { table } from '../table.ts'
import { everything, isAbout, namesIn, placeOf, rankText, type Place } from './named.ts'

export interface FalseFindings {
  readonly view: OfficeView
  readonly lines: number
  readonly rejected: number
  readonly seconds: number
  readonly findings: number
  readonly aDay: number
  readonly byDetector: readonly {
    readonly detector: string
    readonly findings: number
    readonly aDay: number
  }[]
  readonly first: readonly Place[]
}

export interface InjectedFinding extends Place {
  readonly what: string
  readonly attacker: string
  readonly view: OfficeView
  /** Findings that were not there without the attack. */
  readonly newFindings: number
  readonly seconds: number
}

interface OfficeRun extends OfficeOptions {
  /** False findings alone: nothing is injected. */
  readonly benign?: boolean
}

export interface OfficeQuality {
  readonly options: OfficeRun
  readonly benign: readonly FalseFindings[]
  readonly injected: readonly InjectedFinding[]
}

/** False findings that are told of each log. */
const shown = 10

const views: readonly OfficeView[] = ['zeek', 'proxy', 'queries']

const huntView = (folder: string, view: OfficeView): Promise<Report> =>
  hunt({ paths: [path.join(folder, view)], ownNetworks, budget: everything })

const falseFindings = ({ summary, findings }: Report, view: OfficeView, days: number): FalseFindings => {
  const counts = new Map(summary.detectors.map((detector) => [detector, 0]))
  for (const { detector } of findings) counts.set(detector, (counts.get(detector) ?? 0) + 1)
  return {
    view,
    lines: summary.lines,
    rejected: summary.rejected,
    seconds: summary.seconds,
    findings: findings.length,
    aDay: findings.length / days,
    byDetector: [...counts].map(([detector, count]) => ({ detector, findings: count, aDay: count / days })),
    first: findings.slice(0, shown).map(placeOf),
  }
}

/** What a finding is, whenever it is: the same false one moves when something is added to a log. */
const markOf = ({ detector, entity }: Finding): string => `${detector}\n${entity.value}`

/** The lines of one attack, in files beside the benign ones. */
const inject = (folder: string, attack: OfficeAttack, options: OfficeOptions): readonly string[] =>
  [...attackTexts(attack, options)].map(([log, text]) => {
    const file = officeFile(folder, log, `${log}-more`)
    writeFileSync(file, text)
    return file
  })

const judge = (
  attack: OfficeAttack,
  view: OfficeView,
  report: Report,
  known: ReadonlySet<string>,
): InjectedFinding => {
  const fresh = report.findings.filter((finding) => !known.has(markOf(finding)))
  const named =
    fresh.find((finding) => isAbout(finding, attack.attacker)) ??
    fresh.find((finding) => namesIn(finding).includes(attack.attacker))
  return {
    what: attack.what,
    attacker: attack.attacker,
    view,
    ...placeOf(named),
    newFindings: fresh.length,
    seconds: report.summary.seconds,
  }
}

/** Ordinary people about whom nothing was found. */
const quietPeople = (options: OfficeOptions, benign: readonly Report[]): readonly string[] => {
  const named = new Set(benign.flatMap(({ findings }) => findings.flatMap(namesIn)))
  const ordinary = officePeople(options.clients)
    .filter(({ kind }) => kind === 'worker')
    .map(({ address }) => address)
  const quiet = ordinary.filter((address) => !named.has(address))
  return quiet.length === 0 ? ordinary : quiet
}

export const officeQuality = async (
  options: OfficeRun,
  progress: (text: string) => void = () => undefined,
): Promise<OfficeQuality> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-office-'))
  try {
    progress(`office: writing ${options.days} days …`)
    writeOffice(folder, options)
    const benign = new Map<OfficeView, Report>()
    for (const view of views) {
      progress(`office: hunting in ${view}, benign …`)
      benign.set(view, await huntView(folder, view))
    }
    const attackers = quietPeople(options, [...benign.values()])
    const attacks = options.benign === true ? [] : officeAttacks(options.seed, options.days, attackers)
    const injected: InjectedFinding[] = []
    for (const attack of attacks) {
      const files = inject(folder, attack, options)
      for (const view of attack.views) {
        progress(`office: ${attack.what}, ${view} …`)
        const known = new Set(benign.get(view)?.findings.map(markOf))
        injected.push(judge(attack, view, await huntView(folder, view), known))
      }
      for (const file of files) rmSync(file)
    }
    return {
      options,
      benign: [...benign].map(([view, report]) => falseFindings(report, view, options.days)),
      injected,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const falseRows = ({ view, byDetector, findings, aDay, lines, seconds }: FalseFindings): string[][] => [
  ...byDetector.map((one) => [view, one.detector, String(one.findings), one.aDay.toFixed(1), '', '']),
  [view, 'all', String(findings), aDay.toFixed(1), lines.toLocaleString('en-US'), seconds.toFixed(1)],
]

const firstTable = (benign: readonly FalseFindings[]): string =>
  table(
    ['log', 'rank', 'severity', 'detector', 'false finding'],
    benign.flatMap(({ view, first }) =>
      first.map((one) => [view, rankText(one.rank), one.severity, one.detector, one.title]),
    ),
    false,
  )

const injectedTable = (injected: readonly InjectedFinding[]): string =>
  table(
    ['attack', 'log', 'rank', 'severity', 'detector', 'new findings', 'finding'],
    injected.map((one) => [
      one.what,
      one.view,
      rankText(one.rank),
      one.severity,
      one.detector,
      String(one.newFindings),
      one.title,
    ]),
    false,
  )

export const officeText = ({ options, benign, injected }: OfficeQuality): string =>
  [
    `#### Office of ${options.clients ?? 90} people, ${options.days} days, seed ${options.seed}: false findings`,
    table(['log', 'detector', 'false findings', 'a day', 'lines', 's'], benign.flatMap(falseRows), false),
    `The first ${shown} of each log:`,
    firstTable(benign),
    ...(injected.length === 0 ? [] : ['#### One attack at a time', injectedTable(injected)]),
  ].join('\n\n')
