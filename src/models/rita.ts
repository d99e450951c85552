/**
 * RITA's beacon score: the mean of four parts, as a reference to compare with.
 *
 * @module
 */
import {
  cellsSql,
  medians,
  rankContributions,
  readCell,
  requireColumn,
  requireColumns,
  scoreRows,
} from './cell.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { savedColumns, savedHead, savedModel } from './saved.ts'
import type { SavedHead } from './saved.ts'

export interface RitaSpec {
  readonly kind: 'rita'
  /** The features that hold the parts, each from 0 to 1. */
  readonly timestamps: string
  readonly sizes: string
  readonly histogram: string
  readonly duration: string
}

interface RitaState extends SavedHead {
  readonly kind: 'rita'
  /** Positions of the four parts among the features. */
  readonly columns: readonly number[]
}

/** Settings of RITA's score. */
export function rita(settings: Omit<RitaSpec, 'kind'>): RitaSpec {
  return { kind: 'rita', ...settings }
}

/** The score is the mean of the four parts, each kept within 0 and 1: a quarter each, as in RITA's default settings. */
export const ritaModel: Model<RitaSpec> = {
  kind: 'rita',
  title: "RITA's beacon score, for comparison",
  source: 'Active Countermeasures, RITA 5: https://github.com/activecm/rita',
  notes:
    'Learns nothing but what is typical; constant time to score. Blind to how common a destination is and how new: ' +
    'updates, tickers and clocks score as high as beacons, and few check-ins as high as many.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: RitaSpec, reference: Matrix): RitaState {
  requireColumns(reference.names, reference)
  const { timestamps, sizes, histogram, duration } = spec
  return {
    kind: 'rita',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    columns: [timestamps, sizes, histogram, duration].map((name) => requireColumn(reference.names, name)),
  }
}

const within = (value: number): number => Math.max(0, Math.min(1, value))

function restore(state: RitaState): FittedModel {
  const { names, typical, columns } = state
  const width = names.length
  const partsOf = (cells: ArrayLike<number>, from: number): number[] =>
    columns.map(
      (column) => within(readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0)) / columns.length,
    )
  const scoreRow = (cells: ArrayLike<number>, from: number): number =>
    partsOf(cells, from).reduce((sum, part) => sum + part, 0)
  return {
    kind: 'rita',
    scale: 'free',
    names,
    score: (rows) => scoreRows(names, rows, scoreRow),
    explain(row) {
      const parts = new Float64Array(width)
      partsOf(row, 0).forEach((part, place) => {
        const column = columns[place] ?? 0
        parts[column] = (parts[column] ?? 0) + part
      })
      return rankContributions(names, row, typical, parts)
    },
    formula(columnsSql) {
      const cells = cellsSql(columnsSql, typical)
      const parts = columns.map(
        (column) => `greatest(0.,least(1.,${cells[column] ?? '0.'}))/${columns.length}`,
      )
      return `(${parts.join('+')})`
    },
    toJSON: () => state,
  }
}

function loadState(json: unknown): RitaState {
  const saved = savedModel(json, 'rita')
  const head = savedHead(saved)
  return { kind: 'rita', ...head, columns: savedColumns(saved, 'columns', head.names, 4) }
}
