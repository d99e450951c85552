import { Button, CopyButton } from '@mantine/core'
import { useEffect, useRef } from 'react'

interface ShownOnceProps {
  readonly text: string
  readonly onDone: () => void
}

/** A secret that has just been made, in the place of the form that made it. */
export const ShownOnce = ({ text, onDone }: ShownOnceProps) => {
  const button = useRef<HTMLButtonElement>(null)
  // It stands where the form was that had the focus.
  useEffect(() => button.current?.focus(), [])
  return (
    <>
      <p>Copy it now: it is shown this once, and kept nowhere.</p>
      <p className="secret">{text}</p>
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
    </>
  )
}
