/**
 * People in the shop: some look around, some search, some fill a cart, and a few of those pay.
 *
 * @module
 */
import { below, geometric, pick, scramble, zipf, type Random } from '../draw.ts'
import { loginPath, origin, word } from '../site.ts'
import type { Life } from '../week/agenda.ts'
import { carrierAddress, customerOffice, homeAddress, outsideService } from '../week/places.ts'
import { ask, read, view, type Browser, type ShopStage } from './browser.ts'
import { linkIsWrong, shopAt, type Shop } from './state.ts'

export type Whence = 'home' | 'phone' | 'office'

/** Of so many people most come once, some every week, and a few several times a day. */
const personOf = (random: Random, people: number): number =>
  random() < 0.35 ? Math.floor((people / 20) * random() ** 1.25) : below(random, people)

const agentOf = (shop: Shop, person: number): string =>
  shop.agents[zipf(() => scramble(person ^ 0x2545) / 2 ** 32, shop.agents.length)] ?? ''

const newBrowser = (shop: Shop, stage: ShopStage, whence: Whence, people: number): Browser => {
  const { random } = stage
  const person = personOf(random, people)
  const office = zipf(random, 8)
  const client =
    whence === 'home'
      ? homeAddress(person)
      : whence === 'phone'
        ? carrierAddress(random, person)
        : customerOffice(office)
  const colleague = 1_000_000 + office * 100 + below(random, 60)
  const returns = random() < 0.45
  return {
    shop,
    stage,
    client,
    agent: agentOf(shop, whence === 'office' ? colleague : person),
    http: scramble(person) % 5 > 0 ? '2.0' : '1.1',
    kept: returns ? Math.max(0, shopAt(stage.nowS).release - (random() < 0.3 ? 1 : 0)) : null,
    at: '-',
    blocksScripts: scramble(person + 3) % 29 === 0,
  }
}

const sources = [
  'https://search.example.com/',
  'https://social.example.com/l/',
  'https://news.example.com/today',
] as const

/** A search, letter by letter where the page suggests words, and some pages of what it found. */
function* search(browser: Browser): Life {
  const { random } = browser.stage
  const wanted = `${word(random)}${random() < 0.6 ? `+${word(random)}` : ''}`
  if (!browser.blocksScripts && random() < 0.7) {
    for (let letters = 3; letters < wanted.length; letters += 1 + below(random, 3)) {
      ask(browser, `/api/v2/suggest?q=${wanted.slice(0, letters)}`, { bytes: 310 })
      if (random() < 0.4) yield 1
    }
  }
  // Typed from memory, some searches hold what no shop has.
  const odd = random() < 0.02 ? `${wanted}+%26+${word(random)}%27s+%3C${below(random, 60)}%E2%82%AC` : wanted
  for (let page = geometric(random, 1.5), n = 1; page > 0; page--, n++) {
    const target = `/shop/search?q=${odd}${n === 1 ? '' : `&page=${n}`}${random() < 0.2 ? `&sort=${pick(random, ['price', 'newest', 'rating'])}` : ''}`
    yield* view(browser, target, 3, { bytes: 21_000 + below(random, 6000) })
    yield* read(browser, 12)
  }
}

function* browse(browser: Browser, pages: number): Life {
  const { shop, stage } = browser
  for (let left = pages; left > 0; left--) {
    const rank = zipf(stage.random, shop.site.pages.length)
    const path = shop.site.pages[rank]?.path ?? '/'
    const campaign =
      browser.at === '-' && stage.random() < 0.1
        ? `?utm_source=ads&utm_campaign=${below(stage.random, 40)}`
        : ''
    if (!(yield* view(browser, path + campaign, rank)) && stage.random() < 0.4) return
    yield* read(browser)
  }
}

/** A password right away, or after a few tries; some have it mailed. @returns whether they got in */
function* logIn(browser: Browser): Generator<number, boolean> {
  const { random } = browser.stage
  yield* view(browser, loginPath, 5, { bytes: 7200 })
  yield* read(browser, 9)
  const wrong = random() < 0.86 ? 0 : random() < 0.75 ? 1 : 2 + below(random, 4)
  for (let i = 0; i < wrong; i++) {
    ask(browser, loginPath, { method: 'POST', status: 401, bytes: 1840, referrer: origin + loginPath })
    yield 4 + below(random, 25)
  }
  if (wrong > 2 && random() < 0.6) {
    ask(browser, '/account/reset', { method: 'POST', status: 302, bytes: 0 })
    if (random() < 0.3) return false
    yield 60 + below(random, 400)
    yield* view(
      browser,
      `/account/reset/${(scramble(below(random, 1e9)) >>> 0).toString(36)}${below(random, 1e9).toString(36)}`,
      5,
      { bytes: 6900 },
    )
    ask(browser, '/account/password', { method: 'POST', status: 302, bytes: 0 })
  }
  const passed =
    ask(browser, loginPath, { method: 'POST', status: 302, bytes: 0, referrer: origin + loginPath }) === 302
  if (passed) yield* view(browser, '/account', 5, { bytes: 8800 })
  return passed
}

/** The provider tells the shop how it went; twice where the first was not acknowledged. */
const paymentCallback = (browser: Browser, order: number): void => {
  const { stage } = browser
  const provider: Browser = {
    ...browser,
    client: outsideService(below(stage.random, 4)),
    agent: 'ExamplePay-Hook/3.1',
    http: '1.1',
  }
  const told = { method: 'POST', status: 200, bytes: 2, referrer: '-' }
  if (ask(provider, `/payments/callback/${order.toString(36)}`, told) !== 200)
    ask(provider, `/payments/callback/${order.toString(36)}`, told)
}

function* checkOut(browser: Browser): Life {
  const { random } = browser.stage
  yield* view(browser, '/cart', 4, { bytes: 11_300 })
  yield* read(browser, 14)
  if (random() < 0.45) return
  if (!(yield* logIn(browser))) return
  for (const step of ['address', 'delivery', 'payment']) {
    yield* view(browser, `/checkout/${step}`, 4, { bytes: 9400 })
    yield* read(browser, 22)
    ask(browser, `/checkout/${step}`, { method: 'POST', status: random() < 0.04 ? 422 : 303, bytes: 0 })
  }
  const order = scramble(Math.floor(browser.stage.nowS) ^ below(random, 1e6))
  for (let polls = 2 + below(random, 9); polls > 0; polls--) {
    yield 2
    ask(browser, `/checkout/status/${order.toString(36)}`, { bytes: 61 })
  }
  paymentCallback(browser, order)
  yield* view(browser, `/checkout/thanks?order=${order.toString(36)}`, 4, { bytes: 8800 })
}

/** One visit. */
export const customer = (shop: Shop, whence: Whence, people: number) =>
  function* (stage: ShopStage): Life {
    const { random } = stage
    const browser = newBrowser(shop, stage, whence, people)
    const from = random()
    browser.at = from < 0.42 ? '-' : from < 0.85 ? sources[0] : pick(random, sources)
    if (random() < 0.35) yield* view(browser, '/', 0)
    yield* browse(browser, geometric(random, 2.4))
    if (random() < 0.3) yield* search(browser)
    if (whence === 'phone' && random() < 0.1) browser.client = carrierAddress(random, below(random, 6))
    if (random() < 0.16) {
      for (let items = geometric(random, 1.6); items > 0; items--) {
        yield* browse(browser, 1)
        ask(browser, '/cart/items', { method: 'POST', status: 201, bytes: 380 })
      }
      yield* checkOut(browser)
    } else if (random() < 0.04 && (yield* logIn(browser))) {
      for (let orders = geometric(random, 2); orders > 0; orders--) {
        yield* view(browser, `/account/orders/${100_000 + below(random, 900_000)}`, 5, { bytes: 7900 })
        yield* read(browser)
      }
    }
  }

/** Somebody opens the newsletter's link, which is wrong at first: nothing there, and most try once more. */
export const newsletterReader = (shop: Shop, people: number) =>
  function* (stage: ShopStage): Life {
    const browser = newBrowser(shop, stage, stage.random() < 0.5 ? 'phone' : 'home', people)
    const target = '/collections/spring-salee?utm_source=newsletter&utm_medium=email'
    if (linkIsWrong(stage.nowS)) {
      for (let tries = geometric(stage.random, 1.5); tries > 0; tries--) {
        ask(browser, target, { status: 404, bytes: 5160 })
        yield 3 + below(stage.random, 20)
      }
      if (stage.random() < 0.5) return
    } else ask(browser, target, { status: 301, bytes: 178 })
    yield* browse(browser, geometric(stage.random, 3))
  }
