/**
 * What programs on an office's machines do by themselves: updates, telemetry, mail, chat, clocks, and their noise.
 *
 * @module
 */
import { below, logNormal, type Random } from './draw.ts'
import { atIntervals, atRandom, dayOf, hourMs, onTheClock, wholeDay, type Shift } from './office-times.ts'
import { officeDomain, ownPrefix, type Wire } from './office-wire.ts'

/** A program that asks its maker at intervals. */
interface Poller {
  readonly host: string
  readonly everyS: number
  /** Share of the interval by which it is early or late. */
  readonly jitter: number
  readonly bytesOut: number
  readonly bytesIn: number
  /** Without TLS, and what it asks for. */
  readonly path?: string
  readonly port?: number
  readonly agent?: string
  /** Share of the machines that have it. */
  readonly share: number
}

const poller = (
  host: string,
  everyS: number,
  jitter: number,
  bytes: readonly [out: number, in_: number],
  share: number,
  more: Partial<Poller> = {},
): Poller => ({ host, everyS, jitter, bytesOut: bytes[0], bytesIn: bytes[1], share, ...more })

const onAll: readonly Poller[] = [
  poller('cloud.guardline.example', 900, 0.02, [900, 1400], 1),
  poller('sig.guardline.example', 3600, 0.01, [310, 48_000], 1, {
    path: '/sig/daily.cvd',
    agent: 'Guardline/11.2',
  }),
  poller('outlook.mail.example.net', 300, 0.03, [2100, 3900], 0.7),
  poller('calendar.mail.example.net', 900, 0.05, [1500, 2600], 0.7),
  poller('api.teamtalk.example', 600, 0.3, [1200, 1900], 0.85),
  poller('notify.syncbox.example', 60, 0.04, [640, 420], 0.28),
  poller('safelist.webview.example', 1800, 0.1, [1100, 6000], 0.9),
  poller('update.webview.example', 18_000, 0.1, [2300, 9000], 0.9),
  poller('sync.webview.example', 480, 0.4, [1900, 1500], 0.5),
  poller('vault.passkeeper.example', 1800, 0.05, [1400, 2200], 0.3),
  poller('feed.skycast.example', 1800, 0.02, [420, 3300], 0.15, {
    path: '/v2/now?place=7',
    agent: 'SkyCast/4',
  }),
  poller('api.tunes.example', 30, 0.2, [700, 900], 0.06),
  poller('license.cadworks.example', 600, 0, [850, 610], 0.05),
  poller('plugins.codewright.example', 1200, 0.05, [1300, 5200], 0.07),
  poller('agent.assetlist.example', 3600, 0.05, [5200, 800], 1),
]

/** Two makers of systems, the second with fewer machines. */
const systems: readonly (readonly Poller[])[] = [
  [
    poller('events.deskos.example', 900, 0.15, [5200, 700], 1),
    poller('settings.deskos.example', 2700, 0.1, [1500, 3100], 1),
    poller('update.deskos.example', 14_400, 0.2, [2600, 16_000], 1),
    poller('probe.deskos.example', 3600, 0.3, [180, 200], 1, {
      path: '/connecttest.txt',
      agent: 'DeskOS-NCSI',
    }),
    poller('store.deskos.example', 21_600, 0.2, [3100, 24_000], 1),
  ],
  [
    poller('push.fruitos.example', 1800, 0.05, [900, 800], 1),
    poller('config.fruitos.example', 7200, 0.2, [1100, 5400], 1),
    poller('swscan.fruitos.example', 21_600, 0.2, [1900, 33_000], 1),
    poller('captive.fruitos.example', 7200, 0.5, [160, 190], 1, {
      path: '/success.html',
      agent: 'CaptiveSupport',
    }),
  ],
]

export interface Machine {
  readonly address: string
  /** A number that is its own; what it has installed follows from it. */
  readonly number: number
  /** The office's own: it has what the office installs. */
  readonly managed: boolean
}

