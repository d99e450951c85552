/**
 * Syslog over UDP, TCP and TLS → spool. Messages are kept as they come; the parsers know their forms.
 *
 * @module
 */
import type { Logger } from 'pino'
import type { SyslogSource } from '../../config/config.ts'
import type { Spool, Stream } from '../../spool/spool.ts'
import { listenDatagrams } from './datagrams.ts'
import { listenStreams } from './streams.ts'

export interface SyslogStats {
  /** Messages taken into the spool. */
  readonly lines: number
  /** Messages that were longer than allowed: their beginning was taken. */
  readonly cut: number
  /** Messages that came faster than they could be stored, of which nothing is left: UDP only. */
  readonly dropped: number
  readonly connections: number
  /** Connections that were turned away because there were too many. */
  readonly refused: number
}

export interface Syslog {
  readonly port: number
  stats(): SyslogStats
  /** Takes what has arrived, and ends. */
  close(): Promise<void>
}

export interface SyslogLimits {
  /** Bytes of a message; the rest is cut off. Default 65,536. */
  readonly longest: number
  /** Default 1000. */
  readonly connections: number
  /** A connection that says nothing for so long is closed. Default one hour. */
  readonly idleMs: number
  /** What UDP may hold while it is being stored, in bytes. Default 16,000,000. */
  readonly waitingBytes: number
}

export interface SyslogOptions {
  readonly source: SyslogSource
  readonly spool: Spool
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly limits?: Partial<SyslogLimits>
}

/** What both kinds of listeners work with. */
export interface Listening {
  readonly source: SyslogSource
  readonly stream: Stream
  readonly spool: Spool
  readonly log: SyslogOptions['log']
  readonly limits: SyslogLimits
}

const defaults: SyslogLimits = {
  longest: 65_536,
  connections: 1000,
  idleMs: 3_600_000,
  waitingBytes: 16_000_000,
}

/** @throws AppError `cannot-listen` */
export const startSyslog = (options: SyslogOptions): Promise<Syslog> => {
  const { source, spool, log } = options
  const stream: Stream = {
    name: source.name,
    kind: 'syslog',
    ...(source.format === undefined ? {} : { format: source.format }),
    ...(source.timeZone === undefined ? {} : { timeZone: source.timeZone }),
  }
  const listening = { source, stream, spool, log, limits: { ...defaults, ...options.limits } }
  return source.protocol === 'udp' ? listenDatagrams(listening) : listenStreams(listening)
}
