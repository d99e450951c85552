/**
 * Attacks on logins: guessing, spraying, and being somebody else.
 *
 * @module
 */
import { below, pick } from '../generate/draw.ts'
import { abroadAddress, strangerAddress } from '../generate/week/places.ts'
import {
  doubling,
  injectedLines,
  momentsIn,
  type AttackKind,
  type InjectedLine,
  type KnownUser,
  type Place,
} from './attack-kind.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const sshd = ({ scene, random }: Place, timeMs: number, host: string, text: string): InjectedLine => ({
  timeMs,
  text: `${scene.stamp(timeMs)} ${host} sshd[${900 + below(random, 60_000)}]: ${text}`,
})

const port = ({ random }: Place): number => 32_768 + below(random, 28_000)

const failed = (
  place: Place,
  timeMs: number,
  host: string,
  user: string,
  source: string,
  known = false,
): InjectedLine =>
  sshd(
    place,
    timeMs,
    host,
    `Failed password for ${known ? '' : 'invalid user '}${user} from ${source} port ${port(place)} ssh2`,
  )

const accepted = (place: Place, timeMs: number, host: string, user: string, source: string): InjectedLine =>
  sshd(place, timeMs, host, `Accepted password for ${user} from ${source} port ${port(place)} ssh2`)

const hostAt = ({ scene }: Place, n: number): string =>
  scene.hosts[n % Math.max(1, scene.hosts.length)] ?? 'gate'

const userAt = ({ scene }: Place, n: number): KnownUser =>
  scene.users[n % Math.max(1, scene.users.length)] ?? { name: 'somebody', hosts: [], sources: [] }

const guessed = [
  'admin',
  'test',
  'oracle',
  'postgres',
  'ubuntu',
  'git',
  'ftp',
  'user',
  'www',
  'mysql',
  'pi',
  'guest',
] as const

/** Machines this user never was on. */
const unknownHosts = (place: Place, user: KnownUser): readonly string[] =>
  place.scene.hosts.filter((host) => !user.hosts.includes(host))

/** At three in the morning of that day. */
const atNight = (timeMs: number): number => Math.floor(timeMs / (24 * hourMs)) * 24 * hourMs + 3.2 * hourMs

