/**
 * People at their desks: browsing, calls, files; a developer, somebody with odd interests, guests.
 *
 * @module
 */
import { below, geometric, logNormal, pick, zipf, type Random } from './draw.ts'
import {
  atRandom,
  dayMs,
  hourMs,
  isWeekend,
  officeStartMs,
  streamOf,
  workCurve,
  type Shift,
} from './office-times.ts'
import { runPrograms, type Machine } from './office-programs.ts'
import type { WebSite } from './office-world.ts'
import { officeDomain, ownPrefix, type Wire } from './office-wire.ts'

export interface Person extends Machine {
  readonly kind: 'worker' | 'developer' | 'odd' | 'guest'
  readonly agent: string
}

const agents: readonly [string, ...string[]] = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Safari/605.1.15',
]

/** People in the office, by number; the third writes software, the seventh has odd interests. */
const personOf = (number: number): Person => ({
  address: `${ownPrefix}${20 + number}`,
  number,
  managed: true,
  kind: number % 30 === 3 ? 'developer' : number === 7 ? 'odd' : 'worker',
  agent: agents[number % 4 === 3 ? 2 : number % 2] ?? agents[0],
})

/** @param count at most 120 */
export const officePeople = (count = 90): readonly Person[] =>
  Array.from({ length: count }, (_, i) => personOf(i))

/** When somebody is there; null on days off. */
export const shiftOf = (seed: number, person: Person, day: number): Shift | null => {
  const random = streamOf(seed, 1, person.number, day)
  if (random() < (isWeekend(day) ? 0.96 : 0.08)) return null
  const startMs = officeStartMs + day * dayMs
  const hour = (mean: number, spread: number): number =>
    startMs + (mean + spread * (2 * random() - 1)) * hourMs
  if (isWeekend(day)) {
    const fromMs = hour(12, 3)
    return { fromMs, toMs: fromMs + (1 + 3 * random()) * hourMs }
  }
  // One machine in five stays on over night.
  if (person.number % 5 === 1) return { fromMs: startMs, toMs: startMs + dayMs }
  return { fromMs: hour(8.5, 0.8), toMs: hour(17.3, 1.2) }
}

const visitHost = (wire: Wire, person: Person, atMs: number, site: WebSite, other: boolean): void => {
  const { random } = wire
  const hosts = other && site.others.length > 0 ? site.others : site.hosts
  const host = hosts[other ? below(random, hosts.length) : 0] ?? site.hosts[0]
  wire.exchange({
    atMs,
    client: person.address,
    host,
    seconds: logNormal(random, 6, 1.3),
    bytesOut: logNormal(random, 2200, 0.7),
    bytesIn: logNormal(random, other ? 18_000 : 60_000, 1.4),
    agent: person.agent,
    ...(site.plain && !other
      ? { path: `/${pick(random, ['', 'a', 'news', 'item'])}/${below(random, 900)}` }
      : {}),
  })
}

/** A page, and what it loads from the site's other hosts and from strangers. */
const readPage = (wire: Wire, person: Person, atMs: number, site: WebSite): void => {
  visitHost(wire, person, atMs, site, false)
  for (const [i, host] of site.hosts.slice(1).entries()) {
    if (wire.random() < 0.6) visitHost(wire, person, atMs + 200 + 90 * i, { ...site, hosts: [host] }, false)
  }
  for (let i = 0; i < Math.min(3, site.others.length); i++) {
    if (wire.random() < 0.6) visitHost(wire, person, atMs + 400 + 130 * i, site, true)
  }
}

/** Most go to what they always go to. */
const favourite = (person: Person, random: Random, count: number): number =>
  random() < 0.65 ? (person.number * 131 + zipf(random, 24) * 17) % Math.min(400, count) : zipf(random, count)

