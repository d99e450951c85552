/**
 * Models whose score is too long for SQL: the engine brings out the windows worth scoring, the model judges them.
 *
 * @module
 */
import type { FittedModel, Matrix } from '../models/model.ts'

/** How many windows leave the engine to be scored by a model that only screens there: seconds of work for any model. */
export const screenedRows = 50_000

interface Screened {
  /** The values of `names`. */
  readonly x: readonly number[]
  readonly score: number
}

/**
 * The `most` best of screened windows by the model's own score, best first; those that score 0 are left out, and among equals
 * the order stays that of the screen.
 *
 * @param names what the values `x` of a window are of; the model's features are among them
 */
export const rescore = <Window extends Screened>(
  model: FittedModel,
  names: readonly string[],
  windows: readonly Window[],
  most: number,
): Window[] => {
  const columns = model.names.map((name) => names.indexOf(name))
  const values = new Float64Array(windows.length * columns.length)
  windows.forEach(({ x }, row) => {
    columns.forEach((column, j) => {
      values[row * columns.length + j] = x[column] ?? Number.NaN
    })
  })
  const rows: Matrix = { names: model.names, rows: windows.length, values }
  const scores = model.score(rows)
  return windows
    .map((window, row) => ({ ...window, score: scores[row] ?? 0 }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, most)
}
