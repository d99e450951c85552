/**
 * A file that nothing is known of yet: is it a log of its own, or what was read under another name?
 *
 * @module
 */
import type { Stats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import type { Following, Log } from './log.ts'
import { begin, headBytes, lastBytes, printOf, turnOver, type Generation, type Position } from './position.ts'
import { inodeOf, isRotation, readOn } from './rotated.ts'
import { beginsAs, goesOnAs, lookInto, readAt, type Look } from './same-content.ts'
import { takeArchive } from './take-archive.ts'

/** What is copied or compressed rests for less than that. */
const copyRestMs = 2000

/** Whether a file was written to only now. */
export const isBusy = (nowMs: number, facts: Stats): boolean => {
  const restsMs = nowMs - facts.mtimeMs
  return restsMs >= 0 && restsMs < copyRestMs
}

/**
 * Whether a busy file named like a rotated one may be a copy that is still made: it is to be looked at again then. One that
 * cannot be told from the beginning of a copy yet is given the time that making one takes; a live log is read after it.
 */
const mayBecomeKnown = (
  following: Following,
  log: Log,
  { inode, atMs }: NonNullable<Log['firstSeen']>,
  look: Look,
  size: number,
): boolean => {
  const isYoung = following.nowMs() - atMs < copyRestMs
  for (const { base, position } of following.logs.values()) {
    if (position === null || base !== log.base) continue
    for (const generation of [position.now, ...position.past]) {
      if (size < generation.offset && beginsAs(look, generation)) return true
      // It was renamed before any of it was read, or it is still shorter than what it would be known by.
      const cannotBeTold = generation.inode === inode || generation.head.bytes > look.head.length
      if (isYoung && cannotBeTold) return true
    }
  }
  return false
}

const goesOnIn = async (file: string, generation: Generation): Promise<boolean> => {
  const handle = await open(file, 'r')
  try {
    return await goesOnAs(handle, generation)
  } finally {
    await handle.close()
  }
}

/**
 * Whether what was read of a log still stands under its name, and is shorter than a file that begins alike: no copy is longer than what
 * it was made of, so that they only begin with the same header lines.
 */
const standsAside = async (original: string, generation: Generation, size: number): Promise<boolean> => {
  const facts = await stat(original).catch(() => null)
  if (facts === null || inodeOf(facts) !== generation.inode) return false
  if (facts.size < generation.offset || facts.size >= size) return false
  return beginsAs(await lookInto(original), generation) && (await goesOnIn(original, generation))
}

/** Whether a file's lines are read under another name, or were: it was renamed, copied or compressed. */
const isKnown = async (
  following: Following,
  log: Log,
  inode: string,
  look: Look,
  size: number,
): Promise<boolean> => {
  for (const other of following.logs.values()) {
    const { position } = other
    if (position === null) continue
    const isRelative = other.base === log.base
    if (!isRelative && other.isFollowed) continue
    for (const generation of [position.now, ...position.past]) {
      if (other === log && generation === position.now) continue
      // Through a link it was read under a name that is not related.
      if (!isRelative && generation.inode !== inode) continue
      if (!beginsAs(look, generation)) continue
      const isGone = generation === position.now && other.unread === 'missing' && other.handle === null
      if (look.compression === 'gzip') {
        // It is the same archive, or what was read in part was compressed while nothing looked.
        const isLeft =
          !generation.whole && (isGone || (generation.archive !== null && generation.inode === inode))
        if (isLeft) await takeArchive(following, other, log.path, generation, false)
        return true
      }
      if (generation.inode === inode) {
        const isLeft = generation !== position.now || isGone
        if (isLeft && size > generation.offset) await readOn(following, other, log, generation)
        return true
      }
      if (size < generation.offset) continue
      if (!(await goesOnIn(log.path, generation))) continue
      if (generation === position.now && (await standsAside(other.path, generation, size))) continue
      return true
    }
  }
  return false
}

/** Where the lines begin that come after those that are there. */
export const endOf = async (handle: FileHandle, inode: string): Promise<Generation> => {
  const { size } = await handle.stat()
  let at = size
  while (at > 0) {
    const from = Math.max(0, at - 65_536)
    const newline = (await readAt(handle, from, at - from)).lastIndexOf(10)
    if (newline !== -1) {
      at = from + newline + 1
      break
    }
    at = from
  }
  const head = printOf(await readAt(handle, 0, Math.min(headBytes, at)))
  const lastFrom = Math.max(0, at - lastBytes)
  return { ...begin(inode), offset: at, head, last: printOf(await readAt(handle, lastFrom, at - lastFrom)) }
}

/** How far a file was read through a link that is not followed any more. */
const positionThroughLink = (following: Following, log: Log, inode: string, look: Look): Position | null => {
  for (const { base, position, isFollowed } of following.logs.values()) {
    if (isFollowed || base === log.base || position === null) continue
    if (position.now.inode === inode && beginsAs(look, position.now)) return position
  }
  return null
}

/** A file that nothing is known of yet. True where it is to be read. */
export const meet = async (following: Following, log: Log, facts: Stats): Promise<boolean> => {
  const inode = inodeOf(facts)
  if (facts.size === 0) {
    log.fromEnd = false
    log.firstSeen = null
    return false
  }
  const nowMs = following.nowMs()
  if (log.firstSeen?.inode !== inode) log.firstSeen = { inode, atMs: nowMs }
  const look = await lookInto(log.path)
  if (look.compression === 'gzip' && isBusy(nowMs, facts)) return false
  if (look.other !== null) {
    if (log.problem !== look.other)
      following.log.warn(
        { file: log.path, problem: `it seems to be ${look.other}` },
        'a file is not followed',
      )
    log.problem = look.other
    log.unread = 'unreadable'
    return false
  }
  const before = log.position === null ? positionThroughLink(following, log, inode, look) : null
  if (before === null) {
    if (await isKnown(following, log, inode, look, facts.size)) {
      log.unread = 'known'
      // What stands here later is new.
      log.fromEnd = false
      return false
    }
    const mayBeCopy = isRotation(log.path) && isBusy(nowMs, facts)
    if (mayBeCopy && mayBecomeKnown(following, log, log.firstSeen, look, facts.size)) return false
  }
  log.problem = null
  log.position = before ?? turnOver(log.position, begin(inode))
  log.ended = false
  return true
}
