import { privateNetworks } from '../addresses/networks.ts'

/** Header lines of a file: which columns the lines after them have. */
export interface Header {
  /** From where on it is in force, counted from 0. */
  readonly line: number
  readonly names: readonly string[]
  /** What a block of Zeek's header lines says beside the columns. */
  readonly zeek?: ZeekHeader
}

export interface ZeekHeader {
  readonly separator: string
  /** What is written where there is no value. */
  readonly unset: string
  /** What is written for a text or a set that is there, but empty. */
  readonly empty: string
  /** The kind of log: conn, dns … */
  readonly path: string
  /** When the log was begun, as it is written; empty where it does not say. */
  readonly open: string
}

/** What a line does not say and its reader must be told. */
export interface ParseContext {
  /** The zone of times that name none: an IANA name. Default UTC. */
  readonly timeZone: string
  /** The log was written before this moment (ms since 1970, UTC): gives RFC 3164 times their year. */
  readonly writtenBeforeMs: number
  /** Header lines of the file, in order, for formats whose columns are named in it. */
  readonly headers: readonly Header[]
  /** The only keys that the JSON lines at hand have, nested ones as `a.b`, where that is known: of a sample. */
  readonly jsonKeys?: ReadonlySet<string>
  /** The organisation's own networks, in CIDR notation: they tell outbound from inbound. */
  readonly ownNetworks: readonly string[]
}

export const defaultContext: ParseContext = {
  timeZone: 'UTC',
  writtenBeforeMs: Date.UTC(2100, 0, 1),
  headers: [],
  ownNetworks: privateNetworks,
}
