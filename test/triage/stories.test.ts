import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noSurroundings } from '../../src/triage/identity.ts'
import { planStories, type StoryFinding, type StoryIncident } from '../../src/triage/stories.ts'
import { makeFinding } from './make-finding.ts'

const incidents: readonly StoryIncident[] = [
  { id: 'i1', number: 1, closed: false },
  { id: 'i2', number: 2, closed: false },
  { id: 'i3', number: 3, closed: true },
  { id: 'i4', number: 4, closed: false },
]

const stories = fc
  .array(
    fc.record({
      actor: fc.integer({ min: 1, max: 4 }),
      at: fc.integer({ min: 0, max: 90 }),
      incident: fc.constantFrom(null, null, ...incidents.map(({ id }) => id)),
    }),
    { maxLength: 14 },
  )
  .map((all) =>
    all.map(({ actor, at, incident }, i): StoryFinding => ({
      finding: makeFinding({ rank: i + 1, entity: { source_ip: `192.0.2.${actor}` }, detector: `d${i}`, at }),
      incident,
    })),
  )

const plan = (
  findings: readonly StoryFinding[],
  isKeptApart?: (a: string, b: string) => boolean,
  known = incidents,
) => planStories(findings, known, noSurroundings, isKeptApart)

describe('the plan of stories', () => {
  it('gives each new finding to one incident, and moves none of the others', () => {
    fc.assert(
      fc.property(stories, (findings) => {
        const { joins, opens } = plan(findings)
        const placed = [...joins.keys(), ...opens.flat()].toSorted()
        const fresh = findings.filter(({ incident }) => incident === null).map(({ finding }) => finding.id)
        expect(placed).toEqual(fresh.toSorted())
      }),
    )
  })

  it('merges only open incidents, into one that is older and stays', () => {
    fc.assert(
      fc.property(stories, (findings) => {
        const { merges } = plan(findings)
        const gone = new Set(merges.map(({ from }) => from))
        const numberOf = (id: string) => incidents.find((one) => one.id === id)?.number ?? 0
        for (const { from, into } of merges) {
          expect(numberOf(into)).toBeLessThan(numberOf(from))
          expect([from, into]).not.toContain('i3')
          expect(gone.has(into)).toBe(false)
        }
        expect(gone.size).toBe(merges.length)
      }),
    )
  })

  it('does not depend on the order of findings or incidents', () => {
    fc.assert(
      fc.property(stories, (findings) => {
        const sorted = (one: ReturnType<typeof plan>) => ({
          joins: [...one.joins].map(([finding, into]) => `${finding} ${into}`).toSorted(),
          opens: one.opens.map((group) => group.toSorted().join()).toSorted(),
          merges: one.merges.map(({ from, into }) => `${from} ${into}`).toSorted(),
        })
        const other = planStories(findings.toReversed(), incidents.toReversed(), noSurroundings)
        expect(sorted(other)).toEqual(sorted(plan(findings)))
      }),
    )
  })

  it('has nothing left to do once it is done', () => {
    fc.assert(
      fc.property(stories, (findings) => {
        const first = plan(findings)
        const into = new Map(first.merges.map(({ from, into: to }) => [from, to]))
        const opened = first.opens.map((group, i) => ({
          id: `new${i}`,
          number: 10 + i,
          closed: false,
          group,
        }))
        const settled = findings.map(({ finding, incident }): StoryFinding => {
          const own =
            incident ??
            first.joins.get(finding.id) ??
            opened.find(({ group }) => group.includes(finding.id))?.id ??
            null
          return { finding, incident: own === null ? null : (into.get(own) ?? own) }
        })
        const left = [...incidents.filter(({ id }) => !into.has(id)), ...opened]
        const again = planStories(settled, left, noSurroundings)
        expect([again.joins.size, again.opens.length, again.merges.length]).toEqual([0, 0, 0])
      }),
    )
  })

  it('never merges what somebody took apart, however much links them', () => {
    fc.assert(
      fc.property(stories, (findings) => {
        const isKeptApart = (a: string, b: string) => [a, b].toSorted().join() === 'i1,i4'
        const { merges } = plan(findings, isKeptApart)
        const rootOf = (id: string) => merges.find(({ from }) => from === id)?.into ?? id
        expect(rootOf('i1')).not.toBe(rootOf('i4'))
      }),
    )
  })

  it('gives a new finding to the one of two kept apart that it links to by itself', () => {
    const at = (
      rank: number,
      entity: Record<string, string>,
      incident: string | null,
      hour: number,
    ): StoryFinding => ({
      finding: makeFinding({ rank, entity, detector: `d${rank}`, at: hour }),
      incident,
    })
    const { joins, merges } = plan(
      [
        at(1, { source_ip: '192.0.2.1' }, 'i1', 0),
        at(2, { source_ip: '192.0.2.1' }, 'i2', 20),
        at(3, { source_ip: '192.0.2.1' }, null, 40),
      ],
      () => true,
    )
    expect([...joins]).toEqual([['f3', 'i2']])
    expect(merges).toEqual([])
  })

  it('joins a closed incident only where no open one is met', () => {
    const alone = (incident: string | null, rank: number): StoryFinding => ({
      finding: makeFinding({ rank, entity: { source_ip: '192.0.2.1' }, detector: `d${rank}` }),
      incident,
    })
    expect([...plan([alone('i3', 1), alone(null, 2)]).joins]).toEqual([['f2', 'i3']])
    expect([...plan([alone('i3', 1), alone('i4', 3), alone(null, 2)]).joins]).toEqual([['f2', 'i4']])
  })
})
