import { Link, useSearch } from '@tanstack/react-router'
import type { SourceRow } from '../../../src/api/api.ts'
import { useSources } from '../../lib/api/sources.ts'
import { countOf, formatDuration, formatNumber, formatShare, formatShort, inert } from '../../lib/format.ts'
import { term } from '../../lib/query.ts'
import { Spark } from '../../ui/charts.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Ago } from '../../ui/when.tsx'
import { ConnectPanel } from './connect-panel.tsx'
import { ExplainPanel } from './explain-panel.tsx'
import { RejectsPanel } from './rejects-panel.tsx'
import './sources.css'

export const SourcesPage = () => {
  const sources = useSources()
  const { source } = useSearch({ from: '/frame/sources' })
  return (
    <div className="page">
      <div className="page-head">
        <h1>Sources</h1>
        <span className="soft">
          {sources.data === undefined
            ? ''
            : `${countOf(sources.data.sources.length, 'source')}, ${formatNumber(
                Number(sources.data.sources.reduce((sum, { rate }) => sum + rate, 0).toFixed(1)),
              )} lines a second`}
        </span>
      </div>
      <div className="stack">
        <div className="panel">
          <Shown query={sources} loading={<Loading lines={8} />}>
            {({ sources: rows }) =>
              rows.length === 0 ? (
                <Empty title="No source has sent anything yet">
                  Connect the first one: how is said below.
                </Empty>
              ) : (
                <SourceTable rows={rows} here={source} />
              )
            }
          </Shown>
        </div>
        {source === undefined ? null : <RejectsPanel source={source} />}
        <ExplainPanel />
        <ConnectPanel open={sources.data?.sources.length === 0} />
      </div>
    </div>
  )
}

const stateWords: Readonly<Record<SourceRow['state'], readonly [string, string]>> = {
  receiving: ['Receiving', 'good'],
  quiet: ['Quiet', ''],
  silent: ['Silent', 'high'],
  unread: ['Not understood', 'critical'],
}

const SourceTable = ({
  rows,
  here,
}: {
  readonly rows: readonly SourceRow[]
  readonly here: string | undefined
}) => (
  <Table
    label="Sources"
    heads={[
      'Source',
      'State',
      'Last hour',
      { head: 'Lines/s', number: true },
      { head: 'Lag', number: true },
      { head: 'Lines', number: true },
      { head: 'Rejected', number: true },
      { head: 'Last line', number: true },
    ]}
    hover
    className="sources"
    minWidth={860}
  >
    {rows.map((row) => {
      const [words, colour] = stateWords[row.state]
      return (
        <tr key={row.name} className={row.name === here ? 'here' : ''}>
          <th scope="row">
            <Link className="source-name" to="/explore" search={{ q: term('source', row.name) }}>
              {inert(row.name)}
            </Link>
            <p className="soft small">
              {row.kind}, {row.format ?? 'unknown format'}
              {row.problem === null ? null : (
                <span style={{ color: 'var(--high)' }}> · {inert(row.problem)}</span>
              )}
            </p>
          </th>
          <td>
            <span className={`chip ${colour}`}>{words}</span>
          </td>
          <td>
            <Spark
              values={row.minutes}
              label={`Lines by minute over the last hour, at most ${formatNumber(Math.max(0, ...row.minutes))}`}
              width={120}
            />
          </td>
          <td className="number">{formatNumber(Number(row.rate.toFixed(1)))}</td>
          <td className="number">
            {row.lagSeconds === null ? '–' : formatDuration(Math.max(0, row.lagSeconds))}
          </td>
          <td className="number" title={formatNumber(row.lines)}>
            {formatShort(row.lines)}
          </td>
          <td className="number">
            {row.rejected === 0 ? (
              <span className="soft">0</span>
            ) : (
              <Link to="/sources" search={{ source: row.name }} title="Which lines, and why">
                {formatShort(row.rejected)} ({formatShare(row.rejected / Math.max(1, row.lines))})
              </Link>
            )}
          </td>
          <td className="number">{row.lastSeen === null ? '–' : <Ago iso={row.lastSeen} />}</td>
        </tr>
      )
    })}
  </Table>
)
