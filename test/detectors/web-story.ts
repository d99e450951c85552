/** Quiet days of a site with people, an office behind one address, a feed reader, a monitor and a search engine. */
import { randomStream } from '../../src/models/random.ts'
import { quietSite, requestLine, type Line } from './story.ts'

export const days = 3
export const login = '/account/login'
export const robot = 'ExampleFinderBot/1.2 (+https://finder.example.com/bot.html)'

/** People, behind an office exit as well, who log in and mistype now and then. */
const peopleLogIn = (): Line[] => {
  const random = randomStream(23)
  const one = (at: number, client: string, agent: string): Line[] => {
    const from = `https://www.example.com${login}`
    const ask = (after: number, target: string, more: object = {}): Line =>
      requestLine(at + after, { client, agent, target, referrer: from, ...more })
    const post = (after: number, status: number): Line =>
      ask(after, login, { method: 'POST', status, bytes: status === 302 ? 0 : 1840 })
    return [
      ask(-20, login, { referrer: 'https://www.example.com/' }),
      ask(-19, '/static/0.css'),
      ask(-19, '/static/1.css'),
      ...(random() < 0.15 ? [post(0, 401), post(9, 302)] : [post(0, 302)]),
      ask(10, '/'),
      ask(11, '/static/0.css', { referrer: 'https://www.example.com/', status: 304 }),
    ]
  }
  return Array.from({ length: days }, (_, day) => {
    const start = day * 86_400
    const visitors = Array.from({ length: 80 }, (__, i) =>
      one(start + random() * 80_000, `198.51.100.${i + 1}`, `Mozilla/5.0 (person ${i % 7})`),
    )
    const office = Array.from({ length: 40 }, (__, i) =>
      one(start + 32_400 + random() * 5400, '203.0.113.200', `Mozilla/5.0 (desk ${i})`),
    )
    return [...visitors, ...office].flat()
  }).flat()
}

/** Programs that are welcome: a feed reader, a monitor, a search engine that reads a page every ten minutes. */
const programs = (): Line[] => {
  const every = (gap: number, request: (i: number) => Parameters<typeof requestLine>[1]): Line[] =>
    Array.from({ length: Math.floor((days * 86_400) / gap) }, (_, i) => requestLine(i * gap + 7, request(i)))
  const folders = ['garden', 'kitchen', 'travel'] as const
  return [
    ...every(900, () => ({ client: '203.0.113.201', target: '/feed.xml', agent: 'ExampleReader/2.0' })),
    ...every(60, () => ({
      client: '203.0.113.202',
      target: '/health',
      agent: 'ExampleMonitor/1.0',
      bytes: 15,
    })),
    ...every(600, (i) => ({
      client: '203.0.113.203',
      target: `/articles/${folders[i % 3] ?? ''}/${(i * 7) % 60}`,
      agent: robot,
    })),
  ]
}

/** People behind the office's exit who read, each with a browser of their own. */
const officeReads = (): Line[] => {
  const random = randomStream(29)
  return Array.from({ length: days * 120 }, (_, i) => {
    const at = Math.floor(i / 120) * 86_400 + 30_000 + random() * 30_000
    const client = '203.0.113.200'
    const agent = `Mozilla/5.0 (desk ${Math.floor(random() * 40)})`
    const target = `/articles/${['garden', 'kitchen', 'travel'][Math.floor(random() * 3)] ?? ''}/${Math.floor(random() * 60)}`
    const page = requestLine(at, {
      client,
      agent,
      target,
      referrer: random() < 0.4 ? '-' : 'https://www.example.com/',
    })
    const part = requestLine(at + 1, {
      client,
      agent,
      target: '/static/0.css',
      referrer: `https://www.example.com${target}`,
    })
    return [page, part]
  }).flat()
}

export const quietWeb: readonly Line[] = [
  ...quietSite(days, 250),
  ...peopleLogIn(),
  ...programs(),
  ...officeReads(),
]
