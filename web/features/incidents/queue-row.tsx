import { Checkbox } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { IncidentRow } from '../../../src/api/api.ts'
import { formatShort, inert } from '../../lib/format.ts'
import { Spark } from '../../ui/charts.tsx'
import { EntityLink } from '../../ui/entity.tsx'
import { RiskMark, StateMark } from '../../ui/marks.tsx'
import { Ago } from '../../ui/when.tsx'

interface QueueRowProps {
  readonly incident: IncidentRow
  readonly here: boolean
  readonly chosen: boolean
  readonly may: boolean
  readonly onChoose: () => void
}

/** How many entities are named in a row. */
const named = 3

const Row = ({ incident, here, chosen, may, onChoose }: QueueRowProps) => {
  const { id, number, title, risk, severity, owner, entities, tactics, risks } = incident
  const rest = entities.length - named
  return (
    <li
      className={`${here ? 'here' : ''} ${chosen ? 'chosen' : ''}`}
      aria-current={here ? 'true' : undefined}
    >
      <Checkbox
        size="xs"
        aria-label={`Select incident ${number}`}
        checked={chosen}
        disabled={!may}
        onChange={onChoose}
      />
      <RiskMark risk={risk} severity={severity} />
      <div className="what">
        <p className="title">
          <Link to="/incidents/$id" params={{ id }}>
            {inert(title)}
          </Link>
        </p>
        <p className="under">
          <span>#{number}</span>
          {tactics.length === 0 ? null : <span>{tactics.map(({ name }) => name).join(' → ')}</span>}
          {entities.slice(0, named).map(({ kind, value }) => (
            <EntityLink key={`${kind} ${value}`} kind={kind} value={value} />
          ))}
          {rest > 0 ? <span>and {rest} more</span> : null}
          <span>{formatShort(incident.events)} events</span>
        </p>
      </div>
      <span className={`course of-${severity}`}>
        <Spark
          values={risks.map((one) => one.risk)}
          most={100}
          label={`Risk from ${risks[0]?.risk ?? risk} to ${risk}`}
        />
      </span>
      <span className="who cut soft small">{owner?.name ?? 'No owner'}</span>
      <StateMark incident={incident} />
      <span className="last">
        <Ago iso={incident.last} />
      </span>
    </li>
  )
}

export const QueueRow = memo(
  Row,
  (a, b) => a.incident === b.incident && a.here === b.here && a.chosen === b.chosen && a.may === b.may,
)
