/** Stories of logs: those that stop, and those that are no longer understood. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { hunt } from '../../src/hunt.ts'
import { randomStream } from '../../src/models/random.ts'
import type { Report } from '../../src/report/report.ts'
import { flowLine, queryLine } from './network-story.ts'
import { named, requestLine, sshLine, type Line } from './story.ts'

const day = 86_400
const hour = 3600

/** Hunts in several files, as they lie in one folder. */
const huntFiles = async (
  files: Readonly<Record<string, readonly Line[]>>,
  detectors: readonly string[] | null = ['source-silent', 'source-rejects'],
): Promise<Report> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-sources-'))
  try {
    for (const [name, lines] of Object.entries(files)) {
      const sorted = lines.toSorted((a, b) => a.at - b.at)
      writeFileSync(path.join(folder, name), `${sorted.map(({ text }) => text).join('\n')}\n`)
    }
    return await hunt({
      paths: [folder],
      year: 2026,
      threads: 2,
      ownNetworks: ['192.0.2.0/24'],
      ...(detectors === null ? {} : { detectors }),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const isWorkday = (at: number): boolean => Math.floor(at / day) % 7 < 5

/** Lines at random times, so many an hour on average, where `open` says so. */
const linesAt = (
  days: number,
  anHour: number,
  seed: number,
  line: (at: number, random: () => number) => Line,
  open: (at: number) => boolean = () => true,
): Line[] => {
  const random = randomStream(seed)
  const lines: Line[] = []
  for (let at = 0; at < days * day; at += (-Math.log(1 - random()) * hour) / anHour) {
    if (open(at)) lines.push(line(at, random))
  }
  return lines
}

const atWork = (at: number): boolean => isWorkday(at) && at % day > 8 * hour && at % day < 17 * hour

const firewall = (days: number): Line[] =>
  linesAt(days, 40, 1, (at, random) =>
    flowLine(at, {
      from: `192.0.2.${20 + Math.floor(random() * 20)}`,
      to: `198.51.100.${1 + Math.floor(random() * 90)}`,
    }),
  )
const names = (days: number, anHour = 40): Line[] =>
  linesAt(days, anHour, 2, (at, random) =>
    queryLine(at, `192.0.2.${20 + Math.floor(random() * 20)}`, 'www.example.com'),
  )
const intranet = (days: number): Line[] =>
  linesAt(
    days,
    60,
    3,
    (at, random) => requestLine(at, { client: `192.0.2.${20 + Math.floor(random() * 20)}`, target: '/' }),
    atWork,
  )
const logins = (days: number): Line[] =>
  linesAt(days, 9, 4, (at) => sshLine(at, 'Accepted', 'alice', '192.0.2.21'), atWork)

const wednesday = 2 * day + 10 * hour

describe('source-silent', () => {
  it('leaves a quiet fortnight alone: nights, weekends, and an hour without a line', async () => {
    const report = await huntFiles({
      'conn.log': firewall(14),
      'dns.log': names(14, 4),
      'access.log': intranet(14),
      'auth.log': logins(14),
    })
    expect(named(report)).toEqual([])
    expect(report.summary.detectors).toEqual(['source-silent', 'source-rejects'])
  })

  it('leaves a lone log alone that ends on a Friday, and a week of it', async () => {
    expect(named(await huntFiles({ 'access.log': intranet(5) }))).toEqual([])
    expect(named(await huntFiles({ 'access.log': intranet(8) }))).toEqual([])
  })

  it('names a firewall that stops on Wednesday, and who is blind since then', async () => {
    const report = await huntFiles(
      {
        'conn.log': firewall(7).filter(({ at }) => at < wednesday),
        'dns.log': names(7),
        'access.log': intranet(7),
      },
      null,
    )
    const [first] = report.findings
    expect(first?.detector).toBe('source-silent')
    expect(first?.entity).toMatchObject({ kind: 'source' })
    expect(first?.entity.value).toMatch(/conn\.log$/)
    expect(first?.title).toMatch(
      /conn\.log has been silent since 2026-03-04 (09:5\d|10:00) UTC, for 4.5 days, where \d+ lines are usual; this blinds /,
    )
    const blinded = first?.details.flatMap((detail) => (detail.kind === 'blinded' ? detail.detectors : []))
    expect(blinded?.map(({ id }) => id)).toEqual(expect.arrayContaining(['network-new-port', 'beacon']))
    expect(blinded?.map(({ id }) => id)).not.toContain('dns-tunnel')
    expect(first?.evidence.lines).toHaveLength(4)
    expect(first?.reasons[0]).toMatchObject({ feature: 'silent', unit: 'seconds' })
    expect(report.incidents[0]?.tactics).toEqual([
      { id: 'TA0005', name: 'Defense Evasion', techniques: ['T1562'] },
    ])
  })

  it('names a log of working hours that stops while others go on, and not one day off', async () => {
    const stopped = (from: number, to: number): Promise<Report> =>
      huntFiles({
        'access.log': intranet(21).filter(({ at }) => at < from || at > to),
        'auth.log': logins(21),
      })
    expect(named(await stopped(15 * day, 18 * day)).map((name) => name.replace(/: .*\//, ': '))).toEqual([
      'source-silent: access.log',
    ])
    const holiday = [intranet(21), logins(21)].map((lines) =>
      lines.filter(({ at }) => Math.floor(at / day) !== 15),
    )
    expect(named(await huntFiles({ 'access.log': holiday[0] ?? [], 'auth.log': holiday[1] ?? [] }))).toEqual(
      [],
    )
  })

  it('names the machine that no longer writes into a log of many', async () => {
    const host = (name: string, seed: number): Line[] =>
      linesAt(7, 8, seed, (at) => {
        const line = sshLine(at, 'Accepted', 'backup', '192.0.2.9')
        return { at, text: line.text.replace(' gate ', ` ${name} `) }
      })
    const others = ['gate', 'mail', 'shop', 'build'].flatMap((name, i) => host(name, 10 + i))
    const stopped = host('vault', 20).filter(({ at }) => at < wednesday)
    const report = await huntFiles({ 'syslog.log': [...others, ...stopped] })
    expect(
      report.findings.map(({ entity }) => entity.parts?.map(({ value }) => path.basename(value))),
    ).toEqual([['syslog.log', 'vault']])
    expect(report.findings[0]?.title).toContain('vault has been silent since 2026-03-04')
  })

  it('leaves logs alone that cover other times', async () => {
    const later = names(14).filter(({ at }) => at > 8 * day)
    expect(named(await huntFiles({ 'conn.log': firewall(7), 'dns.log': later }))).toEqual([])
  })
})

describe('source-rejects', () => {
  const changed = (line: Line): Line => ({
    ...line,
    text: `v2|${line.text.slice(0, 40).replaceAll('"', '')}`,
  })

  it('leaves now and then a broken line alone', async () => {
    const broken = intranet(7).map((line, i) => (i % 60 === 59 ? changed(line) : line))
    expect(named(await huntFiles({ 'access.log': broken }))).toEqual([])
  })

  it('names a log whose format changes, with lines of the new one', async () => {
    const report = await huntFiles({
      'access.log': intranet(7).map((line) => (line.at > wednesday ? changed(line) : line)),
      'auth.log': logins(7),
    })
    expect(named(report).map((name) => name.replace(/: .*\//, ': '))).toEqual(['source-rejects: access.log'])
    const [first] = report.findings
    expect(first?.title).toMatch(
      /^\d+ % of the lines of .*access\.log could not be read since 2026-03-04 \d\d:\d\d UTC, /,
    )
    expect(first?.evidence.lines[0]).toMatch(/^v2\|/)
    expect(first?.reasons[0]).toMatchObject({ feature: 'share', unit: 'share', typical: 0 })
  })

  it('leaves a log alone that was never understood', async () => {
    const odd = linesAt(3, 30, 5, (at) => ({ at, text: `nobody knows this ${Math.round(at)}` }))
    expect(named(await huntFiles({ 'odd.log': odd, 'dns.log': names(3) }))).toEqual([])
  })
})
