import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensureTable } from '../../src/engine/ensure-table.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { tables } from '../../src/schema/tables.ts'
import { keepWithin, startFor } from '../../src/serve/retention.ts'
import { sql } from '../../src/sql/sql.ts'

const dayMs = 86_400_000
const nowMs = Date.UTC(2026, 2, 12)
let folder = ''
let engine: Engine

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-retention-'))
  engine = await openEngine({ kind: 'embedded', path: path.join(folder, 'data') })
  for (const table of tables) await ensureTable(engine, table)
})

afterEach(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Ten days of events, the last of which ends now. */
const fill = (): Promise<void> =>
  engine.run(
    sql`INSERT INTO events (category, timestamp, message, segment) SELECT 'web', fromUnixTimestamp64Milli(toInt64(${nowMs - 10 * dayMs} + number * ${dayMs / 20_000}), 'UTC'), hex(cityHash64(number)), 's' FROM numbers(200000)`,
  )

const bytes = async (): Promise<number> => {
  const [row] = await engine.rows<{ bytes: number }>(
    sql`SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() AND table = 'events'`,
  )
  return row?.bytes ?? 0
}

const events = async (): Promise<number> => {
  const [row] = await engine.rows<{ events: number }>(sql`SELECT count() AS events FROM events`)
  return row?.events ?? 0
}

it('frees the disk of what it removes, and removes no more the next time', { timeout: 60_000 }, async () => {
  await fill()
  const all = await bytes()
  const limit = Math.floor(all * 0.55)
  await keepWithin(engine, { days: 365, bytes: limit }, nowMs)
  const left = await events()
  expect(left).toBeGreaterThanOrEqual(80_000)
  expect(left).toBeLessThanOrEqual(120_000)
  expect(await bytes()).toBeLessThanOrEqual(limit)
  for (let hour = 1; hour < 4; hour++) await keepWithin(engine, { days: 365, bytes: limit }, nowMs)
  expect(await events()).toBe(left)
})

it('keeps today, also where a wrong clock has written of a day to come', () => {
  const day = (days: number, events: number) => ({ dayMs: nowMs + days * dayMs, events })
  expect(startFor([day(-1, 10), day(0, 100)], 110, 50, nowMs)).toBe(nowMs)
  expect(startFor([day(-1, 10), day(0, 100), day(9000, 1)], 111, 50, nowMs)).toBe(nowMs)
  expect(startFor([day(0, 100), day(9000, 1)], 101, 50, nowMs)).toBeNull()
  expect(startFor([day(9000, 1)], 1, 0, nowMs)).toBeNull()
})

it('keeps lines that were not understood for as long as others', { timeout: 60_000 }, async () => {
  await engine.run(
    sql`INSERT INTO events (category, timestamp, ingested, message, segment) SELECT 'reject', fromUnixTimestamp64Milli(toInt64(0), 'UTC'), fromUnixTimestamp64Milli(toInt64(${nowMs} - number * ${dayMs / 10}), 'UTC'), 'what is this', 's' FROM numbers(400)`,
  )
  await keepWithin(engine, { days: 30, bytes: null }, nowMs)
  expect(await events()).toBe(301)
  await keepWithin(engine, { days: 30, bytes: null }, nowMs)
  expect(await events()).toBe(301)
})
