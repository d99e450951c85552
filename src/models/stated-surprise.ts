/**
 * Stated surprise: a feature that says itself how surprising a row is.
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
import type { FittedModel, Model } from './model.ts'
import { savedColumns, savedHead, savedModel } from './saved.ts'
import type { SavedHead } from './saved.ts'

export interface StatedSurpriseSpec {
  readonly kind: 'stated-surprise'
  /** The feature that holds −log10 of how often a row is like this by chance. */
  readonly feature: string
}

interface StatedSurpriseState extends SavedHead {
  readonly kind: 'stated-surprise'
  readonly columns: readonly number[]
}

export function statedSurprise(feature: string): StatedSurpriseSpec {
  return { kind: 'stated-surprise', feature }
}

/** The score is the feature, at least 0. */
export const statedSurpriseModel: Model<StatedSurpriseSpec> = {
  kind: 'stated-surprise',
  title: 'Stated surprise: a feature that says itself how surprising a row is',
  source: 'Sums of the surprises of independent steps, as along the paths of Ho et al. 2021 (Hopper)',
  notes:
    'Learns nothing; constant time. Does not work where the feature is anything else than −log10 of a probability.',
  fit: (spec, reference) => {
    requireColumns(reference.names, reference)
    return restore({
      kind: 'stated-surprise',
      names: reference.names,
      rows: reference.rows,
      typical: medians(reference),
      columns: [requireColumn(reference.names, spec.feature)],
    })
  },
  load: (json) => {
    const saved = savedModel(json, 'stated-surprise')
    const head = savedHead(saved)
    return restore({
      kind: 'stated-surprise',
      ...head,
      columns: savedColumns(saved, 'columns', head.names, 1),
    })
  },
}

function restore(state: StatedSurpriseState): FittedModel {
  const { names, typical, columns } = state
  const [column = 0] = columns
  const width = names.length
  const scoreRow = (cells: ArrayLike<number>, from: number): number =>
    Math.max(0, readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0)) + 0
  return {
    kind: 'stated-surprise',
    scale: 'surprise',
    names,
    score: (rows) => scoreRows(names, rows, scoreRow),
    explain(row) {
      const parts = new Float64Array(width)
      parts[column] = scoreRow(row, 0)
      return rankContributions(names, row, typical, parts)
    },
    formula: (columnsSql) => `greatest(0.,${cellsSql(columnsSql, typical)[column] ?? '0.'})`,
    toJSON: () => state,
  }
}
