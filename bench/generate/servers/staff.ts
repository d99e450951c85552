/**
 * Who works on the servers, and the servers: habits, roles, journeys.
 *
 * @module
 */
import { scramble } from '../draw.ts'
import { serverAddress } from '../week/places.ts'
import type { Host, Method } from './lines.ts'

const names =
  'amelia anders bianca boris carla celine dario deniz elena emil farid fiona georg hanna igor ines jakob jelena kai karim lara leon maja marek nadia nils olga oscar paula petra quentin ralf rosa samir selma tariq thea ugo vera viktor wanda xenia yusuf yvonne zoe zoran'.split(
    ' ',
  )

export type Role = 'administrator' | 'developer' | 'analyst' | 'contractor'

export interface Staff {
  readonly number: number
  readonly name: string
  readonly role: Role
  readonly method: Method
  /** Hosts they usually are on, by their number. */
  readonly usual: readonly number[]
  /** Hour at which their day begins, in UTC. */
  readonly startsAt: number
}

const groups = {
  gate: 1,
  web: 7,
  api: 4,
  db: 4,
  cache: 2,
  ci: 3,
  files: 1,
  mon: 1,
  backup: 1,
  log: 1,
  dev: 7,
  shell: 2,
} as const

export const hosts: readonly Host[] = Object.entries(groups)
  .flatMap(([group, count]) => Array.from({ length: count }, (_, i) => `${group}-${i + 1}`))
  .map((name, i) => ({ name, address: serverAddress(i) }))

export const numbersOf = (group: keyof typeof groups): readonly number[] =>
  hosts.flatMap(({ name }, i) => (name.startsWith(`${group}-`) ? [i] : []))

export const hostAt = (n: number): Host =>
  hosts[n % hosts.length] ?? { name: 'gate-1', address: serverAddress(0) }

export const gate = 0
/** Set up on a Thursday: nobody was on it before. */
export const newHost = numbersOf('web').at(-1) ?? 1
export const newHostDay = 3

const roleOf = (n: number): Role => {
  if (n % 6 === 0) return 'administrator'
  if (n % 6 < 4) return 'developer'
  return n % 12 === 5 ? 'contractor' : 'analyst'
}

const usualOf = (n: number, role: Role): readonly number[] => {
  const of = (group: keyof typeof groups, i: number): number => {
    const members = numbersOf(group)
    return members[scramble(n * 7 + i) % members.length] ?? 0
  }
  const byRole: Readonly<Record<Role, readonly number[]>> = {
    administrator: [of('web', 1), of('db', 2), of('mon', 3), of('log', 4), of('ci', 5)],
    developer: [of('dev', 1), of('ci', 2), of('api', 3)],
    contractor: [of('dev', 1)],
    analyst: [of('shell', 1), of('files', 2)],
  }
  return byRole[role]
}

/** @param count at most 47 */
export const staff = (count = 47): readonly Staff[] =>
  names.slice(0, count).map((name, number) => {
    const role = roleOf(number)
    return {
      number,
      name,
      role,
      method: role === 'analyst' || role === 'contractor' || number % 7 === 3 ? 'password' : 'publickey',
      usual: usualOf(number, role),
      startsAt: 7 + (scramble(number + 40) % 30) / 10,
    }
  })

/** Where somebody is on a day. */
export type Whereabouts = 'desk' | 'home' | 'abroad' | 'away'

const travellers: Readonly<Record<number, readonly [from: number, to: number]>> = {
  8: [1, 3],
  14: [3, 6],
  25: [0, 1],
}

export const whereIs = (person: Staff, day: number, luck: number): Whereabouts => {
  const journey = travellers[person.number]
  if (journey !== undefined && day % 14 >= journey[0] && day % 14 <= journey[1]) return 'abroad'
  if (day % 7 >= 5) return luck < 0.06 ? 'home' : 'away'
  // A contractor comes on two days.
  if (person.role === 'contractor' && (day + person.number) % 7 > 1) return 'away'
  if (luck < 0.07) return 'away'
  return luck < 0.42 ? 'home' : 'desk'
}
