import { Session } from 'chdb'
import { array, assert, double, property } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { floatSql } from '../../src/models/float-sql.ts'
import {
  countTail,
  ensemble,
  fitModel,
  heavyHitter,
  isolationForest,
  kmeans,
  knn,
  loadModel,
  models,
  novelty,
  periodicity,
  pooledCount,
  rita,
  statedSurprise,
  tailScore,
} from '../../src/models/index.ts'
import type { AnyModelSpec } from '../../src/models/index.ts'
import type { FittedModel, Matrix } from '../../src/models/model.ts'
import { randomStream } from '../../src/models/random.ts'
import { matrix, rowsOf } from './matrix.ts'

const names = ['seen', 'events', 'targets', 'peers']

interface Case {
  readonly title: string
  readonly spec: AnyModelSpec
  /** A row that must score higher than every row of the reference. */
  readonly outlier: readonly number[]
  /** Whether it scores 0 if it was fitted on nothing. */
  readonly needsRows: boolean
}

const huge = [1e6, 1e6, 1e6, 1e6]
const newToAClerk = [0, 1e6, 1, 0]
const cases: readonly Case[] = [
  { title: 'kmeans, robust, automatic', spec: kmeans(), outlier: huge, needsRows: true },
  { title: 'kmeans, raw, two', spec: kmeans({ clusters: 2, scale: 'raw' }), outlier: huge, needsRows: true },
  { title: 'kmeans, one', spec: kmeans({ clusters: 1 }), outlier: huge, needsRows: true },
  { title: 'tail-score, top three', spec: tailScore(), outlier: huge, needsRows: true },
  { title: 'tail-score, all', spec: tailScore({ top: 9 }), outlier: huge, needsRows: true },
  {
    title: 'tail-score, top one, low values too',
    spec: tailScore({ top: 1, both: ['seen', 'peers'] }),
    outlier: [-1e6, 0, 0, 0],
    needsRows: true,
  },
  { title: 'count-tail', spec: countTail({ feature: 'seen' }), outlier: huge, needsRows: false },
  {
    title: 'count-tail without a prior',
    spec: countTail({ feature: 'targets', prior: { weight: 0 } }),
    outlier: huge,
    needsRows: false,
  },
  {
    title: 'novelty',
    spec: novelty({ seen: 'seen', events: 'events', targets: 'targets', peers: 'peers' }),
    outlier: newToAClerk,
    needsRows: false,
  },
  {
    title: 'novelty over three levels',
    spec: novelty({
      seen: 'seen',
      events: 'events',
      targets: 'targets',
      group: { seen: 'peers', events: 'events', targets: 'targets' },
      everyone: { seen: 'seen', events: 'events', targets: 'targets' },
    }),
    outlier: newToAClerk,
    needsRows: false,
  },
  {
    title: 'heavy-hitter',
    spec: heavyHitter({ amount: 'events', sharers: 'targets', unit: 10 }),
    outlier: [0, 1e6, 0, 0],
    needsRows: false,
  },
  {
    title: 'rita',
    spec: rita({ timestamps: 'seen', sizes: 'events', histogram: 'targets', duration: 'peers' }),
    outlier: huge,
    needsRows: false,
  },
  {
    title: 'periodicity',
    spec: periodicity({
      evidence: 'peers',
      others: 'seen',
      without: 'targets',
      checkIns: 'events',
      alike: 'targets',
      hours: 'events',
      presence: 'targets',
    }),
    outlier: [0, 1e6, 1e6, 1e6],
    needsRows: false,
  },
  {
    title: 'periodicity, with age',
    spec: periodicity({
      evidence: 'peers',
      others: 'seen',
      without: 'events',
      checkIns: 'peers',
      alike: 'peers',
      hours: 'peers',
      presence: 'peers',
      known: 'targets',
      unknown: 'events',
    }),
    outlier: [0, 1e6, 0, 1e6],
    needsRows: false,
  },
  { title: 'knn', spec: knn(), outlier: huge, needsRows: true },
  {
    title: 'knn, all rows, none left out',
    spec: knn({ sets: 1, size: 1000, near: 0.001, hostile: 0 }),
    outlier: huge,
    needsRows: true,
  },
  { title: 'isolation-forest', spec: isolationForest(), outlier: huge, needsRows: true },
  { title: 'ensemble', spec: ensemble(), outlier: huge, needsRows: true },
  {
    title: 'ensemble of tails and forest, low values too',
    spec: ensemble({
      tail: tailScore({ top: 4, both: names }),
      weights: { tail: 1, neighbours: 0, forest: 2 },
    }),
    outlier: huge,
    needsRows: true,
  },
  { title: 'stated-surprise', spec: statedSurprise('events'), outlier: huge, needsRows: false },
  {
    title: 'pooled-count',
    spec: pooledCount({ count: 'peers', own: { total: 'seen', windows: 'events' }, wider: [] }),
    outlier: [0, 1e6, 0, 1e3],
    needsRows: false,
  },
  {
    title: 'pooled-count over three levels and today',
    spec: pooledCount({
      count: 'peers',
      own: { total: 'seen', windows: 'events' },
      wider: [
        { total: 'targets', windows: 'events' },
        { total: 'seen', windows: 'events' },
      ],
      today: { total: 'targets', windows: 'events' },
    }),
    outlier: [0, 1e6, 0, 1e3],
    needsRows: false,
  },
]

