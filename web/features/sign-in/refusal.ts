/**
 * Why the server sends back who signed in elsewhere: it names one of its errors in the address, `/sign-in?error=conflict`.
 *
 * @module
 */

const general =
  'Signing in elsewhere did not work. Try it again; if it fails again, an administrator finds the reason in the audit log.'

const refusals: ReadonlyMap<string, string> = new Map([
  [
    'not-allowed',
    'You were recognised, but may not use Winnow: your account here is disabled, or none of your groups may. Ask an administrator.',
  ],
  [
    'conflict',
    'Your e-mail address belongs to an account here already, and where you signed in it is not confirmed as yours. Sign in with the password of that account, or ask an administrator.',
  ],
  [
    'last-administrator',
    'Your groups would take the administrator’s role from you, and nobody else has it here. Have your groups corrected, or sign in with a password and make somebody else an administrator first.',
  ],
  [
    'sign-in-elsewhere-failed',
    'Signing in elsewhere did not work. Begin again, here and in this same browser; if it fails again, an administrator finds the reason in the audit log.',
  ],
])

/** What is said of an error. Anybody can write an address, so nothing of the code itself is shown. */
export const refusalOf = (code: string): string => refusals.get(code) ?? general
