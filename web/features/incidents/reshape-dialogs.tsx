/**
 * What changes an incident's shape: another title, merging, splitting.
 *
 * @module
 */
import { Button, Checkbox, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { IncidentPage } from '../../../src/api/api.ts'
import {
  useChangeIncident,
  useMergeIncident,
  useSomeIncidents,
  useSplitIncident,
} from '../../lib/api/incidents.ts'
import { countOf, inert } from '../../lib/format.ts'
import { Shown } from '../../ui/states.tsx'
import { telling, told } from '../../ui/told.ts'

interface DialogProps {
  readonly opened: boolean
  readonly page: IncidentPage
  readonly onClose: () => void
}

export const TitleDialog = ({ opened, page, onClose }: DialogProps) => {
  const [title, setTitle] = useState(page.incident.title)
  const change = useChangeIncident(page.incident.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ title }, { onSuccess: onClose, onError: told })
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Change the title">
      <form onSubmit={submit}>
        <TextInput
          label="Title"
          required
          maxLength={300}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={change.isPending}>
            Keep
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

export const MergeDialog = ({ opened, page, onClose }: DialogProps) => {
  const navigate = useNavigate()
  const [into, setInto] = useState('')
  const [q, setQ] = useState('')
  const merge = useMergeIncident(page.incident.id)
  const found = useSomeIncidents({ ...(q === '' ? {} : { q }), limit: 12 }, opened)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    merge.mutate(
      into,
      telling('Merged', () => {
        onClose()
        void navigate({ to: '/incidents/$id', params: { id: into } })
      }),
    )
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Merge into another incident" size="lg">
      <form onSubmit={submit}>
        <TextInput
          type="search"
          label="Words of its title"
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
        <Shown query={found}>
          {({ incidents }) => (
            <Radio.Group label="Into" value={into} onChange={setInto} mt="md">
              <Stack gap={8} mt={6}>
                {incidents
                  .filter(({ id }) => id !== page.incident.id)
                  .map(({ id, number, title }) => (
                    <Radio key={id} value={id} label={`#${number} ${inert(title)}`} />
                  ))}
              </Stack>
            </Radio.Group>
          )}
        </Shown>
        <Group justify="flex-end" mt="md">
          <Button type="submit" disabled={into === ''} loading={merge.isPending}>
            Merge
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

export const SplitDialog = ({ opened, page, onClose }: DialogProps) => {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const split = useSplitIncident(page.incident.id)
  const all = chosen.length === page.findings.length
  const submit = (event: FormEvent) => {
    event.preventDefault()
    split.mutate(chosen, {
      onSuccess: ({ id }) => {
        told('Split off')
        onClose()
        void navigate({ to: '/incidents/$id', params: { id } })
      },
      onError: told,
    })
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Split findings off" size="lg">
      <form onSubmit={submit}>
        <Checkbox.Group
          label="These become an incident of their own"
          value={[...chosen]}
          onChange={setChosen}
        >
          <Stack gap={8} mt={6}>
            {page.findings.map(({ id, title }) => (
              <Checkbox key={id} value={id} label={inert(title)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end" mt="md">
          <Button type="submit" disabled={chosen.length === 0 || all} loading={split.isPending}>
            Split {chosen.length === 0 ? '' : countOf(chosen.length, 'finding')} off
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
