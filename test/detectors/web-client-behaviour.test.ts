import { describe, expect, it } from 'vitest'
import { huntLines, named, quietSite, requestLine, type Line } from './story.ts'

const quiet = quietSite(3, 250)

const scanner = '203.0.113.66'
const words = ['backup', 'admin', 'test', 'old', 'config', 'db', 'private', 'setup', 'shell', 'tmp']

const probe = (i: number): string => `/${words[i % 10] ?? ''}/${words[Math.floor(i / 10) % 10] ?? ''}${i}.php`

const scan = (from: number, gap: number, count: number): Line[] =>
  Array.from({ length: count }, (_, i) =>
    requestLine(from + i * gap, { client: scanner, target: probe(i), status: 404, bytes: 196 }),
  )

describe('web-client-behaviour', () => {
  it('finds nothing of weight on quiet days', async () => {
    const report = await huntLines(quiet)
    expect(report.findings.filter((finding) => finding.severity !== 'low')).toEqual([])
    // Chance is allowed two findings a day.
    expect(report.findings.length).toBeLessThanOrEqual(6)
  })

  it('names a fast scanner first', async () => {
    const report = await huntLines([...quiet, ...scan(100_000, 0.2, 400)])
    expect(named(report)[0]).toBe(`web-client-behaviour: ${scanner}`)
    const [finding] = report.findings
    expect(finding?.severity).not.toBe('low')
    expect(finding?.reasons.map((reason) => reason.feature)).toContain('newRefused')
    expect(finding?.evidence.lines.length).toBeGreaterThan(2)
    expect(finding?.evidence.lines.every((line) => line.startsWith(scanner))).toBe(true)
  })

  it('names a scanner of five requests a minute first', async () => {
    const report = await huntLines([...quiet, ...scan(90_000, 12, 300)])
    expect(named(report)[0]).toBe(`web-client-behaviour: ${scanner}`)
  })

  it('names a scraper that reads everything, politely', async () => {
    const scraper = '203.0.113.77'
    const visits = Array.from({ length: 600 }, (_, i) =>
      requestLine(90_000 + i * 12, { client: scraper, target: `/articles/all/${i}`, agent: 'Mozilla/5.0' }),
    )
    const report = await huntLines([...quiet, ...visits])
    expect(named(report)[0]).toBe(`web-client-behaviour: ${scraper}`)
  })
})
