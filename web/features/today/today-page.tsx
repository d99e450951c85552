import { Link } from '@tanstack/react-router'
import { IconCheck, IconPlugConnected } from '@tabler/icons-react'
import type { Today } from '../../../src/api/api.ts'
import { useToday } from '../../lib/api/today.ts'
import { countOf, formatNumber, formatShort } from '../../lib/format.ts'
import { ActivityBars } from '../../ui/charts.tsx'
import { IncidentLines } from '../../ui/lines.tsx'
import { Panel, Tile } from '../../ui/panel.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { BelowPanel, BlindPanel, SilentPanel } from './watch-panels.tsx'
import './today.css'

export const TodayPage = () => {
  const today = useToday()
  return (
    <div className="page">
      <Shown query={today} heading="Today" loading={<Loading lines={10} />}>
        {(data) => <TodayView today={data} />}
      </Shown>
    </div>
  )
}

const headlineOf = ({ open, sources, events }: Today): string => {
  if (sources === 0) return 'No logs have arrived yet.'
  if (open > 0) return `${countOf(open, 'incident')} ${open === 1 ? 'needs' : 'need'} a look.`
  return events === 0 ? 'Nothing arrived in the last 24 hours.' : 'Nothing needs you now.'
}

const TodayView = ({ today }: { readonly today: Today }) => (
  <>
    <div className="page-head">
      <h1 className="headline">{headlineOf(today)}</h1>
      <Budget {...today.budget} />
    </div>
    <div className="stack">
      <div className="tiles">
        <Count name="Open" value={today.open} />
        <Count name="Acknowledged" value={today.acknowledged} />
        <Count name="Closed today" value={today.closedToday} />
        <Count name="Events in 24 hours" value={today.events} />
        <Count name="Sources" value={today.sources} />
      </div>
      <div className="columns">
        <div className="stack">
          <Panel
            title="Needs a person now"
            flush
            aside={
              <Link to="/incidents" className="small">
                {today.open > today.incidents.length
                  ? `${formatNumber(today.open - today.incidents.length)} more open`
                  : 'All incidents'}
              </Link>
            }
          >
            {today.incidents.length === 0 ? (
              <Calm today={today} />
            ) : (
              <IncidentLines incidents={today.incidents} />
            )}
          </Panel>
          <BelowPanel findings={today.below} />
        </div>
        <div className="stack">
          <Panel title="Events, last 24 hours">
            {today.activity.every(({ events }) => events === 0) ? (
              <p className="soft">None.</p>
            ) : (
              <ActivityBars buckets={today.activity} label="Events over the last 24 hours" height={74} />
            )}
          </Panel>
          <SilentPanel silent={today.silent} />
          <BlindPanel blind={today.blind} />
        </div>
      </div>
    </div>
  </>
)

const Count = ({ name, value }: { readonly name: string; readonly value: number }) => (
  <Tile name={name} title={formatNumber(value)}>
    {formatShort(value)}
  </Tile>
)

/** The day's incidents against what the team said it can read. */
const Budget = ({ perDay, today, older }: Today['budget']) => {
  const shown = Math.min(Math.max(perDay, today), 24)
  return (
    <p className="budget" title="Set the budget under Settings">
      <span className="dots" aria-hidden="true">
        {Array.from({ length: shown }, (_, at) => (
          <i key={at} className={at < today ? (at < perDay ? 'used' : 'over') : ''} />
        ))}
      </span>
      {formatNumber(today)} of {formatNumber(perDay)} incidents a day
      {older === 0 ? null : `, ${formatNumber(older)} more in older logs`}
    </p>
  )
}

const Calm = ({ today }: { readonly today: Today }) => {
  if (today.sources === 0) {
    return (
      <Empty
        icon={<IconPlugConnected size={30} stroke={1.4} />}
        title="Send some logs"
        actions={<Link to="/sources">How to connect a source</Link>}
      >
        Point Filebeat, Fluent Bit, Vector or syslog here, or name files in the configuration. Winnow learns
        what is usual as they arrive.
      </Empty>
    )
  }
  return (
    <Empty icon={<IconCheck size={30} stroke={1.4} />} title="The queue is empty">
      {today.events === 0
        ? 'Nothing arrived either: look at the sources before you take it for calm.'
        : `${countOf(today.events, 'event')} from ${countOf(today.sources, 'source')} went by in the last 24 hours, and none was worth your time. That does not prove that all is well: what fell just below the line is listed here too.`}
    </Empty>
  )
}
