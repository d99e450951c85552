/**
 * Time along a chart's width: bins, positions in percent and tick labels. Nothing here draws.
 *
 * @module
 */

interface Bin {
  readonly startMs: number
  readonly endMs: number
  readonly events: number
  readonly anomalous: boolean
}

export interface Timeline {
  readonly startMs: number
  readonly endMs: number
  readonly bins: readonly Bin[]
}

export interface Tick {
  readonly at: number
  readonly label: string
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const stepsMs = [
  ...[1, 5, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 7, 14, 28, 91, 182, 365].map((days) => days * dayMs),
]
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * At most `most` bins from buckets of one length, whose times are their starts; neighbours are added up where there
 * are more. Undefined where no bucket has a readable time.
 */
export function timelineOf(
  buckets: readonly { readonly time: string; readonly events: number; readonly anomalous?: boolean }[],
  most: number,
): Timeline | undefined {
  const known = buckets
    .map((bucket) => ({ ...bucket, ms: Date.parse(bucket.time) }))
    .filter(({ ms, events }) => !Number.isNaN(ms) && Number.isFinite(events))
    .toSorted((a, b) => a.ms - b.ms)
  const first = known[0]
  const last = known.at(-1)
  if (first === undefined || last === undefined) return undefined

  // Empty buckets may be absent: the smallest gap is the bucket's length.
  const gaps = known.slice(1).map(({ ms }, at) => ms - (known[at]?.ms ?? ms))
  const bucketMs = gaps.filter((gap) => gap > 0).reduce((least, gap) => Math.min(least, gap), Infinity)
  const lengthMs = Number.isFinite(bucketMs) ? bucketMs : hourMs
  const endMs = last.ms + lengthMs
  const together = Math.max(1, Math.ceil((endMs - first.ms) / lengthMs / most))
  const binMs = lengthMs * together

  const bins = new Map<number, Bin>()
  for (const { ms, events, anomalous = false } of known) {
    const at = Math.floor((ms - first.ms) / binMs)
    const before = bins.get(at)
    const startMs = first.ms + at * binMs
    bins.set(at, {
      startMs,
      endMs: Math.min(endMs, startMs + binMs),
      events: Math.max(0, events) + (before?.events ?? 0),
      anomalous: anomalous || (before?.anomalous ?? false),
    })
  }
  return { startMs: first.ms, endMs, bins: [...bins.values()] }
}

/** Where a time lies between start and end, from 0 to 100, with two decimals. */
export function percentAt(timeMs: number, { startMs, endMs }: Omit<Timeline, 'bins'>): number {
  const share = endMs > startMs ? (timeMs - startMs) / (endMs - startMs) : 0
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100
}

/** At most `most` ticks at round UTC times. */
export function ticksOf(timeline: Omit<Timeline, 'bins'>, most: number): readonly Tick[] {
  const { startMs, endMs } = timeline
  const spanMs = endMs - startMs
  const stepMs =
    stepsMs.find((step) => spanMs / step <= most) ?? Math.ceil(spanMs / most / (365 * dayMs)) * 365 * dayMs
  const first = Math.ceil(startMs / stepMs) * stepMs
  const count = Math.max(0, Math.floor((endMs - first) / stepMs) + 1)
  return Array.from({ length: count }, (_, index) => {
    const timeMs = first + index * stepMs
    return { at: percentAt(timeMs, timeline), label: tickLabel(timeMs, stepMs, spanMs) }
  })
}

function tickLabel(timeMs: number, stepMs: number, spanMs: number): string {
  const time = new Date(timeMs)
  const day = `${time.getUTCDate()} ${months[time.getUTCMonth()] ?? ''}`
  if (spanMs > 300 * dayMs) return `${day} ${time.getUTCFullYear()}`
  if (stepMs >= dayMs || timeMs % dayMs === 0) return day
  return time.toISOString().slice(11, stepMs < minuteMs ? 19 : 16)
}
