import { CopyButton } from '@mantine/core'
import { IconColumnInsertRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { EventRow } from '../../../src/api/search.ts'
import { useFields } from '../../lib/api/fields.ts'
import { formatNumber, inert } from '../../lib/format.ts'
import { term } from '../../lib/query.ts'
import { formatUtc } from '../../lib/time.ts'
import { EntityLink } from '../../ui/entity.tsx'
import { NarrowButtons } from './narrow-buttons.tsx'

interface EventDetailProps {
  readonly event: EventRow
  readonly columns: readonly string[]
  readonly onNarrow: (condition: string) => void
  readonly onColumn: (name: string) => void
}

/** Before and after, for the events around one: five minutes. */
const aroundMs = 300_000

/** All fields of one event, each with what can be done with its value. */
export const EventDetail = ({ event, columns, onNarrow, onColumn }: EventDetailProps) => {
  const fields = useFields()
  const known = new Map((fields.data?.fields ?? []).map((field) => [field.name, field]))
  const timeMs = Date.parse(event.time)
  return (
    <div className="event-detail">
      <pre aria-label="Raw line">{inert(event.message)}</pre>
      <p className="row tight small">
        <span className="soft">
          {formatUtc(event.time)} from <code>{inert(event.source)}</code>
        </span>
        <Link
          className="chip"
          to="/explore"
          search={{
            q: term('source', event.source),
            from: new Date(timeMs - aroundMs).toISOString(),
            to: new Date(timeMs + aroundMs).toISOString(),
            event: event.id,
          }}
        >
          What was around it
        </Link>
        <CopyButton value={`${location.origin}/explore?event=${encodeURIComponent(event.id)}`}>
          {({ copied, copy }) => (
            <button type="button" className="plain-button chip" onClick={copy}>
              {copied ? 'Copied' : 'Copy a link to it'}
            </button>
          )}
        </CopyButton>
      </p>
      <table className="event-fields">
        <caption className="only-read">Fields of this event</caption>
        <tbody>
          {Object.entries(event.fields).map(([name, value]) => {
            const field = known.get(name)
            const text = String(value)
            return (
              <tr key={name}>
                <th scope="row" title={field === undefined ? name : `${field.meaning} (${field.ecs})`}>
                  {name}
                </th>
                <td className="tools">
                  <NarrowButtons
                    name={name}
                    value={value}
                    only={`Only events with this ${name}`}
                    without={`Only events without this ${name}`}
                    onNarrow={onNarrow}
                  />
                  <button
                    type="button"
                    className="mini"
                    aria-pressed={columns.includes(name)}
                    aria-label={
                      columns.includes(name) ? `Remove the column ${name}` : `Show ${name} as a column`
                    }
                    onClick={() => onColumn(name)}
                  >
                    <IconColumnInsertRight size={13} />
                  </button>
                </td>
                <td>
                  {field?.entity === undefined || field.entity === null ? (
                    <span className="mono break">
                      {typeof value === 'number' && Math.abs(value) >= 100_000 ? (
                        <span title={formatNumber(value)}>{text}</span>
                      ) : (
                        inert(text)
                      )}
                    </span>
                  ) : (
                    <EntityLink kind={field.entity} value={text} />
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
