/**
 * Isolation Forest: how few random cuts set a row apart from the others.
 *
 * @module
 */
import { rankContributions, requireColumns } from './cell.ts'
import { averagePath, growTree } from './isolation-tree.ts'
import type { Tree } from './isolation-tree.ts'
import type { Points } from './lloyd.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import {
  drawPlaces,
  fitPlacing,
  placeRows,
  remotenessSql,
  savedScales,
  sortPoints,
  takePoints,
} from './placed.ts'
import type { Placing } from './placed.ts'
import { randomStream } from './random.ts'
import { savedHead, savedList, savedModel, savedNumber, savedNumbers } from './saved.ts'
import type { Saved, SavedHead } from './saved.ts'

export interface IsolationForestSpec {
  readonly kind: 'isolation-forest'
  /** How many trees, 1 to 1,000. */
  readonly trees: number
  /** How many rows each tree is grown from, 2 to 4,096; all rows where there are no more. */
  readonly size: number
}

interface ForestState extends SavedHead, Placing {
  readonly kind: 'isolation-forest'
  /** How many rows each tree was grown from. */
  readonly size: number
  readonly trees: readonly Tree[]
}

/** What keeps a saved model small. */
const MOST_TREES = 1000
const MOST_ROWS_OF_A_TREE = 4096

/** Settings of an Isolation Forest, with the defaults filled in. */
export function isolationForest(
  settings: Partial<Omit<IsolationForestSpec, 'kind'>> = {},
): IsolationForestSpec {
  return { kind: 'isolation-forest', trees: settings.trees ?? 100, size: settings.size ?? 256 }
}

/**
 * Each tree cuts its sample at a random value of a random feature, again and again, until rows are alone or ⌈log2 size⌉
 * cuts deep. The score is `2^(−h/c)` with the mean number of cuts h to a row over all trees, and the number c that a row needs on
 * average: about 0.5 for ordinary rows, towards 1 for what stands apart. Cuts are made on the scale of `scale.ts`, as heavy
 * tails would take most of them on raw values.
 */
