import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundledDetectors } from '../../src/content.ts'
import type { Detector } from '../../src/detect/detector.ts'
import { entityIn, rangeOf, subjectOf, type Subject } from '../../src/detect/subjects.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { tables } from '../../src/schema/tables.ts'
import { sql } from '../../src/sql/sql.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-subjects-'))
const startMs = Date.UTC(2026, 2, 2)

describe('subjects', () => {
  let engine: Engine
  let web: Detector
  beforeAll(async () => {
    engine = await openEngine({ kind: 'embedded', path: folder, sessions: 1 })
    for (const table of tables) await engine.createTable(table)
    // Ten clients and users in turn, and one port of three, each second.
    await engine.run(
      sql`INSERT INTO events (timestamp, category, source_ip, user_name, destination_port) SELECT fromUnixTimestamp64Milli(${startMs} + number * 1000) AS timestamp, 'web' AS category, toIPv6(concat('192.0.2.', toString(number % 10))) AS source_ip, concat('user ', toString(number % 10)) AS user_name, number % 3 AS destination_port FROM numbers(600)`,
    )
    const all = await bundledDetectors()
    const found = all.find(({ id }) => id === 'web-client-behaviour')
    if (found === undefined) throw new Error('it is bundled')
    web = found
  })
  afterAll(async () => {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const counted = async (detector: Detector, subjects: readonly Subject[]) => {
    const rows = await engine.rows<{ subject: number; events: number }>(
      sql`SELECT ${subjectOf(detector, subjects)} AS subject, count() AS events FROM events WHERE ${entityIn(detector, subjects)} AND ${rangeOf(subjects)} GROUP BY subject ORDER BY subject`,
    )
    return rows.map(({ subject, events }) => [subject, events])
  }
  const of = (entity: readonly string[], from: number, to: number): Subject => ({
    entity,
    firstMs: startMs + from * 1000,
    lastMs: startMs + to * 1000,
  })

  it('own the events of their entity in their time; others own none', async () => {
    expect(await counted(web, [of(['192.0.2.3'], 0, 599), of(['192.0.2.4'], 100, 199)])).toEqual([
      [0, 50],
      [1, 60],
      [2, 10],
    ])
  })

  it('may be of one entity at several times, and share what lies in both with the first', async () => {
    const subjects = [of(['192.0.2.7'], 300, 399), of(['192.0.2.1'], 0, 599), of(['192.0.2.7'], 350, 449)]
    expect(await counted(web, subjects)).toEqual([
      [0, 45],
      [1, 10],
      [2, 60],
      [3, 5],
    ])
  })

  it('are told apart by all parts of their entity, whatever these are made of', async () => {
    const two: Detector = { ...web, entity: ['user_name', 'source_ip', 'destination_port'] }
    const subjects = [
      of(['user 5', '192.0.2.5', '1'], 0, 599),
      of(['user 5', '192.0.2.5', '2'], 0, 599),
      of(['user 5', '192.0.2.6', '0'], 0, 599),
      of([`it's 'none'`, '192.0.2.6', '0'], 0, 599),
    ]
    expect(await counted(two, subjects)).toEqual([
      [0, 20],
      [1, 20],
      [2, 20],
    ])
  })
})
