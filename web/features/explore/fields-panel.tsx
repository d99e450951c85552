import { TextInput } from '@mantine/core'
import { IconChevronRight, IconColumnInsertRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { FieldSummary } from '../../../src/api/search.ts'
import { type Search, useFieldSummaries } from '../../lib/api/search.ts'
import { countOf, formatNumber, formatShare, formatShort, inert } from '../../lib/format.ts'
import { Share } from '../../ui/charts.tsx'
import { Shown } from '../../ui/states.tsx'
import { NarrowButtons } from './narrow-buttons.tsx'

interface FieldsPanelProps {
  readonly search: Search
  readonly columns: readonly string[]
  readonly onNarrow: (condition: string) => void
  readonly onColumn: (name: string) => void
}

/** What the events have, most common first; a click on a value filters by it. */
export const FieldsPanel = ({ search, columns, onNarrow, onColumn }: FieldsPanelProps) => {
  const summaries = useFieldSummaries(search)
  const [text, setText] = useState('')
  return (
    <section aria-label="Fields">
      <div style={{ padding: '8px 8px 6px' }}>
        <TextInput
          size="xs"
          type="search"
          aria-label="Find a field"
          placeholder="Find a field"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Shown query={summaries}>
        {({ fields, events, sampled }) => (
          <>
            <p className="soft small" style={{ padding: '0 14px 4px' }}>
              {sampled ? `From a sample of ${formatShort(events)} events` : countOf(events, 'event')}
            </p>
            <ul className="field-list" tabIndex={0} aria-label="Fields of these events">
              {fields
                .filter(
                  ({ name, ecs }) => name.includes(text.toLowerCase()) || ecs.includes(text.toLowerCase()),
                )
                .map((field) => (
                  <FieldItem
                    key={field.name}
                    field={field}
                    all={events}
                    shown={columns.includes(field.name)}
                    onNarrow={onNarrow}
                    onColumn={onColumn}
                  />
                ))}
            </ul>
          </>
        )}
      </Shown>
    </section>
  )
}

interface FieldItemProps extends Pick<FieldsPanelProps, 'onNarrow' | 'onColumn'> {
  readonly field: FieldSummary
  readonly all: number
  readonly shown: boolean
}

const FieldItem = ({ field, all, shown, onNarrow, onColumn }: FieldItemProps) => {
  const [open, setOpen] = useState(false)
  const { name, ecs, meaning, events, distinct, values } = field
  return (
    <li>
      <div className="row" style={{ gap: 0, flexWrap: 'nowrap' }}>
        <button
          type="button"
          className="field-name"
          aria-expanded={open}
          title={`${meaning}${ecs === '' || ecs === name ? '' : ` (${ecs})`}`}
          onClick={() => setOpen((old) => !old)}
        >
          <IconChevronRight
            size={13}
            aria-hidden="true"
            style={{ transform: open ? 'rotate(90deg)' : 'none', color: 'var(--soft)' }}
          />
          <span className="cut grow">{name}</span>
          <span className="soft small">{formatShort(distinct)}</span>
        </button>
        <button
          type="button"
          className="mini"
          aria-pressed={shown}
          aria-label={shown ? `Remove the column ${name}` : `Show ${name} as a column`}
          onClick={() => onColumn(name)}
          style={shown ? { color: 'var(--accent)' } : {}}
        >
          <IconColumnInsertRight size={14} stroke={1.7} />
        </button>
      </div>
      {open ? (
        <ul className="field-values">
          {values.map(({ value, events: count }) => (
            <li key={value}>
              <span className="mono cut" title={`${inert(value)}: ${formatNumber(count)} events`}>
                {value === '' ? <span className="soft">(empty)</span> : inert(value)}
              </span>
              <span className="nowrap">
                <span className="soft">{formatShort(count)}</span>{' '}
                <NarrowButtons
                  name={name}
                  value={value}
                  only={`Only ${name} ${inert(value)}`}
                  without={`Without ${name} ${inert(value)}`}
                  onNarrow={onNarrow}
                />
              </span>
              <Share share={all === 0 ? 0 : count / all} />
            </li>
          ))}
          <li className="soft">
            <span>in {formatShare(all === 0 ? 0 : events / all)} of events</span>
          </li>
        </ul>
      ) : null}
    </li>
  )
}
