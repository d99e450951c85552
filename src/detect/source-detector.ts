/**
 * Detectors that watch the logs themselves: whether a source is silent, or no longer understood.
 *
 * @module
 */
import type { Reason } from '../report/report.ts'
import type { Detector, SourceMeasure } from './detector.ts'

/** Which log a file is a generation of, and which of two files was written first. */
export interface LogNames {
  readonly logOf: (source: string) => string
  readonly compare: (a: string, b: string) => number
}

/** What stands beside a detector: the others of its hunt, and how logs are named. */
export interface Neighbours extends LogNames {
  readonly detectors: readonly Detector[]
}

export const noNeighbours: Neighbours = {
  detectors: [],
  logOf: (source) => source,
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
}

/** What a sentence about a source may use. */
export interface SourceFacts {
  /** The log, or the machine in it. */
  readonly entity: string
  /** When it began, and where it is over when it ended: "2026-03-04 10:12 UTC". */
  readonly since: string
  readonly until: string | null
  /** How long it lasted: "3 days". */
  readonly duration: string
  /** Lines that usually come in such a time, or lines that were not understood. */
  readonly lines: number
  /** The share of lines that was not understood, and what it was before. */
  readonly share: number
  readonly usualShare: number
  /** Ids of the detectors that see nothing now. */
  readonly blinded: readonly string[]
}

interface Description {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly attack: readonly string[]
  readonly lookalikes?: readonly string[]
  readonly measure: SourceMeasure['kind']
  readonly sentence: (facts: SourceFacts) => string
  readonly phrase?: (facts: SourceFacts) => string
}

const measured: Readonly<Record<SourceMeasure['kind'], Readonly<Record<string, [string, Reason['unit']]>>>> =
  {
    silence: { silent: ['time without a line, of its usual hours', 'seconds'] },
    rejects: { share: ['share of lines that were not understood', 'share'] },
  }

/**
 * Describes a detector that watches sources instead of what their events tell.
 *
 * @example
 * ```ts
 * export default defineSourceDetector({
 *   id: 'source-silent',
 *   title: 'A log that stopped',
 *   description: 'Nothing came from a source for longer than it is ever quiet.',
 *   attack: ['T1562'],
 *   measure: 'silence',
 *   sentence: (f) => `${f.entity} has been silent for ${f.duration}`,
 * })
 * ```
 */
export const defineSourceDetector = (description: Description): Detector => {
  const features = measured[description.measure]
  return {
    id: description.id,
    title: description.title,
    description: description.description,
    attack: description.attack,
    lookalikes: description.lookalikes ?? [],
    from: {},
    entity: ['source', 'host_name'],
    windows: [{ length: '1 day', minEvents: 1 }],
    features: {},
    scored: [],
    among: {},
    requires: {},
    model: null,
    measure: {
      kind: description.measure,
      units: Object.fromEntries(Object.entries(features).map(([name, [, unit]]) => [name, unit])),
    },
    severity: 'low',
    certain: false,
    raises: [],
    related: [],
    shows: null,
    evidence: {},
    evidenceBy: null,
    labels: Object.fromEntries(Object.entries(features).map(([name, [label]]) => [name, label])),
    byDefault: true,
    // Its facts are those of a source: see `factsOf` in findings.ts.
    sentence: description.sentence as unknown as Detector['sentence'],
    phrase: (description.phrase as unknown as Detector['phrase'] | undefined) ?? null,
  }
}
