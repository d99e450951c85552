import { Switch } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { DetectorPage } from '../../../src/api/api.ts'
import { useChangeDetector, useDetector } from '../../lib/api/detectors.ts'
import { useFindings } from '../../lib/api/findings.ts'
import { useMay } from '../../lib/api/session.ts'
import { formatNumber, inWords, inert } from '../../lib/format.ts'
import { FindingLines } from '../../ui/lines.tsx'
import { Techniques } from '../../ui/marks.tsx'
import { Fact, Panel } from '../../ui/panel.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { telling } from '../../ui/told.ts'
import { Ago } from '../../ui/when.tsx'
import { CalibrationPanel } from './calibration-panel.tsx'
import { DetectorState, Precision } from './detector-state.tsx'
import './detectors.css'

export const DetectorRoute = () => {
  const { id } = useParams({ from: '/frame/detectors/$id' })
  const detector = useDetector(id)
  return (
    <div className="page">
      <Shown query={detector} heading="Detector" loading={<Loading lines={12} />}>
        {(page) => <DetectorView key={id} detector={page} />}
      </Shown>
    </div>
  )
}

const DetectorView = ({ detector }: { readonly detector: DetectorPage }) => {
  // Who may: the server asks for the same role.
  const may = useMay('analyst')
  const change = useChangeDetector(detector.id)
  return (
    <>
      <div className="page-head">
        <div className="grow">
          <p className="soft small">
            <Link to="/detectors">Detectors</Link> / <code>{detector.id}</code>
          </p>
          <h1>{detector.title}</h1>
        </div>
        <DetectorState detector={detector} />
        <Switch
          label={detector.enabled ? 'On' : 'Off'}
          aria-label={`${detector.title} is on`}
          checked={detector.enabled}
          disabled={!may || change.isPending}
          onChange={(event) =>
            change.mutate(
              { enabled: event.currentTarget.checked },
              telling(detector.enabled ? 'The detector is off' : 'The detector is on'),
            )
          }
        />
      </div>
      <div className="columns">
        <div className="stack">
          <Panel title="What it looks for">
            <p style={{ maxWidth: '75ch', marginBottom: 12 }}>{detector.description}</p>
            <Facts detector={detector} />
          </Panel>
          <CalibrationPanel detector={detector} may={may} />
          <Panel title="Latest findings" flush>
            {detector.recent.length === 0 ? (
              <Empty slim title="None" />
            ) : (
              <FindingLines findings={detector.recent} />
            )}
          </Panel>
          <BelowPanel id={detector.id} />
          <details className="panel">
            <summary style={{ padding: '10px 14px', cursor: 'pointer', fontWeight: 600 }}>
              How it counts, in SQL
            </summary>
            <div className="body" style={{ padding: '0 14px 14px' }}>
              <pre className="sql" tabIndex={0} aria-label="SQL of the detector">
                {detector.sql}
              </pre>
            </div>
          </details>
        </div>
        <div className="stack">
          <Panel title="How it does">
            <dl className="facts">
              <Fact name="Findings">{formatNumber(detector.findings)} in 30 days</Fact>
              <Fact name="Below the line">{formatNumber(detector.below)}</Fact>
              <Fact name="Threats by verdict">
                <Precision detector={detector} />
              </Fact>
              <Fact name="Last run">
                {detector.lastRun === null ? 'not yet' : <Ago iso={detector.lastRun} />}
              </Fact>
              {detector.why === null ? null : <Fact name="Now">{inert(detector.why)}</Fact>}
            </dl>
          </Panel>
          <Panel title="What looks alike and is not">
            {detector.lookalikes.length === 0 ? (
              <p className="soft">Nothing is known to.</p>
            ) : (
              <ul className="stack tight">
                {detector.lookalikes.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel title="What it weighs">
            <ul className="stack tight">
              {detector.features.map(({ name, label }) => (
                <li key={name}>
                  {label} <code className="soft">{name}</code>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
      </div>
    </>
  )
}

/** What would be shown first if the line were lower. */
const BelowPanel = ({ id }: { readonly id: string }) => {
  const below = useFindings({ state: 'below', detector: id })
  return (
    <Panel title="Just below the line" flush>
      <Shown query={below} loading={<Loading lines={3} />}>
        {({ findings }) =>
          findings.length === 0 ? <Empty slim title="None" /> : <FindingLines findings={findings} quiet />
        }
      </Shown>
    </Panel>
  )
}

const Facts = ({ detector }: { readonly detector: DetectorPage }) => (
  <dl className="facts">
    <Fact name="Judges">{detector.entity.map(inWords).join(' with ')}</Fact>
    {detector.windows.length === 0 ? null : <Fact name="In windows of">{detector.windows.join(', ')}</Fact>}
    {detector.model === null ? null : <Fact name="Model">{detector.model}</Fact>}
    <Fact name="Reads">
      {detector.categories.length === 0 ? 'every log' : detector.categories.join(', ')}
    </Fact>
    <Fact name="Needs">
      <span className="row tight">
        {detector.needs.map((column) => (
          <code key={column} className="chip">
            {column}
          </code>
        ))}
      </span>
    </Fact>
    {detector.attack.length === 0 ? null : (
      <Fact name="ATT&CK">
        <Techniques ids={detector.attack} />
      </Fact>
    )}
  </dl>
)
