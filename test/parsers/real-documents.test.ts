import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { sql } from '../../src/sql/sql.ts'
import { inPlace } from '../ingest/place.ts'

const shared = path.resolve(import.meta.dirname, '../../../shared/data')

/** The documents of a folder one after the other, in one file: reading each by itself takes a minute. */
const joinDocuments = async (folder: string, target: string): Promise<number> => {
  const files = (await readdir(folder, { recursive: true }))
    .filter((file) => file.endsWith('.json'))
    .toSorted()
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))
  await writeFile(target, texts.join('\n'))
  return files.length
}

describe('real documents, their format found', () => {
  test('each CloudTrail record is an event with its user, action and provider', async ({ skip }) => {
    const folder = path.join(shared, 'cloud/stratus')
    skip(!existsSync(folder), 'cloud/stratus is not here')
    await inPlace(async ({ folder: place, engine, load }) => {
      const file = path.join(place, 'cloudtrail.json')
      await joinDocuments(folder, file)
      expect(await load([file])).toMatchObject({
        lines: 310,
        rejected: 0,
        sources: [{ format: 'cloudtrail' }],
      })
      const [row] = await engine.rows<object>(
        sql`SELECT countIf(user_name = '') AS nobody, countIf(event_action = '') AS nothing, countIf(event_provider = '') AS nowhere, countIf(source_ip = toIPv6('::') AND source_domain = '') AS from_nowhere, countIf(event_outcome = 'failure') AS failures, countIf(cloud_account_id = '' OR cloud_region = '') AS placeless FROM events`,
      )
      expect(row).toEqual({
        nobody: 0,
        nothing: 0,
        nowhere: 0,
        // The makers of the set replaced the digits of addresses: many are none any more.
        from_nowhere: 107,
        failures: 52,
        placeless: 0,
      })
    })()
  }, 120_000)

  test('each whole audit record of Kubernetes is an event', async ({ skip }) => {
    const file = path.join(shared, 'kubernetes/audit-logs.csv.gz')
    skip(!existsSync(file), 'kubernetes is not here')
    await inPlace(async ({ engine, load }) => {
      // The last record of the export is cut off.
      expect(await load([file])).toMatchObject({
        lines: 16_564,
        rejected: 1,
        sources: [{ format: 'kubernetes-audit' }],
      })
      const [row] = await engine.rows<object>(
        sql`SELECT uniqExact(user_name) AS users, countIf(http_response_status_code = 403 AND event_outcome = 'failure') AS refused, countIf(user_name = '' OR event_action = '' OR url_path = '') AS bare FROM events WHERE category != 'reject'`,
      )
      expect(row).toEqual({ users: 46, refused: 71, bare: 0 })
    })()
  }, 120_000)

  test('each Windows event is an event with its number, provider and machine', async ({ skip }) => {
    const folder = path.join(shared, 'rules/sigma-regression')
    skip(!existsSync(folder), 'rules/sigma-regression is not here')
    await inPlace(async ({ folder: place, engine, load }) => {
      const file = path.join(place, 'windows.json')
      // Some files hold several events.
      expect(await joinDocuments(folder, file)).toBe(101)
      expect(await load([file])).toMatchObject({
        lines: 118,
        rejected: 0,
        sources: [{ format: 'windows-evtx' }],
      })
      const rows = await engine.rows<object>(
        sql`SELECT category, count() AS events, countIf(event_code = '' OR event_provider = '' OR host_name = '') AS bare, countIf(process_executable = '') AS without FROM events GROUP BY category ORDER BY category`,
      )
      expect(rows).toEqual([
        { category: 'other', events: 50, bare: 0, without: 4 },
        { category: 'process', events: 68, bare: 0, without: 0 },
      ])
    })()
  }, 300_000)
})
