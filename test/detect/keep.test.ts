import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledDetectors, bundledFormats } from '../../src/content.ts'
import type { Episode } from '../../src/detect/episodes.ts'
import { goOn, isKeepable, letGo, runOn, type NewEvents } from '../../src/detect/keep.ts'
import { runDetector } from '../../src/detect/run.ts'
import { ensureTable } from '../../src/engine/ensure-table.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { loadSources, type LoadResult } from '../../src/ingest/load.ts'
import { findSources } from '../../src/ingest/sources.ts'
import { tables } from '../../src/schema/tables.ts'
import { sql } from '../../src/sql/sql.ts'
import { quietSite, requestLine, type Line } from '../detectors/story.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-keep-'))
const scanner = '203.0.113.66'
const noon = 12 * 3600

const scan: Line[] = Array.from({ length: 400 }, (_, i) =>
  requestLine(noon + 1800 + i * 1.5, {
    client: scanner,
    target: `/admin/${i}.php`,
    status: 404,
    agent: 'probe/1.0',
  }),
)

let engine: Engine
const load = async (name: string, lines: readonly Line[]): Promise<LoadResult> => {
  const file = path.join(folder, name)
  writeFileSync(file, lines.map(({ text }) => `${text}\n`).join(''))
  const { sources } = await findSources([file], { dataFolder: folder })
  const { parsers, envelopes } = await bundledFormats()
  return loadSources({ engine, sources, dataFolder: folder, catalogue: { parsers, envelopes } })
}

const news = ({ segments }: LoadResult, fromSeconds: number, toSeconds: number): NewEvents => ({
  segments,
  range: { fromMs: at(fromSeconds), toMs: at(toSeconds) },
})

const startMs = Date.UTC(2026, 2, 2)
const at = (seconds: number): number => startMs + seconds * 1000

beforeAll(async () => {
  engine = await openEngine({ kind: 'embedded', path: path.join(folder, 'data'), temporary: true })
  for (const table of tables) await ensureTable(engine, table)
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('what was kept of a run', () => {
  it('judges new events as a run over everything would', async () => {
    const day = quietSite(1, 400)
    const detector = (await bundledDetectors()).find(({ id }) => id === 'web-client-behaviour')
    if (detector === undefined) throw new Error('the detector is gone')
    await load(
      'morning.log',
      day.filter((line) => line.at < noon),
    )
    const before = {
      all: { fromMs: at(0), toMs: at(noon) },
      judged: { fromMs: at(0), toMs: at(noon) },
      activeDays: 1,
    }
    const { going, detection } = await runOn(engine, detector, before, {}, 'kept_one')
    expect(detection.episodes.some(({ rarity }) => rarity > 1)).toBe(false)
    if (going === null) throw new Error('nothing was kept')

    const judged = { fromMs: at(0), toMs: at(86_400) }
    const quiet = await load(
      'noon.log',
      day.filter((line) => line.at >= noon && line.at < noon + 1800),
    )
    const calm = await goOn(engine, going, news(quiet, noon, noon + 1800), judged, {})
    expect(calm.some(({ rarity }) => rarity > 1)).toBe(false)

    const half = await load('attack-1.log', scan.slice(0, 200))
    const first = await goOn(engine, going, news(half, noon + 1800, noon + 2100), judged, {})
    expect(first[0]?.entity).toEqual([scanner])
    expect(first[0]?.rarity).toBeGreaterThan(2)
    // Only who did something new is judged.
    expect(new Set(first.map(({ entity }) => entity[0]))).toEqual(new Set([scanner]))

    const rest = await load('attack-2.log', scan.slice(200))
    const second = await goOn(engine, going, news(rest, noon + 2100, noon + 2400), judged, {})
    expect(second[0]?.events).toBe(scan.length)
    expect(second[0]?.rarity).toBeGreaterThan(first[0]?.rarity ?? 99)
    // What stood out before is told with it, though it is not judged again.
    const startsOf = (episode: Episode | undefined): Set<number> =>
      new Set(episode?.windows.filter(({ surprise }) => surprise >= 2).map((window) => window.startMs))
    const minutes = startsOf(first[0])
    expect(minutes.size).toBeGreaterThan(3)
    expect([...minutes].filter((start) => !startsOf(second[0]).has(start))).toEqual([])

    const whole = { all: judged, judged, activeDays: 1 }
    const all = await runDetector(engine, detector, whole)
    const found = all.episodes.find(({ entity }) => entity[0] === scanner)
    expect(found?.events).toBe(second[0]?.events)
    const strongest = second[0]?.strongest
    const same = found?.windows.find(
      ({ windowSeconds, startMs: start }) =>
        windowSeconds === strongest?.windowSeconds && start === strongest.startMs,
    )
    // How many use a path is as of the run.
    expect({ ...strongest?.features, rarePath: 0 }).toEqual({ ...same?.features, rarePath: 0 })
    await letGo(engine, going)
    const [left] = await engine.rows<{ n: number }>(
      sql`SELECT count() AS n FROM system.tables WHERE name LIKE 'kept_one%'`,
    )
    expect(left?.n).toBe(0)
  })

  it('is possible for most detectors that look at minutes and hours', async () => {
    const detectors = await bundledDetectors()
    const keepable = detectors.filter(isKeepable).map(({ id }) => id)
    expect(keepable).toEqual(
      expect.arrayContaining([
        'web-client-behaviour',
        'web-request-flood',
        'login-brute-force',
        'network-scan',
      ]),
    )
    expect(keepable).not.toContain('impossible-travel')
  })
})
