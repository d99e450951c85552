import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/models/random.ts'
import { flowLine, huntOffice } from './network-story.ts'
import { named, type Line } from './story.ts'

const day = 86_400
const detectors = ['host-daily-activity']

/** Twenty machines of two kinds over two weeks: desks by day, servers around the clock. */
const quiet = ((): Line[] => {
  const random = randomStream(31)
  return Array.from({ length: 15 }, (_, n) => n).flatMap((n) =>
    Array.from({ length: 20 }, (_, machine) => machine).flatMap((machine) => {
      const server = machine >= 14
      const flows = server ? 40 : n % 7 < 5 ? 25 + Math.floor(random() * 15) : 0
      return Array.from({ length: flows }, () =>
        flowLine(n * day + (server ? random() * day : 29_000 + random() * 30_000), {
          from: `192.0.2.${20 + machine}`,
          to: `198.51.100.${1 + Math.floor(random() * random() * (server ? 6 : 60)) + (server ? 100 : 0)}`,
          port: server ? 5432 : random() < 0.9 ? 443 : 80,
          sent: Math.round(500 + 3000 * random() ** 3),
        }),
      )
    }),
  )
})()

describe('host-daily-activity', () => {
  it('is quiet for two weeks of desks and servers', async () => {
    expect(named(await huntOffice(quiet, { detectors }))).toEqual([])
  })

  it('names a machine that has a day unlike its own and its peers’', async () => {
    const odd = Array.from({ length: 300 }, (_, n) =>
      flowLine(11 * day + 3600 + n * 200, {
        from: '192.0.2.25',
        to: `203.0.113.${1 + (n % 150)}`,
        port: 1000 + (n % 40),
        sent: 60_000,
      }),
    )
    const report = await huntOffice([...quiet, ...odd], { detectors })
    expect(named(report)[0]).toBe('host-daily-activity: 192.0.2.25')
    const [touched] = report.findings[0]?.details ?? []
    if (touched?.kind !== 'touched') throw new Error('the finding does not show who touched what')
    expect(touched.kinds.find(({ column }) => column === 'destination_port')).toMatchObject({ fresh: 40 })
    expect(touched.peers.members).toBeGreaterThan(4)
  })

  it('lets a busier day be', async () => {
    const busy = Array.from({ length: 30 }, (_, n) =>
      flowLine(11 * day + 30_000 + n * 700, { from: '192.0.2.25', to: `198.51.100.${1 + n}` }),
    )
    expect(named(await huntOffice([...quiet, ...busy], { detectors }))).toEqual([])
  })
})
