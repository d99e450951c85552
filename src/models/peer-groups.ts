/**
 * Groups of those who do alike: spherical k-means over what each has to do with.
 *
 * @module
 */
import { randomStream } from './random.ts'

/** Somebody, by what it has to do with: numbers of targets, and on how many days it had. */
export interface Behaviour {
  readonly entity: string
  readonly targets: readonly number[]
  readonly days: readonly number[]
}

export interface Group {
  readonly members: readonly string[]
  /** The targets that set it apart most, at most {@link typicalTargets}. */
  readonly typical: readonly number[]
}

/** A direction: places in the vocabulary, and weights whose squares add up to 1. */
interface Vector {
  readonly places: readonly number[]
  readonly weights: readonly number[]
}

const mostGroups = 48
const mostFitted = 4000
const rounds = 12
const mostVocabulary = 20_000
/** Groups whose directions are as close as this do the same work. */
const sameWork = 0.5
/** Further from every group than this, one belongs to none. */
const leastLikeness = 0.2
/** Nor if another group is nearly as close: a program that is on all machines is no member of a department. */
const leastLead = 1.5
/** Fewer are no group. */
const leastMembers = 4
const typicalTargets = 2

/** Weighs what few have to do with more than what all have: log(1 + days) · log(entities / entities with the target). */
const vectorsOf = (
  all: readonly Behaviour[],
  vocabulary: ReadonlyMap<number, number>,
  rarity: Float64Array,
): Vector[] =>
  all.map(({ targets, days }) => {
    const known = targets.flatMap((target, i) => {
      const place = vocabulary.get(target)
      return place === undefined ? [] : [[place, Math.log1p(days[i] ?? 0) * (rarity[place] ?? 0)] as const]
    })
    const length = Math.hypot(...known.map(([, weight]) => weight))
    return {
      places: known.map(([place]) => place),
      weights: known.map(([, weight]) => (length === 0 ? 0 : weight / length)),
    }
  })

const likeness = ({ places, weights }: Vector, centre: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < places.length; i++) sum += (weights[i] ?? 0) * (centre[places[i] ?? 0] ?? 0)
  return sum
}

interface Closest {
  readonly group: number
  readonly likeness: number
  /** How like it is to the next group. */
  readonly next: number
}

const closest = (vector: Vector, centres: readonly Float64Array[]): Closest => {
  let best: Closest = { group: -1, likeness: 0, next: 0 }
  centres.forEach((centre, group) => {
    const found = likeness(vector, centre)
    if (found > best.likeness) best = { group, likeness: found, next: best.likeness }
    else if (found > best.next) best = { ...best, next: found }
  })
  return best
}

const unit = (centre: Float64Array): Float64Array => {
  const length = Math.sqrt(centre.reduce((sum, weight) => sum + weight * weight, 0))
  return length === 0 ? centre : centre.map((weight) => weight / length)
}

const centreOf = (vectors: readonly Vector[], size: number): Float64Array => {
  const centre = new Float64Array(size)
  for (const { places, weights } of vectors)
    places.forEach((place, i) => (centre[place] = (centre[place] ?? 0) + (weights[i] ?? 0)))
  return unit(centre)
}

/** k-means++: each further centre is drawn from those that no centre is like yet. */
const startCentres = (vectors: readonly Vector[], count: number, size: number): Float64Array[] => {
  const random = randomStream(1)
  const centres: Float64Array[] = []
  const apart = vectors.map(() => 1)
  while (centres.length < count) {
    const total = apart.reduce((sum, distance) => sum + distance, 0)
    if (total <= 1e-9) break
    let left = random() * total
    const chosen = vectors[apart.findIndex((distance) => (left -= distance) <= 0)] ?? vectors[0]
    if (chosen === undefined) break
    const centre = centreOf([chosen], size)
    centres.push(centre)
    vectors.forEach((vector, i) => {
      apart[i] = Math.min(apart[i] ?? 1, Math.max(0, 1 - likeness(vector, centre)))
    })
  }
  return centres
}

const regroup = (
  vectors: readonly Vector[],
  centres: readonly Float64Array[],
  size: number,
): Float64Array[] => {
  const groups = centres.map((): Vector[] => [])
  for (const vector of vectors) groups[closest(vector, centres).group]?.push(vector)
  return groups.filter((group) => group.length > 0).map((group) => centreOf(group, size))
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let place = 0; place < a.length; place++) sum += (a[place] ?? 0) * (b[place] ?? 0)
  return sum
}

/** Puts the two closest groups together until none are close. */
const merged = (centres: readonly Float64Array[]): Float64Array[] => {
  const left = [...centres]
  for (;;) {
    let best = { one: -1, other: -1, likeness: sameWork }
    left.forEach((one, i) =>
      left.slice(i + 1).forEach((other, j) => {
        const found = dot(one, other)
        if (found > best.likeness) best = { one: i, other: i + 1 + j, likeness: found }
      }),
    )
    const [one, other] = [left[best.one], left[best.other]]
    if (one === undefined || other === undefined) return left
    left.splice(best.other, 1)
    left[best.one] = unit(one.map((weight, place) => weight + (other[place] ?? 0)))
  }
}

/**
 * Groups entities by what they have to do with, largest group first. Who is like no group is in none. The same whatever the order
 * in which they come. At most about 50,000 entities of 50 targets each take a second or two.
 */
export const groupAlike = (given: readonly Behaviour[]): Group[] => {
  const all = given.toSorted((a, b) => (a.entity < b.entity ? -1 : 1))
  const users = new Map<number, number>()
  for (const { targets } of all) for (const target of targets) users.set(target, (users.get(target) ?? 0) + 1)
  // What one alone has to do with says nothing of groups, and what nine tenths have, neither.
  const shared = [...users]
    .filter(([, count]) => count >= 2 && count <= 0.9 * all.length)
    .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, mostVocabulary)
  const vocabulary = new Map(shared.map(([target], place) => [target, place]))
  const rarity = Float64Array.from(shared, ([, count]) => Math.log(all.length / count))
  const vectors = vectorsOf(all, vocabulary, rarity)
  const step = Math.max(1, Math.ceil(all.length / mostFitted))
  const fitted = vectors.filter(({ places }, i) => i % step === 0 && places.length > 0)
  const count = Math.min(mostGroups, Math.ceil(Math.sqrt(fitted.length)))
  let centres = startCentres(fitted, count, shared.length)
  for (let round = 0; round < rounds; round++) centres = regroup(fitted, centres, shared.length)
  centres = merged(centres)
  for (let round = 0; round < 3; round++) centres = regroup(fitted, centres, shared.length)
  const members = centres.map((): string[] => [])
  vectors.forEach((vector, i) => {
    const { group, likeness: found, next } = closest(vector, centres)
    const entity = all[i]?.entity
    if (entity !== undefined && found >= leastLikeness && found >= leastLead * next)
      members[group]?.push(entity)
  })
  return centres
    .map((centre, group) => ({ members: members[group] ?? [], typical: typicalOf(centre, shared) }))
    .filter((group) => group.members.length >= leastMembers)
    .toSorted(
      (a, b) => b.members.length - a.members.length || ((a.members[0] ?? '') < (b.members[0] ?? '') ? -1 : 1),
    )
}

const typicalOf = (centre: Float64Array, shared: readonly (readonly [number, number])[]): number[] =>
  [...centre.keys()]
    .filter((place) => (centre[place] ?? 0) > 0)
    .toSorted((a, b) => (centre[b] ?? 0) - (centre[a] ?? 0) || a - b)
    .slice(0, typicalTargets)
    .flatMap((place) => shared[place]?.[0] ?? [])
