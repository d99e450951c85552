/**
 * Programs in the shop that are welcome, or at least harmless: crawlers that say who they are, monitors, readers of
 * feeds, and the forgotten ones that ask for what has long been gone.
 *
 * @module
 */
import { crawlerAgent, feedAgent } from '../agents.ts'
import { below, exponential, pick, scramble } from '../draw.ts'
import type { Request } from '../request.ts'
import { feedPath, loginPath, origin } from '../site.ts'
import type { Life } from '../week/agenda.ts'
import { dayS, hourAt, working } from '../week/calendar.ts'
import {
  crawlerAddress,
  customerOffice,
  homeAddress,
  outsideService,
  partnerAddress,
} from '../week/places.ts'
import type { ShopStage } from './browser.ts'
import { assetOf, shopAt, type Shop } from './state.ts'

type Told = Pick<Request, 'client' | 'agent'> & Partial<Request>

/** A program's request: without a referrer, as it comes. */
const tell = (stage: ShopStage, told: Told, target: string, status = 200, bytes = 900): void => {
  const down = stage.random() < shopAt(stage.nowS).errors
  stage.say({
    method: 'GET',
    http: '1.1',
    referrer: '-',
    ...told,
    target,
    status: down ? 502 : status,
    bytes: down ? 552 : status === 304 || status === 204 ? 0 : bytes,
  })
}

export type Resident = (stage: ShopStage) => Life

/** A search engine: a handful of machines that share the work, rules and maps first, a page every `gapS`. */
export const crawler = (shop: Shop, n: number, gapS: number): Resident =>
  function* (stage) {
    const { random } = stage
    const { pages } = shop.site
    const agent = crawlerAgent(n)
    let rulesReadS = 0
    for (;;) {
      const client = crawlerAddress(n * 8 + below(random, 1 + (n % 6)))
      if (stage.nowS - rulesReadS > dayS / 2) {
        rulesReadS = stage.nowS
        tell(stage, { client, agent }, '/robots.txt', 200, 312)
        yield 2
        tell(stage, { client, agent }, `/sitemap-${1 + below(random, 9)}.xml`, 200, 210_000)
      }
      const page = pages[below(random, pages.length)]
      const luck = random()
      const status = luck < 0.72 ? 200 : luck < 0.9 ? 304 : luck < 0.94 ? 301 : luck < 0.985 ? 404 : 410
      tell(stage, { client, agent }, page?.path ?? '/', status, page?.bytes)
      yield exponential(random, gapS)
    }
  }

/** Looks at everything once a week, two pages a second, at night: a service that rates sites, by its own name. */
export const nightlyAudit = (shop: Shop): Resident =>
  function* (stage) {
    const told = {
      client: crawlerAddress(190),
      agent: 'ExampleAudit/7.2 (+https://audit.example.com/crawler)',
    }
    for (;;) {
      while (Math.floor(hourAt(stage.nowS)) !== 2) yield 1200
      for (let i = 0; i < 5400; i++) {
        const page = shop.site.pages[(i * 7) % shop.site.pages.length]
        tell(stage, told, page?.path ?? '/', stage.random() < 0.97 ? 200 : 404, page?.bytes)
        if (i % 2 === 0) yield 1
      }
      yield 6.5 * dayS
    }
  }

/** Whether it is up, from three places. */
export const monitor = (n: number): Resident =>
  function* (stage) {
    const told = {
      client: outsideService(20 + n),
      agent: `ExampleMonitor/2.${n} (+https://monitor.example.com/)`,
    }
    for (;;) {
      tell(stage, { ...told, method: n % 2 === 0 ? 'GET' : 'HEAD' }, '/health', 200, 15)
      yield n === 2 ? 30 : 60
    }
  }

/** A robot customer that buys something every ten minutes, to see that one can. */
export const testCustomer = (shop: Shop): Resident =>
  function* (stage) {
    const agent =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/145.0.0.0 Safari/537.36'
    const told = { client: outsideService(24), agent, http: '2.0' as const }
    for (;;) {
      tell(stage, told, '/', 200, 14_000)
      for (const shared of shop.site.shared)
        tell(stage, told, assetOf(shared, shopAt(stage.nowS).release), 200, shared.bytes)
      yield 3
      tell(stage, told, loginPath, 200, 7200)
      tell(stage, { ...told, method: 'POST', referrer: origin + loginPath }, loginPath, 302)
      yield 2
      tell(stage, told, shop.site.pages[12]?.path ?? '/', 200, 16_000)
      tell(stage, { ...told, method: 'POST' }, '/cart/items', 201, 380)
      yield 4
      tell(stage, told, '/checkout/address', 200, 9400)
      yield 590
    }
  }

