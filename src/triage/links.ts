/**
 * Which findings belong to one story: weights of evidence that fade with time, and bridges that carry no crowd.
 *
 * @module
 */
import { groupBy } from '../detect/group-by.ts'
import type { Finding } from '../report/report.ts'
import { identityOf, machineOf, type Identity, type Surroundings } from './identity.ts'

/** Evidence that two findings are one story, from 0 to 1. What falls below {@link enough} is coincidence. */
const weights = {
  /** The same one acts in both. */
  actor: 1,
  /** One of several who act: the same user from two places, two users from the same place. */
  partActor: 0.75,
  /** Through a proxy or a name server: it does what others ask. */
  throughOthers: 0.4,
  /** Two turn to a destination that few others turn to. */
  destination: 0.8,
  /** Two logs stop, and go on, at the same time. */
  sameStretch: 0.8,
  /** Who was the target of one acts in the other. */
  chain: 0.7,
  /** Who acts in one is mentioned by the other, as one who was tried before, or as one who called. */
  mention: 0.6,
} as const

const enough = 0.5

/** Evidence halves in so long: the same actor is one story for a day of silence, a mention for six hours. */
const halfMs = 24 * 3_600_000

/** A value that leads to more stories than this explains none of them. */
const mostStories = 3

/** A cause begins before what it leads to, but for windows of a day, which do not know when within it. */
const slackMs = 24 * 3_600_000

/** Of those who deal with a destination at all, so many must be in findings: else it is merely popular. */
const leastFound = 0.5
/** With so few clients, a destination is shared by whoever uses it. */
const fewClients = 3

interface Told extends Identity {
  readonly finding: Finding
  readonly firstMs: number
  readonly lastMs: number
}

const gapOf = (a: Told, b: Told): number => Math.max(0, a.firstMs - b.lastMs, b.firstMs - a.lastMs)

const faded = (weight: number, gapMs: number): number => weight * 2 ** (-gapMs / halfMs)

const together = (parts: readonly number[]): number => 1 - parts.reduce((left, part) => left * (1 - part), 1)

const isLog = ({ acting }: Told): boolean => [...acting].some((key) => key.startsWith('source '))

/** Stretches that begin and end within this of each other are the same. */
const sameMs = 1_800_000

/** Whether two logs are what the findings are about, and the stretch is the same. */
const sameStretch = (a: Told, b: Told): boolean =>
  isLog(a) && isLog(b) && Math.abs(a.firstMs - b.firstMs) <= sameMs && Math.abs(a.lastMs - b.lastMs) <= sameMs

/** The places of findings by what they share. */
const indexBy = (told: readonly Told[], keysOf: (one: Told) => Iterable<string>): Map<string, number[]> => {
  const index = new Map<string, number[]>()
  told.forEach((one, i) => {
    for (const key of keysOf(one)) {
      const places = index.get(key)
      if (places === undefined) index.set(key, [i])
      else places.push(i)
    }
  })
  return index
}

/** Groups that grow together; the least place of a group stands for it. */
const groupsOf = (size: number) => {
  const parents = Array.from({ length: size }, (_, i) => i)
  const find = (i: number): number => {
    const parent = parents[i] ?? i
    return parent === i ? i : find(parent)
  }
  const join = (a: number, b: number): void => {
    const [low, high] = [find(a), find(b)].toSorted((x, y) => x - y)
    if (low !== undefined && high !== undefined) parents[high] = low
  }
  return { find, join }
}

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): string[] =>
  [...a].filter((key) => b.has(key))

/** How sure it is that two findings are of one story because the same one acts, or because they turn to the same place. */
const likeness = (a: Told, b: Told, surroundings: Surroundings, isCampaign: (key: string) => boolean) => {
  const apartMs = surroundings.apart?.get(a.finding.detector)
  if (apartMs !== undefined && a.finding.detector === b.finding.detector && gapOf(a, b) > apartMs) return 0
  const acting = shared(a.acting, b.acting)
  const whole = acting.length > 0 && acting.length === Math.min(a.acting.size, b.acting.size)
  const byActor = acting.map((key) =>
    surroundings.intermediaries.has(machineOf(key))
      ? weights.throughOthers
      : whole
        ? weights.actor
        : weights.partActor,
  )
  const byTarget = shared(a.targets, b.targets).filter(isCampaign)
  const evidence = [...byActor, ...byTarget.map(() => weights.destination)]
  return faded(together(sameStretch(a, b) ? [...evidence, weights.sameStretch] : evidence), gapOf(a, b))
}

