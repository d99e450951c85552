/**
 * What each kind of channel is set up with: checked when it is given, and read when something is sent.
 *
 * @module
 */
import { isIP } from 'node:net'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Channel } from '../api/api.ts'

type Values = Channel['settings']

const yes = z
  .union([z.boolean(), z.enum(['yes', 'no', 'true', 'false'])])
  .transform((value) => value === true || value === 'yes' || value === 'true')

const whole = (least: number, most: number) =>
  z
    .union([z.number(), z.string().regex(/^\d{1,6}$/, 'is not a whole number')])
    .transform(Number)
    .pipe(z.number().int().min(least).max(most))

const line = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .refine((value) => !/\p{Cc}/u.test(value), 'must not hold control characters')

const host = line(253).refine(
  (value) => isIP(value) !== 0 || /^(?!-)[\w-]+(?:\.[\w-]+)*\.?$/.test(value),
  'is not the name or address of a host',
)

const webUrl = line(2000).refine((value) => {
  const url = URL.canParse(value) ? new URL(value) : null
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.username + url.password === ''
}, 'is not an http or https address without a password in it')

const pem = z
  .string()
  .max(20_000)
  .refine((value) => /^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/.test(value), {
    message: 'is not a certificate in PEM',
  })

/** An address, alone or behind a name: `Winnow <winnow@example.com>`. */
const mailbox = (text: string): { readonly name: string; readonly address: string } | null => {
  const [, name = '', inside] = /^([^<>"\\]*)<([^<>]*)>$/.exec(text.trim()) ?? []
  const address = (inside ?? text).trim()
  return /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(address) ? { name: name.trim(), address } : null
}

const mostReceivers = 50

const receivers = line(2000).transform((text, context) => {
  const parts = text.split(/[,;]/).filter((part) => part.trim() !== '')
  const found = parts.flatMap((part) => mailbox(part) ?? [])
  if (found.length === parts.length && found.length > 0 && found.length <= mostReceivers) return found
  context.addIssue('are not mail addresses with commas between')
  return z.NEVER
})

const sender = line(300).transform((text, context) => {
  const found = mailbox(text)
  if (found !== null) return found
  context.addIssue('is not a mail address')
  return z.NEVER
})

const shared = {
  /** Messages an hour. */
  perHour: whole(1, 60).default(20),
  /** Whether messages hold lines of logs. */
  includeLines: yes.default(false),
}

const web = {
  /** Whether it may lead to this machine or its own link. */
  allowLocal: yes.default(false),
  ca: pem.optional(),
}

const smtpUrl = line(2000).refine(
  (value) =>
    URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol) && new URL(value).hostname !== '',
  'is not an address such as smtps://user:password@mail.example.com',
)

const kinds = {
  email: {
    settings: z.strictObject({
      ...shared,
      to: receivers,
      from: sender,
      host: host.optional(),
      port: whole(1, 65_535).optional(),
      user: line(300).optional(),
      tls: z.enum(['auto', 'starttls', 'tls', 'none']).default('auto'),
      ca: pem.optional(),
    }),
    secrets: z.strictObject({ password: z.string().max(1000).optional(), url: smtpUrl.optional() }),
  },
  slack: {
    settings: z.strictObject({ ...shared, ...web }),
    // Whoever knows the address may write there.
    secrets: z.strictObject({ url: webUrl.optional() }),
  },
  webhook: {
    settings: z.strictObject({ ...shared, ...web, url: webUrl.optional() }),
    secrets: z.strictObject({
      url: webUrl.optional(),
      secret: z.string().min(8, 'is shorter than 8 characters').max(1000).optional(),
      authorization: line(2000)
        .refine((value) => /^[\x20-\x7e]*$/.test(value), 'holds what a header cannot')
        .optional(),
    }),
  },
  syslog: {
    settings: z.strictObject({
      ...shared,
      host,
      port: whole(1, 65_535).optional(),
      protocol: z.enum(['udp', 'tcp', 'tls']).default('udp'),
      format: z.enum(['cef', 'json']).default('cef'),
      header: z.enum(['rfc5424', 'rfc3164']).default('rfc5424'),
      framing: z.enum(['octets', 'lines']).optional(),
      facility: whole(0, 23).default(16),
      ca: pem.optional(),
    }),
    secrets: z.strictObject({}),
  },
} as const

/** A field that was emptied is one that is not given. */
const filled = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))

