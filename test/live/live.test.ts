import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundledDetectors } from '../../src/content.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { startLive, type Live } from '../../src/live/live.ts'
import type { LiveFinding } from '../../src/triage/lifecycle.ts'
import { sql } from '../../src/sql/sql.ts'
import { quietSite, requestLine, type Line } from '../detectors/story.ts'
import { openPlace, type Place } from './place.ts'

const day = 86_400
const startMs = Date.UTC(2026, 2, 2)
const scanner = '203.0.113.66'
const scan: Line[] = Array.from({ length: 120 }, (_, i) =>
  requestLine(2 * day - 3600 + i * 12, {
    client: scanner,
    target: `/admin/${i}.php`,
    status: 404,
    agent: 'probe/1.0',
  }),
)

let place: Place
let engine: Engine
let live: Live | null = null

const load = (name: string, lines: readonly Line[]): Promise<void> => place.load(name, lines)

beforeEach(async () => {
  place = await openPlace()
  engine = place.engine
})

afterEach(async () => {
  await live?.close()
  live = null
  await place.close()
})

const start = async (found: LiveFinding[]): Promise<Live> =>
  startLive({
    engine,
    detectors: (await bundledDetectors()).filter(({ byDefault }) => byDefault),
    hasLists: false,
    peers: null,
    excluded: async () => [],
    settings: async () => new Map(),
    learn: async (findings) => findings,
    record: async (findings) => {
      found.push(...findings)
    },
    isLeader: () => true,
    log: {
      info: () => undefined,
      warn: (facts, message) => {
        throw new Error(`${message}: ${JSON.stringify(facts)}`)
      },
    },
    now: () => startMs + 2 * day * 1000 + performance.now(),
    pace: 0.02,
  })

const shown = (found: readonly LiveFinding[]): string[] => [
  ...new Set(
    found
      .filter(({ state }) => state === 'shown')
      .map(({ finding }) => `${finding.detector}: ${finding.entity.value}`),
  ),
]

describe('live detection', () => {
  it(
    'says nothing of quiet days, and names a scanner from what it has just done',
    { timeout: 120_000 },
    async () => {
      const quiet = quietSite(2, 300)
      await load(
        'quiet-1.log',
        quiet.filter(({ at }) => at < 1.5 * day),
      )
      const found: LiveFinding[] = []
      live = await start(found)
      await live.settled()
      expect(live.states().filter(({ state }) => state === 'watching').length).toBeGreaterThan(3)
      await load(
        'quiet-2.log',
        quiet.filter(({ at }) => at >= 1.5 * day),
      )
      live.wake()
      await live.settled()
      expect(shown(found)).toEqual([])

      await load('scan-1.log', scan.slice(0, 30))
      live.wake()
      await live.settled()
      expect(shown(found)).toContain(`web-client-behaviour: ${scanner}`)
      expect(shown(found).filter((one) => !one.endsWith(scanner))).toEqual([])
      await load('scan-2.log', scan.slice(30))
      live.wake()
      await live.settled()
      const last = found.findLast(
        ({ finding }) => finding.detector === 'web-client-behaviour' && finding.entity.value === scanner,
      )
      expect(last?.finding.events).toBeGreaterThanOrEqual(scan.length - 20)
    },
  )

  it('leaves no working tables behind', { timeout: 60_000 }, async () => {
    await load('quiet.log', quietSite(1, 100))
    live = await start([])
    await live.settled()
    await live.close()
    live = null
    const left = await engine.rows(
      sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND name NOT IN ('events', 'segments', 'suspects')`,
    )
    expect(left).toEqual([])
  })
})
