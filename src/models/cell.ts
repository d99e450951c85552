/**
 * How every model reads one cell of a table, in TypeScript and in SQL alike: a missing value (NaN, NULL) counts as the
 * typical one, infinite values as the largest allowed, so that finite scores come out whatever goes in.
 *
 * @module
 */
import type { Contribution, Matrix } from './model.ts'
import { floatSql } from './float-sql.ts'
import { quantile } from './scale.ts'

/** Values beyond ±1e150 count as ±1e150: their squares, and their quotients by the smallest scale, stay finite. */
export const CELL_LIMIT = 1e150

/** A cell as models see it: NaN becomes `typical`, everything else is kept within ±1e150. */
export function readCell(value: number, typical: number): number {
  if (Number.isNaN(value)) return typical
  return Math.max(-CELL_LIMIT, Math.min(CELL_LIMIT, value))
}

/** `readCell` as a ClickHouse expression of type Float64; `column` may be of any numeric type, Nullable included. */
function cellSql(column: string, typical: number): string {
  const value = `ifNull(toFloat64(${column}),nan)`
  return `if(isNaN(${value}),${floatSql(typical)},greatest(-1e150,least(1e150,${value})))`
}

/** One column in ascending order, without missing values. */
export function sortedColumn(matrix: Matrix, column: number): Float64Array {
  const width = matrix.names.length
  const cells = new Float64Array(matrix.rows)
  let kept = 0
  for (let row = 0; row < matrix.rows; row++) {
    const value = matrix.values[row * width + column] ?? Number.NaN
    if (Number.isNaN(value)) continue
    // Adding 0 turns −0 into 0, which JSON could not tell apart.
    cells[kept++] = readCell(value, 0) + 0
  }
  return cells.subarray(0, kept).toSorted()
}

/** The median of each column; 0 where a column has no value at all. */
export function medians(matrix: Matrix): number[] {
  return matrix.names.map((_, column) => quantile(sortedColumn(matrix, column), 0.5))
}

/**
 * @throws TypeError if `rows` does not have exactly the columns `names`, in their order.
 */
export function requireColumns(names: readonly string[], rows: Matrix): void {
  if (rows.names.length !== names.length || rows.names.some((name, column) => name !== names[column])) {
    throw new TypeError(`Unexpected columns: ${rows.names.join(', ')} (fitted on ${names.join(', ')})`)
  }
  if (rows.values.length !== rows.rows * names.length) {
    throw new TypeError(
      `Unexpected number of cells: ${rows.values.length} in ${rows.rows} rows of ${names.length}`,
    )
  }
}

/** The position of a named column. @throws TypeError if there is none. */
export function requireColumn(names: readonly string[], name: string): number {
  const column = names.indexOf(name)
  if (column < 0) throw new TypeError(`Unknown feature: ${name} (known: ${names.join(', ')})`)
  return column
}

/** The columns of `formula` as cells. @throws TypeError if their number is not that of `names`. */
export function cellsSql(columns: readonly string[], typical: readonly number[]): string[] {
  if (columns.length !== typical.length) {
    throw new TypeError(`Unexpected number of columns: ${columns.length} (fitted on ${typical.length})`)
  }
  return columns.map((column, index) => cellSql(column, typical[index] ?? 0))
}

/** The scores of all rows, by a score of the row whose cells begin at `from`. */
export function scoreRows(
  names: readonly string[],
  rows: Matrix,
  scoreRow: (cells: ArrayLike<number>, from: number) => number,
): Float64Array {
  requireColumns(names, rows)
  const scores = new Float64Array(rows.rows)
  for (let row = 0; row < rows.rows; row++) scores[row] = scoreRow(rows.values, row * names.length)
  return scores
}

/** What of a row's score typical values in the place of each of these columns would have spared; 0 for other columns. */
export function sparedParts(
  row: ArrayLike<number>,
  columns: Iterable<number>,
  typical: readonly number[],
  scoreRow: (cells: ArrayLike<number>, from: number) => number,
): Float64Array {
  const score = scoreRow(row, 0)
  const parts = new Float64Array(typical.length)
  const changed = Array.from(row)
  for (const column of columns) {
    changed[column] = typical[column] ?? 0
    parts[column] = Math.max(0, score - scoreRow(changed, 0))
    changed[column] = row[column] ?? Number.NaN
  }
  return parts
}

/** Turns each feature's part of a score (≥ 0) into shares, largest first; ties keep the order of the features. */
export function rankContributions(
  names: readonly string[],
  row: ArrayLike<number>,
  typical: readonly number[],
  parts: ArrayLike<number>,
): Contribution[] {
  // Dividing by the largest part first keeps the sum of parts finite.
  let largest = 0
  for (let column = 0; column < names.length; column++) largest = Math.max(largest, parts[column] ?? 0)
  let sum = 0
  if (largest > 0) for (let column = 0; column < names.length; column++) sum += (parts[column] ?? 0) / largest
  return names
    .map((feature, column) => ({
      feature,
      observed: readCell(row[column] ?? Number.NaN, typical[column] ?? 0),
      typical: typical[column] ?? 0,
      share: largest > 0 ? (parts[column] ?? 0) / largest / sum : 0,
    }))
    .toSorted((one, other) => other.share - one.share)
}
