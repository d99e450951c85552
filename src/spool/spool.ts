/**
 * Lines on disk before they are acknowledged.
 *
 * All streams write into one journal, a group at a time: one fsync serves all appends that wait for it. A group holds the
 * lines, their number and the streams' positions, so that all of them are there after a crash, or none. Each second the
 * journal is sealed; its segments, one for each stream, are what a loader takes. Once all are taken the journal goes away.
 *
 * @module
 */
import { mkdir, rm } from 'node:fs/promises'
import { AppError } from '../errors.ts'
import { asDiskFull } from './disk.ts'
import type { Contents, Stream } from './frame.ts'
import {
  createJournal,
  journalPath,
  journalsIn,
  recoverJournal,
  type Group,
  type Journal,
} from './journal.ts'
import { faultOf, gather, type Piece } from './pieces.ts'
import { copySegments, segmentsOf, type Placed, type SealedSegment } from './sealed.ts'
import { addGroup, readStreams, writeStreams, type StreamState } from './streams.ts'

export type { Stream } from './frame.ts'
export type { Piece } from './pieces.ts'
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
   * Resolves when the lines are on the disk: those of all pieces, or of none, after a crash too.
   *
   * @throws AppError `spool-full` where too much waits to be loaded (a sender may try again); `intake-too-large` where they
   *   are more than may ever wait; `disk-full`. Nothing of the lines counts then.
   */
  appendAll(pieces: readonly Piece[]): Promise<void>
  /** The same for one piece. */
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

/** One append, which goes into one group. */
interface Waiting {
  readonly pieces: readonly Piece[]
  /** Of its lines. */
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** A group takes what waits, up to here; an append that is larger has one of its own. */
const groupBytes = 8_000_000
/** What may wait in memory for the disk. */
const waitingBytes = 64_000_000
/** Journals whose lines are all taken are removed together, so often at most. */
const sweepMs = 2000

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
  let isSweepAsked = false
  let writing: Promise<void> | undefined
  let closed = false

  const usedBytes = (): number => heldBytes + (current?.journal.size() ?? 0) + keptBytes

  const remove = async (journals: readonly number[]): Promise<void> => {
    for (const journal of journals) {
      await rm(journalPath(folder, journal), { force: true })
      keptBytes -= sizes.get(journal) ?? 0
      sizes.delete(journal)
    }
  }
  const sweep = async (): Promise<void> => {
    isSweepAsked = false
    clearTimeout(sweeping)
    sweeping = undefined
    if (taken.length === 0 || holders.size > 0) return
    const gone = taken
    taken = []
    try {
      // A write that failed leaves an empty journal, which says nothing: it goes even where nothing can be written.
      await remove(gone.filter((journal) => sizes.get(journal) === 0))
      const left = gone.filter((journal) => sizes.has(journal))
      if (left.length === 0) return
      // How far the streams are must not go away with the journals that say so.
      await writeStreams(folder, streams)
      await remove(left)
    } catch {
      // On a full disk. What waits is told by the next append; the journals are removed later.
      taken.push(...gone.filter((journal) => sizes.has(journal)))
      sweepLater()
    }
  }
  const holders = new Set<symbol>()
  let lastSweep: Promise<void> = Promise.resolve()
  const sweepNext = (): Promise<void> => {
    if (!isSweepAsked) lastSweep = lastSweep.then(sweep)
    isSweepAsked = true
    return lastSweep
  }
  const sweepLater = (): void => {
    if (!closed) sweeping ??= setTimeout(() => void sweepNext(), sweepMs)
  }
  const sweepSoon = (): void => {
    if (closed || taken.length === 0 || holders.size > 0) return
    // Room is needed now, or a few journals are worth removing together.
    if (usedBytes() > maxBytes / 2) void sweepNext()
    else sweepLater()
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
    const fitting = waiting.findIndex((append, i) => (bytes += append.bytes) > groupBytes && i > 0)
    return waiting.splice(0, fitting === -1 ? waiting.length : fitting)
  }

  const writeGroup = async (appends: readonly Waiting[]): Promise<void> => {
    const { entries, pieces } = gather(
      appends.flatMap((append) => append.pieces),
      streams,
    )
    const contents: Contents = { group: streams.group + 1, arrivedMs: Date.now(), entries }
    try {
      const { journal, groups } = await begin()
      groups.push(await journal.write(contents, pieces))
      addGroup(streams, contents)
      for (const { bytes, resolve } of appends) {
        heldBytes -= bytes
        resolve()
      }
    } catch (error) {
      // After a failed fsync nobody knows what the file's cache holds: the next group goes into another file.
      await seal()
      const told = asDiskFull(error, folder)
      for (const { bytes, reject } of appends) {
        heldBytes -= bytes
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

  /** Why an append is not taken, or null. */
  const refusalOf = (pieces: readonly Piece[], bytes: number): Error | null => {
    if (closed) return new AppError('cancelled')
    for (const piece of pieces) {
      const fault = faultOf(piece)
      if (fault !== null) return fault
    }
    if (bytes > maxBytes)
      return new AppError('intake-too-large', { problem: `at most ${maxBytes} bytes may wait to be read` })
    const after = usedBytes() + bytes
    if (after <= maxBytes && (heldBytes === 0 || heldBytes + bytes <= waitingBytes)) return null
    return new AppError('spool-full', { bytes: after, maxBytes, retrySeconds: 1 })
  }

  const appendAll: Spool['appendAll'] = (pieces) => {
    const bytes = pieces.reduce((sum, { lines }) => sum + lines.length, 0)
    const refusal = refusalOf(pieces, bytes)
    if (refusal !== null) {
      // What is taken already may go at once, so that there is room when it is tried again.
      sweepSoon()
      return Promise.reject(refusal)
    }
    return new Promise((resolve, reject) => {
      heldBytes += bytes
      waiting.push({ pieces, bytes, resolve, reject })
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
    appendAll,
    append: (stream, lines, count, position) => appendAll([{ stream, lines, count, position }]),
    position: (name) => streams.byName.get(name)?.position ?? null,
    idOf: (name) => streams.byName.get(name)?.id ?? null,
    names: () => [...streams.byName.keys()],
    forget: (name) => {
      const { id } = streams.byName.get(name) ?? {}
      if (
        id === undefined ||
        waitingLines().has(name) ||
        waiting.some(({ pieces }) => pieces.some(({ stream }) => stream.name === name))
      )
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
