import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmbedded } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { uniqueValues } from '../../src/features/unique-values.ts'
import { join, raw, sql } from '../../src/sql/sql.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-unique-'))
let engine: Engine

beforeAll(() => {
  engine = openEmbedded({ path: path.join(folder, 'events'), sessions: 1 })
})

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const hour = 3600

describe('the values of a window', () => {
  it('are as many in long windows as in short ones, made of events or put together', async () => {
    const counts = await Promise.all(
      [60, hour].map((seconds) => {
        const { make, together } = uniqueValues(raw('number % 997'), raw('number % 3 = 0'), seconds)
        const short = sql`SELECT intDiv(number, 1000) AS window, ${make} AS made FROM numbers(20000) GROUP BY window`
        return engine.rows(
          sql`SELECT intDiv(window, 5) AS long, sum(length(made)) AS parts, length(${together(raw('made'))}) AS values FROM (${short}) GROUP BY long ORDER BY long`,
        )
      }),
    )
    expect(counts[0]).toHaveLength(4)
    expect(counts[1]).toEqual(counts[0])
  })

  it('take the memory of the values in a day, however many events one source has', async () => {
    const features = Array.from(
      { length: 6 },
      (_, i) => uniqueValues(sql`cityHash64(number % 1000, ${i})`, raw('1'), 24 * hour).make,
    )
    const counts = join(features.map((made) => sql`length(${made})`))
    const [day] = await engine.rows<{ counts: number[] }>(
      sql`SELECT [${counts}] AS counts FROM numbers(3000000)`,
      { memoryBytes: 100_000_000 },
    )
    expect(day?.counts).toEqual(features.map(() => 1000))
  })
})