/** The same machine has the same programs on all days. */
const has = (machine: Machine, i: number, share: number): boolean =>
  ((machine.number * 37 + i * 61) % 100) / 100 < share

const systemOf = (machine: Machine): readonly Poller[] => systems[machine.number % 4 === 3 ? 1 : 0] ?? []

const poll = (wire: Wire, machine: Machine, shift: Shift, one: Poller): void => {
  const host = wire.world.host(one.host)
  atIntervals(wire.random, shift, one.everyS, one.jitter, (atMs) => {
    // Now and then there is news.
    const news = wire.random() < 0.03 ? logNormal(wire.random, 12, 0.8) : 1
    wire.exchange({
      atMs,
      client: machine.address,
      host,
      seconds: logNormal(wire.random, 0.35, 0.5) * Math.sqrt(news),
      bytesOut: one.bytesOut * (1 + 0.02 * wire.random()),
      bytesIn: one.bytesIn * news * (1 + 0.05 * wire.random()),
      ...(one.path === undefined ? {} : { path: one.path }),
      ...(one.agent === undefined ? {} : { agent: one.agent }),
    })
  })
}

const hexLabel = (random: Random, length: number): string => {
  let label = ''
  while (label.length < length) label += below(random, 16).toString(16)
  return label
}

/** Scanners of viruses ask about each file and site by DNS: long labels that mean nothing, below one domain, from all. */
const virusLookups = (wire: Wire, machine: Machine, shift: Shift): void => {
  atRandom(wire.random, shift, 9, (atMs) => {
    const name = `${hexLabel(wire.random, 32)}.${hexLabel(wire.random, 16)}.${below(wire.random, 9)}.lookup.guardline.example`
    const type = wire.random() < 0.25 ? 'TXT' : 'A'
    const answers = [type === 'TXT' ? 'TXT 2 s0' : '203.0.113.9']
    wire.ask({ atMs, client: machine.address, name, type, answers, ttlS: 3600 })
  })
}

/** Browsers try out whether invented names exist: three at a start, and nobody has registered them. */
const inventedNames = (wire: Wire, machine: Machine, atMs: number): void => {
  for (let i = 0; i < 3; i++) {
    let name = ''
    for (let left = 7 + below(wire.random, 9); left > 0; left--)
      name += String.fromCharCode(97 + below(wire.random, 26))
    wire.ask({ atMs: atMs + i * 3, client: machine.address, name: `${name}.${officeDomain}` })
    wire.ask({ atMs: atMs + i * 3 + 9, client: machine.address, name })
  }
}

/** What a machine does when it starts: finds its network, its proxy, its directory. */
const startMachine = (wire: Wire, machine: Machine, atMs: number): void => {
  const { address: client } = machine
  wire.ask({ atMs, client, name: `wpad.${officeDomain}` })
  if (wire.random() < 0.5) wire.ask({ atMs: atMs + 40, client, name: 'wpad' })
  wire.ask({
    atMs: atMs + 90,
    client,
    name: `_ldap._tcp.dc._msdcs.${officeDomain}`,
    type: 'SRV',
    answers: [`dc1.${officeDomain}`],
  })
  for (const [port, service] of [
    [88, 'krb_tcp'],
    [389, 'ldap_tcp'],
    [445, 'smb'],
  ] as const) {
    wire.flow({
      atMs: atMs + port,
      client,
      server: `${ownPrefix}3`,
      port,
      service,
      seconds: logNormal(wire.random, 2, 1),
      bytesOut: logNormal(wire.random, 4000, 0.4),
      bytesIn: logNormal(wire.random, 9000, 0.5),
    })
  }
  if (machine.number % 3 !== 2) inventedNames(wire, machine, atMs + 4000)
}

