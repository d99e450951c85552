import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsers } from '../../parsers/index.ts'
import { headersOf } from '../../src/parse/headers.ts'
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
  { file: 'dns/iodine-in-wrccdc.jsonl.gz', format: 'dns-json', lines: 24_585 },
  {
    file: 'parsers/crowdsec/suricata-eve-detect/suricata-eve-detect.log',
    format: 'suricata',
    lines: 4,
  },
  {
    file: 'parsers/crowdsec/suricata-logs-fastlog/suricata-logs-fastlog.log',
    format: 'suricata-fast',
    lines: 4,
  },
  { file: 'parsers/crowdsec/bind9-syslog/bind9-syslog.log', format: 'syslog', lines: 9 },
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

  test('the tunnel among the DNS queries keeps its names, whatever bytes are in them', async ({ skip }) => {
    const file = 'dns/iodine-in-wrccdc.jsonl.gz'
    skip(!existsSync(path.join(shared, file)), `${file} is not here`)
    const rows = await lab.engine.rows(
      sql`SELECT dns_question_type, count() AS queries FROM events WHERE source = ${file} AND source_ip = toIPv6('10.47.5.61') AND dns_question_registered_domain = 'pirate.sea' GROUP BY ALL`,
    )
    expect(rows).toEqual([{ dns_question_type: 'NULL', queries: 222 }])
  })

  test('BIND names the client of each denial, whatever stands before it', async ({ skip }) => {
    const file = 'parsers/crowdsec/bind9-syslog/bind9-syslog.log'
    skip(!existsSync(path.join(shared, file)), `${file} is not here`)
    const rows = await lab.engine.rows(
      sql`SELECT format, event_action, count() AS events, uniqExact(source_ip) AS clients FROM events WHERE source = ${file} GROUP BY ALL ORDER BY event_action`,
    )
    expect(rows).toEqual([
      { format: 'bind', event_action: 'query', events: 2, clients: 1 },
      { format: 'bind', event_action: 'zone-transfer', events: 7, clients: 3 },
    ])
  })
})

const zeekFolders = ['flows/wrccdc-zeek', 'copyleft/zeek', 'copyleft/proxy/rita-proxy']

const zeekLogs = zeekFolders
  .filter((folder) => existsSync(path.join(shared, folder)))
  .flatMap((folder) =>
    readdirSync(path.join(shared, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /[.]log(?:[.]labeled)?(?:[.]gz)?$/.test(file))
      .map((file) => path.join(folder, file)),
  )
  .toSorted()

describe('real Zeek logs', () => {
  test('are here', ({ skip }) => {
    skip(zeekLogs.length === 0, 'the folders of Zeek logs are not here')
    expect(zeekLogs.length).toBeGreaterThan(60)
  })

  test.for(zeekLogs)('every line of %s but its header lines is an event', async (file) => {
    const bytes = readFileSync(path.join(shared, file))
    const plain = file.endsWith('.gz') ? gunzipSync(bytes) : bytes
    const lines = plain.toString('latin1').replace(/\n$/, '').split('\n')
    const headerLines = lines.filter((line) => line.startsWith('#')).length
    const format = lines[0]?.startsWith('{') === true ? 'zeek-json' : 'zeek-tsv'
    const parser = parsers.find(({ id }) => id === format)
    const numbered = lines.slice(0, 20).map((text, line) => ({ line, text }))
    const headers = parser === undefined ? [] : headersOf(numbered, parser)
    await lab.load(file, plain, readingOf(format), { ...goldenContext, headers })
    const rows = await lab.engine.rows(
      sql`SELECT count() AS lines, countIf(category = 'reject') AS rejects, countIf(category = 'reject' AND reject_reason != 'header or comment') AS broken, countIf(category != 'reject' AND event_action = '') AS unnamed FROM events WHERE source = ${file}`,
    )
    expect(rows).toEqual([{ lines: lines.length, rejects: headerLines, broken: 0, unnamed: 0 }])
  })
})
