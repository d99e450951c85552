/**
 * Findings → incidents: what shares actors, rare destinations and time is one story, with its risk, its title and its tactics.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { secondsOf, type Detector } from '../detect/detector.ts'
import type { Finding, Incident, IncidentEntity, IncidentTactic, Severity } from '../report/report.ts'
import { compareText } from '../order.ts'
import { severityLevel } from '../report/severity.ts'
import { keyOf, noSurroundings, partsOf, rolesOf, type Role, type Surroundings } from './identity.ts'
import { linkFindings } from './links.ts'
import { riskOf } from './risk.ts'
import { mainTactic } from './tactics.ts'
import { titleOf } from './title.ts'

/** Made from one of its findings: in a hunt the strongest, else the one it was opened with. */
export const incidentId = (finding: string): string =>
  createHash('sha256').update(`incident ${finding}`).digest('hex').slice(0, 16)

const weightier: Readonly<Record<Role, number>> = { actor: 2, target: 1, detail: 0 }

/** Each machine and person once, under the name that was found first, with the most active of its roles. */
const entitiesOf = (findings: readonly Finding[], surroundings: Surroundings): IncidentEntity[] => {
  const found = new Map<string, IncidentEntity>()
  for (const finding of findings) {
    const roles = rolesOf(finding)
    partsOf(finding).forEach((part, i) => {
      const key = keyOf(part, surroundings)
      const role = roles[i] ?? 'detail'
      const before = found.get(key)
      if (before === undefined) found.set(key, { kind: part.kind, value: part.value, role })
      else if (weightier[role] > weightier[before.role]) found.set(key, { ...before, role })
    })
  }
  return [...found.values()].toSorted((a, b) => weightier[b.role] - weightier[a.role])
}

/** The main tactic of each finding, in the order of an attack, with the techniques that stand for it. */
const tacticsOf = (findings: readonly Finding[]): IncidentTactic[] => {
  const found = new Map(
    findings.flatMap(({ attack }) => {
      const tactic = mainTactic(attack)
      return tactic === undefined ? [] : [[tactic.id, tactic] as const]
    }),
  )
  return [...found.values()]
    .toSorted((a, b) => a.place - b.place)
    .map(({ id, name }) => ({
      id,
      name,
      techniques: [
        ...new Set(
          findings.flatMap(({ attack }) => (mainTactic(attack)?.id === id ? attack.slice(0, 1) : [])),
        ),
      ].toSorted(),
    }))
}

const worst = (findings: readonly Finding[]): Severity =>
  findings
    .map(({ severity }) => severity)
    .reduce((a, b) => (severityLevel(b) > severityLevel(a) ? b : a), 'low')

/** What is told of one story. */
export type Story = Omit<Incident, 'rank' | 'id'>

/** Tells findings as one story, whether or not they link. @param group the strongest first; at least one */
export const describeStory = (
  group: readonly Finding[],
  surroundings: Surroundings,
  risk = riskOf(group, surroundings),
): Story => ({
  risk,
  severity: worst(group),
  title: titleOf(group, surroundings),
  first: group.map(({ first }) => first).toSorted(compareText)[0] ?? '',
  last:
    group
      .map(({ last }) => last)
      .toSorted(compareText)
      .at(-1) ?? '',
  events: group.reduce((sum, { events }) => sum + events, 0),
  tactics: tacticsOf(group),
  entities: entitiesOf(group, surroundings),
  findings: group.map(({ id }) => id),
})

/** How far apart findings of one detector may lie and still be one story, where it says so: ms by detector. */
export const apartOf = (detectors: readonly Detector[]): ReadonlyMap<string, number> =>
  new Map(
    detectors.flatMap(({ id, apart }) =>
      apart === undefined ? [] : [[id, secondsOf(apart) * 1000] as const],
    ),
  )

/**
 * Incidents by risk, the best-ranked finding of each first. Each finding is in exactly one, whatever their order.
 *
 * @example
 * ```ts
 * const [worst] = foldIncidents(report.findings)
 * ```
 */
export const foldIncidents = (
  findings: readonly Finding[],
  surroundings: Surroundings = noSurroundings,
): Incident[] =>
  linkFindings(findings, surroundings)
    .map((group) => ({ group, risk: riskOf(group, surroundings) }))
    .toSorted((a, b) => b.risk - a.risk || (a.group[0]?.rank ?? 0) - (b.group[0]?.rank ?? 0))
    .map(({ group, risk }, i) => ({
      rank: i + 1,
      id: incidentId(group[0]?.id ?? ''),
      ...describeStory(group, surroundings, risk),
    }))
