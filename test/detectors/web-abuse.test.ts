import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/models/random.ts'
import type { Finding, Report } from '../../src/report/report.ts'
import { huntLines, requestLine, type Line } from './story.ts'
import { days, login, quietWeb as quiet, robot } from './web-story.ts'

const attacker = '203.0.113.66'

const entities = (report: Report, detector: string): string[] =>
  report.findings
    .filter((finding: Finding) => finding.detector === detector)
    .map(({ entity }) => entity.value)

const one = (report: Report, detector: string): Finding | undefined =>
  report.findings.find((finding) => finding.detector === detector)

describe('quiet days of a site with people, an office, a feed reader, a monitor and a search engine', () => {
  it('bring nothing from any detector of clients and logins', async () => {
    const report = await huntLines(quiet)
    expect(report.summary.detectors).toContain('web-scraper')
    expect(report.findings.map(({ detector, title }) => `${detector}: ${title}`)).toEqual([])
  })
})

describe('web-scraper', () => {
  const copy = (from: number, gap: number, count: number, agent?: string): Line[] =>
    Array.from({ length: count }, (_, i) =>
      requestLine(from + i * gap, {
        client: attacker,
        target: `/articles/garden/${i % 60}${i < 60 ? '' : `?page=${i}`}`.replace(
          /garden\/(\d+)$/,
          (_all, n) => `${['garden', 'kitchen', 'travel'][Number(n) % 3] ?? ''}/${n}`,
        ),
        ...(agent === undefined ? {} : { agent }),
      }),
    )

  it('names a polite one, five pages a minute, within the hour', async () => {
    const until = 150_000 + 3600
    const report = await huntLines([...quiet.filter(({ at }) => at < until), ...copy(150_000, 12, 60)])
    expect(entities(report, 'web-scraper')).toEqual([attacker])
    expect(one(report, 'web-scraper')?.reasons.map(({ feature }) => feature)).toContain('pages')
  })

  it('names one that says what it is, and says so', async () => {
    const report = await huntLines([...quiet, ...copy(150_000, 12, 60, robot)])
    expect(entities(report, 'web-scraper')).toEqual([attacker])
    expect(one(report, 'web-scraper')?.title).toContain('it says that it is a program')
  })
})

describe('web-login-abuse', () => {
  const guess = (count: number, answer: { readonly status: number; readonly bytes: number }): Line[] =>
    Array.from({ length: count }, (_, i) =>
      requestLine(140_000 + i * 5, { client: attacker, method: 'POST', target: login, ...answer }),
    )

  it('names a guesser who is refused', async () => {
    const report = await huntLines([...quiet, ...guess(60, { status: 401, bytes: 1840 })])
    expect(entities(report, 'web-login-abuse')).toEqual([attacker])
    expect(one(report, 'web-login-abuse')?.severity).not.toBe('low')
    expect(one(report, 'web-login-abuse')?.title).toContain('was refused 60 times')
  })

  it('names a guesser who is shown the form again', async () => {
    const report = await huntLines([...quiet, ...guess(60, { status: 200, bytes: 4210 })])
    expect(entities(report, 'web-login-abuse')).toEqual([attacker])
  })
})

describe('web-login-campaign', () => {
  it('names the login that many clients try once or twice', async () => {
    const random = randomStream(31)
    const stuffing = Array.from({ length: 240 }, (_, i) =>
      requestLine(140_000 + random() * 3000, {
        client: `192.0.2.${1 + (i % 160)}`,
        method: 'POST',
        target: login,
        status: 401,
        bytes: 1840,
        agent: `Mozilla/5.0 (machine ${i % 31})`,
      }),
    )
    const report = await huntLines([...quiet, ...stuffing])
    expect(entities(report, 'web-login-campaign')).toEqual([login])
    expect(one(report, 'web-login-campaign')?.title).toContain('clients tried to log in')
  })
})

describe('web-request-flood', () => {
  it('names a client that floods, and not a monitor that is always busy', async () => {
    const busy = Array.from({ length: days * 14_400 }, (_, i) =>
      requestLine(i * 6, {
        client: '203.0.113.204',
        target: '/status',
        agent: 'ExampleMonitor/1.0',
        bytes: 15,
      }),
    )
    const flood = Array.from({ length: 6600 }, (_, i) =>
      requestLine(150_000 + i * 0.09, { client: attacker, target: '/', status: i % 3 === 0 ? 503 : 200 }),
    )
    const report = await huntLines([...quiet, ...busy, ...flood])
    expect(entities(report, 'web-request-flood')).toEqual([attacker])
    expect(one(report, 'web-request-flood')?.severity).toBe('high')
  })
})

describe('web-path-flood', () => {
  const many = (clients: number, each: number): Line[] =>
    Array.from({ length: clients * each }, (_, i) =>
      requestLine(150_000 + i * (500 / (clients * each)), {
        client: `192.0.2.${1 + (i % clients)}`,
        target: '/search',
      }),
    )

  it('names the path that many clients ask for again and again', async () => {
    const report = await huntLines([...quiet, ...many(200, 8)])
    expect(entities(report, 'web-path-flood')).toEqual(['/search'])
  })

  it('is silent where as many come once each', async () => {
    const report = await huntLines([...quiet, ...many(250, 1)])
    expect(entities(report, 'web-path-flood')).toEqual([])
  })
})

describe('web-rare-pages', () => {
  const exports = (from: number, client: string): Line[] =>
    Array.from({ length: 40 }, (_, i) =>
      requestLine(from + i * 20, {
        client,
        target: `/admin/export/${2000 + i}.csv`,
        bytes: 90_000,
        referrer: 'https://www.example.com/admin',
      }),
    )

  it('names a client that suddenly reads exports', async () => {
    const report = await huntLines([...quiet, ...exports(200_000, attacker)])
    expect(entities(report, 'web-rare-pages')).toEqual([attacker])
  })

  it('is silent about an administrator who does so every day', async () => {
    const administrator = '203.0.113.205'
    const everyDay = Array.from({ length: days }, (_, day) => exports(day * 86_400 + 40_000, administrator))
    const report = await huntLines([...quiet, ...everyDay.flat()], { since: '24h' })
    expect(entities(report, 'web-rare-pages')).toEqual([])
  })
})