export const loginAttacks: readonly AttackKind[] = [
  {
    id: 'ssh-brute-force',
    title: 'One source guesses the password of one account, within 10 min',
    medium: 'auth',
    dose: { unit: 'attempts', values: doubling(2, 6) },
    inject: (dose, place) => {
      const source = strangerAddress(place.number)
      const [host, user] = [hostAt(place, place.number), pick(place.random, guessed)]
      const times = momentsIn(place.random, place.startMs, 10 * minuteMs, dose)
      return injectedLines(
        [source],
        place.startMs,
        times.map((timeMs) => failed(place, timeMs, host, user, source)),
      )
    },
  },
  {
    id: 'ssh-spray',
    title: 'One source tries each user once, within an hour',
    medium: 'auth',
    dose: { unit: 'users', values: doubling(2, 6) },
    inject: (dose, place) => {
      const source = strangerAddress(place.number)
      const times = momentsIn(place.random, place.startMs, hourMs, dose)
      const lines = times.map((timeMs, n) =>
        failed(place, timeMs, hostAt(place, place.number), `person${n + 1}`, source),
      )
      return injectedLines([source], place.startMs, lines)
    },
  },
  {
    id: 'ssh-distributed-spray',
    title: 'Many sources, each tries one user once, within an hour',
    medium: 'auth',
    dose: { unit: 'sources', values: doubling(8, 6) },
    inject: (dose, place) => {
      const host = hostAt(place, place.number)
      const sources = Array.from({ length: dose }, (_, n) => strangerAddress(place.number * 400 + n))
      const times = momentsIn(place.random, place.startMs, hourMs, dose)
      const lines = times.map((timeMs, n) =>
        failed(place, timeMs, host, `member${n + 1}`, sources[n] ?? strangerAddress(0)),
      )
      return injectedLines([...sources, host], place.startMs, lines)
    },
  },
  {
    id: 'ssh-success-after-failures',
    title: 'A guess was right after so many wrong ones, within 20 min',
    medium: 'staff',
    dose: { unit: 'failures', values: doubling(2, 6) },
    inject: (dose, place) => {
      const source = strangerAddress(place.number)
      const user = userAt(place, place.number)
      const host = user.hosts[0] ?? hostAt(place, 0)
      const times = momentsIn(place.random, place.startMs, 20 * minuteMs, dose)
      const last = accepted(place, (times.at(-1) ?? place.startMs) + 9000, host, user.name, source)
      return injectedLines([source, user.name], place.startMs, [
        ...times.map((timeMs) => failed(place, timeMs, host, user.name, source, true)),
        last,
      ])
    },
  },
  {
    id: 'stolen-credentials',
    title: 'A stranger logs in as a user, from abroad, at night',
    medium: 'staff',
    dose: { unit: 'logins', values: doubling(1, 5) },
    inject: (dose, place) => {
      const source = abroadAddress(100 + place.number)
      const user = userAt(place, place.number)
      const startMs = atNight(place.startMs)
      const times = momentsIn(place.random, startMs, hourMs, dose)
      const lines = times.map((timeMs, n) =>
        accepted(
          place,
          timeMs,
          user.hosts[n % Math.max(1, user.hosts.length)] ?? hostAt(place, n),
          user.name,
          source,
        ),
      )
      return injectedLines([source, user.name], startMs, lines)
    },
  },
  {
    id: 'impossible-travel',
    title: 'A user logs in at home, and within 30 min from abroad',
    medium: 'staff',
    dose: { unit: 'journeys', values: doubling(1, 4) },
    inject: (dose, place) => {
      const [home, abroad] = [strangerAddress(5000 + place.number), abroadAddress(140 + place.number)]
      const user = userAt(place, place.number)
      const host = user.hosts[0] ?? hostAt(place, 0)
      const lines = Array.from({ length: dose }, (_, n) => place.startMs + n * 2 * hourMs).flatMap(
        (timeMs) => [
          accepted(place, timeMs, host, user.name, home),
          accepted(place, timeMs + (10 + 20 * place.random()) * minuteMs, host, user.name, abroad),
        ],
      )
      return injectedLines([user.name, home, abroad], place.startMs, lines)
    },
  },
  {
    id: 'new-machines',
    title: 'A user on machines they never were on, within an hour',
    medium: 'staff',
    dose: { unit: 'machines', values: doubling(1, 5) },
    inject: (dose, place) => {
      const user = userAt(place, place.number)
      const source = user.sources[0] ?? strangerAddress(place.number)
      const hosts = unknownHosts(place, user)
      const times = momentsIn(place.random, place.startMs, hourMs, dose)
      const lines = times.map((timeMs, n) =>
        accepted(
          place,
          timeMs,
          hosts[(place.number + n) % Math.max(1, hosts.length)] ?? 'gate',
          user.name,
          source,
        ),
      )
      return injectedLines([user.name], place.startMs, lines)
    },
  },
  {
    id: 'lateral-movement',
    title: 'A user goes from machine to machine, each new, every 4 min',
    medium: 'staff',
    dose: { unit: 'steps', values: doubling(1, 5) },
    inject: (dose, place) => {
      const user = userAt(place, place.number)
      const hosts = unknownHosts(place, user)
      const path = Array.from(
        { length: dose },
        (_, n) => hosts[(place.number * 5 + n) % Math.max(1, hosts.length)] ?? 'gate',
      )
      const first = user.sources[0] ?? strangerAddress(place.number)
      const lines = path.map((host, n) => {
        const from = n === 0 ? first : (place.scene.hostAddresses.get(path[n - 1] ?? '') ?? first)
        return accepted(place, place.startMs + n * 4 * minuteMs, host, user.name, from)
      })
      return injectedLines([user.name, ...path], place.startMs, lines)
    },
  },
  {
    id: 'source-stops',
    title: 'A machine that writes no line any more, for so many hours',
    medium: 'staff',
    dose: { unit: 'hours', values: doubling(1, 6) },
    inject: (dose, place) => {
      const host = hostAt(place, place.number * 3 + 1)
      const [fromMs, toMs] = [place.startMs, place.startMs + dose * hourMs]
      return {
        names: [host],
        fromMs,
        toMs,
        cuts: (timeMs, line) => timeMs >= fromMs && timeMs < toMs && line.includes(` ${host} `),
      }
    },
  },
]
