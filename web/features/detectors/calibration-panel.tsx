import { Button, Slider } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { Suspense, lazy, useMemo, useState } from 'react'
import type { DetectorPage } from '../../../src/api/api.ts'
import { useChangeDetector, useStrictnessPreview } from '../../lib/api/detectors.ts'
import { countOf, formatNumber, inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Failed } from '../../ui/states.tsx'
import { telling } from '../../ui/told.ts'
import { strictnessWords } from './detector-state.tsx'

const Chart = lazy(() => import('../../ui/chart.tsx'))

const height = 170
/** Scores come in bins of a half. */
const bin = 0.5
/** So many at most, from rarity 0 on: what is rarer still stands in the last one. */
const mostBins = 80
const marks = [-2, -1, 0, 1, 2, 3].map((value) => ({
  value,
  label: value > 0 ? `+${value}` : String(value).replace('-', '−'),
}))

interface CalibrationPanelProps {
  readonly detector: DetectorPage
  readonly may: boolean
}

/** How rare its episodes were, where the line stands, and what moving the line would do. */
export const CalibrationPanel = ({ detector, may }: CalibrationPanelProps) => {
  const [strictness, setStrictness] = useState(detector.strictness)
  // Not in what shows its effect: that goes as soon as the line has moved, and would say nothing of it.
  const change = useChangeDetector(detector.id)
  const moved = strictness !== detector.strictness
  const line = detector.line + strictness - detector.strictness
  const bars = useMemo(() => {
    const counts = new Map<number, number>()
    for (const { rarity, episodes } of detector.scores) {
      const at = Math.min(mostBins, Math.round(rarity / bin))
      counts.set(at, (counts.get(at) ?? 0) + episodes)
    }
    const last = Math.min(mostBins, Math.max(Math.ceil(line / bin) + 2, ...counts.keys(), 8))
    const first = Math.min(0, ...counts.keys())
    return Array.from({ length: last - first + 1 }, (_, at) => {
      const rarity = (first + at) * bin
      return {
        label: String(rarity),
        about: first + at === mostBins ? `Rarity ${rarity} and above` : `Rarity ${rarity} to ${rarity + bin}`,
        value: counts.get(first + at) ?? 0,
        loud: rarity + bin / 2 >= line,
      }
    })
  }, [detector.scores, line])
  const firstRarity = Number(bars[0]?.label ?? 0)
  const marker = useMemo(
    () =>
      line < firstRarity
        ? undefined
        : {
            at: Math.round((line - firstRarity) / bin),
            label: `line at ${formatNumber(Number(line.toFixed(2)))}`,
          },
    [line, firstRarity],
  )
  const episodes = detector.scores.reduce((sum, one) => sum + one.episodes, 0)
  return (
    <Panel
      title="Calibration"
      aside={<span className="soft small">{countOf(episodes, 'episode')} judged</span>}
    >
      {episodes === 0 ? (
        <p className="soft">Nothing to draw yet: it has not judged anything lately.</p>
      ) : (
        <>
          <Suspense fallback={<div style={{ height }} />}>
            <Chart
              bars={bars}
              {...(marker === undefined ? {} : { line: marker })}
              root
              height={height}
              label={`Episodes by rarity: ${countOf(episodes, 'episode')}, ${marker?.label ?? 'all of them shown'}`}
            />
          </Suspense>
          <p className="soft small">
            Each step of 1 to the right is ten times rarer by chance. Coloured bars are shown, grey ones stay
            below the line. Square-root heights.
          </p>
        </>
      )}
      <div style={{ maxWidth: 560, padding: '16px 6px 22px' }}>
        <p className="row between" id="strictness">
          <b>Strictness</b>
          <span className="soft">{strictnessWords(strictness)}</span>
        </p>
        <Slider
          mt={8}
          min={-2}
          max={3}
          step={0.25}
          marks={marks}
          value={strictness}
          disabled={!may}
          onChange={setStrictness}
          thumbLabel="Strictness"
          label={null}
        />
      </div>
      {moved ? (
        <Effect
          detector={detector}
          strictness={strictness}
          moving={change.isPending}
          onMove={() => change.mutate({ strictness }, telling('The line is moved'))}
          onReset={() => setStrictness(detector.strictness)}
        />
      ) : null}
    </Panel>
  )
}

interface EffectProps {
  readonly detector: DetectorPage
  readonly strictness: number
  readonly moving: boolean
  readonly onMove: () => void
  readonly onReset: () => void
}

/** What the new line would have shown of the last 30 days; threats that it would have missed stand in red. */
const Effect = ({ detector, strictness, moving, onMove, onReset }: EffectProps) => {
  const [asked] = useDebouncedValue(strictness, 250)
  const preview = useStrictnessPreview(detector.id, asked, true)
  const lost = preview.data?.lostThreats ?? []
  return (
    <div className="stack tight" aria-live="polite">
      {preview.error === null ? null : (
        <Failed error={preview.error} onRetry={() => void preview.refetch()} />
      )}
      {preview.data === undefined ? null : (
        <p>
          Of the last 30 days it would have shown <b>{formatNumber(preview.data.shown)}</b> findings, and kept{' '}
          <b>{formatNumber(preview.data.below)}</b> below the line.
        </p>
      )}
      {lost.length === 0 ? null : (
        <div className="lost" role="alert">
          <b>It would have missed {countOf(lost.length, 'confirmed threat')}:</b>
          <ul>
            {lost.slice(0, 5).map(({ id, number, title }) => (
              <li key={id}>
                <Link to="/incidents/$id" params={{ id }}>
                  #{number} {inert(title)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="row">
        <Button loading={moving} {...(lost.length > 0 ? { color: 'red' } : {})} onClick={onMove}>
          Move the line
        </Button>
        <Button variant="default" onClick={onReset}>
          Leave it
        </Button>
      </div>
    </div>
  )
}
