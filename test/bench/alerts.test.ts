import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { groupRanking, incidentReading, plainNovelty } from '../../bench/quality/alert-reading.ts'
import { alertQuality, alertsText, alertTables, type LabelledAlert } from '../../bench/quality/alerts.ts'

const hourMs = 3_600_000

const alert = (hour: number, host: string, name: string, step = ''): LabelledAlert => ({
  timeMs: hour * hourMs,
  host,
  name,
  step,
})

const alerts = [
  alert(0, 'a', 'usual'),
  alert(1, 'a', 'usual'),
  alert(1, 'b', 'usual'),
  alert(2, 'a', 'scan', 'scan'),
  alert(3, 'b', 'shell', 'shell'),
  alert(4, 'b', 'usual'),
]

test('groups are read in their order until every step has been seen', () => {
  const order = [
    { host: 'a', hour: 1 },
    { host: 'b', hour: 3 },
    { host: 'a', hour: 0 },
    { host: 'a', hour: 2 },
  ]
  expect(groupRanking(alerts, order)).toEqual({
    groups: 6,
    attackGroups: 2,
    reading: { until: 4, unseen: [], first: 2, foundInK: 1 },
  })
  expect(groupRanking(alerts, order.slice(0, 2)).reading).toMatchObject({ unseen: ['scan'] })
})

test('a reader of an incident sees all alerts of its hosts in their time', () => {
  const { reading, sizes, seenIn } = incidentReading(alerts, [
    [{ host: 'b', fromMs: 0, toMs: 2 * hourMs }],
    [
      { host: 'a', fromMs: 2 * hourMs, toMs: 2 * hourMs },
      { host: 'b', fromMs: 3 * hourMs, toMs: 4 * hourMs },
    ],
  ])
  expect(reading).toEqual({ until: 2, unseen: [], first: 2, foundInK: 1 })
  expect(sizes).toEqual([
    { hosts: 1, groups: 1, alerts: 1 },
    { hosts: 2, groups: 3, alerts: 3 },
  ])
  expect(seenIn[0]).toBe('scan: incident 2 (2 hosts, 3 groups, 3 alerts)')
})

test('plain novelty puts what is rare first', () => {
  const order = plainNovelty(alerts).map(({ host, hour }) => `${host} ${hour}`)
  expect(order.slice(0, 2).toSorted()).toEqual(['a 2', 'b 3'])
})

test('a labelled table is hunted in without its labels, and told in a table', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-alert-bench-'))
  try {
    const start = Date.UTC(2026, 2, 2) / 1000
    const quiet = Array.from(
      { length: 72 },
      (_, i) => `${start + i * 3600},Usual thing,192.0.2.1,web-1,X,false_positive,-`,
    )
    const attack = ['Odd thing', 'Odder thing'].map(
      (name) => `${start + 60 * 3600 + 60},${name},192.0.2.1,web-1,Y,attack,odd_step`,
    )
    writeFileSync(
      path.join(folder, 'net.csv'),
      ['time,name,ip,host,short,time_label,event_label', ...quiet, ...attack, ''].join('\n'),
    )
    const [file = ''] = alertTables(folder)
    const result = await alertQuality(file)
    expect(result).toMatchObject({ alerts: 74, groups: 72, attackGroups: 1, steps: 1, findings: 1 })
    expect(result.incidents).toEqual({ until: 1, unseen: [], first: 1, foundInK: 1 })
    expect(alertsText([result])).toContain('odd_step: incident 1 (1 hosts, 1 groups, 3 alerts)')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

const shared = path.resolve('..', 'shared', 'data', 'copyleft', 'alerts')
const networks = alertTables(shared)

test.skipIf(networks.length === 0)(
  'on the shared networks every step is seen within 40 incidents, and an attack in the first',
  async () => {
    const results = []
    for (const network of networks) results.push(await alertQuality(network))
    expect(results.flatMap(({ incidents }) => incidents.unseen)).toEqual([])
    expect(results.map(({ incidents }) => incidents.first)).toEqual(networks.map(() => 1))
    expect(results.reduce((sum, { incidents }) => sum + incidents.until, 0)).toBeLessThanOrEqual(40)
    // One giant incident would be no solution.
    expect(Math.min(...results.map(({ incidentCount }) => incidentCount))).toBeGreaterThan(15)
  },
)

test('a folder that is not there has no tables', () => {
  expect(alertTables('/no/such/folder')).toEqual([])
})
