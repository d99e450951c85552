/** What a line does not say and its reader must be told. */
export interface ParseContext {
  /** The zone of times that name none: an IANA name. Default UTC. */
  readonly timeZone: string
  /** The log was written before this moment (ms since 1970, UTC): gives RFC 3164 times their year. */
  readonly writtenBeforeMs: number
  /** Header lines of the file, in order, for formats whose columns are named in it. `line` counts from 0. */
  readonly headers: readonly { readonly line: number; readonly names: readonly string[] }[]
}

export const defaultContext: ParseContext = {
  timeZone: 'UTC',
  writtenBeforeMs: Date.UTC(2100, 0, 1),
  headers: [],
}
