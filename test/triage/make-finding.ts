/** Findings as detectors make them, with only what matters for a test. */
import type { Finding } from '../../src/report/report.ts'

interface Given {
  readonly rank: number
  readonly entity: Readonly<Record<string, string>>
  /** Hours after 2026-03-02T00:00Z. */
  readonly at?: number
  readonly until?: number
  readonly detector?: string
  readonly severity?: Finding['severity']
  readonly attack?: readonly string[]
  readonly related?: Finding['related']
  readonly phrase?: string
  readonly title?: string
  readonly surprise?: number
}

const iso = (hours: number): string => new Date(Date.UTC(2026, 2, 2) + hours * 3_600_000).toISOString()

export const makeFinding = (given: Given): Finding => {
  const parts = Object.entries(given.entity).map(([kind, value]) => ({ kind, value }))
  const [only] = parts
  const { rank, at = 10, until = at } = given
  return {
    rank,
    id: `f${rank}`,
    detector: given.detector ?? 'test',
    severity: given.severity ?? 'medium',
    surprise: given.surprise ?? 4,
    entity:
      parts.length === 1 && only !== undefined
        ? only
        : {
            kind: parts.map(({ kind }) => kind).join(' → '),
            value: parts.map(({ value }) => value).join(' → '),
            parts,
          },
    related: given.related ?? [],
    first: iso(at),
    last: iso(until),
    events: 1,
    attack: given.attack ?? [],
    title: given.title ?? `finding ${rank}`,
    ...(given.phrase === undefined ? {} : { phrase: given.phrase }),
    rarity: '',
    reasons: [],
    evidence: { filter: '', lines: [], places: [] },
    activity: [],
    details: [],
    knowledge: [],
  }
}
