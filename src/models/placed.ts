/**
 * Rows as points that can be compared: every feature on its scale, missing values where they are typical.
 *
 * @module
 */
import { cellsSql, medians, readCell, requireColumns, sortedColumn } from './cell.ts'
import type { Points } from './lloyd.ts'
import type { Matrix } from './model.ts'
import { savedList, savedNumber } from './saved.ts'
import type { Saved } from './saved.ts'
import { robustScale, scaleSql, scaleValue } from './scale.ts'
import type { RobustScale } from './scale.ts'

/** How the cells of a row become coordinates. */
export interface Placing {
  /** Median of each feature. */
  readonly typical: readonly number[]
  /** One a feature, or none for raw values. */
  readonly scales: readonly RobustScale[]
}

/** The placing that the reference rows call for. @throws TypeError for cells that are not rows × features. */
export function fitPlacing(reference: Matrix): Placing {
  requireColumns(reference.names, reference)
  return {
    typical: medians(reference),
    scales: reference.names.map((_, column) => robustScale(sortedColumn(reference, column))),
  }
}

/** Writes the coordinates of the row that begins at `cells[from]` to `into[to]` and on. */
export function placeRow(
  cells: ArrayLike<number>,
  from: number,
  { typical, scales }: Placing,
  into: Float64Array,
  to: number,
): void {
  for (let column = 0; column < typical.length; column++) {
    const value = readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0)
    const scale = scales[column]
    into[to + column] = scale === undefined ? value : scaleValue(value, scale)
  }
}

/** All rows of a table as points. */
export function placeRows(rows: Matrix, placing: Placing): Points {
  const width = rows.names.length
  const values = new Float64Array(rows.values.length)
  for (let row = 0; row < rows.rows; row++) {
    placeRow(rows.values, row * width, placing, values, row * width)
  }
  return { count: rows.rows, width, values }
}

/** Sorted by their numbers, so that the order of the reference's rows has no influence. */
export function sortPoints({ count, width, values }: Points): Points {
  const order = Uint32Array.from({ length: count }, (_, row) => row).toSorted((one, other) =>
    comparePoints(values, width, one, other),
  )
  return takePoints({ count, width, values }, order)
}

/** The points at these places, in this order. */
export function takePoints({ width, values }: Points, places: Uint32Array): Points {
  const taken = new Float64Array(places.length * width)
  places.forEach((from, to) => taken.set(values.subarray(from * width, (from + 1) * width), to * width))
  return { count: places.length, width, values: taken }
}

/** Below 0, 0 or above 0, as the first point lies before, with or behind the other. */
export function comparePoints(values: Float64Array, width: number, one: number, other: number): number {
  for (let j = 0; j < width; j++) {
    const difference = (values[one * width + j] ?? 0) - (values[other * width + j] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** `count` of the places below `among` (or all, if they are fewer), each at most once, in an order left to chance. */
export function drawPlaces(among: number, count: number, random: () => number): Uint32Array {
  const places = Uint32Array.from({ length: among }, (_, place) => place)
  const drawn = Math.min(count, among)
  for (let place = 0; place < drawn; place++) {
    const other = place + Math.floor(random() * (among - place))
    const kept = places[place] ?? 0
    places[place] = places[other] ?? 0
    places[other] = kept
  }
  return places.slice(0, drawn)
}

/**
 * How far a row is from the typical one, as a ClickHouse expression: the sum of all coordinates' distances from 0. What
 * stands for a model whose own score would be too long to say in SQL.
 */
export function remotenessSql(columns: readonly string[], { typical, scales }: Placing): string {
  const parts = cellsSql(columns, typical).map((cell, column) => {
    const scale = scales[column]
    return `abs(${scale === undefined ? cell : scaleSql(cell, scale)})`
  })
  return parts.length === 0 ? 'toFloat64(0)' : `toFloat64(${parts.join('+')})`
}

/** Reads the field `scales`, which has to be of one of these lengths. */
export function savedScales(saved: Saved, ...lengths: readonly number[]): RobustScale[] {
  const scales = savedList(saved, 'scales', (item) => ({
    center: savedNumber(item, 'center'),
    spread: savedNumber(item, 'spread', Number.MIN_VALUE),
  }))
  if (lengths.includes(scales.length)) return scales
  throw new TypeError(
    `Unexpected length of ${saved.path}.scales: ${scales.length}, expected ${lengths.join(' or ')}`,
  )
}
