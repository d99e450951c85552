import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import access from '../../parsers/apache-access.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine, type EngineConfig } from '../../src/engine/open.ts'
import { hunt } from '../../src/hunt.ts'
import { compileSelect } from '../../src/parse/compile.ts'
import { defaultContext } from '../../src/parse/context.ts'
import type { Report } from '../../src/report/report.ts'
import { eventsTable } from '../../src/schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../../src/sql/sql.ts'
import { flowLine, queryLine, quietFlows, quietQueries } from '../detectors/network-story.ts'
import { accessLog } from './access-log.ts'
import { startNodes, type Nodes } from './nodes.ts'

/** The same work on one machine and on three nodes, whose results have to be the same. */

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-both-'))
const log = path.join(folder, 'access.log')
let nodes: Nodes | undefined

const config = (kind: EngineConfig['kind'], name: string): EngineConfig => {
  if (kind === 'embedded') return { kind, path: path.join(folder, name) }
  if (nodes === undefined) throw new Error('the nodes are not up')
  return { kind, urls: nodes.urls, cluster: nodes.cluster, database: name }
}

beforeAll(async () => {
  writeFileSync(log, accessLog())
  nodes = await startNodes()
})

afterAll(async () => {
  await nodes?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const questions: Readonly<Record<string, Sql>> = {
  'all events': sql`SELECT * EXCEPT (ingested) FROM events ORDER BY line_number`,
  'counts, distinct counts and quantiles by client': sql`SELECT toString(source_ip) AS client, count() AS n, uniq(url_path) AS paths, uniqExact(url_path) AS exact, quantileExact(0.9)(http_response_bytes) AS large, sum(http_response_bytes) AS bytes FROM events GROUP BY client ORDER BY client`,
  'windows of a minute': sql`SELECT toUnixTimestamp(toStartOfMinute(timestamp)) AS minute, toString(source_ip) AS client, countIf(http_response_status_code = 404) AS failed, uniq(url_path) AS paths FROM events WHERE category = ${'web'} GROUP BY minute, client ORDER BY minute, client`,
  'a join with an aggregate of the same table': sql`SELECT e.line_number AS n, v.clients AS clients, toString(v.first) AS first FROM events AS e LEFT ANY JOIN (SELECT url_path, uniq(source_ip) AS clients, min(timestamp) AS first FROM events GROUP BY url_path) AS v ON v.url_path = e.url_path ORDER BY n`,
  'an aggregate over such a join': sql`SELECT toString(e.source_ip) AS client, countIf(v.clients = 1) AS alone, max(v.clients) AS most FROM events AS e LEFT ANY JOIN (SELECT url_path, uniq(source_ip) AS clients FROM events GROUP BY url_path) AS v ON v.url_path = e.url_path GROUP BY client ORDER BY client`,
  'a condition from a subquery': sql`SELECT count() AS n FROM events WHERE source_ip IN (SELECT source_ip FROM events WHERE http_response_status_code = 404 GROUP BY source_ip HAVING count() > ${100})`,
  'a condition that excludes a subquery': sql`SELECT uniqExact(url_path) AS n FROM events WHERE url_path NOT IN (SELECT url_path FROM events WHERE http_response_status_code = 404)`,
  'a scalar from the same table': sql`SELECT count() AS n FROM events WHERE http_response_bytes > (SELECT avg(http_response_bytes) FROM events WHERE category = 'web')`,
  'a common table used twice': sql`WITH per AS (SELECT source_ip, count() AS n FROM events GROUP BY source_ip) SELECT toString(a.source_ip) AS client, a.n AS n, b.most AS most FROM per AS a CROSS JOIN (SELECT max(n) AS most FROM per) AS b ORDER BY client`,
  'an aggregate of an aggregate': sql`SELECT quantileExact(0.5)(n) AS middle, max(n) AS most, count() AS windows FROM (SELECT source_ip, toStartOfHour(timestamp) AS hour, count() AS n FROM events GROUP BY source_ip, hour)`,
  'a rank within each hour': sql`SELECT hour, client, place FROM (SELECT toUnixTimestamp(toStartOfHour(timestamp)) AS hour, toString(source_ip) AS client, row_number() OVER (PARTITION BY hour ORDER BY count() DESC, client) AS place FROM events GROUP BY hour, client) WHERE place <= 3 ORDER BY hour, place`,
  'the first lines of each client': sql`SELECT toString(source_ip) AS client, line_number FROM events ORDER BY client, line_number LIMIT 2 BY client`,
  'a union': sql`SELECT kind, n FROM (SELECT 'web' AS kind, count() AS n FROM events WHERE category = 'web' UNION ALL SELECT 'reject', count() FROM events WHERE category = 'reject') ORDER BY kind`,
  'ordered groups': sql`SELECT toString(source_ip) AS client, arraySort(groupUniqArray(http_response_status_code)) AS statuses, argMin(url_path, line_number) AS first FROM events GROUP BY client ORDER BY client`,
}

const load = async (engine: Engine): Promise<void> => {
  await engine.createTable(eventsTable)
  const batch = { segment: 'segment', source: 'access.log', context: defaultContext }
  const compiled = compileSelect({ envelopes: [], parsers: [access] }, batch)
  await engine.loadLines({
    path: log,
    compression: 'none',
    into: sql`INSERT INTO events (${join(compiled.columns.map(id))})`,
    select: compiled.select,
  })
}

describe('the same events', () => {
  const answers = { embedded: new Map<string, unknown[]>(), cluster: new Map<string, unknown[]>() }
  let shares: number[] = []

  beforeAll(async () => {
    for (const kind of ['embedded', 'cluster'] as const) {
      const engine = await openEngine(config(kind, 'winnow_events'))
      await load(engine)
      for (const [name, question] of Object.entries(questions)) {
        answers[kind].set(name, await engine.rows(question))
      }
      if (kind === 'cluster') {
        const rows = await engine.rows<{ n: number }>(
          sql`SELECT count() AS n FROM ${raw('events')} GROUP BY _shard_num ORDER BY _shard_num`,
        )
        shares = rows.map((row) => row.n)
      }
      await engine.close()
    }
  })

  test('lie on all three nodes, none with less than a quarter', () => {
    const all = shares.reduce((sum, n) => sum + n, 0)
    expect(shares).toHaveLength(3)
    expect(all).toBe(23_001)
    expect(Math.min(...shares)).toBeGreaterThan(all / 4)
  })

  test.each(Object.keys(questions))('give the same answer: %s', (name) => {
    const one = answers.embedded.get(name)
    expect(one?.length).toBeGreaterThan(0)
    expect(answers.cluster.get(name)).toEqual(one)
  })
})

describe('a hunt in the logs of a network', () => {
  const flows = [
    ...quietFlows(3),
    ...Array.from({ length: 120 }, (_, i) =>
      flowLine(40_000 + i, { from: '192.0.2.33', to: `192.0.2.${100 + i}`, port: 445, state: 'S0' }),
    ),
    ...Array.from({ length: 90 }, (_, i) =>
      flowLine(30_000 + i * 130, { from: '192.0.2.35', to: '203.0.113.66', port: 8443, state: 'S0' }),
    ),
    ...Array.from({ length: 150 }, (_, i) =>
      flowLine(100_000 + i * 300 + ((i * 7919) % 60), {
        from: '192.0.2.31',
        to: '203.0.113.44',
        sent: 410,
        received: 220,
      }),
    ),
    flowLine(120_000, { from: '192.0.2.36', to: '203.0.113.70', sent: 900_000_000, received: 2000 }),
  ]
  const queries = [
    ...quietQueries(2),
    ...Array.from({ length: 150 }, (_, i) =>
      queryLine(
        36_000 + i * 20,
        '192.0.2.42',
        `${(i * 7_919_173_331).toString(36)}${'mzq4k7x2n0pa'.repeat(3)}.t.relay-host.example`,
        'TXT',
      ),
    ),
  ]

  test('finds the same on three nodes as in the process', async () => {
    const place = path.join(folder, 'network')
    mkdirSync(place)
    for (const [name, lines] of Object.entries({ conn: flows, dns: queries })) {
      const ordered = lines.toSorted((a, b) => a.at - b.at)
      writeFileSync(path.join(place, `${name}.log`), `${ordered.map(({ text }) => text).join('\n')}\n`)
    }
    const huntNetwork = (kind: EngineConfig['kind'], name: string): Promise<Report> =>
      hunt({
        paths: [place],
        engine: config(kind, name),
        data: path.join(folder, `${name}-data`),
        ownNetworks: ['192.0.2.0/24'],
      })
    const one = await huntNetwork('embedded', 'winnow_network')
    const three = await huntNetwork('cluster', 'winnow_network')
    const found = new Set(one.findings.map(({ detector }) => detector))
    for (const id of ['network-scan', 'network-unanswered', 'network-upload', 'dns-tunnel', 'beacon'])
      expect(found).toContain(id)
    expect({ ...three.summary, seconds: 0 }).toEqual({ ...one.summary, seconds: 0 })
    expect(three.findings).toEqual(one.findings)
    expect(three.incidents).toEqual(one.incidents)
  })
})

describe('a whole hunt', () => {
  const huntWith = async (kind: EngineConfig['kind'], name: string): Promise<Report> =>
    hunt({ paths: [log], engine: config(kind, name), data: path.join(folder, `${name}-data`) })

  test('finds the same on three nodes as in the process', async () => {
    const one = await huntWith('embedded', 'winnow_hunt')
    const three = await huntWith('cluster', 'winnow_hunt')
    expect(one.findings[0]?.entity.value).toBe('198.51.100.25')
    expect({ ...three.summary, seconds: 0 }).toEqual({ ...one.summary, seconds: 0 })
    expect(three.findings).toEqual(one.findings)
    expect(three.incidents).toEqual(one.incidents)
  })
})
