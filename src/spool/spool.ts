/**
 * Lines on disk before they are acknowledged.
 *
 * All streams write into one journal, a group at a time: one fsync serves all appends that wait for it. A group holds the
 * lines, their number and the streams' positions, so that all of them are there after a crash, or none. Each second the
 * journal is sealed; its segments, one for each stream, are what a loader takes. Once all are taken the journal goes away.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import { asDiskFull } from './disk.ts'
import type { Contents, Entry, Stream } from './frame.ts'
import {
  createJournal,
  journalPath,
  journalsIn,
  recoverJournal,
  type Group,
  type Journal,
} from './journal.ts'
import { copySegments, segmentsOf, type Placed, type SealedSegment } from './sealed.ts'
import { addGroup, readStreams, writeStreams, type StreamState, type Streams } from './streams.ts'

export type { Stream } from './frame.ts'
export type { SealedSegment } from './sealed.ts'

export interface SpoolStats {
  /** On disk and on the way there. */
  readonly bytes: number
  readonly maxBytes: number
  /** Each stream that gave lines, ever: how many, and how many of them wait to be loaded. */
  readonly streams: readonly {
    readonly name: string
    readonly kind: Stream['kind']
    readonly lines: number
    readonly waiting: number
  }[]
}

export interface Spool {
  /**
   * Resolves when the lines are on the disk.
   *
   * @param lines - whole lines, each ended by `\n`; may be empty where only the position is to be kept
   * @param count - how many
   * @param position - opaque text, committed together with them
   * @throws AppError `spool-full` where too much waits to be loaded (a sender may try again); `disk-full`. Nothing of the
   *   lines counts then.
   */
  append(stream: Stream, lines: Buffer, count: number, position?: string): Promise<void>
  /** The last committed position of a stream, after restarts too. */
  position(stream: string): string | null
  /** What stands for a stream in the names of its segments; null before its first line. */
  idOf(stream: string): string | null
  /** The names of all streams that are known. */
  names(): readonly string[]
  /** Forgets a stream that gives no more lines, once all it gave were taken. */
  forget(stream: string): void
  /** Sealed segments that were not taken yet, in the order of their sealing. */
  ready(): readonly SealedSegment[]
  /** @returns what ends it */
  onReady(listener: () => void): () => void
  /** Writes the lines of sealed segments, one after the other, into a new file. */
  copy(segments: readonly SealedSegment[], target: string): Promise<void>
  /** A loader says that a segment is safe elsewhere: it goes away, its position stays. */
  done(segment: SealedSegment): Promise<void>
  /** Keeps the files as they are, but for what is added, until the returned function is called: they can be copied meanwhile. */
  hold(): Promise<() => void>
  stats(): SpoolStats
  /** Seals what was appended. */
  close(): Promise<void>
}

export interface SpoolOptions {
  /** Made if it is not there. For one process at a time. */
  readonly folder: string
  /** The most that may wait to be loaded. */
  readonly maxBytes: number
  /** A journal is sealed when it holds so much. Default 16 MB. */
  readonly segmentBytes?: number
  /** A journal is sealed when its first lines are so old. Default 1000. */
  readonly segmentMs?: number
  /** What is told about damage that was found. */
  readonly onDamage?: (facts: { readonly journal: string; readonly bytes: number }) => void
}

