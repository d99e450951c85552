/**
 * Novelty-weighted risk: how unexpected are the kinds of things that happen to somebody in a stretch of time, given what
 * happened to them before, to anybody before, and what usually comes together.
 *
 * @module
 */

/** Settings of {@link noveltyRisk}; times are counted in stretches (hours, say). */
interface NoveltyRiskSettings {
  /** What happened so long ago counts e^−1 of what happens now. */
  readonly fade: number
  /** So long a silence is taken for granted before anything is known of somebody. */
  readonly silence: number
  /** Bits of usual risk that halve what is unusual. */
  readonly usual: number
  /** No stretch adds more than so many bits to what is usual: an attack must not excuse the next. */
  readonly most: number
  /** So long after the first stretch what is new still says less: nobody's day has been seen as a whole. */
  readonly warm: number
}

/** What somebody's stretch holds: how often each kind happened, by the kind's number. */
export interface Group {
  readonly who: number
  readonly kinds: ReadonlyMap<number, number>
  /** Whether it is learned from. */
  readonly taught: boolean
}

export interface GroupRisk {
  readonly who: number
  /** At least 0; whole thousandths. */
  readonly bits: number
  /** Bits by kind, most first, those without left out. */
  readonly telling: readonly { readonly kind: number; readonly bits: number }[]
}

interface NoveltyRisk {
  /** Judges the groups of a stretch by all stretches before it, then learns from them. Stretches ascend. */
  readonly judge: (stretch: number, groups: readonly Group[]) => GroupRisk[]
}

/** Nothing has never been seen: half an occurrence on either side (Krichevsky and Trofimov 1981). */
const half = 0.5
/** What somebody has in every second stretch weighs at most so many bits, however rare it is with others. */
const mostForUsual = 4
/** With more kinds at once, only the most surprising are set against each other. */
const mostPaired = 24
/** So many pairs of kinds are remembered; later ones are taken never to come together. */
const mostPairs = 2_000_000

const thousandths = (bits: number): number => Math.round(bits * 1000) / 1000

/** Sums by key that are worth less the older they are; `add` and `at` take the present weight of an event. */
const sums = () => {
  const found = new Map<number, number>()
  return {
    add: (key: number, weight: number): void => {
      found.set(key, (found.get(key) ?? 0) + weight)
    },
    at: (key: number): number => found.get(key) ?? 0,
    has: (key: number): boolean => found.has(key),
    size: (): number => found.size,
  }
}

/** The others of a stretch: how many there are, and how many of them have a kind. */
interface Peers {
  readonly others: number
  readonly having: (kind: number) => number
}

/** Two numbers below 2^26 as one. */
const pair = (a: number, b: number): number => a * 67_108_864 + b

/**
 * A kind k of somebody h weighs `max(0, −log2 p(k | h) − log2 p(k) − 1)` bits, where p is the (fading) share of earlier
 * stretches with any event that had k: those of h, and those of all; at most `−4·log2 p(k | h)`. Of kinds that come together each counts only for
 * what the more surprising ones before it leave open: at most `−2·log2 p(k | other kind)`. Of a kind that others have in the
 * same stretch counts what that leaves open: at most `−2·log2` of their share. To that comes `log2(n / (2·most + 1))` where
 * it happens n times, more than twice as often as ever before. What the kinds add up to is multiplied by
 * `usual / (usual + mean of h's earlier stretches)`, so that whoever is always a little unusual must be more so.
 */
