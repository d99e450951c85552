/**
 * One followed log: what stands under its name now, and what stood there before.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { FileSource } from '../../config/config.ts'
import type { Stream } from '../../spool/spool.ts'
import type { Sink } from '../append-patiently.ts'
import type { Generation, Position } from './position.ts'

/** Why nothing is read of a file; null where it is read. */
export type Unread =
  | null
  /** There is no such file, or not yet. */
  | 'missing'
  /** Its lines are read under another name, or were. */
  | 'known'
  /** Told in `problem`. */
  | 'unreadable'

export interface Log {
  readonly path: string
  /** The name that it shares with its rotated files. */
  readonly base: string
  source: FileSource
  /** Otherwise it is no more than remembered: no source names it, or it is a link to a file that is followed itself. */
  isFollowed: boolean
  /** Null before any of it was read. */
  position: Position | null
  /** Of what stands under its name. */
  handle: { readonly file: FileHandle; readonly inode: string } | null
  /** What was renamed away and may still be written to. */
  rotated: { readonly file: FileHandle; generation: Generation; changedMs: number; size: number } | null
  /** What stood under its name was read to its end, and is gone. */
  ended: boolean
  unread: Unread
  problem: string | null
  /** As it was looked at last: size, time of change, and when that was seen. */
  seen: { readonly inode: string; readonly size: number; readonly modifiedMs: number } | null
  changedMs: number
  /** When something was first seen in what stands under its name; null before it was met. */
  firstSeen: { readonly inode: string; readonly atMs: number } | null
  /** When it is looked at next, by a clock that nobody sets. */
  nextMs: number
  /** It was there when the following began, and only what comes is wanted. */
  fromEnd: boolean
}

/** All that is followed, and where its lines go. */
export interface Following {
  readonly logs: ReadonlyMap<string, Log>
  readonly sink: Sink
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly nowMs: () => number
}

const dayMs = 86_400_000

export const streamOf = ({ path, source, seen }: Log, nowMs: number): Stream => ({
  name: path,
  kind: 'file',
  ...(source.format === undefined ? {} : { format: source.format }),
  ...(source.timeZone === undefined ? {} : { timeZone: source.timeZone }),
  // What was written long ago tells the year of times that name none.
  ...(seen !== null && seen.modifiedMs < nowMs - dayMs ? { writtenBeforeMs: seen.modifiedMs } : {}),
})
