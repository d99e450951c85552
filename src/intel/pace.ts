/**
 * Time: how often somebody is asked, and how long an answer may take.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises'

/** A turn to ask: resolves when at least `everyMs` have passed since the turn before. */
export type Pace = (signal: AbortSignal) => Promise<void>

export const createPace = (everyMs: number): Pace => {
  let nextMs = 0
  return async (signal) => {
    const nowMs = performance.now()
    const atMs = Math.max(nowMs, nextMs)
    nextMs = atMs + everyMs
    if (atMs > nowMs) await delay(atMs - nowMs, undefined, { signal })
  }
}

/** A signal that fires after so long, or with its parent. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Whether the time ran out. */
  readonly passed: () => boolean
  /** Lets go of the timer. */
  readonly end: () => void
}

/** Not `AbortSignal.any` of a timeout: Node 20 may collect such a signal before it fires. */
export const deadlineOf = (ms: number, parent?: AbortSignal): Deadline => {
  const own = new AbortController()
  let late = false
  const timer = setTimeout(() => {
    late = true
    own.abort()
  }, ms)
  const follow = (): void => own.abort()
  if (parent?.aborted === true) follow()
  parent?.addEventListener('abort', follow, { once: true })
  return {
    signal: own.signal,
    passed: () => late,
    end: () => {
      clearTimeout(timer)
      parent?.removeEventListener('abort', follow)
    },
  }
}
