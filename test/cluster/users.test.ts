import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineConfig } from '../../src/engine/open.ts'
import { hunt } from '../../src/hunt.ts'
import type { Report } from '../../src/report/report.ts'
import { at, quietOrganisation, userDetectors, visits } from '../detectors/users-story.ts'
import { startNodes, type Nodes } from './nodes.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-users-'))
const log = path.join(folder, 'security.json')
let nodes: Nodes | undefined

beforeAll(async () => {
  const attack = [
    ...visits(at(17, 10), 'user9', 'ws-9', ['legal-app2']),
    ...visits(at(17, 10.5), 'user9', 'legal-app2', ['engineering-app3']),
    ...visits(at(17, 11), 'admin2', 'engineering-app3', ['ws-30']),
  ]
  const events = [...quietOrganisation(21).events, ...attack].toSorted((a, b) => a.timeMs - b.timeMs)
  writeFileSync(log, `${events.map(({ text }) => text).join('\n')}\n`)
  nodes = await startNodes()
})

afterAll(async () => {
  await nodes?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const huntWith = (engine: EngineConfig): Promise<Report> =>
  hunt({
    paths: [log],
    format: 'windows-winlogbeat',
    detectors: userDetectors,
    engine,
    data: path.join(folder, `${engine.kind}-data`),
  })

test('users, their peers and their paths are the same on three nodes as in the process', async () => {
  if (nodes === undefined) throw new Error('the nodes are not up')
  const one = await huntWith({ kind: 'embedded', path: path.join(folder, 'events') })
  const three = await huntWith({
    kind: 'cluster',
    urls: nodes.urls,
    cluster: nodes.cluster,
    database: 'winnow_users',
  })
  expect(one.findings.map(({ detector, entity }) => `${detector}: ${entity.value}`).slice(0, 2)).toEqual([
    'lateral-movement: user9',
    'user-new-host: user9',
  ])
  expect(three.findings).toEqual(one.findings)
})
