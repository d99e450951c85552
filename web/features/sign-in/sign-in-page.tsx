import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useLocation, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useSession, useSignIn } from '../../lib/api/session.ts'
import { GoTo } from '../../ui/go-to.tsx'
import { Loading } from '../../ui/states.tsx'
import { Gate, Refused } from './gate.tsx'
import { ByLink } from './by-link.tsx'
import { refusalOf } from './refusal.ts'

/** Where to go afterwards: only to a page of this console. */
const safe = (to: string | undefined): string => (to !== undefined && /^\/(?![/\\])/.test(to) ? to : '/today')

/** With a one-time token behind the address's `#`, or with a password. */
export const SignInPage = () => {
  const { hash } = useLocation()
  const [byLink, setByLink] = useState(hash.length > 1)
  return byLink ? <ByLink hash={hash} onPassword={() => setByLink(false)} /> : <ByPassword />
}

const ByPassword = () => {
  const session = useSession()
  const { to, error } = useSearch({ from: '/sign-in' })
  const signIn = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  if (session.isPending) return <Loading />
  if (session.data?.user) return <GoTo address={safe(to)} />
  if (session.data?.setupNeeded === true) return <GoTo address="/setup" />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ email, password })
  }
  const oidc = session.data?.oidc ?? null
  // Until a password is tried.
  const elsewhere = error === undefined || !signIn.isIdle ? null : { message: refusalOf(error) }
  return (
    <Gate title="Sign in to Winnow">
      <form onSubmit={submit}>
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Refused error={signIn.error ?? session.error ?? elsewhere} />
        <Button type="submit" size="sm" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
      </form>
      {oidc === null ? null : (
        <>
          <p className="or">or</p>
          <Button component="a" href={oidc.url} variant="default" size="sm" fullWidth>
            {oidc.label}
          </Button>
        </>
      )}
    </Gate>
  )
}
