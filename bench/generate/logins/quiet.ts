/**
 * Quiet days of an organisation: people who come to work, travel, change phones, mistype and forget passwords; programs that
 * log in by the clock, one of them with a password that has expired. Nobody means harm.
 *
 * @module
 */
import { randomStream } from '../../../src/models/random.ts'
import { below, exponential, scramble, type Random } from '../draw.ts'
import type { Login } from './login.ts'
import { nomadCity, people, type Person } from './people.ts'
import {
  accessLine,
  farCities,
  homeCities,
  kilometres,
  newOffice,
  officeExit,
  phoneLine,
  phoneProgramOf,
  programOf,
  rareCities,
  vpnExit,
  type City,
  type Source,
} from './world.ts'

export interface OrganisationOptions {
  readonly users: number
  readonly days: number
  readonly seed: number
}

/** A Monday, midnight UTC. */
export const startMs = Date.UTC(2026, 2, 2)
export const dayMs = 86_400_000
const hourMs = 3_600_000

/** From this day on, part of Vienna's office works in a new one. */
const movingDay = 6
/** On this morning, many passwords have expired. */
const expiryDay = 8
/** From this day on, two programs go on with an old password. */
const staleDay = 9

interface State {
  readonly person: Person
  readonly random: Random
  readonly logins: Login[]
  /** Where the person really was at the last login. */
  last: { readonly timeMs: number; readonly city: City } | null
  trip: { readonly city: City; readonly until: number } | null
  program: number
  phone: number
}

const isWorkday = (day: number): boolean => day % 7 < 5

const utcMs = (day: number, localHour: number, at: City): number =>
  startMs + day * dayMs + (localHour - at.zone) * hourMs

/** Airliners take four hours on the ground, and fly at 750 km/h. */
const canBeThere = (state: State, timeMs: number, city: City): boolean => {
  if (state.last === null || state.last.city === city) return true
  const hours = (timeMs - state.last.timeMs) / hourMs
  return hours >= 4 + kilometres(state.last.city, city) / 750
}

const login = (
  state: State,
  timeMs: number,
  source: Source,
  agent: string,
  really: City = source.city,
): void => {
  const { person, random, logins } = state
  if (!canBeThere(state, timeMs, really)) return
  if (random() < person.mistypes) {
    const tries = random() < 0.15 ? 2 + below(random, 3) : 1
    for (let i = tries; i > 0; i--) {
      const wrongName = random() < 0.08
      const user = wrongName ? `${person.name.slice(0, -1)}x${below(random, 10)}` : person.name
      logins.push({ timeMs: timeMs - i * (6000 + 4000 * random()), user, source, agent, success: false })
    }
  }
  logins.push({ timeMs, user: person.name, source, agent, success: true })
  state.last = { timeMs, city: really }
}

/** Where a person works from today. */
const workplace = (state: State, day: number, city: City): Source => {
  const { person, random } = state
  const away = city !== person.home
  if (away) return accessLine(city, 0x400000 + person.number * 64 + day)
  const home = accessLine(city, person.number)
  if (person.kind === 'office' && random() < 0.85) {
    const moved = city === homeCities[0] && day >= movingDay && person.number % 8 === 0
    return moved ? newOffice : officeExit(city, person.number)
  }
  return random() < 0.006 ? accessLine(city, 0x600000 + below(random, 400)) : home
}

/** Where a phone of somebody seems to be: of one in 300, always in another city. */
const phoneCity = (person: Person, city: City): City =>
  scramble(person.number * 17) % 300 === 0 ? (homeCities[(person.number % 7) + 1] ?? city) : city

const cityToday = (state: State, day: number): City => {
  const { person, random } = state
  if (person.kind === 'nomad') return nomadCity(person, day)
  if (state.trip !== null && day >= state.trip.until) state.trip = null
  if (state.trip === null && random() < (person.kind === 'remote' ? 0.004 : 0.002)) {
    // Places that many go to are gone to by many.
    const city =
      random() < 0.06
        ? rareCities[below(random, rareCities.length)]
        : farCities[Math.min(below(random, farCities.length), below(random, farCities.length))]
    if (city !== undefined) state.trip = { city, until: day + 2 + below(random, 4) }
  }
  return state.trip?.city ?? person.home
}

const startHour = (state: State, day: number): number => {
  const { person, random } = state
  const late = (random() + random() - 1) * 0.9
  if (person.kind !== 'shift') return person.start + late
  // Early, late and night weeks in turn.
  return 6 + 8 * ((Math.floor(day / 7) + person.number) % 3) + late / 3
}

