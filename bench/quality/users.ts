/**
 * Users and machines of an organisation: how many false findings a day, and where are the accounts that somebody else uses?
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hunt } from '../../src/hunt.ts'
import type { Finding, Report } from '../../src/report/report.ts'
import { table } from '../table.ts'
import { everything, isAbout, placeOf, rankText, type Place } from './named.ts'
import { userAttacks, type UserAttack } from './users-attacks.ts'
import { organisation, type OrganisationOptions } from './users-organisation.ts'
import type { UserEvent } from './users-wire.ts'

export const userDetectors = [
  'user-new-host',
  'lateral-movement',
  'account-new',
  'account-revived',
  'user-daily-activity',
  'host-daily-activity',
] as const

export interface UserQuality {
  readonly options: OrganisationOptions
  readonly lines: number
  readonly seconds: number
  readonly benign: readonly { readonly detector: string; readonly findings: number; readonly aDay: number }[]
  readonly falseFindings: readonly Place[]
  readonly attacks: readonly (Place & { readonly what: string; readonly own: number | null })[]
}

const shown = 12

const huntIn = (file: string): Promise<Report> =>
  hunt({ paths: [file], detectors: [...userDetectors], budget: everything, memoryBytes: 1_500_000_000 })

const write = (file: string, events: readonly UserEvent[]): void =>
  writeFileSync(
    file,
    `${events
      .toSorted((a, b) => a.timeMs - b.timeMs)
      .map(({ text }) => text)
      .join('\n')}\n`,
  )

const judge = (attack: UserAttack, findings: readonly Finding[]) => {
  const about = findings.filter((finding) => isAbout(finding, attack.attacker))
  const own = about.find(({ detector }) => detector === attack.detector)
  return { what: attack.what, ...placeOf(about[0]), own: own?.rank ?? null }
}

export const userQuality = async (
  options: OrganisationOptions,
  progress: (text: string) => void = () => undefined,
): Promise<UserQuality> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-users-'))
  try {
    progress(`users: ${options.people} people, ${options.days} days …`)
    const quiet = organisation(options)
    const file = path.join(folder, 'security.json')
    write(file, quiet.events)
    progress('users: hunting, benign …')
    const benign = await huntIn(file)
    const named = new Set(benign.findings.map(({ entity }) => entity.value))
    const others = new Set(quiet.people.map(({ name }) => name).filter((name) => !named.has(name)))
    const attacks = userAttacks(quiet, options.days, others)
    write(file, [...quiet.events, ...attacks.flatMap(({ events }) => events)])
    progress('users: hunting, with all attacks …')
    const attacked = await huntIn(file)
    return {
      options,
      lines: benign.summary.lines,
      seconds: benign.summary.seconds,
      benign: userDetectors.map((detector) => {
        const findings = benign.findings.filter((finding) => finding.detector === detector).length
        return { detector, findings, aDay: findings / options.days }
      }),
      falseFindings: benign.findings.slice(0, shown).map(placeOf),
      attacks: attacks.map((attack) => judge(attack, attacked.findings)),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const userText = ({
  options,
  lines,
  seconds,
  benign,
  falseFindings,
  attacks,
}: UserQuality): string => {
  const all = benign.reduce((sum, { findings }) => sum + findings, 0)
  return [
    `#### Organisation of ${options.people} people, ${options.days} days, seed ${options.seed}: ${lines.toLocaleString('en-US')} events in ${seconds.toFixed(1)} s`,
    table(
      ['detector', 'false findings', 'a day'],
      [
        ...benign.map(({ detector, findings, aDay }) => [detector, String(findings), aDay.toFixed(2)]),
        ['all', String(all), (all / options.days).toFixed(2)],
      ],
    ),
    table(
      ['rank', 'severity', 'detector', 'false finding'],
      falseFindings.map((one) => [rankText(one.rank), one.severity, one.detector, one.title]),
      false,
    ),
    '#### All attacks at once, each with an account of its own',
    table(
      ['attack', 'rank', 'of its own detector', 'severity', 'detector', 'finding'],
      attacks.map((one) => [
        one.what,
        rankText(one.rank),
        rankText(one.own),
        one.severity,
        one.detector,
        one.title,
      ]),
      false,
    ),
  ].join('\n\n')
}
