/**
 * K-means: how far a row is from the nearest kind of ordinary row.
 *
 * @module
 */
import { cellsSql, medians, rankContributions, requireColumns } from './cell.ts'
import { floatsSql } from './float-sql.ts'
import { cluster, lloyd, nearestCentroid, simplifiedSilhouette, squaredDistance } from './lloyd.ts'
import type { Clustering, Points } from './lloyd.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { comparePoints, fitPlacing, placeRow, placeRows, savedScales, sortPoints } from './placed.ts'
import type { Placing } from './placed.ts'
import { savedHead, savedList, savedModel, savedNumber, savedNumbers } from './saved.ts'
import type { SavedHead } from './saved.ts'
import { scaleSql } from './scale.ts'

export interface KMeansSpec {
  readonly kind: 'kmeans'
  /** How many kinds of rows to expect, at least 1; `auto` chooses 2 to 16 by the simplified silhouette. */
  readonly clusters: number | 'auto'
  /** `robust` puts every feature on the scale of `scale.ts`; `raw` lets the feature with the largest numbers rule. */
  readonly scale: 'raw' | 'robust'
}

interface KMeansState extends SavedHead, Placing {
  readonly kind: 'kmeans'
  /** The largest first; `center` on the scale. */
  readonly clusters: readonly { readonly size: number; readonly center: readonly number[] }[]
}

/** Beyond these, clusters are found on an even sample of the sorted rows and polished on all of them. */
const MOST_SEARCHED_ROWS = 20_000
const MOST_ROWS_TO_CHOOSE = 2_000
const MOST_CLUSTERS_TO_CHOOSE = 16
const RESTARTS = 5
const POLISHING_ITERATIONS = 5

/** Settings of a K-means model, with the defaults filled in. */
export function kmeans(settings: Partial<Omit<KMeansSpec, 'kind'>> = {}): KMeansSpec {
  return { kind: 'kmeans', clusters: settings.clusters ?? 'auto', scale: settings.scale ?? 'robust' }
}

