import { Button, Menu, Modal, NativeSelect, PasswordInput } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { User } from '../../../src/api/api.ts'
import { useMay, useSession } from '../../lib/api/session.ts'
import { useChangeUser, useDeleteUser, usePasswordLink, useUsers } from '../../lib/api/users.ts'
import { capitalised, inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Shown } from '../../ui/states.tsx'
import { Table, actions } from '../../ui/table.tsx'
import { telling } from '../../ui/told.ts'
import { Ago } from '../../ui/when.tsx'
import { AddUser } from './add-user.tsx'
import { PasswordLink } from './password-link.tsx'
import { roleData, roleOf } from './roles.ts'

export const UsersTab = () => {
  const users = useUsers()
  const may = useMay('administrator')
  const [adding, setAdding] = useState(false)
  return (
    <Panel
      title="Users"
      flush
      aside={
        may ? (
          <Button leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            Add a user
          </Button>
        ) : null
      }
    >
      <Shown query={users}>
        {({ users: rows }) => (
          <Table label="Users" heads={['Name', 'Role', { head: 'Last seen', number: true }, actions]}>
            {rows.map((user) => (
              <UserRow key={user.id} user={user} may={may} />
            ))}
          </Table>
        )}
      </Shown>
      <AddUser opened={adding} onClose={() => setAdding(false)} />
    </Panel>
  )
}

const UserRow = ({ user, may }: { readonly user: User; readonly may: boolean }) => {
  const me = useSession().data?.user
  const change = useChangeUser()
  const drop = useDeleteUser()
  const link = usePasswordLink()
  const [asked, setAsked] = useState<'link' | 'password' | 'delete' | null>(null)
  const self = me?.id === user.id
  const apply = (what: Parameters<typeof change.mutate>[0]['change'], words: string) =>
    change.mutate({ id: user.id, change: what }, telling(words))
  return (
    <tr>
      <th scope="row">
        {inert(user.name)} <Standing user={user} />
        <p className="soft small">{inert(user.email)}</p>
      </th>
      <td>
        {may && !self ? (
          <NativeSelect
            size="xs"
            w={140}
            aria-label={`Role of ${user.name}`}
            data={roleData}
            value={user.role}
            disabled={change.isPending}
            onChange={(event) => apply({ role: roleOf(event.currentTarget.value) }, 'The role is changed')}
          />
        ) : (
          capitalised(user.role)
        )}
      </td>
      <td className="number">{user.lastSeen === null ? 'never' : <Ago iso={user.lastSeen} />}</td>
      <td className="number">
        {may && !self ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="subtle" color="gray" px={6} aria-label={`Actions for ${user.name}`}>
                <IconDots size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {user.disabled ? null : (
                <Menu.Item
                  onClick={() => {
                    link.mutate(user.id)
                    setAsked('link')
                  }}
                >
                  Make a link to choose a password…
                </Menu.Item>
              )}
              <Menu.Item onClick={() => setAsked('password')}>Set a new password…</Menu.Item>
              <Menu.Item
                onClick={() =>
                  apply(
                    { disabled: !user.disabled },
                    user.disabled ? 'They may sign in again' : 'They are signed out',
                  )
                }
              >
                {user.disabled ? 'Enable' : 'Disable'}
              </Menu.Item>
              <Menu.Item onClick={() => setAsked('delete')}>Delete…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
        <PasswordLink
          name={user.name}
          made={link}
          opened={asked === 'link'}
          onRetry={() => link.mutate(user.id)}
          onDone={() => {
            setAsked(null)
            link.reset()
          }}
        />
        <NewPassword
          user={user}
          opened={asked === 'password'}
          onClose={() => setAsked(null)}
          onKeep={(password) => apply({ password }, 'The password is changed')}
        />
        <Modal opened={asked === 'delete'} onClose={() => setAsked(null)} title={`Delete ${user.name}?`}>
          <p>What they did keeps their name; their keys stop working.</p>
          <Button
            mt="md"
            color="red"
            loading={drop.isPending}
            onClick={() =>
              drop.mutate(
                user.id,
                telling('The user is deleted', () => setAsked(null)),
              )
            }
          >
            Delete
          </Button>
        </Modal>
      </td>
    </tr>
  )
}

/** Why somebody does not come in, where they don't. */
const Standing = ({ user }: { readonly user: User }) => {
  if (user.disabled) return <span className="chip">disabled</span>
  return user.invited ? <span className="chip">invited</span> : null
}

interface NewPasswordProps {
  readonly user: User
  readonly opened: boolean
  readonly onClose: () => void
  readonly onKeep: (password: string) => void
}

const NewPassword = ({ user, opened, onClose, onKeep }: NewPasswordProps) => {
  const [password, setPassword] = useState('')
  return (
    <Modal opened={opened} onClose={onClose} title={`A new password for ${user.name}`}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          onKeep(password)
          setPassword('')
          onClose()
        }}
      >
        <PasswordInput
          label="New password"
          description="At least 12 characters; they are signed out everywhere"
          required
          minLength={12}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <div>
          <Button type="submit">Set it</Button>
        </div>
      </form>
    </Modal>
  )
}
