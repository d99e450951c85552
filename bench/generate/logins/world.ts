/**
 * Where people are and what they log in from: cities, access lines, offices, exits, programs. All addresses are set aside for
 * documentation, all numbers of networks for private use.
 *
 * @module
 */
import { below, scramble, type Random } from '../draw.ts'

export interface City {
  readonly name: string
  readonly country: string
  readonly latitude: number
  readonly longitude: number
  /** Hours ahead of UTC. */
  readonly zone: number
}

const city = (name: string, country: string, latitude: number, longitude: number, zone: number): City => ({
  name,
  country,
  latitude,
  longitude,
  zone,
})

/** Where people live: the share of each is one over its place in the list. */
export const homeCities = [
  city('Vienna', 'AT', 48.21, 16.37, 1),
  city('Berlin', 'DE', 52.52, 13.4, 1),
  city('New York', 'US', 40.71, -74.01, -5),
  city('Zurich', 'CH', 47.38, 8.54, 1),
  city('Graz', 'AT', 47.07, 15.44, 1),
  city('Munich', 'DE', 48.14, 11.58, 1),
  city('Singapore', 'SG', 1.35, 103.82, 8),
  city('Chicago', 'US', 41.88, -87.63, -6),
] as const

/** Where people go on trips, those they often go to first. */
export const farCities = [
  city('London', 'GB', 51.51, -0.13, 0),
  city('Paris', 'FR', 48.86, 2.35, 1),
  city('Madrid', 'ES', 40.42, -3.7, 1),
  city('Milan', 'IT', 45.46, 9.19, 1),
  city('San Francisco', 'US', 37.77, -122.42, -8),
  city('Warsaw', 'PL', 52.23, 21.01, 1),
  city('Tokyo', 'JP', 35.68, 139.69, 9),
  city('Toronto', 'CA', 43.65, -79.38, -5),
  city('Lisbon', 'PT', 38.72, -9.14, 0),
  city('Dubai', 'AE', 25.2, 55.27, 4),
  city('Sydney', 'AU', -33.87, 151.21, 11),
  city('Oslo', 'NO', 59.91, 10.75, 1),
  city('Mexico City', 'MX', 19.43, -99.13, -6),
  city('Cape Town', 'ZA', -33.92, 18.42, 2),
] as const

/** Where hardly anybody goes. */
export const rareCities = [
  city('Nairobi', 'KE', -1.29, 36.82, 3),
  city('Reykjavik', 'IS', 64.15, -21.94, 0),
  city('Hanoi', 'VN', 21.03, 105.85, 7),
  city('Lima', 'PE', -12.05, -77.04, -5),
  city('Casablanca', 'MA', 33.57, -7.59, 1),
  city('Almaty', 'KZ', 43.24, 76.89, 5),
  city('Auckland', 'NZ', -36.85, 174.76, 13),
  city('Helsinki', 'FI', 60.17, 24.94, 2),
  city('Athens', 'GR', 37.98, 23.73, 2),
  city('Buenos Aires', 'AR', -34.6, -58.38, -3),
  city('Seoul', 'KR', 37.57, 126.98, 9),
  city('Tallinn', 'EE', 59.44, 24.75, 2),
  city('Quito', 'EC', -0.18, -78.47, -5),
  city('Dakar', 'SN', 14.69, -17.45, 0),
] as const

/** Where those who break in come from. */
export const attackCities = [
  city('Lagos', 'NG', 6.52, 3.38, 1),
  city('São Paulo', 'BR', -23.55, -46.63, -3),
  city('Jakarta', 'ID', -6.21, 106.85, 7),
  city('Karachi', 'PK', 24.86, 67.01, 5),
  city('Bogotá', 'CO', 4.71, -74.07, -5),
] as const

/** What an event says of its source. */
export interface Source {
  readonly address: string
  readonly city: City
  /** The autonomous system. */
  readonly provider: number
}

const group = (value: number): string => (value & 0xffff).toString(16)

