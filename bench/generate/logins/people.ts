/**
 * The people of an organisation, each with habits of their own: always the same, whatever happens to them.
 *
 * @module
 */
import { below, exponential, scramble, type Random } from '../draw.ts'
import { randomStream } from '../../../src/models/random.ts'
import { farCities, homeCities, programCount, type City } from './world.ts'

export type PersonKind =
  /** In the office most days. */
  | 'office'
  /** At home, often by way of the VPN. */
  | 'remote'
  /** Somewhere else every few days. */
  | 'nomad'
  /** Keeps servers running: any hour, several machines. */
  | 'operator'
  /** Works early, late and night weeks in turn. */
  | 'shift'

export interface Person {
  readonly number: number
  readonly name: string
  readonly kind: PersonKind
  readonly home: City
  /** Local hour at which a working day begins. */
  readonly start: number
  readonly loginsADay: number
  readonly program: number
  readonly phone: number
  /** The share of working days at home on which the VPN is used. */
  readonly vpn: number
  /** Has a private VPN with exits all over the world. */
  readonly privateVpn: boolean
  /** The share of their logins that are mistyped at first. */
  readonly mistypes: number
}

const kindOf = (chance: number): PersonKind =>
  chance < 0.72
    ? 'office'
    : chance < 0.92
      ? 'remote'
      : chance < 0.94
        ? 'nomad'
        : chance < 0.97
          ? 'operator'
          : 'shift'

const cityFor = (random: Random): City => {
  const shares = homeCities.map((_, i) => 1 / (i + 1))
  let rest = random() * shares.reduce((sum, share) => sum + share, 0)
  const index = shares.findIndex((share) => (rest -= share) < 0)
  return homeCities[Math.max(0, index)] ?? homeCities[0]
}

export const userName = (number: number): string => `user${String(number).padStart(5, '0')}`

const personOf = (number: number, seed: number): Person => {
  const random = randomStream(scramble(seed * 1_000_003 + number))
  const kind = kindOf(random())
  return {
    number,
    name: userName(number),
    kind,
    home: cityFor(random),
    start: 8.5 + (random() + random() + random() - 1.5) * 1.6,
    loginsADay: 1 + Math.min(5, exponential(random, 1.6)),
    program: Math.min(below(random, programCount), below(random, programCount)),
    phone: below(random, 2),
    vpn: kind === 'remote' ? 0.5 * random() : kind === 'office' && random() < 0.1 ? 0.1 : 0,
    privateVpn: random() < 0.004,
    mistypes: Math.min(0.3, exponential(random, 0.04)),
  }
}

export const people = (count: number, seed: number): Person[] =>
  Array.from({ length: count }, (_, number) => personOf(number, seed))

/** Where a nomad is from day to day: some days here, some there, of four cities. */
export const nomadCity = (person: Person, day: number): City => {
  const places = [0, 1, 2].map((i) => farCities[scramble(person.number * 7 + i) % farCities.length])
  const stay = Math.floor((day + (person.number % 3)) / 3)
  const at = scramble(person.number * 131 + stay) % 4
  return places[at] ?? person.home
}
