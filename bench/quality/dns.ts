/**
 * Tunnels in DNS logs: where does the labelled client rank, who ranks above, and how little of the tunnel is enough?
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hunt } from '../../src/hunt.ts'
import { median, table } from '../table.ts'
import { labelsOf, type Malicious } from './labelled.ts'
import { readLines, shownPath } from './log-files.ts'
import { everything, isAbout, placeOf, rankText, type Place } from './named.ts'

interface RankedTunnel extends Place, Malicious {
  /** Its queries in the log. */
  readonly queries: number
  /** What other findings above it are about. */
  readonly above: readonly string[]
  /** The fewest of its first queries with which it still is the first finding about its client; null: none of those tried. */
  readonly enough: number | null
}

export interface DnsQuality {
  readonly file: string
  readonly seconds: number
  readonly findings: number
  /** Of these, about clients that no label names. */
  readonly falseFindings: number
  readonly tunnels: readonly RankedTunnel[]
}

/** How many of a tunnel's first queries are left in the log, one try after the other. */
const tries = [3, 5, 8, 12, 20, 40, 80, 160] as const

/** A query of the client's for a name in the domain; the test is on the text, whatever the format. */
const belongsTo = (line: string, { source, target }: Malicious): boolean =>
  line.includes(`"${source}"`) && line.toLowerCase().includes(`${target.toLowerCase()}"`)

const findingsIn = async (paths: readonly string[]) => (await hunt({ paths, budget: everything })).findings

const enoughQueries = async (lines: readonly string[], tunnel: Malicious): Promise<number | null> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-dns-'))
  try {
    for (const most of tries) {
      let kept = 0
      const some = lines.filter((line) => !belongsTo(line, tunnel) || kept++ < most)
      const file = path.join(folder, `first-${most}.jsonl`)
      writeFileSync(file, `${some.join('\n')}\n`, 'latin1')
      const findings = await findingsIn([file])
      const [first] = findings
      if (first !== undefined && isAbout(first, tunnel.source)) return most
      rmSync(file)
    }
    return null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const dnsQuality = async (file: string): Promise<DnsQuality> => {
  const lines = readLines(file)
  const startedMs = performance.now()
  const findings = await findingsIn([file])
  const seconds = (performance.now() - startedMs) / 1000
  const tunnels: RankedTunnel[] = []
  for (const tunnel of labelsOf(file).malicious) {
    const first = findings.findIndex((finding) => isAbout(finding, tunnel.source))
    tunnels.push({
      ...tunnel,
      ...placeOf(findings[first]),
      queries: lines.filter((line) => belongsTo(line, tunnel)).length,
      above: (first < 0 ? findings : findings.slice(0, first)).map(({ entity }) => entity.value),
      enough: await enoughQueries(lines, tunnel),
    })
  }
  const isTrue = (finding: (typeof findings)[number]): boolean =>
    tunnels.some(({ source }) => isAbout(finding, source))
  const falseFindings = findings.filter((finding) => !isTrue(finding)).length
  return { file: shownPath(file), seconds, findings: findings.length, falseFindings, tunnels }
}

/** What all tunnels say together, beside what is wanted. */
const summaryText = (results: readonly DnsQuality[]): string => {
  const tunnels = results.flatMap((result) => result.tunnels)
  const first = tunnels.filter(({ rank, above }) => rank !== null && above.length === 0).length
  const enough = median(tunnels.map((tunnel) => tunnel.enough ?? Number.POSITIVE_INFINITY))
  const falseOnes = results.reduce((sum, result) => sum + result.falseFindings, 0)
  return table(
    ['all tunnels', 'reached', 'wanted'],
    [
      ['ranked above every other client', `${first} of ${tunnels.length}`, 'all'],
      ['findings about other clients', String(falseOnes), '0'],
      ['median of queries until found, at most', String(enough), '5'],
    ],
  )
}

export const dnsText = (results: readonly DnsQuality[]): string =>
  `${tunnelsText(results)}\n\n${summaryText(results)}`

const tunnelsText = (results: readonly DnsQuality[]): string =>
  table(
    [
      'log',
      'client',
      'domain',
      'queries',
      'rank',
      'detector',
      'severity',
      'findings about others above',
      'enough queries',
      's',
    ],
    results.flatMap(({ file, findings, seconds, tunnels }) =>
      tunnels.map((tunnel) => [
        file,
        tunnel.source,
        tunnel.target,
        String(tunnel.queries),
        `${rankText(tunnel.rank)} of ${findings}`,
        tunnel.detector,
        tunnel.severity,
        String(tunnel.above.length),
        tunnel.enough === null ? `more than ${tries.at(-1)}` : `≤ ${tunnel.enough}`,
        seconds.toFixed(1),
      ]),
    ),
    false,
  )
