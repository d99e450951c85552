/**
 * Who else was unusual at the time: an intruder goes from one machine to the next, and what is odd in the same hour is odd together.
 *
 * @module
 */

import { groupBy } from './group-by.ts'

/** Somebody's stretch of time and how unusual it was. */
export interface Stretch {
  readonly who: number
  readonly stretch: number
  readonly bits: number
}

/** What is less unusual than this says nothing by itself, and nothing together. */
export const leastBits = 4

/**
 * Only what is as rare as this in an hour, over all entities, is together by more than chance: an intrusion shows at one or
 * two further machines within the hours around it, and as many would be there anyway.
 */
const byChanceAnHour = 1

/** More are no company, but a crowd. */
const mostCompany = 8

/** From the first to the last, at least 1. */
const lengthOf = (judged: readonly Stretch[]): number => {
  const first = judged.reduce((least, { stretch }) => Math.min(least, stretch), Infinity)
  const last = judged.reduce((most, { stretch }) => Math.max(most, stretch), -Infinity)
  return Math.max(1, last - first + 1)
}

const mostUnusualFirst = <S extends Stretch>(judged: readonly S[]): S[] =>
  judged.toSorted((a, b) => b.bits - a.bits || a.stretch - b.stretch || a.who - b.who)

/** How often a day, over all entities, a stretch is at least so unusual. */
export const oftenOf = <S extends Stretch>(judged: readonly S[], perDay: number): ReadonlyMap<S, number> => {
  const days = Math.max(1, lengthOf(judged) / perDay)
  return new Map(mostUnusualFirst(judged).map((one, i) => [one, (i + 1) / days]))
}

/**
 * The stretches that lead, and their company: the others that are less unusual, in the same stretch or a neighbouring one, the most
 * unusual first. Each is the company of one only, the most unusual near it, and then leads nobody itself. In a large
 * network only the rarest qualify: their number by chance is what counts.
 *
 * @param perHour stretches an hour
 */
export const companyOf = <S extends Stretch>(
  judged: readonly S[],
  perHour: number,
): ReadonlyMap<S, readonly S[]> => {
  const hours = Math.max(1, lengthOf(judged) / perHour)
  const unusual = mostUnusualFirst(judged.filter(({ bits }) => bits >= leastBits)).slice(
    0,
    Math.floor(hours * byChanceAnHour),
  )
  const byStretch = groupBy(unusual, ({ stretch }) => stretch)
  const reach = Math.max(1, Math.round(perHour))
  const places = new Map(unusual.map((one, place) => [one, place]))
  const taken = new Set<S>()
  const found = new Map<S, readonly S[]>()
  for (const [place, one] of unusual.entries()) {
    if (taken.has(one)) continue
    taken.add(one)
    const near = Array.from(
      { length: 2 * reach + 1 },
      (_, at) => byStretch.get(one.stretch + at - reach) ?? [],
    )
    const free = near.flat().filter((other) => other.who !== one.who && !taken.has(other))
    const others = free.toSorted((a, b) => (places.get(a) ?? place) - (places.get(b) ?? place))
    const named = [...new Set(others.map(({ who }) => who))].slice(0, mostCompany)
    for (const other of others) if (named.includes(other.who)) taken.add(other)
    found.set(
      one,
      named.flatMap((who) => others.find((other) => other.who === who) ?? []),
    )
  }
  return found
}
