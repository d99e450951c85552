/**
 * The lines of some streams that are read alike → `events`.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { widenReading } from '../ingest/narrow.ts'
import {
  contextOf,
  decide,
  readHeaders,
  type Catalogue,
  type Decision,
  type Told,
} from '../ingest/reading.ts'
import { sampleSource } from '../ingest/sample.ts'
import { noHead, segmentName, type Segment } from '../ingest/segments.ts'
import type { Source } from '../ingest/sources.ts'
import type { Stored } from '../ingest/store-lines.ts'
import type { Reading } from '../parse/compile-branches.ts'
import type { ParseContext } from '../parse/context.ts'
import type { SealedSegment, Spool, Stream } from '../spool/spool.ts'
import { hasHeaders, headerAt, mergeNarrowed, type Format, type Formats } from './formats.ts'
import { readAgain } from './read-again.ts'
import { discardSegments, numberedFrom, rejectedLines, storeParts } from './store-parts.ts'

/** What one stream has to be loaded: sealed segments that follow one another. */
export interface Batch {
  readonly stream: Stream
  readonly id: string
  readonly segments: readonly SealedSegment[]
  readonly first: number
  readonly lines: number
  readonly arrivedMs: number
  readonly lastArrivedMs: number
}

export interface Loading {
  readonly engine: Engine
  readonly spool: Spool
  readonly catalogue: Catalogue
  readonly told: Told
  readonly formats: Formats
  /** Where lines are while they are loaded. */
  readonly folder: string
  readonly signal: AbortSignal
}

/** A segment whose rows are stored, to be listed. */
export interface LoadedBatch {
  readonly batch: Batch
  readonly segment: Segment
}

export const batchOf = (segments: readonly SealedSegment[]): Batch => {
  const [first] = segments
  const last = segments.at(-1)
  if (first === undefined || last === undefined) throw new TypeError('a batch without segments')
  return {
    stream: last.stream,
    id: first.id,
    segments,
    first: first.first,
    lines: segments.reduce((sum, { lines }) => sum + lines, 0),
    arrivedMs: first.arrivedMs,
    lastArrivedMs: last.lastArrivedMs,
  }
}

const nameOf = ({ id, first }: Batch): string => segmentName(id, first, false)

// A text with NUL cannot be bound to a query.
const sourceOf = ({ stream }: Batch): string => stream.name.replaceAll('\0', '?')

const withCopy = async <T>(
  { spool, folder }: Loading,
  batches: readonly Batch[],
  use: (file: string) => Promise<T>,
): Promise<T> => {
  const file = path.join(folder, randomUUID())
  try {
    await spool.copy(
      batches.flatMap(({ segments }) => segments),
      file,
    )
    return await use(file)
  } finally {
    await rm(file, { force: true })
  }
}

const contextFor = (loading: Loading, batches: readonly Batch[], file: string): ParseContext => {
  const [only] = batches
  const modifiedMs = Math.max(
    ...batches.map(({ stream, lastArrivedMs }) => stream.writtenBeforeMs ?? lastArrivedMs),
  )
  const timeZone = only?.stream.timeZone ?? loading.told.timeZone
  const told = { ...loading.told, ...(timeZone === undefined ? {} : { timeZone }) }
  return contextOf(sourceFor(file, modifiedMs), told)
}

const sourceFor = (file: string, modifiedMs: number): Source => ({
  path: file,
  file,
  compression: 'none',
  bytes: 0,
  modifiedMs,
  temporary: false,
})

/** Looks for the format of a stream in the lines that it has to be loaded. */
export const decideBatch = (loading: Loading, batch: Batch): Promise<Decision> =>
  withCopy(loading, [batch], async (file) => {
    const context = contextFor(loading, [batch], file)
    const options = { signal: loading.signal }
    const source = sourceFor(file, context.writtenBeforeMs)
    const { lines } = await sampleSource(loading.engine, source, options)
    const format = batch.stream.format ?? loading.told.format
    const told = { ...loading.told, ...(format === undefined ? {} : { format }) }
    return decide(loading.engine, lines, loading.catalogue, told, context)
  })

/** Looks for formats of the lines that were rejected. */
export const decideRejects = async (
  loading: Loading,
  batch: Batch,
  lines: readonly string[],
): Promise<Decision> => {
  const { format: _, ...told } = loading.told
  const context = contextFor(loading, [batch], '')
  const texts = lines.map((line) => line.replaceAll('\0', ' '))
  return decide(loading.engine, texts, loading.catalogue, told, context)
}

const nothing: Reading = { envelopes: [], parsers: [] }

