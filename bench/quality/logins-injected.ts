/**
 * Logins of a generated organisation: what is found in its quiet weeks is false. Then all attacks at once, each of victims
 * of its own: which are found, at which dose, by what?
 *
 * @module
 */
import { groupBy } from '../../src/detect/group-by.ts'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { detectors } from '../../detectors/index.ts'
import { loginAttacks, type LoginAttack } from '../generate/logins/attacks.ts'
import { loginHost, loginLine, type Login } from '../generate/logins/login.ts'
import { quietLogins, type OrganisationOptions } from '../generate/logins/quiet.ts'
import { hunt } from '../../src/hunt.ts'
import type { Finding, Report } from '../../src/report/report.ts'
import { table } from '../table.ts'
import { everything, isAbout } from './named.ts'

export interface FoundAttack {
  readonly kind: string
  readonly dose: string
  readonly cases: number
  readonly found: number
  /** Of those found, the middle one's rank. */
  readonly rank: number | null
  readonly by: readonly string[]
}

export interface LoginInjection {
  readonly options: OrganisationOptions
  readonly lines: number
  readonly seconds: number
  /** False findings a week, by detector; those that found nothing too. */
  readonly falseAWeek: readonly {
    readonly detector: string
    readonly findings: number
    readonly aWeek: number
  }[]
  readonly first: readonly string[]
  readonly attacks: readonly FoundAttack[]
}

const judged = detectors
  .filter(({ id }) => id.startsWith('login-') || id === 'impossible-travel')
  .map(({ id }) => id)

/** What a program that logs in the shape of the Elastic Common Schema would be read with. */
const mapping = {
  id: 'logins',
  title: 'Logins of a generated organisation',
  category: 'auth',
  columns: {
    timestamp: { from: '@timestamp', time: 'iso' },
    event_action: 'event.action',
    event_outcome: 'event.outcome',
    user_name: 'user.name',
    source_ip: 'source.ip',
    source_as_number: 'source.as.number',
    source_geo_country_iso_code: 'source.geo.country_iso_code',
    source_geo_latitude: 'source.geo.location.lat',
    source_geo_longitude: 'source.geo.location.lon',
    user_agent: 'user_agent.original',
    host_name: 'host.name',
  },
} as const

const huntIn = async (folder: string, logins: readonly Login[]): Promise<Report> => {
  const file = path.join(folder, 'logins.json')
  const described = path.join(folder, 'mapping.json')
  writeFileSync(file, `${logins.map(loginLine).join('\n')}\n`)
  writeFileSync(described, JSON.stringify(mapping))
  return hunt({ paths: [file], mapping: described, detectors: judged, budget: everything })
}

/** Times are written in whole milliseconds. */
const overlaps = (finding: Finding, { firstMs, lastMs }: LoginAttack): boolean =>
  Date.parse(finding.first) <= lastMs + 1 && Date.parse(finding.last) >= firstMs - 1

const findingsOf = (attack: LoginAttack, report: Report, known: ReadonlySet<string>): Finding[] =>
  report.findings.filter(
    (finding) =>
      overlaps(finding, attack) &&
      attack.about.some((name) => isAbout(finding, name)) &&
      !known.has(markOf(finding)),
  )

/** The same false finding, though its day moves a little. */
const markOf = ({ detector, entity, first }: Finding): string =>
  `${detector}\n${entity.value}\n${first.slice(0, 10)}`

interface Judged {
  readonly attack: LoginAttack
  readonly findings: readonly Finding[]
}

/** Attacks of one kind and dose together, in the order in which they come. */
const foundAttacks = (judgedAttacks: readonly Judged[]): FoundAttack[] => {
  const groups = groupBy(judgedAttacks, ({ attack }) => `${attack.kind}\n${attack.dose}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const found = group.filter(({ findings }) => findings.length > 0)
    const ranks = found.map(({ findings }) => Math.min(...findings.map(({ rank }) => rank)))
    const counts = new Map<string, number>()
    for (const { findings } of found)
      for (const detector of new Set(findings.map((finding) => finding.detector)))
        counts.set(detector, (counts.get(detector) ?? 0) + 1)
    return [
      {
        kind: first.attack.kind,
        dose: first.attack.dose,
        cases: group.length,
        found: found.length,
        rank: ranks.toSorted((one, other) => one - other)[Math.floor((ranks.length - 1) / 2)] ?? null,
        by: [...counts]
          .toSorted((one, other) => other[1] - one[1])
          .map(([id, n]) => (group.length === 1 ? id : `${id} (${n})`)),
      },
    ]
  })
}

export const loginInjection = async (
  options: OrganisationOptions,
  progress: (text: string) => void = () => undefined,
): Promise<LoginInjection> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-organisation-'))
  try {
    const logins = quietLogins(options)
    progress(`logins: ${logins.length} of ${options.users} users, quiet …`)
    const quiet = await huntIn(folder, logins)
    const known = new Set(quiet.findings.map(markOf))
    const rounds = loginAttacks(options, logins, loginHost)
    const found: Judged[] = []
    for (const [i, attacks] of rounds.entries()) {
      progress(`logins: attacks, round ${i + 1} of ${rounds.length} …`)
      const all = [...logins, ...attacks.flatMap((attack) => attack.logins)]
      const report = await huntIn(
        folder,
        all.toSorted((one, other) => one.timeMs - other.timeMs),
      )
      found.push(...attacks.map((attack) => ({ attack, findings: findingsOf(attack, report, known) })))
    }
    const order = (kind: string): number => kinds.indexOf(kind)
    const kinds = [...new Set(found.map(({ attack }) => attack.kind))]
    found.sort((one, other) => order(one.attack.kind) - order(other.attack.kind))
    const weeks = options.days / 7
    return {
      options,
      lines: quiet.summary.lines,
      seconds: quiet.summary.seconds,
      falseAWeek: judged.map((detector) => {
        const findings = quiet.findings.filter((finding) => finding.detector === detector).length
        return { detector, findings, aWeek: findings / weeks }
      }),
      first: quiet.findings
        .slice(0, 20)
        .map(({ detector, severity, title }) => `${detector} (${severity}): ${title}`),
      attacks: foundAttacks(found),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const injectionText = (result: LoginInjection): string => {
  const { users, days, seed } = result.options
  const total = result.falseAWeek.reduce((sum, { aWeek }) => sum + aWeek, 0)
  return [
    `#### Logins of a generated organisation: ${users.toLocaleString('en-US')} users, ${days} days, seed ${seed}`,
    `${result.lines.toLocaleString('en-US')} quiet logins, judged in ${result.seconds.toFixed(1)} s. False findings: ${total.toFixed(1)} a week.`,
    table(
      ['detector', 'false findings', 'a week'],
      result.falseAWeek.map(({ detector, findings, aWeek }) => [
        detector,
        String(findings),
        aWeek.toFixed(1),
      ]),
      false,
    ),
    table(
      ['attack', 'dose', 'found', 'rank', 'by'],
      result.attacks.map(({ kind, dose, found, cases, rank, by }) => [
        kind,
        dose,
        `${found} of ${cases}`,
        rank === null ? '–' : String(rank),
        by.join(', '),
      ]),
      false,
    ),
  ].join('\n\n')
}
