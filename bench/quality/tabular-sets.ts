/**
 * Labelled tables: CSV with a last column `anomaly`, ADBench's `.npz`, and NSL-KDD's text.
 *
 * @module
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Matrix } from '../../src/models/model.ts'
import { readNpz } from './numpy.ts'

export interface LabelledTable {
  readonly name: string
  readonly table: Matrix
  /** 1 for an anomaly, one a row. */
  readonly anomalies: Uint8Array
}

const kinds = /(?:\.csv|\.txt)(?:\.gz)?$|\.npz$/

/** The tables in a folder, or the one file that is named. Licences and notes in text are none: see {@link readTable}. */
export const tableFiles = (place: string): string[] => {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (!found.isDirectory()) return [place]
  return readdirSync(place)
    .filter((name) => kinds.test(name))
    .toSorted()
    .map((name) => path.join(place, name))
}

const anomalous = (label: string): number =>
  ['', '0', '0.0', 'false', 'no', 'normal', 'benign'].includes(label) ? 0 : 1

/** A column of texts says how rare each text is: −log10 of its share. */
const rarity = (texts: readonly string[]): Float64Array => {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return Float64Array.from(texts, (text) => Math.log10(texts.length / (counts.get(text) ?? 1)))
}

const isMissing = (text: string): boolean => ['', '?', 'na', 'nan', 'null'].includes(text.toLowerCase())

const columnOf = (texts: readonly string[]): Float64Array =>
  texts.every((text) => isMissing(text) || Number.isFinite(Number(text)))
    ? Float64Array.from(texts, (text) => (isMissing(text) ? Number.NaN : Number(text)))
    : rarity(texts)

const tableOf = (
  name: string,
  names: readonly string[],
  cells: readonly (readonly string[])[],
  labels: readonly string[],
): LabelledTable => {
  const values = new Float64Array(cells.length * names.length)
  names.forEach((_, column) => {
    columnOf(cells.map((row) => row[column] ?? '')).forEach((value, row) => {
      values[row * names.length + column] = value
    })
  })
  return {
    name,
    table: { names, rows: cells.length, values },
    anomalies: Uint8Array.from(labels, (label) => anomalous(label)),
  }
}

const rowsOf = (text: string): string[][] =>
  text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))

/** @throws Error if the last column has another name. */
export const readCsv = (name: string, text: string): LabelledTable => {
  const [heads = [], ...rows] = rowsOf(text)
  if (heads.at(-1)?.toLowerCase() !== 'anomaly') throw new Error(`${name}: the last column is not "anomaly"`)
  const names = heads.slice(0, -1)
  return tableOf(
    name,
    names,
    rows,
    rows.map((row) => row[names.length] ?? ''),
  )
}

/** NSL-KDD's rows have 41 features, the label and how many classifiers were right. */
const kddFeatures = 41

/** @throws Error if its rows are not NSL-KDD's. */
export const readKdd = (name: string, text: string): LabelledTable => {
  const rows = rowsOf(text)
  if (rows.some((row) => row.length !== kddFeatures + 2)) throw new Error(`${name}: not NSL-KDD's rows`)
  const names = Array.from({ length: kddFeatures }, (_, column) => `f${column}`)
  return tableOf(
    name,
    names,
    rows,
    rows.map((row) => row[kddFeatures] ?? ''),
  )
}

/** ADBench's arrays: `X` with a row for each of `y`. @throws Error if they are missing or do not fit. */
export const readArrays = (name: string, bytes: Buffer): LabelledTable => {
  const arrays = readNpz(bytes)
  const x = arrays.get('X')
  const y = arrays.get('y')
  const [rows = 0, columns = 0] = x?.shape ?? []
  if (x === undefined || y === undefined || y.values.length !== rows) {
    throw new Error(`${name}: expected an array X with a row for each of y`)
  }
  const names = Array.from({ length: columns }, (_, column) => `f${column}`)
  return {
    name,
    table: { names, rows, values: x.values },
    anomalies: Uint8Array.from(y.values, (label) => (label > 0 ? 1 : 0)),
  }
}

/** @throws Error naming the file, if it is no labelled table. */
export const readTable = (file: string): LabelledTable => {
  const name = path.basename(file).replace(/(?:\.csv|\.txt|\.npz)(?:\.gz)?$/, '')
  const stored = readFileSync(file)
  if (file.endsWith('.npz')) return readArrays(name, stored)
  const text = (file.endsWith('.gz') ? gunzipSync(stored) : stored).toString('utf8')
  return /\.txt(?:\.gz)?$/.test(file) ? readKdd(name, text) : readCsv(name, text)
}
