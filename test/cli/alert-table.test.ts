import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { hosts } from '../detectors/alert-story.ts'
import { buildProgram, type Program } from '../program.ts'

let program: Program
let folder: string

const startSeconds = Date.UTC(2026, 2, 2) / 1000
const hour = 3600

/** A table as another tool exports it: alerts of twelve machines over three days, and of one that is broken into. */
const table = (): string => {
  const quiet = hosts.flatMap((host, i) =>
    Array.from({ length: 3 * 48 }, (_, n) => [
      startSeconds + n * 1800 + i * 60,
      n % 2 === 0 ? 'Login session opened' : '"Login, session closed"',
      host,
      `192.0.2.${10 + i}`,
      3,
    ]),
  )
  const attack = ['Web shell', 'First use of sudo', 'Password file read', '"New user, with rights"'].map(
    (name, i) => [startSeconds + 60 * hour + i * 90, name, 'server-7', '192.0.2.16', 8],
  )
  const rows = [...quiet, ...attack].toSorted((a, b) => Number(a[0]) - Number(b[0]))
  return ['when,what,machine,address,level', ...rows.map((row) => row.join(','))].join('\n')
}

const mapping = {
  id: 'our-alerts',
  title: 'Alerts of our own tool',
  category: 'alert',
  csv: { header: 'when,what,machine,address,level' },
  columns: {
    timestamp: { from: 'when', time: 'epoch seconds' },
    rule_name: 'what',
    host_name: 'machine',
    host_ip: 'address',
    event_severity: 'level',
  },
}

beforeAll(() => {
  program = buildProgram('alert-table')
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-table-'))
  writeFileSync(path.join(folder, 'alerts.csv'), `${table()}\n`)
  writeFileSync(path.join(folder, 'mapping.json'), JSON.stringify(mapping))
  writeFileSync(
    path.join(folder, 'wrong.json'),
    JSON.stringify({ ...mapping, columns: { ...mapping.columns, rule_name: 'waht' } }),
  )
})

afterAll(() => {
  program.remove()
  rmSync(folder, { recursive: true, force: true })
})

const winnow = (...args: readonly string[]) =>
  spawnSync(process.execPath, [path.join(program.folder, 'src', 'cli', 'main.js'), ...args], {
    encoding: 'utf8',
    cwd: folder,
    maxBuffer: 64 << 20,
  })

test('a table of alerts with a mapping is hunted in from the command line', () => {
  const { status, stdout } = winnow('hunt', 'alerts.csv', '--mapping', 'mapping.json', '--json')
  expect(status).toBe(0)
  // What the program promises to print.
  const report = JSON.parse(stdout) as Report
  expect(report.summary).toMatchObject({ lines: 12 * 144 + 4 + 1, rejected: 1 })
  expect(report.summary.sources[0]).toMatchObject({ format: 'our-alerts' })
  expect(report.findings[0]).toMatchObject({
    detector: 'alert-risk',
    entity: { kind: 'host_name', value: 'server-7' },
  })
  expect(report.findings[0]?.related).toContainEqual({ kind: 'rule_name', value: 'New user, with rights' })
  expect(report.incidents).toHaveLength(1)
})

test('`winnow parse` shows what a mapping makes of it', () => {
  const { status, stdout } = winnow('parse', 'alerts.csv', '--mapping', 'mapping.json', '--json')
  expect(status).toBe(0)
  // What the program promises to print.
  const { events } = JSON.parse(stdout) as { readonly events: readonly unknown[] }
  expect(events[0]).toMatchObject({
    timestamp: expect.stringContaining('2026-03-02T00:00:00'),
    category: 'alert',
    rule_name: 'Login session opened',
    host_name: 'server-1',
    host_ip: '192.0.2.10',
    event_severity: 3,
  })
})

test('a mapping that names a column the table lacks says which is meant', () => {
  const { status, stderr } = winnow('hunt', 'alerts.csv', '--mapping', 'wrong.json')
  expect(status).toBe(2)
  expect(stderr).toContain('no column "waht"; did you mean "what"?')
})
