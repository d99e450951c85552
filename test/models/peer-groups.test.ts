import { describe, expect, it } from 'vitest'
import { groupAlike, type Behaviour } from '../../src/models/peer-groups.ts'
import { randomStream } from '../../src/models/random.ts'

/** Users of departments that have four targets each, and of two that everybody has. */
const office = (departments: number, each: number): Behaviour[] => {
  const random = randomStream(4)
  return Array.from({ length: departments * each }, (_, n) => {
    const own = 100 * (n % departments)
    const targets = [1, 2, own + 11, own + 12, own + 13, own + 14].filter(() => random() < 0.85)
    return { entity: `user${n}`, targets, days: targets.map(() => 3 + Math.floor(random() * 20)) }
  })
}

describe('groups of those who do alike', () => {
  it('are the departments', () => {
    const groups = groupAlike(office(7, 12))
    expect(groups).toHaveLength(7)
    for (const { members, typical } of groups) {
      const departments = new Set(members.map((name) => Number(name.slice(4)) % 7))
      expect(departments.size).toBe(1)
      expect(typical.every((target) => Math.floor(target / 100) === [...departments][0])).toBe(true)
    }
  })

  it('are the same whatever the order', () => {
    const all = office(5, 9)
    expect(groupAlike(all.toReversed())).toEqual(groupAlike(all))
  })

  it('leave out who is like nobody, and who is like everybody', () => {
    const hermit: Behaviour = { entity: 'hermit', targets: [9001, 9002], days: [9, 9] }
    const backup: Behaviour = {
      entity: 'backup',
      targets: Array.from({ length: 28 }, (_, n) => 100 * (n % 7) + 11 + Math.floor(n / 7)),
      days: Array.from({ length: 28 }, () => 20),
    }
    const members = groupAlike([...office(7, 12), hermit, backup]).flatMap((group) => group.members)
    expect(members).not.toContain('hermit')
    expect(members).not.toContain('backup')
  })

  it('are none where there is nobody, and none of three', () => {
    expect(groupAlike([])).toEqual([])
    expect(groupAlike(office(1, 3))).toEqual([])
  })
})
