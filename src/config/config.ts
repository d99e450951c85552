/**
 * A server's configuration as data. `read-config.ts` makes it from a file and the environment.
 *
 * @module
 */
import type { EngineConfig } from '../engine/open.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
  /** PEM files; absent: plain. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string }
}

/** Files that are followed. */
export interface FileSource {
  readonly name: string
  /** Files, folders and globs. */
  readonly paths: readonly string[]
  readonly format?: string
  readonly timeZone?: string
  /** Read what is there already, or only what comes. Default `beginning`. */
  readonly from?: 'beginning' | 'end'
}

export interface SyslogSource {
  readonly name: string
  readonly protocol: 'udp' | 'tcp' | 'tls'
  readonly listen: ListenAddress
  readonly format?: string
  readonly timeZone?: string
}

export interface OidcConfig {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly label: string
  /** Which claim holds groups, and which group gives which role; who has none is a viewer, or refused. */
  readonly rolesClaim?: string
  readonly roles?: Readonly<Record<string, 'administrator' | 'analyst' | 'viewer'>>
  readonly defaultRole?: 'administrator' | 'analyst' | 'viewer' | 'none'
}

export interface Config {
  /** Everything is kept here: events, intake, work state. */
  readonly data: string
  readonly engine?: EngineConfig
  /** A `postgresql://` URL; absent: PGlite in the data folder. */
  readonly store?: string
  /** The console and the API. */
  readonly listen: ListenAddress
  /** Where people reach the console, for links in messages: `https://winnow.example.com`. */
  readonly url?: string
  /** Where logs are sent by HTTP; null: nowhere. */
  readonly intake: (ListenAddress & { readonly requireKey: boolean; readonly maxBodyBytes: number }) | null
  readonly files: readonly FileSource[]
  readonly syslog: readonly SyslogSource[]
  readonly ownNetworks: readonly string[]
  /** Proxies that are believed who asks (`X-Forwarded-For`): addresses and networks. Absent: none. */
  readonly trustedProxies?: readonly string[]
  readonly timeZone?: string
  readonly spool: { readonly maxBytes: number }
  readonly memoryBytes: number
  readonly threads?: number
  readonly budgetPerDay: number
  readonly retention: { readonly days: number; readonly bytes: number | null }
  readonly detectors: { readonly off: readonly string[] }
  readonly geoip?: string
  /** A file of what machines and people are worth. */
  readonly assets?: string
  /** A file of who is compared with whom. */
  readonly peers?: string
  /** Where backups go that the server makes itself, and how many stay; absent: it makes none. */
  readonly backup?: { readonly folder: string; readonly keep?: number }
  readonly lists: { readonly categories: readonly string[]; readonly reputation: readonly string[] }
  readonly oidc?: OidcConfig
  readonly session: { readonly hours: number }
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'json' | 'text' }
}
