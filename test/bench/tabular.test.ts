import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { array, assert, integer, property, record } from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { readNpy, readNpz } from '../../bench/quality/numpy.ts'
import { rankingOf } from '../../bench/quality/ranking.ts'
import { readArrays, readCsv, readKdd, tableFiles } from '../../bench/quality/tabular-sets.ts'
import { tabularQuality, tabularText } from '../../bench/quality/tabular.ts'
import { randomStream } from '../../src/models/random.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-tabular-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A `.npy` file as NumPy 1.17 writes it. */
const npy = (type: string, shape: string, data: Buffer, fortran = false): Buffer => {
  const header = `{'descr': '${type}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`
  const padded = header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11)
  const length = Buffer.alloc(2)
  length.writeUInt16LE(padded.length + 1)
  return Buffer.concat([
    Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'),
    length,
    Buffer.from(`${padded}\n`),
    data,
  ])
}

const doubles = (...values: readonly number[]): Buffer => Buffer.from(Float64Array.from(values).buffer)

/** A ZIP archive; files whose name begins with `packed` are deflated. */
const zip = (files: Readonly<Record<string, Buffer>>): Buffer => {
  const parts: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const [name, data] of Object.entries(files)) {
    const method = name.startsWith('packed') ? 8 : 0
    const stored = method === 8 ? deflateRawSync(data) : data
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(4, 28)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(stored.length, 20)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    parts.push(local, Buffer.from(name), Buffer.alloc(4), stored)
    entries.push(entry, Buffer.from(name))
    at += 34 + name.length + stored.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...entries, end])
}

describe('the reader of NumPy arrays', () => {
  it('reads stored and packed arrays of a .npz', () => {
    const archive = zip({
      'X.npy': npy('<f8', '(2, 3)', doubles(1, 2, 3, 4, 5, 6)),
      'packed.npy': npy('<i8', '(2,)', Buffer.from(BigInt64Array.of(0n, -1n).buffer)),
      'notes.txt': Buffer.from('no array'),
    })
    const arrays = readNpz(archive)
    expect([...arrays.keys()]).toEqual(['X', 'packed'])
    expect(arrays.get('X')).toEqual({ shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6) })
    expect(arrays.get('packed')).toEqual({ shape: [2], values: Float64Array.of(0, -1) })
  })

  it('reads columns that were stored one after the other', () => {
    const { values } = readNpy(npy('<f8', '(2, 3)', doubles(1, 4, 2, 5, 3, 6), true))
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6])
  })

  it.each([
    ['<f4', Buffer.from(Float32Array.of(1.5).buffer), 1.5],
    ['<i4', Buffer.from(Int32Array.of(-7).buffer), -7],
    ['|i1', Buffer.from(Int8Array.of(-7).buffer), -7],
    ['|b1', Buffer.from([1]), 1],
    ['<u2', Buffer.from(Uint16Array.of(65_535).buffer), 65_535],
  ])('reads numbers of the type %s', (type, data, expected) => {
    expect([...readNpy(npy(type, '(1,)', data)).values]).toEqual([expected])
  })

  it('refuses what it does not know', () => {
    expect(() => readNpy(npy('|O', '(1,)', Buffer.alloc(8)))).toThrow('unknown type of NumPy array')
    expect(() => readNpy(Buffer.from('a,b,anomaly'))).toThrow('no NumPy array')
    expect(() => readNpz(Buffer.from('a,b,anomaly'))).toThrow('no ZIP archive')
  })
})

describe('labelled tables', () => {
  it('come from CSV, texts as how rare they are', () => {
    const { table, anomalies } = readCsv('t', 'size,kind,Anomaly\n1,a,0\nNA,a,1\n3,"b",true\n4,a,false\n')
    expect(table.names).toEqual(['size', 'kind'])
    expect([...anomalies]).toEqual([0, 1, 1, 0])
    const rare = Math.log10(4)
    const usual = Math.log10(4 / 3)
    expect([...table.values]).toEqual([1, usual, Number.NaN, usual, 3, rare, 4, usual])
    expect(() => readCsv('t', 'a,b\n1,2\n')).toThrow('t: the last column is not "anomaly"')
  })

  it('come from arrays', () => {
    const x = npy('<f8', '(2, 1)', doubles(7, 8))
    const arrays = zip({ 'X.npy': x, 'y.npy': npy('|u1', '(2,)', Buffer.from([0, 1])) })
    const { table, anomalies } = readArrays('t', arrays)
    expect(table).toEqual({ names: ['f0'], rows: 2, values: Float64Array.of(7, 8) })
    expect([...anomalies]).toEqual([0, 1])
    expect(() => readArrays('t', zip({ 'X.npy': x }))).toThrow('t: expected an array X')
  })

  it('come from NSL-KDD', () => {
    const features = Array.from({ length: 41 }, (_, column) => column)
    const lines = [`${features.join(',')},normal,20`, `${features.join(',')},neptune,19`]
    const { table, anomalies } = readKdd('t', lines.join('\n'))
    expect(table.names).toHaveLength(41)
    expect([...anomalies]).toEqual([0, 1])
    expect(() => readKdd('t', 'A licence.')).toThrow("t: not NSL-KDD's rows")
  })
})

