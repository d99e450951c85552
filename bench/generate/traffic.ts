/**
 * A whole site's traffic, put together from those who make it.
 *
 * @module
 */
import { randomStream } from '../../src/models/random.ts'
import { hostileAddress, officeAddress, visitorAddress } from './addresses.ts'
import { browserAgents } from './agents.ts'
import { below, scramble, zipf, type Random } from './draw.ts'
import { guesser, scanner, scraper } from './hostile.ts'
import { app, crawler, feedReader, monitor } from './programs.ts'
import { simulate, type Actor, type Scenario } from './simulate.ts'
import { buildSite, type Site } from './site.ts'
import type { Request } from './request.ts'
import { visitor } from './visitor.ts'

export interface TrafficOptions {
  readonly lines: number
  /** Default 1. */
  readonly seed?: number
  /** Default 4. */
  readonly days?: number
  /** Whether some of it is hostile. Default true. */
  readonly hostile?: boolean
}

/** Monday, 2 March 2026, 00:00 UTC. */
export const startS = Date.UTC(2026, 2, 2) / 1000

/** Awake by day, most of all in the evening; a third less at weekends. */
export const dailyCurve = (nowS: number): number => {
  const hour = (nowS % 86_400) / 3600
  const weekend = Math.floor(nowS / 86_400 + 4) % 7
  const day =
    0.35 + 0.5 * Math.max(0, Math.sin(((hour - 6) * Math.PI) / 17)) + 0.25 * Math.exp(-((hour - 20) ** 2) / 6)
  return hour < 6 ? 0.25 * day * workday(weekend) : day * workday(weekend)
}

const workday = (weekday: number): number => (weekday === 0 || weekday === 6 ? 0.66 : 1)

const officeCurve = (nowS: number): number => {
  const hour = (nowS % 86_400) / 3600
  const weekday = Math.floor(nowS / 86_400 + 4) % 7
  return hour < 8 || hour > 18 || weekday === 0 || weekday === 6 ? 0.03 : 1
}

const shares = {
  people: 0.68,
  offices: 0.04,
  apps: 0.15,
  crawlers: 0.08,
  feeds: 0.03,
  monitors: 0.01,
  hostile: 0.01,
}

const attack = (random: Random, site: Site): Actor => {
  const client = hostileAddress(below(random, 250))
  const kind = random()
  if (kind < 0.5)
    return scanner(random, { client, requests: 60 + below(random, 400), gapS: random() < 0.6 ? 0.3 : 12 })
  if (kind < 0.75) return guesser(random, { client, requests: 50 + below(random, 600), gapS: 2 })
  return scraper(random, site, { client, requests: 300 + below(random, 2000), gapS: 1 + random() * 12 })
}

const residents = (random: Random, site: Site, lines: number, seconds: number): Actor[] => {
  const each = (share: number, count: number): number => (seconds * count) / (lines * share)
  const [crawlers, monitors, feedGapS] = [60, 6, 2000]
  const feeds = Math.max(1, Math.round((lines * shares.feeds * feedGapS) / seconds))
  return [
    ...Array.from({ length: crawlers }, (_, n) => crawler(random, site, n, each(shares.crawlers, crawlers))),
    ...Array.from({ length: monitors }, (_, n) =>
      monitor(random, n, Math.max(10, each(shares.monitors, monitors))),
    ),
    ...Array.from({ length: feeds }, (_, n) => feedReader(random, visitorAddress(0x3_0000 + n), n)),
  ]
}

/** Who is there. The same for the same options. */
export const siteTraffic = (options: TrafficOptions, random: Random): Scenario => {
  const { lines, seed = 1, days = 4, hostile = true } = options
  const seconds = days * 86_400
  const site = buildSite(seed)
  const agents = browserAgents(seed)
  const agentOf = (n: number): string => agents[zipf(() => scramble(n ^ seed) / 2 ** 32, agents.length)] ?? ''
  // About 45 requests a person over the whole time: most come once, some every day.
  const people = Math.max(50, Math.round(lines / 45))
  const person = (n: number) => ({
    client: visitorAddress(n),
    agent: agentOf(n),
    user: n % 199 === 0 ? `member${n}` : undefined,
  })
  return {
    startS,
    seconds,
    lines,
    visits: [
      {
        share: shares.people + (hostile ? 0 : shares.hostile),
        curve: dailyCurve,
        arrive: () => visitor(random, site, person(below(random, people)), random() < 0.45),
      },
      {
        share: shares.offices,
        curve: officeCurve,
        arrive: () => {
          const office = zipf(random, 8)
          const agent = agentOf(1_000_000 + office * 100 + below(random, 60))
          return visitor(random, site, { client: officeAddress(office), agent }, random() < 0.7)
        },
      },
      {
        share: shares.apps,
        curve: dailyCurve,
        arrive: () => {
          const n = below(random, Math.max(20, Math.round(people / 5)))
          return app(random, site, visitorAddress(0x4_0000 + n), n)
        },
      },
      ...(hostile ? [{ share: shares.hostile, arrive: () => attack(random, site) }] : []),
    ],
    residents: residents(random, site, lines, seconds),
  }
}

/** Calls `sink` for each request, in the order of time. The same requests for the same options. */
export const generateTraffic = (
  options: TrafficOptions,
  sink: (nowS: number, request: Request) => void,
): void => {
  const random = randomStream((options.seed ?? 1) ^ 0x51ed270b)
  simulate(siteTraffic(options, random), random, sink)
}
