import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { dayAt, hourAt, special } from '../../bench/generate/week/calendar.ts'
import type { WeekOptions } from '../../bench/generate/week/options.ts'
import { weekFolder, weekParts, writePart, type WeekPart } from '../../bench/generate/week/week.ts'
import { readAccessLine } from '../../bench/quality/access-log.ts'
import { parse } from '../../src/parse-logs.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-week-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The office has tests of its own. */
const parts = weekParts.filter((part) => part !== 'office')
/** To the day of the sale. */
const options: WeekOptions = { seed: 1, days: 4, scale: 0.02 }

for (const part of parts) writePart(folder, part, options)

const filesOf = (part: WeekPart, root = folder): Map<string, string> => {
  const place = weekFolder(root, part)
  return new Map(readdirSync(place).map((name) => [name, readFileSync(path.join(place, name), 'utf8')]))
}

const linesOf = (part: WeekPart, name: string): string[] =>
  (filesOf(part).get(name) ?? '').split('\n').slice(0, -1)

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

const hashes = (root = folder): Record<string, string> =>
  Object.fromEntries(
    parts.flatMap((part) =>
      [...filesOf(part, root)].map(([name, text]) => [`${part}/${name}`, hashOf(text)]),
    ),
  )

/** When a line was written, in seconds since 1970, whatever the log. */
const timeOf = (line: string): number => {
  const iso = /(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)/.exec(line)?.[1]
  const timeMs = iso === undefined ? readAccessLine(line)?.timeMs : Date.parse(`${iso.replace(' ', 'T')}Z`)
  return Math.floor((timeMs ?? Number.NaN) / 1000)
}

const count = (lines: readonly string[], holds: (nowS: number, line: string) => boolean): number =>
  lines.filter((line) => holds(timeOf(line), line)).length

describe('a benign week', () => {
  it('is the same for the same seed, and another for another', { timeout: 180_000 }, () => {
    const again = mkdtempSync(path.join(os.tmpdir(), 'winnow-week-again-'))
    try {
      for (const part of parts) writePart(again, part, options)
      expect(hashes(again)).toEqual(hashes())
      for (const part of parts) writePart(again, part, { ...options, days: 1, seed: 2 })
      const other = hashes(again)
      expect(Object.entries(hashes()).filter(([name, hash]) => other[name] === hash)).toEqual([])
    } finally {
      rmSync(again, { recursive: true, force: true })
    }
  })

  it('is written in the order of time, and ends when it should', () => {
    for (const part of parts) {
      for (const [name, text] of filesOf(part)) {
        const times = text.split('\n').slice(0, -1).map(timeOf)
        expect({ name, many: times.length > 500 }).toEqual({ name, many: true })
        expect({ name, without: times.filter(Number.isNaN) }).toEqual({ name, without: [] })
        expect({ name, times }).toEqual({ name, times: times.toSorted((a, b) => a - b) })
        expect({ name, day: dayAt(times.at(-1) ?? 0) }).toEqual({ name, day: options.days - 1 })
      }
    }
  })

  it('is understood by the parsers, line by line', { timeout: 180_000 }, async () => {
    const { summary } = await parse({ paths: [folder] })
    expect(summary.sources.filter(({ rejected }) => rejected > 0)).toEqual([])
    expect(summary.parsed).toBe(
      parts
        .flatMap((part) => [...filesOf(part).values()])
        .join('')
        .split('\n').length - 1,
    )
  })

  it('uses addresses of nobody only', () => {
    const own = /^(192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+|100\.64\.\d+|127\.0\.0)\.\d+$/
    for (const part of parts) {
      for (const [name, text] of filesOf(part)) {
        const found = new Set(
          [...text.matchAll(/(?<![\d./])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\d.])/g)].map(
            ([, one = '']) => one,
          ),
        )
        // What browsers call themselves has numbers like these, and a server listens on all of its addresses.
        const strange = [...found].filter(
          (one) => !own.test(one) && !/^(?:\d+\.0\.0|\d+\.0\.\d{4,})\.\d+$/.test(one),
        )
        expect({ name, strange: strange.filter((one) => one !== '0.0.0.0') }).toEqual({ name, strange: [] })
      }
    }
  })
})

