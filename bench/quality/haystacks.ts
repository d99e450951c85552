/**
 * The logs in which slow attackers are hidden, and the table of how that went.
 *
 * @module
 */
import { formatShare } from '../../src/report/format.ts'
import { combinedLine, stampOf } from '../generate/request.ts'
import { buildSite, type Site } from '../generate/site.ts'
import { generateTraffic, startS } from '../generate/traffic.ts'
import { table } from '../table.ts'
import { profileClients, quietFullDays, readAccessLine, type AccessLine } from './access-log.ts'
import { kindOf } from './labels.ts'
import { readLines, shownPath, type TimedLine } from './log-files.ts'
import { budgets, type Haystack, type ThinResult } from './thinning.ts'
import { labelsBeside } from './web.ts'

const hourMs = 3_600_000

/** Nobody in it is hostile: whatever is found but the attacker is false. */
export const benignHaystack = (lines = 200_000): Haystack => {
  const seed = 7
  const log: TimedLine[] = []
  generateTraffic({ lines, seed, days: 4, hostile: false }, (nowS, request) => {
    log.push({ timeMs: nowS * 1000, text: combinedLine(stampOf(nowS), request) })
  })
  const day = (n: number, hour: number): number => startS * 1000 + (n * 24 + hour) * hourMs
  return {
    name: `generated, ${log.length.toLocaleString('en-US')} benign lines of 4 days`,
    lines: log,
    innocent: () => true,
    site: buildSite(seed),
    starts: [day(1, 3), day(1, 14), day(2, 20)],
  }
}

/** The scraper copies what this site really has. */
const siteOf = (lines: readonly AccessLine[]): Site => {
  const paths = new Set(
    lines
      .filter(({ status, method }) => status === 200 && method === 'GET')
      .map(({ target }) => target.split('?')[0] ?? '/'),
  )
  const pages = [...paths].map((path) => ({ path, bytes: 4096 }))
  return { pages, shared: [], images: [], endpoints: [] }
}

/** A real log; its unlabelled clients are taken for innocent, which some are not. */
export const realHaystack = (file: string): Haystack => {
  const lines = readLines(file).flatMap((text) => readAccessLine(text) ?? [])
  const labels = labelsBeside(file)
  const profiles = profileClients(lines)
  return {
    name: shownPath(file),
    lines,
    innocent: (client) =>
      kindOf(labels, client, profiles.get(client)) === 'unlabelled' && profiles.has(client),
    site: siteOf(lines),
    starts: quietFullDays(lines)
      .slice(0, 2)
      .map((dayMs) => dayMs + 10 * hourMs),
  }
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** One row for each log, attack and detector; starts are averaged. */
export const thinningText = (results: readonly ThinResult[]): string => {
  const keyOf = ({ haystack, attack, detector }: ThinResult): string =>
    [haystack, attack, detector].join('\n')
  const rows = [...new Set(results.map(keyOf))].map((key) => {
    const group = results.filter((result) => keyOf(result) === key)
    const [first] = group
    const shares = budgets.map((budget) =>
      formatShare(
        mean(group.map((one) => one.windowsAt.find(({ falseADay }) => falseADay === budget)?.share ?? 0)),
      ),
    )
    const ranks = group.map(({ rank }) => rank ?? '–').join(', ')
    const above = group.map(({ falseAbove }) => falseAbove.toFixed(1)).join(', ')
    return [first?.haystack ?? '', first?.attack ?? '', first?.detector ?? '', ...shares, ranks, above]
  })
  const heads = [
    'log',
    'attack',
    'detector',
    ...budgets.map((budget) => `10-min windows at ${budget} false a day`),
  ]
  return [
    '#### Slow attackers, injected',
    table([...heads, 'rank of the attacker, each start', 'false findings a day above it'], rows, false),
  ].join('\n\n')
}
