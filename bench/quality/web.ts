/**
 * The first findings on labelled access logs: what each of them is.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { hunt } from '../../src/hunt.ts'
import { formatShare } from '../../src/report/format.ts'
import { table } from '../table.ts'
import { profileClients, readAccessLine, type ClientProfile } from './access-log.ts'
import { detectIn } from './detect-windows.ts'
import { evidentlyHostile, kindOf, noLabels, readLabels, type ClientKind, type WebLabels } from './labels.ts'
import { readLines, shownPath } from './log-files.ts'
import { precisionOf, type Precision } from './precision.ts'

export const webDetectors = ['web-client-behaviour', 'web-client-kmeans'] as const

const shown = 20

export const labelsBeside = (file: string): WebLabels => {
  const beside = file.replace(/\.log(\.gz)?$/, '.labels.json')
  return existsSync(beside) ? readLabels(JSON.parse(readFileSync(beside, 'utf8'))) : noLabels
}

export interface RankedClient {
  readonly rank: number
  readonly client: string
  readonly kind: ClientKind
  readonly evident: boolean
  readonly profile: ClientProfile | undefined
  readonly title: string
}

export interface WebQuality {
  readonly file: string
  readonly detector: string
  readonly seconds: number
  readonly findings: readonly RankedClient[]
  readonly precision: Precision
  /** Of the first episodes, whether they are rare enough to be findings or not: what a larger budget would bring. */
  readonly candidates: Precision
  /** Of the labelled hostile clients, how many are among the first findings. */
  readonly blockedFound: number
  readonly blocked: number
  /** What a blind choice among the clients would have had. */
  readonly chance: Precision
}

const judge = (labels: WebLabels, client: string, profile: ClientProfile | undefined) => {
  const kind = kindOf(labels, client, profile)
  return { kind, evident: kind === 'unlabelled' && profile !== undefined && evidentlyHostile(profile) }
}

/** Each detector alone over one log. */
export const webQuality = async (file: string): Promise<WebQuality[]> => {
  const labels = labelsBeside(file)
  const profiles = profileClients(readLines(file).flatMap((text) => readAccessLine(text) ?? []))
  const chance = precisionOf([...profiles].map(([client, profile]) => judge(labels, client, profile)))
  const results: WebQuality[] = []
  for (const detector of webDetectors) {
    const startedMs = performance.now()
    const report = await hunt({ paths: [file], detectors: [detector] })
    const findings = report.findings.slice(0, shown).map((finding): RankedClient => {
      const client = finding.entity.value
      const profile = profiles.get(client)
      return { rank: finding.rank, client, ...judge(labels, client, profile), profile, title: finding.title }
    })
    const seconds = (performance.now() - startedMs) / 1000
    const { detections } = await detectIn(file, [detector])
    const episodes = detections.flatMap((detection) => detection.episodes).slice(0, shown)
    results.push({
      file: shownPath(file),
      detector,
      seconds,
      findings,
      precision: precisionOf(findings),
      candidates: precisionOf(
        episodes.map(({ entity: [client = ''] }) => judge(labels, client, profiles.get(client))),
      ),
      blockedFound: new Set(findings.filter(({ kind }) => kind === 'blocked').map(({ client }) => client))
        .size,
      blocked: labels.blocked.size,
      chance,
    })
  }
  return results
}

const what = ({ kind, evident }: RankedClient): string => {
  if (kind === 'blocked') return 'blocked by the firewall'
  if (kind === 'bot') return 'declared bot'
  return kind === 'scraper' ? 'the scraper' : evident ? 'unlabelled, mostly refused' : 'unlabelled'
}

const shortAgent = (agent: string): string => {
  const plain = agent.replaceAll(/[|`]/g, ' ')
  return plain.length > 48 ? `${plain.slice(0, 47)}…` : plain
}

const findingsTable = ({ findings }: WebQuality): string =>
  table(
    ['rank', 'client', 'what it is', 'requests', 'refused', 'paths', 'agents', 'agent'],
    findings.map((finding) => [
      String(finding.rank),
      finding.client,
      what(finding),
      String(finding.profile?.requests ?? '–'),
      finding.profile === undefined ? '–' : formatShare(finding.profile.refused / finding.profile.requests),
      String(finding.profile?.paths ?? '–'),
      String(finding.profile?.agents ?? '–'),
      shortAgent(finding.profile?.agent ?? ''),
    ]),
    false,
  )

const sharesOf = ({ hostile, evident, notPeople }: Precision): string[] =>
  [hostile, evident, notPeople].map(formatShare)

const precisionTable = (results: readonly WebQuality[]): string =>
  table(
    ['what', 'number', 'blocked', '+ mostly refused', '+ bots, scraper', 'blocked found', 's'],
    [
      ...results.flatMap(({ detector, precision, candidates, blockedFound, blocked, seconds }) => [
        [
          `${detector}: findings`,
          String(precision.findings),
          ...sharesOf(precision),
          `${blockedFound} of ${blocked}`,
          seconds.toFixed(1),
        ],
        [`${detector}: first episodes`, String(candidates.findings), ...sharesOf(candidates), '', ''],
      ]),
      ...results
        .slice(0, 1)
        .map(({ chance }) => ['all clients', String(chance.findings), ...sharesOf(chance), '', '']),
    ],
  )

export const webText = (results: readonly WebQuality[]): string =>
  [
    `#### ${results[0]?.file ?? ''}: precision of the first ${shown} findings`,
    precisionTable(results),
    ...results.flatMap((result) => [`First findings of ${result.detector}:`, findingsTable(result)]),
  ].join('\n\n')
