import type { EntityPage } from '../../../src/api/search.ts'
import { countOf, formatNumber } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'

/** Each day's others: those it knew, and those it met for the first time. */
export const NoveltyPanel = ({ novelty }: Pick<EntityPage, 'novelty'>) => {
  const days = novelty.slice(-28)
  const most = Math.max(1, ...days.map(({ others }) => others))
  const fresh = days.at(-1)?.fresh ?? 0
  return (
    <Panel
      title="Novelty"
      aside={
        <span className="soft small">
          {days.length === 0 ? '' : `${formatNumber(fresh)} new on the last day`}
        </span>
      }
    >
      {days.length === 0 ? (
        <p className="soft">Not known yet.</p>
      ) : (
        <>
          <div
            className="novelty"
            role="img"
            aria-label={`Different others by day over ${countOf(days.length, 'day')}, at most ${formatNumber(most)}; ${formatNumber(fresh)} new on the last`}
          >
            {days.map(({ day, others, fresh: met }) => (
              <span
                key={day}
                title={`${day}: ${formatNumber(others)} others, ${formatNumber(met)} for the first time`}
              >
                <span className="fresh" style={{ height: `${(met / most) * 100}%` }} />
                <span className="known" style={{ height: `${((others - met) / most) * 100}%` }} />
              </span>
            ))}
          </div>
          <p className="soft small row between" style={{ paddingTop: 4 }}>
            <span>{days[0]?.day.slice(5)}</span>
            <span>
              <span
                className="key-of"
                style={{ display: 'inline-block', width: 10, height: 6, background: 'var(--accent-fill)' }}
              />{' '}
              for the first time
            </span>
            <span>{days.at(-1)?.day.slice(5)}</span>
          </p>
        </>
      )}
    </Panel>
  )
}