const parsed = <T>(schema: z.ZodType<T>, values: Values): T => {
  const result = schema.safeParse(filled(values))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const place = issue?.path.join('.') ?? ''
  const problem = `${place === '' ? '' : `${place}: `}${issue?.message ?? 'not valid'}`
  throw new AppError('invalid-request', { problem })
}

const need = <T>(value: T | undefined, name: string): T => {
  if (value !== undefined) return value
  throw new AppError('invalid-request', { problem: `${name}: is missing` })
}

interface Given {
  readonly kind: Channel['kind']
  readonly settings: Values
  readonly secrets: Values
}

const smtpOf = (address: string | undefined) => {
  if (address === undefined) return null
  const url = new URL(address)
  const isTls = url.protocol === 'smtps:'
  const port = url.port === '' ? (isTls ? 465 : 587) : Number(url.port)
  const decoded = (text: string): string | undefined => (text === '' ? undefined : decodeURIComponent(text))
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    user: decoded(url.username),
    password: decoded(url.password),
    ...(isTls ? { tls: 'tls' as const } : {}),
  }
}

const email = ({ settings, secrets }: Given) => {
  const { host, port = 587, tls, ...rest } = parsed(kinds.email.settings, settings)
  const { password, url } = parsed(kinds.email.secrets, secrets)
  const own = smtpOf(url)
  return {
    kind: 'email' as const,
    ...rest,
    host: need(host ?? own?.host, 'host'),
    port,
    password,
    // 465 is TLS from the first byte on (RFC 8314).
    tls: tls === 'auto' && port === 465 ? ('tls' as const) : tls,
    ...(host === undefined && own !== null ? own : {}),
  }
}

const slack = ({ settings, secrets }: Given) => ({
  kind: 'slack' as const,
  ...parsed(kinds.slack.settings, settings),
  url: need(parsed(kinds.slack.secrets, secrets).url, 'url'),
})

const webhook = ({ settings, secrets }: Given) => {
  const { url, ...rest } = parsed(kinds.webhook.settings, settings)
  const { url: secretUrl, ...signing } = parsed(kinds.webhook.secrets, secrets)
  return { kind: 'webhook' as const, ...rest, ...signing, url: need(secretUrl ?? url, 'url') }
}

const usualPorts = { udp: 514, tcp: 514, tls: 6514 } as const

const syslog = ({ settings, secrets }: Given) => {
  const { port, framing, ...rest } = parsed(kinds.syslog.settings, settings)
  parsed(kinds.syslog.secrets, secrets)
  const { protocol } = rest
  return {
    kind: 'syslog' as const,
    ...rest,
    port: port ?? usualPorts[protocol],
    // RFC 5425 counts; most that take TCP read lines.
    framing: framing ?? (protocol === 'tls' ? ('octets' as const) : ('lines' as const)),
  }
}

const readers = { email, slack, webhook, syslog } as const

/** A channel as it is sent to: what was given, with all that was not. @throws AppError `invalid-request` */
export const readChannel = (given: Given) => readers[given.kind](given)

export type Destination = ReturnType<typeof readChannel>

/** Where it leads, and what keeps others from reading along. */
const ways = ['host', 'port', 'url', 'tls', 'ca'] as const

/**
 * Checks what a channel would be after a change. Secrets never leave the server, nor may they be sent to another: whoever changes
 * where a channel leads gives them anew.
 *
 * @throws AppError `invalid-request`
 */
export const checkChannelChange = (
  before: Given,
  change: { readonly settings?: Values | undefined; readonly secrets?: Values | undefined },
): void => {
  const { settings = {}, secrets = {} } = change
  const differs = (was: Values, now: Values, way: string): boolean =>
    way in now && String(now[way]) !== String(was[way] ?? '')
  const changed = ways.find(
    (way) => differs(before.settings, settings, way) || differs(before.secrets, secrets, way),
  )
  const kept = Object.keys(filled(before.secrets)).find((name) => !(name in secrets))
  if (changed !== undefined && kept !== undefined)
    throw new AppError('invalid-request', {
      problem: `${kept}: is to be given again, since ${changed} changes`,
    })
  readChannel({
    kind: before.kind,
    settings: { ...before.settings, ...settings },
    secrets: { ...before.secrets, ...secrets },
  })
}
