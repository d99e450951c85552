/**
 * Small charts in SVG: activity, courses, rates. Each says in words what it shows.
 *
 * @module
 */
import { formatNumber } from '../lib/format.ts'
import { formatTime, useZone } from '../lib/time.ts'
import './charts.css'

interface Bucket {
  readonly time: string
  readonly events: number
  readonly anomalous?: boolean
}

interface ActivityProps {
  readonly buckets: readonly Bucket[]
  readonly label: string
  readonly height?: number
}

/** Events over time; square-root heights, so that quiet hours stay visible. What was anomalous stands out. */
export const ActivityBars = ({ buckets, label, height = 64 }: ActivityProps) => {
  const zone = useZone()
  const most = Math.max(1, ...buckets.map(({ events }) => events))
  const width = 100 / Math.max(1, buckets.length)
  const marks = [0, Math.floor(buckets.length / 2), buckets.length - 1]
  const total = buckets.reduce((sum, { events }) => sum + events, 0)
  return (
    <figure className="bars">
      <svg
        role="img"
        aria-label={`${label}: ${formatNumber(total)} events, at most ${formatNumber(most)} at once`}
        width="100%"
        height={height}
        viewBox={`0 0 100 ${height}`}
        preserveAspectRatio="none"
      >
        {buckets.map(({ time, events, anomalous }, at) => {
          const tall = events === 0 ? 0 : Math.max(1.5, Math.sqrt(events / most) * (height - 2))
          return (
            <rect
              key={time}
              className={anomalous === true ? 'loud' : 'quiet'}
              x={at * width}
              y={height - tall}
              width={width * 0.84}
              height={tall}
            >
              <title>{`${formatTime(time, zone)}: ${formatNumber(events)}`}</title>
            </rect>
          )
        })}
      </svg>
      {buckets.length < 2 ? null : (
        <figcaption className="scale" aria-hidden="true">
          {marks.map((at, place) => (
            <span key={place}>{formatTime(buckets[at]?.time ?? '', zone)}</span>
          ))}
        </figcaption>
      )}
    </figure>
  )
}

interface SparkProps {
  readonly values: readonly number[]
  readonly label: string
  readonly width?: number
  readonly height?: number
  readonly most?: number
}

/** A course as a line over its area. */
export const Spark = ({ values, label, width = 92, height = 24, most }: SparkProps) => {
  const top = Math.max(1, most ?? Math.max(...values, 0))
  const step = width / Math.max(1, values.length - 1)
  const points = (values.length === 1 ? [values[0] ?? 0, values[0] ?? 0] : values).map(
    (value, at) =>
      `${(at * (values.length === 1 ? width : step)).toFixed(1)},${(height - 2 - (value / top) * (height - 4)).toFixed(1)}`,
  )
  return (
    <svg className="spark" role="img" aria-label={label} width={width} height={height}>
      {values.length === 0 ? null : (
        <>
          <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} />
          <polyline points={points.join(' ')} />
        </>
      )}
    </svg>
  )
}

/** A share of the most, as a thin bar under a text. */
export const Share = ({ share }: { readonly share: number }) => (
  <span className="share" aria-hidden="true">
    <span style={{ width: `${Math.max(1, Math.min(100, share * 100))}%` }} />
  </span>
)
