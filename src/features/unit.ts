/**
 * In what unit each feature's numbers are written.
 *
 * @module
 */
import type { Feature, RhythmStatistic, Unit } from './feature.ts'
import { momentUnit } from './moment-feature.ts'

const units = {
  count: 'count',
  share: 'share',
  sum: 'count',
  max: 'count',
  min: 'count',
  mean: 'number',
  distinct: 'count',
  entropy: 'bits',
  quantile: 'count',
  gaps: 'share',
  rhythm: 'number',
  age: 'number',
  firstSeen: 'count',
  neverSeen: 'count',
  rarity: 'bits',
  popularity: 'share',
  surprisal: 'bits',
  risk: 'bits',
  countBefore: 'count',
  elsewhere: 'count',
  ratio: 'number',
  rate: 'number',
  prior: 'count',
  sofar: 'count',
  hours: 'count',
  faded: 'number',
  renewed: 'number',
  alongside: 'count',
  settled: 'count',
  pause: 'number',
  record: 'number',
  excess: 'number',
  path: 'count',
  given: 'count',
  largest: 'number',
  newcomer: 'count',
  unusualHour: 'count',
  travel: 'count',
  unproven: 'count',
  payload: 'bits',
  seldom: 'count',
  elapsed: 'number',
} as const satisfies Record<Feature['kind'], Unit>

const rhythmUnits: Readonly<Record<RhythmStatistic, Unit>> = {
  checkIns: 'count',
  span: 'seconds',
  gap: 'seconds',
  size: 'bytes',
  regular: 'share',
  evidence: 'number',
  spread: 'number',
  alike: 'share',
  hours: 'count',
  presence: 'share',
  dispersion: 'number',
  ritaTimestamps: 'share',
  ritaSizes: 'share',
  ritaHistogram: 'share',
  ritaDuration: 'share',
}

/** How a feature's numbers are written. */
export const unitOf = (feature: Feature): Unit => {
  if ((feature.kind === 'surprisal' || feature.kind === 'payload') && typeof feature.statistic !== 'string')
    return 'count'
  if (feature.kind === 'gaps' && feature.statistic === 'median') return 'seconds'
  if (feature.kind === 'newcomer' || feature.kind === 'unusualHour' || feature.kind === 'travel')
    return momentUnit(feature)
  if (feature.kind === 'risk' && feature.statistic !== 'bits')
    return feature.statistic === 'often' ? 'number' : 'count'
  if (feature.kind === 'rhythm') return rhythmUnits[feature.statistic]
  if (feature.kind === 'path' && feature.statistic === 'surprise') return 'number'
  if (feature.kind === 'popularity' && feature.statistic !== 'share') return 'count'
  if (feature.kind === 'neverSeen' && feature.sum !== undefined) return 'bytes'
  if (
    'of' in feature &&
    typeof feature.of === 'object' &&
    'kind' in feature.of &&
    feature.of.kind === 'seconds'
  )
    return 'seconds'
  if ('of' in feature && typeof feature.of === 'string' && feature.of.endsWith('_bytes')) return 'bytes'
  return units[feature.kind]
}
