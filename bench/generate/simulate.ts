/**
 * Time passes, actors come and act: an agenda by the second.
 *
 * @module
 */
import { exponential, type Random } from './draw.ts'
import type { Emit, Request } from './request.ts'

/**
 * Someone who makes requests. Called when their time has come (seconds since 1970); says in how many whole seconds
 * they want to be called again, and nothing when they are gone.
 */
export type Actor = (nowS: number, emit: Emit) => number | undefined

/** Actors who come and go. */
export interface Visits {
  /** Of all lines, between 0 and 1. */
  readonly share: number
  readonly arrive: () => Actor
  /** How busy a moment is, compared with others; by default it is always the same. */
  readonly curve?: (nowS: number) => number
}

export interface Scenario {
  /** Seconds since 1970. */
  readonly startS: number
  readonly seconds: number
  readonly lines: number
  readonly visits: readonly Visits[]
  /** Actors who are there all the time. */
  readonly residents: readonly Actor[]
}

const trials = 300

/** How many requests a visit makes on average, tried out. */
const requestsOf = (visits: Visits, startS: number): number => {
  let requests = 0
  const emit = (): void => {
    requests++
  }
  for (let i = 0; i < trials; i++) {
    const actor = visits.arrive()
    let at = startS
    for (let wait = actor(at, emit); wait !== undefined; wait = actor(at, emit)) at += wait
  }
  return requests / trials
}

const always = (): number => 1
const curveStepS = 900

/** Arrivals at each second: a Poisson process that follows the curve. */
const arrivalsOf = (visits: Visits, scenario: Scenario, random: Random): ((nowS: number) => number) => {
  const { startS, seconds, lines } = scenario
  const curve = visits.curve ?? always
  let sum = 0
  for (let at = 0; at < seconds; at += curveStepS) sum += curve(startS + at)
  const mean = sum / Math.ceil(seconds / curveStepS)
  const perSecond = (lines * visits.share) / requestsOf(visits, startS) / seconds / mean
  let due = -exponential(random, 1)
  return (nowS) => {
    due += perSecond * curve(nowS)
    let arrivals = 0
    while (due > 0) {
      arrivals++
      due -= exponential(random, 1)
    }
    return arrivals
  }
}

/** Calls `sink` for exactly `scenario.lines` requests, in the order of their time. */
export const simulate = (
  scenario: Scenario,
  random: Random,
  sink: (nowS: number, request: Request) => void,
): void => {
  const { startS, seconds, lines, residents } = scenario
  const visits = scenario.visits.map((one) => ({
    arrive: one.arrive,
    arrivals: arrivalsOf(one, scenario, random),
  }))
  const agenda: (Actor[] | undefined)[] = []
  const plan = (second: number, actor: Actor): void => {
    const planned = agenda[second]
    if (planned === undefined) agenda[second] = [actor]
    else planned.push(actor)
  }
  for (const [i, actor] of residents.entries()) plan(Math.floor((i * 97) % Math.min(600, seconds)), actor)
  const written = { lines: 0 }
  for (let second = 0; written.lines < lines; second++) {
    const nowS = startS + second
    const emit: Emit = (request) => {
      if (written.lines++ < lines) sink(nowS, request)
    }
    for (const { arrive, arrivals } of visits) {
      for (let count = arrivals(nowS); count > 0; count--) plan(second, arrive())
    }
    for (const actor of agenda[second] ?? []) {
      const wait = actor(nowS, emit)
      if (wait !== undefined) plan(second + Math.max(1, Math.round(wait)), actor)
    }
    agenda[second] = undefined
  }
}