const reference = sample(300, 1)
const fresh = sample(100, 2)
const edges = matrix(names, [
  ...[0, -0, 1, -1, 0.5, 1e-160, 1e6, 1e7, 2e7, 1e15, 1e149, 1e200, -1e200].map((value) =>
    Array(4).fill(value),
  ),
  ...[Number.NaN, Infinity, -Infinity].map((value) => Array(4).fill(value)),
  [3, Number.NaN, Infinity, 0.1],
])
const references: Readonly<Record<string, Matrix>> = {
  'many rows': reference,
  'one row': matrix(names, [[3, 50, 4, 0.25]]),
  'no rows': matrix(names, []),
  'constant rows': matrix(
    names,
    Array.from({ length: 40 }, () => [3, 50, 4, 0.25]),
  ),
  'rows of zeros': matrix(
    names,
    Array.from({ length: 40 }, () => [0, 0, 0, 0]),
  ),
  'two distinct rows': matrix(
    names,
    Array.from({ length: 41 }, (_, row) => (row % 2 === 0 ? [3, 50, 4, 0.25] : [4, 60, 4, 0.5])),
  ),
  'missing and infinite values': matrix(names, [...rowsOf(reference).slice(0, 50), ...rowsOf(edges)]),
  'nothing but missing values': matrix(names, [Array(4).fill(Number.NaN), Array(4).fill(Number.NaN)]),
}

let session: Session

beforeAll(() => {
  session = new Session()
})

afterAll(() => {
  session.cleanup()
})

it('tests every kind of model', () => {
  expect(new Set(cases.map(({ spec }) => spec.kind))).toEqual(new Set(models.map((model) => model.kind)))
})

