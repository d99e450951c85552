/**
 * Attacks on an organisation's logins, each in several doses. Who looks for them knows nothing of this file, and this file nothing
 * of who looks.
 *
 * @module
 */
import { randomStream } from '../../../src/models/random.ts'
import { scramble, type Random } from '../draw.ts'
import type { Login } from './login.ts'
import { people, userName, type Person } from './people.ts'
import { dayMs, startMs, type OrganisationOptions } from './quiet.ts'
import {
  accessLine,
  botLine,
  farCities,
  loginAgents,
  phoneProgramOf,
  programOf,
  type Source,
} from './world.ts'

export interface LoginAttack {
  readonly kind: string
  /** How much of it: attempts, users, victims. */
  readonly dose: string
  readonly logins: readonly Login[]
  /** What a finding must be about: the users, the addresses or the machine. */
  readonly about: readonly string[]
  /** When, ms since 1970: a finding about a machine must lie in it. */
  readonly firstMs: number
  readonly lastMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const at = (day: number, hour: number): number => startMs + day * dayMs + hour * hourMs

const attackOf = (
  kind: string,
  dose: string,
  logins: readonly Login[],
  about: readonly string[],
): LoginAttack => ({
  kind,
  dose,
  logins,
  about,
  firstMs: Math.min(...logins.map(({ timeMs }) => timeMs)),
  lastMs: Math.max(...logins.map(({ timeMs }) => timeMs)),
})

const toolAgent: string = loginAgents.library

const failures = (
  count: number,
  login: (i: number) => Omit<Login, 'success' | 'agent'>,
  agent = toolAgent,
): Login[] => Array.from({ length: count }, (_, i) => ({ ...login(i), agent, success: false }))

/** Guesses for one user from one address, one each twelve seconds; the number of it is the dose. */
const bruteForce = (random: Random, tries: number, day: number): LoginAttack => {
  const source = botLine(random, 100 + tries)
  const user = userName(300 + tries)
  const logins = failures(tries, (i) => ({ timeMs: at(day, 13) + i * 12_000, user, source }))
  return attackOf('brute force, one source', `${tries} attempts`, logins, [source.address])
}

const slowBruteForce = (random: Random, tries: number, day: number): LoginAttack => {
  const source = botLine(random, 200 + tries)
  const user = userName(400 + tries)
  const gapMs = (20 * hourMs) / tries
  const logins = failures(tries, (i) => ({ timeMs: at(day, 1) + i * gapMs, user, source }))
  return attackOf('brute force over a day', `${tries} attempts`, logins, [source.address])
}

const bruteForceUser = (random: Random, sources: number, day: number): LoginAttack => {
  const user = userName(500 + sources)
  const logins = failures(sources, (i) => ({
    timeMs: at(day, 12) + i * 2 * minuteMs,
    user,
    source: botLine(random, 1000 + sources * 50 + i),
  }))
  return attackOf('one user, guessed from many sources', `${sources} sources`, logins, [user])
}

const spray = (random: Random, users: number, day: number): LoginAttack => {
  const source = botLine(random, 300 + users)
  const logins = failures(users, (i) => ({
    timeMs: at(day, 15) + (i * 50 * minuteMs) / users,
    user: userName(600 + users * 40 + i),
    source,
  }))
  return attackOf('spray, one source', `${users} users`, logins, [source.address])
}

const distributedSpray = (
  random: Random,
  users: number,
  day: number,
  hour: number,
  organisation: OrganisationOptions,
  host: string,
): LoginAttack => {
  const step = Math.max(1, Math.floor(organisation.users / users))
  const logins = failures(
    users,
    (i) => ({
      timeMs: at(day, hour) + (i * 59 * minuteMs) / users,
      user: userName((i * step + day) % organisation.users),
      source: botLine(random, 20_000 + day * 1000 + i),
    }),
    programOf(0, day),
  )
  return attackOf('spray, one source a user', `${users} users an hour, ${hour}:00`, logins, [host])
}

const stuffing = (random: Random, requests: number, day: number, host: string): LoginAttack => {
  const logins = Array.from({ length: requests }, (_, i): Login => {
    const known = i % 12 === 5
    return {
      timeMs: at(day, 11) + (i * 9 * minuteMs) / requests,
      user: known
        ? userName(2000 + requests + i)
        : `${['lena', 'max', 'ivy', 'tom'][i % 4] ?? ''}.${scramble(requests * 977 + i).toString(36)}`,
      source: botLine(random, 40_000 + requests * 100 + i),
      agent: toolAgent,
      // One in a hundred gets in.
      success: i === 65,
    }
  })
  return attackOf('stuffing, one source a request', `${requests} requests`, logins, [host])
}

const successAfterFailures = (random: Random, tries: number, day: number): LoginAttack => {
  const source = botLine(random, 500 + tries)
  const user = userName(700 + tries)
  const logins = failures(tries, (i) => ({ timeMs: at(day, 13) + i * 15_000, user, source }))
  const last = { timeMs: at(day, 13) + tries * 15_000, user, source, agent: toolAgent, success: true }
  return attackOf('success after failures', `${tries} failures`, [...logins, last], [source.address])
}

interface Theft {
  readonly kind: string
  /** From 0: the third is a Wednesday. */
  readonly day: number
  /** @param after the victim's first login of that day, ms since 1970; null where there is none */
  readonly login: (person: Person, after: number | null, i: number) => Omit<Login, 'user' | 'success'> | null
}

const ownLine = (person: Person): Source => accessLine(person.home, person.number)

/** Soon enough after a login for no journey to lie between. */
const soon = (after: number | null): number | null => (after === null ? null : after + 40 * minuteMs)

const theftsOf = (random: Random): readonly Theft[] => {
  const far = (i: number): Source => botLine(random, 60_000 + i)
  const own = (person: Person, day: number): string => programOf(person.program, day)
  const after = (timeMs: number | null, login: Omit<Login, 'user' | 'success' | 'timeMs'>) =>
    timeMs === null ? null : { timeMs, ...login }
  return [
    {
      kind: '40 minutes after a login, from a new country, another program',
      day: 10,
      login: (_, first, i) => after(soon(first), { source: far(i), agent: toolAgent }),
    },
    {
      kind: '40 minutes after a login, from a new country, the same program',
      day: 11,
      login: (person, first, i) => after(soon(first), { source: far(100 + i), agent: own(person, 11) }),
    },
    {
      kind: 'on Sunday, from a country nobody was in, the same program',
      day: 13,
      login: (person, _, i) => ({ timeMs: at(13, 15), source: far(200 + i), agent: own(person, 13) }),
    },
    {
      kind: 'on Sunday, from a country others were in, a program others have',
      day: 13,
      login: (person, _, i) => ({
        timeMs: at(13, 16),
        source: accessLine(farCities[i % 4] ?? farCities[0], 0x810000 + i),
        agent: programOf(person.program + 1, 13),
      }),
    },
    {
      kind: 'from the own line, a program nobody has',
      day: 9,
      login: (person, first) => after(soon(first), { source: ownLine(person), agent: loginAgents.rare }),
    },
    {
      kind: 'from a new network of the same city, a program others have',
      day: 10,
      login: (person, first, i) =>
        after(soon(first), {
          source: accessLine(person.home, 0x900000 + i),
          agent: phoneProgramOf(person.phone + 1, 10),
        }),
    },
    {
      kind: 'at 3 in the morning, from the own line, the own program',
      day: 11,
      login: (person, _, i) => ({
        timeMs: at(11, (27 - person.home.zone) % 24) + i * minuteMs,
        source: ownLine(person),
        agent: own(person, 11),
      }),
    },
    {
      kind: 'at 3 in the morning, from a new country, another program',
      day: 10,
      login: (person, _, i) => ({
        timeMs: at(10, (27 - person.home.zone) % 24) + i * minuteMs,
        source: far(300 + i),
        agent: toolAgent,
      }),
    },
  ]
}

/** People who work in an office or at home, at ordinary hours; each is robbed once. */
const isOrdinary = ({ kind, number, privateVpn, loginsADay }: Person): boolean =>
  (kind === 'office' || kind === 'remote') && number % 20 !== 0 && !privateVpn && loginsADay > 1.8

/** How many victims of each kind of theft there are. */
const victims = 5

const thefts = (
  organisation: OrganisationOptions,
  quiet: readonly Login[],
  random: Random,
): LoginAttack[] => {
  const staff = people(organisation.users, organisation.seed).filter(isOrdinary)
  const kinds = theftsOf(random)
  const wanted = new Map(staff.map((person) => [person.name, new Map<number, number>()]))
  for (const { user, timeMs, success } of quiet) {
    const day = Math.floor((timeMs - startMs) / dayMs)
    const days = wanted.get(user)
    if (success && days?.has(day) === false) days.set(day, timeMs)
  }
  // From the back: the others are tried by number, from the front.
  const queue = staff.toReversed()
  return kinds.flatMap((theft) => {
    const found: LoginAttack[] = []
    while (found.length < victims && queue.length > 0) {
      const person = queue.shift()
      if (person === undefined) break
      const login = theft.login(person, wanted.get(person.name)?.get(theft.day) ?? null, found.length)
      if (login === null) continue
      const one = { ...login, user: person.name, success: true }
      found.push(attackOf('stolen password', theft.kind, [one], [person.name]))
    }
    return found
  })
}

/**
 * Every attack in every dose, all of different victims, in rounds: attacks of one round are few enough not to make each other
 * ordinary.
 */
export const loginAttacks = (
  organisation: OrganisationOptions,
  quiet: readonly Login[],
  host: string,
): LoginAttack[][] => {
  const random = randomStream(scramble(organisation.seed + 99_991))
  const doses = [
    [5, 7, 10, 15, 30].map((tries, i) => bruteForce(random, tries, 8 + (i % 4))),
    [8, 10, 20, 40].map((tries, i) => slowBruteForce(random, tries, 9 + (i % 3))),
    [8, 12, 24].map((sources, i) => bruteForceUser(random, sources, 9 + i)),
    [5, 10, 20, 40].map((users, i) => spray(random, users, 8 + i)),
    [
      distributedSpray(random, 50, 11, 2, organisation, host),
      distributedSpray(random, 100, 8, 14, organisation, host),
      distributedSpray(random, 200, 9, 8, organisation, host),
      distributedSpray(random, 500, 10, 8, organisation, host),
    ],
    [25, 50, 100].map((requests, i) => stuffing(random, requests, 8 + i, host)),
    [10, 15, 30].map((tries, i) => successAfterFailures(random, tries, 9 + i)),
  ]
  const stolen = thefts(organisation, quiet, random)
  return Array.from({ length: 2 * victims }, (_, round) => [
    ...doses.flatMap((attacks, kind) => attacks.filter((__, i) => 2 * i + (kind % 2) === round)),
    ...stolen.filter((__, i) => 2 * (i % victims) + (Math.floor(i / victims) % 2) === round),
  ])
}
