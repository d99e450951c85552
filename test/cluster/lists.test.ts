import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEngine, type EngineConfig } from '../../src/engine/open.ts'
import { isCategorised, isListed, isUncategorised } from '../../src/features/known-destinations.ts'
import { dropKnownDestinations, fillKnownDestinations, openList } from '../../src/intel/lists.ts'
import { eventsTable } from '../../src/schema/tables.ts'
import { sql } from '../../src/sql/sql.ts'
import { insertEvents } from '../features/insert-events.ts'
import { startNodes, type Nodes } from './nodes.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-lists-'))
let nodes: Nodes | undefined

beforeAll(async () => {
  nodes = await startNodes()
})

afterAll(async () => {
  await nodes?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const known = async (config: EngineConfig) => {
  const engine = await openEngine(config)
  try {
    await engine.createTable(eventsTable)
    await insertEvents(
      engine,
      Array.from({ length: 60 }, (_, i) => ({
        at: i,
        category: 'proxy',
        destination_address: i % 2 === 0 ? `h${i}.s${i % 5}.example.net` : `203.0.113.${i}`,
      })),
    )
    const summaries = await fillKnownDestinations(engine, [
      await openList('categories', path.join(folder, 'categories.csv')),
      await openList('reputation', path.join(folder, 'reputation')),
    ])
    const value = sql`destination_address`
    const rows = await engine.rows(sql`SELECT * FROM known_destinations ORDER BY value`)
    const facts = await engine.rows(
      sql`SELECT countIf(${isCategorised(value)}) AS categorised, countIf(${isUncategorised(value)}) AS uncategorised, countIf(${isListed(value)}) AS listed FROM events`,
    )
    await dropKnownDestinations(engine)
    return { summaries, rows, facts }
  } finally {
    await engine.close()
  }
}

it('lists say the same on three nodes as on one machine', async () => {
  writeFileSync(
    path.join(folder, 'categories.csv'),
    's0.example.net,News\ns2.example.net,Ads\nh2.s2.example.net,Shop\n',
  )
  writeFileSync(path.join(folder, 'reputation'), '203.0.113.0/27\nh4.s4.example.net\n!\n')
  const { urls = [], cluster = '' } = nodes ?? {}
  const one = await known({ kind: 'embedded', path: path.join(folder, 'one') })
  const three = await known({ kind: 'cluster', urls, cluster, database: 'winnow_lists' })
  expect(three).toEqual(one)
  expect(one.facts).toEqual([{ categorised: 12, uncategorised: 48, listed: 17 }])
})
