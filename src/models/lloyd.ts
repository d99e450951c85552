/**
 * K-means clustering of points in typed arrays: k-means++ seeding (Arthur and Vassilvitskii 2007) and Lloyd's iterations.
 *
 * @module
 */
import { randomStream } from './random.ts'

/** `count` points of `width` numbers each, one after the other. */
export interface Points {
  readonly count: number
  readonly width: number
  readonly values: Float64Array
}

/** Centroids one after the other, the points nearest to each, and the sum of all squared distances. */
export interface Clustering {
  readonly centroids: Float64Array
  readonly sizes: Float64Array
  readonly inertia: number
}

const MOST_ITERATIONS = 100

/** The best of several runs: that with the least inertia, the first of equals. */
export function cluster(points: Points, clusters: number, restarts: number, seed: number): Clustering {
  const random = randomStream(seed)
  let best = lloyd(points, seedCentroids(points, clusters, random), MOST_ITERATIONS)
  for (let run = 1; run < restarts; run++) {
    const next = lloyd(points, seedCentroids(points, clusters, random), MOST_ITERATIONS)
    if (next.inertia < best.inertia) best = next
  }
  return best
}

/** Moves centroids to the means of their points until nothing changes, or `iterations` times. */
export function lloyd(points: Points, start: Float64Array, iterations: number): Clustering {
  const { count, width, values } = points
  const clusters = start.length / width
  const centroids = Float64Array.from(start)
  const owner = new Int32Array(count).fill(-1)
  const distances = new Float64Array(count)
  const sums = new Float64Array(start.length)
  const sizes = new Float64Array(clusters)
  for (let iteration = 0; ; iteration++) {
    let changed = 0
    sums.fill(0)
    sizes.fill(0)
    for (let point = 0; point < count; point++) {
      const nearest = nearestCentroid(values, point * width, centroids, width)
      distances[point] = squaredDistance(values, point * width, centroids, nearest * width, width)
      if (owner[point] !== nearest) changed++
      owner[point] = nearest
      sizes[nearest] = (sizes[nearest] ?? 0) + 1
      for (let j = 0; j < width; j++) {
        sums[nearest * width + j] = (sums[nearest * width + j] ?? 0) + (values[point * width + j] ?? 0)
      }
    }
    if (changed === 0 || iteration === iterations) break
    for (let c = 0; c < clusters; c++) {
      const size = sizes[c] ?? 0
      if (size === 0) {
        moveToFarthest(points, centroids, c, distances)
        continue
      }
      for (let j = 0; j < width; j++) centroids[c * width + j] = (sums[c * width + j] ?? 0) / size
    }
  }
  return { centroids, sizes, inertia: distances.reduce((sum, distance) => sum + distance, 0) }
}

/** The index of the centroid nearest to the numbers at `offset`; the first of equals. */
export function nearestCentroid(
  values: Float64Array,
  offset: number,
  centroids: Float64Array,
  width: number,
): number {
  let nearest = 0
  let least = Infinity
  for (let start = 0, c = 0; start < centroids.length; start += width, c++) {
    const distance = squaredDistance(values, offset, centroids, start, width)
    if (distance < least) {
      least = distance
      nearest = c
    }
  }
  return nearest
}

/** Squared Euclidean distance of two runs of `width` numbers. */
export function squaredDistance(
  one: Float64Array,
  oneStart: number,
  other: Float64Array,
  otherStart: number,
  width: number,
): number {
  let sum = 0
  for (let j = 0; j < width; j++) {
    const difference = (one[oneStart + j] ?? 0) - (other[otherStart + j] ?? 0)
    sum += difference * difference
  }
  return sum
}

/**
 * Simplified silhouette (Hruschka, de Castro and Campello 2004): the mean over all points of (b − a)/max(a, b) with the
 * distances a to the nearest and b to the second-nearest centroid; points alone in their cluster count 0.
 */
export function simplifiedSilhouette(points: Points, { centroids, sizes }: Clustering): number {
  const { count, width, values } = points
  let sum = 0
  for (let point = 0; point < count; point++) {
    let first = Infinity
    let second = Infinity
    let nearest = 0
    for (let start = 0, c = 0; start < centroids.length; start += width, c++) {
      const distance = squaredDistance(values, point * width, centroids, start, width)
      if (distance < first) {
        second = first
        first = distance
        nearest = c
      } else if (distance < second) second = distance
    }
    if ((sizes[nearest] ?? 0) > 1 && second > 0) sum += 1 - Math.sqrt(first / second)
  }
  return count === 0 ? 0 : sum / count
}

/** First a random point, then each further one with a probability proportional to its squared distance to those chosen. */
function seedCentroids(points: Points, clusters: number, random: () => number): Float64Array {
  const { count, width, values } = points
  const centroids = new Float64Array(clusters * width)
  const distances = new Float64Array(count).fill(Infinity)
  let chosen = Math.floor(random() * count)
  for (let c = 0; c < clusters; c++) {
    centroids.set(values.subarray(chosen * width, (chosen + 1) * width), c * width)
    let total = 0
    for (let point = 0; point < count; point++) {
      const distance = squaredDistance(values, point * width, centroids, c * width, width)
      if (distance < (distances[point] ?? 0)) distances[point] = distance
      total += distances[point] ?? 0
    }
    let rest = random() * total
    for (let point = 0; point < count; point++) {
      const distance = distances[point] ?? 0
      if (distance > 0) chosen = point
      rest -= distance
      if (rest < 0) break
    }
  }
  return centroids
}

/** An empty cluster starts again at the point that fits its own cluster worst. */
function moveToFarthest(points: Points, centroids: Float64Array, c: number, distances: Float64Array): void {
  let farthest = 0
  for (let point = 1; point < points.count; point++) {
    if ((distances[point] ?? 0) > (distances[farthest] ?? 0)) farthest = point
  }
  distances[farthest] = 0
  centroids.set(
    points.values.subarray(farthest * points.width, (farthest + 1) * points.width),
    c * points.width,
  )
}
