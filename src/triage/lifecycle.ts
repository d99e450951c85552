/**
 * How findings grow and incidents live, as data: what continues what, what is told again, what opens a closed incident.
 *
 * @module
 */
import type { Finding, Severity } from '../report/report.ts'
import { severityLevel } from '../report/severity.ts'

/** A finding as live detection makes it, anew with every look at the same events. */
export interface LiveFinding {
  readonly finding: Finding
  /** On the scale of the line; see `Episode.rarity`. */
  readonly rarity: number
  readonly state: 'shown' | 'below'
}

/** A finding that is kept: its id stays, however it grows. */
export interface KeptFinding extends LiveFinding {
  /** The id of the live finding that its text is of. */
  readonly toldId: string
}

/** How far apart findings of one detector about one entity may lie and still be one: ms by detector. */
export type Reach = ReadonlyMap<string, number>

/** Where a detector does not say. */
const usualReachMs = 3_600_000

export const reachOf = (reach: Reach, detector: string): number => reach.get(detector) ?? usualReachMs

const gapOf = (a: Finding, b: Finding): number =>
  Math.max(0, Date.parse(a.first) - Date.parse(b.last), Date.parse(b.first) - Date.parse(a.last))

/** Whether two findings are the same thing, seen earlier and later. */
export const continues = (a: Finding, b: Finding, reachMs: number): boolean =>
  a.detector === b.detector &&
  a.entity.kind === b.entity.kind &&
  a.entity.value === b.entity.value &&
  gapOf(a, b) <= reachMs

/** How much more a finding says than another: below 0 where `a` says more. */
const compareStrength = (a: LiveFinding, b: LiveFinding): number =>
  severityLevel(b.finding.severity) - severityLevel(a.finding.severity) ||
  compareRarity(b.rarity, a.rarity) ||
  b.finding.surprise - a.finding.surprise

/** The stronger first: what speaks for all. Two that are alike in everything are ordered by their ids. */
export const byStrength = (a: LiveFinding, b: LiveFinding): number =>
  compareStrength(a, b) ||
  b.finding.events - a.finding.events ||
  Date.parse(a.finding.first) - Date.parse(b.finding.first) ||
  (a.finding.id < b.finding.id ? -1 : 1)

/** Two infinite rarities are equal, though their difference is no number. */
const compareRarity = (a: number, b: number): number => (a === b ? 0 : a - b)

/**
 * A kept finding and what continues it, as one: the time of both, the text of the stronger. The same live finding told again
 * replaces its text. Events of stretches that overlap are counted once, as the larger number of the two.
 */
export const growFinding = (kept: KeptFinding, next: KeptFinding): KeptFinding => {
  const [a, b] = [kept.finding, next.finding]
  const stronger = compareStrength(next, kept)
  // Of two that are as strong, the one that knows what came later; never by turns, however often they are told.
  const isTold =
    kept.toldId === next.toldId || stronger < 0 || (stronger === 0 && Date.parse(b.last) > Date.parse(a.last))
  const told = isTold ? next : kept
  const events = gapOf(a, b) > 0 ? a.events + b.events : Math.max(a.events, b.events)
  return {
    toldId: told.toldId,
    rarity: told.rarity,
    state: kept.state === 'shown' || next.state === 'shown' ? 'shown' : 'below',
    finding: {
      ...told.finding,
      id: kept.finding.id,
      first: Date.parse(a.first) <= Date.parse(b.first) ? a.first : b.first,
      last: Date.parse(a.last) >= Date.parse(b.last) ? a.last : b.last,
      events,
    },
  }
}

/** The strongest first, ranked from 1: rank is what linking and titles go by. */
export const rankFindings = (findings: readonly LiveFinding[]): Finding[] =>
  findings.toSorted(byStrength).map(({ finding }, i) => ({ ...finding, rank: i + 1 }))

/** So long after it was closed, what is alike opens an incident of its own. */
export const reopensWithinMs = 7 * 86_400_000

/** So much more risk, of 100, is materially more; so is a worse severity. */
const materialRisk = 10

export interface ClosedStory {
  readonly closedMs: number
  /** Risk and severity when it was closed. */
  readonly risk: number
  readonly severity: Severity
}

/** Whether a closed incident is a person's business again. What a verdict hides adds no risk, and so opens nothing. */
export const reopens = (
  closed: ClosedStory,
  now: { readonly risk: number; readonly severity: Severity; readonly ms: number },
): boolean =>
  now.ms - closed.closedMs <= reopensWithinMs &&
  (now.risk - closed.risk >= materialRisk || severityLevel(now.severity) > severityLevel(closed.severity))

/**
 * Whether what was called a threat, and dealt with, goes on all the same: its events are later than a week after it was closed.
 * What was called expected may go on.
 */
export const goesOn = (
  closed: { readonly closedMs: number; readonly reason: string | null },
  lastMs: number,
): boolean => closed.reason === 'threat' && lastMs - closed.closedMs > reopensWithinMs

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** "risk rose from 40 to 62: 2 more findings"; null where nothing changed that a person would want told. */
export const updateText = (
  before: { readonly risk: number; readonly findings: number },
  after: { readonly risk: number; readonly findings: number },
): string | null => {
  const more = after.findings - before.findings
  const found =
    more === 0 ? null : more > 0 ? counted(more, 'more finding') : `${counted(-more, 'finding')} fewer`
  if (after.risk === before.risk) return found
  const risk = `risk ${after.risk > before.risk ? 'rose' : 'fell'} from ${before.risk} to ${after.risk}`
  return found === null ? risk : `${risk}: ${found}`
}

/** The newest are kept. */
const mostRisks = 50

export interface RiskPoint {
  readonly time: string
  readonly risk: number
}

export const addRisk = (risks: readonly RiskPoint[], point: RiskPoint): readonly RiskPoint[] =>
  risks.at(-1)?.risk === point.risk ? risks : [...risks, point].slice(-mostRisks)
