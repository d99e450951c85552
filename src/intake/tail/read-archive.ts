/**
 * A log that is an archive itself. It may still be written when it is read, and others may be written over it.
 *
 * @module
 */
import type { Stats } from 'node:fs'
import { streamOf, type Following, type Log } from './log.ts'
import { begin, printOf, turnOver, type Generation } from './position.ts'
import { inodeOf } from './rotated.ts'
import { beginsAs, lookInto } from './same-content.ts'
import { takeArchive } from './take-archive.ts'
import { keep } from './take-lines.ts'

/** Whether an archive was read to its end and is as it was then. */
export const isAsRead = ({ inode, whole, archive }: Generation, facts: Stats): boolean =>
  whole &&
  archive !== null &&
  inode === inodeOf(facts) &&
  archive.size === facts.size &&
  archive.modifiedMs === facts.mtimeMs

/** Whether what stands under a log's name begins as the archive of which a generation was read. */
export const isStill = async (log: Log, generation: Generation): Promise<boolean> => {
  const look = await lookInto(log.path)
  return look.compression === 'gzip' && beginsAs(look, generation)
}

/**
 * Takes what was not read yet of the archive that stands under a log's name.
 *
 * @param isLast - no more of it is waited for
 * @returns whether there is more to take at once
 */
export const readArchive = async (
  following: Following,
  log: Log,
  facts: Stats,
  isLast: boolean,
): Promise<boolean> => {
  if (log.position === null) return false
  const inode = inodeOf(facts)
  const own = { inode, archive: { size: facts.size, modifiedMs: facts.mtimeMs } }
  const { now } = log.position
  if (log.fromEnd) {
    log.fromEnd = false
    const { head } = await lookInto(log.path)
    log.position = { ...log.position, now: { ...now, ...own, head: printOf(head), whole: true } }
    await keep(following.sink, streamOf(log, following.nowMs()), Buffer.alloc(0), 0, log.position)
    return false
  }
  // It was there before the following began, and only what came was wanted.
  const wasLeftOut = now.whole && now.offset === 0 && now.head.bytes > 0
  const from = { ...now, ...own, whole: wasLeftOut }
  log.position = { ...log.position, now: from }
  if (wasLeftOut) return false
  const end = await takeArchive(following, log, log.path, from, isLast)
  if (end === 'other') {
    log.position = turnOver(log.position, begin(inode))
    return true
  }
  if (end === 'damaged' && isLast)
    following.log.warn({ file: log.path }, 'an archive is damaged: the lines before the damage count')
  return false
}
