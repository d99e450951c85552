import { Button, PasswordInput } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { ApiFailure } from '../../lib/api/http.ts'
import { useChoosePassword, useSession } from '../../lib/api/session.ts'
import { inert } from '../../lib/format.ts'
import { GoTo } from '../../ui/go-to.tsx'
import { Loading } from '../../ui/states.tsx'
import { told } from '../../ui/told.ts'
import { Gate, Refused, tokenOfAddress } from './gate.tsx'

const isUsedUp = (error: Error | null): boolean =>
  error instanceof ApiFailure && error.code === 'link-used-up'

/** With the link that an administrator or `winnow sign-in-link` makes: for who is invited, and who forgot the password. */
export const ChoosePasswordPage = () => {
  const session = useSession()
  const { hash } = useLocation()
  const [token, setToken] = useState(() => tokenOfAddress(hash))
  const choose = useChoosePassword()
  const { reset } = choose
  const [password, setPassword] = useState('')
  useEffect(() => {
    const given = tokenOfAddress(hash)
    if (given === '') return
    history.replaceState(null, '', location.pathname)
    // A second link that is opened in the same tab changes no more than the end of the address.
    setToken(given)
    reset()
  }, [hash, reset])
  if (choose.isSuccess) return <GoTo address="/today" />
  if (session.isPending) return <Loading />
  if (token === '') {
    return (
      <NoLink title="Choose a password">
        This page needs the whole link: open it again from where you got it.
      </NoLink>
    )
  }
  if (isUsedUp(choose.error)) {
    return (
      <NoLink title="This link is used up">
        Each works once, for a few days at most, and ends when a newer one is made. Ask an administrator for a
        new one.
      </NoLink>
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    choose.mutate(
      { token, password },
      { onSuccess: () => told('Your password is set, and you are signed in') },
    )
  }
  const me = session.data?.user ?? null
  return (
    <Gate title="Choose a password" about="It signs you in, and ends your sessions elsewhere.">
      {me === null ? null : (
        <p style={{ marginTop: 12 }}>
          {inert(me.name)} is signed in here. If this link is somebody else’s, they will be signed in instead.
        </p>
      )}
      <form onSubmit={submit}>
        <PasswordInput
          label="New password"
          description="At least 12 characters; a few words are easiest to remember."
          autoComplete="new-password"
          minLength={12}
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Refused error={choose.error} />
        <Button type="submit" size="sm" loading={choose.isPending} fullWidth>
          Set the password
        </Button>
      </form>
    </Gate>
  )
}

const NoLink = ({ title, children }: { readonly title: string; readonly children: string }) => (
  <Gate title={title}>
    <p role="alert" style={{ margin: '12px 0' }}>
      {children}
    </p>
    <Button variant="default" renderRoot={(props: object) => <Link to="/sign-in" {...props} />}>
      Sign in with a password
    </Button>
  </Gate>
)
