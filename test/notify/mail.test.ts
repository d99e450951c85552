import { readFileSync } from 'node:fs'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { readChannel, type Destination } from '../../src/notify/channel-settings.ts'
import { deliver } from '../../src/notify/deliver.ts'
import { withFolder } from '../ingest/place.ts'
import { has, makeCertificates } from '../intake/syslog-place.ts'
import { bulletin, item, never } from './place.ts'

interface Taken {
  readonly from: string
  readonly to: readonly string[]
  readonly source: string
  readonly isSecure: boolean
  readonly user: string
}

/** A mail server of our own, and what it took. */
const withServer = async (
  options: SMTPServerOptions,
  use: (port: number, taken: readonly Taken[]) => Promise<void>,
): Promise<void> => {
  const taken: Taken[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ['STARTTLS'] : [],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('no')),
    onData: (stream, session, done) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        taken.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(pieces).toString('utf8'),
          isSecure: session.secure,
          user: String(session.user ?? ''),
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  const listening = await new Promise<ReturnType<SMTPServer['listen']>>((resolve) => {
    const net = server.listen(0, '127.0.0.1', () => resolve(net))
  })
  const address = listening.address()
  try {
    await use(typeof address === 'object' && address !== null ? address.port : 0, taken)
  } finally {
    await new Promise<void>((resolve) => server.close(resolve))
  }
}

type Values = Readonly<Record<string, string | number>>

const mail = (port: number, settings: Values = {}, secrets: Values = {}): Destination =>
  readChannel({
    kind: 'email',
    settings: {
      host: '127.0.0.1',
      port,
      from: 'Winnow <winnow@example.com>',
      to: 'ann@example.com, Bo <bo@example.net>',
      ...settings,
    },
    secrets,
  })

/** The header fields, each on one line. */
const headersOf = (source: string): readonly string[] =>
  (source.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n')

describe('a mail', () => {
  it('arrives with text and HTML, as one conversation about an incident', () =>
    withServer({}, async (port, taken) => {
      await deliver(mail(port), bulletin(), never)
      const [one] = taken
      expect(one).toMatchObject({ from: 'winnow@example.com', to: ['ann@example.com', 'bo@example.net'] })
      const headers = headersOf(one?.source ?? '')
      expect(headers).toContain('From: Winnow <winnow@example.com>')
      expect(headers).toContain('To: ann@example.com, Bo <bo@example.net>')
      expect(headers).toContain('Message-ID: <winnow.c-1.7@example.com>')
      expect(headers).toContain('References: <winnow.incident.i-1@example.com>')
      expect(headers).toContain('Auto-Submitted: auto-generated')
      expect(one?.source).toContain('Content-Type: text/plain; charset=utf-8')
      expect(one?.source).toContain('Content-Type: text/html; charset=utf-8')
      // Lines are folded by a `=` at their end.
      expect(one?.source.replaceAll('=\r\n', '')).toContain('guessed passwords of 12 users')
    }))

  it('has no header and no receiver that stood in a log', () =>
    withServer({}, async (port, taken) => {
      const title = 'x\r\nBcc: all@example.org\r\n\r\n<script>\n.\r\nMAIL FROM:<evil@example.org>'
      await deliver(mail(port), bulletin([item({ title })]), never)
      expect(taken).toHaveLength(1)
      expect(taken[0]?.to).toEqual(['ann@example.com', 'bo@example.net'])
      const names = headersOf(taken[0]?.source ?? '').map((line) => line.split(':')[0])
      expect(names).not.toContain('Bcc')
      expect(new Set(names).size).toBe(names.length)
    }))

  it('says who refused it', async () => {
    const credentials = [{ user: 'winnow', tls: 'none' }, { password: 'wrong' }] as const
    await withServer({}, async (port, taken) => {
      const failing = deliver(mail(port, ...credentials), bulletin(), never)
      await expect(failing).rejects.toThrow(/refuses user or password/)
      await expect(failing).rejects.not.toThrow(/wrong/)
      await deliver(mail(port, { user: 'winnow', tls: 'none' }, { password: 'right' }), bulletin(), never)
      expect(taken.map(({ user }) => user)).toEqual(['winnow'])
    })
    const onRcptTo: SMTPServerOptions['onRcptTo'] = (_address, _session, done) =>
      done(new Error('no such mailbox'))
    await withServer({ onRcptTo }, async (port) => {
      await expect(deliver(mail(port), bulletin(), never)).rejects.toThrow(
        /refuses the sender or a receiver.*no such mailbox/,
      )
    })
    await withServer({}, async (port) => {
      const url = `smtp://winnow:right@127.0.0.1:${port}`
      const byUrl = readChannel({
        kind: 'email',
        settings: { from: 'winnow@example.com', to: 'ann@example.com' },
        secrets: { url },
      })
      // No password goes over a line that is not encrypted, unless its owner says so.
      await expect(deliver(byUrl, bulletin(), never)).rejects.toThrow(/no TLS/)
    })
    await expect(deliver(mail(1), bulletin(), never)).rejects.toThrow('the connection was refused')
  })

  it('is encrypted, to a server that its certificate names', (context) => {
    context.skip(!has('openssl'), 'openssl is not here')
    return withFolder(async (folder) => {
      const made = makeCertificates(folder)
      const [ca, cert, key] = [made.ca, made.cert, made.key].map((file) => readFileSync(file, 'utf8'))
      if (ca === undefined || cert === undefined || key === undefined) throw new Error('no certificates')
      const signedIn = { user: 'winnow', host: 'localhost' }
      const right = { password: 'right' }
      await withServer({ key, cert }, async (port, taken) => {
        await deliver(mail(port, { ...signedIn, ca }, right), bulletin(), never)
        expect(taken.map(({ isSecure, user }) => [isSecure, user])).toEqual([[true, 'winnow']])
        await expect(deliver(mail(port, signedIn, right), bulletin(), never)).rejects.toThrow(/not trusted/)
      })
      await withServer({ key, cert, secure: true }, async (port, taken) => {
        await deliver(mail(port, { ...signedIn, ca, tls: 'tls' }, right), bulletin(), never)
        expect(taken.map(({ isSecure }) => isSecure)).toEqual([true])
        await expect(
          deliver(mail(port, { ...signedIn, tls: 'tls' }, right), bulletin(), never),
        ).rejects.toThrow(/not trusted/)
      })
    })
  })
})
