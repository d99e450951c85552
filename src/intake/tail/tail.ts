/**
 * Follows files: what is written into them goes into the spool, line by line, over rotations and restarts.
 *
 * A log is known by its path, and what stands under the path by inode and content. Only whole lines are taken; how far
 * each log is, is committed together with its lines.
 *
 * @module
 */
import { watch, type FSWatcher } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import type { FileSource } from '../../config/config.ts'
import { AppError, messageOf } from '../../errors.ts'
import { compareInTime } from '../../ingest/rotation.ts'
import { sideBySide } from '../../side-by-side.ts'
import type { Spool } from '../../spool/spool.ts'
import { findFiles } from './find-files.ts'
import { follow } from './follow.ts'
import type { Following, Log } from './log.ts'
import { readPosition } from './position.ts'
import { baseOf, closeHandle, resume } from './rotated.ts'

export interface TailStats {
  readonly files: number
  /** Files that are read, in bytes: how many there are, and how many of them were taken. */
  readonly bytes: number
  readonly read: number
  /** Paths of which nothing is read, and why. */
  readonly problems: readonly { readonly path: string; readonly problem: string }[]
}

export interface Tail {
  stats(): TailStats
  /** Resolves when all that is in the files now was taken. */
  caughtUp(): Promise<void>
  close(): Promise<void>
}

export interface TailOptions {
  readonly sources: readonly FileSource[]
  readonly spool: Spool
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Not searched for logs. */
  readonly dataFolder: string
  /** How often files are looked at. Default 1000. */
  readonly everyMs?: number
  readonly nowMs?: () => number
}

/** Files that rest are looked at less often. */
const restingMs = 600_000
const restingTimes = 10
/** Files that are kept open, so that they can be read to their end wherever they are moved. */
const mostOpen = 256
const mostWatched = 500
const logsAtOnce = 16
/** A search of folders may take this share of the time. */
const searchShare = 20
/** A log that is gone for so long is forgotten. */
const forgetMs = 3 * 86_400_000

const newLog = (file: string, source: FileSource, spool: Spool, atStart: boolean, nowMs: number): Log => {
  const position = readPosition(spool.position(file))
  return {
    path: file,
    base: baseOf(file),
    source,
    isFollowed: true,
    position,
    handle: null,
    rotated: null,
    ended: false,
    unread: null,
    problem: null,
    seen: null,
    changedMs: nowMs,
    firstSeen: null,
    nextMs: 0,
    fromEnd: atStart && source.from === 'end' && position === null,
  }
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )

