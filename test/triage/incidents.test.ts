import { describe, expect, it } from 'vitest'
import type { EntityRef, Finding, Severity } from '../../src/report/report.ts'
import { foldIncidents } from '../../src/triage/incidents.ts'

const address = (value: string): EntityRef => ({ kind: 'source_ip', value })

const finding = (rank: number, entity: EntityRef, first: string, severity: Severity = 'medium'): Finding => ({
  rank,
  id: `f${rank}`,
  detector: 'test',
  severity,
  surprise: 4,
  entity,
  related: [],
  first,
  last: first,
  events: 1,
  attack: [],
  title: `finding ${rank}`,
  rarity: '',
  reasons: [],
  evidence: { filter: '', lines: [], places: [] },
  activity: [],
  details: [],
  knowledge: [],
})

const day = '2026-03-02T10:00:00.000Z'
const nextDay = '2026-03-03T09:00:00.000Z'
const nextWeek = '2026-03-09T10:00:00.000Z'

describe('incidents', () => {
  it('hold findings of one entity that are close in time', () => {
    const incidents = foldIncidents([
      finding(1, address('a'), day),
      finding(2, address('b'), day),
      finding(3, address('a'), nextDay),
    ])
    expect(incidents.map((incident) => incident.findings)).toEqual([['f1', 'f3'], ['f2']])
    expect(incidents[0]?.title).toBe('finding 1, and 1 more')
  })

  it('tell stories apart that lie a week apart', () => {
    const incidents = foldIncidents([finding(1, address('a'), day), finding(2, address('a'), nextWeek)])
    expect(incidents).toHaveLength(2)
  })

  it('join through one part of an entity of several', () => {
    const pair: EntityRef = {
      kind: 'user_name → source_ip',
      value: 'alice → a',
      parts: [
        { kind: 'user_name', value: 'alice' },
        { kind: 'source_ip', value: 'a' },
      ],
    }
    const incidents = foldIncidents([
      finding(1, address('a'), day),
      finding(2, pair, day),
      finding(3, { kind: 'user_name', value: 'alice' }, day),
    ])
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.entities).toEqual([
      { kind: 'source_ip', value: 'a' },
      { kind: 'user_name', value: 'alice' },
    ])
  })

  it('have a risk that grows with what they hold, and never reaches 100 by small things', () => {
    const risk = (findings: readonly Finding[]): number => foldIncidents(findings)[0]?.risk ?? 0
    const one = risk([finding(1, address('a'), day, 'medium')])
    const two = risk([finding(1, address('a'), day, 'medium'), finding(2, address('a'), day, 'medium')])
    expect(two).toBeGreaterThan(one)
    expect(two - one).toBeLessThan(one)
    expect(risk([finding(1, address('a'), day, 'critical')])).toBeGreaterThan(two)
  })

  it('are none where there is no finding', () => {
    expect(foldIncidents([])).toEqual([])
  })
})