/** A partner that fetches our goods every hour, and pictures of those that are new. */
export const partnerFeed = (shop: Shop): Resident =>
  function* (stage) {
    const told = { client: partnerAddress(3), agent: 'okhttp/4.12.0', user: 'partner-north' }
    for (;;) {
      tell(stage, told, '/partner/feed/products.xml?since=1h', 200, 180_000 + below(stage.random, 40_000))
      yield 20
      for (let i = below(stage.random, 60); i > 0; i--) {
        const image = shop.site.images[below(stage.random, shop.site.images.length)]
        if (image !== undefined) tell(stage, told, image.path, stage.random() < 0.96 ? 200 : 404, image.bytes)
        if (i % 3 === 0) yield 1
      }
      yield 3540 + below(stage.random, 60)
    }
  }

/** Compares prices: the same few hundred goods, every two hours, and says that nothing changed. */
export const priceService = (shop: Shop): Resident =>
  function* (stage) {
    const told = { client: outsideService(30), agent: 'ExamplePrices/1.9 (+https://prices.example.com/)' }
    for (;;) {
      for (let i = 0; i < 240; i++) {
        const page = shop.site.pages[20 + i * 9]
        tell(stage, told, page?.path ?? '/', stage.random() < 0.8 ? 304 : 200, page?.bytes)
        yield 2 + exponential(stage.random, 3)
      }
      yield 7200
    }
  }

export const feedReader = (n: number): Resident =>
  function* (stage) {
    const told = { client: homeAddress(59_000 + n), agent: feedAgent(n) }
    const gapS = pick(stage.random, [900, 1800, 1800, 3600]) + below(stage.random, 20)
    for (;;) {
      tell(stage, told, feedPath, stage.random() < 0.93 ? 304 : 200, 48_210)
      yield gapS
    }
  }

/** A display in a shop window that still asks for an interface that was switched off last year. */
export const forgottenDisplay = (n: number): Resident =>
  function* (stage) {
    const told = { client: customerOffice(9 + n), agent: 'SignagePlayer/1.4.2' }
    for (;;) {
      tell(stage, told, `/api/v0/teaser?store=${n + 1}`, 404, 548)
      yield 60
    }
  }

/** Somebody's table that draws prices from our pages, each weekday when it is opened. */
export const spreadsheet = (shop: Shop, n: number): Resident =>
  function* (stage) {
    const told = { client: customerOffice(n), agent: 'Microsoft Office/16.0 (Windows NT 10.0; Excel 16.0)' }
    for (;;) {
      yield exponential(stage.random, 9000)
      if (stage.random() > working(stage.nowS)) continue
      for (let i = 0; i < 35; i++) {
        const page = shop.site.pages[(scramble(n) + i * 3) % shop.site.pages.length]
        tell(stage, told, page?.path ?? '/', i % 17 === 5 ? 404 : 200, page?.bytes)
        if (i % 4 === 0) yield 1
      }
    }
  }

/** Somebody else's page shows a picture of ours that is gone: all their readers ask for it. */
export const hotlinked = (shop: Shop) =>
  function* (stage: ShopStage): Life {
    const { random } = stage
    const agent = shop.agents[below(random, shop.agents.length)] ?? ''
    const told = {
      client: homeAddress(below(random, 60_000)),
      agent,
      referrer: 'https://forum.example.net/viewtopic.php?t=4711',
    }
    tell(stage, told, '/media/old/banner-2019.gif', 404, 548)
    yield 1
    if (random() < 0.5) tell(stage, told, '/favicon.ico', 404, 548)
  }

/** A link in a chat is opened by the chat itself first. */
export const linkPreview = (shop: Shop) =>
  function* (stage: ShopStage): Life {
    const { random } = stage
    const told = {
      client: outsideService(40 + below(random, 20)),
      agent: 'ExampleChatPreview/1.0 (+https://chat.example.org/preview)',
    }
    const page = shop.site.pages[below(random, 2000)]
    tell(stage, { ...told, method: 'HEAD' }, page?.path ?? '/', 200, 0)
    yield 1
    tell(stage, told, page?.path ?? '/', 200, page?.bytes)
  }