/** A reading that left out variants understood less than it could. */
const lacksVariants = ({ full, narrowed }: Format): boolean =>
  narrowed?.parsers.some((parser, i) => parser !== full.parsers[i]) === true

const rejectSample = 200

/** Whether what was left out of the reading is needed after all; it is then put back. */
const widen = async (
  { engine, signal }: Loading,
  format: Format,
  names: readonly string[],
  stored: readonly Stored[],
): Promise<boolean> => {
  const { full, narrowed } = format
  if (narrowed === undefined) return false
  if (lacksVariants(format)) {
    for (const [i, { rejected }] of stored.entries()) {
      if (rejected === 0) continue
      const lines = await rejectedLines(engine, names[i] ?? '', 1)
      if (lines.length === 0) continue
      format.narrowed = mergeNarrowed(full, narrowed, { ...narrowed, parsers: full.parsers })
      return true
    }
  }
  const wider = await widenReading(engine, names, full, narrowed, { signal })
  if (wider === undefined) return false
  format.narrowed = mergeNarrowed(full, narrowed, wider)
  return true
}

const storeFile = async (
  loading: Loading,
  format: Format | null,
  batches: readonly Batch[],
  file: string,
): Promise<LoadedBatch[]> => {
  const { engine, formats, signal } = loading
  const options = { signal }
  const parts = batches.map((batch) => ({
    segment: nameOf(batch),
    source: sourceOf(batch),
    first: batch.first,
    lines: batch.lines,
  }))
  const names = parts.map(({ segment }) => segment)
  const plain = contextFor(loading, batches, file)
  const [only] = batches
  const headers =
    format === null || only === undefined || !hasHeaders(format.full)
      ? []
      : await headersFor(loading, format, only, file)
  const context = { ...plain, headers }
  for (;;) {
    const reading = format === null ? nothing : (format.narrowed ?? format.full)
    const stored = await storeParts({ engine, file, parts, reading, context, options })
    if (format !== null && (await widen(loading, format, names, stored))) {
      await discardSegments(engine, names)
      await formats.save()
      continue
    }
    return batches.flatMap((batch, i) => {
      const own = stored[i]
      if (own === undefined) return []
      const { lines, rejected, firstMs, lastMs } = own
      const segment: Segment = {
        segment: nameOf(batch),
        content: batch.id,
        start: batch.first,
        open: false,
        source: sourceOf(batch),
        format: format?.shown ?? '',
        head: noHead,
        lines,
        rejected,
        ...(rejected < lines ? { firstMs, lastMs } : { firstMs: 0, lastMs: 0 }),
        note: '',
      }
      return [{ batch, segment }]
    })
  }
}

/** The header lines for a stream's lines: those among them, and the last one before. */
const headersFor = async (
  { engine, formats, signal }: Loading,
  format: Format,
  batch: Batch,
  file: string,
): Promise<ParseContext['headers']> => {
  const lines = { path: file, compression: 'none' } as const
  const found = await readHeaders(engine, lines, numberedFrom(batch.first), format.full, { signal })
  const before = headerAt(formats.streams.get(batch.id), batch.first)
  const last = found.at(-1)
  if (last !== undefined) {
    // With the one before: where these lines are loaded again, it holds for the first of them.
    formats.streams.set(batch.id, { format: format.key, header: last, earlier: before })
    // Before its lines are gone from the spool.
    await formats.save()
  }
  return before === null ? found : [before, ...found]
}

/** Loads batches that are read alike. Those of a format with header lines are loaded one at a time. */
export const loadGroup = (
  loading: Loading,
  format: Format | null,
  batches: readonly Batch[],
): Promise<LoadedBatch[]> => withCopy(loading, batches, (file) => storeFile(loading, format, batches, file))

/** Takes a batch back that was read with less than is known now, and loads it again. */
export const loadAgain = async (loading: Loading, format: Format, batch: Batch): Promise<LoadedBatch[]> => {
  await discardSegments(loading.engine, [nameOf(batch)])
  return loadGroup(loading, format, [batch])
}

/** Reads what a stream gave before its format was known. */
export const againBatch = (loading: Loading, format: Format, batch: Batch): Promise<Segment | undefined> => {
  const { engine, signal } = loading
  const context = contextFor(loading, [batch], '')
  return readAgain(engine, format, { id: batch.id, source: sourceOf(batch) }, context, { signal })
}

/** Lines of a batch that were rejected for no good reason. */
export const rejectsOf = async (loading: Loading, { segment }: LoadedBatch): Promise<string[]> => {
  const rows = await rejectedLines(loading.engine, segment.segment, rejectSample)
  return rows.map(({ line }) => line)
}
