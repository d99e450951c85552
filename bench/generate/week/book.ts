/**
 * Lines that are made out of order, day by day, and leave in the order of time.
 *
 * @module
 */

export interface Book<L extends string> {
  readonly add: (log: L, timeMs: number, text: string) => void
  /** What is due before a time, of one log; equal times keep the order in which they were made. */
  readonly take: (log: L, untilMs: number) => readonly string[]
}

export const newBook = <L extends string>(): Book<L> => {
  const waiting = new Map<L, { readonly timeMs: number; readonly text: string }[]>()
  return {
    add: (log, timeMs, text) => {
      const lines = waiting.get(log)
      if (lines === undefined) waiting.set(log, [{ timeMs, text }])
      else lines.push({ timeMs, text })
    },
    take: (log, untilMs) => {
      const lines = waiting.get(log) ?? []
      waiting.set(
        log,
        lines.filter(({ timeMs }) => timeMs >= untilMs),
      )
      const due = lines.filter(({ timeMs }) => timeMs < untilMs).toSorted((a, b) => a.timeMs - b.timeMs)
      return due.map(({ text }) => text)
    },
  }
}
