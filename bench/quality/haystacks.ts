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
import { attackerAddress } from './injected.ts'
import { evidentlyHostile, kindOf } from './labels.ts'
import { readLines, shownPath, type TimedLine } from './log-files.ts'
import { budgets, type Haystack, type ThinResult } from './thinning.ts'
import { labelsBeside } from './web.ts'

const hourMs = 3_600_000

/** A log, who in it is known for what, and the worst of those in it: to be slowed down and found again. */
export interface WebHaystack extends Haystack {
  readonly unlabelled: (client: string) => boolean
  /** Clients that were mostly refused, most requests first. */
  readonly worst: readonly { readonly client: string; readonly lines: readonly TimedLine[] }[]
}

/** Nobody in it is hostile: whatever is found but the attacker is false. */
export const benignHaystack = (lines = 200_000): WebHaystack => {
  const seed = 7
  const log: TimedLine[] = []
  generateTraffic({ lines, seed, days: 4, hostile: false }, (nowS, request) => {
    log.push({ timeMs: nowS * 1000, text: combinedLine(stampOf(nowS), request) })
  })
  const day = (n: number, hour: number): number => startS * 1000 + (n * 24 + hour) * hourMs
  return {
    name: `generated, ${log.length.toLocaleString('en-US')} benign lines of 4 days`,
    lines: log,
    innocent: (client) => client !== attackerAddress,
    unlabelled: (client) => client !== attackerAddress,
    worst: [],
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

/** Fewer requests than these say little when they are slowed down. */
const enoughToReplay = 60
const mostReplayed = 2

/** A real log; unlabelled clients that were not mostly refused are taken for innocent, which some are not. */
export const realHaystack = (file: string): WebHaystack => {
  const lines = readLines(file).flatMap((text) => readAccessLine(text) ?? [])
  const labels = labelsBeside(file)
  const profiles = profileClients(lines)
  const unlabelled = (client: string): boolean =>
    kindOf(labels, client, profiles.get(client)) === 'unlabelled' && profiles.has(client)
  const evident = (client: string): boolean => {
    const profile = profiles.get(client)
    return profile !== undefined && evidentlyHostile(profile)
  }
  return {
    name: shownPath(file),
    lines,
    innocent: (client) => unlabelled(client) && !evident(client),
    unlabelled,
    worst: [...profiles]
      .filter(([client, { requests }]) => requests >= enoughToReplay && evident(client))
      .toSorted(([, a], [, b]) => b.requests - a.requests)
      .slice(0, mostReplayed)
      .map(([client]) => ({ client, lines: lines.filter((line) => line.client === client) })),
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
