/**
 * Counts of character n-grams, and the Witten–Bell model they make, in typed arrays.
 *
 * A gram is one number: its characters' symbols as digits of base `symbols`, the first the most significant.
 *
 * @module
 */

/** Grams in ascending order, and how often each was read, in whole thousandths. */
export interface GramCounts {
  readonly grams: Float64Array
  readonly counts: Float64Array
}

/** Counts a map's grams; those of a count of 0 are left out. */
export function sortedCounts(counts: ReadonlyMap<number, number>): GramCounts {
  const grams = Float64Array.from(counts.keys()).toSorted()
  const kept = grams.filter((gram) => (counts.get(gram) ?? 0) > 0)
  return { grams: kept, counts: kept.map((gram) => counts.get(gram) ?? 0) }
}

/** The grams of one length: for each its bits, and what it costs as a context to back off from it. Open addressing. */
interface Level {
  /** The gram plus 1; 0 is empty. */
  readonly keys: Uint32Array
  readonly bits: Float64Array
  readonly backOff: Float64Array
  /** The table has 2^(32 − shift) places. */
  readonly shift: number
}

/** By length of gram, from 1; place 0 holds nothing. */
export interface GramTable {
  readonly symbols: number
  readonly order: number
  readonly levels: readonly Level[]
  /** Bits of a character that was never read, with nothing known before it. */
  readonly unknown: number
}

function emptyLevel(grams: number): Level {
  // At most half full: a search ends after one or two places.
  const log = Math.max(3, Math.ceil(Math.log2(2 * grams + 1)))
  const size = 2 ** log
  return {
    keys: new Uint32Array(size),
    bits: new Float64Array(size),
    backOff: new Float64Array(size),
    shift: 32 - log,
  }
}

/** The place of a gram, or the empty place where it belongs. */
function placeOf(level: Level, gram: number): number {
  const { keys, shift } = level
  const mask = keys.length - 1
  let place = Math.imul(gram + 1, 0x9e3779b1) >>> shift
  while (keys[place] !== 0 && keys[place] !== gram + 1) place = (place + 1) & mask
  return place
}

/** Counts of the grams that are one shorter than these, what is known of them alone included. */
function shorter({ grams, counts }: GramCounts, alone: GramCounts | undefined, base: number): GramCounts {
  const sums = new Map<number, number>()
  alone?.grams.forEach((gram, i) => sums.set(gram, alone.counts[i] ?? 0))
  grams.forEach((gram, i) => sums.set(gram % base, (sums.get(gram % base) ?? 0) + (counts[i] ?? 0)))
  return sortedCounts(sums)
}

/**
 * Leaves out the grams that count less than `least` whole ones, longest first: their counts go to the gram without the
 * first character. Counts come out whole.
 */
export function pruneCounts(known: readonly GramCounts[], least: number, symbols: number): GramCounts[] {
  const kept: GramCounts[] = []
  let dropped = new Map<number, number>()
  for (let length = known.length; length > 0; length--) {
    const all = dropped
    known[length - 1]?.grams.forEach((gram, i) =>
      all.set(gram, (all.get(gram) ?? 0) + (known[length - 1]?.counts[i] ?? 0)),
    )
    const base = symbols ** (length - 1)
    const stays = new Map<number, number>()
    dropped = new Map()
    for (const [gram, count] of all) {
      const whole = Math.round(count / 1000)
      if (whole >= least) stays.set(gram, whole * 1000)
      else dropped.set(gram % base, (dropped.get(gram % base) ?? 0) + count)
    }
    kept.unshift(sortedCounts(stays))
  }
  return kept
}

/**
 * Interpolated Witten–Bell: `P(c | h) = (n(hc) + t(h)·P(c | h′)) / (n(h) + t(h))`, where t(h) is how many different
 * characters were read after h, and h′ is h without its first character; below single characters all are equally likely.
 * Unseen grams get `t(h)/(n(h) + t(h))·P(c | h′)`: the context's cost of backing off, and the shorter gram's bits.
 * Source: Witten and Bell 1991; Chen and Goodman 1998, section 2.5.
 *
 * @param known counts by length of gram, from 1: of the longest, and of shorter ones what is known of them beyond those
 * @param symbols of the alphabet, one of which (the beginning of a text) is never predicted
 */
export function gramTable(known: readonly GramCounts[], symbols: number): GramTable {
  const order = known.length
  const byLength: GramCounts[] = known.slice(-1)
  for (let length = order - 1; length > 0; length--) {
    const [longer] = byLength
    if (longer !== undefined) byLength.unshift(shorter(longer, known[length - 1], symbols ** length))
  }
  const unseen = 1 / (symbols - 1)
  const levels = byLength.map(({ grams }) => emptyLevel(grams.length))
  let unknown = -Math.log2(unseen)
  let below = new Map<number, number>()
  byLength.forEach(({ grams, counts }, index) => {
    const level = levels[index] ?? emptyLevel(0)
    const contexts = levels[index - 1]
    const shortened = symbols ** index
    const chances = new Map<number, number>()
    for (let start = 0, end = 0; start < grams.length; start = end) {
      const context = Math.floor((grams[start] ?? 0) / symbols)
      let all = 0
      for (end = start; end < grams.length && Math.floor((grams[end] ?? 0) / symbols) === context; end++)
        all += (counts[end] ?? 0) / 1000
      const kinds = end - start
      for (let i = start; i < end; i++) {
        const gram = grams[i] ?? 0
        const lower = index === 0 ? unseen : (below.get(gram % shortened) ?? unseen)
        const chance = ((counts[i] ?? 0) / 1000 + kinds * lower) / (all + kinds)
        chances.set(gram, chance)
        const place = placeOf(level, gram)
        level.keys[place] = gram + 1
        level.bits[place] = Math.max(0, -Math.log2(chance))
      }
      const cost = -Math.log2(kinds / (all + kinds))
      if (contexts === undefined) unknown += cost
      else {
        const place = placeOf(contexts, context)
        // The beginning of a text is a context, and never read as a gram.
        contexts.keys[place] = context + 1
        contexts.backOff[place] = cost
      }
    }
    below = chances
  })
  return { symbols, order, levels, unknown }
}

/** The bits of a gram's last character after those before it. */
export function gramBits(table: GramTable, gram: number): number {
  const { symbols, levels } = table
  let bits = 0
  let rest = gram
  for (let length = table.order, base = symbols ** table.order; length > 0; length--) {
    const level = levels[length - 1]
    if (level === undefined) break
    const place = placeOf(level, rest)
    if (level.keys[place] !== 0) return bits + (level.bits[place] ?? 0)
    const contexts = levels[length - 2]
    // An unread context has a back-off of 0: the place found is empty.
    if (contexts !== undefined) bits += contexts.backOff[placeOf(contexts, Math.floor(rest / symbols))] ?? 0
    base /= symbols
    rest %= base
  }
  return bits + table.unknown
}
