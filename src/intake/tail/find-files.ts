/**
 * Which files are there to follow.
 *
 * @module
 */
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FileSource } from '../../config/config.ts'
import { systemCode, whyUnreadable } from '../../ingest/damage.ts'
import { expandPattern, isPattern } from '../../ingest/glob.ts'
import { notLogs } from '../../ingest/sources.ts'

export interface FoundFile {
  readonly path: string
  readonly source: FileSource
}

export interface Found {
  readonly files: readonly FoundFile[]
  /** Paths that give nothing, and why. */
  readonly problems: ReadonlyMap<string, string>
}

/** Beyond so many files the rest is left out, and told. */
export const mostFiles = 20_000

/**
 * The files that sources name: each path once, for the first source that names it. Folders are searched through, without
 * hidden files, what is known to be no log, and the data folder.
 */
export const findFiles = async (sources: readonly FileSource[], dataFolder: string): Promise<Found> => {
  const files = new Map<string, FoundFile>()
  const problems = new Map<string, string>()
  const own = await realpath(dataFolder).catch(() => path.resolve(dataFolder))

  const add = (file: string, source: FileSource): void => {
    if (files.has(file)) return
    if (files.size >= mostFiles) problems.set(source.name, `only ${mostFiles} files are followed`)
    else files.set(file, { path: file, source })
  }

  const isFolder = async (file: string, entry: Dirent): Promise<boolean> =>
    entry.isDirectory() ||
    (entry.isSymbolicLink() &&
      (await stat(file).then(
        (facts) => facts.isDirectory(),
        () => false,
      )))

  const search = async (folder: string, source: FileSource, above: ReadonlySet<string>): Promise<void> => {
    const real = await realpath(folder)
    // A link may lead back to a folder above.
    if (real === own || above.has(real)) return
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || notLogs.test(entry.name)) continue
      const place = path.join(folder, entry.name)
      if (await isFolder(place, entry))
        await search(place, source, new Set([...above, real])).catch((error: unknown) =>
          problems.set(place, whyUnreadable(error)),
        )
      else if (entry.isFile() || entry.isSymbolicLink()) add(place, source)
    }
  }

  const take = async (place: string, source: FileSource): Promise<void> => {
    try {
      const facts = await stat(place)
      if (facts.isDirectory()) await search(place, source, new Set())
      else if (facts.isFile()) add(place, source)
      else problems.set(place, 'it is neither a file nor a folder')
    } catch (error) {
      // A file that is not there yet is waited for; one that is renamed at this moment is read to its end.
      if (systemCode(error) === 'ENOENT') add(place, source)
      else problems.set(place, whyUnreadable(error))
    }
  }

  for (const source of sources) {
    for (const given of source.paths) {
      const wanted = path.resolve(given)
      // A name may have the characters of a pattern in it.
      const isThere = await stat(wanted).then(
        () => true,
        () => false,
      )
      const places = !isThere && isPattern(wanted) ? await expandPattern(wanted) : [wanted]
      for (const place of places) await take(place, source)
    }
  }
  return { files: [...files.values()], problems }
}
