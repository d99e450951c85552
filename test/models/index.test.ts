import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fitModel, kmeans, loadModel, models, tailScore, textModels } from '../../src/models/index.ts'
import { matrix } from './matrix.ts'

const folder = new URL('../../src/models/', import.meta.url)

describe('the list of models', () => {
  it('names every model in the folder, and nothing else', async () => {
    const found: unknown[] = []
    for (const file of readdirSync(folder)) {
      if (file === 'index.ts') continue
      const exports: Readonly<Record<string, unknown>> = await import(new URL(file, folder).href)
      found.push(...Object.values(exports).filter(isModel))
    }
    expect(found.length).toBeGreaterThan(0)
    expect(new Set(found)).toEqual(new Set([...models, ...textModels]))
  })

  it('has a kind, a title, a source and notes for each', () => {
    expect(new Set(models.map((model) => model.kind)).size).toBe(models.length)
    for (const { title, source, notes } of [...models, ...textModels]) {
      for (const text of [title, source, notes]) expect(text).not.toBe('')
      expect(notes).toMatch(/[Dd]oes not work|Blind to|Needs/)
    }
  })
})

describe('fitting a model', () => {
  it.each([kmeans(), kmeans({ scale: 'raw' }), tailScore()])(
    'on rows without features scores 0: %j',
    (spec) => {
      const model = fitModel(spec, matrix([], [[], []]), 1)
      expect([...loadModel(JSON.parse(JSON.stringify(model.toJSON()))).score(matrix([], [[]]))]).toEqual([0])
      expect(model.formula([])).toBe('toFloat64(0)')
      expect(model.explain([])).toEqual([])
    },
  )

  it('refuses a kind that does not exist', () => {
    // A plug-in in plain JavaScript can ask for anything; the type says it cannot.
    const spec = JSON.parse('{ "kind": "oracle" }')
    expect(() => fitModel(spec, matrix([], []), 1)).toThrow('Unknown model: {"kind":"oracle"}')
  })
})

describe('loading a model', () => {
  it.each([null, 3, [], {}, { kind: 'oracle' }])('refuses %j', (json) => {
    expect(() => loadModel(json)).toThrow(TypeError)
  })

  it('says which kinds there are', () => {
    expect(() => loadModel({ kind: 'oracle' })).toThrow(
      'Unexpected model.kind: "oracle", expected kmeans or tail-score or count-tail or novelty',
    )
  })
})

function isModel(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'fit' in value && 'load' in value
}
