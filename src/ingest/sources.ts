/**
 * What there is to read: files, folders, patterns and standard input → a list of files in the order to read them.
 *
 * @module
 */
import { createReadStream, type BigIntStats } from 'node:fs'
import { mkdir, open, readdir, realpath, stat } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { AppError } from '../errors.ts'
import type { Compression } from '../engine/engine.ts'
import { systemCode, whyUnreadable } from './damage.ts'
import { expandPattern, isPattern } from './glob.ts'
import { compressionOf } from './magic.ts'
import { compareInTime } from './rotation.ts'
import { spoolFolder } from './segments.ts'

/** A file to read. */
export interface Source {
  /** As it is shown to people. */
  readonly path: string
  /** Where its bytes are. */
  readonly file: string
  readonly compression: Compression
  readonly bytes: number
  /** Milliseconds since 1970, UTC. */
  readonly modifiedMs: number
  /** A copy of ours, to be deleted once it is read. */
  readonly temporary: boolean
}

/** A path that gives nothing to read, and why, in a sentence. */
export interface Problem {
  readonly path: string
  readonly problem: string
}

export interface SourceOptions {
  /** Where standard input is kept until it is loaded, and a folder that is not searched for logs. */
  readonly dataFolder: string
  /** Stops reading standard input; `cancelled` is thrown then. */
  readonly signal?: AbortSignal
  /** What `-` reads. Default: standard input. */
  readonly input?: AsyncIterable<Uint8Array | string>
}

/** Never logs in lines, whatever they hold: skipped in folders, read where they are named. */
export const notLogs = /^(?:[wb]tmp|utmp|lastlog|faillog|tallylog)(?:[.-]\d+)*$|\.(?:journal~?|swp|pid|lock)$/

const spoolInput = async (options: SourceOptions): Promise<string> => {
  const folder = spoolFolder(options.dataFolder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const target = path.join(folder, randomUUID())
  const file = await open(target, 'wx', 0o600)
  try {
    const input: AsyncIterable<Uint8Array | string> =
      options.input ?? createReadStream('', { fd: 0, signal: options.signal ?? null })
    for await (const chunk of input) await file.writeFile(chunk)
    await file.sync()
  } catch (error) {
    if (options.signal?.aborted === true) throw new AppError('cancelled', {}, error)
    if (systemCode(error) === 'ENOSPC') throw new AppError('disk-full', { path: folder }, error)
    throw error
  } finally {
    await file.close()
  }
  return target
}

const describe = async (
  shown: string,
  file: string,
  facts: BigIntStats,
  temporary = false,
): Promise<Source> => {
  const handle = await open(file, 'r')
  try {
    const head = Buffer.alloc(16)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    return {
      path: shown,
      file,
      compression: compressionOf(head.subarray(0, bytesRead)),
      bytes: Number(facts.size),
      modifiedMs: Number(facts.mtimeMs),
      temporary,
    }
  } finally {
    await handle.close()
  }
}

/**
 * The files behind some paths, each once (links to the same file are the same file), the generations of a rotated log
 * oldest first. Folders are searched through, without hidden files and what is known to be no log. What cannot be
 * read is told in `problems`, and keeps nothing else from being read.
 *
 * @param paths - files, folders, patterns that no shell expanded, and `-` for standard input
 * @throws AppError `disk-full` where standard input does not fit in the data folder
 */
export const findSources = async (
  paths: readonly string[],
  options: SourceOptions,
): Promise<{ readonly sources: Source[]; readonly problems: Problem[] }> => {
  const problems: Problem[] = []
  const sources: Source[] = []
  const seen = new Set<string>()
  const dataFolder = await realpath(options.dataFolder).catch(() => undefined)

  /** Returns how many files it found. */
  const take = async (shown: string, named: boolean): Promise<number> => {
    try {
      const facts = await stat(shown, { bigint: true })
      const key = `${facts.dev}:${facts.ino}`
      if (seen.has(key)) return 1
      if (facts.isDirectory()) {
        seen.add(key)
        return await search(shown)
      }
      if (!facts.isFile()) {
        if (named)
          problems.push({
            path: shown,
            problem: 'it is neither a file nor a folder; give a pipe as standard input: winnow hunt -',
          })
        return 0
      }
      seen.add(key)
      sources.push(await describe(shown, await realpath(shown), facts))
      return 1
    } catch (error) {
      problems.push({ path: shown, problem: whyUnreadable(error) })
      return 0
    }
  }

  const search = async (folder: string): Promise<number> => {
    if (dataFolder !== undefined && (await realpath(folder)) === dataFolder) return 0
    let found = 0
    for (const name of (await readdir(folder)).toSorted()) {
      if (!name.startsWith('.') && !notLogs.test(name)) found += await take(path.join(folder, name), false)
    }
    return found
  }

  for (const given of paths) {
    if (given === '-') {
      const file = await spoolInput(options)
      sources.push(await describe('standard input', file, await stat(file, { bigint: true }), true))
      continue
    }
    const exists = await stat(given).then(
      () => true,
      () => false,
    )
    const matches = !exists && isPattern(given) ? await expandPattern(given) : [given]
    if (matches.length === 0) problems.push({ path: given, problem: 'no file matches this pattern' })
    const before = problems.length
    let found = 0
    for (const match of matches) found += await take(match, true)
    if (matches.length > 0 && found === 0 && problems.length === before)
      problems.push({ path: given, problem: 'there is no log in this folder' })
  }
  return { sources: sources.toSorted((a, b) => compareInTime(a.path, b.path)), problems }
}
