/**
 * Incidents and findings, one a line, as several pages list them.
 *
 * @module
 */
import { Link } from '@tanstack/react-router'
import type { FindingRow, IncidentRow } from '../../src/api/api.ts'
import { countOf, inert } from '../lib/format.ts'
import { EntityLink } from './entity.tsx'
import { RiskMark, SeverityMark, StateMark } from './marks.tsx'
import { Ago } from './when.tsx'
import './lines.css'

interface IncidentLinesProps {
  readonly incidents: readonly IncidentRow[]
  /** In a side column. */
  readonly narrow?: boolean
}

export const IncidentLines = ({ incidents, narrow = false }: IncidentLinesProps) => (
  <ol className={narrow ? 'lines narrow' : 'lines'}>
    {incidents.map((incident) => (
      <li key={incident.id} className="line">
        <RiskMark risk={incident.risk} severity={incident.severity} />
        <div className="what">
          <p className="title">
            <Link to="/incidents/$id" params={{ id: incident.id }}>
              {inert(incident.title)}
            </Link>
          </p>
          <p className="under">
            <span>#{incident.number}</span>
            {incident.state === 'open' ? null : <StateMark incident={incident} />}
            <span>{incident.tactics.map(({ name }) => name).join(' → ')}</span>
            <span>{countOf(incident.findings, 'finding')}</span>
            {incident.owner === null ? null : <span>{incident.owner.name}</span>}
          </p>
        </div>
        <span className="aside">
          <Ago iso={incident.last} />
        </span>
      </li>
    ))}
  </ol>
)

interface FindingLinesProps {
  readonly findings: readonly FindingRow[]
  readonly narrow?: boolean
  /** The list itself says that all are below the line. */
  readonly quiet?: boolean
}

export const FindingLines = ({ findings, narrow = false, quiet = false }: FindingLinesProps) => (
  <ol className={narrow ? 'lines narrow' : 'lines'}>
    {findings.map((finding) => (
      <li key={finding.id} className="line">
        <SeverityMark severity={finding.severity} />
        <div className="what">
          <p className="title">
            {finding.incident === null ? (
              inert(finding.title)
            ) : (
              <Link to="/incidents/$id" params={{ id: finding.incident }} hash={finding.id}>
                {inert(finding.title)}
              </Link>
            )}
          </p>
          <p className="under">
            {(finding.entity.parts ?? [finding.entity]).map(({ kind, value }) => (
              <EntityLink key={`${kind} ${value}`} kind={kind} value={value} />
            ))}
            <Link to="/detectors/$id" params={{ id: finding.detector }}>
              {finding.detector}
            </Link>
            {finding.state === 'hidden' ? <span className="chip">hidden by a verdict</span> : null}
            {finding.state === 'below' && !quiet ? <span className="chip">below the line</span> : null}
            <span>{finding.rarity}</span>
          </p>
        </div>
        <span className="aside">
          <Ago iso={finding.last} />
        </span>
      </li>
    ))}
  </ol>
)
