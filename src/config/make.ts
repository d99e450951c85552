/**
 * A configuration as it was written → as it is used.
 *
 * @module
 */
import { BlockList, isIP } from 'node:net'
import type { Config, ListenAddress } from './config.ts'
import { bytesOf, listenOf, type Written } from './schema.ts'

type Tls = NonNullable<Written['tls']>

/** The schema has checked that it is an address. */
const addressOf = (text: string | number | undefined, standard: string, tls?: Tls): ListenAddress => {
  const { host, port } = listenOf(String(text ?? standard)) ?? { host: '127.0.0.1', port: 0 }
  if (tls === undefined) return { host, port }
  const { client_ca: clientCa, ...pair } = tls
  return { host, port, tls: { ...pair, ...(clientCa === undefined ? {} : { clientCa }) } }
}

const size = (value: string | number | undefined, standard: number): number =>
  typeof value === 'number' ? value : ((value === undefined ? null : bytesOf(value)) ?? standard)

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine reaches an address. */
export const isLoopback = (host: string): boolean => {
  if (host === 'localhost') return true
  const version = isIP(host)
  return version !== 0 && loopback.check(host, version === 6 ? 'ipv6' : 'ipv4')
}

/** An object without what is undefined. */
const given = <T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  // Entries lose the types of the fields.
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

const intakeOf = ({ intake }: Written): Config['intake'] => {
  if (intake === null) return null
  const address = addressOf(intake?.listen, '127.0.0.1:8485', intake?.tls)
  return {
    ...address,
    requireKey: intake?.require_key ?? !isLoopback(address.host),
    maxBodyBytes: size(intake?.max_body, 100_000_000),
  }
}

const oidcOf = ({ oidc }: Written): Pick<Config, 'oidc'> => {
  if (oidc === undefined) return {}
  const { issuer, client_id: clientId, client_secret: clientSecret } = oidc
  return {
    oidc: {
      issuer,
      clientId,
      clientSecret,
      label: oidc.label ?? 'Sign in with SSO',
      ...given({ rolesClaim: oidc.roles_claim, roles: oidc.roles }),
      defaultRole: oidc.default_role ?? 'none',
    },
  }
}

const standardMemory = 2_000_000_000
const standardSpool = 10_000_000_000

/** Fills in what was left out. */
export const makeConfig = (written: Written): Config => ({
  data: written.data,
  listen: addressOf(written.listen, '127.0.0.1:8484', written.tls),
  intake: intakeOf(written),
  files: (written.files ?? []).map(({ name, paths, time_zone: timeZone, format, from }) => ({
    name,
    paths,
    ...given({ format, from, timeZone }),
  })),
  syslog: (written.syslog ?? []).map(({ name, protocol, listen, tls, format, time_zone: timeZone }) => ({
    name,
    protocol,
    listen: addressOf(listen, '127.0.0.1:5514', tls),
    ...given({ format, timeZone }),
  })),
  ownNetworks: written.own_networks ?? [],
  spool: { maxBytes: size(written.spool?.max, standardSpool) },
  memoryBytes: size(written.memory, standardMemory),
  budgetPerDay: written.budget_per_day ?? 5,
  retention: {
    days: written.retention?.days ?? 90,
    bytes: written.retention?.size === undefined ? null : size(written.retention.size, 0),
  },
  detectors: { off: written.detectors?.off ?? [] },
  lists: { categories: written.lists?.categories ?? [], reputation: written.lists?.reputation ?? [] },
  session: { hours: written.session?.hours ?? 12 },
  log: {
    level: written.log?.level ?? 'info',
    format: written.log?.format ?? (process.stderr.isTTY ? 'text' : 'json'),
  },
  ...oidcOf(written),
  ...(written.backup === undefined
    ? {}
    : { backup: { folder: written.backup.folder, ...given({ keep: written.backup.keep }) } }),
  ...given({
    url: written.url,
    timeZone: written.time_zone,
    store: written.store,
    threads: written.threads,
    geoip: written.geoip,
    assets: written.assets,
    peers: written.peers,
    trustedProxies: written.trusted_proxies,
  }),
  ...(written.engine === undefined
    ? {}
    : {
        engine: {
          kind: 'cluster' as const,
          urls: written.engine.urls,
          ...given({ ...written.engine, urls: undefined }),
        },
      }),
})
