import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { hunt } from '../src/hunt.ts'
import type { ProgressUpdate } from '../src/report/progress.ts'
import type { Report } from '../src/report/report.ts'
import { quietLogins, quietSite, requestLine, sshLine, type Line } from './detectors/story.ts'

const scanner = '203.0.113.66'
const web: readonly Line[] = [
  ...quietSite(3, 150),
  ...Array.from({ length: 300 }, (_, i) =>
    requestLine(100_000 + i, { client: scanner, target: `/x${i % 90}/admin${i}.php`, status: 404 }),
  ),
].toSorted((a, b) => a.at - b.at)
const logins: readonly Line[] = [
  ...quietLogins(3),
  ...Array.from({ length: 40 }, (_, i) => sshLine(120_000 + i * 3, 'Failed', 'root', scanner)),
].toSorted((a, b) => a.at - b.at)

let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-hunt-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, lines: readonly Line[], pack = false): string => {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  const text = lines.map((line) => `${line.text}\n`).join('')
  writeFileSync(file, pack ? gzipSync(text) : text)
  return file
}

/** What must not depend on how the lines were spread over files. */
const essence = (report: Report) => ({
  lines: report.summary.lines,
  parsed: report.summary.parsed,
  findings: report.findings.map(({ evidence, ...finding }) => ({
    ...finding,
    filter: evidence.filter,
    lines: evidence.lines,
  })),
  incidents: report.incidents,
})

describe('a hunt', () => {
  it('gives the same findings and ids whatever the files, their order and the number of threads', async () => {
    const whole = [write('one/access.log', web), write('one/auth.log', logins)]
    const third = Math.floor(web.length / 3)
    const parts = [
      write('many/access.log.2.gz', web.slice(0, third), true),
      write('many/auth.log', logins),
      write('many/access.log', web.slice(2 * third)),
      write('many/access.log.1', web.slice(third, 2 * third)),
    ]
    const first = await hunt({ paths: whole, year: 2026, threads: 2 })
    const second = await hunt({ paths: parts, year: 2026, threads: 1 })
    const inFolder = await hunt({ paths: [path.join(folder, 'many')], year: 2026, threads: 2 })
    expect(first.findings.length).toBeGreaterThan(1)
    expect(first.findings.map((finding) => finding.entity.value)).toContain(scanner)
    expect(essence(second)).toEqual(essence(first))
    expect(essence(inFolder)).toEqual(essence(first))
  })

  it('counts every line as an event or a reject, and every event once', async () => {
    const file = write('mixed/access.log', [
      ...web.slice(0, 500),
      { at: 0, text: 'this is no access log line' },
      { at: 0, text: '' },
    ])
    const copy = write('mixed/copy-of-access.log', [
      ...web.slice(0, 500),
      { at: 0, text: 'this is no access log line' },
      { at: 0, text: '' },
    ])
    const { summary } = await hunt({ paths: [file, copy, file] })
    expect(summary).toMatchObject({ lines: 502, parsed: 500, rejected: 2 })
    expect(summary.rejects.map((reject) => reject.lines)).toEqual([1, 1])
  })

  it('judges only the time it is told to, and learns from the rest', async () => {
    const file = write('time/access.log', web)
    const before = await hunt({ paths: [file], until: '2026-03-03' })
    expect(before.findings.map((finding) => finding.entity.value)).not.toContain(scanner)
    const after = await hunt({ paths: [file], since: '2026-03-03T03:00' })
    expect(after.findings[0]?.entity.value).toBe(scanner)
    expect(after.findings.every((finding) => finding.last >= '2026-03-03T03:00')).toBe(true)
  })

  it('keeps history with a data folder: nothing is read twice, and a rerun changes nothing', async () => {
    const file = write('kept/access.log', web)
    const data = path.join(folder, 'data')
    const first = await hunt({ paths: [file], data })
    const again = await hunt({ paths: [file], data })
    expect(again.summary.lines).toBe(first.summary.lines)
    expect(essence(again)).toEqual(essence(first))
    expect(again.summary.sources[0]?.note).toBeDefined()
  })

  it('removes its temporary folder, and those that killed runs left behind', async () => {
    const temporary = path.join(folder, 'tmp')
    // No process has this number: it is above the largest a kernel gives.
    mkdirSync(path.join(temporary, 'winnow-99999999-abcdef'), { recursive: true })
    const before = process.env['TMPDIR']
    process.env['TMPDIR'] = temporary
    try {
      await hunt({ paths: [write('gone/access.log', web.slice(0, 50))] })
    } finally {
      if (before === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = before
    }
    expect(readdirSync(temporary)).toEqual([])
  })

  it('tells how far it is', async () => {
    const updates: ProgressUpdate[] = []
    await hunt({ paths: [write('progress/access.log', web)], onProgress: (update) => updates.push(update) })
    expect([...new Set(updates.map((update) => update.phase))]).toEqual([
      'reading',
      'detecting',
      'explaining',
    ])
  })

  it('stops when it is told to', async () => {
    const abort = new AbortController()
    const file = write('stop/access.log', web)
    const running = hunt({ paths: [file], signal: abort.signal, onProgress: () => abort.abort() })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('refuses a detector it does not know, and names those it does', async () => {
    await expect(hunt({ paths: ['x'], detectors: ['nope'] })).rejects.toThrow(
      /unknown detector: nope.*web-client-behaviour/,
    )
  })

  it('says so where there is nothing to read', async () => {
    const missing = path.join(folder, 'missing.log')
    const error = await hunt({ paths: [missing] }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(AppError)
    expect(String(error)).toContain(missing)
  })

  it('has something to say of an empty file, a binary and text that is no log', async () => {
    const empty = path.join(folder, 'empty.log')
    const binary = path.join(folder, 'binary.log')
    const prose = path.join(folder, 'prose.txt')
    writeFileSync(empty, '')
    writeFileSync(binary, Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) % 256)))
    writeFileSync(prose, 'Once upon a time\nthere was a log.\n')
    const { summary, findings } = await hunt({ paths: [empty, binary, prose] })
    expect(findings).toEqual([])
    expect(summary.parsed + summary.rejected).toBe(summary.lines)
    expect(summary.parsed).toBe(0)
    expect(summary.sources.every((source) => (source.note ?? '').length > 0)).toBe(true)
  })
})
