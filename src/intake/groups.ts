/**
 * What is loaded together.
 *
 * @module
 */
import type { SealedSegment } from '../spool/spool.ts'
import { hasHeaders, type Format } from './formats.ts'
import { batchOf, type Batch } from './load-group.ts'

/** One statement reads so much at most: it takes a second or two, and others wait for it. */
const mostBytes = 32_000_000
const mostStreams = 1000

/** What each stream has to be loaded, the longest waiting first. */
export const batchesOf = (ready: readonly SealedSegment[]): Batch[] => {
  const byStream = new Map<string, SealedSegment[]>()
  const bytes = new Map<string, number>()
  for (const segment of ready) {
    const sum = (bytes.get(segment.id) ?? 0) + segment.bytes
    bytes.set(segment.id, sum)
    const own = byStream.get(segment.id)
    if (own === undefined) byStream.set(segment.id, [segment])
    else if (sum <= mostBytes) own.push(segment)
  }
  return [...byStream.values()].map(batchOf)
}

const bytesOf = ({ segments }: Batch): number => segments.reduce((sum, { bytes }) => sum + bytes, 0)

export interface Group {
  readonly format: Format | null
  readonly batches: readonly Batch[]
}

/**
 * Batches that one statement can read.
 *
 * @param isAlone whether a batch is not to hold up others, should it fail
 */
export const groupsOf = (
  batches: readonly Batch[],
  formatOf: (batch: Batch) => Format | null,
  isAlone: (batch: Batch) => boolean,
): Group[] => {
  const groups: { key: string; format: Format | null; bytes: number; batches: Batch[] }[] = []
  for (const batch of batches) {
    const format = formatOf(batch)
    const { timeZone = '', writtenBeforeMs = 0 } = batch.stream
    const own = isAlone(batch) || (format !== null && hasHeaders(format.full)) ? batch.id : ''
    const key = [format?.key ?? '', timeZone, writtenBeforeMs, own].join(' ')
    const bytes = bytesOf(batch)
    const group = groups.findLast((one) => one.key === key)
    if (group === undefined || group.bytes + bytes > mostBytes || group.batches.length >= mostStreams) {
      groups.push({ key, format, bytes, batches: [batch] })
    } else {
      group.batches.push(batch)
      group.bytes += bytes
    }
  }
  return groups
}
