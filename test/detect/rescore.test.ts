import { array, assert, double, integer, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { count, defineDetector, distinct, ensemble, isolationForest, knn, tailScore } from 'winnow'
import type { AnyModelSpec } from 'winnow'
import { rescore } from '../../src/detect/rescore.ts'
import type { FittedModel } from '../../src/models/model.ts'
import { randomStream } from '../../src/models/random.ts'
import { huntLines, named, requestLine, type Line } from '../detectors/story.ts'

/** Readers fetch pages, each once; pollers send to one path, always the same: 20 to 40 times. */
const readersAndPollers = (): Line[] => {
  const random = randomStream(4)
  const lines: Line[] = []
  for (let client = 0; client < 240; client++) {
    const requests = 20 + 5 * Math.floor(random() * 5)
    for (let request = 0; request < requests; request++) {
      const reads = client % 2 === 0
      lines.push(
        requestLine(random() * 3500, {
          client: `198.51.100.${1 + client}`,
          target: reads ? `/page/${request}` : '/status',
          method: reads ? 'GET' : 'POST',
        }),
      )
    }
  }
  return lines
}

/** As many requests as many, of as many paths as readers, and sent as pollers do: each alone is ordinary. */
const sender = '203.0.113.9'
const sent = Array.from({ length: 30 }, (_, request) =>
  requestLine(100 + request * 100, { client: sender, target: `/page/${request}`, method: 'POST' }),
)

const asking = (model: AnyModelSpec) =>
  defineDetector({
    id: 'own-asking',
    title: 'A client that asks as nobody else does',
    description: 'A detector of this test.',
    attack: ['T1595'],
    from: { category: 'web' },
    entity: 'source_ip',
    window: '1 hour',
    features: {
      requests: count(),
      paths: distinct('url_path'),
      posts: count({ http_request_method: 'POST' }),
    },
    model,
    sentence: (f) => `${f.entity} made ${f.requests} requests of ${f.paths} paths, ${f.posts} to send`,
  })

const foundBy = async (model: AnyModelSpec, lines: readonly Line[], budget: number): Promise<string[]> =>
  named(await huntLines(lines, { detectors: ['own-asking'], extraDetectors: [asking(model)], budget }))

describe('a client that is odd only in combination of what is ordinary', () => {
  it.each([ensemble(), isolationForest()])(
    'is the first that a screening model names: $kind',
    async (model) => {
      const found = await foundBy(model, [...readersAndPollers(), ...sent], 5)
      expect(found[0]).toBe(`own-asking: ${sender}`)
    },
  )

  it('is nothing to tails that are judged one by one', async () => {
    const found = await foundBy(tailScore(), [...readersAndPollers(), ...sent], 5)
    expect(found).not.toContain(`own-asking: ${sender}`)
  })

  it.each([ensemble(), knn(), isolationForest()])('has a quiet day before it: $kind', async (model) => {
    expect(await foundBy(model, readersAndPollers(), 1)).toEqual([])
  })
})

/** Scores the feature b alone, whatever the screen says. */
const byB: FittedModel = {
  kind: 'by-b',
  scale: 'free',
  screens: true,
  names: ['b'],
  score: ({ values }) => values.map((value) => Math.max(0, value)),
  explain: () => [],
  formula: () => '1.',
  toJSON: () => null,
}

describe('rescoring', () => {
  it('keeps the best by the model, never one that scores 0, and the order of the screen among equals', () => {
    const window = record({ a: double({ noNaN: true }), b: integer({ min: -3, max: 3 }) })
    assert(
      property(array(window, { maxLength: 40 }), integer({ min: 1, max: 12 }), (windows, most) => {
        const screened = windows.map(({ a, b }, place) => ({ place, x: [a, b], score: 100 - place }))
        const best = rescore(byB, ['a', 'b'], screened, most)
        const worth = screened.filter(({ x }) => (x[1] ?? 0) > 0)
        expect(best).toHaveLength(Math.min(most, worth.length))
        for (const [rank, { place, score, x }] of best.entries()) {
          expect(score).toBe(x[1])
          const next = best[rank + 1]
          if (next === undefined) continue
          expect(next.score < score || (next.score === score && next.place > place)).toBe(true)
        }
        const least = best.at(-1)?.score ?? 0
        const left = worth.filter(({ place }) => !best.some((kept) => kept.place === place))
        expect(left.every(({ x }) => (x[1] ?? 0) <= least)).toBe(true)
      }),
      { numRuns: 200, seed: 3 },
    )
  })
})
