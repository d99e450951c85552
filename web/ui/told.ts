import { notifications } from '@mantine/notifications'

/** A short word at the edge of the screen about what was done, or why it was not. */
export const told = (what: string | Error): void => {
  notifications.show(
    typeof what === 'string'
      ? { message: what, color: 'teal', withBorder: true }
      : {
          title: 'That did not work',
          message: what.message,
          color: 'red',
          withBorder: true,
          autoClose: 9000,
        },
  )
}
