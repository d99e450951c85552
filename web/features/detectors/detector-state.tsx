import type { DetectorRow } from '../../../src/api/api.ts'
import { formatNumber, formatShare, inert } from '../../lib/format.ts'

const words: Readonly<Record<DetectorRow['state'], readonly [string, string]>> = {
  watching: ['Watching', 'good'],
  learning: ['Learning', 'accent'],
  blind: ['Blind', 'high'],
  off: ['Off', ''],
}

export const DetectorState = ({ detector }: { readonly detector: Pick<DetectorRow, 'state' | 'why'> }) => {
  const [word, colour] = words[detector.state]
  return (
    <span className={`chip ${colour}`} title={detector.why === null ? word : inert(detector.why)}>
      {word}
    </span>
  )
}

/** How many of its findings people called threats, of those they judged. */
export const Precision = ({
  detector,
}: {
  readonly detector: Pick<DetectorRow, 'precision' | 'verdicts'>
}) => {
  const { threat, expected, falseAlarm } = detector.verdicts
  const all = threat + expected + falseAlarm
  if (detector.precision === null || all === 0) return <span className="soft">no verdicts yet</span>
  const part = (count: number): string => `${(count / all) * 100}%`
  return (
    <span
      className="nowrap"
      title={`${formatNumber(threat)} threats, ${formatNumber(expected)} expected, ${formatNumber(falseAlarm)} false alarms`}
    >
      <span className="precision" aria-hidden="true">
        <i className="threat" style={{ width: part(threat) }} />
        <i className="expected" style={{ width: part(expected) }} />
        <i className="false" style={{ width: part(falseAlarm) }} />
      </span>
      {formatShare(detector.precision)} <span className="soft">of {formatNumber(all)}</span>
    </span>
  )
}

/** Strictness in words: what it does to how much is shown. */
export const strictnessWords = (strictness: number): string => {
  if (strictness === 0) return 'As calibrated'
  const factor = 10 ** Math.abs(strictness)
  const times = factor >= 9.5 ? formatNumber(Math.round(factor)) : String(Number(factor.toFixed(1)))
  return strictness > 0 ? `Stricter: about 1 of ${times} remains` : `Looser: about ${times} times as many`
}
