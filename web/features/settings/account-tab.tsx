import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChangeMe, useSession } from '../../lib/api/session.ts'
import { Panel } from '../../ui/panel.tsx'
import { telling } from '../../ui/told.ts'

export const AccountTab = () => {
  const user = useSession().data?.user
  const change = useChangeMe()
  const [name, setName] = useState(user?.name ?? '')
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  if (user === undefined || user === null) return null
  const keepName = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ name }, telling('The name is changed'))
  }
  const keepPassword = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { password: { old, new: next } },
      telling('The password is changed. Other sessions of yours have ended.', () => {
        setOld('')
        setNext('')
      }),
    )
  }
  return (
    <>
      <Panel title="You">
        <form className="form" onSubmit={keepName}>
          <p className="soft">
            {user.email}, {user.role}
          </p>
          <TextInput
            label="Name"
            required
            maxLength={100}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div>
            <Button type="submit" disabled={name === user.name} loading={change.isPending}>
              Change the name
            </Button>
          </div>
        </form>
      </Panel>
      <Panel title="Password">
        <form className="form" onSubmit={keepPassword}>
          <PasswordInput
            label="Password now"
            required
            autoComplete="current-password"
            value={old}
            onChange={(event) => setOld(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters"
            required
            minLength={12}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <div>
            <Button type="submit" loading={change.isPending}>
              Change the password
            </Button>
          </div>
        </form>
      </Panel>
    </>
  )
}
