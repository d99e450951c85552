import type { CSSProperties } from 'react'
import type { EntityPage } from '../../../src/api/search.ts'
import { countOf, formatNumber } from '../../lib/format.ts'

const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** A row a day, a column an hour. Square-root shades, so that quiet hours stay visible. */
export const HeatMap = ({ heat }: Pick<EntityPage, 'heat'>) => {
  const most = Math.max(1, ...heat.map(({ events }) => events))
  const days = [...new Set(heat.map(({ day }) => day))].toSorted()
  const counts = new Map(heat.map(({ day, hour, events }) => [`${day} ${hour}`, events]))
  if (days.length === 0) return <p className="soft">None in the last 28 days with events.</p>
  return (
    <div
      className="heat"
      role="img"
      aria-label={`Events by day and hour over ${countOf(days.length, 'day')}, at most ${formatNumber(most)} in an hour`}
    >
      <span />
      {hours.map((hour) => (
        <span key={hour}>{hour % 6 === 0 ? hour : ''}</span>
      ))}
      {days.flatMap((day) => [
        <span key={day}>{day.slice(5)}</span>,
        ...hours.map((hour) => {
          const events = counts.get(`${day} ${hour}`) ?? 0
          return (
            <i
              key={`${day} ${hour}`}
              className={events > 0 ? 'on' : ''}
              title={`${day} ${hour}:00 UTC: ${formatNumber(events)}`}
              // A custom property is no part of React's type of styles.
              style={{ '--strength': `${Math.round(18 + 82 * Math.sqrt(events / most))}%` } as CSSProperties}
            />
          )
        }),
      ])}
    </div>
  )
}
