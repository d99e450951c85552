/** Stories of an organisation's logins, with places and programs: quiet weeks, seeded, as lines of JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hunt, type HuntRequest } from '../../src/hunt.ts'
import { randomStream } from '../../src/models/random.ts'
import type { Report } from '../../src/report/report.ts'

export const days = 21
const people = 40

interface Place {
  readonly country: string
  readonly lat: number
  readonly lon: number
}

export const vienna: Place = { country: 'AT', lat: 48.21, lon: 16.37 }
const graz: Place = { country: 'AT', lat: 47.07, lon: 15.44 }
const frankfurt: Place = { country: 'DE', lat: 50.11, lon: 8.68 }
const london: Place = { country: 'GB', lat: 51.51, lon: -0.13 }
export const lagos: Place = { country: 'NG', lat: 6.52, lon: 3.38 }

export interface Login {
  /** Seconds after 2026-03-02T00:00:00Z, a Monday. */
  readonly at: number
  readonly user: string
  readonly ip: string
  readonly place: Place
  readonly agent: string
  readonly success: boolean
}

export const day = 86_400
export const hour = 3600

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
] as const

export const agentOf = (number: number): string => agents[number % agents.length] ?? agents[0]
export const userOf = (number: number): string => `person${number}`
/** Everybody at home has a line of their own. */
export const homeOf = (number: number): string => `2001:db8:${(0x100 + number).toString(16)}::10`
const placeOf = (number: number): Place => (number % 4 === 0 ? graz : vienna)

export const office = '192.0.2.20'
const vpn = '198.51.100.9'

export const login = (at: number, number: number, more: Partial<Login> = {}): Login => ({
  at,
  user: userOf(number),
  ip: homeOf(number),
  place: placeOf(number),
  agent: agentOf(number),
  success: true,
  ...more,
})

const isWeekend = (at: number): boolean => Math.floor(at / day) % 7 > 4

/** Mornings in the office, evenings at home, a typing mistake now and then. */
const officeWorker = (number: number, random: () => number): Login[] =>
  Array.from({ length: days }, (_, i) => i * day)
    .filter((start) => !isWeekend(start))
    .flatMap((start) => {
      const morning = start + (8 + random()) * hour
      const inOffice = { ip: office, place: vienna }
      return [
        ...(random() < 0.06 ? [login(morning - 9, number, { ...inOffice, success: false })] : []),
        login(morning, number, inOffice),
        login(start + (13 + random()) * hour, number, inOffice),
        ...(random() < 0.3 ? [login(start + (18 + 2 * random()) * hour, number)] : []),
      ]
    })

/** At home, and through the VPN, whose exit is 600 km away, within minutes. */
const vpnWorker = (number: number, random: () => number): Login[] =>
  Array.from({ length: days }, (_, i) => i * day)
    .filter((start) => !isWeekend(start))
    .flatMap((start) => {
      const morning = start + (8 + random()) * hour
      return [
        login(morning, number),
        login(morning + 300, number, { ip: vpn, place: frankfurt }),
        login(start + (14 + random()) * hour, number),
      ]
    })

/** Every other week in London, by way of an airport. */
const traveller = (number: number, random: () => number): Login[] =>
  Array.from({ length: days }, (_, i) => i * day).flatMap((start, i) => {
    const away = i % 7 === 2 || i % 7 === 3
    const at = start + (9 + random()) * hour
    return [
      login(at, number, away ? { ip: `2001:db8:${(0x800 + i).toString(16)}::1`, place: london } : {}),
      login(
        at + 5 * hour,
        number,
        away ? { ip: `2001:db8:${(0x800 + i).toString(16)}::1`, place: london } : {},
      ),
    ]
  })

/** Called at night about every third night, from home. */
const onCall = (number: number, random: () => number): Login[] => [
  ...officeWorker(number, random),
  ...Array.from({ length: Math.floor(days / 3) }, (_, i) =>
    login(i * 3 * day + (1 + 3 * random()) * hour, number),
  ),
]

/** A program that logs in every half an hour; from the fifteenth day on with a password that has expired. */
const service = (): Login[] =>
  Array.from({ length: days * 48 }, (_, i) => {
    const at = i * 1800 + 7
    return {
      at,
      user: 'svc-sync',
      ip: '192.0.2.40',
      place: vienna,
      agent: 'sync/2.4',
      success: at < 14 * day,
    }
  })

/** On the ninth morning, all passwords have expired: everybody mistypes the new one. */
const expiry = (random: () => number): Login[] =>
  Array.from({ length: people }, (_, number) => number)
    .filter(() => random() < 0.8)
    .flatMap((number) =>
      Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) =>
        login(8 * day + (8 + random()) * hour + i * 7, number, { ip: office, place: vienna, success: false }),
      ),
    )

/** Three weeks in which nobody means harm. */
export const quietWeeks = (): Login[] => {
  const random = randomStream(23)
  const lives = Array.from({ length: people }, (_, number) => {
    if (number === 0) return traveller(number, random)
    if (number === 1) return onCall(number, random)
    return number >= 30 ? vpnWorker(number, random) : officeWorker(number, random)
  })
  return [...lives.flat(), ...service(), ...expiry(random)]
}

const lineOf = ({ at, user, ip, place, agent, success }: Login): string =>
  JSON.stringify({
    '@timestamp': new Date(Date.UTC(2026, 2, 2) + at * 1000).toISOString(),
    event: { action: 'login', outcome: success ? 'success' : 'failure' },
    user: { name: user },
    source: {
      ip,
      geo: { country_iso_code: place.country, location: { lat: place.lat, lon: place.lon } },
    },
    user_agent: { original: agent },
    host: { name: 'login.example.com' },
  })

const mapping = {
  id: 'logins',
  category: 'auth',
  columns: {
    timestamp: { from: '@timestamp', time: 'iso' },
    event_action: 'event.action',
    event_outcome: 'event.outcome',
    user_name: 'user.name',
    source_ip: 'source.ip',
    source_geo_country_iso_code: 'source.geo.country_iso_code',
    source_geo_latitude: 'source.geo.location.lat',
    source_geo_longitude: 'source.geo.location.lon',
    user_agent: 'user_agent.original',
    host_name: 'host.name',
  },
}

/** Writes logins as one file, in time order, and how it is to be read. */
export const writeLogins = (
  folder: string,
  logins: readonly Login[],
): { readonly paths: readonly string[]; readonly mapping: string } => {
  const file = path.join(folder, 'logins.json')
  const described = path.join(folder, 'mapping.json')
  writeFileSync(described, JSON.stringify(mapping))
  writeFileSync(
    file,
    `${logins
      .toSorted((a, b) => a.at - b.at)
      .map(lineOf)
      .join('\n')}\n`,
  )
  return { paths: [file], mapping: described }
}

/** Hunts in logins with every detector. */
export const huntLogins = async (
  logins: readonly Login[],
  request: Omit<HuntRequest, 'paths'> = {},
): Promise<Report> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-story-'))
  try {
    return await hunt({ threads: 2, ...request, ...writeLogins(folder, logins) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
