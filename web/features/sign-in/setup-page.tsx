import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useSession, useSetup } from '../../lib/api/session.ts'
import { GoTo } from '../../ui/go-to.tsx'
import { Loading } from '../../ui/states.tsx'
import { Gate, Refused, tokenOfAddress } from './gate.tsx'

export const SetupPage = () => {
  const session = useSession()
  const { hash } = useLocation()
  const [token] = useState(() => tokenOfAddress(hash))
  const setup = useSetup()
  const [given, setGiven] = useState({ name: '', email: '', password: '' })
  const change = (name: keyof typeof given) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setGiven((old) => ({ ...old, [name]: value }))
  }
  if (session.isPending) return <Loading />
  if (session.data?.user) return <GoTo address="/today" />
  if (session.data?.setupNeeded === false) return <GoTo address="/sign-in" />
  if (token === '') {
    return (
      <Gate title="Set Winnow up">
        <p style={{ marginTop: 12 }}>
          Nobody administers this server yet. When it first started it printed a link that works once: open
          that link to create the first account. It is in the server’s log; <code>winnow serve</code> prints a
          new one at each start until it was used.
        </p>
      </Gate>
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setup.mutate({ token, ...given })
  }
  return (
    <Gate title="Set Winnow up" about="This makes the first administrator’s account.">
      <form onSubmit={submit}>
        <TextInput
          label="Your name"
          autoComplete="name"
          required
          value={given.name}
          onChange={change('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={given.email}
          onChange={change('email')}
        />
        <PasswordInput
          label="Password"
          description="At least 12 characters; a few words are easiest to remember."
          autoComplete="new-password"
          minLength={12}
          required
          value={given.password}
          onChange={change('password')}
        />
        <Refused error={setup.error} />
        <Button type="submit" size="sm" loading={setup.isPending} fullWidth>
          Create the account
        </Button>
      </form>
    </Gate>
  )
}
