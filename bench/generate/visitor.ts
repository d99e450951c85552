/**
 * People with browsers: a landing page, what it needs, time to read, the next page.
 *
 * @module
 */
import { below, geometric, logNormal, pick, scramble, zipf, type Random } from './draw.ts'
import type { Emit, Request } from './request.ts'
import type { Actor } from './simulate.ts'
import { loginPath, origin, word, type Resource, type Site } from './site.ts'

/** Who visits: their address and what their browser calls itself. */
export interface Person {
  readonly client: string
  readonly agent: string
  readonly user?: string | undefined
}

const outside = [
  'https://search.example.com/',
  'https://news.example.com/today',
  'https://social.example.com/l/',
] as const

const landing = (random: Random): string => {
  const from = random()
  if (from < 0.4) return '-'
  return from < 0.8 ? outside[0] : pick(random, outside)
}

const withQuery = (random: Random, path: string, first: boolean): string => {
  const kind = random()
  if (path === '/shop/search') return `${path}?q=${word(random)}+${word(random)}&page=${zipf(random, 30) + 1}`
  if (first && kind < 0.12)
    return `${path}?utm_source=newsletter&utm_medium=email&utm_campaign=${word(random)}-${below(random, 40)}`
  if (kind < 0.08)
    return `${path}?sort=${pick(random, ['price', 'newest', 'rating'])}&page=${zipf(random, 20) + 1}`
  if (kind < 0.1) return `${path}?ref=${(scramble(below(random, 1e9)) >>> 0).toString(36)}`
  return path
}

interface Visit {
  readonly person: Person
  readonly http: Request['http']
  readonly random: Random
  readonly emit: Emit
}

const ask = (
  visit: Visit,
  request: Pick<Request, 'target' | 'status' | 'bytes' | 'referrer'>,
  method = 'GET',
): void => {
  const { client, agent, user } = visit.person
  const { target, status, bytes, referrer } = request
  // Spelt out: spreading took a third of the generator's time.
  visit.emit({ client, user, method, target, http: visit.http, status, bytes, referrer, agent })
}

/** A page's answer; now and then it is gone, moved or broken. */
const answer = (random: Random, page: Resource): Pick<Request, 'status' | 'bytes'> => {
  const luck = random()
  if (luck < 0.972) return { status: 200, bytes: page.bytes + below(random, 900) }
  if (luck < 0.984) return { status: 302, bytes: 0 }
  if (luck < 0.991) return { status: 301, bytes: 178 }
  if (luck < 0.998) return { status: 404, bytes: 5120 + below(random, 64) }
  return { status: luck < 0.9995 ? 500 : 503, bytes: 620 }
}

/** What a page needs; a browser that has been here has most of it already. */
const askAssets = (visit: Visit, site: Site, pageRank: number, referrer: string, cached: boolean): void => {
  const { random } = visit
  const asset = (resource: Resource, known: boolean): void => {
    const luck = random()
    if (known && luck < 0.85) return
    const fresh = known && luck < 0.97
    ask(visit, {
      target: resource.path,
      status: fresh ? 304 : luck > 0.9985 ? 404 : 200,
      bytes: fresh ? 0 : resource.bytes,
      referrer,
    })
  }
  for (const resource of site.shared) asset(resource, cached)
  const images = scramble(pageRank) % 9
  for (let i = 0; i < images; i++) {
    const image = site.images[(pageRank * 7 + i) % site.images.length]
    if (image !== undefined) asset(image, false)
  }
}

/** One visit of a person. @param returning whether their browser knows the site */
export const visitor = (random: Random, site: Site, person: Person, returning: boolean): Actor => {
  const http = random() < 0.8 ? '2.0' : '1.1'
  let left = geometric(random, 3.6)
  let referrer = landing(random)
  let cached = returning
  let loading: { readonly rank: number; readonly url: string } | undefined
  return (_, emit) => {
    const visit: Visit = { person, http, random, emit }
    if (loading !== undefined) {
      askAssets(visit, site, loading.rank, loading.url, cached)
      cached = true
      loading = undefined
      return left > 0 ? Math.min(1500, 2 + logNormal(random, 18, 1.1)) : undefined
    }
    left--
    const rank = zipf(random, site.pages.length)
    const page = site.pages[rank]
    if (page === undefined) return undefined
    const target = withQuery(random, page.path, !cached)
    const answered = answer(random, page)
    const posts = page.path === loginPath || (page.path === '/cart' && random() < 0.5)
    ask(visit, { target, status: answered.status, bytes: answered.bytes, referrer })
    if (posts) {
      const failed = page.path === loginPath && random() < 0.15
      const submitted = { target: page.path, status: failed ? 401 : 302, bytes: failed ? 1840 : 0 }
      ask(visit, { ...submitted, referrer: origin + page.path }, 'POST')
    }
    referrer = origin + target
    loading = answered.status === 200 ? { rank, url: referrer } : undefined
    return left > 0 || loading !== undefined ? 1 : undefined
  }
}
