import type { Finding } from '../../../src/api/api.ts'
import { inert } from '../../lib/format.ts'
import { formatTime, useZone } from '../../lib/time.ts'
import { SeverityMark } from '../../ui/marks.tsx'
import { When } from '../../ui/when.tsx'

interface StoryTimelineProps {
  readonly findings: readonly Finding[]
  readonly onShow: (id: string) => void
}

/** The findings in the order they began, each as a bar on one common stretch of time. */
export const StoryTimeline = ({ findings, onShow }: StoryTimelineProps) => {
  const zone = useZone()
  const ordered = findings.toSorted((a, b) => a.first.localeCompare(b.first) || a.rank - b.rank)
  const from = Math.min(...findings.map(({ first }) => Date.parse(first)))
  const to = Math.max(...findings.map(({ last }) => Date.parse(last)))
  const length = Math.max(1, to - from)
  const ticks = [0, 1, 2, 3].map((step) => new Date(from + (length * step) / 3).toISOString())
  return (
    <>
      <ol className="lanes">
        {ordered.map((finding) => {
          const start = ((Date.parse(finding.first) - from) / length) * 100
          const width = ((Date.parse(finding.last) - Date.parse(finding.first)) / length) * 100
          return (
            <li key={finding.id} className={`of-${finding.severity}`}>
              <SeverityMark severity={finding.severity} />
              <div>
                <p className="lane-text">
                  <a
                    href={`#${finding.id}`}
                    onClick={(event) => {
                      event.preventDefault()
                      onShow(finding.id)
                    }}
                  >
                    {inert(finding.title)}
                  </a>
                  <span className="soft small">
                    <When iso={finding.first} />
                  </span>
                </p>
                <div className="lane-track" aria-hidden="true">
                  <i
                    style={{
                      left: `min(${start}%, calc(100% - 8px))`,
                      width: `${Math.min(width, 100 - start)}%`,
                    }}
                  />
                </div>
              </div>
            </li>
          )
        })}
      </ol>
      {length < 2 ? null : (
        <p className="lane-axis" aria-hidden="true">
          {ticks.map((tick, at) => (
            <span key={at} className={at === 1 || at === 2 ? 'wide-only' : ''}>
              {formatTime(tick, zone)}
            </span>
          ))}
        </p>
      )}
    </>
  )
}
