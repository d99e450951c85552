import { Button, Modal, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Channel } from '../../../src/api/api.ts'
import { useChangeChannel, useChannels, useDeleteChannel, useTestChannel } from '../../lib/api/channels.ts'
import { inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { Table, actions } from '../../ui/table.tsx'
import { telling, told } from '../../ui/told.ts'
import { Ago } from '../../ui/when.tsx'
import { ChannelForm } from './channel-form.tsx'
import { channelKinds } from './channel-kinds.ts'

export const ChannelsTab = () => {
  const channels = useChannels()
  const [editing, setEditing] = useState<Channel | 'new' | null>(null)
  return (
    <Panel
      title="Notifications"
      flush
      aside={
        <Button leftSection={<IconPlus size={14} />} onClick={() => setEditing('new')}>
          Add a channel
        </Button>
      }
    >
      <Shown query={channels}>
        {({ channels: rows }) =>
          rows.length === 0 ? (
            <Empty slim title="Nobody is told">
              Add e-mail, Slack, a webhook or syslog, and say from which risk on.
            </Empty>
          ) : (
            <Table
              label="Channels"
              heads={['Channel', { head: 'From risk', number: true }, 'Last message', 'On', actions]}
            >
              {rows.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} onEdit={() => setEditing(channel)} />
              ))}
            </Table>
          )
        }
      </Shown>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a channel' : 'Change the channel'}
      >
        {editing === null ? null : (
          <ChannelForm channel={editing === 'new' ? null : editing} onDone={() => setEditing(null)} />
        )}
      </Modal>
    </Panel>
  )
}

const ChannelRow = ({ channel, onEdit }: { readonly channel: Channel; readonly onEdit: () => void }) => {
  const change = useChangeChannel()
  const drop = useDeleteChannel()
  const test = useTestChannel()
  const where = ['url', 'host', 'to'].flatMap((name) => {
    const value = channel.settings[name]
    return typeof value === 'string' ? [value] : []
  })
  return (
    <tr>
      <th scope="row">
        {inert(channel.name)}
        <p className="soft small break">
          {channelKinds[channel.kind].label}
          {where.length === 0 ? null : `: ${where.map(inert).join(', ')}`}
        </p>
      </th>
      <td className="number">{channel.leastRisk}</td>
      <td>
        {channel.lastSent === null ? <span className="soft">none yet</span> : <Ago iso={channel.lastSent} />}
        {channel.lastError === null ? null : (
          <p className="small" style={{ color: 'var(--critical)' }}>
            {inert(channel.lastError)}
          </p>
        )}
      </td>
      <td>
        <Switch
          size="xs"
          aria-label={`${channel.name} is on`}
          checked={channel.enabled}
          onChange={(event) =>
            change.mutate(
              { id: channel.id, change: { enabled: event.currentTarget.checked } },
              { onError: told },
            )
          }
        />
      </td>
      <td className="number">
        <Button
          variant="subtle"
          size="compact-xs"
          loading={test.isPending}
          onClick={() =>
            test.mutate(channel.id, {
              onSuccess: ({ error }) => told(error === null ? 'The test message is sent' : new Error(error)),
              onError: told,
            })
          }
        >
          Test
        </Button>
        <Button variant="subtle" size="compact-xs" onClick={onEdit}>
          Change…
        </Button>
        <Button
          variant="subtle"
          color="red"
          size="compact-xs"
          loading={drop.isPending}
          onClick={() => drop.mutate(channel.id, telling('The channel is gone'))}
        >
          Delete
        </Button>
      </td>
    </tr>
  )
}
