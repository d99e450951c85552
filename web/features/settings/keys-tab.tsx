import { Button, Checkbox, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { ApiKey, Scope } from '../../../src/api/api.ts'
import { useAddKey, useKeys, useRevokeKey } from '../../lib/api/keys.ts'
import { inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { Table, actions } from '../../ui/table.tsx'
import { telling, told } from '../../ui/told.ts'
import { Ago, When } from '../../ui/when.tsx'

const scopes: readonly { readonly scope: Scope; readonly words: string }[] = [
  { scope: 'ingest', words: 'send logs' },
  { scope: 'read', words: 'read what the console shows' },
  { scope: 'write', words: 'change incidents and give verdicts' },
  { scope: 'admin', words: 'everything an administrator may' },
]

export const KeysTab = () => {
  const keys = useKeys()
  const [adding, setAdding] = useState(false)
  return (
    <Panel
      title="API keys"
      flush
      aside={
        <Button leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
          Make a key
        </Button>
      }
    >
      <Shown query={keys}>
        {({ keys: rows }) =>
          rows.length === 0 ? (
            <Empty slim title="No keys yet">
              Senders of logs and scripts need one.
            </Empty>
          ) : (
            <Table
              label="API keys"
              heads={[
                'Name',
                'May',
                'Source',
                { head: 'Last used', number: true },
                { head: 'Ends', number: true },
                actions,
              ]}
            >
              {rows.map((key) => (
                <KeyRow key={key.id} apiKey={key} />
              ))}
            </Table>
          )
        }
      </Shown>
      <AddKey opened={adding} onClose={() => setAdding(false)} />
    </Panel>
  )
}

const KeyRow = ({ apiKey }: { readonly apiKey: ApiKey }) => {
  const revoke = useRevokeKey()
  return (
    <tr>
      <th scope="row">
        {inert(apiKey.name)}
        <p className="soft small">
          <code>{apiKey.prefix}…</code> by {inert(apiKey.by)}
        </p>
      </th>
      <td>{apiKey.scopes.join(', ')}</td>
      <td>
        {apiKey.source === null ? <span className="soft">named by the sender</span> : inert(apiKey.source)}
      </td>
      <td className="number">{apiKey.lastUsed === null ? 'never' : <Ago iso={apiKey.lastUsed} />}</td>
      <td className="number">
        {apiKey.expires === null ? '–' : <When iso={apiKey.expires} precision="day" />}
      </td>
      <td className="number">
        {apiKey.revoked === null ? (
          <Button
            variant="subtle"
            color="red"
            size="compact-xs"
            loading={revoke.isPending}
            onClick={() => revoke.mutate(apiKey.id, telling('The key is revoked'))}
          >
            Revoke
          </Button>
        ) : (
          <span className="soft">revoked</span>
        )}
      </td>
    </tr>
  )
}

const AddKey = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const [name, setName] = useState('')
  const [source, setSource] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(['ingest'])
  const [days, setDays] = useState('')
  const add = useAddKey()
  const secret = add.data?.secret
  const close = () => {
    onClose()
    add.reset()
    setName('')
    setSource('')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(
      {
        name,
        scopes: chosen,
        source: source.trim() === '' ? null : source.trim(),
        expires: days === '' ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString(),
      },
      { onError: told },
    )
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={secret === undefined ? 'Make a key' : 'The key'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {secret === undefined ? (
        <form className="form" onSubmit={submit}>
          <TextInput
            label="Name"
            description="Who or what uses it"
            required
            maxLength={100}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox.Group
            label="It may"
            value={[...chosen]}
            onChange={(values) =>
              setChosen(scopes.map(({ scope }) => scope).filter((one) => values.includes(one)))
            }
          >
            <Stack gap={6} mt={6}>
              {scopes.map(({ scope, words }) => (
                <Checkbox key={scope} value={scope} label={`${scope}: ${words}`} />
              ))}
            </Stack>
          </Checkbox.Group>
          <TextInput
            label="Source"
            description="What its lines belong to; empty: the sender names it"
            maxLength={200}
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
          <NativeSelect
            label="For"
            value={days}
            onChange={(event) => setDays(event.currentTarget.value)}
            data={[
              { value: '', label: 'no end' },
              { value: '30', label: '30 days' },
              { value: '90', label: '90 days' },
              { value: '365', label: 'a year' },
            ]}
          />
          <div>
            <Button type="submit" disabled={chosen.length === 0} loading={add.isPending}>
              Make it
            </Button>
          </div>
        </form>
      ) : (
        <div className="form">
          <ShownOnce text={secret} onDone={close} />
        </div>
      )}
    </Modal>
  )
}
