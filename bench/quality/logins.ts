/**
 * Logins: are the sources that fail often found, and are those that only succeed left in peace?
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { detectors } from '../../detectors/index.ts'
import { hunt } from '../../src/hunt.ts'
import type { Finding } from '../../src/report/report.ts'
import { table } from '../table.ts'
import { bruteForce, countLogins, spray, timeOfLine } from './auth-log.ts'
import { mergeByTime, readLines, shownPath, type TimedLine } from './log-files.ts'

const shown = 20
const manyFailures = 20
/** More than there are: everything above the line, with its rank. */
const everything = 10_000

export interface LoginQuality {
  readonly file: string
  readonly seconds: number
  readonly findings: number
  /** Sources with at least {@link manyFailures} failures; rank and detector of their first finding. */
  readonly failing: readonly { source: string; failed: number; rank: number | null; detector: string }[]
  /** Sources that never failed, among the first findings. */
  readonly innocent: readonly string[]
  readonly injected: readonly { what: string; rank: number | null; detector: string; title: string }[]
  readonly first: readonly { rank: number; detector: string; entity: string; title: string }[]
}

const names = (finding: Finding): readonly string[] => [
  finding.entity.value,
  ...(finding.entity.parts ?? []).map((part) => part.value),
]

const firstOf = (findings: readonly Finding[], source: string): Finding | undefined =>
  findings.find((finding) => names(finding).includes(source))

const loginDetectors = detectors.filter(({ id }) => id.startsWith('login-')).map(({ id }) => id)

const huntLogins = (file: string) => hunt({ paths: [file], detectors: loginDetectors, budget: everything })

const attackers = { brute: '203.0.113.50', spray: '203.0.113.51' } as const

/** A copy of the log with two attacks in its middle. */
const injectInto = (lines: readonly string[], file: string): void => {
  const year = 2026
  let last = 0
  const timed = lines.map((text): TimedLine => ({ text, timeMs: (last = timeOfLine(text, year) ?? last) }))
  const middle = timed[Math.floor(timed.length / 2)]?.timeMs ?? 0
  const host = lines[0]?.split(/ +/)[3] ?? 'host'
  const attacks = [
    ...bruteForce(middle + 3_600_000, host, attackers.brute, 10, 12),
    ...spray(middle + 7_200_000, host, attackers.spray, 30, 110),
  ]
  writeFileSync(file, `${mergeByTime(timed, attacks).join('\n')}\n`, 'latin1')
}

const injectedRanks = async (lines: readonly string[]): Promise<LoginQuality['injected']> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-logins-'))
  try {
    const file = path.join(folder, 'auth.log')
    injectInto(lines, file)
    const { findings } = await huntLogins(file)
    return [
      ['brute force, 10 attempts in 2 minutes', attackers.brute] as const,
      ['spray, 30 users in 55 minutes', attackers.spray] as const,
    ].map(([what, source]) => {
      const finding = firstOf(findings, source)
      return {
        what,
        rank: finding?.rank ?? null,
        detector: finding?.detector ?? '–',
        title: finding?.title ?? '',
      }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const loginQuality = async (file: string): Promise<LoginQuality> => {
  const lines = readLines(file)
  const counts = countLogins(lines)
  const startedMs = performance.now()
  const { findings } = await huntLogins(file)
  const seconds = (performance.now() - startedMs) / 1000
  const first = findings.slice(0, shown)
  const onlyAccepted = [...counts]
    .filter(([, { failed, accepted }]) => failed === 0 && accepted > 0)
    .map(([source]) => source)
  return {
    file: shownPath(file),
    seconds,
    findings: findings.length,
    failing: [...counts]
      .filter(([, { failed }]) => failed >= manyFailures)
      .toSorted((a, b) => b[1].failed - a[1].failed)
      .map(([source, { failed }]) => {
        const finding = firstOf(findings, source)
        return { source, failed, rank: finding?.rank ?? null, detector: finding?.detector ?? '–' }
      }),
    innocent: onlyAccepted.filter((source) => firstOf(first, source) !== undefined),
    injected: await injectedRanks(lines),
    first: first.map(({ rank, detector, entity, title }) => ({
      rank,
      detector,
      entity: entity.value,
      title,
    })),
  }
}

const rankText = (rank: number | null): string => (rank === null ? 'not found' : String(rank))

export const loginText = (result: LoginQuality): string => {
  const found = result.failing.filter(({ rank }) => rank !== null).length
  const early = result.failing.filter(({ rank }) => rank !== null && rank <= shown).length
  return [
    `#### ${result.file}: logins`,
    `${result.findings} findings in ${result.seconds.toFixed(1)} s. Of ${result.failing.length} sources with ${manyFailures} failures or more, ${found} were found, ${early} of them in the first ${shown}. Sources that only logged in, in the first ${shown}: ${result.innocent.length === 0 ? 'none' : result.innocent.join(', ')}.`,
    table(
      ['source', 'failures', 'rank', 'detector'],
      result.failing.map(({ source, failed, rank, detector }) => [
        source,
        String(failed),
        rankText(rank),
        detector,
      ]),
      false,
    ),
    table(
      ['injected', 'rank', 'detector', 'finding'],
      result.injected.map(({ what, rank, detector, title }) => [what, rankText(rank), detector, title]),
      false,
    ),
  ].join('\n\n')
}
