/**
 * People's days on the servers: where they come from, what they mistype, which machines they turn to.
 *
 * @module
 */
import { below, exponential, geometric, logNormal, pick, scramble, zipf } from '../draw.ts'
import { dayMs, hourMs, isWeekend, officeStartMs, streamOf } from '../office-times.ts'
import { special } from '../week/calendar.ts'
import { abroadAddress, deskAddress, homeToday, vpnAddress } from '../week/places.ts'
import { failLogin, logIn, sudo, write, type Console, type Host } from './lines.ts'
import {
  gate,
  hostAt,
  hosts,
  newHost,
  newHostDay,
  numbersOf,
  whereIs,
  type Staff,
  type Whereabouts,
} from './staff.ts'

const chores = [
  '/usr/bin/systemctl restart nginx',
  '/usr/bin/journalctl -u api --since today',
  '/usr/bin/tail -n 200 /var/log/nginx/error.log',
  '/usr/bin/apt-get update',
  '/usr/bin/less /var/log/syslog',
  '/usr/bin/vim /etc/nginx/sites-enabled/shop.conf',
  '/usr/bin/docker ps',
  '/usr/bin/docker logs --tail 100 api',
  '/usr/sbin/tcpdump -c 200 -ni eth0 port 5432',
  '/usr/bin/ss -tlnp',
] as const

interface Day {
  readonly console: Console
  readonly person: Staff
  readonly day: number
  readonly place: Whereabouts
  /** Where their connections come from today; a VPN gives another address each time. */
  readonly source: () => string
}

const isPasswordDay = (day: number): boolean => day === special.passwords

/** Mistakes before a login. On the day after everybody had to change it, more; sometimes somebody gives up. */
const mistype = ({ console, person, day }: Day, atMs: number, host: Host, source: string): boolean => {
  if (person.method !== 'password') return true
  const { random } = console
  const luck = random() * (isPasswordDay(day) || day === special.passwords + 1 ? 0.3 : 1)
  if (luck > 0.07) return true
  const tries = geometric(random, isPasswordDay(day) ? 2.6 : 1.4)
  for (let left = tries, n = 0; left > 0; left -= 3, n++)
    failLogin(
      console,
      { atMs: atMs - 120_000 + n * 40_000, host, user: person.name, source },
      Math.min(3, left),
    )
  return random() > 0.08
}

const connect = (one: Day, atMs: number, host: Host, source: string): void => {
  const { console, person } = one
  const { random } = console
  // A name mistyped, or another machine's: it doesn't exist here.
  if (random() < 0.004)
    failLogin(
      console,
      { atMs: atMs - 9000, host, user: `${person.name}${pick(random, ['x', '.', '1'])}`, source },
      1,
      false,
    )
  if (!mistype(one, atMs, host, source)) return
  const stayMs = logNormal(random, person.role === 'analyst' ? 2.5 : 0.35, 1.1) * hourMs
  logIn(
    console,
    { atMs, host, user: person.name, source, method: person.method },
    Math.min(stayMs, 11 * hourMs),
  )
  if (person.role === 'administrator' || (person.role === 'developer' && random() < 0.2)) {
    for (let n = geometric(random, 2.5), t = atMs; n > 0; n--) {
      t += exponential(random, 150_000)
      sudo(console, t, host, person.name, pick(random, chores))
    }
  }
}

/** From outside and without a VPN the way leads over the gate. */
const overGate = (one: Day, atMs: number, target: Host, source: string): void => {
  const first = hostAt(gate)
  connect(one, atMs, first, source)
  connect(one, atMs + 9000 + below(one.console.random, 30_000), target, first.address)
}

const targetOf = ({ console, person, day }: Day): number => {
  const { random } = console
  const known = (n: number): number => (n === newHost && day < newHostDay ? (person.usual[0] ?? 1) : n)
  // Administrators go wherever something is wrong.
  if (person.role === 'administrator' && random() < 0.45) return known(1 + below(random, hosts.length - 1))
  if (person.role === 'developer' && random() < 0.04) return known(1 + below(random, hosts.length - 1))
  return known(person.usual[zipf(random, person.usual.length)] ?? 1)
}

const sessionsOf: Readonly<Record<Staff['role'], number>> = {
  administrator: 14,
  developer: 6,
  analyst: 2.2,
  contractor: 3,
}

/** Somebody's working day. */
export const workDay = (console: Console, person: Staff, day: number): void => {
  const { random } = console
  const place = whereIs(person, day, random())
  if (place === 'away') return
  const midnight = officeStartMs + day * dayMs
  const startMs = midnight + (person.startsAt + 0.7 * (random() - 0.5)) * hourMs
  const outside =
    place === 'abroad'
      ? abroadAddress(person.number * 3 + Math.floor(day / 2))
      : homeToday(person.number, day)
  const usesGate = place !== 'desk' && scramble(person.number) % 3 === 0
  // Contractors share their firm's exit.
  const source = (): string => {
    if (person.role === 'contractor') return '203.0.113.240'
    if (place === 'desk') return deskAddress(person.number)
    return usesGate ? outside : vpnAddress(below(random, 250))
  }
  const one: Day = { console, person, day, place, source }
  const count = Math.max(
    1,
    Math.round(sessionsOf[person.role] * logNormal(random, isWeekend(day) ? 0.3 : 1, 0.4)),
  )
  let [atMs, from] = [startMs, source()]
  for (let i = 0; i < count; i++) {
    if (random() < 0.25) from = source()
    const host = hostAt(targetOf(one))
    if (usesGate) overGate(one, atMs, host, from)
    else connect(one, atMs, host, from)
    atMs += exponential(random, (8.5 * hourMs) / count)
  }
  if (isPasswordDay(day) && person.method === 'password') {
    const host = hostAt(person.usual[0] ?? 1)
    write(
      console,
      'auth',
      startMs + 4 * 60_000,
      host,
      `passwd[${900 + below(random, 90_000)}]`,
      `pam_unix(passwd:chauthtok): password changed for ${person.name}`,
    )
  }
}

/** Woken at night: an administrator looks at some machines from home, tired. */
export const onCall = (console: Console, people: readonly Staff[], seed: number, day: number): void => {
  const luck = streamOf(seed, 61, day)
  if (luck() > 0.3) return
  const administrators = people.filter(({ role }) => role === 'administrator')
  const person = administrators[day % Math.max(1, administrators.length)]
  if (person === undefined) return
  const atMs = officeStartMs + day * dayMs + (1.5 + 3 * luck()) * hourMs
  const source = homeToday(person.number, day)
  const one: Day = { console, person, day, place: 'home', source: () => source }
  const wrong = [...numbersOf('db'), ...numbersOf('cache')]
  for (let i = 0, n = 2 + below(luck, 4); i < n; i++)
    overGate(one, atMs + i * 260_000, hostAt(wrong[below(luck, wrong.length)] ?? 1), source)
}
