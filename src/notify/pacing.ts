/**
 * When a channel gets its next message, and when one that failed is tried again.
 *
 * @module
 */

export interface Pace {
  /** What belongs together comes within moments: the first of it waits so long for the rest. */
  readonly settleMs: number
  /** Between two messages; what comes in between is one. */
  readonly gapMs: number
  /** How long after each failure it is tried again; after the last it is given up. */
  readonly retryMs: readonly number[]
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export const usualPace: Pace = {
  settleMs: 10_000,
  gapMs: minuteMs,
  retryMs: [minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs, 3 * hourMs, 6 * hourMs],
}

export interface Waiting {
  /** When the oldest that waits was written, ms since 1970. */
  readonly firstMs: number
  /** Where sending has failed: when it is tried again. What is new goes with it, and not before. */
  readonly retryMs: number | null
  /** When something was sent within the last hour, oldest first. */
  readonly sentMs: readonly number[]
}

/**
 * When all that waits goes out as one message, ms since 1970. A clock that was set back leaves times that are yet to come: nothing waits
 * for them.
 */
export const dueMs = (
  { firstMs, retryMs, sentMs }: Waiting,
  perHour: number,
  pace: Pace,
  nowMs: number,
): number => {
  if (retryMs !== null) return retryMs - nowMs > Math.max(...pace.retryMs) ? nowMs : retryMs
  const settledMs = firstMs - nowMs > pace.settleMs ? nowMs : firstMs + pace.settleMs
  const sent = sentMs.filter((ms) => ms <= nowMs)
  const last = sent.at(-1)
  if (last === undefined) return settledMs
  // When half of what an hour allows is used up, the rest is spread: it is never more than that, and nothing waits for the hour to end.
  const isSpread = sent.length >= perHour / 2
  const gap = isSpread ? Math.max(pace.gapMs, (2 * hourMs) / perHour) : pace.gapMs
  return Math.max(settledMs, last + gap)
}

/** Whether it waited for its turn, longer than messages do that are merely put together. */
export const isHeldBack = ({ firstMs, retryMs }: Waiting, nowMs: number, pace: Pace): boolean =>
  retryMs === null && nowMs - firstMs > pace.settleMs + 2 * pace.gapMs

/** @param tries how often it was tried, this time included; null: no more */
export const retryDelay = (tries: number, { retryMs }: Pace): number | null => retryMs[tries - 1] ?? null
