import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventsTable } from '../../src/schema/tables.ts'
import { id, join, sql } from '../../src/sql/sql.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { access, accessLines, inPlace, text } from './place.ts'

const places = new Set(['source', 'segment', 'line_number', 'ingested'])

/** Stands for all rows, without the columns that say where a line was. */
const hashOfEvents = async (engine: Engine): Promise<string> => {
  const columns = eventsTable.columns.filter(({ name }) => !places.has(name))
  const rows = await engine.rows<object>(
    sql`SELECT ${join(columns.map(({ name }) => (name === 'other' ? sql`toJSONString(other) AS other` : id(name))))} FROM events ORDER BY message, reject_reason`,
  )
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}

const lines = accessLines(400).map((line, i) => (i % 37 === 0 ? `broken ${line.slice(20)}` : line))
const seen: string[] = []

test.each([1, 2])('with %i threads the same lines give the same events, in however many files', (threads) =>
  inPlace(async ({ folder, engine, load }) => {
    let round = 0
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: lines.length - 1 }), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (at, reversed) => {
        const edges = [0, ...at.toSorted((a, b) => a - b), lines.length]
        const files = edges.slice(1).map(async (end, i) => {
          const part = text(lines.slice(edges[i], end))
          const file = path.join(folder, `${round}-${reversed ? 9 - i : i}`)
          await writeFile(file, i % 2 === 0 ? part : gzipSync(part))
          return file
        })
        round++
        const result = await load(await Promise.all(files), access)
        expect(result).toMatchObject({ lines: 400, rejected: 11 })
        seen.push(await hashOfEvents(engine))
        expect(new Set(seen).size).toBe(1)
        await engine.run(sql`TRUNCATE TABLE events`)
        await engine.run(sql`TRUNCATE TABLE segments`)
      }),
      { numRuns: 8, seed: 20_260_301 },
    )
  }, threads)(),
)
