import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundledDetectors } from '../../src/content.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { startLive, type Live, type LiveOptions } from '../../src/live/live.ts'
import type { LiveFinding } from '../../src/triage/lifecycle.ts'
import { sql } from '../../src/sql/sql.ts'
import { quietSite, requestLine, type Line } from '../detectors/story.ts'
import { openPlace, type Place } from './place.ts'

const hour = 3600
const day = 86_400
const startMs = Date.UTC(2026, 2, 2)
const scanner = '203.0.113.66'
/** Within two hours of a day. */
const scanAt = (at: number): Line[] =>
  Array.from({ length: 120 }, (_, i) =>
    requestLine(at + i * 12, { client: scanner, target: `/admin/${i}.php`, status: 404, agent: 'probe/1.0' }),
  )

let place: Place
let engine: Engine
let live: Live | null = null
let found: LiveFinding[] = []

const load = (name: string, lines: readonly Line[]): Promise<void> =>
  place.load(
    name,
    lines.toSorted((a, b) => a.at - b.at),
  )

beforeEach(async () => {
  place = await openPlace()
  engine = place.engine
  found = []
})

afterEach(async () => {
  await live?.close()
  live = null
  await place.close()
})

const start = async (
  ids: readonly string[],
  days: number,
  more: Partial<LiveOptions> = {},
): Promise<Live> => {
  live = await startLive({
    engine,
    detectors: (await bundledDetectors()).filter(({ id }) => ids.includes(id)),
    hasLists: false,
    peers: null,
    excluded: async () => [],
    settings: async () => new Map(),
    learn: async (findings) => findings,
    record: async (findings) => {
      found.push(...findings)
    },
    isLeader: () => true,
    log: { info: () => undefined, warn: () => undefined },
    now: () => startMs + days * day * 1000 + performance.now(),
    pace: 0.02,
    ...more,
  })
  return live
}

const until = async (holds: () => boolean | Promise<boolean>, seconds = 30): Promise<void> => {
  for (let waited = 0; !(await holds()); waited += 50) {
    if (waited > seconds * 1000) throw new Error('it did not happen')
    await pause(50)
  }
}

const aboutScanner = (): LiveFinding[] =>
  found.filter(({ finding, state }) => state === 'shown' && finding.entity.value === scanner)

