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

export const channelKinds: Readonly<
  Record<Channel['kind'], { readonly label: string; readonly fields: readonly ChannelField[] }>
> = {
  email: {
    label: 'E-mail',
    fields: [
      { name: 'to', label: 'To', about: 'Addresses, with commas between', required: true },
      { name: 'from', label: 'From', required: true },
      { name: 'host', label: 'Mail server', required: true },
      { name: 'port', label: 'Port', about: '465 for TLS, 587 for STARTTLS', number: true },
      { name: 'user', label: 'User' },
      { name: 'password', label: 'Password', secret: true },
    ],
  },
  slack: {
    label: 'Slack, Mattermost',
    fields: [
      { name: 'url', label: 'Webhook address', about: 'An incoming webhook', secret: true, required: true },
    ],
  },
  webhook: {
    label: 'Webhook',
    fields: [
      { name: 'url', label: 'Address', required: true },
      { name: 'secret', label: 'Secret', about: 'Each message is signed with it', secret: true },
    ],
  },
  syslog: {
    label: 'Syslog',
    fields: [
      { name: 'host', label: 'Host', required: true },
      { name: 'port', label: 'Port', number: true, required: true },
      { name: 'protocol', label: 'Protocol', choices: ['udp', 'tcp', 'tls'] },
      { name: 'format', label: 'Format', choices: ['cef', 'json'] },
    ],
  },
}
