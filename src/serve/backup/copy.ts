/**
 * Copies that are on the disk when they are done.
 *
 * @module
 */
import { constants, copyFile, mkdir, open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'

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

/** Copies all files of a folder and of those within it. */
export const copyFolder = async (
  from: string,
  folder: string,
  place: string,
  sizes: Sizes,
): Promise<void> => {
  const entries = await readdir(from, { withFileTypes: true })
  for (const entry of entries) {
    const source = path.join(from, entry.name)
    if (entry.isDirectory()) await copyFolder(source, folder, path.join(place, entry.name), sizes)
    else if (entry.isFile()) await copyInto(source, folder, path.join(place, entry.name), sizes)
  }
}

/** Whether a folder is absent or empty. */
export const isFree = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [])).length === 0

export const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )
