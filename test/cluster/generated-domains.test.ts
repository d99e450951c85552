import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineConfig } from '../../src/engine/open.ts'
import { hunt } from '../../src/hunt.ts'
import type { Report } from '../../src/report/report.ts'
import { queryLine, quietQueries } from '../detectors/network-story.ts'
import { startNodes, type Nodes } from './nodes.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-names-'))
const log = path.join(folder, 'dns.log')
let nodes: Nodes | undefined

beforeAll(async () => {
  const drawn = Array.from({ length: 40 }, (_, i) =>
    queryLine(
      90_000 + i * 4,
      '192.0.2.33',
      `${((i + 3) * 7_919_173_331_777).toString(36)}.example`,
      'A',
      'NXDOMAIN',
    ),
  )
  const used = [0, 90].map((at) => queryLine(95_000 + at, '192.0.2.35', 'kqxzvwjhqpfgtrwz.example'))
  const lines = [...quietQueries(2), ...drawn, ...used].toSorted((a, b) => a.at - b.at)
  writeFileSync(log, `${lines.map(({ text }) => text).join('\n')}\n`)
  nodes = await startNodes()
})

afterAll(async () => {
  await nodes?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const huntWith = (engine: EngineConfig): Promise<Report> =>
  hunt({
    paths: [log],
    format: 'zeek-json',
    detectors: ['dns-generated-domains', 'dns-generated-domain-bursts'],
    engine,
    data: path.join(folder, `${engine.kind}-data`),
    ownNetworks: ['192.0.2.0/24'],
  })

test('names are judged the same on three nodes as in the process', async () => {
  if (nodes === undefined) throw new Error('the nodes are not up')
  const one = await huntWith({ kind: 'embedded', path: path.join(folder, 'events') })
  const three = await huntWith({
    kind: 'cluster',
    urls: nodes.urls,
    cluster: nodes.cluster,
    database: 'winnow_names',
  })
  expect(one.findings.map(({ entity }) => entity.value)).toEqual([
    '192.0.2.33',
    '192.0.2.35 → kqxzvwjhqpfgtrwz.example',
  ])
  expect(three.findings).toEqual(one.findings)
})
