/**
 * What a host intrusion detection system (Wazuh's form of JSON) says all day of the servers: logins, sudo, files that
 * changed, and checks that are wrong by habit.
 *
 * @module
 */
import { below, pick, scramble, type Random } from '../draw.ts'
import { atRandom, dayMs, hourMs, officeStartMs, onTheClock, wholeDay } from '../office-times.ts'
import { hosts, hostAt, newHost, newHostDay, numbersOf, staff } from '../servers/staff.ts'
import { special } from '../week/calendar.ts'
import { deskAddress, vpnAddress } from '../week/places.ts'

export interface WazuhRule {
  readonly id: number
  readonly level: number
  readonly says: string
  readonly groups: readonly string[]
}

export const rules = {
  login: {
    id: 5715,
    level: 3,
    says: 'SSH authentication succeeded',
    groups: ['syslog', 'sshd', 'authentication_success'],
  },
  failed: {
    id: 5760,
    level: 5,
    says: 'SSH authentication failed',
    groups: ['syslog', 'sshd', 'authentication_failed'],
  },
  manyFailed: {
    id: 5763,
    level: 10,
    says: 'Many SSH authentications failed from one source',
    groups: ['syslog', 'sshd', 'authentication_failures'],
  },
  sudo: { id: 5402, level: 3, says: 'Became root with sudo', groups: ['syslog', 'sudo'] },
  session: { id: 5501, level: 3, says: 'Login session opened', groups: ['pam', 'syslog'] },
  changed: { id: 550, level: 7, says: 'The checksum of a file changed', groups: ['ossec', 'syscheck'] },
  added: { id: 554, level: 5, says: 'A file was added', groups: ['ossec', 'syscheck'] },
  web400: { id: 31_101, level: 5, says: 'The web server answered with 400', groups: ['web', 'accesslog'] },
  web500: { id: 31_122, level: 5, says: 'The web server answered with 500', groups: ['web', 'accesslog'] },
  anomaly: {
    id: 510,
    level: 7,
    says: 'An anomaly on the host, by its own check',
    groups: ['ossec', 'rootcheck'],
  },
  disk: { id: 531, level: 7, says: 'A file system is nearly full', groups: ['ossec', 'low_diskspace'] },
  benchmark: { id: 19_004, level: 7, says: 'The configuration check scored below half', groups: ['sca'] },
  stopped: { id: 504, level: 3, says: 'An agent was disconnected', groups: ['ossec'] },
  started: { id: 503, level: 3, says: 'An agent started', groups: ['ossec'] },
  user: { id: 5902, level: 8, says: 'A user was added to the system', groups: ['syslog', 'adduser'] },
} satisfies Readonly<Record<string, WazuhRule>>

export interface WazuhAlert {
  readonly atMs: number
  /** The number of the host. */
  readonly host: number
  readonly rule: WazuhRule
  readonly data?: Readonly<Record<string, string>>
  readonly location?: string
}

export const wazuhLine = (
  { atMs, host, rule, data, location = '/var/log/auth.log' }: WazuhAlert,
  random: Random,
): string => {
  const { name, address } = hostAt(host)
  return JSON.stringify({
    timestamp: `${new Date(atMs).toISOString().slice(0, 23)}+0000`,
    rule: {
      level: rule.level,
      description: rule.says,
      id: String(rule.id),
      firedtimes: 1 + below(random, 40),
      mail: false,
      groups: rule.groups,
    },
    agent: { id: String(host + 1).padStart(3, '0'), name, ip: address },
    manager: { name: 'log-1' },
    id: `${Math.floor(atMs / 1000)}.${below(random, 9_000_000)}`,
    decoder: { name: rule.groups.at(-1) },
    ...(data === undefined ? {} : { data }),
    location,
  })
}

type Say = (alert: WazuhAlert) => void

const sinceMidnight = (day: number, hour: number): number => officeStartMs + day * dayMs + hour * hourMs

/** People and automation come and go. */
const logins = (random: Random, day: number, say: Say): void => {
  for (const person of staff()) {
    if (scramble(person.number * 7 + day) % 10 === 0) continue
    const source =
      scramble(person.number + day) % 3 === 0 ? vpnAddress(below(random, 250)) : deskAddress(person.number)
    atRandom(
      random,
      { fromMs: sinceMidnight(day, 8), toMs: sinceMidnight(day, 17.5) },
      day % 7 > 4 ? 0.03 : 0.5,
      (atMs) => {
        const host = person.usual[below(random, person.usual.length)] ?? 1
        const data = { srcip: source, dstuser: person.name }
        if (random() < (day === special.passwords ? 0.4 : 0.06))
          say({ atMs: atMs - 4000, host, rule: rules.failed, data })
        say({ atMs, host, rule: rules.login, data })
        say({ atMs: atMs + 20, host, rule: rules.session, data: { dstuser: person.name } })
        if (person.role === 'administrator')
          say({
            atMs: atMs + 90_000,
            host,
            rule: rules.sudo,
            data: { srcuser: person.name, dstuser: 'root' },
          })
      },
    )
  }
  for (const hour of [2, 14]) {
    for (const [host] of hosts.entries()) {
      const atMs = sinceMidnight(day, hour) + 300_000 + host * 1800
      say({
        atMs,
        host,
        rule: rules.login,
        data: { srcip: hostAt(numbersOf('ci')[2] ?? 0).address, dstuser: 'ansible' },
      })
      say({ atMs: atMs + 1500, host, rule: rules.sudo, data: { srcuser: 'ansible', dstuser: 'root' } })
    }
  }
}

