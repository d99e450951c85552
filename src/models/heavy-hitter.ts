/**
 * Heavy hitter: who carries more of something than others do, each share of it counted once for all who carry it.
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
import { floatSql } from './float-sql.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { savedHead, savedModel, savedNumber, savedColumns } from './saved.ts'
import type { SavedHead } from './saved.ts'

export interface HeavyHitterSpec {
  readonly kind: 'heavy-hitter'
  /** The feature that holds how much: bytes of new names, say. */
  readonly amount: string
  /** The feature that holds how many others have to do with the same thing. */
  readonly sharers: string
  /** An amount that says nothing yet, above 0; 1 if absent. */
  readonly unit?: number
}

interface HeavyHitterState extends SavedHead {
  readonly kind: 'heavy-hitter'
  /** Positions of amount and sharers among the features. */
  readonly columns: readonly number[]
  readonly unit: number
}

/** Settings of a heavy-hitter model. */
export function heavyHitter(settings: Omit<HeavyHitterSpec, 'kind'>): HeavyHitterSpec {
  return { kind: 'heavy-hitter', ...settings }
}

/**
 * The score is `log10(1 + amount / (unit · (1 + sharers)))`. What many do is a service, and its amount is divided among them: ten times
 * the sharers excuse ten times the amount.
 */
export const heavyHitterModel: Model<HeavyHitterSpec> = {
  kind: 'heavy-hitter',
  title: 'Heavy hitter: an amount next to how many share in it',
  source:
    'Distinct information per client and domain, as in Paxson et al. 2013 and Ishikura et al. 2021, divided by its prevalence',
  notes:
    'Learns nothing but what is typical; constant time. Does not work where an attacker makes many clients share in it, or ' +
    'where an honest service has a single client.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

/** Smaller ones would let the quotient overflow. */
const LEAST_UNIT = 1e-100

function fitState(spec: HeavyHitterSpec, reference: Matrix): HeavyHitterState {
  const unit = spec.unit ?? 1
  if (!(unit >= LEAST_UNIT && Number.isFinite(unit)))
    throw new TypeError(`Unexpected unit: ${unit}, expected at least ${LEAST_UNIT}`)
  requireColumns(reference.names, reference)
  return {
    kind: 'heavy-hitter',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    columns: [spec.amount, spec.sharers].map((name) => requireColumn(reference.names, name)),
    unit,
  }
}

function restore(state: HeavyHitterState): FittedModel {
  const { names, typical, columns, unit } = state
  const width = names.length
  const [amountAt = 0, sharersAt = 0] = columns
  const read = (cells: ArrayLike<number>, from: number, column: number): number =>
    Math.max(0, readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0))
  const scoreRow = (cells: ArrayLike<number>, from: number): number =>
    Math.log10(1 + read(cells, from, amountAt) / (unit * (1 + read(cells, from, sharersAt))))
  return {
    kind: 'heavy-hitter',
    scale: 'free',
    names,
    score: (rows) => scoreRows(names, rows, scoreRow),
    explain(row) {
      const score = scoreRow(row, 0)
      const parts = new Float64Array(width)
      // All of it is the amount's, but for what more sharers would have excused.
      const shared = Array.from(row)
      shared[sharersAt] = Math.max(typical[sharersAt] ?? 0, read(row, 0, sharersAt))
      parts[sharersAt] = Math.max(0, score - scoreRow(shared, 0))
      parts[amountAt] = Math.max(0, score - (parts[sharersAt] ?? 0))
      return rankContributions(names, row, typical, parts)
    },
    formula(columnsSql) {
      const cells = cellsSql(columnsSql, typical).map((cell) => `greatest(0.,${cell})`)
      const [amount, sharers] = columns.map((column) => cells[column] ?? '0.')
      return `log10(1.+${amount}/(${floatSql(unit)}*(1.+${sharers})))`
    },
    toJSON: () => state,
  }
}

function loadState(json: unknown): HeavyHitterState {
  const saved = savedModel(json, 'heavy-hitter')
  const head = savedHead(saved)
  const columns = savedColumns(saved, 'columns', head.names, 2)
  return { kind: 'heavy-hitter', ...head, columns, unit: savedNumber(saved, 'unit', LEAST_UNIT) }
}
