/**
 * Sub-sampled nearest neighbours: how far a row is from the ordinary rows nearest to it.
 *
 * @module
 */
import { rankContributions, requireColumns } from './cell.ts'
import type { Points } from './lloyd.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import {
  drawPlaces,
  fitPlacing,
  placeRow,
  placeRows,
  remotenessSql,
  savedScales,
  sortPoints,
  takePoints,
} from './placed.ts'
import type { Placing } from './placed.ts'
import { randomStream } from './random.ts'
import { savedHead, savedList, savedModel, savedNumber, savedNumbers } from './saved.ts'
import type { SavedHead } from './saved.ts'
import { suspectRows } from './tail-table.ts'

export interface KnnSpec {
  readonly kind: 'knn'
  /** How many reference sets are drawn, 1 to 100: the score is the mean over them. */
  readonly sets: number
  /** How many rows each set has, 1 to 1,024; all rows where there are no more. */
  readonly size: number
  /** Which neighbour counts: the ⌈near × size⌉-th; above 0, at most 1. */
  readonly near: number
  /**
   * The share of the reference that may be an attack's, at least 0 and at most 0.5: the rows that lie farthest off in a
   * first pass take no part in the sets that score.
   */
  readonly hostile: number
}

/** Coordinates of the rows of one set, one row after the other. */
interface ReferenceSet {
  readonly points: readonly number[]
}

interface KnnState extends SavedHead, Placing {
  readonly kind: 'knn'
  /** Which neighbour counts, from 1. */
  readonly rank: number
  readonly sets: readonly ReferenceSet[]
}

/** What keeps a saved model small. */
const MOST_SETS = 100
const MOST_ROWS_OF_A_SET = 1024

/** Coordinates are kept in thousandths of a spread: far below what tells rows apart, and short in JSON. */
const COORDINATE_STEPS = 1000

/** Settings of a sub-sampled nearest-neighbour model, with the defaults filled in. */
export function knn(settings: Partial<Omit<KnnSpec, 'kind'>> = {}): KnnSpec {
  return {
    kind: 'knn',
    sets: settings.sets ?? 10,
    size: settings.size ?? 128,
    near: settings.near ?? 0.05,
    hostile: settings.hostile ?? 0.1,
  }
}

/**
 * The mean, over random sets of ordinary rows, of the distance to the k-th nearest of a set. Features are on the scale of
 * `scale.ts`, so that neither heavy tails nor units rule, and distances are sums of absolute differences: with many features
 * they tell near from far better than squares do (Aggarwal et al. 2001), and each feature's part of the score is exact.
 */
export const knnModel: Model<KnnSpec> = {
  kind: 'knn',
  title: 'Sub-sampled nearest neighbours: distance to the nearest ordinary rows',
  source:
    'Sugiyama and Borgwardt 2013 (few samples suffice); Aggarwal and Sathe 2017, Outlier Ensembles (sub-sampled kNN); ' +
    'Aggarwal, Hinneburg and Keim 2001 (Manhattan distance)',
  notes:
    'Fits and scores in O(rows × sets × size × features), tens of thousands of rows a second at 10 × 64. Sees what is odd ' +
    'only in combination. Does not work where attacks are so many, and so alike, that they fill the reference sets: the ' +
    'remotest tenth is left out, no more. As a formula it only screens, by the distance from the typical row.',
  fit: (spec, reference, seed) => restore(fitState(spec, reference, seed)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: KnnSpec, reference: Matrix, seed: number): KnnState {
  requireWhole('sets', spec.sets, MOST_SETS)
  requireWhole('size', spec.size, MOST_ROWS_OF_A_SET)
  if (!(spec.near > 0 && spec.near <= 1)) {
    throw new TypeError(`Unexpected near: ${spec.near}, expected above 0 and at most 1`)
  }
  if (!(spec.hostile >= 0 && spec.hostile <= 0.5)) {
    throw new TypeError(`Unexpected hostile share: ${spec.hostile}, expected 0 to 0.5`)
  }
  const placing = fitPlacing(reference)
  const points = sortPoints(placeRows(reference, placing))
  const random = randomStream(seed)
  const rankAmong = (count: number, near: number): number =>
    Math.max(1, Math.ceil(near * Math.min(spec.size, count)))
  const first = drawSets(points, spec, random)
  const head = { kind: 'knn', names: reference.names, rows: reference.rows, ...placing } as const
  const suspects = suspectRows(spec.hostile, points.count)
  if (suspects === 0) return { ...head, rank: rankAmong(points.count, spec.near), sets: first }
  // Farther than `hostile` rows that are alike can vouch for each other.
  const beyond = rankAmong(points.count, Math.min(1, spec.near + spec.hostile))
  const scores = distances(points, first, beyond)
  const trusted = withoutRemotest(points, scores, suspects)
  return { ...head, rank: rankAmong(trusted.count, spec.near), sets: drawSets(trusted, spec, random) }
}

function requireWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return
  throw new TypeError(`Unexpected ${name}: ${value}, expected a whole number from 1 to ${most}`)
}

