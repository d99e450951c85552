/**
 * What each kind of channel is told, and which of it is secret: secrets are given to the server and never come back.
 *
 * @module
 */
import type { Channel } from '../../../src/api/api.ts'

export interface ChannelField {
  readonly name: string
  readonly label: string
  readonly about?: string
  readonly secret?: boolean
  readonly required?: boolean
  readonly number?: boolean
  readonly choices?: readonly string[]
}

/** What every kind has. */
const shared: readonly ChannelField[] = [
  { name: 'perHour', label: 'Messages an hour, at most', about: '20 where nothing is said', number: true },
  {
    name: 'includeLines',
    label: 'Lines of logs in messages',
    about: 'They then leave this server',
    choices: ['no', 'yes'],
  },
]

/** Webhooks to this machine or its link are refused unless they are meant. */
const allowLocal: ChannelField = {
  name: 'allowLocal',
  label: 'May lead to this machine or its own link',
  choices: ['no', 'yes'],
}

export const channelKinds: Readonly<
  Record<Channel['kind'], { readonly label: string; readonly fields: readonly ChannelField[] }>
> = {
  email: {
    label: 'E-mail',
    fields: [
      { name: 'to', label: 'To', about: 'Addresses, with commas between', required: true },
      { name: 'from', label: 'From', required: true },
      { name: 'host', label: 'Mail server', required: true },
      { name: 'port', label: 'Port', number: true },
      { name: 'tls', label: 'Encryption', choices: ['auto', 'starttls', 'tls', 'none'] },
      { name: 'user', label: 'User' },
      { name: 'password', label: 'Password', secret: true },
      ...shared,
    ],
  },
  slack: {
    label: 'Slack, Mattermost',
    fields: [
      { name: 'url', label: 'Webhook address', about: 'An incoming webhook', secret: true, required: true },
      allowLocal,
      ...shared,
    ],
  },
  webhook: {
    label: 'Webhook',
    fields: [
      { name: 'url', label: 'Address', required: true },
      {
        name: 'secret',
        label: 'Secret',
        about: 'Each message is signed with it; at least 8 characters',
        secret: true,
      },
      { name: 'authorization', label: 'Authorization header', secret: true },
      allowLocal,
      ...shared,
    ],
  },
  syslog: {
    label: 'Syslog',
    fields: [
      { name: 'host', label: 'Host', required: true },
      { name: 'port', label: 'Port', number: true },
      { name: 'protocol', label: 'Protocol', choices: ['udp', 'tcp', 'tls'] },
      { name: 'format', label: 'Format', choices: ['cef', 'json'] },
      { name: 'header', label: 'Header', choices: ['rfc5424', 'rfc3164'] },
      ...shared,
    ],
  },
}
