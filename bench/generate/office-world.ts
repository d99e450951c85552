/**
 * The internet as an invented office sees it: thousands of sites, what they load from others, and where it all is.
 * Names are under the TLDs nobody can register (RFC 2606), addresses in the ranges for documentation and benchmarks.
 *
 * @module
 */
import { randomStream } from '../../src/models/random.ts'
import { below, pick, scramble, zipf, type Random } from './draw.ts'

export interface Host {
  readonly name: string
  /** IPv4, a few; an answer names all, a connection uses one. */
  readonly addresses: readonly [string, ...string[]]
  readonly v6: string | null
  /** How long an answer may be kept, in seconds. */
  readonly ttlS: number
  /** The name it is an alias of, where a network for content serves it. */
  readonly alias: string | null
}

export interface WebSite {
  /** What somebody registered: `amber-kettle.example`. */
  readonly domain: string
  /** Its own hosts, the one with the pages first. */
  readonly hosts: readonly [Host, ...Host[]]
  /** Hosts of others that its pages load from. */
  readonly others: readonly Host[]
  readonly plain: boolean
}

export interface World {
  /** The most popular first: draw them by Zipf's law. */
  readonly sites: readonly WebSite[]
  /** What hardly anybody knows. */
  readonly oddSites: readonly WebSite[]
  readonly host: (name: string) => Host
}

const heads =
  'amber birch cedar daily ember fable green harbour island jolly kindle lunar maple north ocean pepper quiet river silver timber urban velvet west yellow zenith atlas bright cloud delta echo flint globe happy ivory jade kite lemon metro noble open prime quick royal'.split(
    ' ',
  )
const tails =
  'garden kiosk market news travel studio forum recipes sport bank books craft design energy films games health insure jobs kitchen law music notes optics photo rail school tools union video weather works shop parts maps mail press review stats tickets wiki wear yoga'.split(
    ' ',
  )

const siteCount = 3000
const oddCount = 1500
const tlds = ['example', 'example', 'test', 'invalid'] as const

/** A name of words: the first few thousand numbers all give different ones. */
const domainOf = (n: number): string => {
  const mixed = scramble(n + 1)
  const words = [heads[n % heads.length], tails[Math.floor(n / heads.length) % tails.length]]
  const again = Math.floor(n / (heads.length * tails.length))
  const joint = mixed % 3 === 0 ? '' : '-'
  return `${words.join(joint)}${again === 0 ? '' : again + 1}.${tlds[(mixed >>> 8) % tlds.length]}`
}

const contentNetworks = 12
const trackers = 40

/** One of 254 addresses that many names share. */
const sharedAddress = (n: number): string =>
  `${n % 2 === 0 ? '198.51.100' : '203.0.113'}.${1 + ((n >>> 1) % 254)}`

/** One of 131,072 addresses, the same for the same number. */
export const ownAddress = (n: number): string => {
  const mixed = scramble(n ^ 0x5f3759df)
  return `198.${18 + (mixed & 1)}.${(mixed >>> 1) & 255}.${1 + ((mixed >>> 9) % 254)}`
}

const hashOf = (text: string): number => {
  let hash = 7
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return scramble(hash)
}

const ttls = [60, 300, 1200, 3600] as const

/** Where a name is: it and nothing else decides. */
const placeHost = (name: string): Host => {
  const hash = hashOf(name)
  const ttlS = ttls[hash & 3] ?? 300
  const v6 =
    hash % 10 === 0 ? `2001:db8:${((hash >>> 4) & 0xff).toString(16)}::${(hash & 0xffff).toString(16)}` : null
  if ((hash >>> 3) % 5 < 3) {
    const network = (hash >>> 6) % contentNetworks
    const first = network * 21 + ((hash >>> 11) % 17)
    return {
      name,
      addresses: [sharedAddress(first), sharedAddress(first + 2), sharedAddress(first + 4)],
      v6,
      ttlS,
      alias: `e${hash % 9000}.edge${network}.contentnet-${network}.example`,
    }
  }
  return { name, addresses: [ownAddress(hash)], v6, ttlS, alias: null }
}

const prefixes = ['static', 'img', 'api', 'media', 'login', 'fonts', 'assets'] as const

const buildSite = (n: number, random: Random, host: (name: string) => Host, odd: boolean): WebSite => {
  const domain = n % 97 === 5 ? `${tails[n % tails.length]}${n}.example.com` : domainOf(n)
  const own = Array.from({ length: odd ? below(random, 2) : below(random, 4) }, () =>
    host(`${pick(random, prefixes)}.${domain}`),
  )
  const others = Array.from({ length: odd ? below(random, 3) : 1 + below(random, 6) }, () =>
    random() < 0.5
      ? host(`${pick(random, ['px', 'sync', 't', 'collect'])}.adtrack-${zipf(random, trackers)}.example`)
      : host(`cdn${below(random, 4)}.contentnet-${below(random, contentNetworks)}.example`),
  )
  const main = host(random() < 0.8 ? `www.${domain}` : domain)
  return { domain, hosts: [main, ...own], others, plain: random() < (odd ? 0.15 : 0.05) }
}

export const buildWorld = (seed: number): World => {
  const random = randomStream(scramble(seed + 101))
  const known = new Map<string, Host>()
  const host = (name: string): Host => {
    const placed = known.get(name) ?? placeHost(name)
    known.set(name, placed)
    return placed
  }
  return {
    host,
    sites: Array.from({ length: siteCount }, (_, n) => buildSite(n, random, host, false)),
    oddSites: Array.from({ length: oddCount }, (_, n) => buildSite(siteCount + n, random, host, true)),
  }
}
