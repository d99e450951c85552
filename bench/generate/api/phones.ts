/**
 * The shop's app on phones: many versions at once, a new one from one day to the next, and phones that lose the net.
 *
 * @module
 */
import { below, exponential, geometric, scramble, zipf, type Random } from '../draw.ts'
import type { Life } from '../week/agenda.ts'
import { dayAt } from '../week/calendar.ts'
import { carrierAddress, phoneAddress } from '../week/places.ts'
import { call, insist, type ApiStage, type Caller } from './line.ts'

const models = ['SM-S911B', 'SM-A546B', 'Pixel 8 Pro', 'moto g54 5G', '2201117TY', 'CPH2449'] as const

/** The new version reaches a tenth of those who have not got it yet each day from the second day on. */
const versionOf = (phone: number, day: number): string => {
  const share = 1 - 0.88 ** Math.max(0, day - 1)
  if ((scramble(phone ^ 0x77) % 1000) / 1000 < share) return '5.0.0'
  const old = scramble(phone) % 100
  return old < 62 ? '4.22.1' : old < 82 ? '4.21.3' : `4.${20 - (old % 17)}.${old % 4}`
}

const agentOf = (phone: number, day: number): string =>
  scramble(phone + 5) % 5 < 3
    ? `ExampleShop/${versionOf(phone, day)} (Android ${11 + (phone % 5)}; ${models[phone % models.length] ?? ''}) okhttp/4.12.0`
    : `ExampleShop/${versionOf(phone, day)} (com.example.shop; iOS ${16 + (phone % 3)}.${phone % 7}.0) Alamofire/5.9.1`

const screen = (random: Random, phone: number): string => {
  const luck = random()
  if (luck < 0.35) return `/app/v1/products/${10_000 + zipf(random, 9000)}`
  if (luck < 0.6) return `/app/v1/lists/${zipf(random, 60)}?limit=20&offset=${20 * zipf(random, 20)}`
  if (luck < 0.75) return `/app/v1/search?q=${zipf(random, 4000).toString(36)}&limit=20`
  if (luck < 0.85) return `/app/v1/me/${scramble(phone).toString(16)}/orders`
  return luck < 0.94 ? '/app/v1/cart' : '/app/v1/recommendations'
}

/** One use of the app. */
export const appSession = (people: number) =>
  function* (stage: ApiStage): Life {
    const { random } = stage
    const phone = random() < 0.4 ? Math.floor((people / 15) * random() ** 1.3) : below(random, people)
    const outside = random() < 0.55
    let caller: Caller = {
      client: outside ? carrierAddress(random, phone) : phoneAddress(phone),
      agent: agentOf(phone, dayAt(stage.nowS)),
    }
    const version = versionOf(phone, dayAt(stage.nowS))
    call(stage, caller, `/app/v1/config?v=${version}`, { status: random() < 0.6 ? 304 : 200, bytes: 5100 })
    if (random() < 0.3) {
      // The app's token has run out: one refusal, then a new one; some have to log in again.
      call(stage, caller, '/app/v1/cart', { status: 401, bytes: 87 })
      yield 1
      const lost = random() < 0.12
      call(stage, caller, '/app/v1/token/refresh', {
        method: 'POST',
        status: lost ? 401 : 200,
        bytes: lost ? 87 : 1100,
      })
      if (lost) {
        for (let wrong = random() < 0.8 ? 0 : geometric(random, 1.6); wrong > 0; wrong--) {
          yield 8 + exponential(random, 12)
          call(stage, caller, '/app/v1/login', { method: 'POST', status: 401, bytes: 112 })
        }
        yield 10
        call(stage, caller, '/app/v1/login', { method: 'POST', bytes: 1300 })
      }
    }
    for (let screens = geometric(random, 4.5); screens > 0; screens--) {
      for (let calls = 1 + below(random, 4); calls > 0; calls--) {
        const luck = random()
        const status = luck < 0.972 ? 200 : luck < 0.985 ? 204 : luck < 0.996 ? 404 : 400
        yield* insist(stage, caller, screen(random, phone), { status, bytes: 2600 })
      }
      if (random() < 0.08)
        call(stage, caller, '/app/v1/cart/items', { method: 'POST', status: 201, bytes: 260 })
      if (outside && random() < 0.05) caller = { ...caller, client: carrierAddress(random, phone + 1) }
      yield 2 + exponential(random, 11)
    }
    if (random() < 0.2)
      call(stage, caller, '/app/v1/telemetry', {
        method: 'POST',
        status: random() < 0.97 ? 202 : 413,
        bytes: 2,
      })
  }