const browse = (wire: Wire, person: Person, fromMs: number): void => {
  const { random, world } = wire
  const odd = person.kind === 'odd' && random() < 0.6
  let atMs = fromMs
  for (let sites = geometric(random, 3); sites > 0; sites--) {
    const site = odd
      ? world.oddSites[below(random, world.oddSites.length)]
      : world.sites[favourite(person, random, world.sites.length)]
    if (site === undefined) continue
    for (let pages = geometric(random, 3); pages > 0; pages--) {
      readPage(wire, person, atMs, site)
      atMs += logNormal(random, 25, 1) * 1000
    }
  }
}

/** A page left open that asks for news by itself. */
const leaveOpen = (wire: Wire, person: Person, shift: Shift): void => {
  const { random, world } = wire
  const site = world.sites[favourite(person, random, 400)]
  if (site === undefined) return
  const host = site.hosts[0]
  const everyMs = pick(random, [30, 60, 60, 120, 300]) * 1000
  let atMs = shift.fromMs + random() * (shift.toMs - shift.fromMs) * 0.6
  const toMs = Math.min(shift.toMs, atMs + logNormal(random, 1.5, 0.5) * hourMs)
  for (; atMs < toMs; atMs += everyMs * (1 + 0.02 * random())) {
    const bytesIn = logNormal(random, 2500, 0.5)
    wire.exchange({ atMs, client: person.address, host, seconds: 0.4, bytesOut: 1300, bytesIn })
  }
}

/** Sound and picture both ways, over UDP, to one of a few servers. */
const call = (wire: Wire, person: Person, atMs: number): void => {
  const { random } = wire
  wire.exchange({
    atMs: atMs - 3000,
    client: person.address,
    host: wire.world.host('join.meetroom.example'),
    seconds: 20,
    bytesOut: 30_000,
    bytesIn: 400_000,
  })
  const seconds = logNormal(random, 1700, 0.5)
  const server = `203.0.113.${201 + below(random, 8)}`
  const [bytesOut, bytesIn] = [seconds * 120_000 * (0.3 + random()), seconds * 160_000 * (0.3 + random())]
  const told = { client: person.address, server, port: 3478, proto: 'udp' } as const
  wire.flow({ ...told, atMs, seconds, bytesOut, bytesIn })
}

const fileServer = `${ownPrefix}5`
/** The office's own web server, with what only it runs. */
export const intranet = `${ownPrefix}7`

const useIntranet = (wire: Wire, person: Person, atMs: number): void => {
  const { random } = wire
  wire.ask({ atMs, client: person.address, name: `intranet.${officeDomain}`, answers: [intranet] })
  const told = { atMs: atMs + 20, client: person.address, server: intranet, port: 443, service: 'ssl' }
  wire.flow({
    ...told,
    seconds: 5,
    bytesOut: logNormal(random, 3000, 0.6),
    bytesIn: logNormal(random, 40_000, 1),
  })
}

const useFiles = (wire: Wire, person: Person, atMs: number): void => {
  const [server, printer] = [fileServer, `${ownPrefix}${200 + (person.number % 5)}`]
  const { random } = wire
  const told = { atMs, client: person.address }
  const seconds = logNormal(random, 240, 1.2)
  const bytes = { bytesOut: logNormal(random, 60_000, 1.8), bytesIn: logNormal(random, 400_000, 1.8) }
  wire.flow({ ...told, server, port: 445, service: 'smb', seconds, ...bytes })
  if (random() < 0.2)
    wire.flow({
      ...told,
      server: printer,
      port: 9100,
      seconds: 8,
      bytesOut: logNormal(random, 900_000, 1),
      bytesIn: 400,
    })
}

/** Names that don't exist: typed ones, and good ones with the office's domain behind. */
const mistype = (wire: Wire, person: Person, atMs: number): void => {
  const { random, world } = wire
  const typed = pick(random, [
    'intranett',
    'printserver',
    'wiki2',
    'fileserv',
    'localhost.localdomain',
    'mial',
  ])
  const site = world.sites[zipf(random, world.sites.length)]?.hosts[0].name ?? typed
  if (random() < 0.5) wire.ask({ atMs, client: person.address, name: `${typed}.${officeDomain}` })
  else wire.ask({ atMs, client: person.address, name: `${site}.${officeDomain}` })
  if (random() < 0.3) wire.ask({ atMs: atMs + 20, client: person.address, name: typed })
}

