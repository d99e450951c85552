import { describe, expect, it } from 'vitest'
import bruteForce from '../../detectors/login-brute-force.ts'
import web from '../../detectors/web-client-behaviour.ts'
import type { Detector } from '../../src/detect/detector.ts'
import type { Episode } from '../../src/detect/episodes.ts'
import type { Detection } from '../../src/detect/run.ts'
import { atLeast } from '../../src/features/filter.ts'
import { chooseFindings, leastSurprise } from '../../src/triage/budget.ts'

const episode = (name: string, rarity: number): Episode => ({
  entity: [name],
  surprise: rarity + 2,
  rarity,
  strongest: {
    entity: [name],
    windowSeconds: 3600,
    startMs: 0,
    firstMs: 0,
    lastMs: 0,
    events: 1,
    features: {},
    score: 1,
    surprise: 1,
    explain: () => [],
  },
  windows: [],
  firstMs: 0,
  lastMs: 0,
  events: 1,
})

const detection = (detector: Detector, rarities: readonly number[]): Detection => ({
  detector,
  episodes: rarities.map((rarity, i) => episode(`${detector.id} ${i}`, rarity)),
  judged: new Map([[3600, 100]]),
})

describe('the budget', () => {
  it('leaves out what chance brings more than twice a day', () => {
    const { chosen, below } = chooseFindings([detection(web, [2, 0.1, -0.2, -0.4, -3])], { days: 1 })
    expect(chosen.map((choice) => choice.episode.rarity)).toEqual([2, 0.1, -0.2])
    expect(below).toBe(0)
  })

  it('shows what a detector calls severe though it be ten times as common', () => {
    const seen = (rarity: number, refused: number): Episode => {
      const one = episode('x', rarity)
      return { ...one, windows: [{ ...one.strongest, features: { refused, refusedShare: 0.9 } }] }
    }
    const strict: Detector = { ...web, raises: [{ when: { refused: atLeast(200) }, severity: 'high' }] }
    const rarities = (refused: number): number[] =>
      chooseFindings([{ ...detection(strict, []), episodes: [seen(-0.8, refused), seen(-2, refused)] }], {
        days: 1,
      }).chosen.map((choice) => choice.episode.rarity)
    expect(rarities(233)).toEqual([-0.8])
    expect(rarities(3)).toEqual([])
  })

  it('is shared by the detectors that had something to judge', () => {
    expect(leastSurprise(1)).toBeCloseTo(-Math.log10(2), 10)
    expect(leastSurprise(20)).toBeCloseTo(1, 10)
    const idle: Detection = { detector: bruteForce, episodes: [], judged: new Map([[3600, 0]]) }
    expect(chooseFindings([detection(web, [-0.2]), idle], { days: 1 }).chosen).toHaveLength(1)
  })

  it('shows twenty in all, and says how many more there are', () => {
    const { chosen, below } = chooseFindings(
      [
        detection(
          web,
          Array.from({ length: 50 }, (_, i) => 5 - i / 100),
        ),
      ],
      { days: 30 },
    )
    expect(chosen).toHaveLength(20)
    expect(below).toBe(30)
  })

  it('shows as many a day as it is told', () => {
    const many = detection(
      web,
      Array.from({ length: 50 }, () => 4),
    )
    expect(chooseFindings([many], { days: 3, perDay: 2 }).chosen).toHaveLength(6)
    expect(chooseFindings([many], { days: 0.1, perDay: 0.5 }).chosen).toHaveLength(1)
  })

  it('keeps room for others beside one who fills it alone', () => {
    const loud = Array.from({ length: 30 }, () => ({ ...episode('loud', 5), rarity: 5 }))
    const detections = [{ ...detection(web, []), episodes: [...loud, episode('quiet', 1)] }]
    const names = (perDay?: number): string[] =>
      chooseFindings(detections, { days: 1, ...(perDay === undefined ? {} : { perDay }) }).chosen.map(
        (choice) => choice.episode.entity.join(),
      )
    expect(names(6)).toEqual([...Array.from({ length: 5 }, () => 'loud'), 'quiet'])
    expect(names()).toHaveLength(20)
    expect(names()).toContain('quiet')
  })

  it('puts what matters before what is only rarer', () => {
    const { chosen } = chooseFindings([detection(web, [0.95]), detection(bruteForce, [0.9])], { days: 1 })
    expect(chosen.map((choice) => choice.detector.id)).toEqual(['login-brute-force', 'web-client-behaviour'])
  })
})