interface Cause {
  readonly cause: number
  readonly weight: number
  readonly gapMs: number
}

/** What may have led to a finding: whoever made its actor a target or mentions it, and what its callers did. */
const causesOf = (
  effect: number,
  told: readonly Told[],
  by: Readonly<Record<'acting' | 'targets' | 'mentions', ReadonlyMap<string, readonly number[]>>>,
  surroundings: Surroundings,
  storyOf: (place: number) => number,
): Cause[] => {
  const one = told[effect]
  if (one === undefined) return []
  const may = (
    index: ReadonlyMap<string, readonly number[]>,
    keys: Iterable<string>,
    weight: number,
  ): Cause[] =>
    [...keys].flatMap((key) => {
      if (surroundings.intermediaries.has(machineOf(key))) return []
      const places = (index.get(key) ?? []).filter((place) => {
        const other = told[place]
        if (other === undefined || storyOf(place) === storyOf(effect)) return false
        return other.firstMs <= one.lastMs && faded(weight, gapOf(one, other)) >= enough
      })
      if (new Set(places.map(storyOf)).size > mostStories) return []
      return places.flatMap((cause) => {
        const other = told[cause]
        if (other === undefined || other.firstMs > Math.min(one.lastMs, one.firstMs + slackMs)) return []
        const gapMs = gapOf(one, other)
        return [{ cause, weight: faded(weight, gapMs), gapMs }]
      })
    })
  return [
    ...may(by.targets, one.acting, weights.chain),
    ...may(by.mentions, one.acting, weights.mention),
    ...may(by.acting, one.callers, weights.mention),
  ].filter(({ weight }) => weight >= enough)
}

/**
 * Findings → stories: each finding is in exactly one, and their order does not matter. What one actor does, and what turns to one
 * rare destination, is one story, however long the chain of evidence. What merely leads from one to another (a victim that acts,
 * a user who was mentioned) joins a story to the likeliest of its causes only, so that two attackers of one victim stay two.
 */
export const linkFindings = (findings: readonly Finding[], surroundings: Surroundings): Finding[][] => {
  const told = findings
    .toSorted((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))
    .map((finding): Told => {
      const identity = identityOf(finding, surroundings)
      return { finding, ...identity, firstMs: Date.parse(finding.first), lastMs: Date.parse(finding.last) }
    })
  const by = {
    acting: indexBy(told, ({ acting }) => acting),
    targets: indexBy(told, ({ targets }) => targets),
    mentions: indexBy(told, ({ mentions, targets }) => [...mentions].filter((key) => !targets.has(key))),
  }
  const isCampaign = (key: string): boolean => {
    const machine = machineOf(key)
    if (machine === '' || surroundings.own.has(machine) || surroundings.intermediaries.has(machine))
      return false
    const found = new Set((by.targets.get(key) ?? []).map((place) => [...(told[place]?.acting ?? [])].join()))
    const clients = surroundings.clients.get(machine) ?? found.size
    return clients <= fewClients || found.size >= leastFound * clients
  }
  const alike = groupsOf(told.length)
  const logs = told.flatMap((one, place) => (isLog(one) ? [place] : []))
  for (const places of [...by.acting.values(), ...by.targets.values(), logs]) {
    places.forEach((a, at) => {
      for (const b of places.slice(at + 1)) {
        const [one, other] = [told[a], told[b]]
        if (one === undefined || other === undefined || alike.find(a) === alike.find(b)) continue
        if (likeness(one, other, surroundings, isCampaign) >= enough) alike.join(a, b)
      }
    })
  }
  const likeliest = new Map<number, Cause>()
  told.forEach((_, effect) => {
    const story = alike.find(effect)
    for (const cause of causesOf(effect, told, by, surroundings, alike.find)) {
      const best = likeliest.get(story)
      const better =
        best === undefined ||
        cause.weight > best.weight ||
        (cause.weight === best.weight &&
          (cause.gapMs < best.gapMs || (cause.gapMs === best.gapMs && cause.cause < best.cause)))
      if (better) likeliest.set(story, cause)
    }
  })
  const stories = groupsOf(told.length)
  told.forEach((_, place) => stories.join(place, alike.find(place)))
  for (const [story, { cause }] of likeliest) stories.join(story, cause)
  const groups = groupBy([...told.keys()], stories.find)
  return [...groups.values()].map((places) => places.flatMap((place) => told[place]?.finding ?? []))
}
