import { Button, CopyButton, Modal } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { usePasswordLink } from '../../lib/api/users.ts'
import { inert } from '../../lib/format.ts'
import { Failed, Loading } from '../../ui/states.tsx'
import { When } from '../../ui/when.tsx'

interface OnceProps {
  readonly name: string
  readonly made: Pick<ReturnType<typeof usePasswordLink>, 'data' | 'error'>
  readonly onRetry: () => void
  readonly onDone: () => void
}

/** The link with which somebody chooses a password: shown once, in a dialog. */
export const LinkOnce = ({ name, made, onRetry, onDone }: OnceProps) => {
  if (made.error !== null) return <Failed error={made.error} onRetry={onRetry} />
  if (made.data === undefined) return <Loading lines={3} label="Making the link" />
  const { link, expires } = made.data
  return (
    <div className="form">
      <p>
        Give this link to {inert(name)} alone: whoever opens it chooses the password. It works once, until{' '}
        <When iso={expires} />, and ends earlier links.
      </p>
      <p>Copy it now: it is shown this once, and kept nowhere.</p>
      <p className="secret">{link}</p>
      <Copied text={link} onDone={onDone} />
    </div>
  )
}

const Copied = ({ text, onDone }: { readonly text: string; readonly onDone: () => void }) => {
  const button = useRef<HTMLButtonElement>(null)
  // It stands where the form was that had the focus.
  useEffect(() => button.current?.focus(), [])
  return (
    <div className="row">
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button ref={button} onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
      <Button variant="default" onClick={onDone}>
        Done
      </Button>
    </div>
  )
}

interface PasswordLinkProps extends OnceProps {
  readonly opened: boolean
}

export const PasswordLink = ({ opened, ...once }: PasswordLinkProps) => (
  <Modal
    opened={opened}
    onClose={once.onDone}
    title={`A link for ${inert(once.name)}`}
    closeButtonProps={{ 'aria-label': 'Close' }}
  >
    <LinkOnce {...once} />
  </Modal>
)
