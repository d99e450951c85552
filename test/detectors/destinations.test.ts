import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { named, type Line } from './story.ts'
import {
  flowLine,
  huntOffice,
  proxyLine,
  queryLine,
  quietFlows,
  quietQueries,
  quietRequests,
} from './network-story.ts'

const morning = 9 * 3600
const day = 86_400
let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-destinations-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const listOf = (name: string, values: readonly string[]): string => {
  const file = path.join(folder, name)
  writeFileSync(file, `${values.join('\n')}\n`)
  return file
}

describe('listed-destination', () => {
  test('names who reached an address on a list, and says what the list says', async () => {
    const reputation = [listOf('bad.csv', ['203.0.113.99,botnet', 'unrelated.example,spam'])]
    const calls = [1, 2].map((n) => flowLine(morning + n * 900, { from: '192.0.2.31', to: '203.0.113.99' }))
    const report = await huntOffice([...quietFlows(1), ...calls], { reputation })
    const found = report.findings.find(({ detector }) => detector === 'listed-destination')
    expect(found).toMatchObject({
      severity: 'high',
      title: '192.0.2.31 reached a destination on your list 2 times in 1 day',
      rarity: 'Your own list names this: it is shown however often it happens.',
      events: 2,
    })
    expect(found?.knowledge).toContainEqual({
      about: '203.0.113.99',
      source: 'reputation',
      label: 'listed as',
      value: 'botnet',
    })
  })

  test('names every machine, however many there are', async () => {
    const reputation = [listOf('names.txt', ['tracker.example'])]
    const looks = Array.from({ length: 30 }, (_, n) =>
      queryLine(morning + n * 60, `192.0.2.${20 + n}`, 'cdn.tracker.example'),
    )
    const report = await huntOffice([...quietQueries(1), ...looks], {
      reputation,
      budget: 100,
      detectors: ['listed-destination'],
    })
    expect(report.findings).toHaveLength(30)
    expect(report.findings[0]).toMatchObject({ severity: 'medium' })
  })

  test('is not asked where there is no list', async () => {
    const report = await huntOffice(quietQueries(1))
    expect(report.summary.detectors).not.toContain('listed-destination')
  })
})

const visits = (from: number, host: string, extra: Partial<Parameters<typeof proxyLine>[1]> = {}): Line[] =>
  Array.from({ length: 12 }, (_, i) =>
    proxyLine(from + i * 97, { client: '192.0.2.40', url: `http://${host}/in`, bytes: 300, ...extra }),
  )

describe('what nobody has a category for', () => {
  const known = Array.from({ length: 100 }, (_, n) => n)
  const words = ['garden', 'kitchen', 'travel', 'news', 'music', 'bank', 'maps', 'weather', 'forum', 'photo']
  const sites = known.map((n) => `${words[n % 10] ?? ''}-${words[Math.floor(n / 10)] ?? ''}.example,leisure`)

  test('is told of a finding, and counts as a reason', async () => {
    const personal = Array.from({ length: 30 }, (_, n) =>
      words.flatMap((word) => Array.from({ length: 25 }, (__, v) => `${word}${n}-${v}.example,personal`)),
    ).flat()
    const categories = [listOf('categories.csv', [...sites, ...personal])]
    const calls = visits(2 * day + morning, 'drop.example.net:8088', { method: 'POST' })
    const report = await huntOffice([...quietRequests(3), ...calls], { categories })
    const found = report.findings.find(({ detector }) => detector === 'rare-destination')
    expect(found?.entity.value).toBe('192.0.2.40 → example.net')
    expect(found?.reasons.map(({ feature }) => feature)).toContain('uncategorised')
    expect(found?.knowledge).toContainEqual(
      expect.objectContaining({ source: 'category', value: 'uncategorised' }),
    )
  })
})

test('a destination that was there before is not new to the next hunt with the same data folder; one that was found is', async () => {
  const data = path.join(folder, 'kept')
  const quiet = quietRequests(3)
  const post = { method: 'POST', type: 'application/x-dosexec' } as const
  const first = quiet.filter(({ at }) => at < 2 * day)
  const second = quiet.filter(({ at }) => at >= 2 * day)
  const found = 'drop.files-hidden.example:8088'
  const known = 'drop.files-known.example:8088'
  const before = [
    ...visits(day + morning, found, post),
    ...visits(day + morning, 'www.files-known.example', {}),
  ]
  const again = [...visits(2 * day + morning, found, post), ...visits(2 * day + morning, known, post)]
  const target = (name: string): string => `rare-destination: 192.0.2.40 → ${name}`
  const rare = async (...logs: Parameters<typeof huntOffice>): Promise<string[]> =>
    named(await huntOffice(...logs)).filter((name) => name.startsWith('rare-destination'))
  expect(await rare([...first, ...before], { data })).toEqual([target('files-hidden.example')])
  expect(await rare([...second, ...again], { data })).toEqual([target('files-hidden.example')])
  // Without the past, both are new on that day.
  expect((await rare([...second, ...again])).toSorted()).toEqual(
    ['files-hidden.example', 'files-known.example'].map(target),
  )
})
