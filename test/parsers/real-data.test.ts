import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, readingOf, type Laboratory } from './load-lines.ts'

const shared = path.resolve(import.meta.dirname, '../../../shared/data')
let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

const cases = [
  { file: 'web/secrepo-access.log.gz', format: 'apache-access', lines: 12_077 },
  { file: 'auth/elastic-auth.log.gz', format: 'syslog', lines: 7_121 },
  { file: 'copyleft/proxy/squid-connect-beacon.log.gz', format: 'squid-native', lines: 13_947 },
]

describe('real logs', () => {
  test.for(cases)('every line of $file is an event', async ({ file, format, lines }, { skip }) => {
    const found = path.join(shared, file)
    skip(!existsSync(found), `${file} is not here`)
    await lab.loadFile(file, found, readingOf(format), goldenContext)
    const rows = await lab.engine.rows(
      sql`SELECT count() AS lines, countIf(category = 'reject') AS rejects FROM events WHERE source = ${file}`,
    )
    expect(rows).toEqual([{ lines, rejects: 0 }])
  })

  test('each attempt to log in counts once, repeats included', async ({ skip }) => {
    const file = 'auth/elastic-auth.log.gz'
    skip(!existsSync(path.join(shared, file)), `${file} is not here`)
    const rows = await lab.engine.rows(
      sql`SELECT event_outcome, count() AS lines, sum(event_repeats) AS attempts FROM events WHERE source = ${file} AND event_action = 'login' GROUP BY event_outcome ORDER BY event_outcome`,
    )
    // 632 `Failed …` lines, and 85 `message repeated` lines that stand for 410.
    expect(rows).toEqual([
      { event_outcome: 'failure', lines: 717, attempts: 1_042 },
      { event_outcome: 'success', lines: 226, attempts: 226 },
    ])
  })
})
