/**
 * One followed log: what stands under its name now, and what stood there before.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises'
import type { FileSource } from '../../config/config.ts'
import type { Stream } from '../../spool/spool.ts'
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
  nextMs: number
  /** It was there when the following began, and only what comes is wanted. */
  fromEnd: boolean
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
