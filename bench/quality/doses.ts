/**
 * How much of an attack it takes: each kind in several doses, each dose in several places of a quiet log. At which dose are
 * half of them found, and nine tenths?
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hunt } from '../../src/hunt.ts'
import type { Finding, Report } from '../../src/report/report.ts'
import { below, scramble } from '../generate/draw.ts'
import { streamOf } from '../generate/office-times.ts'
import type { AttackKind, Injected, Medium, Scene } from '../inject/attack-kind.ts'
import { attackKinds } from '../inject/kinds.ts'
import { table } from '../table.ts'
import { doseHaystack, type DoseHaystack } from './dose-haystacks.ts'
import { everything, isAbout, namesIn } from './named.ts'

export interface DoseLevel {
  readonly dose: number
  readonly placed: number
  /** How many placements each detector found; `any` of them. */
  readonly found: Readonly<Record<string, number>>
}

export interface DoseResult {
  readonly kind: string
  readonly title: string
  readonly unit: string
  readonly haystack: string
  readonly seconds: number
  readonly levels: readonly DoseLevel[]
}

export interface DoseRun {
  readonly seed: number
  /** One kind; absent: all. */
  readonly kind?: string
  /** The user's own logs. */
  readonly place?: string
  /** Default: those of the kind. */
  readonly doses?: readonly number[]
}

/** Placements of each dose. */
const repeats = 10

/**
 * How many of them share a log: more would be a siege, in which each is less remarkable. Strangers who come in weeks or years
 * of a log meet less than people and machines of one house do.
 */
const atOnce: Readonly<Record<Medium, number>> = {
  access: 10,
  auth: 10,
  alerts: 10,
  staff: 5,
  wire: 5,
  names: 5,
}

/** Nothing is put into the first third of a log: it is what was before. */
const pastShare = 0.35

/** A finding is about the attack if it names one who has a part in it, while it lasts. */
export const isFoundBy = (
  finding: Pick<Finding, 'entity' | 'first' | 'last'>,
  injected: Injected,
  shiftMs = 0,
): boolean =>
  injected.names.some((name) => isAbout(finding, name)) &&
  Date.parse(finding.first) - shiftMs <= injected.toMs + 1000 &&
  Date.parse(finding.last) - shiftMs >= injected.fromMs - 1000

/** People and machines about whom nothing is found when nothing happens. */
const withoutNamed = (scene: Scene, quiet: Report): Scene => {
  const named = new Set(quiet.findings.flatMap(namesIn))
  const users = scene.users.filter(({ name }) => !named.has(name))
  const machines = scene.machines.filter((machine) => !named.has(machine))
  const hosts = scene.hosts.filter((host) => !named.has(host))
  return {
    ...scene,
    users: users.length === 0 ? scene.users : users,
    machines: machines.length === 0 ? scene.machines : machines,
    hosts: hosts.length === 0 ? scene.hosts : hosts,
  }
}

/** The same places for each dose: what differs between doses is the dose. */
const place = (
  kind: AttackKind,
  dose: number,
  haystack: DoseHaystack,
  scene: Scene,
  seed: number,
  number: number,
): Injected => {
  const name = Array.from(kind.id).reduce((sum, letter) => scramble(sum + letter.charCodeAt(0)), 7)
  const random = streamOf(seed, name, number)
  const first = Math.floor(haystack.moments.length * pastShare)
  const moment = haystack.moments[first + below(random, haystack.moments.length - first)] ?? haystack.firstMs
  return kind.inject(dose, { scene, random, startMs: moment, number })
}

/** A log without years is read as of some year: how far that is from ours. */
const shiftOf = (report: Report, haystack: DoseHaystack): number => {
  const shiftMs = Date.parse(report.summary.first ?? '') - haystack.firstMs
  return Math.abs(shiftMs) < 20 * 86_400_000 || Number.isNaN(shiftMs) ? 0 : shiftMs
}

const levelOf = async (
  kind: AttackKind,
  dose: number,
  haystack: DoseHaystack,
  scene: Scene,
  seed: number,
): Promise<DoseLevel> => {
  const found = new Map<string, number>([['any', 0]])
  const add = (name: string): void => void found.set(name, (found.get(name) ?? 0) + 1)
  const together = atOnce[kind.medium]
  for (let first = 0; first < repeats; first += together) {
    const injected = Array.from({ length: together }, (_, i) =>
      place(kind, dose, haystack, scene, seed, first + i),
    )
    const report = await hunt({ ...haystack.request, paths: [haystack.splice(injected)], budget: everything })
    const shiftMs = shiftOf(report, haystack)
    for (const one of injected) {
      const by = new Set(
        report.findings.filter((finding) => isFoundBy(finding, one, shiftMs)).map(({ detector }) => detector),
      )
      if (by.size > 0) add('any')
      for (const detector of by) add(detector)
    }
  }
  return { dose, placed: repeats, found: Object.fromEntries(found) }
}

