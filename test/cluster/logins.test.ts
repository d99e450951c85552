import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import type { EngineConfig } from '../../src/engine/open.ts'
import { hunt } from '../../src/hunt.ts'
import type { Report } from '../../src/report/report.ts'
import { day, hour, lagos, login, quietWeeks, vienna, writeLogins } from '../detectors/login-story.ts'
import { startNodes, type Nodes } from './nodes.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-logins-'))
let nodes: Nodes | undefined

beforeAll(async () => {
  nodes = await startNodes()
})

afterAll(async () => {
  await nodes?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const stranger = '2001:db8:fa11::66'
const bot = (i: number): string => `2001:db8:${(0xb000 + i).toString(16)}::5`

it('a hunt in logins finds the same on three nodes as in the process', async () => {
  const logs = writeLogins(folder, [
    ...quietWeeks(),
    // With a program of its own: with the user's, it would be a journey and a new country, as of anybody who travels.
    login(16 * day + 11 * hour, 7, { ip: stranger, place: lagos, agent: 'python-requests/2.32.3' }),
    login(16 * day + 2 * hour, 14),
    ...Array.from({ length: 12 }, (_, i) =>
      login(15 * day + 10 * hour + i * 240, i * 3, { ip: bot(i), place: vienna, success: false }),
    ),
  ])
  const judged = detectors.filter(({ id }) => id.startsWith('login-') || id === 'impossible-travel')
  const huntWith = (engine: EngineConfig): Promise<Report> => {
    const data = path.join(folder, `${engine.kind}-data`)
    mkdirSync(data)
    return hunt({ ...logs, engine, data, detectors: judged.map(({ id }) => id) })
  }
  const { urls = [], cluster = '' } = nodes ?? {}
  const one = await huntWith({ kind: 'embedded', path: path.join(folder, 'one') })
  const three = await huntWith({ kind: 'cluster', urls, cluster, database: 'winnow_logins' })
  const found = new Set(one.findings.map(({ detector }) => detector))
  for (const id of [
    'impossible-travel',
    'login-new-country',
    'login-spraying-distributed',
    'login-takeover',
    'login-unusual-hour',
  ])
    expect(found).toContain(id)
  expect({ ...three.summary, seconds: 0 }).toEqual({ ...one.summary, seconds: 0 })
  expect(three.findings).toEqual(one.findings)
})
