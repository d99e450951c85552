/**
 * Beacons in proxy logs: where does the labelled one rank, and where those that are polled and harmless?
 *
 * @module
 */
import { hunt } from '../../src/hunt.ts'
import type { Finding } from '../../src/report/report.ts'
import { table } from '../table.ts'
import { labelsOf } from './labelled.ts'
import { shownPath } from './log-files.ts'
import { everything, isAbout, placeOf, rankText, type Place } from './named.ts'

interface RankedPair extends Place {
  readonly source: string
  readonly target: string
  readonly hostile: boolean
  /** Among the findings of detectors of beacons. */
  readonly rankOfBeacons: number | null
}

export interface ProxyQuality {
  readonly file: string
  readonly seconds: number
  readonly findings: number
  readonly beacons: number
  readonly pairs: readonly RankedPair[]
}

const isBeacon = ({ detector }: Finding): boolean => detector.includes('beacon')

/** `source` empty: any. */
const rankPair = (
  findings: readonly Finding[],
  beacons: readonly Finding[],
  source: string,
  target: string,
  hostile: boolean,
): RankedPair => {
  const about = (finding: Finding): boolean =>
    (source === '' || isAbout(finding, source)) && isAbout(finding, target)
  const index = beacons.findIndex(about)
  return {
    source: source === '' ? 'any' : source,
    target,
    hostile,
    rankOfBeacons: index < 0 ? null : index + 1,
    ...placeOf(findings.find(about)),
  }
}

export const proxyQuality = async (file: string): Promise<ProxyQuality> => {
  const labels = labelsOf(file)
  const startedMs = performance.now()
  const { findings } = await hunt({ paths: [file], budget: everything })
  const beacons = findings.filter(isBeacon)
  return {
    file: shownPath(file),
    seconds: (performance.now() - startedMs) / 1000,
    findings: findings.length,
    beacons: beacons.length,
    pairs: [
      ...labels.malicious.map(({ source, target }) => rankPair(findings, beacons, source, target, true)),
      ...labels.benignPolled.map((target) => rankPair(findings, beacons, '', target, false)),
    ],
  }
}

export const proxyText = (results: readonly ProxyQuality[]): string =>
  table(
    ['log', 'client', 'destination', 'what', 'rank of beacons', 'rank of all', 'detector', 'severity', 's'],
    results.flatMap(({ file, pairs, beacons, findings, seconds }) =>
      pairs.map((pair) => [
        file,
        pair.source,
        pair.target,
        pair.hostile ? 'C2' : 'polled, harmless',
        `${rankText(pair.rankOfBeacons)} of ${beacons}`,
        `${rankText(pair.rank)} of ${findings}`,
        pair.detector,
        pair.severity,
        seconds.toFixed(1),
      ]),
    ),
    false,
  )
