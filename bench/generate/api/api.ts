/**
 * An invented shop's API, for partners and for its app: a benign week as NGINX logs it, in JSON.
 *
 * @module
 */
import { exponential } from '../draw.ts'
import type { WeekOptions } from '../week/options.ts'
import { play, type Crowd } from '../week/agenda.ts'
import { dayS, leisure, saleFactor, weekStartS } from '../week/calendar.ts'
import { serverAddress } from '../week/places.ts'
import { call, callLine, type ApiStage, type Call } from './line.ts'
import {
  catchUp,
  developer,
  earlyAdopter,
  expiredKey,
  nightBatch,
  poller,
  reseller,
  webhooks,
  type ApiResident,
} from './partners.ts'
import { appSession } from './phones.ts'

/** Two load balancers ask whether it is well. */
const healthCheck = (n: number): ApiResident =>
  function* (stage: ApiStage) {
    for (;;) {
      call(stage, { client: serverAddress(200 + n), agent: 'HealthChecker/2.0' }, '/healthz', {
        bytes: 2,
        seconds: 0.001,
      })
      yield 10
    }
  }

/** Our own services call it too, with keys that everything is allowed to. */
const ownService = (n: number, perHour: number): ApiResident =>
  function* (stage: ApiStage) {
    const caller = {
      client: serverAddress(60 + n),
      key: `svc-${['web', 'mail', 'search', 'stock'][n % 4] ?? 'web'}`,
      agent: 'example-internal/12.4',
    }
    for (;;) {
      yield exponential(stage.random, 3600 / perHour)
      call(
        stage,
        caller,
        `/internal/${['sessions', 'templates', 'index', 'levels'][n % 4] ?? 'sessions'}/${Math.floor(stage.random() * 5000)}`,
        { bytes: 420, seconds: 0.004 },
      )
    }
  }

const residents = (scale: number): ApiResident[] => {
  const pollers = Math.max(8, Math.round(34 * Math.min(1, scale * 2)))
  return [
    healthCheck(0),
    healthCheck(1),
    ...[0, 1, 2, 3].map((n) => ownService(n, 180 * scale)),
    ...Array.from({ length: pollers }, (_, n) => poller(n)),
    nightBatch(40, 1, Math.round(9000 * scale)),
    nightBatch(41, 3.5, Math.round(2200 * scale)),
    nightBatch(42, 22, Math.round(5000 * scale)),
    ...[44, 45, 46].map((n, i) => reseller(n, [900, 260, 70][i] ?? 70)),
    earlyAdopter(48),
    expiredKey(50, 0),
    expiredKey(51, 3),
    ...Array.from({ length: 5 }, (_, n) => developer(n)),
    webhooks(0, 220),
    webhooks(1, 140),
    catchUp(47, 2),
  ]
}

const utc = (nowS: number): string => `${new Date(nowS * 1000).toISOString().slice(0, 19)}+00:00`

/** The lines in the order of time, each without its end. */
export const apiLines = (
  { seed, days, scale }: WeekOptions,
  sink: (line: string, nowS: number) => void,
): void => {
  const people = Math.max(300, Math.round(28_000 * Math.min(1, scale)))
  const app: Crowd<Call> = {
    perDay: 5200 * scale,
    curve: (nowS) => leisure(nowS) * Math.sqrt(saleFactor(nowS)),
    live: appSession(people),
  }
  let [stampedS, stamp] = [-1, '']
  play<Call>(
    {
      seed: seed * 8 + 2,
      startS: weekStartS,
      seconds: days * dayS,
      crowds: [app],
      residents: residents(scale),
    },
    (nowS, one) => {
      if (nowS !== stampedS) {
        stamp = utc(nowS)
        stampedS = nowS
      }
      sink(callLine(stamp, one), nowS)
    },
  )
}
