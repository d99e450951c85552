/**
 * Captures of infected machines as Zeek logs: where does the first finding rank that is about the infected one?
 *
 * @module
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { hunt } from '../../src/hunt.ts'
import { table } from '../table.ts'
import { shownPath } from './log-files.ts'
import { everything, isAbout, placeOf, rankText, type Place } from './named.ts'
import { readZeek, sourcesOf, type InfectedHost, type ZeekLine } from './zeek-lines.ts'

/** What the README of a capture tells, where no label does; by the beginning of the folder's name. */
interface Told {
  readonly folder: string
  readonly what: string
  readonly hosts?: readonly string[]
  /** Whoever reaches this port is infected. */
  readonly port?: string
  /** The busiest client of these logs is infected. */
  readonly busiestOf?: readonly string[]
}

const told: readonly Told[] = [
  { folder: '001', what: 'NjRAT' },
  { folder: '002', what: 'nmap scans', hosts: ['172.16.1.11'] },
  { folder: '003', what: 'Android RAT', port: '1337' },
  { folder: '005', what: 'Simda', busiestOf: ['http', 'dns'] },
  { folder: '008', what: 'mixed day' },
  { folder: 'rita-proxy', what: 'C2 behind a proxy', hosts: ['10.136.0.18'] },
]

const factOf = (folder: string): Told | undefined =>
  told.find((one) => path.basename(folder).startsWith(one.folder))

interface RankedHost extends Place {
  readonly host: string
  readonly flows: number
}

export interface ZeekQuality {
  readonly folder: string
  readonly what: string
  readonly seconds: number
  readonly findings: number
  readonly lines: number
  readonly rejected: number
  /** The infected; the best ranked first. Empty where nothing tells who they are. */
  readonly hosts: readonly RankedHost[]
  /** The labels are "whatever comes in is an attack": to find that is no skill. */
  readonly inbound: boolean
}

const isLog = (name: string): boolean => /\.log(?:\.labeled)?(?:\.gz)?$/.test(name)
const isLabelled = (file: string): boolean => /\.labeled|labeled-/.test(path.basename(file))
const plainName = (file: string): string =>
  path.basename(file).replace('labeled-', '').replace('.labeled', '').replace(/\.gz$/, '')

/** All logs of a capture; what is there with and without labels is read once. */
export const captureFiles = (folder: string): { readonly logs: string[]; readonly labelled: string[] } => {
  const all = [folder, path.join(folder, 'data')]
    .filter((place) => existsSync(place))
    .flatMap((place) =>
      readdirSync(place)
        .filter(isLog)
        .toSorted()
        .map((name) => path.join(place, name)),
    )
  const plain = all.filter((file) => !isLabelled(file))
  const names = new Set(plain.map(plainName))
  const labelled = all.filter(isLabelled)
  return { logs: [...plain, ...labelled.filter((file) => !names.has(plainName(file)))], labelled }
}

const isMalicious = (line: ZeekLine): boolean =>
  /^malicious/i.test(line['label'] ?? '') || /^malicious/i.test(line['detailedlabel'] ?? '')

const logsNamed = (files: readonly string[], name: string): ZeekLine[] =>
  files.filter((file) => plainName(file) === `${name}.log`).flatMap(readZeek)

/** Who is infected, by the labels or by what is told of the capture. */
export const infectedIn = (
  folder: string,
): { readonly hosts: readonly InfectedHost[]; readonly inbound: boolean } => {
  const files = captureFiles(folder)
  const fact = factOf(folder)
  const labelled = files.labelled.filter((file) => plainName(file) === 'conn.log').flatMap(readZeek)
  const sources = sourcesOf(labelled, isMalicious)
  if (sources.length > 0) {
    const inward = labelled.filter((line) => isMalicious(line) && line['local_orig'] === 'F')
    const flows = sources.reduce((sum, one) => sum + one.flows, 0)
    return { hosts: sources, inbound: inward.length * 2 > flows }
  }
  const conns = (): ZeekLine[] => logsNamed(files.logs, 'conn')
  if (fact?.hosts !== undefined) {
    const named = new Set(fact.hosts)
    return { hosts: sourcesOf(conns(), (line) => named.has(line['id.orig_h'] ?? '')), inbound: false }
  }
  if (fact?.port !== undefined)
    return {
      hosts: sourcesOf(conns(), (line) => line['id.resp_p'] === fact.port && line['proto'] === 'tcp'),
      inbound: false,
    }
  const busiest = sourcesOf(
    (fact?.busiestOf ?? []).flatMap((name) => logsNamed(files.logs, name)),
    () => true,
  )
  return { hosts: busiest.slice(0, 1), inbound: false }
}

export const zeekQuality = async (folder: string): Promise<ZeekQuality> => {
  const files = captureFiles(folder)
  const fact = factOf(folder)
  const { hosts, inbound } = infectedIn(folder)
  const startedMs = performance.now()
  const { findings, summary } = await hunt({ paths: files.logs, budget: everything })
  const seconds = (performance.now() - startedMs) / 1000
  return {
    folder: shownPath(folder),
    what: fact?.what ?? '',
    seconds,
    findings: findings.length,
    lines: summary.lines,
    rejected: summary.rejected,
    hosts: hosts
      .map(({ host, flows }) => ({
        host,
        flows,
        ...placeOf(findings.find((finding) => isAbout(finding, host))),
      }))
      .toSorted((a, b) => (a.rank ?? everything) - (b.rank ?? everything)),
    inbound,
  }
}

/** The captures below a folder, or the folder itself where it holds logs. */
export const captureFolders = (place: string): string[] => {
  if (!existsSync(place) || !statSync(place).isDirectory()) return []
  if (captureFiles(place).logs.length > 0) return [place]
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && captureFiles(path.join(place, entry.name)).logs.length > 0)
    .map((entry) => path.join(place, entry.name))
    .toSorted()
}

const rowsOf = (result: ZeekQuality): string[][] => {
  const { hosts, findings, lines, rejected, seconds } = result
  const found = hosts.filter(({ rank }) => rank !== null).length
  const [best] = hosts
  const who =
    best === undefined
      ? 'not labelled'
      : `${best.host}${hosts.length > 1 ? ` (${found} of ${hosts.length} found)` : ''}`
  return [
    [
      path.basename(result.folder),
      `${result.what}${result.inbound ? ' (inbound: no skill)' : ''}`,
      who,
      best === undefined ? '–' : String(best.flows),
      best === undefined ? `– of ${findings}` : `${rankText(best.rank)} of ${findings}`,
      best?.detector ?? '–',
      best?.severity ?? '–',
      best?.title ?? '',
      `${lines}${rejected === 0 ? '' : ` (${rejected} rejected)`}`,
      seconds.toFixed(1),
    ],
  ]
}

export const zeekText = (results: readonly ZeekQuality[]): string =>
  table(
    [
      'capture',
      'what',
      'infected host',
      'its flows',
      'rank',
      'detector',
      'severity',
      'finding',
      'lines',
      's',
    ],
    results.flatMap(rowsOf),
    false,
  )
