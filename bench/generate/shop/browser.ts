/**
 * What a browser does in the shop: pages with what they need, and what scripts ask for meanwhile.
 *
 * @module
 */
import { below, logNormal, scramble, type Random } from '../draw.ts'
import type { Request } from '../request.ts'
import { origin, type Resource } from '../site.ts'
import type { Stage } from '../week/agenda.ts'
import { assetOf, shopAt, type Shop } from './state.ts'

export type ShopStage = Stage<Request>

/** Somebody's browser, for one visit. */
export interface Browser {
  readonly shop: Shop
  readonly stage: ShopStage
  /** A phone may change its address on the way. */
  client: string
  readonly agent: string
  readonly http: Request['http']
  /** The release its pages are of; null where nothing is kept. */
  kept: number | null
  at: string
  readonly blocksScripts: boolean
}

export interface Answer {
  readonly status?: number
  readonly bytes?: number
  readonly method?: string
  readonly referrer?: string
}

/** One request; an overloaded shop may answer otherwise than it was meant. @returns the status */
export const ask = (browser: Browser, target: string, answer: Answer = {}): number => {
  const { stage, client, agent, http } = browser
  const { status = 200, bytes = 900, method = 'GET', referrer = browser.at } = answer
  const { errors } = shopAt(stage.nowS)
  const broken = stage.random() < errors
  const told = broken ? (stage.random() < 0.7 ? 502 : 503) : status
  stage.say({
    client,
    method,
    target,
    http,
    status: told,
    bytes: broken ? 552 : told === 304 || told === 204 ? 0 : bytes,
    referrer,
    agent,
  })
  return told
}

/** Scripts and styles of the release; a browser that kept older pages asks for what is gone. */
const askShared = (browser: Browser, referrer: string): void => {
  const { shop, stage } = browser
  const { random } = stage
  const { release } = shopAt(stage.nowS)
  const stale = browser.kept !== null && browser.kept < release && random() < 0.12
  for (const shared of shop.site.shared) {
    if (stale && random() < 0.4) {
      ask(browser, assetOf(shared, browser.kept ?? 0), { status: 404, bytes: 548, referrer })
      continue
    }
    const luck = random()
    if (browser.kept === release && luck < 0.88) continue
    const fresh = browser.kept === release && luck < 0.97
    ask(browser, assetOf(shared, release), { status: fresh ? 304 : 200, bytes: shared.bytes, referrer })
  }
  browser.kept = release
}

const pictures = (browser: Browser, rank: number, referrer: string): void => {
  const { shop, stage } = browser
  const { images } = shop.site
  for (let i = scramble(rank) % 8; i > 0; i--) {
    const image = images[(rank * 7 + i) % images.length]
    if (image === undefined || stage.random() < 0.3) continue
    // Some pictures were deleted long ago, and their pages still show them.
    const gone = scramble(rank * 11 + i) % 90 === 0
    ask(browser, image.path, { status: gone ? 404 : 200, bytes: gone ? 548 : image.bytes, referrer })
  }
}

const stock = (browser: Browser, rank: number, referrer: string): void => {
  const broken = shopAt(browser.stage.nowS).stockBroken
  const told = { status: broken ? 500 : 200, bytes: broken ? 96 : 240, referrer }
  ask(browser, `/api/v2/stock?sku=${10_000 + rank}`, told)
  if (broken && browser.stage.random() < 0.5) ask(browser, `/api/v2/stock?sku=${10_000 + rank}`, told)
}

const moved = (random: Random, page: Resource): Answer => {
  const luck = random()
  if (luck < 0.985) return { bytes: page.bytes + below(random, 900) }
  if (luck < 0.992) return { status: 301, bytes: 178 }
  return { status: 404, bytes: 5120 + below(random, 64) }
}

/** A page, what it needs, and what its scripts ask for. @returns whether it was there */
export function* view(
  browser: Browser,
  target: string,
  rank: number,
  answer?: Answer,
): Generator<number, boolean> {
  const { shop, stage } = browser
  const page = shop.site.pages[rank % shop.site.pages.length] ?? { path: target, bytes: 9000 }
  const status = ask(browser, target, answer ?? moved(stage.random, page))
  if (status !== 200) return false
  const url = origin + target
  browser.at = url
  yield 1
  if (!browser.blocksScripts) askShared(browser, url)
  pictures(browser, rank, url)
  if (browser.blocksScripts) return true
  if (target.startsWith('/shop/')) stock(browser, rank, url)
  if (stage.random() < 0.75) ask(browser, '/events', { method: 'POST', status: 204, referrer: url })
  return true
}

/** Somebody reads; the page tells now and then that it is still open. */
export function* read(browser: Browser, medianS = 17): Generator<number> {
  const { random } = browser.stage
  const seconds = Math.min(1800, 2 + logNormal(random, medianS, 1.1))
  if (seconds < 60 || browser.blocksScripts) {
    yield seconds
    return
  }
  for (let left = seconds; left > 0; left -= 60) {
    yield Math.min(60, left)
    if (left > 60) ask(browser, '/events', { method: 'POST', status: 204 })
  }
}
