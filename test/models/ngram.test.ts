import { array, assert, constantFrom, double, oneof, property, record, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alphabet } from '../../src/models/alphabet.ts'
import { packCounts } from '../../src/models/gram-pack.ts'
import { pruneCounts } from '../../src/models/gram-table.ts'
import type { GramCounts } from '../../src/models/gram-table.ts'
import { ngram, ngramModel } from '../../src/models/ngram.ts'
import type { NgramSpec } from '../../src/models/ngram.ts'
import { randomStream } from '../../src/models/random.ts'
import type { TextStatistic, WeightedText } from '../../src/models/text-model.ts'

const statistics: readonly TextStatistic[] = ['mean', 'sum', 'max', 'top']

const specs: readonly (readonly [string, NgramSpec])[] = [
  ['names, 4', ngram()],
  ['names, 2', ngram({ order: 2 })],
  ['names, 5', ngram({ order: 5 })],
  ['text, 5', ngram({ order: 5, alphabet: 'text' })],
  ['classes, 3', ngram({ order: 3, alphabet: 'classes' })],
]

const words = ['garden', 'gardener', 'kitchen', 'market', 'mark-et', 'Garden-Market24', 'a', 'ü', '?q=1&id=2']
const whole = (texts: readonly string[]): WeightedText[] => texts.map((text) => ({ text, weight: 1 }))

const anyText = oneof(
  string({ unit: 'binary', maxLength: 40 }),
  string({ unit: 'grapheme-ascii', maxLength: 60 }),
  string({ unit: constantFrom('g', 'a', 'r', 'd', '-', '4'), maxLength: 30 }),
)

const unsound = (scores: Float64Array): number[] =>
  [...scores].filter((score) => !(Number.isFinite(score) && score >= 0))

describe.each(specs)('n-grams of %s', (_, spec) => {
  const references: Readonly<Record<string, readonly WeightedText[]>> = {
    'some words': whole(words),
    'no words': [],
    'one word a thousand times': Array.from({ length: 1000 }, () => ({ text: 'garden', weight: 1 })),
    'odd weights': words.map((text, i) => ({
      text,
      weight: [0, 1e-9, 0.25, 1e12, -1, Number.NaN, Infinity][i % 7] ?? 1,
    })),
    'hostile texts': whole(['', '\u0000', '\ud800', 'x'.repeat(10_000), '💥'.repeat(900), '^$^$']),
  }

  describe.each(Object.entries(references))('fitted on %s', (_, texts) => {
    const model = ngramModel.fit(spec, texts)

    it('gives finite numbers that are never below 0, whatever it reads', () => {
      for (const statistic of statistics) {
        expect(
          unsound(model.score([...words, ...texts.slice(0, 20).map(({ text }) => text)], statistic)),
        ).toEqual([])
        assert(
          property(
            array(anyText, { maxLength: 5 }),
            (some) => unsound(model.score(some, statistic)).length === 0,
          ),
          { numRuns: 100, seed: 5 },
        )
      }
    })

    it('scores the same after it was saved as JSON and loaded', () => {
      const text = JSON.stringify(model.toJSON())
      const loaded = ngramModel.load(JSON.parse(text))
      expect(JSON.stringify(loaded.toJSON())).toBe(text)
      for (const statistic of statistics)
        expect(loaded.score(words, statistic)).toEqual(model.score(words, statistic))
      expect(loaded.explain('garden')).toEqual(model.explain('garden'))
    })

    it('is the same model whatever the order of the texts', () => {
      const shuffled = texts.toReversed()
      expect(JSON.stringify(ngramModel.fit(spec, shuffled).toJSON())).toBe(JSON.stringify(model.toJSON()))
    })
  })

  it('scores a text alone as it does among others', () => {
    const model = ngramModel.fit(spec, whole(words))
    const together = model.score(words, 'mean')
    words.forEach((word, i) => expect(model.score([word], 'mean')[0]).toBe(together[i]))
  })

  it('gives probabilities that add up to 1 over all that may come next', () => {
    const model = ngramModel.fit({ ...spec, most: 1000 }, whole(words))
    // Every symbol's bits after the same beginning; characters that are one symbol count once.
    const symbols = new Map<string, number>()
    const characters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    for (const character of [...characters, 'ü']) {
      const reason = model.explain(`gar${character}`).find(({ at }) => at === 3)
      symbols.set(reason?.gram.at(-1) ?? '', reason?.bits ?? Number.NaN)
    }
    const ended = model.explain('gar').find(({ at }) => at === 3)
    symbols.set('end', ended?.bits ?? Number.NaN)
    const unread = spec.alphabet === 'names' ? 0 : 1
    const sum = [...symbols.values()].reduce((total, bits) => total + 2 ** -bits, 0)
    // Where every character has a symbol of its own, one symbol is left that no character has.
    expect(sum).toBeLessThanOrEqual(1 + 1e-9)
    expect(sum).toBeGreaterThan(1 - 0.01 * (unread + 1e-6))
  })

  it('refuses damaged models and names the field', () => {
    const saved: unknown = JSON.parse(JSON.stringify(ngramModel.fit(spec, whole(words)).toJSON()))
    if (typeof saved !== 'object' || saved === null) throw new Error('not an object')
    for (const field of Object.keys(saved))
      expect(() => ngramModel.load({ ...saved, [field]: {} })).toThrow(`Unexpected model.${field}`)
    const none = Array.from({ length: spec.order - 1 }, () => '6Ac=')
    expect(() => ngramModel.load({ ...saved, grams: [...none, '6AcBAQ=='] })).not.toThrow()
    // Nothing, a unit of 0, half a pair, a count of 0, cut off in a number, a gram twice, a gram too large.
    for (const grams of ['', 'AA==', '6AcB', '6AcBAA==', '6AcBgQ==', '6AcBAQAB', '6Af/////////fwE='])
      expect(() => ngramModel.load({ ...saved, grams: [...none, grams] })).toThrow('Unexpected model.grams')
  })
})

