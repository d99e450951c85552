/**
 * One look at a followed log: what is new in it is taken, whatever became of the file since the last look.
 *
 * @module
 */
import type { Stats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { AppError } from '../../errors.ts'
import { isUnreadable, systemCode, whyUnreadable } from '../../ingest/damage.ts'
import { streamOf, type Following, type Log } from './log.ts'
import { endOf, isBusy, meet } from './meet.ts'
import { isArchive, printOf, type Generation } from './position.ts'
import { isAsRead, isStill, readArchive } from './read-archive.ts'
import {
  closeHandle,
  drain,
  finish,
  inodeOf,
  isRotation,
  lookAtRotated,
  rotatedRestMs,
  startOver,
  takeRest,
} from './rotated.ts'
import { isGzip, readAt } from './same-content.ts'
import { keep } from './take-lines.ts'

/** Half a line at the end of a file is taken after so long without a change: its writer may keep the other half in a buffer. */
const restMs = 300_000
const handleOf = async (log: Log, inode: string): Promise<FileHandle | null> => {
  if (log.handle?.inode === inode) return log.handle.file
  await closeHandle(log)
  const file = await open(log.path, 'r')
  // It may have been renamed since it was looked at.
  if (inodeOf(await file.stat()) !== inode) {
    await file.close()
    return null
  }
  log.handle = { file, inode }
  return file
}

const isEmptied = async (handle: FileHandle, generation: Generation, size: number): Promise<boolean> => {
  if (size < generation.offset) return true
  if (generation.head.bytes === 0) return false
  const head = await readAt(handle, 0, generation.head.bytes)
  return printOf(head).hash !== generation.head.hash
}

/** What was read before may be an archive in which a log was found again, and what stands there now the next of that log. */
const isGzipFile = async (log: Log, inode: string): Promise<boolean> => {
  const handle = await handleOf(log, inode)
  const isIt = handle === null || (await isGzip(handle))
  await closeHandle(log)
  return isIt
}

/** Whether what stands under a log's name is to be met. What stood there before is read to its end first. */
const isNew = async (following: Following, log: Log, facts: Stats, isSame: boolean): Promise<boolean> => {
  const inode = inodeOf(facts)
  const before = log.position?.now
  if (before === undefined) return true
  if (isArchive(before)) return !(await isStill(log, before))
  const wasCut = before.inode === inode
  if (wasCut) {
    const handle = isSame ? null : await handleOf(log, inode)
    if (handle === null || !(await isEmptied(handle, before, facts.size))) return false
  }
  if (isRotation(log.path)) {
    // What rotation moves on to this name may have been read under the name that it had before.
    await finish(following, log, wasCut)
    return true
  }
  await startOver(following, log, inode, wasCut)
  return false
}

/** Returns whether there is more to take at once. */
const lookAt = async (following: Following, log: Log): Promise<boolean> => {
  await lookAtRotated(following, log)
  if (!log.isFollowed) return false
  const facts = await stat(log.path)
  if (!facts.isFile()) return false
  const inode = inodeOf(facts)
  const nowMs = following.nowMs()
  const { seen } = log
  const isSame = seen?.inode === inode && seen.size === facts.size && seen.modifiedMs === facts.mtimeMs
  if (!isSame) log.changedMs = nowMs
  if (isSame && (log.unread === 'known' || log.unread === 'unreadable')) return false
  log.seen = { inode, size: facts.size, modifiedMs: facts.mtimeMs }
  const isAtRest = isSame && nowMs - log.changedMs > restMs
  const before = log.position?.now
  if (before !== undefined && isArchive(before)) {
    // What could not be read of it was tried already.
    if (isAsRead(before, facts) || (isSame && !isAtRest)) return false
    // It is inflated from its beginning each time: not at every change.
    if (isBusy(nowMs, facts) && (await isGzipFile(log, inode))) {
      log.seen = null
      return false
    }
  }
  if ((await isNew(following, log, facts, isSame)) && !(await meet(following, log, facts))) {
    // It is looked at again although nothing changes.
    if (log.unread === null || log.unread === 'missing') log.seen = null
    return false
  }
  log.unread = null
  const handle = await handleOf(log, inode)
  if (handle === null || log.position === null) return true
  const { now } = log.position
  if (isArchive(now) || (now.offset === 0 && (await isGzip(handle)))) {
    await closeHandle(log)
    return readArchive(following, log, facts, isAtRest)
  }
  if (log.fromEnd && now.offset === 0) {
    log.position = { ...log.position, now: await endOf(handle, inode) }
    await keep(following.sink, streamOf(log, nowMs), Buffer.alloc(0), 0, log.position)
  }
  log.fromEnd = false
  if (facts.size <= log.position.now.offset) return false
  const taken = await takeRest(following, log, handle, log.position.now, isAtRest)
  return taken?.more ?? false
}

/** What was renamed or removed is read on while it is written to. */
const readMissing = async (following: Following, log: Log): Promise<void> => {
  const { handle, position } = log
  if (handle === null || position === null) return
  const { offset } = await drain(following, log, handle.file, position.now, false)
  const nowMs = following.nowMs()
  if (offset > position.now.offset) log.changedMs = nowMs
  if (nowMs - log.changedMs <= rotatedRestMs) return
  await drain(following, log, handle.file, log.position?.now ?? position.now, true)
  log.ended = true
  await closeHandle(log)
}

/**
 * Looks at a log. What keeps it from being read is told once.
 *
 * @returns whether there is more to take at once
 */
export const follow = async (following: Following, log: Log): Promise<boolean> => {
  try {
    return await lookAt(following, log)
  } catch (error) {
    if (error instanceof AppError || !isUnreadable(error)) throw error
    log.seen = null
    if (systemCode(error) === 'ENOENT') {
      log.unread = 'missing'
      log.fromEnd = false
      await readMissing(following, log)
      return false
    }
    const problem = whyUnreadable(error)
    if (log.problem !== problem) following.log.warn({ file: log.path, problem }, 'a file is not followed')
    log.problem = problem
    log.unread = 'unreadable'
    return false
  }
}
