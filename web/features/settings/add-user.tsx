import { Button, Modal, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Role } from '../../../src/api/api.ts'
import { useAddUser, usePasswordLink } from '../../lib/api/users.ts'
import { told } from '../../ui/told.ts'
import { LinkOnce } from './password-link.tsx'
import { roleData, roleOf } from './roles.ts'

const none = { name: '', email: '', password: '' }

/** Adds a user: with a first password, or with a link to choose one. */
export const AddUser = ({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) => {
  const [given, setGiven] = useState(none)
  const [role, setRole] = useState<Role>('analyst')
  const add = useAddUser()
  const link = usePasswordLink()
  const invited = given.password === '' ? add.data : undefined
  const set = (name: keyof typeof none) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setGiven((old) => ({ ...old, [name]: value }))
  }
  const close = () => {
    onClose()
    setGiven(none)
    add.reset()
    link.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { password, ...user } = given
    add.mutate(
      { ...user, role, ...(password === '' ? {} : { password }) },
      {
        onSuccess: ({ id }) => {
          if (password === '') {
            link.mutate(id)
            return
          }
          told('The user is added')
          close()
        },
        onError: told,
      },
    )
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={invited === undefined ? 'Add a user' : 'The user is added'}
      closeButtonProps={{ 'aria-label': invited === undefined ? 'Cancel' : 'Close' }}
    >
      {invited === undefined ? (
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
            description="At least 12 characters. Left empty, you get a link to choose one; who signs in elsewhere needs neither"
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
      ) : (
        <LinkOnce name={invited.name} made={link} onRetry={() => link.mutate(invited.id)} onDone={close} />
      )}
    </Modal>
  )
}
