import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { quietSite, requestLine } from '../detectors/story.ts'
import { buildProgram, type Program } from '../program.ts'

let program: Program
let folder: string
let log: string

const scanner = '203.0.113.66'

beforeAll(() => {
  program = buildProgram('cli')
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-cli-'))
  log = path.join(folder, 'access.log')
  const lines = [
    ...quietSite(2, 120),
    ...Array.from({ length: 250 }, (_, i) =>
      requestLine(90_000 + i, { client: scanner, target: `/<script>alert(${i})</script>.php`, status: 404 }),
    ),
  ].toSorted((a, b) => a.at - b.at)
  writeFileSync(log, `${lines.map((line) => line.text).join('\n')}\nno access log line\n`)
})

afterAll(() => {
  program.remove()
  rmSync(folder, { recursive: true, force: true })
})

const winnow = (args: readonly string[], input?: string) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(program.folder, 'src', 'cli', 'main.js'), ...args],
    { encoding: 'utf8', cwd: folder, ...(input === undefined ? {} : { input }), maxBuffer: 64 << 20 },
  )
  return { status, stdout, stderr }
}

describe('winnow hunt', () => {
  it('prints one JSON object on standard output, and ends with 0', () => {
    const { status, stdout } = winnow(['hunt', 'access.log', '--json'])
    expect(status).toBe(0)
    // What the program promises to print.
    const report = JSON.parse(stdout) as Report
    expect(report.version).toBe(1)
    expect(report.summary.parsed + report.summary.rejected).toBe(report.summary.lines)
    expect(report.summary.rejected).toBe(1)
    expect(report.findings[0]?.entity).toEqual({ kind: 'source_ip', value: scanner })
    expect(report.findings[0]?.rank).toBe(1)
  })

  it('reads standard input and finds the same', () => {
    const file = winnow(['hunt', 'access.log', '--json'])
    const input = winnow(['hunt', '-', '--json'], readFileSync(log, 'utf8'))
    // What the program promises to print.
    const ids = (text: string): string[] => (JSON.parse(text) as Report).findings.map((finding) => finding.id)
    expect(input.status).toBe(0)
    expect(ids(input.stdout)).toEqual(ids(file.stdout))
  })

  it('draws the findings without colours where it is not on a terminal, and writes a page in which log text is inert', () => {
    const { status, stdout, stderr } = winnow(['hunt', 'access.log', '--html', 'report.html'])
    expect(status).toBe(0)
    expect(stdout).toContain(scanner)
    // oxlint-disable-next-line no-control-regex -- escape sequences are what must not be there
    expect(stdout).not.toMatch(/\u001B/)
    expect(stderr).toContain('report.html')
    const page = readFileSync(path.join(folder, 'report.html'), 'utf8')
    expect(page).toContain('&lt;script&gt;alert(')
    expect(page).not.toContain('<script>alert(')
  })

  it.each([
    [['hunt'], 2, /missing required argument/],
    [['hunt', 'access.log', '--nope'], 2, /unknown option/],
    [['hunt', 'access.log', '--budget', '-3'], 2, /findings a day/],
    [['hunt', 'access.log', '--timezone', 'Mars/Olympus'], 2, /Europe\/Vienna/],
    [['hunt', 'access.log', '--memory', '1M'], 2, /500M/],
    [['hunt', 'access.log', '--since', 'yesterday'], 2, /--since.*2026-01-31/],
    [['hunt', 'access.log', '--detector', 'nope'], 2, /web-client-behaviour/],
    [['hunt', 'access.log', '--format', 'nope'], 2, /apache-access/],
    [['hunt', 'missing.log'], 3, /missing\.log/],
    [['hunt', 'access.log', '--html', 'no/such/folder/page.html'], 4, /no\/such\/folder/],
    [['hunt', 'access.log', '--data', '/proc/winnow'], 4, /data folder/],
    [['hunt', 'access.log', '--since', '2026-03-03', '--until', '2026-03-02'], 2, /--until/],
    [['parse', 'access.log', '--events', 'abc'], 2, /whole number/],
    [['nonsense'], 2, /unknown command/],
  ] as const)('%j ends with %d and says what would be right', (args, expected, message) => {
    const { status, stdout, stderr } = winnow(args)
    expect(stderr).toMatch(message)
    expect(status).toBe(expected)
    expect(stdout).toBe('')
  })

  it('ends with 3 where nothing it was given could be read, and says so', () => {
    writeFileSync(path.join(folder, 'empty.log'), '')
    const { status, stdout } = winnow(['hunt', 'empty.log'])
    expect(status).toBe(3)
    expect(stdout).toContain('nothing to read')
  })

  it('refuses a data folder that is a file', () => {
    const { status, stderr } = winnow(['hunt', 'access.log', '--data', 'access.log'])
    expect(status).toBe(4)
    expect(stderr).toMatch(/data folder/)
  })
})

describe('winnow demo', () => {
  it('names every attacker in the bundled logs, and writes a page', () => {
    const { status, stdout } = winnow(['demo', '--html', 'demo.html', '--no-console'])
    expect(status).toBe(0)
    // Our own file, described in examples/README.md.
    const truth = JSON.parse(readFileSync(path.resolve('examples', 'truth.json'), 'utf8')) as Record<
      'web' | 'api' | 'auth',
      Readonly<Record<string, string>>
    > & { readonly attacks: Readonly<Record<'web' | 'api' | 'auth', readonly string[]>> }
    const attackers = (['web', 'api', 'auth'] as const).flatMap((kind) =>
      Object.entries(truth[kind]).flatMap(([address, role]) =>
        truth.attacks[kind].includes(role) ? [address] : [],
      ),
    )
    expect(attackers).toHaveLength(9)
    expect(attackers.filter((address) => !stdout.includes(address))).toEqual([])
    expect(readFileSync(path.join(folder, 'demo.html'), 'utf8')).toContain('203.0.113.77')
  })
})

describe('winnow parse', () => {
  it('shows events and rejects', () => {
    const { status, stdout } = winnow(['parse', 'access.log', '--events', '2'])
    expect(status).toBe(0)
    expect(stdout).toContain('apache-access')
    expect(stdout).toContain('"url_path"')
    expect(stdout).toContain('no access log line')
  })

  it('prints JSON', () => {
    const { stdout } = winnow(['parse', 'access.log', '--json', '--events', '1'])
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      summary: { rejected: 1 },
      events: [{ format: 'apache-access' }],
    })
  })
})

describe('winnow', () => {
  it.each([
    [['detectors'], /web-client-behaviour/],
    [['detectors', 'login-spraying'], /ATT&CK\s+T1110\.003/],
    [['detectors', '--json'], /"id": "login-new-source"/],
    [['parsers'], /apache-access\s+web/],
    [['--help'], /hunt/],
    [['hunt', '--help'], /Exit status/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ] as const)('%j prints what it should, and ends with 0', (args, expected) => {
    const { status, stdout } = winnow(args)
    expect(stdout).toMatch(expected)
    expect(status).toBe(0)
  })
})
