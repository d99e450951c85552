/**
 * Precision, in the definitions that a partly labelled log allows.
 *
 * @module
 */
import type { ClientKind } from './labels.ts'

export interface JudgedFinding {
  readonly kind: ClientKind
  /** By the second opinion; see `evidentlyHostile`. */
  readonly evident: boolean
}

export interface Precision {
  readonly findings: number
  /** Labelled hostile: a lower bound, since few of the hostile are labelled. */
  readonly hostile: number
  /** Labelled hostile, or by what they did. */
  readonly evident: number
  /** Hostile by label or deed, or a program: everything but what may be a person. */
  readonly notPeople: number
  readonly unlabelled: number
}

/** Shares of the findings, 0 to 1 (NaN without any). */
export const precisionOf = (findings: readonly JudgedFinding[]): Precision => {
  const share = (holds: (finding: JudgedFinding) => boolean): number =>
    findings.length === 0 ? Number.NaN : findings.filter(holds).length / findings.length
  const hostile = ({ kind, evident }: JudgedFinding): boolean => kind === 'blocked' || evident
  return {
    findings: findings.length,
    hostile: share(({ kind }) => kind === 'blocked'),
    evident: share(hostile),
    notPeople: share((finding) => hostile(finding) || finding.kind !== 'unlabelled'),
    unlabelled: share(({ kind }) => kind === 'unlabelled'),
  }
}

/** The score that at most `allowed` of the others' scores exceed: what is above it is within the budget. */
export const thresholdAt = (others: readonly number[], allowed: number): number =>
  others.toSorted((a, b) => b - a)[Math.floor(allowed)] ?? Number.NEGATIVE_INFINITY
