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
  /** Links to what is among the files under another name: they are not followed. */
  readonly links: readonly string[]
  /** Paths that give nothing, and why. */
  readonly problems: ReadonlyMap<string, string>
}

/** Beyond so many files the rest is left out, and told. */
export const mostFiles = 20_000

/** A path that sources name. */
interface Place extends FoundFile {
  /** The path of what links lead to; its own where nothing is there. */
  readonly real: string
  /** It is, or was found through, a link within what is searched. */
  readonly isLink: boolean
}

interface Collected {
  readonly places: readonly Place[]
  readonly problems: ReadonlyMap<string, string>
}

const collect = async (sources: readonly FileSource[], dataFolder: string): Promise<Collected> => {
  const places = new Map<string, Place>()
  const problems = new Map<string, string>()
  const own = await realpath(dataFolder).catch(() => path.resolve(dataFolder))

  const add = (file: string, source: FileSource, real: string, isLink: boolean): void => {
    if (places.has(file)) return
    if (places.size >= mostFiles) problems.set(source.name, `only ${mostFiles} files are followed`)
    else places.set(file, { path: file, source, real, isLink })
  }

  const isFolder = async (file: string, entry: Dirent): Promise<boolean> =>
    entry.isDirectory() ||
    (entry.isSymbolicLink() &&
      (await stat(file).then(
        (facts) => facts.isDirectory(),
        () => false,
      )))

  const search = async (
    folder: string,
    source: FileSource,
    above: ReadonlySet<string>,
    throughLink: boolean,
  ): Promise<void> => {
    const real = await realpath(folder)
    // A link may lead back to a folder above.
    if (real === own || above.has(real)) return
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || notLogs.test(entry.name)) continue
      const place = path.join(folder, entry.name)
      if (await isFolder(place, entry))
        await search(place, source, new Set([...above, real]), throughLink || entry.isSymbolicLink()).catch(
          (error: unknown) => problems.set(place, whyUnreadable(error)),
        )
      else if (entry.isFile()) add(place, source, path.join(real, entry.name), throughLink)
      else if (entry.isSymbolicLink()) {
        const target = await realpath(place).catch(() => null)
        if (target !== null) add(place, source, target, true)
      }
    }
  }

  const take = async (place: string, source: FileSource, isNamed: boolean): Promise<void> => {
    try {
      const facts = await stat(place)
      if (facts.isDirectory()) await search(place, source, new Set(), false)
      else if (facts.isFile()) {
        const real = await realpath(place)
        const folder = await realpath(path.dirname(place))
        add(place, source, real, real !== path.join(folder, path.basename(place)))
      } else problems.set(place, 'it is neither a file nor a folder')
    } catch (error) {
      const isMissing = systemCode(error) === 'ENOENT'
      // A file that is not there yet is waited for. What a pattern matched is gone again, or a link to nothing.
      if (isMissing && isNamed) add(place, source, place, false)
      else if (!isMissing) problems.set(place, whyUnreadable(error))
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
      const found = !isThere && isPattern(wanted) ? await expandPattern(wanted) : [wanted]
      for (const place of found) await take(place, source, place === wanted)
    }
  }
  return { places: [...places.values()], problems }
}

/** Of paths that lead to the same file the one that is no link, or else the first. */
const withoutLinks = (places: readonly Place[]): readonly Place[] => {
  const byReal = new Map<string, Place>()
  for (const place of places) {
    const first = byReal.get(place.real)
    if (first === undefined) byReal.set(place.real, place)
    else if (first.isLink && !place.isLink) byReal.set(place.real, { ...place, source: first.source })
  }
  return [...byReal.values()]
}

/**
 * The files that sources name: each once, for the first source that names it, however many links lead to it. Folders are
 * searched through, without hidden files, what is known to be no log, and the data folder.
 */
export const findFiles = async (sources: readonly FileSource[], dataFolder: string): Promise<Found> => {
  const { places, problems } = await collect(sources, dataFolder)
  const all = new Map(places.map((place) => [place.path, place]))
  if (withoutLinks(places).some(({ isLink }) => isLink)) {
    // A link may lead to a file that was made after its folder was searched.
    const later = await collect(sources, dataFolder)
    for (const place of later.places) if (!all.has(place.path)) all.set(place.path, place)
  }
  const files = withoutLinks([...all.values()])
  const paths = new Set(files.map((file) => file.path))
  return { files, links: [...all.keys()].filter((one) => !paths.has(one)), problems }
}
