import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import {
  openSpool,
  type SealedSegment,
  type Spool,
  type SpoolOptions,
  type Stream,
} from '../../src/spool/spool.ts'

export const stream = (name: string): Stream => ({ name, kind: 'file' })

export const linesFrom = (from: number, count: number, name = 'line'): string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${from + i}`)

export const give = (spool: Spool, to: Stream, lines: readonly string[], position?: string): Promise<void> =>
  spool.append(to, Buffer.from(lines.map((line) => `${line}\n`).join('')), lines.length, position)

/** A spool that seals nothing by itself, unless it is told to. */
export const openIn = (folder: string, options: Partial<SpoolOptions> = {}): Promise<Spool> =>
  openSpool({ folder, maxBytes: 100_000_000, segmentMs: 3_600_000, ...options })

/** What sealed segments hold. */
export const textOf = async (
  spool: Spool,
  folder: string,
  segments: readonly SealedSegment[],
): Promise<string> => {
  const file = path.join(folder, 'copy')
  await spool.copy(segments, file)
  const text = await readFile(file, 'utf8')
  await rm(file)
  return text
}

/** The lines of each stream that wait, in their order. */
export const waitingLines = async (spool: Spool, folder: string): Promise<Record<string, string[]>> => {
  const found: Record<string, string[]> = {}
  for (const segment of spool.ready()) {
    const lines = (await textOf(spool, folder, [segment])).split('\n').slice(0, -1)
    const own = (found[segment.stream.name] ??= [])
    if (segment.first !== own.length) throw new Error('a segment that does not follow the one before')
    own.push(...lines)
  }
  return found
}
