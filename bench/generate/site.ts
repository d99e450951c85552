/**
 * An invented shop with a blog: what can be asked for, and how large it is.
 *
 * @module
 */
import { randomStream } from '../../src/models/random.ts'
import { below, logNormal, pick, type Random } from './draw.ts'

export interface Resource {
  readonly path: string
  readonly bytes: number
}

export interface Site {
  /** The most popular first: draw them by Zipf's law. */
  readonly pages: readonly Resource[]
  /** What every page needs: styles, scripts, fonts. */
  readonly shared: readonly Resource[]
  readonly images: readonly Resource[]
  readonly endpoints: readonly Resource[]
}

export const origin = 'https://www.example.com'
export const loginPath = '/account/login'
export const feedPath = '/blog/feed.xml'

const words: readonly [string, ...string[]] = [
  ...(['alpine', 'amber', 'anchor', 'arctic', 'autumn', 'basket', 'birch', 'blanket', 'bottle'] as const),
  ...([
    'brass',
    'bridge',
    'bright',
    'cabin',
    'canvas',
    'cedar',
    'ceramic',
    'chair',
    'classic',
    'copper',
  ] as const),
  ...(['cotton', 'desk', 'drawer', 'evening', 'family', 'feather', 'garden', 'glass', 'granite'] as const),
  ...(['harbour', 'honey', 'kettle', 'lamp', 'lantern', 'leather', 'linen', 'maple', 'marble'] as const),
  ...(['meadow', 'mirror', 'morning', 'mountain', 'oak', 'olive', 'orchard', 'paper', 'pepper'] as const),
  ...(['pillow', 'pine', 'quartz', 'river', 'rope', 'saddle', 'shelf', 'silver', 'slate', 'spring'] as const),
  ...([
    'steel',
    'stone',
    'summer',
    'table',
    'timber',
    'travel',
    'velvet',
    'walnut',
    'willow',
    'winter',
  ] as const),
]

export const word = (random: Random): string => pick(random, words)

const slug = (random: Random, length: number): string => Array.from({ length }, () => word(random)).join('-')

const pagePath = (random: Random, n: number): string => {
  const kind = random()
  if (kind < 0.55) return `/shop/${word(random)}/${slug(random, 5)}-${10_000 + n}`
  if (kind < 0.8) {
    const month = String(1 + below(random, 12)).padStart(2, '0')
    return `/blog/${2015 + below(random, 11)}/${month}/${slug(random, 6)}/`
  }
  if (kind < 0.92) return `/help/articles/${word(random)}/${slug(random, 5)}.html`
  return `/collections/${word(random)}/${slug(random, 2)}`
}

const frontPages = [
  '/',
  '/shop',
  '/blog/',
  '/shop/search',
  '/cart',
  loginPath,
  '/help',
  '/about',
  '/collections',
]

const sized = (random: Random, path: string, median: number, spread: number): Resource => ({
  path,
  bytes: Math.max(80, Math.round(logNormal(random, median, spread))),
})

const hex = (random: Random): string => below(random, 0x1_0000_0000).toString(16).padStart(8, '0')

/** The same site for the same seed. */
export const buildSite = (seed: number, pageCount = 50_000): Site => {
  const random = randomStream(seed)
  const pages = Array.from({ length: pageCount }, (_, n) =>
    sized(random, frontPages[n] ?? pagePath(random, n), 14_000, 0.6),
  )
  const shared = Array.from({ length: 14 }, (_, n) => {
    const ending = ['css', 'js', 'js', 'woff2', 'svg', 'png', 'js'][n % 7] ?? 'js'
    return sized(random, `/assets/build/${word(random)}.${hex(random)}${hex(random)}.${ending}`, 38_000, 1)
  })
  const images = Array.from({ length: 6000 }, (_, n) => {
    const ending = n % 3 === 0 ? 'webp' : 'jpg'
    return sized(
      random,
      `/media/products/${word(random)}/${slug(random, 3)}-${n}-${n % 2 === 0 ? 640 : 1280}w.${ending}`,
      46_000,
      0.9,
    )
  })
  const endpoints = Array.from({ length: 40 }, () =>
    sized(random, `/api/v${1 + below(random, 3)}/${word(random)}s`, 2200, 1.1),
  )
  return { pages, shared, images, endpoints }
}
