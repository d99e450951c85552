import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { visitorAddress } from '../../bench/generate/addresses.ts'
import { zipf } from '../../bench/generate/draw.ts'
import { generateTraffic, startS } from '../../bench/generate/traffic.ts'
import { logChunks, writeLog } from '../../bench/generate/write-log.ts'
import { readAccessLine, type AccessLine } from '../../bench/quality/access-log.ts'
import { randomStream } from '../../src/models/random.ts'

const logOf = (options: Parameters<typeof logChunks>[0]): string => {
  let log = ''
  logChunks(options, (text) => (log += text))
  return log
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const log = logOf({ lines: 10_000, seed: 1 })
const lines = log.split('\n').slice(0, -1)
const read = lines.map(readAccessLine)
const parsed = read.filter((line): line is AccessLine => line !== null)
const share = (holds: (line: AccessLine) => boolean): number => parsed.filter(holds).length / parsed.length

it('writes the same 10,000 lines on every machine', () => {
  expect(hashOf(log)).toMatchInlineSnapshot(`"325e72dc4a71b567"`)
})

it('writes other lines for another seed', () => {
  expect(hashOf(logOf({ lines: 500, seed: 2 }))).not.toBe(hashOf(logOf({ lines: 500, seed: 1 })))
})

it('writes exactly as many lines as were asked for, all in the combined format', () => {
  expect(lines).toHaveLength(10_000)
  expect(parsed).toHaveLength(10_000)
})

it('writes in the order of time, over about the days that were asked for', () => {
  const times = parsed.map((line) => line.timeMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(Math.min(...times)).toBeGreaterThanOrEqual(startS * 1000)
  const days = (Math.max(...times) - startS * 1000) / 86_400_000
  expect(days).toBeGreaterThan(3.5)
  expect(days).toBeLessThan(4.5)
})

it('has the variety of a real site', () => {
  expect(share((line) => line.status === 200)).toBeGreaterThan(0.7)
  expect(share((line) => line.status === 304)).toBeGreaterThan(0.05)
  expect(share((line) => line.status >= 400)).toBeLessThan(0.05)
  expect(share((line) => line.client.includes(':'))).toBeGreaterThan(0.05)
  expect(share((line) => line.target.startsWith('/api/'))).toBeGreaterThan(0.05)
  expect(new Set(parsed.map((line) => line.agent)).size).toBeGreaterThan(150)
  expect(log.length / lines.length).toBeGreaterThan(240)
  expect(log.length / lines.length).toBeLessThan(320)
})

it('uses addresses of nobody only', () => {
  const nobody =
    /^(192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+)\.\d+$|^2001:db8:/
  expect(parsed.filter((line) => !nobody.test(line.client))).toEqual([])
})

it('gives every visitor an address of their own', () => {
  const addresses = Array.from({ length: 20_000 }, (_, n) => visitorAddress(n))
  expect(new Set(addresses).size).toBe(addresses.length)
})

it('leaves out the hostile when told to', () => {
  const clients = new Set<string>()
  generateTraffic({ lines: 5000, hostile: false }, (_, request) => clients.add(request.client))
  expect([...clients].filter((client) => client.startsWith('203.0.113.'))).toEqual([])
})

it('writes to a file what it gives in chunks', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-generate-'))
  try {
    const file = path.join(folder, 'access.log')
    expect(writeLog(file, { lines: 10_000, seed: 1 })).toEqual({ lines: 10_000, bytes: log.length })
    expect(hashOf(readFileSync(file, 'latin1'))).toBe(hashOf(log))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('draws small ranks often and all ranks sometimes', () => {
  const random = randomStream(3)
  const drawn = Array.from({ length: 20_000 }, () => zipf(random, 100))
  const count = (rank: number): number => drawn.filter((one) => one === rank).length
  expect(new Set(drawn).size).toBe(100)
  expect(Math.min(...drawn)).toBe(0)
  expect(count(0)).toBeGreaterThan(5 * count(9))
})
