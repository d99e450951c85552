/**
 * Copies that are on the disk when they are done.
 *
 * @module
 */
import { constants, copyFile, mkdir, open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { sideBySide } from '../../side-by-side.ts'

/** Sizes by path, within the folder that is filled. */
export type Sizes = Record<string, number>

export const syncFile = async (file: string): Promise<number> => {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}

/** Copies one file to a path within a folder, and notes its size. */
export const copyInto = async (file: string, folder: string, place: string, sizes: Sizes): Promise<void> => {
  const target = path.join(folder, place)
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
  // Where the file system can, the copy takes no room of its own.
  await copyFile(file, target, constants.COPYFILE_FICLONE)
  sizes[place] = await syncFile(target)
}

const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async (entry) => {
      const place = path.join(folder, entry.name)
      if (entry.isDirectory()) return filesIn(place)
      return entry.isFile() ? [place] : []
    }),
  )
  return found.flat()
}

/** A part of a table is some hundred small files: those that wait for the disk at the same time wait for it once. */
const filesAtOnce = 16

/** Copies all files of a folder and of those within it. */
export const copyFolder = async (
  from: string,
  folder: string,
  place: string,
  sizes: Sizes,
): Promise<void> => {
  await sideBySide(await filesIn(from), filesAtOnce, (file) =>
    copyInto(file, folder, path.join(place, path.relative(from, file)), sizes),
  )
}

/** Whether a folder is absent or empty. */
export const isFree = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [])).length === 0

export const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )
