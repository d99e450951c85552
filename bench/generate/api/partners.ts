/**
 * Programs of partners that call the API with a key: pollers, batches at night, shops of others, and what is wrong
 * with some of them.
 *
 * @module
 */
import { below, exponential, geometric, scramble, zipf } from '../draw.ts'
import type { Life } from '../week/agenda.ts'
import { dayAt, dayS, hourAt, momentS, special, working } from '../week/calendar.ts'
import { hexText, oneOf, partnerAddress } from '../week/places.ts'
import { call, insist, type ApiStage, type Caller } from './line.ts'

export type ApiResident = (stage: ApiStage) => Life

const agents = [
  'python-requests/2.32.3',
  'okhttp/4.12.0',
  'Go-http-client/2.0',
  'axios/1.7.9',
  'Apache-HttpClient/5.4 (Java/21.0.5)',
  'GuzzleHttp/7',
  'example-sdk-php/3.8.1',
  'example-sdk-js/5.2.0',
  'Faraday v2.12.2',
] as const

const keyOf = (n: number): string => `key_${(scramble(n + 77) >>> 4).toString(36)}`

export const partner = (n: number, machine = 0): Caller => ({
  client: partnerAddress(10 + n * 4 + machine),
  key: keyOf(n),
  agent: oneOf(agents, n),
})

/** Tokens live for an hour: what is called with an old one is refused, and called again with a new one. */
export function* renew(stage: ApiStage, caller: Caller, refused: string): Life {
  call(stage, caller, refused, { status: 401, bytes: 87 })
  yield 1
  yield* insist(stage, caller, '/oauth/token', { method: 'POST', bytes: 1100 })
}

const things = [
  'orders',
  'products',
  'stock',
  'prices',
  'shipments',
  'customers',
  'returns',
  'invoices',
] as const

/** What is new since the last time? Day and night, every so many seconds. */
export const poller = (n: number): ApiResident =>
  function* (stage) {
    const { random } = stage
    const caller = partner(n, 0)
    const everyS = oneOf([30, 60, 60, 120, 300, 300, 900], n + 5)
    const thing = oneOf(things, n + 9)
    let tokenS = stage.nowS
    for (;;) {
      const target = `/v2/${thing}?updated_since=${Math.floor(stage.nowS / 60) * 60 - everyS}&limit=100`
      if (stage.nowS - tokenS > 3600) {
        tokenS = stage.nowS
        yield* renew(stage, caller, target)
      }
      const status = yield* insist(stage, caller, target, { bytes: random() < 0.7 ? 64 : 5200 })
      if (status === 200 && random() < 0.25) {
        for (let changed = geometric(random, 2); changed > 0; changed--)
          call(stage, caller, `/v2/${thing}/${100_000 + below(random, 900_000)}`, {
            status: random() < 0.004 ? 404 : 200,
            bytes: 1900,
          })
      }
      yield Math.max(1, everyS * (0.97 + 0.06 * random()))
    }
  }

/** At night everything is fetched, page by page, as fast as the limit allows. */
export const nightBatch = (n: number, hour: number, pages: number): ApiResident =>
  function* (stage) {
    const { random } = stage
    const thing = oneOf(things, n)
    for (;;) {
      const passed = hourAt(stage.nowS)
      yield ((hour - passed + 24) % 24) * 3600 + below(random, 300)
      const caller = partner(n, dayAt(stage.nowS) % 2)
      yield* insist(stage, caller, '/oauth/token', { method: 'POST', bytes: 1100 })
      for (let page = 1, limited = 0; page <= pages; page++) {
        const target = `/v2/${thing}?page=${page}&per_page=250`
        if (random() < 0.02 && limited < 40) {
          limited++
          call(stage, caller, target, { status: 429, bytes: 102 })
          yield 5 + below(random, 20)
        }
        yield* insist(stage, caller, target, { bytes: 88_000, seconds: 0.4 })
        if (page % 3 === 0) yield 1
      }
      yield 3600
    }
  }

/** A shop of others sells our goods: calls follow its customers. */
export const reseller = (n: number, perHour: number): ApiResident =>
  function* (stage) {
    const { random } = stage
    for (;;) {
      yield exponential(random, 3600 / Math.max(1, perHour * (0.15 + working(stage.nowS))))
      const caller = partner(n, below(random, 3))
      const sku = zipf(random, 9000)
      call(stage, caller, `/v2/stock/${10_000 + sku}`, { bytes: 240 })
      if (random() < 0.3) call(stage, caller, `/v2/prices?sku=${10_000 + sku}&currency=EUR`, { bytes: 310 })
      if (random() < 0.06) {
        const ordered = random() < 0.94 ? 201 : random() < 0.6 ? 422 : 409
        yield* insist(stage, caller, '/v2/orders', {
          method: 'POST',
          status: ordered,
          bytes: 1400,
          seconds: 0.2,
        })
      }
    }
  }

/** Its new version, from a Wednesday morning on, calls what does not exist yet, and falls back to what does. */
export const earlyAdopter = (n: number): ApiResident =>
  function* (stage) {
    const { random } = stage
    const releaseS = momentS(special.deploy + 1, 9.6)
    for (;;) {
      const updated = stage.nowS >= releaseS
      const caller = {
        ...partner(n),
        agent: updated ? 'example-sdk-js/6.0.0-beta.2' : 'example-sdk-js/5.2.0',
      }
      const id = 100_000 + below(random, 900_000)
      if (updated) call(stage, caller, `/v3/shipments/${id}/events`, { status: 404, bytes: 61 })
      call(stage, caller, `/v2/shipments/${id}`, { bytes: 1500 })
      yield exponential(random, 45 / (0.2 + working(stage.nowS)))
    }
  }

/** Its key ran out, and nobody there reads its log: refused every minute, for ever. */
export const expiredKey = (n: number, fromDay: number): ApiResident =>
  function* (stage) {
    for (;;) {
      const expired = dayAt(stage.nowS) >= fromDay
      call(
        stage,
        partner(n),
        '/v2/orders?status=open',
        expired ? { status: 401, bytes: 87 } : { bytes: 5200 },
      )
      yield 60
    }
  }

/** Somebody writes a program against the API: by hand, with mistakes, in working hours. */
export const developer = (n: number): ApiResident =>
  function* (stage) {
    const { random } = stage
    const agent = oneOf(['PostmanRuntime/7.43.0', 'curl/8.9.1', 'insomnia/10.3.0'], n)
    for (;;) {
      yield exponential(random, 14_000)
      if (random() > working(stage.nowS)) continue
      const caller = { ...partner(60 + n), agent }
      for (let tries = geometric(random, 14); tries > 0; tries--) {
        const luck = random()
        const thing = things[below(random, things.length)] ?? 'orders'
        const id = 100_000 + below(random, 900_000)
        if (luck < 0.1)
          call(stage, { client: caller.client, agent }, `/v2/${thing}`, { status: 401, bytes: 87 })
        else if (luck < 0.2)
          call(stage, caller, `/v2/${thing.slice(0, -1)}/${id}`, { status: 404, bytes: 61 })
        else if (luck < 0.28)
          call(stage, caller, `/v2/${thing}?filter[created]=>2026-01-01`, { status: 400, bytes: 144 })
        else if (luck < 0.38) call(stage, caller, `/v2/${thing}`, { method: 'POST', status: 422, bytes: 310 })
        else if (luck < 0.42)
          call(stage, caller, `/v2/${thing}/${id}`, { method: 'DELETE', status: 403, bytes: 92 })
        else if (luck < 0.5)
          call(stage, caller, random() < 0.5 ? '/openapi.json' : '/docs/', { bytes: 310_000 })
        else call(stage, caller, `/v2/${thing}/${id}`, { bytes: 1900 })
        yield 4 + exponential(random, 40)
      }
    }
  }

/** Payments and parcels tell what became of them. */
export const webhooks = (n: number, perHour: number): ApiResident =>
  function* (stage) {
    const { random } = stage
    const agent = oneOf(['ExamplePay-Hook/3.1', 'ParcelEvents/2.0'], n)
    for (;;) {
      yield exponential(random, 3600 / (perHour * (0.1 + working(stage.nowS))))
      const caller = { client: partnerAddress(400 + n * 8 + below(random, 4)), agent }
      const kind = oneOf(['payments', 'parcels'], n)
      yield* insist(stage, caller, `/hooks/${kind}/${hexText(random, 12)}`, { method: 'POST', status: 204 })
    }
  }

/** Once a week a partner's machine comes up with an empty memory, and fetches all it missed. */
export const catchUp = (n: number, day: number): ApiResident =>
  function* (stage) {
    const { random } = stage
    yield Math.max(1, momentS(day, 10.4) - stage.nowS)
    for (;;) {
      const caller = partner(n, 3)
      for (let id = 0; id < 3000; id++) {
        call(stage, caller, `/v2/products/${100_000 + ((id * 37) % 60_000)}`, {
          status: random() < 0.985 ? 200 : 404,
          bytes: 3100,
        })
        if (id % 4 === 0) yield 1
      }
      yield 7 * dayS
    }
  }
