/**
 * What runs in an office without people: monitoring, backup, mail, phones, displays, printers, clocks.
 *
 * @module
 */
import { below, logNormal, pick } from './draw.ts'
import {
  atIntervals,
  atRandom,
  dayOf,
  hourMs,
  isWeekend,
  onTheClock,
  workCurve,
  type Shift,
} from './office-times.ts'
import { keepClock, runAppliance } from './office-programs.ts'
import { officeDomain, ownPrefix, resolver, type Wire } from './office-wire.ts'
import { ownAddress } from './office-world.ts'

const own = (last: number): string => `${ownPrefix}${last}`

const [directory, mailRelay, files, monitor, web, backup] = [3, 4, 5, 6, 7, 8].map(own)
const printers = Array.from({ length: 5 }, (_, i) => own(200 + i))
const phones = Array.from({ length: 12 }, (_, i) => own(180 + i))
/** Two displays, a meter, a door lock, a projector. */
const appliances = Array.from({ length: 5 }, (_, i) => own(150 + i))

const checks: readonly (readonly [server: string | undefined, port: number, service: string])[] = [
  [resolver, 53, 'dns'],
  [directory, 389, 'ldap_tcp'],
  [directory, 445, 'smb'],
  [mailRelay, 25, 'smtp'],
  [files, 445, 'smb'],
  [files, 22, 'ssh'],
  [web, 443, 'ssl'],
  [web, 80, 'http'],
  [web, 22, 'ssh'],
  [backup, 22, 'ssh'],
]

/** Every minute it tries all servers and their ports: a scan by looks, and known. */
const watchAll = (wire: Wire, shift: Shift): void => {
  const { random } = wire
  const client = own(6)
  onTheClock(shift, 60, 0.2, (atMs, n) => {
    for (const [i, server] of [
      resolver,
      directory,
      mailRelay,
      files,
      web,
      backup,
      ...printers,
      own(1),
    ].entries()) {
      if (server === undefined) continue
      const told = { atMs: atMs + i * 40, client, server, port: 0, proto: 'icmp', clientPort: 8 } as const
      wire.flow({ ...told, seconds: 0.001, bytesOut: 56, bytesIn: 56, state: 'OTH' })
    }
    for (const [i, [server, port, service]] of checks.entries()) {
      if (server === undefined) continue
      const told = { atMs: atMs + 900 + i * 60, client, server, port, service }
      wire.flow({ ...told, seconds: 0.02 + 0.02 * random(), bytesOut: 300, bytesIn: 900 })
    }
    if (n % 5 !== 0) return
    for (const [i, server] of printers.entries()) {
      const told = {
        atMs: atMs + 3000 + i * 70,
        client,
        server,
        port: 161,
        proto: 'udp',
        service: 'snmp',
      } as const
      wire.flow({ ...told, seconds: 0.1, bytesOut: 420, bytesIn: 610 })
    }
    // It puts names to the addresses it shows.
    for (let i = 0; i < 4; i++) {
      const last = 20 + below(random, 100)
      const name = `${last}.2.0.192.in-addr.arpa`
      wire.ask({
        atMs: atMs + 5000 + i * 9,
        client,
        name,
        type: 'PTR',
        answers: [`pc${last}.${officeDomain}`],
      })
    }
  })
}

/** Each night tens of gigabytes go to a cloud store, in parts, and each server is read before. */
const backUp = (wire: Wire, shift: Shift): void => {
  const { random } = wire
  const client = own(8)
  const startMs = shift.fromMs + (1 + 0.2 * random()) * hourMs
  for (const [i, server] of [files, directory, mailRelay, web].entries()) {
    if (server === undefined) continue
    const told = { atMs: startMs + i * 300_000, client, server, port: 22, service: 'ssh', seconds: 290 }
    wire.flow({ ...told, bytesOut: 900_000, bytesIn: logNormal(random, 5e9, 0.2) })
  }
  const host = wire.world.host('vault-eu.coldstore.example')
  const parts = Math.round(logNormal(random, 420, 0.12))
  for (let i = 0; i < parts; i++) {
    const atMs = startMs + 0.5 * hourMs + i * 16_000 + 900 * random()
    wire.exchange({ atMs, client, host, seconds: 14 + random(), bytesOut: 67_108_864 + 3000, bytesIn: 4200 })
  }
}

const mailDomains = ['supplier', 'customer', 'agency', 'tax', 'logistics', 'newsletter', 'partner'] as const

