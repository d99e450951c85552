import { NativeSelect, SegmentedControl, UnstyledButton } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useUsers } from '../../lib/api/users.ts'
import { capitalised } from '../../lib/format.ts'
import { severities } from '../../ui/marks.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import type { FilterText } from './filter.ts'

interface FilterBarProps {
  readonly text: FilterText
  readonly onChange: (part: FilterText) => void
}

const states = [
  { value: 'open', label: 'Open' },
  { value: 'acknowledged', label: 'Acknowledged' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
]

export const FilterBar = ({ text, onChange }: FilterBarProps) => {
  const chosen = new Set(text.severity?.split(','))
  const users = useUsers()
  const owners = [
    { value: '', label: 'Any owner' },
    { value: 'me', label: 'Mine' },
    { value: 'none', label: 'No owner' },
    ...(users.data?.users ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ]
  const toggle = (severity: string) => {
    const next = severities.filter((one) => chosen.has(one) !== (one === severity))
    onChange({
      severity: next.length === 0 || next.length === severities.length ? undefined : next.join(','),
    })
  }
  return (
    <div className="filters" role="search" aria-label="Filter incidents">
      <SegmentedControl
        size="xs"
        aria-label="State"
        data={states}
        value={text.state ?? 'open'}
        onChange={(state) => onChange({ state: state === 'open' ? undefined : state })}
      />
      <div className="row tight" role="group" aria-label="Severity">
        {severities.map((severity) => (
          <UnstyledButton
            key={severity}
            className={`chip ${chosen.has(severity) ? severity : ''}`}
            aria-pressed={chosen.has(severity)}
            onClick={() => toggle(severity)}
          >
            {capitalised(severity)}
          </UnstyledButton>
        ))}
      </div>
      <SearchField
        id="incident-words"
        className="words"
        label="Words of the title"
        text={text.q ?? ''}
        onText={(q) => onChange({ q: q === '' ? undefined : q })}
      />
      <NativeSelect
        size="xs"
        aria-label="Owner"
        data={owners}
        value={text.owner ?? ''}
        onChange={(event) => onChange({ owner: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        size="xs"
        aria-label="Order"
        data={[
          { value: 'risk', label: 'By risk' },
          { value: 'updated', label: 'Last updated' },
          { value: 'opened', label: 'Last opened' },
        ]}
        value={text.sort ?? 'risk'}
        onChange={({ currentTarget: { value } }) => onChange({ sort: value === 'risk' ? undefined : value })}
      />
      {(['detector', 'entity'] as const).map((name) =>
        text[name] === undefined ? null : (
          <UnstyledButton
            key={name}
            className="chip accent"
            aria-label={`Remove the filter for ${name}`}
            onClick={() => onChange({ [name]: undefined })}
          >
            {name}: {text[name]} <IconX size={12} aria-hidden="true" />
          </UnstyledButton>
        ),
      )}
    </div>
  )
}
