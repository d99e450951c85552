/**
 * A day of an office as pairs of clients and destinations: when they talk and how much. Harmless ones of many kinds, and
 * beacons to put among them.
 *
 * @module
 */
import { below, exponential, geometric, logNormal, zipf, type Random } from './draw.ts'

/** An event of a pair. */
export interface Moment {
  /** Seconds after the start of the day. */
  readonly at: number
  readonly bytes: number
}

export interface PairTraffic {
  /** From 0. */
  readonly client: number
  readonly destination: string
  readonly kind: string
  readonly moments: readonly Moment[]
}

const day = 86_400
const hour = 3600

/** When a client's machine is on, in seconds; some are on all day. */
interface Presence {
  readonly from: number
  readonly to: number
}

const presenceOf = (random: Random): Presence => {
  if (random() < 0.2) return { from: 0, to: day }
  const from = hour * (7 + 2.5 * random())
  return { from, to: from + hour * (7 + 3 * random()) }
}

const inside = (moments: readonly Moment[], { from, to }: Presence): Moment[] =>
  moments.filter(({ at }) => at >= from && at < to && at < day)

/** Calls every `seconds`, each off by up to `jitter` of that; `bytes` gives their sizes. */
export const calls = (
  random: Random,
  { from, to }: Presence,
  seconds: number,
  jitter: number,
  bytes: () => number,
): Moment[] => {
  const moments: Moment[] = []
  for (let at = from + seconds * random(); at < to; at += seconds * (1 + jitter * (2 * random() - 1)))
    moments.push({ at, bytes: bytes() })
  return moments
}

/** A request and what it draws with it, within seconds; now and then much more. */
const burst = (random: Random, at: number, mean: number): Moment[] =>
  Array.from({ length: geometric(random, mean) }, () => ({
    at: at + exponential(random, 0.8),
    bytes: Math.round(logNormal(random, 6000, 1.6)),
  }))

/** People at their browsers: sittings with breaks, pages with parts from elsewhere. Many pairs, few events each. */
const browsing = (random: Random, client: number, presence: Presence, sites: number): PairTraffic[] => {
  const pairs = new Map<string, Moment[]>()
  const add = (destination: string, moments: readonly Moment[]): void => {
    const known = pairs.get(destination)
    if (known === undefined) pairs.set(destination, [...moments])
    else known.push(...moments)
  }
  const start = Math.max(presence.from, hour * 8)
  const end = Math.min(presence.to, hour * 19)
  for (let at = start + exponential(random, 1200); at < end; at += logNormal(random, 2400, 0.9)) {
    const sitting = at + logNormal(random, 900, 0.8)
    let site = zipf(random, sites)
    for (; at < sitting && at < end; at += logNormal(random, 35, 1.2)) {
      if (random() < 0.3) site = zipf(random, sites)
      add(`site${site}.example.com`, burst(random, at, 8))
      for (let part = 0; part < 3; part++)
        if (random() < 0.6) add(`parts${zipf(random, 400)}.example.net`, burst(random, at + 0.5, 3))
    }
  }
  return [...pairs].map(([destination, moments]) => ({ client, destination, kind: 'browsing', moments }))
}

/** Sites of one's own: a hobby, a bank, a shop that nobody else here knows. Some answer all requests alike. */
const ownSites = (random: Random, client: number, presence: Presence): PairTraffic[] =>
  Array.from({ length: below(random, 5) }, (_, i) => {
    const alike = random() < 0.25
    const moments: Moment[] = []
    const visits = Math.min(200, Math.round(logNormal(random, 5, 1.2)))
    let at = presence.from + random() * (presence.to - presence.from)
    for (let visit = 0; visit < visits; visit++) {
      moments.push(...(alike ? [{ at, bytes: 1500 }] : burst(random, at, 4)))
      at += random() < 0.15 ? hour * (0.5 + 3 * random()) : logNormal(random, 45, 1.3)
    }
    return {
      client,
      destination: `own${client}-${i}.example.org`,
      kind: 'own site',
      moments: inside(moments, presence),
    }
  })

interface Service {
  readonly destination: string
  readonly kind: string
  /** The share of the clients that have it. */
  readonly share: number
  readonly seconds: number
  readonly jitter: number
  /** For how long at a time, in seconds; null for as long as the machine is on. */
  readonly stretch: number | null
  readonly bytes: number
  readonly spread: number
}

