/**
 * The configuration file as people write it: what may stand in it, what it means, and what holds where nothing is said. The JSON
 * schema for editors and the reference page are made of this.
 *
 * @module
 */
import { isIP } from 'node:net'
import { z } from 'zod'

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

/** "20GB" → bytes; null where it is no size. */
export const bytesOf = (text: string): number | null => {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text.trim()) ?? []
  const factor = units[unit.toLowerCase()]
  return amount === undefined || factor === undefined ? null : Math.floor(Number(amount) * factor)
}

/** "127.0.0.1:8484", "[::1]:8484", "8484" (loopback) → host and port; null where it is no address. */
export const listenOf = (text: string): { readonly host: string; readonly port: number } | null => {
  const [, inBrackets, plain, digits = ''] =
    /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text.trim()) ?? []
  const port = Number(digits)
  if (digits === '' || port > 65_535 || (inBrackets !== undefined && isIP(inBrackets) !== 6)) return null
  return { host: inBrackets ?? plain ?? '127.0.0.1', port }
}

const size = z
  .union([z.number().int().positive(), z.string()])
  .refine(
    (value) => typeof value === 'number' || bytesOf(value) !== null,
    'write a size such as 20GB or 500MB',
  )

const address = z
  .union([z.string(), z.number().int().min(0).max(65_535)])
  .refine(
    (value) => listenOf(String(value)) !== null,
    'write an address and a port, such as 127.0.0.1:8484 or [::1]:8484',
  )

const file = z.string().min(1)

const isNetwork = (text: string): boolean => {
  const [address = '', prefix, ...more] = text.split('/')
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return (
    bits >= 0 &&
    more.length === 0 &&
    (prefix === undefined || /^\d{1,3}$/.test(prefix)) &&
    Number(prefix ?? 0) <= bits
  )
}

const network = z
  .string()
  .refine(isNetwork, 'write an address or a network, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32')

const tls = z.strictObject({
  cert: file.describe('The certificate and its chain: a PEM file.'),
  key: file.describe('The private key: a PEM file.'),
  client_ca: file
    .optional()
    .describe('Only clients with a certificate of this authority may connect: a PEM file.'),
})

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format() !== ''
  } catch {
    return false
  }
}

const timeZone = z
  .string()
  .refine(isZone, 'write a time zone such as Europe/Zurich or UTC')
  .describe('The zone of times that name none. Default: UTC.')

const name = z.string().min(1).max(200)
const format = z
  .string()
  .min(1)
  .describe('The id of a parser, where the format is not to be detected; see `winnow parsers`.')

const role = z.enum(['administrator', 'analyst', 'viewer'])

