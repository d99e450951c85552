import { open, rename, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '../errors.ts'

/** What is written into a folder's list of names survives a power cut only after this. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file as a whole: after a crash the old one is there, or the new one. */
export const replaceFile = async (file: string, text: string): Promise<void> => {
  const next = `${file}.next`
  const handle = await open(next, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
  await syncFolder(path.dirname(file))
}

/** Writes all pieces at a place of a file, in calls of at most so many pieces (IOV_MAX is 1024). */
export const writePieces = async (
  handle: FileHandle,
  pieces: readonly Uint8Array[],
  at: number,
): Promise<void> => {
  let place = at
  for (let from = 0; from < pieces.length; from += 512) {
    const some = pieces.slice(from, from + 512)
    const wanted = some.reduce((sum, piece) => sum + piece.length, 0)
    const { bytesWritten } = await handle.writev(some, place)
    if (bytesWritten < wanted) await writeRest(handle, Buffer.concat(some), bytesWritten, place)
    place += wanted
  }
}

/** A disk that fills up takes a part of what it is given before it refuses the rest. */
const writeRest = async (handle: FileHandle, whole: Buffer, written: number, at: number): Promise<void> => {
  let done = written
  while (done < whole.length) {
    const { bytesWritten } = await handle.write(whole, done, whole.length - done, at + done)
    done += bytesWritten
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : '')

/** A full disk as the error that a sender can act on; other failures as they are. */
export const asDiskFull = (error: unknown, folder: string): unknown =>
  codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'
    ? new AppError('disk-full', { path: folder }, error)
    : error

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'
