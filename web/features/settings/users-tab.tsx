import { Button, Menu, Modal, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Role, User } from '../../../src/api/api.ts'
import { useMay, useSession } from '../../lib/api/session.ts'
import { useAddUser, useChangeUser, useDeleteUser, useUsers } from '../../lib/api/users.ts'
import { capitalised, inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Shown } from '../../ui/states.tsx'
import { told } from '../../ui/told.ts'
import { Ago } from '../../ui/when.tsx'

const roles: readonly Role[] = ['viewer', 'analyst', 'administrator']
const roleData = roles.map((role) => ({ value: role, label: capitalised(role) }))
const roleOf = (text: string): Role => roles.find((role) => role === text) ?? 'viewer'

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
          <div className="scroll-x" tabIndex={0} role="group" aria-label="Users">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Role</th>
                  <th scope="col" className="number">
                    Last seen
                  </th>
                  <th scope="col">
                    <span className="only-read">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((user) => (
                  <UserRow key={user.id} user={user} may={may} />
                ))}
              </tbody>
            </table>
          </div>
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
  const [asked, setAsked] = useState<'password' | 'delete' | null>(null)
  const self = me?.id === user.id
  const apply = (what: Parameters<typeof change.mutate>[0]['change'], words: string) =>
    change.mutate(
      { id: user.id, change: what },
      { onSuccess: () => told(words), onError: (error) => told(error) },
    )
  return (
    <tr>
      <th scope="row">
        {inert(user.name)} {user.disabled ? <span className="chip">disabled</span> : null}
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
        <NewPassword
          user={user}
          opened={asked === 'password'}
          onClose={() => setAsked(null)}
          onKeep={(password) => apply({ password }, 'The password is changed')}
        />
        <Modal
          opened={asked === 'delete'}
          onClose={() => setAsked(null)}
          title={`Delete ${user.name}?`}
          closeButtonProps={{ 'aria-label': 'Cancel' }}
        >
          <p>What they did keeps their name; their keys stop working.</p>
          <Button
            mt="md"
            color="red"
            loading={drop.isPending}
            onClick={() =>
              drop.mutate(user.id, {
                onSuccess: () => {
                  told('The user is deleted')
                  setAsked(null)
                },
                onError: (error) => told(error),
              })
            }
          >
            Delete
          </Button>
        </Modal>
      </td>
    </tr>
  )
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
    <Modal
      opened={opened}
      onClose={onClose}
      title={`A new password for ${user.name}`}
      closeButtonProps={{ 'aria-label': 'Cancel' }}
    >
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

const AddUser = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const none = { name: '', email: '', password: '' }
  const [given, setGiven] = useState(none)
  const [role, setRole] = useState<Role>('analyst')
  const add = useAddUser()
  const set = (name: keyof typeof none) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setGiven((old) => ({ ...old, [name]: value }))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { password, ...user } = given
    add.mutate(
      { ...user, role, ...(password === '' ? {} : { password }) },
      {
        onSuccess: () => {
          told('The user is added')
          setGiven(none)
          onClose()
        },
        onError: (error) => told(error),
      },
    )
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Add a user" closeButtonProps={{ 'aria-label': 'Cancel' }}>
      <form className="form" onSubmit={submit}>
        <TextInput label="Name" required maxLength={100} value={given.name} onChange={set('name')} />
        <TextInput label="E-mail" type="email" required value={given.email} onChange={set('email')} />
        <NativeSelect
          label="Role"
          description="Viewers look, analysts decide, administrators also change users and settings"
          data={roleData}
          value={role}
          onChange={(event) => setRole(roleOf(event.currentTarget.value))}
        />
        <PasswordInput
          label="First password"
          description="At least 12 characters; none for those who sign in elsewhere"
          minLength={12}
          autoComplete="new-password"
          value={given.password}
          onChange={set('password')}
        />
        <div>
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </div>
      </form>
    </Modal>
  )
}