const workday = (state: State, day: number, city: City): void => {
  const { person, random } = state
  const place = workplace(state, day, city)
  const vpn = place.city === person.home && random() < person.vpn
  const count = Math.max(1, Math.round(person.loginsADay * (0.6 + 0.8 * random())))
  const start = startHour(state, day)
  const agent = programOf(state.program, day)
  const times = Array.from({ length: count }, (_, i) => (i === 0 ? start : start + random() * 8.5)).toSorted(
    (a, b) => a - b,
  )
  for (const [i, hour] of times.entries()) {
    // First a login to the line itself, then through the VPN.
    const source = vpn && i > 0 ? vpnExit(person.number) : place
    login(state, utcMs(day, hour, city), source, agent, city)
  }
}

const evening = (state: State, day: number, city: City): void => {
  const { person, random } = state
  const seen = phoneCity(person, city)
  const source = random() < 0.5 ? accessLine(city, person.number) : phoneLine(seen, person.number, day)
  const hour = 18.5 + random() * 3.5
  login(state, utcMs(day, hour, city), source, phoneProgramOf(state.phone, day), city)
}

const oddHours = (state: State, day: number, city: City): void => {
  const { person, random } = state
  const often = person.kind === 'operator' ? 0.12 : person.number % 20 === 0 ? 0.02 : 0.0004
  if (random() >= often) return
  const home = accessLine(city, person.number)
  login(state, utcMs(day, random() * 24, city), home, programOf(state.program, day), city)
}

const privateExit = (state: State, day: number): void => {
  const { person, random } = state
  if (!person.privateVpn || random() > 0.35) return
  const city = farCities[below(random, farCities.length)] ?? person.home
  const timeMs = utcMs(day, person.start + 2 + random() * 6, person.home)
  const exit = accessLine(city, 0x700000 + below(random, 3))
  login(state, timeMs, exit, programOf(state.program, day), person.home)
}

const forgottenPassword = (state: State, day: number, city: City): void => {
  const { person, random, logins } = state
  if (day !== expiryDay || person.number % 6 !== 0) return
  const place = workplace(state, day, city)
  const timeMs = utcMs(day, person.start - 0.2, city)
  const tries = 1 + Math.min(5, Math.floor(exponential(random, 1.2)))
  for (let i = 0; i < tries; i++) {
    const agent = programOf(state.program, day)
    logins.push({ timeMs: timeMs + i * 9000, user: person.name, source: place, agent, success: false })
  }
}

/** All logins of one person, in the order in which they happen to be made. */
const personDays = (person: Person, { days, seed }: OrganisationOptions): Login[] => {
  const random = randomStream(scramble(seed * 7_368_787 + person.number))
  const { program, phone } = person
  const state: State = { person, random, logins: [], last: null, trip: null, program, phone }
  for (let day = 0; day < days; day++) {
    if (random() < 0.0008) state.program += 1 + below(random, 5)
    if (random() < 0.0008) state.phone += 1
    const city = cityToday(state, day)
    const works = isWorkday(day) ? random() < 0.93 : random() < (person.kind === 'shift' ? 0.5 : 0.05)
    forgottenPassword(state, day, city)
    if (works) workday(state, day, city)
    if (works) privateExit(state, day)
    if (random() < 0.18) evening(state, day, city)
    oddHours(state, day, city)
  }
  return state.logins
}

/** Programs that log in every ten minutes from a machine of their own. */
const serviceDays = (number: number, { days }: OrganisationOptions): Login[] => {
  const source = officeExit(homeCities[0], number)
  const stale = number < 2
  return Array.from({ length: days * 144 }, (_, i) => {
    const timeMs = startMs + i * 600_000 + number * 1700 + (scramble(i * 31 + number) % 900)
    const success = !stale || timeMs < startMs + staleDay * dayMs
    return { timeMs, user: `svc-${number}`, source, agent: 'sync/2.4', success }
  })
}

/** All logins, by time. */
export const quietLogins = (options: OrganisationOptions): Login[] => {
  const logins = people(options.users, options.seed).flatMap((person) => personDays(person, options))
  for (let number = 0; number < 8; number++) logins.push(...serviceDays(number, options))
  return logins
    .filter(({ timeMs }) => timeMs >= startMs && timeMs < startMs + options.days * dayMs)
    .toSorted((a, b) => a.timeMs - b.timeMs || (a.user < b.user ? -1 : 1))
}