describe('the shop', () => {
  const lines = linesOf('shop', 'access.log')

  it('sleeps at night, is busiest in the evening, and has a sale', () => {
    const people = lines.filter((line) => line.includes('Mozilla/5.0 (') && !/compatible|Headless/.test(line))
    const at = (from: number, to: number, day = 0): number =>
      count(people, (nowS) => dayAt(nowS) === day && hourAt(nowS) >= from && hourAt(nowS) < to) / (to - from)
    expect(at(19, 22)).toBeGreaterThan(3 * at(1, 5))
    expect(at(10, 11, special.sale)).toBeGreaterThan(2 * at(10, 11, 0))
  })

  it('has customers who pay, mistype passwords and lose their way', () => {
    const part = (holds: (line: string) => boolean): number => lines.filter(holds).length / lines.length
    expect(part((line) => line.includes('" 404 '))).toBeGreaterThan(0.01)
    expect(part((line) => line.includes('" 404 '))).toBeLessThan(0.3)
    expect(part((line) => line.includes('POST /account/login') && line.includes('" 401 '))).toBeGreaterThan(0)
    expect(part((line) => line.includes('POST /payments/callback/'))).toBeGreaterThan(0)
    const searching = new Set(
      lines.filter((line) => line.includes('/shop/search?q=')).map((line) => line.split(' ')[0]),
    )
    expect(searching.size).toBeGreaterThan(20)
  })
})

describe('the API', () => {
  const calls = linesOf('api', 'api.json').map(
    // What it writes is held by the parser's test above.
    (line) => JSON.parse(line) as Record<string, string | number>,
  )

  it('is called by keys, by phones and by what has no key', () => {
    const keys = new Set(calls.map((call) => call['remote_user']))
    expect(keys.size).toBeGreaterThan(10)
    expect(calls.some((call) => String(call['http_user_agent']).startsWith('ExampleShop/'))).toBe(true)
    expect(new Set(calls.map((call) => call['status'])).size).toBeGreaterThan(8)
  })

  it('has a client that is refused every minute, and nobody minds', () => {
    const refused = calls.filter((call) => call['status'] === 401).map((call) => String(call['remote_user']))
    const most = Math.max(...[...new Set(refused)].map((key) => refused.filter((one) => one === key).length))
    expect(most).toBeGreaterThan(1000 * options.days)
  })
})

describe('the servers', () => {
  const lines = linesOf('servers', 'auth.log')
  const logins = lines.filter((line) => / Accepted \w+ for /.test(line))

  it('see people by day and machines by night', () => {
    const machines = /for (ansible|backup|deploy|nagios|reports) from/
    const atNight = count(logins, (nowS) => hourAt(nowS) < 5)
    const byPeople = count(logins, (nowS, line) => hourAt(nowS) < 5 && !machines.test(line))
    expect(atNight).toBeGreaterThan(100)
    expect(byPeople).toBeLessThan(atNight / 10)
    expect(
      count(logins, (nowS, line) => hourAt(nowS) > 8 && hourAt(nowS) < 17 && !machines.test(line)),
    ).toBeGreaterThan(50)
  })

  it('see failures most of all when everybody has to choose a new password', () => {
    const failed = lines.filter((line) => line.includes('Failed password'))
    const onDay = (day: number): number => count(failed, (nowS) => dayAt(nowS) === day)
    expect(failed.length).toBeGreaterThan(20)
    expect(onDay(special.passwords)).toBeGreaterThan(onDay(0) + onDay(1))
  })

  it('see administrators on more machines than others', () => {
    const hostsOf = new Map<string, Set<string>>()
    for (const line of logins) {
      const [, host = '', user = ''] = /^\S+ (\S+) .* Accepted \w+ for (\S+) /.exec(line) ?? []
      hostsOf.set(user, (hostsOf.get(user) ?? new Set()).add(host))
    }
    const counts = [...hostsOf]
      .map(([user, seen]) => ({ user, hosts: seen.size }))
      .toSorted((a, b) => b.hosts - a.hosts)
    expect(counts[0]?.hosts).toBeGreaterThan(30)
    expect(counts.filter(({ hosts }) => hosts <= 4).length).toBeGreaterThan(counts.length / 3)
  })
})
