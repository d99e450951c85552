import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useSession, useSignInByLink } from '../../lib/api/session.ts'
import { GoTo } from '../../ui/go-to.tsx'
import { Loading } from '../../ui/states.tsx'
import { Gate, Refused, tokenOfAddress } from './gate.tsx'

interface ByLinkProps {
  readonly hash: string
  readonly onPassword: () => void
}

/** Signs in with the link that `npm start` prints; it works once. */
export const ByLink = ({ hash, onPassword }: ByLinkProps) => {
  const session = useSession()
  const [token] = useState(() => tokenOfAddress(hash))
  const { mutate, error } = useSignInByLink()
  const tried = useRef(false)
  useEffect(() => {
    // Strict mode runs effects twice; the token must be used once.
    if (tried.current || token === '') return
    tried.current = true
    history.replaceState(null, '', location.pathname)
    mutate(token)
  }, [token, mutate])
  if (session.data?.user) return <GoTo address="/today" />
  return (
    <Gate title="Signing in">
      {error === null ? (
        <Loading lines={3} label="Signing in" />
      ) : (
        <>
          <p style={{ margin: '12px 0' }}>
            This link does not work, or not any more: each works once. Start Winnow again for a new one.
          </p>
          <Refused error={error} />
          <Button variant="default" mt="md" onClick={onPassword}>
            Sign in with a password
          </Button>
        </>
      )}
    </Gate>
  )
}
