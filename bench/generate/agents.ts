/**
 * What clients call themselves: a long-tailed population of browsers, and a few programs.
 *
 * @module
 */
import { randomStream } from '../../src/models/random.ts'
import { below, pick, type Random } from './draw.ts'

const desktops = [
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10_15_7',
  'X11; Linux x86_64',
] as const
const phones = [
  'SM-S911B',
  'SM-A546B',
  'SM-G991U',
  'Pixel 7',
  'Pixel 8 Pro',
  '2201117TY',
  'M2101K6G',
  'moto g54 5G',
  'CPH2449',
] as const

const chrome = (random: Random): string => {
  const major = 128 + Math.floor(18 * Math.sqrt(random()))
  return `Chrome/${major}.0.${6000 + below(random, 1500)}.${below(random, 220)}`
}

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'

const browser = (random: Random): string => {
  const kind = random()
  if (kind < 0.36) return `Mozilla/5.0 (${pick(random, desktops)}) ${webkit} ${chrome(random)} Safari/537.36`
  if (kind < 0.46) {
    const edge = `Edg/${128 + below(random, 18)}.0.${2700 + below(random, 900)}.${below(random, 120)}`
    return `Mozilla/5.0 (${desktops[0]}) ${webkit} ${chrome(random)} Safari/537.36 ${edge}`
  }
  if (kind < 0.55) {
    const version = 115 + below(random, 34)
    return `Mozilla/5.0 (${pick(random, desktops)}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`
  }
  if (kind < 0.78) {
    const [major, minor] = [15 + below(random, 4), below(random, 8)]
    const system = `CPU iPhone OS ${major}_${minor}_${below(random, 4)} like Mac OS X`
    return `Mozilla/5.0 (iPhone; ${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${major}.${minor} Mobile/15E${100 + below(random, 60)} Safari/604.1`
  }
  const build = `Android ${11 + below(random, 5)}; ${pick(random, phones)} Build/UP1A.${231005 + below(random, 400)}.${below(random, 20)}`
  return `Mozilla/5.0 (Linux; ${build}; wv) ${webkit} Version/4.0 ${chrome(random)} Mobile Safari/537.36`
}

/** Different browsers; draw them by Zipf's law. */
export const browserAgents = (seed: number, count = 3200): readonly string[] => {
  const random = randomStream(seed)
  const agents = new Set<string>()
  while (agents.size < count) agents.add(browser(random))
  return [...agents]
}

const crawlerNames = ['Finder', 'Index', 'Lookup', 'Catalogue', 'Archive', 'Preview'] as const

export const crawlerAgent = (n: number): string => {
  const name = crawlerNames[n % crawlerNames.length] ?? 'Finder'
  return `Mozilla/5.0 (compatible; Example${name}Bot/${1 + (n % 3)}.${n % 7}; +https://${name.toLowerCase()}.example.com/bot.html)`
}

export const appAgent = (n: number): string =>
  n % 2 === 0
    ? `ExampleShop/4.${n % 23}.${n % 5} (Android ${11 + (n % 5)}; ${phones[n % phones.length] ?? ''}; Build ${4000 + (n % 97)}) okhttp/4.12.0`
    : `ExampleShop/4.${n % 23}.${n % 5} (com.example.shop; build:${4000 + (n % 97)}; iOS ${15 + (n % 4)}.${n % 6}.0) Alamofire/5.9.1`

export const feedAgent = (n: number): string =>
  `ExampleReader/${1 + (n % 4)}.${n % 9} (+https://reader.example.com/; ${1 + (n % 40)} subscribers; feed-id=${1000 + n})`
