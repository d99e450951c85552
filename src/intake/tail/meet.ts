/**
 * A file that nothing is known of yet: is it a log of its own, or what was read under another name?
 *
 * @module
 */
import type { Stats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { logOf } from '../../ingest/rotation.ts'
import { streamOf, type Log } from './log.ts'
import { begin, headBytes, lastBytes, printOf, turnOver, type Generation } from './position.ts'
import { inodeOf, readOn, type Following } from './rotated.ts'
import { beginsAs, goesOnAs, lookInto, readAt, type Look } from './same-content.ts'
import { keep, takeArchive } from './take-lines.ts'

/** A file named like a rotated one is looked at once it rests: it may still be copied or compressed. */
const copyRestMs = 2000
const isRotation = (file: string): boolean => logOf(file) !== file

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
    if (position === null || other.base !== log.base) continue
    for (const generation of [position.now, ...position.past]) {
      if (other === log && generation === position.now) continue
      if (!beginsAs(look, generation)) continue
      if (look.compression === 'gzip') return true
      if (generation.inode === inode) {
        const isLeft = generation !== position.now || (other.unread === 'missing' && other.handle === null)
        if (isLeft && size > generation.offset) await readOn(following, other, log, generation)
        return true
      }
      if (size < generation.offset) continue
      const handle = await open(log.path, 'r')
      try {
        if (await goesOnAs(handle, generation)) return true
      } finally {
        await handle.close()
      }
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

/** A file that nothing is known of yet. True where it is to be read. */
export const meet = async (following: Following, log: Log, facts: Stats): Promise<boolean> => {
  const inode = inodeOf(facts)
  const restsMs = following.nowMs() - facts.mtimeMs
  if (isRotation(log.path) && restsMs < copyRestMs && restsMs >= 0) return false
  if (facts.size === 0) {
    log.fromEnd = false
    return false
  }
  const look = await lookInto(log.path)
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
  if (await isKnown(following, log, inode, look, facts.size)) {
    log.unread = 'known'
    return false
  }
  log.unread = null
  log.problem = null
  if (log.position !== null && log.position.now.inode === inode) return true
  log.position = turnOver(log.position, begin(inode))
  if (look.compression === 'gzip') {
    await takeWholeArchive(following, log)
    return false
  }
  return true
}

const takeWholeArchive = async (following: Following, log: Log): Promise<void> => {
  if (log.position === null) return
  const { now } = log.position
  if (log.fromEnd) {
    log.position = { ...log.position, now: { ...now, whole: true } }
    await keep(following.sink, streamOf(log, following.nowMs()), Buffer.alloc(0), 0, log.position)
    return
  }
  const stream = streamOf(log, following.nowMs())
  const taken = await takeArchive(following.sink, stream, log.path, log.position, now)
  if (taken === null) return
  log.position = taken.position
  if (taken.damage !== undefined)
    following.log.warn({ file: log.path }, 'an archive is damaged: the lines before the damage count')
}
