import type { CSSProperties } from 'react'
import type { Detail } from '../../../src/api/api.ts'
import { countOf, formatDuration, formatNumber } from '../../lib/format.ts'
import { Block } from './block.tsx'

type Rhythm = Extract<Detail, { kind: 'rhythm' }>

const height = 90

export const RhythmBlock = ({ detail }: { readonly detail: Rhythm }) => (
  <Block title="Rhythm" about={`every ${formatDuration(detail.medianGap)}, by the median`}>
    <div className="two">
      <Gaps gaps={detail.gaps} />
      <Hours hours={detail.hours} />
    </div>
  </Block>
)

const Gaps = ({ gaps }: Pick<Rhythm, 'gaps'>) => {
  const most = Math.max(1, ...gaps.map((bucket) => bucket.gaps))
  const width = 100 / Math.max(1, gaps.length)
  return (
    <figure className="bars">
      <p className="soft small">Time between calls: how often each gap occurs</p>
      <svg
        role="img"
        aria-label={`Histogram of the time between calls. ${gaps
          .filter((bucket) => bucket.gaps > 0)
          .map(
            ({ fromSeconds, toSeconds, gaps: count }) =>
              `${formatDuration(fromSeconds)} to ${formatDuration(toSeconds)}: ${count}`,
          )
          .join('; ')}`}
        width="100%"
        height={height}
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
      >
        {gaps.map((bucket, at) => {
          const tall = bucket.gaps === 0 ? 0 : Math.max(1.5, (bucket.gaps / most) * (height - 2))
          return (
            <rect
              key={bucket.fromSeconds}
              className="loud"
              x={at * width}
              y={height - tall}
              width={width * 0.86}
              height={tall}
            >
              <title>{`${formatDuration(bucket.fromSeconds)} – ${formatDuration(bucket.toSeconds)}: ${formatNumber(bucket.gaps)}`}</title>
            </rect>
          )
        })}
      </svg>
      <figcaption className="scale" aria-hidden="true">
        <span>{formatDuration(gaps[0]?.fromSeconds ?? 0)}</span>
        <span>{formatDuration(gaps.at(-1)?.toSeconds ?? 0)}</span>
      </figcaption>
    </figure>
  )
}

/** A row a day and a column an hour: what is on day and night shows as a band, what comes and goes with people does not. */
const Hours = ({ hours }: Pick<Rhythm, 'hours'>) => {
  const most = Math.max(1, ...hours.map(({ events }) => events))
  const byDay = new Map<string, Rhythm['hours'][number][]>()
  for (const hour of hours) {
    const day = hour.time.slice(0, 10)
    byDay.set(day, [...(byDay.get(day) ?? []), hour])
  }
  const days = [...byDay].slice(-14)
  const busy = hours.filter(({ events }) => events > 0).length
  return (
    <figure>
      <p className="soft small">Calls by hour, UTC: darker is more</p>
      <div
        className="hours"
        role="img"
        aria-label={`Calls by day and hour: in ${busy} of ${countOf(hours.length, 'hour')}, at most ${formatNumber(most)} in one`}
      >
        {days.flatMap(([day, cells]) => [
          <span key={day}>{day.slice(5)}</span>,
          ...Array.from({ length: 24 }, (_, hour) => {
            const events = cells.find(({ time }) => Number(time.slice(11, 13)) === hour)?.events ?? 0
            return (
              <i
                key={`${day} ${hour}`}
                className={events > 0 ? 'on' : ''}
                title={`${day} ${hour}:00 UTC: ${formatNumber(events)}`}
                // A custom property is no part of React's type of styles.
                style={{ '--strength': `${25 + (75 * events) / most}%` } as CSSProperties}
              />
            )
          }),
        ])}
      </div>
    </figure>
  )
}
