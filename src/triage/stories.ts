/**
 * Findings meet the incidents that are there: which of them join one, which open one, which incidents turn out to be one.
 *
 * @module
 */
import type { Finding } from '../report/report.ts'
import type { Surroundings } from './identity.ts'
import { linkFindings } from './links.ts'

export interface StoryFinding {
  readonly finding: Finding
  /** Null for one that belongs to no incident yet. */
  readonly incident: string | null
}

export interface StoryIncident {
  readonly id: string
  /** The lower, the older. */
  readonly number: number
  readonly closed: boolean
}

export interface StoryPlan {
  /** Finding → the incident that is there and takes it in. */
  readonly joins: ReadonlyMap<string, string>
  /** Findings of each incident to be opened, the strongest first. */
  readonly opens: readonly (readonly string[])[]
  /** Younger incidents that turned out to be part of an older one. */
  readonly merges: readonly { readonly from: string; readonly into: string }[]
}

/** Open incidents that become one, the oldest standing for all; those that somebody took apart stay apart. */
const clustersOf = (incidents: readonly StoryIncident[], isKeptApart: (a: string, b: string) => boolean) => {
  const open = incidents.filter(({ closed }) => !closed).toSorted((a, b) => a.number - b.number)
  const numbers = new Map(open.map(({ id, number }) => [id, number]))
  const clusters = new Map(open.map(({ id }) => [id, [id]]))
  const roots = new Map(open.map(({ id }) => [id, id]))
  const rootOf = (id: string): string => roots.get(id) ?? id
  const unite = (a: string, b: string): void => {
    const [older = '', younger = ''] = [rootOf(a), rootOf(b)].toSorted(
      (x, y) => (numbers.get(x) ?? 0) - (numbers.get(y) ?? 0),
    )
    if (older === younger) return
    const [kept, gone] = [clusters.get(older) ?? [], clusters.get(younger) ?? []]
    if (kept.some((one) => gone.some((other) => isKeptApart(one, other)))) return
    for (const id of gone) roots.set(id, older)
    clusters.set(older, [...kept, ...gone])
    clusters.delete(younger)
  }
  return { open: open.map(({ id }) => id), rootOf, unite }
}

/**
 * A group of linked findings that holds some of an open incident belongs to it, the oldest of several, which become one. A group
 * that meets closed incidents only joins the oldest of them, which may open it again. All others open incidents.
 *
 * @param findings ranked: those that are new or have changed, and those of the incidents near them in time
 */
export const planStories = (
  findings: readonly StoryFinding[],
  incidents: readonly StoryIncident[],
  surroundings: Surroundings,
  isKeptApart: (a: string, b: string) => boolean = () => false,
): StoryPlan => {
  const incidentOf = new Map(findings.map(({ finding, incident }) => [finding.id, incident]))
  const known = new Map(incidents.map((incident) => [incident.id, incident]))
  const groups = linkFindings(
    findings.map(({ finding }) => finding),
    surroundings,
  )
  /** The incidents of a group, oldest first. */
  const met = (group: readonly Finding[]): StoryIncident[] =>
    [...new Set(group.map(({ id }) => incidentOf.get(id) ?? ''))]
      .flatMap((id) => known.get(id) ?? [])
      .toSorted((a, b) => a.number - b.number)
  const clusters = clustersOf(incidents, isKeptApart)
  for (const group of groups) {
    const open = met(group).filter(({ closed }) => !closed)
    open.forEach((incident, i) => {
      for (const other of open.slice(0, i)) clusters.unite(other.id, incident.id)
    })
  }
  const joins = new Map<string, string>()
  const opens: string[][] = []
  for (const group of groups) {
    const fresh = group.filter(({ id }) => (incidentOf.get(id) ?? null) === null)
    if (fresh.length === 0) continue
    const [closed] = met(group)
    const open = [
      ...new Set(
        met(group)
          .filter((one) => !one.closed)
          .map(({ id }) => clusters.rootOf(id)),
      ),
    ]
    const [only] = open
    for (const finding of fresh) {
      const into =
        open.length > 1
          ? nearest(finding, open, (root) => belonging(group, root), surroundings)
          : (only ?? closed?.id)
      if (into !== undefined) joins.set(finding.id, into)
    }
    if (met(group).length === 0) opens.push(fresh.map(({ id }) => id))
  }
  function belonging(group: readonly Finding[], root: string): Finding[] {
    return group.filter(({ id }) => {
      const incident = incidentOf.get(id) ?? null
      return incident !== null && clusters.rootOf(incident) === root
    })
  }
  const merges = clusters.open.flatMap((id) =>
    clusters.rootOf(id) === id ? [] : [{ from: id, into: clusters.rootOf(id) }],
  )
  return { joins, opens, merges }
}

/** Of incidents that stay apart, the oldest that a finding links to by itself; else the oldest of all. */
const nearest = (
  finding: Finding,
  roots: readonly string[],
  findingsOf: (root: string) => readonly Finding[],
  surroundings: Surroundings,
): string | undefined =>
  roots.find((root) =>
    linkFindings([finding, ...findingsOf(root)], surroundings).some(
      (group) => group.length > 1 && group.some(({ id }) => id === finding.id),
    ),
  ) ?? roots[0]
