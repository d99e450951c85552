/**
 * What stood under a log's name before: it is read to its end wherever it went.
 *
 * @module
 */
import type { Stats } from 'node:fs'
import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { logOf } from '../../ingest/rotation.ts'
import { streamOf, type Following, type Log } from './log.ts'
import { begin, turnOver, type Generation } from './position.ts'
import { beginsAs, goesOnAs, lookInto } from './same-content.ts'
import { takeArchive } from './take-archive.ts'
import { keep, takeLines, type Taken } from './take-lines.ts'

/** What was renamed away is read on until it rests for so long: its writer reopens the name later. */
export const rotatedRestMs = 60_000
/** So much is taken before other logs have their turn. */
const turnBytes = 16 << 20

export const inodeOf = (facts: Stats): string => `${facts.dev}:${facts.ino}`

/** Whether a file is named like one that was rotated; a log may have a date or a number in its name as well. */
export const isRotation = (file: string): boolean => logOf(file) !== file

export const baseOf = (file: string): string => path.basename(logOf(file))

/** Takes what a plain file has beyond a generation's offset. */
export const takeRest = async (
  { sink, nowMs }: Following,
  log: Log,
  handle: FileHandle,
  generation: Generation,
  isLast: boolean,
): Promise<Taken | null> => {
  let taken: Taken | null = null
  let current = generation
  for (const start = generation.offset; current.offset - start < turnBytes;) {
    if (log.position === null) return taken
    taken = await takeLines(sink, streamOf(log, nowMs()), handle, log.position, current, isLast)
    log.position = taken.position
    current = taken.generation
    if (!taken.more) break
  }
  return taken
}

/** Takes all of it, however much. */
export const drain = async (
  following: Following,
  log: Log,
  handle: FileHandle,
  from: Generation,
  isLast: boolean,
): Promise<Generation> => {
  let generation = from
  for (;;) {
    const taken = await takeRest(following, log, handle, generation, isLast)
    if (taken === null) return generation
    generation = taken.generation
    if (!taken.more) return generation
  }
}

/** The files beside a log that share its base name, and what they are. */
const siblingsOf = async (log: Log): Promise<{ file: string; facts: Stats }[]> => {
  const folder = path.dirname(log.path)
  const names = await readdir(folder).catch(() => [])
  const found: { file: string; facts: Stats }[] = []
  for (const name of names) {
    const file = path.join(folder, name)
    if (file === log.path || baseOf(file) !== log.base) continue
    const facts = await stat(file).catch(() => null)
    if (facts?.isFile() === true) found.push({ file, facts })
  }
  return found
}

/** Reads the rest of what stood under a log's name, wherever it went. False where it is nowhere to be found. */
const readElsewhere = async (following: Following, log: Log): Promise<boolean> => {
  const siblings = await siblingsOf(log)
  const same = siblings.filter(({ facts }) => inodeOf(facts) === log.position?.now.inode)
  for (const { file, facts } of [...same, ...siblings.filter((one) => !same.includes(one))]) {
    const look = await lookInto(file).catch(() => null)
    if (look === null || log.position === null) continue
    const generation = log.position.now
    if (generation.head.bytes > 0 && !beginsAs(look, generation)) continue
    if (look.compression === 'gzip') {
      if ((await takeArchive(following, log, file, generation, false)) === 'whole') return true
      continue
    }
    if (look.compression !== 'none' || facts.size < generation.offset) continue
    const handle = await open(file, 'r')
    if (!(await goesOnAs(handle, generation))) {
      await handle.close()
      continue
    }
    const rest = await drain(following, log, handle, generation, false)
    await letRotated(following, log)
    log.rotated = { file: handle, generation: rest, changedMs: following.nowMs(), size: facts.size }
    return true
  }
  return false
}

/** Ends the reading of what was renamed away: half a line at its end is its last. */
export const letRotated = async (following: Following, log: Log): Promise<void> => {
  const { rotated } = log
  if (rotated === null) return
  log.rotated = null
  try {
    await drain(following, log, rotated.file, rotated.generation, true)
  } finally {
    await rotated.file.close()
  }
}

export const lookAtRotated = async (following: Following, log: Log): Promise<void> => {
  const { rotated } = log
  if (rotated === null) return
  const { size } = await rotated.file.stat()
  if (size !== rotated.size) {
    rotated.size = size
    rotated.changedMs = following.nowMs()
    if (size > rotated.generation.offset)
      rotated.generation = await drain(following, log, rotated.file, rotated.generation, false)
    // It was cut back after it was copied: there is nothing more to come.
    else await closeRotated(log)
  } else if (following.nowMs() - rotated.changedMs > rotatedRestMs) await letRotated(following, log)
}

const closeRotated = async (log: Log): Promise<void> => {
  await log.rotated?.file.close()
  log.rotated = null
}

export const closeHandle = async (log: Log): Promise<void> => {
  await log.handle?.file.close()
  log.handle = null
}

/**
 * Reads what stood under a log's name to its end; another file stands there now, or the same one was emptied.
 *
 * @param wasCut - it was emptied
 */
export const finish = async (following: Following, log: Log, wasCut: boolean): Promise<void> => {
  const { position, handle } = log
  if (position !== null && position.now.offset > 0 && !log.ended) {
    const { now } = position
    if (!wasCut && handle?.inode === now.inode) {
      const rest = await drain(following, log, handle.file, now, false)
      await letRotated(following, log)
      const { size } = await handle.file.stat()
      log.rotated = { file: handle.file, generation: rest, changedMs: following.nowMs(), size }
      log.handle = null
    } else if (!(await readElsewhere(following, log)) && !wasCut && !isRotation(log.path)) {
      following.log.warn(
        { file: log.path },
        'a log was rotated while nothing looked, and its rest is nowhere to be found',
      )
    }
  }
  await closeHandle(log)
  log.ended = true
}

/** Reads what stood under a log's name to its end, and begins with what stands there now. */
export const startOver = async (
  following: Following,
  log: Log,
  inode: string,
  wasCut: boolean,
): Promise<void> => {
  await finish(following, log, wasCut)
  log.ended = false
  log.position = turnOver(log.position, begin(inode))
  await keep(following.sink, streamOf(log, following.nowMs()), Buffer.alloc(0), 0, log.position)
}

/** What was renamed away may have been written to since it was read. */
export const readOn = async (
  following: Following,
  log: Log,
  { path: file, source }: Pick<Log, 'path' | 'source'>,
  generation: Generation,
): Promise<void> => {
  if (log.rotated !== null) return
  log.source = source
  // It is not forgotten while it is written to.
  log.changedMs = following.nowMs()
  const handle = await open(file, 'r')
  const rest = await drain(following, log, handle, generation, false)
  const { size } = await handle.stat()
  log.rotated = { file: handle, generation: rest, changedMs: following.nowMs(), size }
}

/** Reads on, after a start, what was renamed away before it. */
export const resume = async (following: Following, log: Log): Promise<void> => {
  const [last] = log.position?.past ?? []
  if (last === undefined || last.whole) return
  for (const { file, facts } of await siblingsOf(log)) {
    if (inodeOf(facts) !== last.inode || facts.size <= last.offset) continue
    const look = await lookInto(file).catch(() => null)
    if (look?.compression === 'none' && beginsAs(look, last)) {
      await readOn(following, log, { path: file, source: log.source }, last)
      return
    }
  }
}
