/**
 * Findings by whom they name.
 *
 * @module
 */
import type { Finding } from '../../src/report/report.ts'

/** More than there are: everything above the line, with its rank. */
export const everything = 10_000

/** Whom a finding is about: its entity, whole and in parts, and what it mentions. */
export const namesIn = (finding: Pick<Finding, 'entity' | 'related'>): readonly string[] => [
  finding.entity.value,
  ...(finding.entity.parts ?? []).map((part) => part.value),
  ...finding.related.map((part) => part.value),
]

/** Whether a finding is about this address or name itself; what it merely mentions doesn't count. */
export const isAbout = (finding: Pick<Finding, 'entity'>, name: string): boolean =>
  [finding.entity.value, ...(finding.entity.parts ?? []).map((part) => part.value)].some(
    (own) => own === name || (isDomain(own) && name.endsWith(`.${own}`)),
  )

const isDomain = (text: string): boolean => /^(?=.*[a-z])[\w-]+(\.[\w-]+)+$/i.test(text)

export interface Place {
  readonly rank: number | null
  readonly detector: string
  readonly severity: string
  readonly title: string
}

export const placeOf = (
  finding: Pick<Finding, 'rank' | 'detector' | 'severity' | 'title'> | undefined,
): Place => ({
  rank: finding?.rank ?? null,
  detector: finding?.detector ?? '–',
  severity: finding?.severity ?? '–',
  title: finding?.title ?? '',
})

export const rankText = (rank: number | null): string => (rank === null ? 'not found' : String(rank))
