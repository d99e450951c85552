import { notifications } from '@mantine/notifications'

const closeButtonProps = { 'aria-label': 'Close this message' }

/** A short word at the edge of the screen about what was done, or why it was not. */
export const told = (what: string | Error): void => {
  notifications.show(
    typeof what === 'string'
      ? { message: what, color: 'teal', withBorder: true, closeButtonProps }
      : {
          title: 'That did not work',
          message: what.message,
          color: 'red',
          withBorder: true,
          autoClose: 9000,
          closeButtonProps,
        },
  )
}

/** What to do when a change has ended: say that it worked, and go on from there, or say why it did not. */
export const telling = (words: string, then?: () => void) => ({
  onSuccess: () => {
    told(words)
    then?.()
  },
  onError: told,
})
