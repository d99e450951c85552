import { Button, NumberInput, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Settings } from '../../../src/api/api.ts'
import { useMay } from '../../lib/api/session.ts'
import { useChangeSettings, useSettings } from '../../lib/api/settings.ts'
import { inert } from '../../lib/format.ts'
import { isoOf, useZone, zoneName } from '../../lib/time.ts'
import { Panel } from '../../ui/panel.tsx'
import { Shown } from '../../ui/states.tsx'
import { telling } from '../../ui/told.ts'
import { Span } from '../../ui/when.tsx'

export const DataTab = () => {
  const settings = useSettings()
  // Not in the figures: they are drawn anew as soon as others are kept, and would say nothing of it.
  const change = useChangeSettings()
  return (
    <Shown query={settings}>
      {(data) => (
        <>
          <Figures key={JSON.stringify(data)} settings={data} change={change} />
          <Periods settings={data} />
        </>
      )}
    </Shown>
  )
}

const bytesInGb = 1_000_000_000

interface FiguresProps {
  readonly settings: Settings
  readonly change: ReturnType<typeof useChangeSettings>
}

const Figures = ({ settings, change }: FiguresProps) => {
  const may = useMay('administrator')
  const [budget, setBudget] = useState<number | string>(settings.budgetPerDay)
  const [days, setDays] = useState<number | string>(settings.retentionDays)
  const [size, setSize] = useState<number | string>(
    settings.retentionBytes === null ? '' : settings.retentionBytes / bytesInGb,
  )
  const [networks, setNetworks] = useState(settings.ownNetworks.join('\n'))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      {
        budgetPerDay: Number(budget),
        retentionDays: Number(days),
        retentionBytes: size === '' ? null : Math.round(Number(size) * bytesInGb),
        ownNetworks: networks.split(/[\s,]+/).filter((one) => one !== ''),
      },
      telling('The settings are kept'),
    )
  }
  return (
    <Panel title="Budget and data">
      <form className="form" onSubmit={submit}>
        <NumberInput
          label="Incidents a day"
          description="How many the team can read: the line follows from it"
          min={0}
          max={10_000}
          required
          disabled={!may}
          value={budget}
          onChange={setBudget}
        />
        <NumberInput
          label="Keep events for"
          suffix=" days"
          min={1}
          max={36_500}
          allowDecimal={false}
          required
          disabled={!may}
          value={days}
          onChange={setDays}
        />
        <NumberInput
          label="Or until they take"
          description="Empty: however much it is"
          suffix=" GB"
          min={0.001}
          disabled={!may}
          value={size}
          onChange={setSize}
        />
        <Textarea
          label="Own networks"
          description="One a line, such as 192.0.2.0/24: what is inside, and what outside"
          autosize
          minRows={2}
          maxRows={12}
          disabled={!may}
          value={networks}
          onChange={(event) => setNetworks(event.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mono)' } }}
        />
        {may ? (
          <div>
            <Button type="submit" loading={change.isPending}>
              Keep
            </Button>
          </div>
        ) : (
          <p className="soft small">Only administrators change these.</p>
        )}
      </form>
    </Panel>
  )
}

/** Times that nothing is learned from: an outage, a test, an attack. */
const Periods = ({ settings }: { readonly settings: Settings }) => {
  const may = useMay('administrator')
  const change = useChangeSettings()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [note, setNote] = useState('')
  const { excludedPeriods } = settings
  const keep = (periods: Parameters<typeof change.mutate>[0]['excludedPeriods'] & {}, words: string) =>
    change.mutate(
      { excludedPeriods: periods },
      telling(words, () => {
        setFrom('')
        setTo('')
        setNote('')
      }),
    )
  const zone = useZone()
  const [start, end] = [isoOf(from, zone), isoOf(to, zone)]
  const backwards = start !== null && end !== null && start >= end
  return (
    <Panel
      title="Excluded periods"
      aside={<span className="soft small">nothing is learned from them: outages, tests, attacks</span>}
    >
      {excludedPeriods.length === 0 ? <p className="soft">None.</p> : null}
      <ul className="stack tight">
        {excludedPeriods.map((period) => (
          <li key={period.id} className="row between">
            <span>
              <Span first={period.from} last={period.to} /> <span className="soft">{inert(period.note)}</span>
            </span>
            {may ? (
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() =>
                  keep(
                    excludedPeriods.filter(({ id }) => id !== period.id),
                    'The period counts again',
                  )
                }
              >
                Remove
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {may ? (
        <form
          className="row"
          style={{ alignItems: 'flex-end', marginTop: 14 }}
          onSubmit={(event) => {
            event.preventDefault()
            if (start !== null && end !== null && !backwards)
              keep([...excludedPeriods, { from: start, to: end, note }], 'The period is excluded')
          }}
        >
          <TextInput
            type="datetime-local"
            size="xs"
            label="From"
            required
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            size="xs"
            label="To"
            required
            error={backwards ? 'Must be after the start' : undefined}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <TextInput
            size="xs"
            label="Why"
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={backwards} loading={change.isPending}>
            Exclude
          </Button>
          <p className="soft small">Times in {zoneName(zone)}</p>
        </form>
      ) : null}
    </Panel>
  )
}