function drawSets(points: Points, spec: KnnSpec, random: () => number): ReferenceSet[] {
  if (points.count === 0) return []
  return Array.from({ length: spec.sets }, () => {
    const { values } = takePoints(points, drawPlaces(points.count, spec.size, random))
    return {
      points: Array.from(values, (value) => Math.round(value * COORDINATE_STEPS) / COORDINATE_STEPS + 0),
    }
  })
}

/** The points in their order, but for so many with the greatest scores. */
function withoutRemotest(points: Points, scores: Float64Array, suspects: number): Points {
  const limit = scores.toSorted()[points.count - 1 - suspects] ?? Infinity
  return takePoints(
    points,
    Uint32Array.from({ length: points.count }, (_, place) => place).filter(
      (place) => (scores[place] ?? 0) <= limit,
    ),
  )
}

/** Of each point, the mean over the sets of the distance to the nearest but `rank` − 1. */
function distances(points: Points, sets: readonly ReferenceSet[], rank: number): Float64Array {
  const { count, width, values } = points
  const sums = new Float64Array(count)
  for (const set of sets) {
    const flat = Float64Array.from(set.points)
    const size = width === 0 ? 0 : flat.length / width
    const nearest = new Float64Array(Math.min(rank, size))
    for (let point = 0; point < count; point++) {
      const distance = rankedDistance(values, point * width, flat, width, nearest)
      sums[point] = (sums[point] ?? 0) + distance / sets.length
    }
  }
  return sums
}

/** The greatest of the `nearest.length` least distances from the numbers at `offset`; `nearest` is working space. */
function rankedDistance(
  values: Float64Array,
  offset: number,
  set: Float64Array,
  width: number,
  nearest: Float64Array,
): number {
  const last = nearest.length - 1
  nearest.fill(Infinity)
  let limit = Infinity
  for (let start = 0; start < set.length; start += width) {
    let sum = 0
    for (let j = 0; j < width; j++) sum += Math.abs((values[offset + j] ?? 0) - (set[start + j] ?? 0))
    if (sum >= limit) continue
    let place = last
    for (; place > 0 && (nearest[place - 1] ?? 0) > sum; place--) nearest[place] = nearest[place - 1] ?? 0
    nearest[place] = sum
    limit = nearest[last] ?? Infinity
  }
  return last < 0 ? 0 : limit
}

function restore(state: KnnState): FittedModel {
  const { names, typical, rank, sets } = state
  const width = names.length
  return {
    kind: 'knn',
    scale: 'free',
    screens: true,
    names,
    score(rows) {
      requireColumns(names, rows)
      return distances(placeRows(rows, state), sets, rank)
    },
    explain(row) {
      const place = new Float64Array(width)
      placeRow(row, 0, state, place, 0)
      const parts = new Float64Array(width)
      for (const { points } of sets) {
        const neighbour = rankedNeighbour(place, points, rank)
        for (let j = 0; j < width; j++) {
          parts[j] = (parts[j] ?? 0) + Math.abs((place[j] ?? 0) - (points[neighbour * width + j] ?? 0))
        }
      }
      return rankContributions(names, row, typical, parts)
    },
    formula: (columns) => remotenessSql(columns, state),
    toJSON: () => state,
  }
}

/** Which row of a set is the nearest but `rank` − 1 to a place. */
function rankedNeighbour(place: Float64Array, points: readonly number[], rank: number): number {
  const width = place.length
  const far = Array.from({ length: width === 0 ? 0 : points.length / width }, (_, neighbour) => {
    let sum = 0
    for (let j = 0; j < width; j++) sum += Math.abs((place[j] ?? 0) - (points[neighbour * width + j] ?? 0))
    return { neighbour, sum }
  }).toSorted((one, other) => one.sum - other.sum)
  return far[Math.min(rank, far.length) - 1]?.neighbour ?? 0
}

function loadState(json: unknown): KnnState {
  const saved = savedModel(json, 'knn')
  const head = savedHead(saved)
  const width = head.names.length
  const scales = savedScales(saved, width)
  const rank = savedNumber(saved, 'rank', 1)
  const sets = savedList(saved, 'sets', (item) => {
    const points = savedNumbers(item, 'points')
    if (width > 0 && points.length % width === 0 && points.length > 0) return { points }
    if (points.length === 0) return { points }
    throw new TypeError(
      `Unexpected length of ${item.path}.points: ${points.length}, expected rows of ${width}`,
    )
  })
  return { kind: 'knn', ...head, scales, rank, sets }
}
