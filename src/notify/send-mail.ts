/**
 * Sends a mail by SMTP.
 *
 * @module
 */
import { createTransport } from 'nodemailer'
import type { Bulletin } from './bulletin.ts'
import { failureText, NotSent, within } from './failure.ts'
import type { Mail } from './mail.ts'

export interface MailServer {
  readonly host: string
  readonly port: number
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** `tls` from the first byte on; `starttls` or nothing is sent; `auto`: what the server offers, but no password in the clear. */
  readonly tls: 'auto' | 'starttls' | 'tls' | 'none'
  readonly ca?: string | undefined
  readonly timeoutMs: number
}

export interface Envelope {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: readonly { readonly name: string; readonly address: string }[]
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '')

const responseOf = (error: Error): string =>
  'response' in error && typeof error.response === 'string' ? `: ${error.response}` : ''

/** What the server answered is the most useful of it; it holds no password of ours. */
const problemOf = (error: unknown): string => {
  if (!(error instanceof Error)) return failureText(error)
  switch (codeOf(error)) {
    case 'EAUTH':
      return `the mail server refuses user or password${responseOf(error)}`
    case 'EENVELOPE':
      return `the mail server refuses the sender or a receiver${responseOf(error)}`
    case 'EMESSAGE':
      return `the mail server refuses the message${responseOf(error)}`
    case 'ETLS':
      return 'the mail server offers no TLS (STARTTLS), or its certificate is not trusted'
    case 'EDNS':
      return 'there is no such name'
    case 'ETIMEDOUT':
      return 'no answer in time'
    case 'ESOCKET':
    case 'ECONNECTION':
      return failureText(error.cause instanceof Error ? error.cause : innerOf(error))
    default:
      return `${failureText(error)}${responseOf(error)}`
  }
}

/** Nodemailer replaces the code of what the system says, and keeps its text. */
const innerOf = (error: Error): Error => {
  const code = /\b(E[A-Z_]{3,}|[A-Z_]*CERT[A-Z_]*)\b/.exec(error.message)?.[1]
  if (code !== undefined) return Object.assign(new Error(error.message), { code })
  return /certificate|self-signed/i.test(error.message)
    ? Object.assign(new Error(error.message), { code: 'CERT' })
    : error
}

const tlsOptions = ({ tls, user, ca }: MailServer) => ({
  secure: tls === 'tls',
  requireTLS: tls === 'starttls' || (tls === 'auto' && user !== undefined),
  ignoreTLS: tls === 'none',
  tls: { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) },
})

/** @throws NotSent */
export const sendMail = async (
  server: MailServer,
  { from, to }: Envelope,
  mail: Mail,
  { id, items, isTest }: Bulletin,
  signal: AbortSignal,
): Promise<void> => {
  const { host, port, user, password, timeoutMs } = server
  const transport = createTransport({
    host,
    port,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...tlsOptions(server),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const place = from.address.replace(/^.*@/, '')
  const [first] = items
  try {
    await within(
      timeoutMs,
      signal,
      transport.sendMail({
        from,
        to: [...to],
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        // The same when it is sent again; and mails about one incident are one conversation.
        messageId: `<winnow.${id}@${place}>`,
        ...(items.length === 1 && first !== undefined
          ? { references: [`<winnow.incident.${first.incident.id.replace(/[^\w.-]/g, '')}@${place}>`] }
          : {}),
        headers: {
          // No answer by a machine (RFC 3834).
          'Auto-Submitted': 'auto-generated',
          'X-Winnow-Kind': isTest ? 'test' : 'incidents',
        },
      }),
    )
  } catch (error) {
    throw error instanceof NotSent ? error : new NotSent(problemOf(error), error)
  } finally {
    transport.close()
  }
}
