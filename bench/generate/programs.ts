/**
 * Programs that are welcome: crawlers, the shop's app, feed readers, monitors.
 *
 * @module
 */
import { serviceAddress } from './addresses.ts'
import { appAgent, crawlerAgent, feedAgent } from './agents.ts'
import { below, exponential, geometric, pick, zipf, type Random } from './draw.ts'
import type { Request } from './request.ts'
import type { Actor } from './simulate.ts'
import { feedPath, type Site } from './site.ts'

/** A search engine's machine: a page every `gapS` seconds or so, evenly over the site. */
export const crawler = (random: Random, site: Site, n: number, gapS: number): Actor => {
  const base = {
    client: serviceAddress(n),
    agent: crawlerAgent(n),
    method: 'GET',
    http: '1.1',
    referrer: '-',
  } as const
  let rulesReadS = -Infinity
  return (nowS, emit) => {
    if (nowS - rulesReadS > 86_400) {
      rulesReadS = nowS
      emit({ ...base, target: '/robots.txt', status: 200, bytes: 312 })
    } else {
      const page = site.pages[below(random, site.pages.length)]
      const luck = random()
      const status = luck < 0.8 ? 200 : luck < 0.93 ? 304 : luck < 0.97 ? 301 : 404
      const bytes = status === 200 ? (page?.bytes ?? 0) : status === 304 ? 0 : 420
      emit({ ...base, target: page?.path ?? '/', status, bytes })
    }
    return Math.max(1, exponential(random, gapS))
  }
}

/** App, system and phone together. */
const appVersions = 600

/** A session of the shop's app: bursts of calls while somebody looks at it. */
export const app = (random: Random, site: Site, client: string, n: number): Actor => {
  const base = { client, agent: appAgent(n % appVersions), http: '2.0', referrer: '-' } as const
  let screens = geometric(random, 5)
  return (_, emit) => {
    const calls = 1 + below(random, 5)
    for (let i = 0; i < calls; i++) {
      const endpoint = site.endpoints[zipf(random, site.endpoints.length)]
      if (endpoint === undefined) continue
      const id = zipf(random, 500)
      const target =
        random() < 0.4
          ? `${endpoint.path}/${id}`
          : `${endpoint.path}?limit=20&offset=${20 * zipf(random, 25)}&device=${(n >>> 0).toString(16)}`
      const luck = random()
      const status = luck < 0.95 ? 200 : luck < 0.97 ? 204 : luck < 0.985 ? 401 : luck < 0.997 ? 404 : 502
      const bytes = status === 200 ? endpoint.bytes + below(random, 1500) : status === 204 ? 0 : 96
      emit({ ...base, method: random() < 0.82 ? 'GET' : 'POST', target, status, bytes })
    }
    return --screens > 0 ? 1 + exponential(random, 9) : undefined
  }
}

/** Fetches one thing at a steady pace, around the clock. */
const poller =
  (
    base: Omit<Request, 'status' | 'bytes'>,
    gapS: number,
    next: () => Pick<Request, 'status' | 'bytes'>,
  ): Actor =>
  (_, emit) => {
    emit({ ...base, ...next() })
    return gapS
  }

export const feedReader = (random: Random, client: string, n: number): Actor => {
  const base = {
    client,
    agent: feedAgent(n),
    method: 'GET',
    target: feedPath,
    http: '1.1',
    referrer: '-',
  } as const
  return poller(base, pick(random, [900, 1800, 1800, 3600]) + below(random, 20), () =>
    random() < 0.93 ? { status: 304, bytes: 0 } : { status: 200, bytes: 48_210 },
  )
}

export const monitor = (random: Random, n: number, gapS: number): Actor => {
  const agent = `ExampleMonitor/2.${n % 4} (+https://monitor.example.com/)`
  const base = {
    client: serviceAddress(200 + n),
    agent,
    target: '/health',
    http: '1.1',
    referrer: '-',
  } as const
  return poller({ ...base, method: n % 2 === 0 ? 'GET' : 'HEAD' }, gapS, () =>
    random() < 0.9995 ? { status: 200, bytes: n % 2 === 0 ? 15 : 0 } : { status: 503, bytes: 0 },
  )
}
