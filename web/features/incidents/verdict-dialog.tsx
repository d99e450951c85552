import {
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  Radio,
  Stack,
  TextInput,
  Textarea,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import type { CloseReason, IncidentPage, NewVerdict } from '../../../src/api/api.ts'
import { useGiveVerdict, useVerdictPreview } from '../../lib/api/verdicts.ts'
import { inWords, inert } from '../../lib/format.ts'
import { reasonMeanings, reasonWords } from '../../ui/marks.tsx'
import { telling } from '../../ui/told.ts'
import { VerdictEffect } from './verdict-effect.tsx'

interface VerdictDialogProps {
  readonly opened: boolean
  readonly page: IncidentPage
  readonly onClose: () => void
}

const choices = ['expected', 'false-alarm', 'threat'] as const

const lengths = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '', label: 'no end' },
]

export const VerdictDialog = ({ opened, page, onClose }: VerdictDialogProps) => (
  <Modal opened={opened} onClose={onClose} size="lg" title="Give a verdict">
    {/* Mounted anew each time, so that it starts from what this incident says. */}
    {opened ? <VerdictForm page={page} onClose={onClose} /> : null}
  </Modal>
)

const VerdictForm = ({ page, onClose }: Omit<VerdictDialogProps, 'opened'>) => {
  const { findings, incident } = page
  const entities = [
    ...new Map(findings.map(({ entity }) => [`${entity.kind}\n${entity.value}`, entity])).values(),
  ]
  const detectors = [...new Set(findings.map(({ detector }) => detector))]
  const [verdict, setVerdict] = useState<CloseReason>('expected')
  const [entityAt, setEntityAt] = useState('0')
  const [detector, setDetector] = useState(detectors[0] ?? '')
  const [pattern, setPattern] = useState('')
  const [days, setDays] = useState('90')
  const [note, setNote] = useState('')
  const [sure, setSure] = useState(false)
  const [close, setClose] = useState(true)
  // Set once: a moving time would be another verdict at each drawing.
  const [startMs] = useState(() => Date.now())

  const entity = entityAt === '' ? undefined : entities[Number(entityAt)]
  const scope = {
    ...(entity === undefined ? {} : { entity: { kind: entity.kind, value: entity.value } }),
    ...(detector === '' ? {} : { detector }),
    ...(pattern.trim() === '' ? {} : { pattern: pattern.trim() }),
  }
  const given: NewVerdict = {
    verdict,
    scope,
    expires: days === '' ? null : new Date(startMs + Number(days) * 86_400_000).toISOString(),
    ...(close ? { incident: incident.id } : {}),
  }
  const empty = Object.keys(scope).length === 0
  const [asked] = useDebouncedValue(given, 250)
  const preview = useVerdictPreview(asked, !empty)
  const give = useGiveVerdict()
  const dangerous = (preview.data?.confirmedThreats.length ?? 0) > 0 && verdict !== 'threat'

  const submit = (event: FormEvent) => {
    event.preventDefault()
    give.mutate({ ...given, note }, telling('The verdict is given', onClose))
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Radio.Group
          label="What is it?"
          value={verdict}
          onChange={(value) => setVerdict(choices.find((one) => one === value) ?? 'expected')}
        >
          <Stack gap={6} mt={6}>
            {choices.map((one) => (
              <Radio key={one} value={one} label={reasonWords[one]} description={reasonMeanings[one]} />
            ))}
          </Stack>
        </Radio.Group>
        <Group grow align="flex-start">
          <NativeSelect
            label="Of whom"
            value={entityAt}
            onChange={(event) => setEntityAt(event.currentTarget.value)}
            data={[
              ...entities.map(({ kind, value }, at) => ({
                value: String(at),
                label: `${inWords(kind)}: ${inert(value)}`,
              })),
              { value: '', label: 'anyone' },
            ]}
          />
          <NativeSelect
            label="Found by"
            value={detector}
            onChange={(event) => setDetector(event.currentTarget.value)}
            data={[
              ...detectors.map((id) => ({ value: id, label: id })),
              { value: '', label: 'any detector' },
            ]}
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput
            label="Evidence holds"
            description="Optional: a text of the raw lines"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={pattern}
            onChange={(event) => setPattern(event.currentTarget.value)}
          />
          <NativeSelect
            label="For"
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
            data={lengths}
          />
        </Group>
        <Textarea
          label="Why"
          placeholder="Who reads it later wants to know"
          autosize
          minRows={2}
          maxLength={4000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Checkbox
          label="It is about this incident"
          checked={close}
          onChange={(event) => setClose(event.currentTarget.checked)}
        />
        {empty ? (
          <p className="effect">
            Say of whom, found by what, or with which text: a verdict on everything is none.
          </p>
        ) : (
          <VerdictEffect preview={preview} verdict={verdict} />
        )}
        {dangerous ? (
          <Checkbox
            label="I looked at them, and they may be hidden"
            checked={sure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={give.isPending}
            disabled={empty || (dangerous && !sure)}
            {...(dangerous ? { color: 'red' } : {})}
          >
            Give the verdict
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
