/**
 * Findings → incidents: what shares an entity and lies close in time is one story.
 *
 * @module
 */
import type { EntityRef, Finding, Incident, Severity } from '../report/report.ts'

/** Findings further apart than this are different stories. */
const gapMs = 24 * 3_600_000

const weight: Readonly<Record<Severity, number>> = { low: 0.15, medium: 0.35, high: 0.6, critical: 0.85 }

const partsOf = (entity: EntityRef): readonly { readonly kind: string; readonly value: string }[] =>
  entity.parts ?? [entity]

const keysOf = (finding: Finding): Set<string> =>
  new Set(partsOf(finding.entity).map((part) => JSON.stringify([part.kind, part.value])))

const close = (a: Finding, b: Finding): boolean =>
  Date.parse(a.first) <= Date.parse(b.last) + gapMs && Date.parse(b.first) <= Date.parse(a.last) + gapMs

const shareEntity = (a: Finding, b: Finding): boolean => {
  const keys = keysOf(a)
  return [...keysOf(b)].some((key) => keys.has(key))
}

/** Each finding adds its weight of the risk that is left: many small ones never make a certainty. */
const riskOf = (findings: readonly Finding[]): number =>
  Math.round(100 * (1 - findings.reduce((left, finding) => left * (1 - weight[finding.severity]), 1)))

const connected = (findings: readonly Finding[]): Finding[][] => {
  const groups: Finding[][] = []
  for (const finding of findings) {
    const joined = groups.filter((group) =>
      group.some((other) => close(finding, other) && shareEntity(finding, other)),
    )
    const merged = [...joined.flat(), finding]
    for (const group of joined) groups.splice(groups.indexOf(group), 1)
    groups.push(merged)
  }
  return groups
}

const titleOf = (findings: readonly Finding[]): string => {
  const [first] = findings
  if (first === undefined) return ''
  return findings.length === 1 ? first.title : `${first.title}, and ${findings.length - 1} more`
}

const distinctEntities = (findings: readonly Finding[]): EntityRef[] => {
  const byKey = new Map(
    findings.flatMap((finding) =>
      partsOf(finding.entity).map(
        (part) => [JSON.stringify([part.kind, part.value]), { kind: part.kind, value: part.value }] as const,
      ),
    ),
  )
  return [...byKey.values()]
}

/** Incidents by risk, the best-ranked finding of each first. */
export const foldIncidents = (findings: readonly Finding[]): Incident[] =>
  connected(findings)
    .map((group) => group.toSorted((a, b) => a.rank - b.rank))
    .toSorted((a, b) => riskOf(b) - riskOf(a) || (a[0]?.rank ?? 0) - (b[0]?.rank ?? 0))
    .map((group, i) => ({
      rank: i + 1,
      risk: riskOf(group),
      title: titleOf(group),
      entities: distinctEntities(group),
      findings: group.map((finding) => finding.id),
    }))
