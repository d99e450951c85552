/**
 * When an office is at work, and what comes back at intervals.
 *
 * @module
 */
import { randomStream } from '../../src/models/random.ts'
import { exponential, scramble, type Random } from './draw.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
/** A Monday. */
export const officeStartMs = Date.UTC(2026, 2, 2)

/** From when until when a machine runs. */
export interface Shift {
  readonly fromMs: number
  readonly toMs: number
}

/** Randomness of one thing on one day, whatever else there is. */
export const streamOf = (...numbers: readonly number[]): Random =>
  randomStream(numbers.reduce((mixed, number) => scramble(mixed ^ scramble(number + 0x9e37)), 17))

export const wholeDay = (day: number): Shift => ({
  fromMs: officeStartMs + day * dayMs,
  toMs: officeStartMs + (day + 1) * dayMs,
})

/** The office's day, counted from 0. */
export const dayOf = (timeMs: number): number => Math.floor((timeMs - officeStartMs) / dayMs)

export const isWeekend = (day: number): boolean => day % 7 >= 5

/** Every so often, give or take a share of it, from a first time that is drawn. */
export const atIntervals = (
  random: Random,
  { fromMs, toMs }: Shift,
  everyS: number,
  jitter: number,
  act: (atMs: number) => void,
): void => {
  let atMs = fromMs + random() * Math.min(everyS, 900) * 1000
  while (atMs < toMs) {
    act(atMs)
    atMs += everyS * 1000 * (1 + jitter * (2 * random() - 1))
  }
}

/** As clocks do that don't start with the machine: the same phase each day. */
export const onTheClock = (
  shift: Shift,
  everyS: number,
  phase: number,
  act: (atMs: number, n: number) => void,
): void => {
  const stepMs = everyS * 1000
  const phaseMs = phase * stepMs
  for (let n = Math.ceil((shift.fromMs - phaseMs) / stepMs); n * stepMs + phaseMs < shift.toMs; n++)
    act(n * stepMs + phaseMs, n)
}

/** So many times an hour on average, at any time (a Poisson process). */
export const atRandom = (
  random: Random,
  { fromMs, toMs }: Shift,
  perHour: number,
  act: (atMs: number) => void,
): void => {
  const mean = hourMs / perHour
  for (let atMs = fromMs + exponential(random, mean); atMs < toMs; atMs += exponential(random, mean))
    act(atMs)
}

/** How busy people are, by the hour of the day: mornings, a lunch, afternoons. */
export const workCurve = (atMs: number): number => {
  const hour = ((atMs - officeStartMs) % dayMs) / hourMs
  if (hour < 7 || hour > 20) return 0.15
  if (hour > 12 && hour < 13) return 0.6
  return hour < 8.5 || hour > 17.5 ? 0.4 : 1
}