export const noveltyRisk = (settings: NoveltyRiskSettings): NoveltyRisk => {
  const { fade, silence, usual, most, warm } = settings
  const ofKind = sums()
  const ofWho = sums()
  const ofBoth = sums()
  const ofPair = sums()
  const risks = sums()
  const largest = new Map<number, number>()
  let all = 0
  let firstStretch: number | null = null

  // Newer events weigh more instead of older ones less: nothing has to be gone through as time passes.
  const weightAt = (stretch: number): number => Math.exp((stretch - (firstStretch ?? stretch)) / fade)
  const shareOf = (sum: number, of: number): number => (sum + half) / (of + 2 * half)

  /** Of the others in the same stretch, how many have a kind: what happens to all says little of each. */
  const othersWith = (groups: readonly Group[]): ((kind: number) => number) => {
    const found = new Map<number, number>()
    for (const { kinds } of groups)
      for (const kind of kinds.keys()) found.set(kind, (found.get(kind) ?? 0) + 1)
    return (kind) => (found.get(kind) ?? 1) - 1
  }

  const riskOf = (
    group: Group,
    now: number,
    elapsed: number,
    peers: Peers,
  ): { risk: GroupRisk; own: number; kinds: readonly number[] } => {
    const { who } = group
    const each = [...group.kinds.keys()]
      .map((kind) => {
        const own = shareOf(ofBoth.at(pair(who, kind)) / now, ofWho.at(who) / now)
        const anybody = shareOf(ofKind.at(kind) / now, all / now)
        const both = -Math.log2(own) - Math.log2(anybody) - 1
        const alone = Math.max(0, Math.min(both, -mostForUsual * Math.log2(own)))
        const together = peers.having(kind)
        const bits = together === 0 ? alone : Math.min(alone, -2 * Math.log2(shareOf(together, peers.others)))
        return { kind, bits }
      })
      .toSorted((a, b) => b.bits - a.bits || a.kind - b.kind)
    const telling = each.map(({ kind, bits }, i) => {
      const left = each.slice(0, Math.min(i, mostPaired)).map((other) => {
        const seen = ofKind.at(other.kind) / now
        return seen === 0 ? bits : -2 * Math.log2(shareOf(ofPair.at(pair(kind, other.kind)) / now, seen))
      })
      const more = burstOf(who, kind, group.kinds.get(kind) ?? 0)
      return { kind, bits: thousandths(Math.max(0, Math.min(bits, ...left)) + more) }
    })
    const own = telling.reduce((sum, { bits }) => sum + bits, 0)
    const mean = risks.at(who) / now / (elapsed + silence)
    const known = warm === 0 ? 1 : Math.min(1, elapsed / warm)
    return {
      own,
      kinds: each.map(({ kind }) => kind),
      risk: {
        who,
        bits: thousandths(((own * usual) / (usual + mean)) * known),
        telling: telling
          .filter(({ bits }) => bits > 0)
          .toSorted((a, b) => b.bits - a.bits || a.kind - b.kind),
      },
    }
  }

  /** What happened to somebody before, but never half as often: bits by which it exceeds twice the most there was. */
  const burstOf = (who: number, kind: number, times: number): number => {
    const before = largest.get(pair(who, kind)) ?? 0
    return before === 0 ? 0 : Math.max(0, Math.log2(times / (2 * before + 1)))
  }

  const learnPairs = (kinds: readonly number[], now: number): void => {
    for (const a of kinds) {
      for (const b of kinds) {
        const key = pair(a, b)
        if (a !== b && (ofPair.has(key) || ofPair.size() < mostPairs)) ofPair.add(key, now)
      }
    }
  }

  /** @param kinds of the group, the most surprising first */
  const learn = ({ who, kinds: times }: Group, kinds: readonly number[], own: number, now: number): void => {
    all += now
    ofWho.add(who, now)
    risks.add(who, Math.min(own, most) * now)
    for (const kind of kinds) {
      ofKind.add(kind, now)
      ofBoth.add(pair(who, kind), now)
      largest.set(pair(who, kind), Math.max(largest.get(pair(who, kind)) ?? 0, times.get(kind) ?? 0))
    }
    learnPairs(kinds.slice(0, mostPaired), now)
  }

  return {
    judge: (stretch, groups) => {
      firstStretch ??= stretch
      const now = weightAt(stretch)
      // The mean over a past that fades: no longer than what is remembered of it.
      const elapsed = fade * (1 - Math.exp(-(stretch - firstStretch) / fade))
      const peers = { others: groups.length - 1, having: othersWith(groups) }
      const judged = groups.map((group) => ({ group, ...riskOf(group, now, elapsed, peers) }))
      for (const { group, kinds, own } of judged) if (group.taught) learn(group, kinds, own, now)
      return judged.map(({ risk }) => risk)
    },
  }
}
