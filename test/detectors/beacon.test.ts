import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/models/random.ts'
import { flowLine, huntOffice, proxyLine, quietFlows, quietRequests } from './network-story.ts'
import { named, type Line } from './story.ts'

const clients = Array.from({ length: 30 }, (_, n) => `192.0.2.${20 + n}`)
const morning = 8 * 3600
const evening = 18 * 3600

interface Calls {
  readonly from: number
  readonly to: number
  readonly sleep: number
  readonly jitter: number
}

/** Times of check-ins, `sleep · (1 ± jitter)` apart. */
const times = (random: () => number, { from, to, sleep, jitter }: Calls): number[] => {
  const found: number[] = []
  for (let at = from + sleep * random(); at < to; at += sleep * (1 + jitter * (2 * random() - 1)))
    found.push(at)
  return found
}

/** What the machines of an office ask for by the clock: updates, mail, a page that refreshes itself. */
const pollers = (days: number): Line[] => {
  const random = randomStream(31)
  const services = [
    { host: 'updates.example.com', share: 1, sleep: 3600, bytes: 1800 },
    { host: 'mail.example.com', share: 0.9, sleep: 300, bytes: 640 },
    { host: 'telemetry.example.net', share: 0.6, sleep: 900, bytes: 420 },
    { host: 'ticker.example.org', share: 0.3, sleep: 60, bytes: 2100 },
  ]
  return Array.from({ length: days }, (_, day) =>
    clients.flatMap((client) =>
      services
        .filter(({ share }) => random() < share)
        .flatMap(({ host, sleep, bytes }) =>
          times(random, {
            from: day * 86_400 + morning,
            to: day * 86_400 + evening,
            sleep,
            jitter: 0.05,
          }).map((at) => proxyLine(at, { client, url: `http://${host}/now`, bytes })),
        ),
    ),
  ).flat()
}

const checkIns = (calls: Calls, host = 'c2.example.com', client = '192.0.2.33'): Line[] => {
  const random = randomStream(7)
  return times(random, calls)
    .filter(() => random() > 0.02)
    .map((at) =>
      proxyLine(at, { client, url: `http://${host}/`, bytes: 1200 + Math.floor(random() * 10), status: 200 }),
    )
}

const beacons = { detectors: ['beacon'] }
const office = [...quietRequests(1), ...pollers(1)]

describe('beacon', () => {
  it('is silent on a quiet day of pollers and browsing', async () => {
    const report = await huntOffice(office, beacons)
    expect(report.summary.rejected).toBe(0)
    expect(named(report)).toEqual([])
  })

  it('names a machine that alone calls a server for six hours, with 50 % jitter', async () => {
    const calls = checkIns({ from: 9 * 3600, to: 15 * 3600, sleep: 240, jitter: 0.5 })
    const report = await huntOffice([...office, ...calls], beacons)
    expect(named(report)).toEqual(['beacon: 192.0.2.33 → c2.example.com'])
    expect(report.findings[0]).toMatchObject({
      severity: 'high',
      title: expect.stringMatching(
        /^192\.0\.2\.33 calls c2\.example\.com about every 4 minutes, \d\d times in 6 hours, always about 1\.2 kB; no other client does$/,
      ),
    })
  })

  it('finds twelve check-ins half an hour apart', async () => {
    const calls = checkIns({ from: 9 * 3600, to: 14.5 * 3600, sleep: 1800, jitter: 0.2 })
    expect(calls).toHaveLength(12)
    expect(named(await huntOffice([...office, ...calls], beacons))).toEqual([
      'beacon: 192.0.2.33 → c2.example.com',
    ])
  })

  it('finds two machines that call the same server, and says so', async () => {
    const calls = ['192.0.2.33', '192.0.2.41'].flatMap((client) =>
      checkIns({ from: 9 * 3600, to: 17 * 3600, sleep: 300, jitter: 0.3 }, 'c2.example.com', client),
    )
    const report = await huntOffice([...office, ...calls], beacons)
    expect(named(report).toSorted()).toEqual([
      'beacon: 192.0.2.33 → c2.example.com',
      'beacon: 192.0.2.41 → c2.example.com',
    ])
    expect(report.findings[0]?.title).toMatch(/; 1 other client does$/)
  })

  it('leaves out a site that everybody polls, however regularly', async () => {
    const polled = clients.flatMap((client) =>
      checkIns({ from: 0, to: 86_400, sleep: 300, jitter: 0 }, 'everybody.example.com', client),
    )
    expect(named(await huntOffice([...office, ...polled], beacons))).toEqual([])
  })

  it('sees one call a day over weeks', async () => {
    const calls = Array.from({ length: 20 }, (_, day) =>
      proxyLine(day * 86_400 + 36_000 + (day % 5) * 300, {
        client: '192.0.2.33',
        url: 'http://daily.example.com/',
        bytes: 900,
      }),
    )
    const report = await huntOffice([...quietRequests(20), ...calls], beacons)
    expect(named(report)).toContain('beacon: 192.0.2.33 → daily.example.com')
  })

  it('finds a beacon in flows that go out, and not in those that come in or stay inside', async () => {
    const random = randomStream(9)
    const calls = times(random, { from: 9 * 3600, to: 17 * 3600, sleep: 300, jitter: 0.3 })
    const flow = (from: string, to: string): Line[] =>
      calls.map((at) => flowLine(at, { from, to, sent: 310, received: 1400 }))
    const report = await huntOffice(
      [
        ...quietFlows(1),
        ...flow('192.0.2.33', '203.0.113.9'),
        ...flow('203.0.113.77', '192.0.2.34'),
        ...flow('192.0.2.35', '192.0.2.9'),
      ],
      beacons,
    )
    const found = named(report)
    expect(found[0]).toBe('beacon: 192.0.2.33 → 203.0.113.9')
    expect(found.filter((finding) => /203\.0\.113\.77|192\.0\.2\.9/.test(finding))).toEqual([])
    expect(report.findings.slice(1).filter(({ severity }) => severity !== 'low')).toEqual([])
  })
})
