/**
 * An invented shop's access log: a benign week in which nobody is hostile.
 *
 * @module
 */
import { browserAgents } from '../agents.ts'
import { combinedLine, stampOf, type Request } from '../request.ts'
import { buildSite } from '../site.ts'
import { play, type Crowd } from '../week/agenda.ts'
import { dayS, leisure, saleFactor, weekStartS, workingWithHoliday, type Curve } from '../week/calendar.ts'
import type { WeekOptions } from '../week/options.ts'
import { customer, newsletterReader } from './customers.ts'
import {
  crawler,
  feedReader,
  forgottenDisplay,
  hotlinked,
  linkPreview,
  monitor,
  nightlyAudit,
  partnerFeed,
  priceService,
  spreadsheet,
  testCustomer,
  type Resident,
} from './programs.ts'
import { newsletterCurve, type Shop } from './state.ts'

const sold =
  (curve: Curve): Curve =>
  (nowS) =>
    curve(nowS) * saleFactor(nowS)

const crowdsOf = (shop: Shop, scale: number): Crowd<Request>[] => {
  const people = Math.max(400, Math.round(58_000 * Math.min(1, scale)))
  const visits = (perDay: number, curve: Curve, live: Crowd<Request>['live']): Crowd<Request> => ({
    perDay: perDay * scale,
    curve,
    live,
  })
  return [
    visits(4600, sold(leisure), customer(shop, 'home', people)),
    visits(3200, sold(leisure), customer(shop, 'phone', people)),
    visits(1100, sold(workingWithHoliday), customer(shop, 'office', people)),
    visits(9000, newsletterCurve, newsletterReader(shop, people)),
    visits(900, leisure, hotlinked(shop)),
    visits(400, leisure, linkPreview(shop)),
  ]
}

const residentsOf = (shop: Shop, scale: number): Resident[] => [
  ...Array.from({ length: 9 }, (_, n) => crawler(shop, n, (25 + 45 * n) / Math.max(scale, 0.1))),
  ...[0, 1, 2].map(monitor),
  ...[0, 1].map(forgottenDisplay),
  ...Array.from({ length: Math.max(5, Math.round(120 * scale)) }, (_, n) => feedReader(n)),
  ...[1, 4].map((n) => spreadsheet(shop, n)),
  ...(scale < 0.2 ? [] : [nightlyAudit(shop)]),
  testCustomer(shop),
  partnerFeed(shop),
  priceService(shop),
]

/** The lines in the order of time, each without its end. */
export const shopLines = (
  { seed, days, scale }: WeekOptions,
  sink: (line: string, nowS: number) => void,
): void => {
  const site = buildSite(seed + 11, 9000)
  const shop: Shop = { site, agents: browserAgents(seed) }
  let [stampedS, stamp] = [-1, '']
  const scene = {
    seed: seed * 8 + 1,
    startS: weekStartS,
    seconds: days * dayS,
    crowds: crowdsOf(shop, scale),
    residents: residentsOf(shop, scale),
  }
  play<Request>(scene, (nowS, request) => {
    if (nowS !== stampedS) {
      stamp = stampOf(nowS)
      stampedS = nowS
    }
    sink(combinedLine(stamp, request), nowS)
  })
}
