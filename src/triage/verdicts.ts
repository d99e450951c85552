/**
 * What people's verdicts say of findings, as data: which verdict covers which finding.
 *
 * @module
 */
import type { Finding } from '../report/report.ts'

export type Judgement = 'threat' | 'expected' | 'false-alarm' | 'duplicate'

/** What a verdict is about: all that is given must fit. */
export interface VerdictScope {
  readonly entity?: { readonly kind: string; readonly value: string }
  readonly detector?: string
  /** Text that the finding's evidence holds, exactly so. */
  readonly pattern?: string
}

export interface GivenVerdict {
  readonly id: string
  readonly verdict: Judgement
  readonly scope: VerdictScope
  readonly createdMs: number
  /** What began later is not covered; null: never. */
  readonly expiresMs: number | null
}

/** A threat is there to be seen. */
export const isHiding = (verdict: Judgement): boolean => verdict !== 'threat'

/** What is searched for a pattern: the lines as they were, and what the finding says. */
const holds = (finding: Finding, pattern: string): boolean =>
  finding.title.includes(pattern) || finding.evidence.lines.some((line) => line.includes(pattern))

/** Whether a scope says anything at all: one that says nothing would cover everything. */
export const isScoped = ({ entity, detector, pattern }: VerdictScope): boolean =>
  (entity !== undefined && entity.value !== '') ||
  (detector !== undefined && detector !== '') ||
  (pattern !== undefined && pattern.trim() !== '')

export const scopeFits = (scope: VerdictScope, finding: Finding): boolean =>
  isScoped(scope) &&
  (scope.entity === undefined ||
    (scope.entity.kind === finding.entity.kind && scope.entity.value === finding.entity.value)) &&
  (scope.detector === undefined || scope.detector === finding.detector) &&
  (scope.pattern === undefined || holds(finding, scope.pattern))

const isOver = ({ expiresMs }: GivenVerdict, finding: Finding): boolean =>
  expiresMs !== null && Date.parse(finding.last) >= expiresMs

/**
 * Whether a verdict covers a finding. Expiry is by the time of the events: what happened before it stays judged, and what goes on
 * after it is judged anew.
 */
export const covers = (verdict: GivenVerdict, finding: Finding): boolean =>
  !isOver(verdict, finding) && scopeFits(verdict.scope, finding)

/**
 * The verdict that hides a finding: the first that was given of those that cover it; null for none.
 *
 * @param before the id of the verdict that hid the finding until now. Evidence is a sample of lines, another one with each look:
 *   a finding in which a pattern was found once stays hidden, until the verdict expires
 */
export const hiddenBy = (
  verdicts: readonly GivenVerdict[],
  finding: Finding,
  before: string | null = null,
): GivenVerdict | null =>
  verdicts
    .filter(
      (verdict) =>
        isHiding(verdict.verdict) &&
        (covers(verdict, finding) ||
          (verdict.id === before && verdict.scope.pattern !== undefined && !isOver(verdict, finding))),
    )
    .toSorted((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1))[0] ?? null

/** Threats among what got a verdict; null without any. */
export const precisionOf = (counts: {
  readonly threat: number
  readonly expected: number
  readonly falseAlarm: number
}): number | null => {
  const judged = counts.threat + counts.expected + counts.falseAlarm
  return judged === 0 ? null : counts.threat / judged
}
