/**
 * What a spool knows of its streams: how far each is. It outlives the journals.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { AppError, messageOf } from '../errors.ts'
import { isMissing, replaceFile } from './disk.ts'
import type { Contents, Stream } from './frame.ts'

export interface StreamState {
  readonly kind: Stream['kind']
  /** Stands for the stream; see `SealedSegment.id`. */
  readonly id: string
  /** How many lines it has given so far. */
  readonly lines: number
  readonly position: string | null
}

/** Changes with every group. */
export interface Streams {
  /** The last group that is in it. */
  group: number
  readonly byName: Map<string, StreamState>
}

const fileIn = (folder: string): string => path.join(folder, 'streams.json')

interface Written {
  readonly group: number
  readonly streams: Readonly<Record<string, StreamState>>
}

/** @throws AppError `data-folder-unusable` where it is there, but damaged */
export const readStreams = async (folder: string): Promise<Streams> => {
  const file = fileIn(folder)
  try {
    // Replaced as a whole, so that it is as `writeStreams` wrote it.
    const { group, streams } = JSON.parse(await readFile(file, 'utf8')) as Written
    return { group, byName: new Map(Object.entries(streams)) }
  } catch (error) {
    if (isMissing(error)) return { group: 0, byName: new Map() }
    throw new AppError('data-folder-unusable', { path: file, problem: messageOf(error) }, error)
  }
}

export const writeStreams = (folder: string, { group, byName }: Streams): Promise<void> => {
  const written: Written = { group, streams: Object.fromEntries(byName) }
  return replaceFile(fileIn(folder), JSON.stringify(written))
}

/** Adds what a group says, unless it is in already. */
export const addGroup = (streams: Streams, contents: Contents): void => {
  if (contents.group <= streams.group) return
  streams.group = contents.group
  for (const { stream, id, first, lines, position } of contents.entries) {
    const before = streams.byName.get(stream.name)
    streams.byName.set(stream.name, {
      kind: stream.kind,
      id,
      lines: first + lines,
      position: position ?? (before?.id === id ? before.position : null),
    })
  }
}