export const isolationForestModel: Model<IsolationForestSpec> = {
  kind: 'isolation-forest',
  title: 'Isolation Forest: how few random cuts set a row apart',
  source: 'Liu, Ting and Zhou 2008',
  notes:
    'Fits in O(trees × size × log size), whatever the number of rows; scores in O(trees × log size), above a hundred thousand ' +
    'rows a second. Holds up where much of the reference is hostile. Blind to degrees beyond its reference: what lies farther ' +
    'out than every row scores no higher than the outermost place. As a formula it only screens, by the distance from the typical row.',
  fit: (spec, reference, seed) => restore(fitState(spec, reference, seed)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: IsolationForestSpec, reference: Matrix, seed: number): ForestState {
  requireBetween('trees', spec.trees, 1, MOST_TREES)
  requireBetween('size', spec.size, 2, MOST_ROWS_OF_A_TREE)
  const placing = fitPlacing(reference)
  const points = sortPoints(placeRows(reference, placing))
  const random = randomStream(seed)
  const size = Math.min(spec.size, points.count)
  const trees = Array.from({ length: points.count === 0 ? 0 : spec.trees }, () =>
    growTree(takePoints(points, drawPlaces(points.count, size, random)), random),
  )
  return { kind: 'isolation-forest', names: reference.names, rows: reference.rows, ...placing, size, trees }
}

function requireBetween(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new TypeError(`Unexpected ${name}: ${value}, expected a whole number from ${least} to ${most}`)
}

/** All trees in typed arrays, one after the other: what is walked for every row. */
interface Grove {
  readonly roots: Uint32Array
  /** The feature that a node cuts; −1 for a leaf. */
  readonly columns: Int32Array
  /** Where it cuts: what is not above goes to the next node, all else to `above`. Of a leaf, how many cuts lead to it. */
  readonly values: Float64Array
  readonly above: Uint32Array
}

function plant(trees: readonly Tree[]): Grove {
  const nodes = trees.reduce((sum, tree) => sum + tree.columns.length, 0)
  const grove = {
    roots: new Uint32Array(trees.length),
    columns: new Int32Array(nodes),
    values: new Float64Array(nodes),
    above: new Uint32Array(nodes),
  }
  let root = 0
  trees.forEach(({ columns, values }, tree) => {
    grove.roots[tree] = root
    grove.columns.set(columns, root)
    grove.values.set(values, root)
    // Nodes come before what is below them, the lower side first: after a leaf, the latest cut without an upper side gets it.
    const open: number[] = []
    columns.forEach((column, node) => {
      if (column >= 0) open.push(root + node)
      else if (node + 1 < columns.length) grove.above[open.pop() ?? root] = root + node + 1
    })
    root += columns.length
  })
  return grove
}

function scorePoints({ roots, columns, values, above }: Grove, points: Points, size: number): Float64Array {
  const scores = new Float64Array(points.count)
  const average = averagePath(size)
  if (roots.length === 0 || points.width === 0 || average === 0) return scores
  for (const root of roots) {
    for (let point = 0, start = 0; point < points.count; point++, start += points.width) {
      let node = root
      for (let column = columns[node] ?? -1; column >= 0; column = columns[node] ?? -1) {
        node = (points.values[start + column] ?? 0) <= (values[node] ?? 0) ? node + 1 : (above[node] ?? 0)
      }
      scores[point] = (scores[point] ?? 0) + (values[node] ?? 0)
    }
  }
  return scores.map((sum) => 2 ** (-sum / roots.length / average))
}

function restore(state: ForestState): FittedModel {
  const { names, typical, size } = state
  const width = names.length
  const grove = plant(state.trees)
  const score = (rows: Matrix): Float64Array => scorePoints(grove, placeRows(rows, state), size)
  return {
    kind: 'isolation-forest',
    scale: 'free',
    screens: true,
    names,
    score(rows) {
      requireColumns(names, rows)
      return score(rows)
    },
    explain(row) {
      // The row itself, and then the row with one feature after the other as is typical.
      const values = new Float64Array((width + 1) * width)
      for (let copy = 0; copy <= width; copy++) {
        for (let j = 0; j < width; j++) {
          values[copy * width + j] = copy === j + 1 ? (typical[j] ?? 0) : (row[j] ?? Number.NaN)
        }
      }
      const scores = score({ names, rows: width + 1, values })
      const own = scores[0] ?? 0
      const spared = Array.from(names, (_, j) => Math.max(0, own - (scores[j + 1] ?? 0)))
      // Of a row that is typical all over, no feature is to blame more than another.
      const nothing = own > 0 && spared.every((part) => part === 0)
      return rankContributions(names, row, typical, nothing ? spared.map(() => 1) : spared)
    },
    formula: (columns) => remotenessSql(columns, state),
    toJSON: () => state,
  }
}

function loadState(json: unknown): ForestState {
  const saved = savedModel(json, 'isolation-forest')
  const head = savedHead(saved)
  const scales = savedScales(saved, head.names.length)
  const size = savedNumber(saved, 'size', 0)
  const trees = savedList(saved, 'trees', (item) => savedTree(item, head.names))
  return { kind: 'isolation-forest', ...head, scales, size, trees }
}

function savedTree(item: Saved, names: readonly string[]): Tree {
  const values = savedNumbers(item, 'values')
  const columns = savedNumbers(item, 'columns', values.length)
  for (const column of columns) {
    if (column !== -1 && names[column] === undefined) {
      throw new TypeError(`Unexpected ${item.path}.columns: ${column} is no feature`)
    }
  }
  // Each cut has two sides: read one by one, all but the last node must leave a side open.
  let open = 1
  const whole = columns.every((column, node) => {
    open += column >= 0 ? 1 : -1
    return open > 0 || node === columns.length - 1
  })
  if (!whole || open !== 0) throw new TypeError(`Unexpected ${item.path}.columns: no tree`)
  return { columns, values }
}