const services = (random: Random): Service[] => [
  ...Array.from({ length: 24 }, (_, i) => ({
    destination: `poll${i}.example.net`,
    kind: 'poller',
    share: 0.02 + 0.9 * random() ** 2,
    seconds: Math.round(logNormal(random, 300, 1)),
    jitter: random() * 0.15,
    stretch: null,
    bytes: 400 + below(random, 4000),
    spread: random() < 0.5 ? 0 : 0.2,
  })),
  ...Array.from({ length: 24 }, (_, i) => ({
    destination: `update${i}.example.net`,
    kind: 'update check',
    share: 0.05 + 0.8 * random(),
    seconds: hour * (1 + below(random, 8)),
    jitter: random() * 0.3,
    stretch: null,
    bytes: 800 + below(random, 2000),
    spread: 0.05,
  })),
  ...Array.from({ length: 12 }, (_, i) => ({
    destination: `ticker${i}.example.org`,
    kind: 'ticker',
    share: 0.01 + 0.1 * random(),
    seconds: 5 + below(random, 60),
    jitter: 0.02,
    stretch: hour * (0.5 + 4 * random()),
    bytes: 1000 + below(random, 3000),
    spread: 0.4,
  })),
  ...Array.from({ length: 3 }, (_, i) => ({
    destination: `mail${i}.example.com`,
    kind: 'mail',
    share: 0.3 + 0.6 * random(),
    seconds: 60 + below(random, 240),
    jitter: 0.1,
    stretch: null,
    bytes: 900,
    spread: 0.8,
  })),
]

const serviceOf = (random: Random, client: number, on: Presence, service: Service): PairTraffic => {
  const { stretch, seconds, jitter, bytes, spread } = service
  const from = stretch === null ? on.from : on.from + random() * Math.max(0, on.to - on.from - stretch)
  const presence = stretch === null ? on : { from, to: Math.min(on.to, from + stretch) }
  const size = (): number => Math.round(spread === 0 ? bytes : logNormal(random, bytes, spread))
  const moments = calls(random, presence, seconds, jitter, size)
  return { client, destination: service.destination, kind: service.kind, moments: inside(moments, on) }
}

/** One client in 200 has a harmless program of its own that calls home by the clock. */
const clientsPerLoneProgram = 200

/**
 * A harmless day of so many clients: browsing, sites of one's own, pollers, update checks, tickers, mail. Lone programs
 * are there too, 1 for 200 clients: by rhythm, prevalence and age they are what beacons are.
 */
export const harmlessDay = (random: Random, clients: number): PairTraffic[] => {
  const offered = services(random)
  const pairs = Array.from({ length: clients }, (_, client) => {
    const on = presenceOf(random)
    const lone: Service = {
      destination: `lone${client}.example.org`,
      kind: 'lone program',
      share: 1,
      seconds: 600 * (1 + below(random, 18)),
      jitter: 0.02,
      stretch: null,
      bytes: 700,
      spread: 0,
    }
    return [
      ...browsing(random, client, on, 4000),
      ...ownSites(random, client, on),
      ...offered
        .filter(({ share }) => random() < share)
        .map((service) => serviceOf(random, client, on, service)),
      ...(client % clientsPerLoneProgram === 100 ? [serviceOf(random, client, on, lone)] : []),
    ]
  })
  return pairs.flat().filter(({ moments }) => moments.length > 0)
}

export interface BeaconSettings {
  /** Seconds between two check-ins. */
  readonly sleep: number
  /** Each sleep is up to this share longer or shorter. */
  readonly jitter: number
  readonly presenceHours: number
}

/** The share of check-ins that do not come. */
const missedShare = 0.02

/** A beacon somewhere in the day, to a destination of its own; its sizes differ by a few bytes. */
export const beaconPair = (
  random: Random,
  client: number,
  destination: string,
  { sleep, jitter, presenceHours }: BeaconSettings,
): PairTraffic => {
  const length = Math.min(day, presenceHours * hour)
  const from = random() * (day - length)
  const base = 600 + below(random, 3000)
  const all = calls(random, { from, to: from + length }, sleep, jitter, () => base + below(random, 16))
  return { client, destination, kind: 'beacon', moments: all.filter(() => random() >= missedShare) }
}
