/**
 * What was learned is kept: in memory, and with a data folder in a small file there, so that nobody is asked twice.
 *
 * @module
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

interface Kept {
  /** Milliseconds since 1970. */
  readonly untilMs: number
  readonly value: unknown
}

export interface Cache {
  /** What is kept under a key and still good. Its shape is the caller's to check: the file may have been changed. */
  readonly get: (key: string) => unknown
  readonly set: (key: string, value: unknown, keepMs: number) => void
  /** Writes the file, if there is one and something is new. A folder that cannot be written costs asking again, no more. */
  readonly save: () => Promise<void>
}

const fileName = 'outside-knowledge.json'
/** The oldest go first. */
const mostEntries = 5000
const mostBytes = 50_000_000

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'untilMs' in value &&
  typeof value.untilMs === 'number' &&
  'value' in value

const read = async (file: string): Promise<Map<string, Kept>> => {
  try {
    const text = await readFile(file, 'utf8')
    const document: unknown = text.length > mostBytes ? {} : JSON.parse(text)
    const entries = typeof document === 'object' && document !== null ? Object.entries(document) : []
    return new Map(entries.filter((entry): entry is [string, Kept] => isKept(entry[1])))
  } catch {
    // Not there yet, or damaged: then it is begun anew.
    return new Map()
  }
}

/**
 * @param folder where the file is kept; absent: in memory only
 * @param now the time in milliseconds since 1970
 */
export const openCache = async (folder?: string, now: () => number = Date.now): Promise<Cache> => {
  const file = folder === undefined ? undefined : path.join(folder, fileName)
  const entries = file === undefined ? new Map<string, Kept>() : await read(file)
  let changed = false
  return {
    get: (key) => {
      const kept = entries.get(key)
      return kept === undefined || kept.untilMs <= now() ? undefined : kept.value
    },
    set: (key, value, keepMs) => {
      entries.delete(key)
      entries.set(key, { untilMs: now() + keepMs, value })
      changed = true
    },
    save: async () => {
      if (file === undefined || !changed) return
      const good = [...entries].filter(([, { untilMs }]) => untilMs > now()).slice(-mostEntries)
      const half = `${file}.${process.pid}`
      try {
        // Not with its parents: Node never ends where one of them refuses new folders, as /proc does.
        await mkdir(path.dirname(file), { mode: 0o700 }).catch(() => undefined)
        await writeFile(half, JSON.stringify(Object.fromEntries(good)), { mode: 0o600 })
        await rename(half, file)
        changed = false
      } catch {
        await rm(half, { force: true }).catch(() => undefined)
      }
    },
  }
}