const paths = [
  '/etc/passwd',
  '/etc/cron.d/shop',
  '/etc/nginx/sites-enabled/shop.conf',
  '/usr/bin/openssl',
  '/usr/sbin/sshd',
  '/etc/apt/sources.list',
  '/etc/ssl/certs/ca-certificates.crt',
] as const

/** Files change when machines are patched and programs brought out; a few change every day. */
const files = (random: Random, day: number, say: Say): void => {
  const change = (atMs: number, host: number, path: string): void =>
    say({
      atMs,
      host,
      rule: random() < 0.85 ? rules.changed : rules.added,
      data: { path },
      location: 'syscheck',
    })
  for (const [host] of hosts.entries()) {
    if (scramble(host) % 4 === 0)
      change(sinceMidnight(day, 6.4) + below(random, 900_000), host, '/etc/resolv.conf')
    if (day % 7 === 1)
      for (let n = 12 + below(random, 30); n > 0; n--)
        change(sinceMidnight(day, 22.2) + below(random, 3_600_000), host, pick(random, paths))
  }
  for (const host of [...numbersOf('web'), ...numbersOf('api')])
    if (day === special.deploy)
      for (let n = 8 + below(random, 8); n > 0; n--)
        change(
          sinceMidnight(day, 14.5) + below(random, 1_500_000),
          host,
          `/srv/shop/public/${below(random, 40)}.js`,
        )
}

/** What is wrong by habit: a check that takes a container's files for hidden ones, a disk that fills up, a scan's score. */
const habits = (random: Random, day: number, say: Say): void => {
  for (const host of numbersOf('ci'))
    onTheClock(wholeDay(day), 43_200, 0.3, (atMs) =>
      say({ atMs, host, rule: rules.anomaly, location: 'rootcheck' }),
    )
  if (day % 7 === 5)
    onTheClock({ fromMs: sinceMidnight(day, 3), toMs: sinceMidnight(day, 11) }, 3600, 0.5, (atMs) =>
      say({ atMs, host: numbersOf('db')[1] ?? 1, rule: rules.disk, location: 'df -P' }),
    )
  if (day % 7 === 0)
    for (const [host] of hosts.entries())
      say({ atMs: sinceMidnight(day, 4) + host * 20_000, host, rule: rules.benchmark, location: 'sca' })
  for (const host of numbersOf('web')) {
    atRandom(random, wholeDay(day), 5, (atMs) =>
      say({ atMs, host, rule: rules.web400, location: '/var/log/nginx/access.log' }),
    )
    if (day === special.deploy)
      for (let n = 0; n < 80; n++)
        say({
          atMs: sinceMidnight(day, 14.5) + below(random, 1_500_000),
          host,
          rule: rules.web500,
          location: '/var/log/nginx/access.log',
        })
  }
  const lost = below(random, hosts.length)
  say({ atMs: sinceMidnight(day, 11), host: lost, rule: rules.stopped, location: 'wazuh-monitord' })
  say({ atMs: sinceMidnight(day, 11.2), host: lost, rule: rules.started, location: 'wazuh-monitord' })
}

/** The job that kept its old password, a new machine, a new colleague. */
const once = (day: number, say: Say): void => {
  const host = numbersOf('files')[0] ?? 0
  const source = hostAt(numbersOf('dev')[5] ?? 0).address
  if (day === special.passwords) {
    onTheClock({ fromMs: sinceMidnight(day, 9), toMs: sinceMidnight(day, 14.6) }, 600, 0.4, (atMs, n) => {
      say({ atMs, host, rule: rules.failed, data: { srcip: source, dstuser: 'reports' } })
      if (n % 8 === 0)
        say({ atMs: atMs + 40, host, rule: rules.manyFailed, data: { srcip: source, dstuser: 'reports' } })
    })
  }
  if (day === newHostDay)
    for (let n = 0; n < 4; n++)
      say({ atMs: sinceMidnight(day, 10.1) + n * 900, host: newHost, rule: rules.user })
  if (day === 1)
    for (const n of numbersOf('dev'))
      say({ atMs: sinceMidnight(day, 9.3) + n * 7000, host: n, rule: rules.user, data: { dstuser: 'zita' } })
}

export const wazuhDay = (random: Random, day: number, say: (atMs: number, line: string) => void): void => {
  const sayAlert: Say = (alert) => {
    if (alert.host !== newHost || day >= newHostDay) say(alert.atMs, wazuhLine(alert, random))
  }
  logins(random, day, sayAlert)
  files(random, day, sayAlert)
  habits(random, day, sayAlert)
  once(day, sayAlert)
}