/** Begins to follow what the sources name; what is there is read first, unless only what comes is wanted. */
export const startTail = async (options: TailOptions): Promise<Tail> => {
  const { sources, spool, log, dataFolder, everyMs = 1000, nowMs = Date.now } = options
  const stop = new AbortController()
  const logs = new Map<string, Log>()
  let problems: ReadonlyMap<string, string> = new Map()
  let full: string | null = null
  const following: Following = {
    logs,
    log,
    nowMs,
    sink: {
      spool,
      signal: stop.signal,
      onFull: (problem) => {
        if (problem !== null && full === null) log.warn({ problem }, 'files wait to be read')
        full = problem
      },
    },
  }
  let order: Log[] = []
  let nextSearchMs = 0
  let wake: (() => void) | undefined
  const watchers = new Map<string, FSWatcher>()

  const watchFolder = (folder: string): void => {
    if (watchers.has(folder) || watchers.size >= mostWatched) return
    try {
      const watcher = watch(folder, (_, name) => {
        const own = name === null ? undefined : logs.get(path.join(folder, name))
        if (own === undefined) nextSearchMs = 0
        else own.nextMs = 0
        wake?.()
      })
      // Looking each second is enough without it.
      watcher.on('error', () => watcher.close())
      watchers.set(folder, watcher)
    } catch {
      // The same.
    }
  }

  /** The file that a link leads to is followed itself, from where the link's log is. */
  const letGo = async (link: Log): Promise<void> => {
    await closeHandle(link)
    link.isFollowed = false
    link.unread = 'missing'
    link.changedMs = nowMs()
  }

  const search = async (atStart: boolean): Promise<void> => {
    const startedMs = performance.now()
    const found = await findFiles(sources, dataFolder)
    for (const [place, problem] of found.problems)
      if (problems.get(place) !== problem) log.warn({ path: place, problem }, 'nothing is followed here')
    problems = found.problems
    let isNew = false
    for (const { path: file, source } of found.files) {
      const known = logs.get(file)
      if (known !== undefined) {
        known.source = source
        known.isFollowed = true
        continue
      }
      const own = newLog(file, source, spool, atStart, nowMs())
      logs.set(file, own)
      watchFolder(path.dirname(file))
      isNew = true
    }
    for (const link of found.links) {
      const own = logs.get(link)
      if (own?.isFollowed === true) await letGo(own)
    }
    // The oldest first, as they were written.
    if (isNew) order = [...logs.values()].toSorted((a, b) => compareInTime(a.path, b.path))
    const endedMs = performance.now()
    nextSearchMs = endedMs + Math.max(everyMs, (endedMs - startedMs) * searchShare)
  }

  const limitOpen = async (): Promise<void> => {
    const opened = order.filter(({ handle }) => handle !== null)
    if (opened.length <= mostOpen) return
    const oldest = opened.toSorted((a, b) => a.changedMs - b.changedMs).slice(0, opened.length - mostOpen)
    for (const one of oldest) await closeHandle(one)
  }

  const forget = async (): Promise<void> => {
    for (const one of order) {
      if (one.unread !== 'missing' || one.handle !== null || nowMs() - one.changedMs < forgetMs) continue
      // A source may name it again.
      if (!one.isFollowed && (await isThere(one.path))) {
        one.changedMs = nowMs()
        continue
      }
      if (one.position !== null) spool.forget(one.path)
      logs.delete(one.path)
    }
    if (logs.size < order.length) order = order.filter(({ path: file }) => logs.has(file))
  }

  const lookAtDue = async (one: Log): Promise<boolean> => {
    if (stop.signal.aborted || performance.now() < one.nextMs) return false
    const more = await follow(following, one)
    const rests = one.rotated === null && nowMs() - one.changedMs > restingMs
    one.nextMs = more ? 0 : performance.now() + everyMs * (rests ? restingTimes : 1)
    return more
  }

  /** Looks at all that is due. Returns whether there is more to take at once. */
  const round = async (): Promise<boolean> => {
    if (performance.now() >= nextSearchMs) await search(false)
    // Logs that may be each other's rotated files one after the other, others side by side: they share an fsync.
    const byBase = new Map<string, Log[]>()
    for (const one of order) {
      const lane = byBase.get(one.base)
      if (lane === undefined) byBase.set(one.base, [one])
      else lane.push(one)
    }
    let isMore = false
    await sideBySide(byBase.values(), logsAtOnce, async (lane) => {
      for (const one of lane) if (await lookAtDue(one)) isMore = true
    })
    await limitOpen()
    await forget()
    return isMore
  }

  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs)
      wake = () => {
        clearTimeout(timer)
        // Many changes that come together are one.
        setTimeout(resolve, 20)
      }
    })

  const waiters = new Set<() => void>()
  const run = async (): Promise<void> => {
    let told = ''
    while (!stop.signal.aborted) {
      // Who asks during a round has to wait for the next.
      const asked = [...waiters]
      try {
        const isMore = await round()
        told = ''
        if (isMore) continue
      } catch (error) {
        if (error instanceof AppError && error.code === 'cancelled') return
        if (told !== messageOf(error)) log.error({ problem: messageOf(error) }, 'files could not be followed')
        told = messageOf(error)
      }
      for (const resolve of asked) {
        resolve()
        waiters.delete(resolve)
      }
      if (waiters.size === 0 && !stop.signal.aborted) await wait()
    }
  }

  // Logs that are gone for now may have been renamed: what is there is compared with them.
  const remember = (): void => {
    for (const { name, kind } of spool.stats().streams) {
      if (kind !== 'file' || logs.has(name)) continue
      const own = newLog(name, { name: '', paths: [] }, spool, false, nowMs())
      logs.set(name, { ...own, isFollowed: false, unread: 'missing' })
    }
  }

  await search(true)
  remember()
  order = [...logs.values()].toSorted((a, b) => compareInTime(a.path, b.path))
  for (const one of order) await resume(following, one).catch(() => undefined)
  const running = run()
  return {
    stats: () => {
      const read = order.filter(({ unread }) => unread === null)
      return {
        files: read.length,
        bytes: read.reduce((sum, { seen }) => sum + (seen?.size ?? 0), 0),
        read: read.reduce((sum, { position }) => sum + (position?.now.offset ?? 0), 0),
        problems: [
          ...[...problems].map(([place, problem]) => ({ path: place, problem })),
          ...order.flatMap(({ path: file, problem }) => (problem === null ? [] : [{ path: file, problem }])),
        ],
      }
    },
    caughtUp: () =>
      new Promise((resolve) => {
        waiters.add(resolve)
        for (const one of order) one.nextMs = 0
        nextSearchMs = 0
        wake?.()
      }),
    close: async () => {
      stop.abort()
      wake?.()
      for (const watcher of watchers.values()) watcher.close()
      await running
      for (const one of order) {
        await closeHandle(one)
        await one.rotated?.file.close()
      }
      for (const resolve of waiters) resolve()
    },
  }
}
