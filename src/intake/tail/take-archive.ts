/**
 * An archive's lines → spool, with the position behind them.
 *
 * @module
 */
import { cutLines } from './cut-lines.ts'
import { streamOf, type Following, type Log } from './log.ts'
import { headBytes, lastBytes, printOf, type Generation } from './position.ts'
import { Damage, unpacked } from './same-content.ts'
import { after, chunkBytes, keep, withGeneration, withoutMark } from './take-lines.ts'

/** How the reading of an archive ended. */
export type ArchiveEnd =
  /** At its end. */
  | 'whole'
  /** Before its end: it is damaged, or still written. Half a line is left, unless that is all there will be. */
  | 'damaged'
  /** It ends before the generation's offset. */
  | 'shorter'
  /** It does not hold, at the offset, what was read there: nothing was taken. */
  | 'other'

/**
 * Takes all lines of a gzip file from a generation's offset on. The log's position moves with them.
 *
 * @param from - a generation of the log's position
 * @param isLast - what is there is all there will be, whether the archive ends as it should or not
 */
export const takeArchive = async (
  { sink, nowMs }: Following,
  log: Log,
  file: string,
  from: Generation,
  isLast: boolean,
): Promise<ArchiveEnd> => {
  const stream = streamOf(log, nowMs())
  let current = from
  let place = 0
  let held = Buffer.alloc(0)
  let head = Buffer.alloc(0)
  let before = Buffer.alloc(0)
  const take = async (isEnd: boolean): Promise<void> => {
    const cut = cutLines(held, current.skipping, isEnd)
    if (log.position === null || (cut.taken === 0 && !isEnd)) return
    const seen = head.subarray(0, current.offset + cut.taken)
    const next = { ...after(current, held, cut, seen), whole: isEnd }
    const moved = withGeneration(log.position, current, next)
    await keep(sink, stream, withoutMark(cut.lines, current.offset), cut.count, moved)
    held = held.subarray(cut.taken)
    current = next
    log.position = moved
  }
  let isDamaged = false
  try {
    for await (const chunk of unpacked(file)) {
      if (head.length < headBytes) head = Buffer.concat([head, chunk]).subarray(0, headBytes)
      const unread = Math.max(0, Math.min(chunk.length, from.offset - place))
      place += chunk.length
      if (unread > 0) before = Buffer.concat([before, chunk.subarray(0, unread)]).subarray(-lastBytes)
      if (place < from.offset) continue
      const known = before.subarray(before.length - from.last.bytes)
      if (unread > 0 && printOf(known).hash !== from.last.hash) return 'other'
      held = Buffer.concat([held, chunk.subarray(unread)])
      if (held.length >= chunkBytes) await take(false)
    }
  } catch (error) {
    // What keeps lines from being appended is no damage of the archive.
    if (!(error instanceof Damage)) throw error
    isDamaged = true
  }
  const isShorter = place < from.offset
  await take(isLast || !(isDamaged || isShorter))
  return isShorter ? 'shorter' : isDamaged ? 'damaged' : 'whole'
}
