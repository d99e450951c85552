/**
 * An organisation whose people log in: departments with servers of their own, administrators who are on new machines every day,
 * holidays, on-call weekends, new employees, projects elsewhere, new laptops. Generated, seeded; nothing in it is an attack.
 *
 * @module
 */
import { below, zipf, type Random } from '../generate/draw.ts'
import { randomStream } from '../../src/models/random.ts'
import { accountChange, logon, privileges, type UserEvent } from './users-wire.ts'

export interface OrganisationOptions {
  readonly people: number
  readonly days: number
  readonly seed: number
}

export interface Person {
  readonly name: string
  readonly department: string
  readonly kind: 'worker' | 'administrator'
  readonly workstation: string
  /** The first day on which they work, from 0. */
  readonly from: number
  /** Days on which they are away: first, and the first one back. Who leaves for good never comes back. */
  readonly away: readonly [number, number]
}

export interface Organisation {
  readonly people: readonly Person[]
  /** Servers by department; `shared` are everyone's. */
  readonly servers: ReadonlyMap<string, readonly string[]>
  readonly events: readonly UserEvent[]
}

/** 2026-03-02, a Monday. */
export const organisationStartMs = Date.UTC(2026, 2, 2)
const dayMs = 86_400_000
const hourMs = 3_600_000

const departments = [
  'finance',
  'sales',
  'engineering',
  'people',
  'support',
  'legal',
  'marketing',
  'logistics',
]
const shared = ['dc1', 'dc2', 'files1', 'mail1', 'print1', 'intranet1']
const newPeopleShare = 0.02
const leaversShare = 0.01
const administratorShare = 0.05

const serversOf = (): Map<string, string[]> =>
  new Map([
    ['shared', shared],
    ...departments.map((department, i): [string, string[]] => [
      department,
      Array.from({ length: 3 + (i % 4) }, (_, n) => `${department}-app${n + 1}`),
    ]),
    ['it', ['jump1', 'backup1', 'monitor1', 'build1', 'virtual1', 'virtual2']],
  ])

const personOf = (random: Random, n: number, { people, days }: OrganisationOptions): Person => {
  const administrator = n < Math.max(1, Math.round(people * administratorShare))
  const isNew = !administrator && n >= people - Math.round(people * newPeopleShare)
  const leaves = random() < 0.35
  const start = below(random, Math.max(1, days - 4))
  const isLeaver =
    !administrator && !isNew && n >= people - Math.round(people * (newPeopleShare + leaversShare))
  return {
    name: `${administrator ? 'admin' : 'user'}${n + 1}`,
    kind: administrator ? 'administrator' : 'worker',
    department: administrator ? 'it' : (departments[n % departments.length] ?? ''),
    workstation: `ws-${n + 1}`,
    from: isNew ? Math.floor(days * 0.4) + below(random, Math.floor(days * 0.5)) : 0,
    away: isLeaver ? [8 + (n % 3), days] : leaves ? [start, start + 3 + below(random, 15)] : [days, days],
  }
}

const works = (person: Person, day: number, onCall: string): boolean => {
  if (day < person.from || (day >= person.away[0] && day < person.away[1])) return false
  return day % 7 < 5 || person.name === onCall
}

/** From eight to six, most in the morning. */
const moment = (random: Random, day: number): number =>
  organisationStartMs + day * dayMs + (8 + 9.5 * random() ** 1.3) * hourMs

