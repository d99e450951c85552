import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { differences, readBaseline, writeBaseline } from '../../bench/quality/week-baseline.ts'
import { weekName, weekQuality, type ViewFindings, type WeekQuality } from '../../bench/quality/week.ts'

/**
 * As small as it can be and still have a night, a working day and everybody in it. After a change that is meant:
 * `npm run bench:quality -- week --days 2 --scale 0.05 --write-baseline`
 */
const small = { days: 2, seed: 1, scale: 0.05 } as const

/** A finding more or less is chance: the small week has few windows. More of one detector is a change to look at. */
const tolerance = 2

const view = (byDetector: Readonly<Record<string, number>>): ViewFindings => ({
  view: 'together',
  lines: 1,
  rejected: 0,
  seconds: 0,
  findings: Object.values(byDetector).reduce((a, b) => a + b, 0),
  incidents: 0,
  incidentsShown: null,
  byDetector,
  first: [],
})

const quality = (byDetector: Readonly<Record<string, number>>): WeekQuality => ({
  options: { days: 1, seed: 3, scale: 1 },
  views: [view(byDetector)],
})

describe('a baseline', () => {
  it('keeps what was found, week by week, and tells what changed', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-baseline-'))
    try {
      const file = path.join(folder, 'week.json')
      expect(differences(quality({ a: 1 }), readBaseline(file))).toBe(null)
      writeBaseline(quality({ a: 1, b: 2, silent: 0 }), file)
      writeBaseline({ ...quality({ a: 9 }), options: { ...small } }, file)
      expect(Object.keys(readBaseline(file))).toEqual(['1 days, seed 3, scale 1', weekName(small)])
      expect(differences(quality({ a: 1, b: 2 }), readBaseline(file))).toEqual([])
      expect(differences(quality({ a: 4, c: 1 }), readBaseline(file))).toEqual([
        { view: 'together', detector: 'a', before: 1, now: 4 },
        { view: 'together', detector: 'b', before: 2, now: 0 },
        { view: 'together', detector: 'c', before: 0, now: 1 },
      ])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('a small benign week', () => {
  it('has as many false findings as the baseline says, give or take', { timeout: 180_000 }, async () => {
    const result = await weekQuality({ ...small, views: ['together'], asShown: false })
    expect(result.views[0]?.lines).toBeGreaterThan(100_000)
    const changed = differences(result)
    // Null: there is no baseline of this week.
    expect(changed).not.toBe(null)
    expect((changed ?? []).filter(({ before, now }) => Math.abs(now - before) > tolerance)).toEqual([])
  })
})