describe.each(cases)('$title', ({ spec, outlier, needsRows }) => {
  describe.each(Object.entries(references))('fitted on %s', (_, rows) => {
    const model = fitModel(spec, rows, 7)

    it('gives finite scores that are never below 0, whatever it reads', () => {
      for (const table of [rows, fresh, edges]) expect(unsound(model.score(table))).toEqual([])
      const anyRow = array(double(), { minLength: 4, maxLength: 4 })
      assert(
        property(anyRow, (row) => unsound(model.score(matrix(names, [row]))).length === 0),
        { numRuns: 300, seed: 5 },
      )
    })

    it('scores the same after it was saved as JSON and loaded', () => {
      const text = JSON.stringify(model.toJSON())
      const loaded = loadModel(JSON.parse(text))
      expect(JSON.stringify(loaded.toJSON())).toBe(text)
      expect({ ...loaded }).toMatchObject({ kind: model.kind, scale: model.scale, names })
      for (const table of [rows, fresh, edges]) expect(loaded.score(table)).toEqual(model.score(table))
      expect(loaded.explain(outlier)).toEqual(model.explain(outlier))
      expect(loaded.formula(names)).toBe(model.formula(names))
    })

    it('explains each score with shares that add up', () => {
      for (const row of [...rowsOf(fresh).slice(0, 30), ...rowsOf(edges), outlier]) {
        const score = model.score(matrix(names, [row]))[0] ?? Number.NaN
        const reasons = model.explain(row)
        expect(reasons.map(({ feature }) => feature).toSorted()).toEqual(names.toSorted())
        const shares = reasons.map(({ share }) => share)
        expect(shares).toEqual(shares.toSorted((one, other) => other - one))
        expect(shares.at(-1)).toBeGreaterThanOrEqual(0)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(score > 0 ? 1 : 0, 12)
        expect(reasons.every(({ observed, typical }) => Number.isFinite(observed + typical))).toBe(true)
      }
    })

    it('scores the same in SQL, or screens with finite numbers never below 0', async () => {
      for (const table of [fresh, edges]) {
        const inSql = await scoreInSql(session, model, table)
        const scores = model.score(table)
        expect(inSql).toHaveLength(scores.length)
        expect(unsound(Float64Array.from(inSql))).toEqual([])
        const apart = Array.from(scores, (score, row) => ({
          row,
          score,
          inSql: inSql[row] ?? Number.NaN,
        })).filter(({ score, inSql }) => !(Math.abs(inSql - score) <= 1e-9 + 1e-9 * score))
        // What screens has a score of its own, which only has to be sound.
        expect(model.screens === true ? [] : apart).toEqual([])
      }
    })

    it('is the same model whatever the order of the rows it is fitted on', () => {
      const shuffled = matrix(names, shuffle(rowsOf(rows)))
      expect(JSON.stringify(fitModel(spec, shuffled, 7).toJSON())).toBe(JSON.stringify(model.toJSON()))
    })
  })

  it('gives the same model for the same seed', () => {
    const [one, other] = [fitModel(spec, reference, 11), fitModel(spec, reference, 11)]
    expect(JSON.stringify(one.toJSON())).toBe(JSON.stringify(other.toJSON()))
  })

  it('scores a row alone as it does among others', () => {
    const model = fitModel(spec, reference, 7)
    const together = model.score(fresh)
    rowsOf(fresh).forEach((row, index) => {
      expect(model.score(matrix(names, [row]))[0]).toBe(together[index])
    })
  })

  it('scores a far outlier higher than every row of the reference', () => {
    const model = fitModel(spec, reference, 7)
    const highest = Math.max(...model.score(reference))
    expect(model.score(matrix(names, [outlier]))[0]).toBeGreaterThan(highest)
  })

  it('scores 0 when fitted on nothing, unless what it knows does not come from rows', () => {
    const model = fitModel(spec, matrix(names, []), 7)
    const scores = model.score(fresh)
    expect(scores.every((score) => score === 0)).toBe(needsRows)
    expect(model.toJSON()).toMatchObject({ rows: 0 })
  })

  it('refuses columns other than those it was fitted on', () => {
    const model = fitModel(spec, reference, 7)
    expect(() => model.score(matrix(['events', 'seen', 'targets', 'peers'], [[1, 2, 3, 4]]))).toThrow(
      TypeError,
    )
    expect(() => model.score({ ...fresh, rows: 3 })).toThrow('Unexpected number of cells')
    expect(() => model.formula(['a'])).toThrow('Unexpected number of columns: 1')
  })

  it('reads Nullable and integer columns in SQL', async () => {
    const model = fitModel(spec, reference, 7)
    const columns = [
      'toUInt16(3)',
      'CAST(NULL AS Nullable(Int32))',
      'toInt8(4)',
      'CAST(0.25 AS Nullable(Float32))',
    ]
    const text = await select(session, `SELECT ${model.formula(columns)}`)
    const row = [3, Number.NaN, 4, 0.25]
    const [expected = Number.NaN] =
      model.screens === true
        ? await scoreInSql(session, model, matrix(names, [row]))
        : model.score(matrix(names, [row]))
    expect(Number(JSON.parse(text)[0])).toBeCloseTo(expected, 9)
  })

  it('names the damaged field of a saved model', () => {
    const saved: unknown = JSON.parse(JSON.stringify(fitModel(spec, reference, 7).toJSON()))
    if (typeof saved !== 'object' || saved === null) throw new Error('not an object')
    for (const field of Object.keys(saved)) {
      expect(() => loadModel({ ...saved, [field]: {} })).toThrow(`Unexpected model.${field}`)
    }
  })
})

function sample(rows: number, seed: number): Matrix {
  const random = randomStream(seed)
  return matrix(
    names,
    Array.from({ length: rows }, () => {
      const events = Math.floor(-200 * Math.log(1 - random()))
      const seen = Math.floor(random() ** 4 * Math.min(events, 30))
      return [seen, events, Math.floor(1 + random() * Math.sqrt(events)), random() < 0.2 ? 0 : random() ** 3]
    }),
  )
}

function shuffle(rows: readonly number[][]): number[][] {
  const random = randomStream(3)
  return rows
    .map((row) => ({ row, key: random() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ row }) => row)
}

function unsound(scores: Float64Array): number[] {
  return [...scores].filter((score) => !(Number.isFinite(score) && score >= 0))
}

async function scoreInSql(session: Session, model: FittedModel, table: Matrix): Promise<number[]> {
  const cells = rowsOf(table).map((row) => `[${row.map(cellLiteral).join(',')}]`)
  const columns = names.map((_, column) => `cells[${column + 1}]`)
  const text = await select(
    session,
    `SELECT ${model.formula(columns)} FROM (SELECT arrayJoin(arrayZip(range(${cells.length}), [${cells.join(',')}])) AS row,
     row.1 AS place, row.2 AS cells) ORDER BY place`,
  )
  return text
    .trim()
    .split('\n')
    .map((line) => Number(JSON.parse(line)[0] ?? Number.NaN))
}

function cellLiteral(value: number): string {
  if (Number.isFinite(value)) return floatSql(value)
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

async function select(session: Session, sql: string): Promise<string> {
  const result = await session.queryAsync(sql, { format: 'JSONCompactEachRow' })
  return result.text()
}
