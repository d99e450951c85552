/**
 * An incident in a sentence, as a person would tell it: who did what, in the order it happened.
 *
 * @module
 */
import type { Finding } from '../report/report.ts'
import { severityLevel } from '../report/severity.ts'
import { identityOf, partsOf, rolesOf, type Identity, type Surroundings } from './identity.ts'
import { mainTactic } from './tactics.ts'

/** More than this nobody reads; the most severe are told. */
const mostClauses = 4
/** So many are named one by one. */
const mostNamed = 3

interface Clause {
  /** Who, by the names the findings use; empty where a title says it all. */
  readonly subjects: readonly string[]
  readonly text: string
  readonly finding: Finding
}

const subjectOf = (finding: Finding): string => {
  const actor = rolesOf(finding).indexOf('actor')
  return partsOf(finding)[Math.max(0, actor)]?.value ?? ''
}

/** What was done, without who did it: the detector's own phrase, or its title without its subject. */
const clauseOf = (finding: Finding): Clause => {
  const subject = subjectOf(finding)
  if (finding.phrase !== undefined) return { subjects: [subject], text: finding.phrase, finding }
  return finding.title.startsWith(`${subject} `)
    ? { subjects: [subject], text: finding.title.slice(subject.length + 1), finding }
    : { subjects: [], text: finding.title, finding }
}

/**
 * The same detector on the same actor, or on the same target, says the same again, as does the same phrase: it is said once, with
 * all who did the same.
 */
const once = (findings: readonly Finding[], surroundings: Surroundings): Clause[] => {
  const said: { readonly clause: Clause; readonly subjects: Set<string>; readonly identity: Identity }[] = []
  const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((key) => b.has(key))
  // Best first: the strongest speaks for the others.
  for (const finding of findings) {
    const clause = clauseOf(finding)
    const identity = identityOf(finding, surroundings)
    const alike = said.filter((other) => other.clause.finding.detector === finding.detector)
    const same = alike.find(
      (other) => meet(other.identity.targets, identity.targets) || other.clause.text === clause.text,
    )
    const before = same ?? alike.find((other) => meet(other.identity.acting, identity.acting))
    if (before === undefined) said.push({ clause, subjects: new Set(clause.subjects), identity })
    else if (before === same && before.subjects.size > 0)
      for (const subject of clause.subjects) before.subjects.add(subject)
  }
  return said.map(({ clause, subjects }) => ({ ...clause, subjects: [...subjects] }))
}

const nameAll = (subjects: readonly string[]): string => {
  const [first = '', ...others] = subjects
  if (others.length === 0) return first
  const rest = others.length > mostNamed - 1 ? [`${others.length} others`] : others
  return `${[first, ...rest.slice(0, -1)].join(', ')} and ${rest.at(-1) ?? ''}`
}

/** By time; of what began with the same event, the graver came of the lesser. */
const byTime = (a: Finding, b: Finding): number =>
  Date.parse(a.first) - Date.parse(b.first) ||
  severityLevel(a.severity) - severityLevel(b.severity) ||
  (mainTactic(a.attack)?.place ?? 0) - (mainTactic(b.attack)?.place ?? 0) ||
  a.rank - b.rank

/** "p", "p, then q", "p, q and r": `then` where one had ended before the next began. */
const chained = (clauses: readonly Clause[]): string =>
  clauses
    .map(({ text, finding }, i) => {
      const before = clauses[i - 1]
      if (before === undefined) return text
      const followed = Date.parse(before.finding.last) <= Date.parse(finding.first)
      const last = i === clauses.length - 1
      return followed ? `, then ${text}` : last ? ` and ${text}` : `, ${text}`
    })
    .join('')

/** Findings of one incident, best first → its title. A lone finding has said it already. */
export const titleOf = (findings: readonly Finding[], surroundings: Surroundings): string => {
  const [strongest] = findings
  if (strongest === undefined) return ''
  if (findings.length === 1) return strongest.title
  const all = once(findings, surroundings)
  const told = all.slice(0, mostClauses).toSorted((a, b) => byTime(a.finding, b.finding))
  const runs: Clause[][] = []
  for (const clause of told) {
    const run = runs.at(-1)
    const same = run?.[0]?.subjects.join() === clause.subjects.join() && clause.subjects.length > 0
    if (run !== undefined && same) run.push(clause)
    else runs.push([clause])
  }
  const sentences = runs.map((run) =>
    [nameAll(run[0]?.subjects ?? []), chained(run)].filter((text) => text !== '').join(' '),
  )
  const more = all.length - told.length
  return `${sentences.join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}