describe('a ranking', () => {
  it('is perfect, reversed, or no better than chance', () => {
    const anomalies = Uint8Array.of(0, 0, 1, 1)
    expect(rankingOf(Float64Array.of(1, 2, 3, 4), anomalies)).toEqual({ auc: 1, ap: 1 })
    expect(rankingOf(Float64Array.of(4, 3, 2, 1), anomalies).auc).toBe(0)
    expect(rankingOf(Float64Array.of(1, 1, 1, 1), anomalies)).toEqual({ auc: 0.5, ap: 0.5 })
  })

  // scikit-learn's example of average_precision_score and roc_auc_score.
  it('has the area and the precision that scikit-learn gives', () => {
    const { auc, ap } = rankingOf(Float64Array.of(0.1, 0.4, 0.35, 0.8), Uint8Array.of(0, 0, 1, 1))
    expect(auc).toBe(0.75)
    expect(ap).toBeCloseTo(0.83, 2)
  })

  it('counts the pairs in which the anomaly scores higher', () => {
    const row = record({ score: integer({ min: 0, max: 8 }), anomaly: integer({ min: 0, max: 1 }) })
    assert(
      property(array(row, { maxLength: 30 }), (given) => {
        const rows = [...given, { score: 3, anomaly: 0 }, { score: 4, anomaly: 1 }]
        const pairs = rows
          .filter(({ anomaly }) => anomaly === 1)
          .flatMap((one) =>
            rows.filter(({ anomaly }) => anomaly === 0).map((other) => one.score - other.score),
          )
        const won = pairs.reduce((sum, lead) => sum + (lead > 0 ? 1 : lead === 0 ? 0.5 : 0), 0)
        const { auc, ap } = rankingOf(
          Float64Array.from(rows, ({ score }) => score),
          Uint8Array.from(rows, ({ anomaly }) => anomaly),
        )
        expect(auc).toBeCloseTo(won / pairs.length, 12)
        expect(ap).toBeGreaterThan(0)
        expect(ap).toBeLessThanOrEqual(1)
      }),
      { numRuns: 300, seed: 7 },
    )
  })
})

describe('the bench of tables', () => {
  it('judges every table of a folder in both protocols, and says what is none', () => {
    const random = randomStream(1)
    const ordinary = Array.from({ length: 200 }, () => [random(), random(), 0])
    const odd = Array.from({ length: 8 }, () => [5 + random(), -5 - random(), 1])
    const lines = ['a,b,anomaly', ...[...ordinary, ...odd].map((row) => row.join(','))]
    writeFileSync(path.join(folder, 'easy.csv.gz'), gzipSync(lines.join('\n')))
    writeFileSync(path.join(folder, 'calm.csv'), 'a,anomaly\n1,0\n2,0\n')
    writeFileSync(path.join(folder, 'LICENSE.txt'), 'A licence.')
    const said: string[] = []
    const result = tabularQuality(tableFiles(folder), (text) => said.push(text))
    expect(said).toEqual(["LICENSE: not NSL-KDD's rows", 'calm: nothing to tell apart'])
    expect(result.tables).toMatchObject([{ name: 'easy', rows: 208, features: 2 }])
    expect(result.mean.unsupervised['ensemble']?.auc).toBeGreaterThan(0.99)
    expect(result.mean.semi['ensemble']?.auc).toBeGreaterThan(0.99)
    expect(tabularText(result)).toContain('| mean of 1 ')
    expect(tabularText(result)).not.toContain('NaN')
    expect(tableFiles(path.join(folder, 'easy.csv.gz'))).toHaveLength(1)
    expect(tableFiles(path.join(folder, 'nowhere'))).toEqual([])
  })
})