const workingTables = async (): Promise<string[]> => {
  const rows = await engine.rows<{ name: string }>(
    sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND (startsWith(name, 'live_') OR startsWith(name, 'work_')) ORDER BY name`,
  )
  return rows.map(({ name }) => name)
}

const web = ['web-client-behaviour']

describe('detection that goes on for months', () => {
  it('tells again what could not be recorded', { timeout: 60_000 }, async () => {
    await load('site.log', quietSite(2, 100))
    let failures = 3
    const one = await start(web, 2.2, {
      record: async (findings) => {
        if (failures-- > 0) throw new Error('no answer')
        found.push(...findings)
      },
    })
    await one.settled()
    await load('scan.log', scanAt(2 * day))
    one.wake()
    await until(() => aboutScanner().length > 0)
    expect(failures).toBeLessThan(0)
  })

  it('drops what a killed process left', { timeout: 60_000 }, async () => {
    for (const name of ['live_old_0_tallies', 'work_old_windows'])
      await engine.createTable({
        name,
        columns: [{ name: 'a', type: 'UInt8' }],
        orderBy: ['a'],
        shardBy: 'a',
      })
    await load('site.log', quietSite(1, 50))
    await (await start(web, 1)).settled()
    expect((await workingTables()).filter((name) => name.includes('old'))).toEqual([])
  })

  it(
    'tells nothing while another server detects, and goes on when it is gone',
    { timeout: 90_000 },
    async () => {
      let leads = true
      let enabled = true
      await load('site.log', quietSite(2, 100))
      const one = await start(web, 2.2, {
        isLeader: () => leads,
        settings: async () => new Map([[web[0] ?? '', { enabled, strictness: 0 }]]),
      })
      await one.settled()
      expect(await workingTables()).not.toEqual([])
      leads = false
      await load('scan.log', scanAt(2 * day))
      one.wake()
      await until(async () => (await workingTables()).length === 0)
      await one.settled()
      expect(aboutScanner()).toEqual([])
      leads = true
      await until(() => aboutScanner().length > 0)
      enabled = false
      await until(async () => (await workingTables()).length === 0)
    },
  )

  it('judges days that came in at once, in the order they were written', { timeout: 90_000 }, async () => {
    const site = quietSite(6, 300)
    await load(
      'first.log',
      site.filter(({ at }) => at < 2 * day),
    )
    const one = await start(web, 6)
    await one.settled()
    await load('rest.log', [...site.filter(({ at }) => at >= 2 * day), ...scanAt(3.5 * day)])
    one.wake()
    await one.settled()
    expect(aboutScanner()).not.toEqual([])
  })

  it('does not judge again after a restart what it has judged', { timeout: 90_000 }, async () => {
    const marks = new Map<string, number>()
    const options: Partial<LiveOptions> = {
      marks: {
        read: async () => marks,
        write: async (detector, loadedByMs) => {
          marks.set(detector, loadedByMs)
        },
      },
    }
    await load('site.log', [...quietSite(5, 300), ...scanAt(2 * day)])
    await pause(2500)
    await (await start(web, 5, options)).settled()
    expect(aboutScanner()).not.toEqual([])
    await until(() => marks.size === 1)
    await live?.close()
    // What was loaded just before a start counts as new.
    await pause(5500)
    found = []
    await (await start(web, 5, options)).settled()
    expect(aboutScanner()).toEqual([])
  })

  it('shows what the budget has room for, and the rest below', { timeout: 60_000 }, async () => {
    await load('site.log', quietSite(2, 100))
    const others = Array.from({ length: 20 }, (_, i) => ({
      actor: `192.0.2.${i}`,
      detector: 'other',
      rarity: 1000,
      atMs: startMs + 1.5 * day * 1000,
    }))
    const one = await start(web, 2.2, {
      budgetPerDay: async () => 2,
      situations: async () => others,
      settings: async () => new Map([['other', { enabled: true, strictness: 2 }]]),
    })
    await one.settled()
    await load('scan.log', scanAt(2 * day))
    one.wake()
    await one.settled()
    expect(aboutScanner()).toEqual([])
    const below = found.filter(({ finding }) => finding.entity.value === scanner)
    expect(below.map(({ state }) => state)).toContain('below')
    // What a stricter detector found counts by how far it is above its own line.
    expect(one.line()).toBe(998)
  })

  it(
    'looks at what is ahead of the clock when its time has come, and says so',
    { timeout: 90_000 },
    async () => {
      const lines = [...quietSite(2, 100), ...scanAt(1.53 * day)]
      // A sender's time zone is two hours east of what is taken for it.
      let days = 1.5
      const warnings: string[] = []
      await load(
        'old.log',
        lines.filter(({ at }) => at < 1.5 * day),
      )
      const one = await start(web, 0, {
        now: () => startMs + days * day * 1000 - 2 * hour * 1000 + performance.now(),
        log: { info: () => undefined, warn: (_, message) => warnings.push(message) },
        // The thorough lane is not due again soon: the quick one sees it.
        pace: 1,
      })
      await one.settled()
      for (; days < 1.63; days += 1 / 32) {
        await load(
          `${days}.log`,
          lines.filter(({ at }) => at >= days * day && at < (days + 1 / 32) * day),
        )
        one.wake()
        await one.settled()
      }
      const [state] = one.states()
      expect(state?.state).toBe('watching')
      expect(state?.why).toContain('2.5 h ahead of this machine')
      expect(warnings).toEqual(['a log is ahead of the clock'])
      const told = aboutScanner()
      expect(told).not.toEqual([])
      const events = Math.max(...told.map(({ finding }) => finding.events))
      expect(events).toBe(120)
    },
  )

  it('goes on after the clock was set back', { timeout: 60_000 }, async () => {
    let backMs = 0
    await load('site.log', quietSite(2, 100))
    const one = await start(web, 2.2, {
      now: () => startMs + 2.2 * day * 1000 - backMs + performance.now(),
    })
    await one.settled()
    const lastRunMs = one.states()[0]?.lastRunMs ?? 0
    backMs = 2 * hour * 1000
    await load('scan.log', scanAt(2 * day))
    one.wake()
    const hasRun = (): boolean => (one.states()[0]?.lastRunMs ?? lastRunMs) < lastRunMs
    await until(() => hasRun() && aboutScanner().length > 0)
    expect(hasRun()).toBe(true)
  })

  it('notices that the only source has stopped', { timeout: 60_000 }, async () => {
    let laterMs = 0
    const site = quietSite(3, 400)
    const lastMs = startMs + site.reduce((last, { at }) => Math.max(last, at), 0) * 1000
    const one = await start(['source-silent', ...web], 3, { now: () => lastMs + laterMs + performance.now() })
    await load('site.log', site)
    one.wake()
    await one.settled()
    expect(one.silent()).toEqual([])
    laterMs = 9 * hour * 1000
    await until(() => one.silent().length > 0)
    const [silent] = one.silent()
    expect(silent?.source).toContain('site.log')
    expect(silent?.blinds).toEqual(web)
    expect(Date.parse(silent?.since ?? '')).toBeGreaterThan(startMs + 2.5 * day * 1000)
  })
})
