import { describe, expect, it } from 'vitest'
import { checkChannelChange, readChannel } from '../../src/notify/channel-settings.ts'

const email = {
  kind: 'email',
  settings: { to: 'a@example.com', from: 'w@example.com', host: 'mail.example.com' },
  secrets: {},
} as const
const webhook = {
  kind: 'webhook',
  settings: { url: 'https://example.com/hook' },
  secrets: { secret: 'a secret of ours' },
} as const

describe('the settings of a channel', () => {
  it('are filled up with what is usual', () => {
    expect(readChannel(email)).toMatchObject({
      port: 587,
      tls: 'auto',
      perHour: 20,
      includeLines: false,
      to: [{ name: '', address: 'a@example.com' }],
    })
    expect(readChannel({ ...email, settings: { ...email.settings, port: 465 } })).toMatchObject({
      tls: 'tls',
    })
    expect(
      readChannel({ kind: 'syslog', settings: { host: '192.0.2.5', protocol: 'tls' }, secrets: {} }),
    ).toMatchObject({
      port: 6514,
      framing: 'octets',
      format: 'cef',
      header: 'rfc5424',
      facility: 16,
    })
    const url = 'smtps://winnow:p%40ss@mail.example.com'
    const byUrl = {
      kind: 'email',
      settings: { to: 'a@example.com', from: 'w@example.com' },
      secrets: { url },
    } as const
    expect(readChannel(byUrl)).toMatchObject({
      host: 'mail.example.com',
      port: 465,
      user: 'winnow',
      password: 'p@ss',
      tls: 'tls',
    })
  })

  it('are taken as a form sends them', () => {
    const settings = { ...email.settings, port: '25', includeLines: 'yes', user: '' }
    expect(readChannel({ ...email, settings })).toMatchObject({ port: 25, includeLines: true })
  })

  it.for([
    ['host: is missing', { ...email, settings: { to: 'a@example.com', from: 'w@example.com' } }],
    [
      'to: are not mail addresses',
      { ...email, settings: { ...email.settings, to: 'a@example.com, nobody' } },
    ],
    [
      'control characters',
      { ...email, settings: { ...email.settings, from: 'w@example.com\r\nBcc: x@example.com' } },
    ],
    [
      'from: is not a mail address',
      { ...email, settings: { ...email.settings, from: 'w@example.com> <x@example.com' } },
    ],
    ['Unrecognized key', { ...email, settings: { ...email.settings, password: 'x' } }],
    ['host: is not the name', { ...email, settings: { ...email.settings, host: 'mail.example.com/x' } }],
    ['url: is not an http', { ...webhook, settings: { url: 'file:///etc/passwd' } }],
    ['url: is not an http', { ...webhook, settings: { url: 'https://user:password@example.com/' } }],
    ['url: is missing', { kind: 'slack', settings: {}, secrets: {} }],
    ['secret: is shorter', { ...webhook, secrets: { secret: 'short' } }],
    ['authorization', { ...webhook, secrets: { authorization: 'a\nb: c' } }],
    ['facility', { kind: 'syslog', settings: { host: 'example.com', facility: 24 }, secrets: {} }],
    ['perHour', { ...webhook, settings: { ...webhook.settings, perHour: 1e9 } }],
    ['ca: is not a certificate', { ...webhook, settings: { ...webhook.settings, ca: '/etc/ssl/cert.pem' } }],
  ] as const)('are refused with what is wrong: %s', ([problem, given]) => {
    expect(() => readChannel(given)).toThrow(problem)
  })

  it('do not take a secret along to where it was not given for', () => {
    const moved = { settings: { url: 'https://example.net/hook' } }
    expect(() => checkChannelChange(webhook, moved)).toThrow(
      'secret: is to be given again, since url changes',
    )
    expect(() =>
      checkChannelChange(webhook, { ...moved, secrets: { secret: 'another secret' } }),
    ).not.toThrow()
    expect(() => checkChannelChange(webhook, { settings: { ...webhook.settings, perHour: 5 } })).not.toThrow()
    expect(() => checkChannelChange({ ...webhook, secrets: {} }, moved)).not.toThrow()
    expect(() => checkChannelChange(webhook, { secrets: { url: 'https://example.net/hook' } })).toThrow(
      'again',
    )
    expect(() => checkChannelChange(webhook, { settings: { perHour: 0 } })).toThrow('perHour')
    const mail = { ...email, settings: { ...email.settings, port: 25 }, secrets: { password: 'x' } }
    expect(() => checkChannelChange(mail, { settings: { port: '25', to: 'b@example.com' } })).not.toThrow()
    expect(() => checkChannelChange(mail, { settings: { tls: 'none' } })).toThrow(
      'password: is to be given again',
    )
  })
})