/** A mail relay asks about each sender: its name backwards, its policies, whether it is on a list of spammers. */
const relayMail = (wire: Wire, shift: Shift): void => {
  const { random, world } = wire
  const client = own(4)
  atRandom(random, shift, isWeekend(dayOf(shift.fromMs)) ? 6 : 30, (atMs) => {
    if (random() > workCurve(atMs)) return
    const domain = `${pick(random, mailDomains)}-${below(random, 160)}.test`
    const sender = world.host(`mx1.${domain}`).addresses[0]
    const reversed = sender.split('.').toReversed().join('.')
    const seconds = logNormal(random, 3, 0.7)
    const bytesOut = logNormal(random, 40_000, 1.5)
    wire.flow({
      atMs,
      client: sender,
      server: client,
      port: 25,
      service: 'smtp',
      seconds,
      bytesOut,
      bytesIn: 900,
    })
    const asked = { atMs: atMs + 60, client }
    wire.ask({ ...asked, name: `${reversed}.in-addr.arpa`, type: 'PTR', answers: [`mx1.${domain}`] })
    wire.ask({ ...asked, name: domain, type: 'TXT', answers: ['TXT 15 v=spf1 mx -all'] })
    wire.ask({ ...asked, name: `_dmarc.${domain}`, type: 'TXT', answers: ['TXT 18 v=DMARC1; p=reject'] })
    wire.ask({
      ...asked,
      name: `s${below(random, 3)}._domainkey.${domain}`,
      type: 'TXT',
      answers: ['TXT 20 v=DKIM1; k=rsa'],
    })
    wire.ask({ ...asked, name: `${reversed}.bl.spamlist.example` })
    if (random() < 0.4) wire.ask({ ...asked, name: domain, type: 'MX', answers: [`mx1.${domain}`] })
  })
}

/** Phones register with their exchange; calls are sound over UDP. */
const phone = (wire: Wire, client: string, shift: Shift): void => {
  const { random, world } = wire
  const host = world.host('sip.voicecloud.example')
  const [server] = host.addresses
  atIntervals(random, shift, 120, 0.02, (atMs) => {
    wire.find(atMs - 40, client, host)
    const told = { atMs, client, server, port: 5060, proto: 'udp', service: 'sip' } as const
    wire.flow({ ...told, seconds: 0.06, bytesOut: 610, bytesIn: 540, clientPort: 5060 })
  })
  keepClock(wire, client, world.host('time.voicecloud.example').addresses[0], shift)
}

const runAppliances = (wire: Wire, shift: Shift): void => {
  for (const client of appliances.slice(0, 2))
    runAppliance(wire, client, shift, { host: 'screens.roomboard.example', everyS: 60 })
  // Two that know their server by its address alone.
  const [, , meter = '', lock = '', projector = ''] = appliances
  runAppliance(wire, meter, shift, { host: 'meter.powergrid.example', everyS: 900, bare: true })
  runAppliance(wire, lock, shift, { host: 'locks.doorkeeper.example', everyS: 300, bare: true, port: 8443 })
  runAppliance(wire, projector, shift, { host: 'fleet.lightbox.example', everyS: 3600 })
}

/** The name server keeps its roots and keys fresh, and its own reverse zone. */
const keepNames = (wire: Wire, shift: Shift): void => {
  const { random } = wire
  for (const [name, type, everyS] of [
    ['example', 'NS', 43_200],
    ['example', 'DNSKEY', 21_600],
    ['test', 'DS', 21_600],
    ['invalid', 'SOA', 43_200],
  ] as const) {
    const told = { client: resolver, server: ownAddress(4242), name, type, answers: ['a.root.example'] }
    atIntervals(random, shift, everyS, 0.2, (atMs) => wire.ask({ ...told, atMs }))
  }
}

/** A day of all that is not a person's. */
export const serversDay = (connect: (number: number) => Wire, shift: Shift): void => {
  watchAll(connect(6), shift)
  backUp(connect(8), shift)
  relayMail(connect(4), shift)
  keepNames(connect(2), shift)
  for (const [i, client] of phones.entries()) phone(connect(180 + i), client, shift)
  runAppliances(connect(150), shift)
  const servers = [directory, mailRelay, files, monitor, web, backup]
  for (const [i, server] of servers.entries()) {
    if (server === undefined) continue
    const wire = connect(300 + i)
    keepClock(wire, server, wire.world.host(`${i % 4}.pool.clockring.example`).addresses[0], shift)
    const updates = wire.world.host('packages.serveros.example')
    atIntervals(wire.random, shift, 28_800, 0.3, (atMs) =>
      wire.exchange({
        atMs,
        client: server,
        host: updates,
        seconds: 3,
        bytesOut: 2500,
        bytesIn: 900_000,
        path: '/stable/InRelease',
        agent: 'apt/3.0',
      }),
    )
  }
}