/** Every city has a few providers of its own. */
const providerIn = (at: City, index: number): number =>
  64_512 + ((at.name.length * 131 + Math.round(at.longitude * 7) + 360) % 300) * 3 + index

/** An access line: a network of its own, one of three providers of the city. `line` names it. */
export const accessLine = (at: City, line: number): Source => ({
  address: `2001:db8:${group(scramble(line))}:${group(line)}::${group(1 + (line % 250))}`,
  city: at,
  provider: providerIn(at, scramble(line) % 3),
})

/** A phone's address today: its provider is always the same, the network hardly ever. */
export const phoneLine = (at: City, owner: number, day: number): Source => ({
  ...accessLine(at, 0x200000 + owner * 31 + day * 7),
  provider: providerIn(at, owner % 2),
})

/** An office's exit, one of a few addresses. */
export const officeExit = (at: City, index: number): Source => ({
  address: `192.0.2.${10 + homeCities.findIndex((home) => home.name === at.name) * 8 + (index % 3)}`,
  city: at,
  provider: 64_496,
})

/** The company's VPN: everybody who uses it seems to be in Berlin. */
export const vpnExit = (index: number): Source => ({
  address: `198.51.100.${20 + (index % 4)}`,
  city: homeCities[1],
  provider: 64_497,
})

/** An office that opens one day. */
export const newOffice: Source = { address: '203.0.113.40', city: homeCities[0], provider: 64_498 }

/** A machine somewhere that does somebody's bidding. */
export const botLine = (random: Random, index: number): Source => {
  const at = attackCities[below(random, attackCities.length)] ?? attackCities[0]
  return accessLine(at, 0x800000 + index)
}

const version = (major: number, day: number): number => (day >= 7 ? major + 1 : major)

/** Programs as they name themselves; on the eighth day, browsers are updated. */
const programs: readonly ((day: number) => string)[] = [
  (day) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version(140, day)}.0.0.0 Safari/537.36`,
  (day) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version(140, day)}.0.0.0 Safari/537.36 Edg/${version(140, day)}.0.0.0`,
  (day) =>
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version(18, day)}.1 Safari/605.1.15`,
  (day) =>
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${version(141, day)}.0) Gecko/20100101 Firefox/${version(141, day)}.0`,
  (day) =>
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version(140, day)}.0.0.0 Safari/537.36`,
  (day) =>
    `Mozilla/5.0 (X11; Linux x86_64; rv:${version(141, day)}.0) Gecko/20100101 Firefox/${version(141, day)}.0`,
  (day) =>
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version(140, day)}.0.0.0 Safari/537.36`,
]

const phonePrograms: readonly ((day: number) => string)[] = [
  (day) =>
    `Mozilla/5.0 (iPhone; CPU iPhone OS ${version(18, day)}_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1`,
  (day) =>
    `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version(140, day)}.0.0.0 Mobile Safari/537.36`,
]

export const programCount = programs.length

export const programOf = (index: number, day: number): string =>
  (programs[index % programs.length] ?? programs[0])?.(day) ?? ''
export const phoneProgramOf = (index: number, day: number): string =>
  (phonePrograms[index % phonePrograms.length] ?? phonePrograms[0])?.(day) ?? ''

/** Programs of those who break in: a library that many tools are made of, and one that nobody else has. */
export const loginAgents = {
  library: 'python-requests/2.32.3',
  rare: 'Mozilla/5.0 (compatible; okhttp/4.12.0)',
} as const

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Kilometres between two cities, along a great circle. */
export const kilometres = (a: City, b: City): number => {
  const [from, to] = [radians(a.latitude), radians(b.latitude)]
  const cosine =
    Math.sin(from) * Math.sin(to) +
    Math.cos(from) * Math.cos(to) * Math.cos(radians(b.longitude - a.longitude))
  return 6371 * Math.acos(Math.max(-1, Math.min(1, cosine)))
}
