/**
 * One tree of an Isolation Forest.
 *
 * @module
 */
import type { Points } from './lloyd.ts'

/** Nodes in preorder: a node, everything not above its cut, everything above. */
export interface Tree {
  /** The feature that a node cuts; −1 for a leaf. */
  readonly columns: readonly number[]
  /** Where a node cuts; of a leaf, the number of cuts that lead to a row there, with those that more depth would take. */
  readonly values: readonly number[]
}

/** Euler and Mascheroni's constant. */
const EULER = 0.577_215_664_901_532_9

/** How many cuts set a row apart from `rows` − 1 others on average (Liu et al. 2008, equation 1). */
export function averagePath(rows: number): number {
  if (rows < 2) return 0
  if (rows === 2) return 1
  return 2 * (Math.log(rows - 1) + EULER) - (2 * (rows - 1)) / rows
}

/** A tree over all of the points, ⌈log2⌉ of their number deep at most. */
export function growTree(points: Points, random: () => number): Tree {
  const columns: number[] = []
  const values: number[] = []
  const deepest = Math.ceil(Math.log2(Math.max(2, points.count)))
  const grow = (places: Uint32Array, depth: number): void => {
    const cut = places.length > 1 && depth < deepest ? chooseCut(points, places, random) : undefined
    columns.push(cut?.column ?? -1)
    values.push(cut?.value ?? depth + averagePath(places.length))
    if (cut === undefined) return
    const below = (place: number): boolean =>
      (points.values[place * points.width + cut.column] ?? 0) <= cut.value
    grow(places.filter(below), depth + 1)
    grow(
      places.filter((place) => !below(place)),
      depth + 1,
    )
  }
  grow(
    Uint32Array.from({ length: points.count }, (_, place) => place),
    0,
  )
  return { columns, values }
}

/** A random feature of those in which the points differ, and a random value between its least and its greatest. */
function chooseCut(
  { width, values }: Points,
  places: Uint32Array,
  random: () => number,
): { readonly column: number; readonly value: number } | undefined {
  // Features are tried in random order until one differs: as fair as a choice among those that do, and cheaper.
  const untried = Uint32Array.from({ length: width }, (_, column) => column)
  for (let left = width; left > 0; left--) {
    const chosen = Math.floor(random() * left)
    const column = untried[chosen] ?? 0
    untried[chosen] = untried[left - 1] ?? 0
    let least = Infinity
    let greatest = -Infinity
    for (const place of places) {
      const value = values[place * width + column] ?? 0
      if (value < least) least = value
      if (value > greatest) greatest = value
    }
    if (greatest <= least) continue
    const value = least + random() * (greatest - least)
    // Rounding must not put the greatest below the cut.
    return { column, value: value < greatest ? value : least }
  }
  return undefined
}
