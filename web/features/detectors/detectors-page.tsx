import { NativeSelect, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { DetectorRow } from '../../../src/api/api.ts'
import { useDetectors } from '../../lib/api/detectors.ts'
import { countOf, formatNumber, inert } from '../../lib/format.ts'
import { Technique } from '../../ui/marks.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
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
        <TextInput
          size="xs"
          type="search"
          aria-label="Find a detector"
          placeholder="Name, technique, kind of log"
          leftSection={<IconSearch size={14} stroke={1.6} />}
          value={q}
          onChange={(event) => go({ q: event.currentTarget.value, state })}
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
  <div className="scroll-x" tabIndex={0} role="group" aria-label="Detectors">
    <table className="table hover" style={{ minWidth: 900 }}>
      <thead>
        <tr>
          <th scope="col">Detector</th>
          <th scope="col">State</th>
          <th scope="col">ATT&CK</th>
          <th scope="col" className="number">
            Findings, 30 days
          </th>
          <th scope="col" className="number">
            Below the line
          </th>
          <th scope="col">Threats by verdict</th>
          <th scope="col" className="number">
            Last run
          </th>
        </tr>
      </thead>
      <tbody>
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
              <span className="row tight">
                {row.attack.map((id) => (
                  <Technique key={id} id={id} />
                ))}
              </span>
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
      </tbody>
    </table>
  </div>
)