/** Code fetched and sent, packages by the hundred, machines far away, and gigabytes to the cloud. */
const develop = (wire: Wire, person: Person, shift: Shift): void => {
  const { random, world } = wire
  const client = person.address
  const registry = world.host('registry.packhub.example')
  atRandom(random, shift, 3, (atMs) => {
    const server = world.host('git.codehost.example').addresses[0]
    wire.find(atMs - 50, client, world.host('git.codehost.example'))
    const sent = random() < 0.3 ? logNormal(random, 200_000, 1.5) : 4000
    const told = { atMs, client, server, port: 22, service: 'ssh', seconds: logNormal(random, 3, 0.6) }
    wire.flow({ ...told, bytesOut: sent, bytesIn: logNormal(random, 30_000, 2) })
  })
  atRandom(random, shift, 0.3, (atMs) => {
    for (let i = 0; i < 60 + below(random, 200); i++)
      wire.exchange({
        atMs: atMs + i * 120,
        client,
        host: registry,
        seconds: 1,
        bytesOut: 900,
        bytesIn: logNormal(random, 90_000, 1.6),
      })
  })
  for (let i = 0; i < 2; i++) {
    const atMs = shift.fromMs + random() * 3 * hourMs
    const told = {
      atMs,
      client,
      server: `203.0.113.${230 + ((person.number + i) % 6)}`,
      port: 22,
      service: 'ssh',
    }
    wire.flow({ ...told, seconds: (1 + 4 * random()) * 3600, bytesOut: 900_000, bytesIn: 4_000_000 })
  }
  if (random() < 0.5) {
    const atMs = shift.fromMs + random() * (shift.toMs - shift.fromMs)
    const host = world.host('storage.bigcloud.example')
    for (let i = 0; i < 20 + below(random, 60); i++)
      wire.exchange({ atMs: atMs + i * 9000, client, host, seconds: 8, bytesOut: 64_000_000, bytesIn: 9000 })
  }
}

/** A day of one person, and of what runs on their machine. */
export const liveDay = (wire: Wire, person: Person, shift: Shift): void => {
  const { random } = wire
  runPrograms(wire, person, shift)
  const present = { fromMs: shift.fromMs + 180_000, toMs: shift.toMs - 300_000 }
  atRandom(random, present, person.kind === 'odd' ? 5 : 3, (atMs) => {
    if (random() < workCurve(atMs)) browse(wire, person, atMs)
  })
  const worked = (perHour: number, act: (atMs: number) => void): void =>
    atRandom(random, present, perHour, (atMs) => {
      if (random() < workCurve(atMs)) act(atMs)
    })
  worked(0.5, (atMs) => mistype(wire, person, atMs))
  if (random() < 0.2) leaveOpen(wire, person, present)
  if (person.kind === 'guest') return
  worked(1.2, (atMs) => useFiles(wire, person, atMs))
  worked(0.6, (atMs) => useIntranet(wire, person, atMs))
  worked(0.2, (atMs) => call(wire, person, atMs))
  if (person.kind === 'developer') develop(wire, person, present)
}

/** Guests of a day: nobody saw their machines before, and nobody will again. */
export const guestsOf = (seed: number, day: number): readonly { person: Person; shift: Shift }[] => {
  if (isWeekend(day)) return []
  const random = streamOf(seed, 2, day)
  return Array.from({ length: 2 + below(random, 3) }, (_, i) => {
    const number = 1000 + day * 8 + i
    const fromMs = officeStartMs + day * dayMs + (9 + 3 * random()) * hourMs
    const address = `${ownPrefix}${210 + ((day * 5 + i) % 40)}`
    const person: Person = { address, number, managed: false, kind: 'guest', agent: agents[2] ?? agents[0] }
    return { person, shift: { fromMs, toMs: fromMs + (1 + 5 * random()) * hourMs } }
  })
}
