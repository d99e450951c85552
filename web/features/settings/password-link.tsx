import { Modal } from '@mantine/core'
import type { usePasswordLink } from '../../lib/api/users.ts'
import { inert } from '../../lib/format.ts'
import { ShownOnce } from '../../ui/shown-once.tsx'
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
      <ShownOnce text={link} onDone={onDone} />
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
