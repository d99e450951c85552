/** What may be done again only after a while, and after twice as long the next time. */
export interface Pauses {
  readonly isDue: (what: string) => boolean
  readonly took: (what: string) => void
  readonly reset: (what: string) => void
  /** Forgets all but these. */
  readonly keep: (known: ReadonlySet<string>) => void
  /** How many are remembered. */
  readonly size: () => number
}

export const pauses = (firstMs: number, longestMs: number, nowMs: () => number = Date.now): Pauses => {
  const next = new Map<string, { readonly atMs: number; readonly waitMs: number }>()
  return {
    isDue: (what) => nowMs() >= (next.get(what)?.atMs ?? 0),
    took: (what) => {
      const waitMs = Math.min(longestMs, (next.get(what)?.waitMs ?? firstMs / 2) * 2)
      next.set(what, { atMs: nowMs() + waitMs, waitMs })
    },
    reset: (what) => next.delete(what),
    keep: (known) => {
      for (const what of next.keys()) if (!known.has(what)) next.delete(what)
    },
    size: () => next.size,
  }
}
