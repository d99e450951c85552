/**
 * Journals: files of groups, one after the other. A journal is written to until it is sealed, and never again.
 *
 * @module
 */
import { constants } from 'node:fs'
import { open, readdir, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { syncFolder, writePieces } from './disk.ts'
import { checksumWith, frameHead, prefixBytes, readPrefix, type Contents } from './frame.ts'

/** A group as it stands in a journal. */
export interface Group {
  readonly contents: Contents
  /** Where its lines begin in the file. */
  readonly at: number
}

export const journalPath = (folder: string, sequence: number): string =>
  path.join(folder, `${String(sequence).padStart(12, '0')}.journal`)

/** The numbers of the journals in a folder, ascending. */
export const journalsIn = async (folder: string): Promise<number[]> =>
  (await readdir(folder))
    .flatMap((name) => /^(\d{12})\.journal$/.exec(name)?.slice(1) ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)

const readAt = async (handle: FileHandle, at: number, size: number): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(size)
  const { bytesRead } = await handle.read(buffer, 0, size, at)
  return buffer.subarray(0, bytesRead)
}

const chunkBytes = 1 << 20

const groupAt = async (
  handle: FileHandle,
  at: number,
  size: number,
): Promise<{ group: Group; end: number } | null> => {
  const prefix = readPrefix(await readAt(handle, at, prefixBytes))
  if (prefix === null) return null
  const linesAt = at + prefixBytes + prefix.contentsBytes
  const end = linesAt + prefix.linesBytes
  if (end > size) return null
  const written = await readAt(handle, at + prefixBytes, prefix.contentsBytes)
  let sum = checksumWith(prefix.begun, written)
  for (let place = linesAt; place < end; place += chunkBytes)
    sum = checksumWith(sum, await readAt(handle, place, Math.min(chunkBytes, end - place)))
  if (sum !== prefix.checksum) return null
  // Its checksum says that it is as this module wrote it.
  return { group: { contents: JSON.parse(written.toString()) as Contents, at: linesAt }, end }
}

export interface Scan {
  readonly groups: readonly Group[]
  /** Where the last whole group ends. */
  readonly end: number
  /** How many bytes after that are no group. */
  readonly torn: number
}

/** Reads a journal and cuts it back to its last whole group: what comes after was never acknowledged. */
export const recoverJournal = async (file: string): Promise<Scan> => {
  const handle = await open(file, 'r+')
  try {
    const { size } = await handle.stat()
    const groups: Group[] = []
    let end = 0
    for (;;) {
      const found = await groupAt(handle, end, size)
      if (found === null) break
      groups.push(found.group)
      end = found.end
    }
    if (end < size) {
      await handle.truncate(end)
      await handle.sync()
    }
    return { groups, end, torn: size - end }
  } finally {
    await handle.close()
  }
}

/** A journal that is being written. */
export interface Journal {
  readonly sequence: number
  /** Bytes of whole groups. */
  readonly size: () => number
  /**
   * Appends a group and returns when it is on the disk. Where that fails the journal is cut back, and takes no more groups.
   */
  readonly write: (contents: Contents, lines: readonly Uint8Array[]) => Promise<Group>
  readonly close: () => Promise<void>
}

export const createJournal = async (folder: string, sequence: number): Promise<Journal> => {
  const { O_CREAT, O_EXCL, O_RDWR } = constants
  const handle = await open(journalPath(folder, sequence), O_CREAT | O_EXCL | O_RDWR, 0o600)
  let size = 0
  try {
    await syncFolder(folder)
  } catch (error) {
    await handle.close()
    throw error
  }
  return {
    sequence,
    size: () => size,
    write: async (contents, lines) => {
      const head = frameHead(contents, lines)
      const bytes = lines.reduce((sum, piece) => sum + piece.length, head.length)
      try {
        await writePieces(handle, [head, ...lines], size)
        await handle.datasync()
      } catch (error) {
        // Not acknowledged, so it must not come back after a crash.
        await handle.truncate(size).catch(() => undefined)
        throw error
      }
      const at = size + head.length
      size += bytes
      return { contents, at }
    },
    close: () => handle.close(),
  }
}
