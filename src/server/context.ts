/**
 * What the routes are given.
 *
 * @module
 */
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'
import type { Bus } from '../bus.ts'
import type { Config } from '../config/config.ts'
import type { Detector } from '../detect/detector.ts'
import type { Engine } from '../engine/engine.ts'
import type { Live } from '../live/live.ts'
import type { Store } from '../store/store.ts'
import type { Premises } from '../triage/identity.ts'
import type { BackupRow, LiveEvent, SourceRow, Today } from '../api/api.ts'

/** An app whose routes are typed by their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** What live detection says of itself. */
export interface LiveStatus extends Pick<Live, 'states'> {
  /** Sources that should send and don't, and who sees nothing therefore. */
  readonly silent?: () => Today['silent']
}

export interface Context {
  readonly engine: Engine
  readonly store: Store
  readonly config: Config
  readonly bus: Bus<LiveEvent>
  readonly detectors: readonly Detector[]
  /** As live detection has them: who changes incidents by hand tells them by the same. */
  readonly premises: Premises
  readonly log: FastifyBaseLogger
  readonly sources: () => readonly SourceRow[] | Promise<readonly SourceRow[]>
  readonly live?: LiveStatus
  /** How full the spool is. */
  readonly spool?: { stats(): { readonly bytes: number; readonly maxBytes: number } }
  readonly notify?: { readonly test: (channelId: string) => Promise<{ readonly error: string | null }> }
  /** Called after settings or a detector's switches changed. */
  readonly settingsChanged?: () => void
  /** Where the parts of the process keep their metrics; absent: one of the API alone. */
  readonly metrics?: Registry
  /** Makes backups while the server runs; absent: there are none. */
  readonly backups?: {
    readonly start: () => BackupRow
    readonly list: () => Promise<readonly BackupRow[]>
  }
  /** Logs of an example, replayed. */
  readonly demo?: boolean
  /** Proxies that say truly who asks (`X-Forwarded-For`): addresses and networks. Default: nobody is believed. */
  readonly trustedProxies?: readonly string[]
  /** Where the built console lies. Default: beside the program. */
  readonly consoleFolder?: string
  /** What one address may ask for. Default 3000. */
  readonly requestsPerMinute?: number
  /** Ms since 1970. Default: the clock. */
  readonly now?: () => number
}

/** What is over before its time: a session, all of a user's, or the server. */
export type Ended = { readonly session: string } | { readonly user: string } | { readonly server: true }

/** What the app's own routes are given beside. */
export interface Running extends Context {
  readonly now: () => number
  readonly ended: Bus<Ended>
}