interface Waiting {
  readonly stream: Stream
  readonly lines: Buffer
  readonly count: number
  readonly position: string | undefined
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** A group takes what waits, up to here. */
const groupBytes = 8_000_000
/** What may wait in memory for the disk. */
const waitingBytes = 64_000_000
/** Journals whose lines are all taken are removed together, so often at most. */
const sweepMs = 2000

const countLines = (lines: Buffer): number => {
  let count = 0
  for (let at = lines.indexOf(10); at !== -1; at = lines.indexOf(10, at + 1)) count++
  return count
}

/** What a group is made of: the appends in their order, those of one stream together. */
const gather = (
  taken: readonly Waiting[],
  { byName }: Streams,
): { entries: Entry[]; pieces: Uint8Array[] } => {
  const byStream = new Map<string, Waiting[]>()
  for (const append of taken) {
    const others = byStream.get(append.stream.name)
    if (others === undefined) byStream.set(append.stream.name, [append])
    else others.push(append)
  }
  const entries = [...byStream].flatMap(([name, appends]): Entry[] => {
    const stream = appends.at(-1)?.stream
    if (stream === undefined) return []
    const known = byName.get(name)
    const position = appends.findLast((append) => append.position !== undefined)?.position
    return [
      {
        stream,
        id: known?.id ?? randomBytes(8).toString('hex'),
        first: known?.lines ?? 0,
        lines: appends.reduce((sum, { count }) => sum + count, 0),
        bytes: appends.reduce((sum, { lines }) => sum + lines.length, 0),
        ...(position === undefined ? {} : { position }),
      },
    ]
  })
  const pieces = [...byStream.values()].flat().map(({ lines }) => lines)
  return { entries, pieces }
}

export const openSpool = async (options: SpoolOptions): Promise<Spool> => {
  const { folder, maxBytes, segmentBytes = 16_000_000, segmentMs = 1000 } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const streams = await readStreams(folder)
  let sequence = 0
  /** Segments that wait to be taken, by journal. */
  const sealed = new Map<number, Map<string, Placed>>()
  /** The sizes of all journals that are there, the one being written aside. */
  const sizes = new Map<number, number>()
  let keptBytes = 0
  /** Journals of which nothing waits any more. */
  let taken: number[] = []

  const keep = (journal: number, size: number, groups: readonly Group[]): void => {
    const segments = segmentsOf(journal, groups)
    sizes.set(journal, size)
    keptBytes += size
    if (segments.length === 0) taken.push(journal)
    else sealed.set(journal, new Map(segments.map((placed) => [placed.segment.id, placed])))
  }

  for (const journal of await journalsIn(folder)) {
    const { groups, end, torn } = await recoverJournal(journalPath(folder, journal))
    if (torn > 0) options.onDamage?.({ journal: journalPath(folder, journal), bytes: torn })
    for (const { contents } of groups) addGroup(streams, contents)
    keep(journal, end, groups)
    sequence = journal
  }

  const listeners = new Set<() => void>()
  const waiting: Waiting[] = []
  let heldBytes = 0
  let current: { readonly journal: Journal; readonly groups: Group[] } | undefined
  let isDue = false
  let sealing: NodeJS.Timeout | undefined
  let sweeping: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let closed = false

  const usedBytes = (): number => heldBytes + (current?.journal.size() ?? 0) + keptBytes

  const sweep = async (): Promise<void> => {
    clearTimeout(sweeping)
    sweeping = undefined
    if (taken.length === 0 || holders.size > 0) return
    const gone = taken
    taken = []
    try {
      // How far the streams are must not go away with the journals that say so.
      await writeStreams(folder, streams)
      for (const journal of gone) {
        await rm(journalPath(folder, journal), { force: true })
        keptBytes -= sizes.get(journal) ?? 0
        sizes.delete(journal)
      }
    } catch {
      // On a full disk. What waits is told by the next append; the journals are removed later.
      taken.push(...gone)
    }
  }
  const holders = new Set<symbol>()
  let lastSweep: Promise<void> = Promise.resolve()
  const sweepNext = (): Promise<void> => (lastSweep = lastSweep.then(sweep))
  const sweepSoon = (): void => {
    if (closed || taken.length === 0 || holders.size > 0) return
    // Room is needed now, or a few journals are worth removing together.
    if (usedBytes() > maxBytes / 2) void sweepNext()
    else sweeping ??= setTimeout(() => void sweepNext(), sweepMs)
  }

  const seal = async (): Promise<void> => {
    clearTimeout(sealing)
    sealing = undefined
    isDue = false
    if (current === undefined) return
    const { journal, groups } = current
    current = undefined
    keep(journal.sequence, journal.size(), groups)
    await journal.close().catch(() => undefined)
    for (const listener of listeners) listener()
    sweepSoon()
  }

  const begin = async (): Promise<NonNullable<typeof current>> => {
    if (current !== undefined) return current
    sequence++
    const journal = await createJournal(folder, sequence)
    current = { journal, groups: [] }
    sealing = setTimeout(() => {
      isDue = true
      write()
    }, segmentMs)
    return current
  }

  const take = (): Waiting[] => {
    let bytes = 0
    const fitting = waiting.findIndex(({ lines }, i) => (bytes += lines.length) > groupBytes && i > 0)
    return waiting.splice(0, fitting === -1 ? waiting.length : fitting)
  }

  const writeGroup = async (appends: readonly Waiting[]): Promise<void> => {
    const { entries, pieces } = gather(appends, streams)
    const contents: Contents = { group: streams.group + 1, arrivedMs: Date.now(), entries }
    try {
      const { journal, groups } = await begin()
      groups.push(await journal.write(contents, pieces))
      addGroup(streams, contents)
      for (const { lines, resolve } of appends) {
        heldBytes -= lines.length
        resolve()
      }
    } catch (error) {
      // After a failed fsync nobody knows what the file's cache holds: the next group goes into another file.
      await seal()
      const told = asDiskFull(error, folder)
      for (const { lines, reject } of appends) {
        heldBytes -= lines.length
        reject(told)
      }
    }
  }

  const writeAll = async (): Promise<void> => {
    for (;;) {
      if (waiting.length === 0 && !isDue) return
      if (waiting.length > 0) await writeGroup(take())
      if (isDue || (current?.journal.size() ?? 0) >= segmentBytes) await seal()
    }
  }
  const write = (): void => {
    writing ??= writeAll().finally(() => {
      writing = undefined
      if (waiting.length > 0 || isDue) write()
    })
  }

  const append: Spool['append'] = (stream, lines, count, position) => {
    if (closed) return Promise.reject(new AppError('cancelled'))
    if (countLines(lines) !== count || (count > 0 ? lines.at(-1) !== 10 : lines.length > 0))
      return Promise.reject(new TypeError(`not ${count} whole lines`))
    const bytes = usedBytes() + lines.length
    if (bytes > maxBytes || (heldBytes > 0 && heldBytes + lines.length > waitingBytes))
      return Promise.reject(new AppError('spool-full', { bytes, maxBytes, retrySeconds: 1 }))
    return new Promise((resolve, reject) => {
      heldBytes += lines.length
      waiting.push({ stream, lines, count, position, resolve, reject })
      write()
    })
  }

  const placed = (): Placed[] => [...sealed.values()].flatMap((segments) => [...segments.values()])
  const waitingLines = (): Map<string, number> => {
    const lines = new Map<string, number>()
    const groups = current?.groups.flatMap(({ contents }) => contents.entries) ?? []
    for (const one of [...placed().map(({ segment }) => segment), ...groups])
      lines.set(one.stream.name, (lines.get(one.stream.name) ?? 0) + one.lines)
    return lines
  }

  sweepSoon()
  return {
    append,
    position: (name) => streams.byName.get(name)?.position ?? null,
    idOf: (name) => streams.byName.get(name)?.id ?? null,
    names: () => [...streams.byName.keys()],
    forget: (name) => {
      const { id } = streams.byName.get(name) ?? {}
      if (id === undefined || waitingLines().has(name) || waiting.some(({ stream }) => stream.name === name))
        return
      streams.byName.delete(name)
    },
    ready: () => placed().map(({ segment }) => segment),
    onReady: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    copy: (segments, target) => {
      const wanted = segments.map(({ journal, id }) => sealed.get(journal)?.get(id))
      const found = wanted.filter((one) => one !== undefined)
      if (found.length < wanted.length) throw new TypeError('a segment that was taken')
      return copySegments(folder, found, target)
    },
    done: async ({ journal, id }) => {
      const segments = sealed.get(journal)
      segments?.delete(id)
      if (segments?.size !== 0) return
      sealed.delete(journal)
      taken.push(journal)
      sweepSoon()
    },
    hold: async () => {
      const holder = Symbol('hold')
      holders.add(holder)
      await lastSweep
      return () => {
        holders.delete(holder)
        sweepSoon()
      }
    },
    stats: () => {
      const lines = waitingLines()
      const known = [...streams.byName].map(([name, { kind, lines: all }]: [string, StreamState]) => ({
        name,
        kind,
        lines: all,
        waiting: lines.get(name) ?? 0,
      }))
      return { bytes: usedBytes(), maxBytes, streams: known }
    },
    close: async () => {
      closed = true
      for (;;) {
        if (writing === undefined) break
        await writing
      }
      await seal()
      clearTimeout(sweeping)
      await sweepNext()
    },
  }
}
