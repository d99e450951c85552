import { Button, Popover, TextInput, UnstyledButton } from '@mantine/core'
import { IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import { type Range, momentOf, presets, rangeLabel } from '../lib/range.ts'
import { type Zone, isoOf, useZone, zoneName } from '../lib/time.ts'
import './range-picker.css'

interface RangePickerProps {
  readonly range: Range
  readonly onChange: (range: Range) => void
}

/** As a field for local times takes it: `2026-11-22T06:28`. */
const fieldText = (text: string | undefined, zone: Zone): string => {
  const ms = momentOf(text ?? 'now', Date.now())
  if (ms === null) return ''
  const shift = zone === 'utc' ? 0 : new Date(ms).getTimezoneOffset() * 60_000
  return new Date(ms - shift).toISOString().slice(0, 19)
}

export const RangePicker = ({ range, onChange }: RangePickerProps) => {
  const zone = useZone()
  const [opened, setOpened] = useState(false)
  const choose = (next: Range) => {
    setOpened(false)
    onChange(next)
  }
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <Button
          variant="default"
          h={34}
          leftSection={<IconCalendar size={15} stroke={1.6} />}
          aria-haspopup="dialog"
          onClick={() => setOpened((old) => !old)}
        >
          <span className="cut">{rangeLabel(range, zone)}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="range" aria-label="Time range">
        <div className="presets">
          {presets.map((preset) => (
            <UnstyledButton
              key={preset.from}
              aria-pressed={range.to === undefined && range.from === preset.from}
              onClick={() => choose({ from: preset.from })}
            >
              {preset.label}
            </UnstyledButton>
          ))}
        </div>
        {opened ? <Custom key={zone} range={range} zone={zone} onChange={choose} /> : null}
      </Popover.Dropdown>
    </Popover>
  )
}

const Custom = ({ range, zone, onChange }: RangePickerProps & { readonly zone: Zone }) => {
  const [from, setFrom] = useState(() => fieldText(range.from === 'all' ? '24h' : range.from, zone))
  const [to, setTo] = useState(() => fieldText(range.to, zone))
  const [start, end] = [isoOf(from, zone), isoOf(to, zone)]
  const backwards = start !== null && end !== null && start >= end
  return (
    <form
      className="custom"
      onSubmit={(event) => {
        event.preventDefault()
        if (start !== null && end !== null && !backwards) onChange({ from: start, to: end })
      }}
    >
      <TextInput
        type="datetime-local"
        step={1}
        size="xs"
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        step={1}
        size="xs"
        label="To"
        value={to}
        error={backwards ? 'Must be after the start' : undefined}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <p className="soft small">Times in {zoneName(zone)}</p>
      <Button type="submit" disabled={start === null || end === null || backwards}>
        Show this time
      </Button>
    </form>
  )
}