/** Calls to the whole network: names, printers, media. Nobody answers. */
const broadcasts = (wire: Wire, machine: Machine, shift: Shift): void => {
  const groups = [
    ['224.0.0.251', 5353, 'dns', 120],
    ['239.255.255.250', 1900, undefined, 520],
    [`${ownPrefix}255`, 138, undefined, 230],
    ['224.0.0.252', 5355, 'dns', 66],
  ] as const
  atRandom(wire.random, shift, 5, (atMs) => {
    const [server, port, service, bytesOut] = groups[below(wire.random, groups.length)] ?? groups[0]
    wire.flow({
      atMs,
      client: machine.address,
      server,
      port,
      proto: 'udp',
      ...(service === undefined ? {} : { service }),
      seconds: wire.random() * 3,
      bytesOut,
      bytesIn: 0,
      state: 'S0',
    })
    if (port === 5353)
      wire.ask({ atMs, client: machine.address, name: '_ipp._tcp.local', type: 'PTR', server, answers: [] })
  })
}

/** A clock that trusts one server: it asks every 64 s at first, and rarely once it is sure. */
export const keepClock = (wire: Wire, client: string, server: string, shift: Shift): void => {
  let [atMs, everyS] = [shift.fromMs + wire.random() * 60_000, 64]
  for (; atMs < shift.toMs; atMs += everyS * 1000 * (1 + 0.01 * wire.random())) {
    const told = { client, server, port: 123, proto: 'udp', service: 'ntp' } as const
    wire.flow({ ...told, atMs, seconds: 0.02 * wire.random(), bytesOut: 48, bytesIn: 48, clientPort: 123 })
    if (wire.random() < 0.3) everyS = Math.min(1024, everyS * 2)
  }
}

/** Chat holds a connection for hours, with a few bytes each half minute. */
const chatChannel = (wire: Wire, machine: Machine, shift: Shift): void => {
  const host = wire.world.host('ws.teamtalk.example')
  for (let atMs = shift.fromMs + 20_000 * (1 + wire.random()); atMs < shift.toMs;) {
    const ms = Math.min(shift.toMs - atMs, logNormal(wire.random, 2.5, 0.7) * hourMs)
    const [bytesOut, bytesIn] = [ms / 30, (ms / 30) * logNormal(wire.random, 6, 0.8)]
    wire.exchange({ atMs, client: machine.address, host, seconds: ms / 1000, bytesOut, bytesIn })
    atMs += ms + 1000 + 4000 * wire.random()
  }
}

/** All a machine does by itself while it runs. */
export const runPrograms = (wire: Wire, machine: Machine, shift: Shift): void => {
  // What runs from midnight on was running before.
  if (wholeDay(dayOf(shift.fromMs)).fromMs !== shift.fromMs) startMachine(wire, machine, shift.fromMs)
  for (const one of systemOf(machine)) poll(wire, machine, shift, one)
  for (const [i, one] of onAll.entries()) {
    const installed = machine.managed || one.host.includes('webview')
    if (installed && has(machine, i, one.share)) poll(wire, machine, shift, one)
  }
  if (has(machine, 40, 0.85)) chatChannel(wire, machine, shift)
  if (machine.managed) virusLookups(wire, machine, shift)
  broadcasts(wire, machine, shift)
  keepClock(wire, machine.address, `${ownPrefix}3`, shift)
}

/** A thing that asks one server by the clock, day and night: a display, a meter. */
export const runAppliance = (
  wire: Wire,
  client: string,
  shift: Shift,
  told: { readonly host: string; readonly everyS: number; readonly bare?: boolean; readonly port?: number },
): void => {
  const host = wire.world.host(told.host)
  onTheClock(shift, told.everyS, ((client.length * 7 + host.name.length) % 10) / 10, (clockMs) => {
    wire.exchange({
      atMs: clockMs + 400 * wire.random(),
      client,
      host,
      seconds: 0.2 + 0.1 * wire.random(),
      bytesOut: 700,
      bytesIn: wire.random() < 0.02 ? 180_000 : 900,
      bare: told.bare ?? false,
      ...(told.port === undefined ? {} : { port: told.port }),
    })
  })
}
