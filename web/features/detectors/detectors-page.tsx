import { NativeSelect } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { DetectorRow } from '../../../src/api/api.ts'
import { useDetectors } from '../../lib/api/detectors.ts'
import { countOf, formatNumber, inert } from '../../lib/format.ts'
import { Techniques } from '../../ui/marks.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Ago } from '../../ui/when.tsx'
import { DetectorState, Precision, strictnessWords } from './detector-state.tsx'
import './detectors.css'

export const DetectorsPage = () => {
  const detectors = useDetectors()
  const { q = '', state = '' } = useSearch({ from: '/frame/detectors' })
  const navigate = useNavigate({ from: '/detectors' })
  const go = (next: { q: string; state: string }) => void navigate({ search: next, replace: true })
  const words = q.toLowerCase()
  const fits = (one: DetectorRow): boolean =>
    (state === '' || one.state === state) &&
    `${one.id} ${one.title} ${one.attack.join(' ')} ${one.categories.join(' ')}`.toLowerCase().includes(words)
  return (
    <div className="page">
      <div className="page-head">
        <h1>Detectors</h1>
        <SearchField
          label="Find a detector"
          placeholder="Name, technique, kind of log"
          text={q}
          onText={(typed) => go({ q: typed, state })}
        />
        <NativeSelect
          size="xs"
          aria-label="State"
          value={state}
          onChange={(event) => go({ q, state: event.currentTarget.value })}
          data={[
            { value: '', label: 'Any state' },
            { value: 'watching', label: 'Watching' },
            { value: 'learning', label: 'Learning' },
            { value: 'blind', label: 'Blind' },
            { value: 'off', label: 'Off' },
          ]}
        />
      </div>
      <div className="panel">
        <Shown query={detectors} loading={<Loading lines={12} />}>
          {({ detectors: all }) => {
            const rows = all.filter(fits)
            return rows.length === 0 ? (
              <Empty title="No detector fits">There are {countOf(all.length, 'detector')} in all.</Empty>
            ) : (
              <DetectorTable rows={rows} />
            )
          }}
        </Shown>
      </div>
    </div>
  )
}

const DetectorTable = ({ rows }: { readonly rows: readonly DetectorRow[] }) => (
  <Table
    label="Detectors"
    heads={[
      'Detector',
      'State',
      'ATT&CK',
      { head: 'Findings, 30 days', number: true },
      { head: 'Below the line', number: true },
      'Threats by verdict',
      { head: 'Last run', number: true },
    ]}
    hover
    minWidth={900}
  >
    {rows.map((row) => (
      <tr key={row.id}>
        <th scope="row">
          <Link className="detector-name" to="/detectors/$id" params={{ id: row.id }}>
            {row.title}
          </Link>
          <p className="soft small">
            <code>{row.id}</code> reads{' '}
            {row.categories.length === 0 ? 'every log' : row.categories.join(', ')}
            {row.strictness === 0 ? null : ` · ${strictnessWords(row.strictness).toLowerCase()}`}
          </p>
        </th>
        <td>
          <DetectorState detector={row} />
          {row.why === null ? null : <p className="soft small">{inert(row.why)}</p>}
        </td>
        <td>
          <Techniques ids={row.attack} />
        </td>
        <td className="number">
          {row.findings === 0 ? (
            <span className="soft">0</span>
          ) : (
            <Link to="/incidents" search={{ detector: row.id, state: 'all' }}>
              {formatNumber(row.findings)}
            </Link>
          )}
        </td>
        <td className="number">{formatNumber(row.below)}</td>
        <td>
          <Precision detector={row} />
        </td>
        <td className="number">{row.lastRun === null ? '–' : <Ago iso={row.lastRun} />}</td>
      </tr>
    ))}
  </Table>
)