export const kmeansModel: Model<KMeansSpec> = {
  kind: 'kmeans',
  title: 'K-means: distance to the nearest kind of row',
  source:
    'Lloyd 1982; Arthur and Vassilvitskii 2007 (k-means++); Hruschka et al. 2004 (simplified silhouette)',
  notes:
    'Fits in O(rows × clusters × features × iterations), scores millions of rows a second. Does not work on raw values ' +
    'of unlike size, nor where attacks are numerous enough in the reference to earn a cluster of their own.',
  fit: (spec, reference, seed) => restore(fitState(spec, reference, seed)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: KMeansSpec, reference: Matrix, seed: number): KMeansState {
  if (spec.clusters !== 'auto' && !(Number.isInteger(spec.clusters) && spec.clusters >= 1)) {
    throw new TypeError(`Unexpected clusters: ${spec.clusters}, expected a whole number from 1, or "auto"`)
  }
  const placing: Placing = spec.scale === 'robust' ? fitPlacing(reference) : unscaled(reference)
  const head = { kind: 'kmeans', names: reference.names, rows: reference.rows, ...placing } as const
  if (reference.rows === 0) return { ...head, clusters: [] }
  const width = reference.names.length
  const found = findClusters(sortPoints(placeRows(reference, placing)), spec.clusters, seed)
  const clusters = Array.from(found.sizes, (size, c) => ({
    size,
    center: [...found.centroids.subarray(c * width, (c + 1) * width)],
  }))
  return { ...head, clusters: clusters.toSorted((one, other) => other.size - one.size) }
}

function unscaled(reference: Matrix): Placing {
  requireColumns(reference.names, reference)
  return { typical: medians(reference), scales: [] }
}

function findClusters(points: Points, wanted: number | 'auto', seed: number): Clustering {
  if (points.width === 0) {
    return { centroids: new Float64Array(0), sizes: Float64Array.of(points.count), inertia: 0 }
  }
  const sample = thin(points, MOST_SEARCHED_ROWS)
  const distinct = countDistinct(sample)
  const clusters = wanted === 'auto' ? chooseClusters(sample, distinct, seed) : Math.min(wanted, distinct)
  const found = cluster(sample, clusters, RESTARTS, seed)
  return sample === points ? found : lloyd(points, found.centroids, POLISHING_ITERATIONS)
}

function chooseClusters(points: Points, distinct: number, seed: number): number {
  const sample = thin(points, MOST_ROWS_TO_CHOOSE)
  let best = 1
  let bestSilhouette = 0
  for (let clusters = 2; clusters <= Math.min(MOST_CLUSTERS_TO_CHOOSE, distinct - 1); clusters++) {
    const silhouette = simplifiedSilhouette(sample, cluster(sample, clusters, 3, seed))
    // A later k must be clearly better: rounding must not choose it.
    if (silhouette > bestSilhouette + 1e-9) {
      best = clusters
      bestSilhouette = silhouette
    }
  }
  return best
}

/** At most `most` points, evenly from sorted ones. */
function thin(points: Points, most: number): Points {
  if (points.count <= most) return points
  const { width } = points
  const values = new Float64Array(most * width)
  for (let place = 0; place < most; place++) {
    const row = Math.floor((place * points.count) / most)
    values.set(points.values.subarray(row * width, (row + 1) * width), place * width)
  }
  return { count: most, width, values }
}

function countDistinct({ count, width, values }: Points): number {
  let distinct = 1
  for (let row = 1; row < count; row++) if (comparePoints(values, width, row - 1, row) !== 0) distinct++
  return distinct
}

function loadState(json: unknown): KMeansState {
  const saved = savedModel(json, 'kmeans')
  const head = savedHead(saved)
  const scales = savedScales(saved, 0, head.names.length)
  const clusters = savedList(saved, 'clusters', (item) => ({
    size: savedNumber(item, 'size', 0),
    center: savedNumbers(item, 'center', head.names.length),
  }))
  return { kind: 'kmeans', ...head, scales, clusters }
}

function restore(state: KMeansState): FittedModel {
  const { names, typical, scales } = state
  const width = names.length
  const centroids = Float64Array.from(state.clusters.flatMap(({ center }) => center))
  const empty = centroids.length === 0
  return {
    kind: 'kmeans',
    scale: 'free',
    names,
    score(rows) {
      requireColumns(names, rows)
      const scores = new Float64Array(rows.rows)
      if (empty) return scores
      const place = new Float64Array(width)
      for (let row = 0; row < rows.rows; row++) {
        placeRow(rows.values, row * width, state, place, 0)
        const nearest = nearestCentroid(place, 0, centroids, width)
        scores[row] = Math.sqrt(squaredDistance(place, 0, centroids, nearest * width, width))
      }
      return scores
    },
    explain(row) {
      const place = new Float64Array(width)
      placeRow(row, 0, state, place, 0)
      if (empty) return rankContributions(names, row, typical, [])
      const nearest = nearestCentroid(place, 0, centroids, width)
      const parts = place.map((value, column) => (value - (centroids[nearest * width + column] ?? 0)) ** 2)
      return rankContributions(names, row, typical, parts)
    },
    formula(columns) {
      const cells = cellsSql(columns, typical)
      if (empty) return 'toFloat64(0)'
      const place = cells.map((cell, column) => {
        const scale = scales[column]
        return scale === undefined ? cell : scaleSql(cell, scale)
      })
      const distances = state.clusters.map(({ center }) => `L2Distance(place,${floatsSql(center)})`)
      // The row is bound to a name once, so that the text does not grow with features × clusters.
      return `arrayMap(place->least(${distances.join(',')}),[[${place.join(',')}]])[1]`
    },
    toJSON: () => state,
  }
}
