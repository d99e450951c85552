import { Alert } from '@mantine/core'
import type { ReactNode } from 'react'
import { Sieve } from '../../ui/brand.tsx'
import './sign-in.css'

interface GateProps {
  readonly title: string
  readonly children: ReactNode
  readonly about?: string
}

/** The card that stands before the console. */
export const Gate = ({ title, about, children }: GateProps) => (
  <main className="gate">
    <div className="card">
      <div className="head">
        <Sieve size={26} />
        <h1>{title}</h1>
      </div>
      {about === undefined ? null : <p className="soft">{about}</p>}
      {children}
    </div>
  </main>
)

export const Refused = ({ error }: { readonly error: Pick<Error, 'message'> | null }) =>
  error === null ? null : (
    <Alert color="red" variant="light" role="alert" p="xs" style={{ color: 'var(--critical)' }}>
      {error.message}
    </Alert>
  )

/** The token that a one-time link carries behind its `#`, where no server and no log sees it. */
export const tokenOfAddress = (hash: string): string => {
  const text = hash.replace(/^#/, '')
  return new URLSearchParams(text).get('token') ?? text
}