export const configSchema = z.strictObject({
  data: file.describe('The folder in which everything is kept: events, intake, work state.'),
  listen: address.optional().describe('Where the console and the API listen. Default: 127.0.0.1:8484.'),
  tls: tls.optional().describe('Encrypts the console and the API.'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where people reach the console, for links in messages.'),
  intake: z
    .strictObject({
      listen: address.optional().describe('Where logs are sent by HTTP. Default: 127.0.0.1:8485.'),
      tls: tls.optional().describe('Encrypts it.'),
      require_key: z
        .boolean()
        .optional()
        .describe('Whether senders need a key. Default: yes, unless it listens on the loopback only.'),
      max_body: size.optional().describe('The largest body that is taken. Default: 100MB.'),
    })
    .nullable()
    .optional()
    .describe(
      'Logs sent by HTTP: Elasticsearch bulk, Splunk HEC, Loki, OTLP, plain lines. `null`: none are taken.',
    ),
  files: z
    .array(
      z.strictObject({
        name: name.describe('What it is called where it is shown.'),
        paths: z.array(file).min(1).describe('Files, folders, globs.'),
        format: format.optional(),
        time_zone: timeZone.optional(),
        from: z
          .enum(['beginning', 'end'])
          .optional()
          .describe('Whether what is there already is read, or only what comes. Default: beginning.'),
      }),
    )
    .optional()
    .describe('Files that are followed.'),
  syslog: z
    .array(
      z
        .strictObject({
          name: name.describe('What it is called where it is shown.'),
          protocol: z.enum(['udp', 'tcp', 'tls']).describe('How it is sent.'),
          listen: address.describe('Where it listens.'),
          tls: tls.optional().describe('For `protocol: tls`.'),
          format: format.optional(),
          time_zone: timeZone.optional(),
        })
        .refine(({ protocol, tls: pair }) => protocol !== 'tls' || pair !== undefined, {
          path: ['protocol'],
          message: 'tls needs a certificate: add tls with cert and key',
        }),
    )
    .optional()
    .describe('Syslog that is listened to.'),
  own_networks: z
    .array(network)
    .optional()
    .describe('Networks of the organisation beside the private ones, such as 192.0.2.0/24.'),
  trusted_proxies: z
    .array(network)
    .optional()
    .describe(
      'Reverse proxies in front of the console that are believed when they say who asks (`X-Forwarded-For`). Default: none.',
    ),
  time_zone: timeZone.optional(),
  engine: z
    .strictObject({
      urls: z
        .array(z.url({ protocol: /^https?$/ }))
        .min(1)
        .describe('HTTP addresses of all nodes.'),
      cluster: z
        .string()
        .optional()
        .describe("Its name in the servers' `remote_servers`. Without: a single server."),
      database: z.string().optional().describe('Default: default.'),
      username: z.string().optional().describe('Default: default.'),
      password: z
        .string()
        .optional()
        .describe('Better from the environment: `WINNOW_ENGINE__PASSWORD_FILE`.'),
    })
    .optional()
    .describe('A ClickHouse server or cluster in place of the engine inside the process.'),
  store: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'write a URL such as postgresql://user:password@host/winnow')
    .optional()
    .describe('A PostgreSQL for the work state. Default: kept in the data folder.'),
  spool: z
    .strictObject({ max: size.optional().describe('The most that may wait to be read. Default: 10GB.') })
    .optional()
    .describe('What was taken in and is not read yet.'),
  memory: size.optional().describe('The most the engine may hold. Default: 2GB.'),
  threads: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .optional()
    .describe('Threads for each query. Default: all cores.'),
  budget_per_day: z
    .number()
    .min(0.1)
    .max(10_000)
    .optional()
    .describe('How many incidents a day the team can read. Default: 5.'),
  retention: z
    .strictObject({
      days: z.number().int().min(1).max(36_500).optional().describe('Events are kept so long. Default: 90.'),
      size: size
        .optional()
        .describe('The oldest events go when they take more room than this. Default: no limit.'),
    })
    .optional()
    .describe('How long events are kept.'),
  detectors: z
    .strictObject({
      off: z
        .array(z.string())
        .optional()
        .describe('Ids of detectors that do not run, unless the console switches them on.'),
    })
    .optional()
    .describe('Which detectors run.'),
  geoip: file.optional().describe("A database of places in MaxMind's format (.mmdb)."),
  assets: file
    .optional()
    .describe('A file of what machines and people are worth, for the risk: `entity,weight` a line.'),
  peers: file
    .optional()
    .describe('A file of who is compared with whom: `entity,group` a line. Default: that is learned.'),
  lists: z
    .strictObject({
      categories: z.array(file).optional().describe('Files of domain categories.'),
      reputation: z.array(file).optional().describe('Files of known bad domains, addresses and networks.'),
    })
    .optional()
    .describe('Lists of your own.'),
  oidc: z
    .strictObject({
      issuer: z.url({ protocol: /^https?$/ }).describe('The address of the identity provider.'),
      client_id: z.string().min(1).describe('As it knows Winnow.'),
      client_secret: z
        .string()
        .min(1)
        .describe('Better from the environment: `WINNOW_OIDC__CLIENT_SECRET_FILE`.'),
      label: z.string().optional().describe('What the button says. Default: Sign in with SSO.'),
      roles_claim: z.string().optional().describe('The claim that holds groups.'),
      roles: z.record(z.string(), role).optional().describe('Which group has which role.'),
      default_role: z
        .enum(['administrator', 'analyst', 'viewer', 'none'])
        .optional()
        .describe('The role of who is in no such group; none refuses them. Default: none.'),
    })
    .optional()
    .describe('Sign-in elsewhere, by OpenID Connect.'),
  backup: z
    .strictObject({
      folder: file.describe('Each backup is a folder in this one.'),
      keep: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .describe('Older ones are removed. Default: all stay.'),
    })
    .optional()
    .describe('Where the backups go that the server makes while it runs; see `winnow backup --server`.'),
  session: z
    .strictObject({
      hours: z.number().min(0.1).max(720).optional().describe('Sessions end after so long. Default: 12.'),
    })
    .optional()
    .describe('Who is signed in.'),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).optional().describe('Default: info.'),
      format: z.enum(['json', 'text']).optional().describe('Default: json; text on a terminal.'),
    })
    .optional()
    .describe("Winnow's own log, on standard error."),
})

export type Written = z.infer<typeof configSchema>
