import { Suspense, lazy, useMemo } from 'react'
import { type Search, useHistogram } from '../../lib/api/search.ts'
import { countOf, formatDuration } from '../../lib/format.ts'
import { formatClock, formatSpan, formatTime, useZone } from '../../lib/time.ts'

const Chart = lazy(() => import('../../ui/chart.tsx'))

const height = 92
const buckets = 80

interface HistogramPanelProps {
  readonly search: Search
  readonly onRange: (from: string, to: string) => void
}

/** Events over time; drawing over a stretch looks into it. */
export const HistogramPanel = ({ search, onRange }: HistogramPanelProps) => {
  const zone = useZone()
  const histogram = useHistogram(search, buckets)
  const { data } = histogram
  const bars = useMemo(() => {
    if (data === undefined) return []
    const oneDay = data.bucketMs * data.buckets.length <= 36 * 3_600_000
    return data.buckets.map(({ time, events }) => ({
      label: oneDay ? formatClock(time, zone) : formatTime(time, zone),
      about: formatSpan(time, new Date(Date.parse(time) + data.bucketMs).toISOString(), zone, 'second'),
      value: events,
    }))
  }, [data, zone])
  if (data === undefined) {
    return (
      <p className="soft small" style={{ height: height + 22 }} role="status">
        {histogram.error === null ? 'Counting' : histogram.error.message}
      </p>
    )
  }
  const isEmpty = data.buckets.length === 0
  return (
    <>
      <p className="row between small soft">
        <span>
          <b style={{ color: 'var(--ink)' }}>{countOf(data.total, 'event')}</b>
          {isEmpty ? null : `, a bar is ${formatDuration(data.bucketMs / 1000)}`}
        </span>
        {isEmpty ? null : <span>Draw over it to look closer</span>}
      </p>
      {isEmpty ? (
        <div style={{ height }} />
      ) : (
        <Suspense fallback={<div style={{ height }} />}>
          <Chart
            bars={bars}
            height={height}
            label={`Events over time: ${countOf(data.total, 'event')} in ${data.buckets.length} bars`}
            onRange={(first, last) => {
              const [from, to] = [data.buckets[first]?.time, data.buckets[last]?.time]
              if (from === undefined || to === undefined) return
              onRange(from, new Date(Date.parse(to) + data.bucketMs).toISOString())
            }}
          />
        </Suspense>
      )}
    </>
  )
}