describe('pruned counts', () => {
  it('keep what was known of rare grams for the shorter ones', () => {
    const texts = [...Array.from({ length: 20 }, () => 'garden'), 'garlic', 'barn']
    const model = ngramModel.fit(ngram(), whole(texts))
    const { size } = alphabet('names')
    const kept = pruneCounts(model.counts, 5, size)
    const total = (levels: readonly GramCounts[]): number =>
      levels.reduce((sum, { counts }) => sum + counts.reduce((all, count) => all + count, 0), 0)
    // What is left over of single characters is dropped.
    expect(total(kept)).toBeLessThanOrEqual(total(model.counts))
    expect(total(kept)).toBeGreaterThanOrEqual(140_000)
    expect(kept[3]?.grams.length).toBeLessThan(model.counts[3]?.grams.length ?? 0)
    const pruned = ngramModel.load({
      ...Object(model.toJSON()),
      grams: kept.map(packCounts),
    })
    expect(pruned.score(['garden'], 'mean')[0]).toBeCloseTo(model.score(['garden'], 'mean')[0] ?? 0, 0)
  })
})

describe('an n-gram model', () => {
  it('is Witten and Bell’s formula', () => {
    // Two texts, two characters a gram: after the beginning a (twice), after a the end and b, after b the end.
    const model = ngramModel.fit(ngram({ order: 2 }), whole(['a', 'ab']))
    const symbols = 5 + 26 + 10 + 3 - 1
    const single = (count: number): number => (count + 3 / symbols) / (5 + 3)
    const expected = (2 + single(2)) / (2 + 1)
    expect(model.explain('a').find(({ at }) => at === 0)?.bits).toBeCloseTo(-Math.log2(expected), 12)
    const after = (1 + 2 * single(1)) / (2 + 2)
    expect(model.explain('ab').find(({ at }) => at === 1)?.bits).toBeCloseTo(-Math.log2(after), 12)
    const never = (2 / (2 + 2)) * (3 / 8 / symbols)
    expect(model.explain('az').find(({ at }) => at === 1)?.bits).toBeCloseTo(-Math.log2(never), 12)
  })

  it('finds drawn letters more surprising than words of the kind it has read', () => {
    const model = ngramModel.fit(ngram(), whole(words))
    const [ordinary = 0, drawn = 0] = model.score(['marketgarden', 'xqzjvkwpqhbf'], 'mean')
    expect(drawn).toBeGreaterThan(2 * ordinary)
  })

  it('names the characters that surprise most', () => {
    const model = ngramModel.fit(ngram(), whole(Array.from({ length: 50 }, () => 'garden')))
    const [first] = model.explain('garqen')
    expect(first).toMatchObject({ gram: 'garq', at: 3 })
    expect(model.explain('').length).toBe(0)
    expect(
      model
        .explain('g')
        .map(({ gram }) => gram)
        .toSorted(),
    ).toEqual(['^^^g', '^^g$'])
  })

  it('makes mean, sum, max and top of the same surprises', () => {
    const model = ngramModel.fit(ngram(), whole(words))
    const bits = model.explain('kitchenette').map((reason) => reason.bits)
    const score = (statistic: TextStatistic): number =>
      model.score(['kitchenette'], statistic)[0] ?? Number.NaN
    const sum = bits.reduce((total, each) => total + each, 0)
    expect(score('sum')).toBeCloseTo(sum, 9)
    expect(score('mean')).toBeCloseTo(sum / bits.length, 9)
    expect(score('max')).toBe(bits[0])
    expect(score('top')).toBeCloseTo(bits.slice(0, 5).reduce((total, each) => total + each, 0) / 5, 9)
  })

  it('reads classes: letters alike, digits alike', () => {
    const model = ngramModel.fit(ngram({ order: 3, alphabet: 'classes' }), whole(['id=17', 'page=203']))
    expect(model.score(['no=98'], 'mean')).toEqual(model.score(['ab=55'], 'mean'))
    const [usual = 0, odd = 0] = model.score(['no=98', "no='--"], 'mean')
    expect(odd).toBeGreaterThan(usual + 2)
  })

  it('goes on from a base as if it had read all at once', () => {
    assert(
      property(
        array(record({ text: anyText, weight: double({ min: 0, max: 50, noNaN: true }) }), { maxLength: 12 }),
        (texts) => {
          const half = Math.floor(texts.length / 2)
          const base = ngramModel.fit(ngram(), texts.slice(0, half))
          const grown = ngramModel.fit(ngram(), texts.slice(half), base)
          expect(grown.toJSON()).toEqual(ngramModel.fit(ngram(), texts).toJSON())
        },
      ),
      { numRuns: 100, seed: 3 },
    )
  })

  it('refuses an order out of range and a base of another kind', () => {
    expect(() => ngramModel.fit(ngram({ order: 6 }), [])).toThrow('Unexpected order: 6')
    expect(() => ngramModel.fit(ngram({ most: 0 }), [])).toThrow('Unexpected most: 0')
    expect(() => ngramModel.fit(ngram(), [], ngramModel.fit(ngram({ order: 3 }), []))).toThrow(
      'Unexpected base',
    )
  })

  it('reads only the beginning of a very long text', () => {
    const model = ngramModel.fit(ngram(), whole(words))
    const random = randomStream(2)
    const long = Array.from({ length: 5000 }, () => 'abcdefgh'[Math.floor(random() * 8)] ?? '').join('')
    expect(model.score([long], 'mean')[0]).toBeCloseTo(model.score([long.slice(0, 2000)], 'mean')[0] ?? 0, 1)
    expect(model.explain(long)).toHaveLength(2001)
  })
})