export const organisation = (options: OrganisationOptions): Organisation => {
  const random = randomStream(options.seed)
  const servers = serversOf()
  const people = Array.from({ length: options.people }, (_, n) => personOf(random, n, options))
  const administrators = people.filter(({ kind }) => kind === 'administrator')
  const everywhere = [...[...servers.values()].flat(), ...people.map(({ workstation }) => workstation)]
  const events: UserEvent[] = []
  const rollout = { day: Math.floor(options.days * 0.6), every: 9 }
  /** A department's new server: all of it begins to use it on the same days. */
  const newServer = { day: Math.floor(options.days * 0.7), department: departments[1] ?? '' }
  const replaced = new Map<string, number>()

  /** A project in another department, for one in twenty: some weeks on one server of theirs. */
  const projects = new Map(
    people
      .filter(({ kind }) => kind === 'worker' && random() < 0.05)
      .map((person) => {
        const other = departments[below(random, departments.length)] ?? ''
        const from = below(random, options.days)
        return [person.name, { server: `${other}-app1`, from, until: from + 10 + below(random, 10) }] as const
      }),
  )

  const workstationOf = (person: Person, day: number): string => {
    const since = replaced.get(person.name)
    return since !== undefined && day >= since ? `${person.workstation}-b` : person.workstation
  }

  const dayOfWorker = (person: Person, day: number): void => {
    const own = workstationOf(person, day)
    const logins = 4 + below(random, 10)
    events.push(logon(moment(random, day), { user: person.name, host: own, from: own }))
    const department = servers.get(person.department) ?? []
    const project = projects.get(person.name)
    for (let n = 0; n < logins; n++) {
      const at = moment(random, day)
      const draw = random()
      const host =
        project !== undefined && day >= project.from && day < project.until && draw < 0.1
          ? project.server
          : day >= newServer.day && person.department === newServer.department && draw < 0.25
            ? `${newServer.department}-new`
            : draw < 0.55
              ? (shared[zipf(random, shared.length)] ?? '')
              : (department[zipf(random, department.length)] ?? '')
      if (random() < 0.02) events.push(logon(at - 9000, { user: person.name, host, from: own, failed: true }))
      events.push(logon(at, { user: person.name, host, from: own }))
    }
    // At a colleague's desk, once in a hundred days: of one's own department mostly.
    if (random() < 0.01) {
      const near = people.filter((other) => other.department === person.department || random() < 0.02)
      const other = near[below(random, near.length)] ?? person
      events.push(
        logon(moment(random, day), { user: person.name, host: other.workstation, from: other.workstation }),
      )
    }
  }

  const dayOfAdministrator = (person: Person, day: number): void => {
    events.push(
      logon(moment(random, day), { user: person.name, host: person.workstation, from: person.workstation }),
    )
    const visits = 4 + below(random, 12)
    for (let n = 0; n < visits; n++) {
      const at = moment(random, day)
      const host = everywhere[below(random, everywhere.length)] ?? ''
      if (random() < 0.5) {
        events.push(logon(at - 60_000, { user: person.name, host: 'jump1', from: person.workstation }))
        events.push(logon(at, { user: person.name, host, from: 'jump1' }))
      } else events.push(logon(at, { user: person.name, host, from: person.workstation }))
      if (random() < 0.6) events.push(privileges(at + 1, person.name, host))
    }
  }

  /** Backups by night and monitoring by day, on all servers. */
  const dayOfMachines = (day: number): void => {
    const all = [...servers.values()].flat()
    if (day >= newServer.day) all.push(`${newServer.department}-new`)
    all.forEach((host, n) => {
      const start = organisationStartMs + day * dayMs
      events.push(logon(start + hourMs + n * 61_000, { user: 'svc-backup', host, from: 'backup1' }))
      for (let hour = 0; hour < 24; hour += 6)
        events.push(logon(start + hour * hourMs + n * 7000, { user: 'svc-monitor', host, from: 'monitor1' }))
    })
  }

  for (let day = 0; day < options.days; day++) {
    people.forEach((person, n) => {
      if (person.kind !== 'worker') return
      if (day === rollout.day && n % rollout.every === 0) replaced.set(person.name, day)
      // And one by one: a laptop lasts three years.
      else if (random() < 1 / 1000 && !replaced.has(person.name)) replaced.set(person.name, day)
    })
    const onCall = administrators[Math.floor(day / 7) % Math.max(1, administrators.length)]?.name ?? ''
    for (const person of people) {
      if (day === person.from && day > 0) {
        const at = organisationStartMs + day * dayMs + 7.5 * hourMs
        events.push(accountChange(at, administrators[0]?.name ?? '', person.name))
      }
      if (!works(person, day, onCall)) continue
      if (person.kind === 'worker') dayOfWorker(person, day)
      else dayOfAdministrator(person, day)
    }
    dayOfMachines(day)
    // Closes the month, and sleeps in between.
    if (day % 30 >= 28) {
      const at = organisationStartMs + day * dayMs + 17 * hourMs
      events.push(logon(at, { user: 'payroll-close', host: 'finance-app1', from: 'finance-app2' }))
    }
  }
  return { people, servers, events }
}