/** Whether everybody who has found any finds all: more of it would tell nothing new. */
const isSettled = (levels: readonly DoseLevel[]): boolean => {
  const last = levels.slice(-2)
  const names = new Set(levels.flatMap(({ found }) => Object.keys(found)))
  return (
    last.length === 2 && last.every(({ found, placed }) => [...names].every((name) => found[name] === placed))
  )
}

const levelsOf = async (
  kind: AttackKind,
  haystack: DoseHaystack,
  scene: Scene,
  run: DoseRun,
): Promise<DoseLevel[]> => {
  const levels: DoseLevel[] = []
  for (const dose of run.doses ?? kind.dose.values) {
    levels.push(await levelOf(kind, dose, haystack, scene, run.seed))
    if (isSettled(levels)) break
  }
  return levels
}

/** Kinds that share a log, with that log read once. */
const runMedium = async (
  medium: Medium,
  kinds: readonly AttackKind[],
  run: DoseRun,
  progress: (text: string) => void,
): Promise<DoseResult[]> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-doses-'))
  try {
    const haystack = doseHaystack(medium, path.join(folder, medium), run.place)
    progress(`doses: ${medium}, in ${haystack.name} …`)
    const quiet = await hunt({ ...haystack.request, paths: [haystack.splice([])], budget: everything })
    const scene = withoutNamed(haystack.scene, quiet)
    const results: DoseResult[] = []
    for (const kind of kinds) {
      progress(`doses: ${kind.id} …`)
      const startedMs = performance.now()
      const levels = await levelsOf(kind, haystack, scene, run)
      const seconds = (performance.now() - startedMs) / 1000
      results.push({
        kind: kind.id,
        title: kind.title,
        unit: kind.dose.unit,
        haystack: haystack.name,
        seconds,
        levels,
      })
    }
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const doses = async (
  run: DoseRun,
  progress: (text: string) => void = () => undefined,
): Promise<DoseResult[]> => {
  const kinds = attackKinds.filter(({ id }) => run.kind === undefined || id === run.kind)
  const results: DoseResult[] = []
  for (const medium of new Set(kinds.map((kind) => kind.medium)))
    results.push(
      ...(await runMedium(
        medium,
        kinds.filter((kind) => kind.medium === medium),
        run,
        progress,
      )),
    )
  return results
}

/** The smallest dose from which on at least this share is found; null where the largest is not enough. */
export const doseFor = (levels: readonly DoseLevel[], detector: string, share: number): number | null => {
  let least: number | null = null
  for (const { dose, placed, found } of levels.toReversed()) {
    if ((found[detector] ?? 0) < share * placed) break
    least = dose
  }
  return least
}

const detectorsIn = ({ levels }: DoseResult): readonly string[] => {
  const names = new Set(levels.flatMap(({ found }) => Object.keys(found)))
  names.delete('any')
  return ['any', ...[...names].toSorted()]
}

const doseText = (dose: number | null): string => (dose === null ? '–' : String(dose))

/** For each kind a row of all detectors together, and one of each that found any. */
export const dosesText = (results: readonly DoseResult[]): string =>
  [
    '#### How much of an attack it takes',
    `Each dose in ${repeats} places of a quiet log. \`–\`: the largest dose is not enough.`,
    table(
      ['attack', 'dose', 'tried', 'detector', 'half found at', 'nine tenths', 'found, by dose', 'log'],
      results.flatMap((result) =>
        detectorsIn(result).map((detector) => [
          detector === 'any' ? result.title : '',
          detector === 'any' ? result.unit : '',
          detector === 'any' ? `${result.levels[0]?.dose ?? ''}–${result.levels.at(-1)?.dose ?? ''}` : '',
          detector,
          doseText(doseFor(result.levels, detector, 0.5)),
          doseText(doseFor(result.levels, detector, 0.9)),
          result.levels.map(({ found }) => found[detector] ?? 0).join(' '),
          detector === 'any' ? result.haystack : '',
        ]),
      ),
      false,
    ),
  ].join('\n\n')
