import type { Matrix } from '../../src/models/model.ts'

/** A matrix from rows of numbers. */
export function matrix(names: readonly string[], rows: readonly (readonly number[])[]): Matrix {
  return { names, rows: rows.length, values: Float64Array.from(rows.flat()) }
}

/** The rows of a matrix. */
export function rowsOf(table: Matrix): number[][] {
  const width = table.names.length
  return Array.from({ length: table.rows }, (_, row) => [
    ...table.values.subarray(row * width, (row + 1) * width),
  ])
}
