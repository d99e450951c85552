/**
 * Lives are lived: whoever comes says what they do, and how long they wait between. By the second, in the order of time.
 *
 * @module
 */
import { exponential, type Random } from '../draw.ts'
import { streamOf } from '../office-times.ts'
import type { Curve } from './calendar.ts'

/** What a life has: the time (seconds since 1970), luck, and a voice. */
export interface Stage<T> {
  nowS: number
  readonly random: Random
  readonly say: (event: T) => void
}

/** Yields how many seconds it waits before it goes on. */
export type Life = Generator<number, void, void>

/** Those who come and go. */
export interface Crowd<T> {
  /** Arrivals a day, on average, where the curve is 1 all day. */
  readonly perDay: number
  readonly curve: Curve
  readonly live: (stage: Stage<T>) => Life
}

export interface Scene<T> {
  readonly seed: number
  readonly startS: number
  readonly seconds: number
  readonly crowds: readonly Crowd<T>[]
  /** Those who are there all the time; each begins within its first seconds. */
  readonly residents: readonly ((stage: Stage<T>) => Life)[]
}

const curveStepS = 120

/** Arrivals at each second: a Poisson process that follows the curve. */
const arrivalsOf = <T>({ perDay, curve }: Crowd<T>, startS: number, random: Random) => {
  let due = -exponential(random, 1)
  let [rate, rateUntil] = [0, 0]
  return (second: number): number => {
    if (second >= rateUntil) {
      rate = (perDay / 86_400) * curve(startS + second)
      rateUntil = second + curveStepS
    }
    due += rate
    let arrivals = 0
    while (due > 0) {
      arrivals++
      due -= exponential(random, 1)
    }
    return arrivals
  }
}

/** Calls `sink` for everything that is said, in the order of time. The same for the same scene. */
export const play = <T>(scene: Scene<T>, sink: (nowS: number, event: T) => void): void => {
  const { seed, startS, seconds } = scene
  const agenda: ({ life: Life; stage: Stage<T> }[] | undefined)[] = []
  const plan = (second: number, entry: { life: Life; stage: Stage<T> }): void => {
    if (second < seconds) (agenda[second] ??= []).push(entry)
  }
  const stageOf = (random: Random): Stage<T> => {
    const stage: Stage<T> = { nowS: startS, random, say: (event) => sink(stage.nowS, event) }
    return stage
  }
  for (const [i, live] of scene.residents.entries()) {
    const stage = stageOf(streamOf(seed, 31, i))
    plan(Math.floor(stage.random() * Math.min(120, seconds)), { life: live(stage), stage })
  }
  const crowds = scene.crowds.map((crowd, i) => {
    const random = streamOf(seed, 32, i)
    return { crowd, random, arrivals: arrivalsOf(crowd, startS, random) }
  })
  for (let second = 0; second < seconds; second++) {
    for (const { crowd, random, arrivals } of crowds) {
      for (let count = arrivals(second); count > 0; count--) {
        const stage = stageOf(random)
        plan(second, { life: crowd.live(stage), stage })
      }
    }
    // What plans for this very second joins the end of the list.
    for (const entry of agenda[second] ?? []) {
      entry.stage.nowS = startS + second
      const { done, value } = entry.life.next()
      if (done !== true) plan(second + Math.max(1, Math.round(value)), entry)
    }
    agenda[second] = undefined
  }
}
