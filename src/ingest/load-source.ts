/**
 * One source → its lines in `events`, and its segments in `segments`.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Engine, LineFile, QueryOptions } from '../engine/engine.ts'
import { countOf } from '../report/format.ts'
import type { SourceSummary } from '../report/report.ts'
import { raw, sql, type Sql } from '../sql/sql.ts'
import { isDamage, isUnreadable, whyUnreadable } from './damage.ts'
import { matchContent, mayAgree, writeHead, type Match } from './fingerprint.ts'
import { contextOf, decide, readHeaders, type Catalogue, type Told } from './reading.ts'
import type { Layout } from './json-document.ts'
import { isCutShort, layoutInArchive, salvage, type Salvaged } from './salvage.ts'
import { sampleSource, type Sample } from './sample.ts'
import { commitSegments, dropSegment, linesOf, spoolFolder, type Chain, type Segment } from './segments.ts'
import type { Source } from './sources.ts'
import { storeLines } from './store-lines.ts'

/** What the sources of one hunt share. */
export interface Hunt {
  readonly engine: Engine
  readonly catalogue: Catalogue
  readonly told: Told
  readonly dataFolder: string
  readonly options: QueryOptions
  /** All that is stored, by content; grows with what is read. */
  readonly chains: Map<string, Chain>
  /** The contents of this hunt's sources, and under which path each was found first. */
  readonly claimed: Map<string, string>
}

type Tell = (bytes: number) => void

const summary = (
  source: Source,
  format: string | null,
  counts: { readonly lines: number; readonly rejected: number },
  ...notes: readonly (string | undefined)[]
): SourceSummary => {
  const note = notes.filter((text) => text !== undefined).join('; ')
  return {
    path: source.path,
    format,
    lines: counts.lines,
    rejected: counts.rejected,
    ...(note === '' ? {} : { note }),
  }
}

const nothing = { lines: 0, rejected: 0 }

const damageNote = ({ lines, damage }: Salvaged, unit = 'line'): string | undefined =>
  damage === undefined
    ? undefined
    : `${damage.truncated ? 'truncated' : 'damaged'} after ${countOf(lines, unit)}: ${damage.problem}; the ${unit}s before it count`

/** Reads a source. What is wrong with it is told in the summary's note. */
export const readSource = async (hunt: Hunt, source: Source, tell: Tell): Promise<SourceSummary> => {
  try {
    if (source.bytes === 0) return summary(source, null, nothing, 'empty')
    const layout = await layoutInArchive(source)
    if (layout !== null) return await readDocument(hunt, source, layout, tell)
    if (source.compression === 'bz2' || (await isCutShort(source)))
      return await readSalvaged(hunt, source, tell)
    return await readWhole(hunt, source, tell)
  } catch (error) {
    if (isDamage(error) && source.compression !== 'none') return await readSalvaged(hunt, source, tell)
    if (isUnreadable(error)) return summary(source, null, nothing, `not read: ${whyUnreadable(error)}`)
    throw error
  } finally {
    if (source.temporary) await rm(source.file, { force: true })
  }
}

const readSalvaged = async (hunt: Hunt, source: Source, tell: Tell): Promise<SourceSummary> => {
  const { engine, dataFolder, options } = hunt
  const salvaged = await salvage(engine, source, spoolFolder(dataFolder), options)
  try {
    const note = damageNote(salvaged)
    if (salvaged.lines === 0) return summary(source, null, nothing, note ?? 'empty')
    const { file, bytes } = salvaged
    return await readWhole(hunt, { ...source, file, bytes, compression: 'none' }, tell, note)
  } finally {
    await rm(salvaged.file, { force: true })
  }
}

/** Each element of a JSON document becomes a line. */
const readDocument = async (
  hunt: Hunt,
  source: Source,
  layout: Layout,
  tell: Tell,
  note?: string,
): Promise<SourceSummary> => {
  const { engine, dataFolder, options } = hunt
  const split = await salvage(engine, source, spoolFolder(dataFolder), options, layout)
  try {
    const notes = note ?? damageNote(split, 'element')
    if (split.lines === 0) return summary(source, null, nothing, notes ?? 'empty')
    const { file, bytes } = split
    return await readLines(hunt, { ...source, file, bytes, compression: 'none' }, tell, notes)
  } finally {
    await rm(split.file, { force: true })
  }
}

/** The lines as they are read: without a byte order mark, and none that came after they were counted. */
const viewOf = (sample: Sample, end: number | undefined): ((lines: Sql) => Sql) => {
  const bom = sample.content.kind === 'text' && sample.content.bom
  const line = bom
    ? raw(String.raw`if(_row = 0 AND startsWith(whole, '\xEF\xBB\xBF'), substring(whole, 4), whole)`)
    : raw('whole')
  const bounded = end === undefined ? raw('') : sql` WHERE _row < ${end}`
  return (lines) =>
    sql`(SELECT ${line} AS line, _row AS line_number FROM (SELECT line AS whole, toUInt64(ifNull(line_number, 0)) AS _row FROM ${lines})${bounded})`
}

const contentName = (sample: Sample, chains: ReadonlyMap<string, Chain>): string => {
  let name = sample.bytesId
  // Another content with the same size, beginning and end.
  while (chains.has(name)) name = createHash('sha256').update(name).digest('hex').slice(0, 24)
  return name
}

const readWhole = async (hunt: Hunt, source: Source, tell: Tell, note?: string): Promise<SourceSummary> => {
  const sample = await sampleSource(hunt.engine, source, hunt.options)
  return sample.layout === null || sample.content.kind === 'other'
    ? readLines(hunt, source, tell, note, sample)
    : readDocument(hunt, source, sample.layout, tell, note)
}

const readLines = async (
  hunt: Hunt,
  source: Source,
  tell: Tell,
  note?: string,
  seen?: Sample,
): Promise<SourceSummary> => {
  const { engine, options, chains } = hunt
  const sample = seen ?? (await sampleSource(engine, source, options))
  if (sample.content.kind === 'other')
    return summary(source, null, nothing, note, `not read: it seems to be ${sample.content.what}`)
  if (sample.head.hashes.length === 0) return summary(source, null, nothing, note, 'empty')
  const file: LineFile = { path: source.file, compression: source.compression }
  const near = [...chains.values()].filter((chain) => mayAgree(sample.head, chain.segments[0]?.head ?? ''))
  const context = contextOf(source, hunt.told)
  const decideFormat = (): ReturnType<typeof decide> =>
    decide(engine, sample.lines, hunt.catalogue, hunt.told, context)
  const [end, early] = await Promise.all([
    // A plain file may be growing: what comes after this count is left for the next time.
    source.compression === 'none' ? engine.countLines(file, options) : undefined,
    // What is certainly new needs a format; meanwhile its lines are counted.
    near.length === 0 ? decideFormat() : undefined,
  ])
  const view = viewOf(sample, end)
  const match = await matchContent(engine, file, view, near, options)
  if (match.kind === 'known') return known(hunt, source, match, note)

  const decision = early ?? (await decideFormat())
  const headers = await readHeaders(engine, file, view, decision.reading, options)
  const { content, kept } =
    match.kind === 'grown'
      ? { content: match.chain.content, kept: match.chain.segments.filter((one) => one !== match.replaces) }
      : { content: contentName(sample, chains), kept: [] }
  if (match.kind === 'grown' && match.replaces !== undefined)
    await dropSegment(engine, match.replaces.segment)
  const crNote =
    sample.content.lineEnds === 'CR'
      ? 'its lines end in CR alone; convert them to LF with tr first'
      : undefined
  const added = await storeLines({
    engine,
    options: { ...options, onProgress: (read) => tell(read.bytes) },
    file,
    view,
    reading: decision.reading,
    narrowed: decision.narrowed,
    context: { ...context, headers },
    source: source.path,
    format: decision.format ?? '',
    content,
    head: (lines) => writeHead(sample.head, lines),
    from: match.kind === 'grown' ? match.from : 0,
    end,
    open: sample.unterminated,
    note: note ?? '',
  })
  await commitSegments(engine, added)
  chains.set(content, { content, segments: [...kept, ...added] })
  const from = match.kind === 'grown' ? match.from : 0
  const cutNote =
    end !== undefined && sumOf(added).lines < end - from ? 'it became shorter while it was read' : undefined
  const notes = [note, decision.note, crNote, cutNote]
  return settle(hunt, source, { content, kept, added }, decision.format, ...notes)
}

const sumOf = (segments: readonly Segment[]): { lines: number; rejected: number } => ({
  lines: segments.reduce((sum, segment) => sum + segment.lines, 0),
  rejected: segments.reduce((sum, segment) => sum + segment.rejected, 0),
})

/** A source whose lines were just stored, some of them perhaps before. */
const settle = (
  hunt: Hunt,
  source: Source,
  stored: { readonly content: string; readonly kept: readonly Segment[]; readonly added: readonly Segment[] },
  format: string | null,
  ...notes: readonly (string | undefined)[]
): SourceSummary => {
  const { content, kept, added } = stored
  const other = hunt.claimed.get(content)
  if (other === undefined) hunt.claimed.set(content, source.path)
  const before = sumOf(kept).lines
  const counted = other === undefined ? [...kept, ...added] : added
  const seen =
    before === 0
      ? undefined
      : other === undefined
        ? `${countOf(before, 'line')} read before`
        : `its first ${countOf(before, 'line')} ${before === 1 ? 'is' : 'are'} the same as in ${other}: counted once`
  return summary(source, format, sumOf(counted), ...notes, seen)
}

/** A source whose lines have all been stored before. */
const known = (
  hunt: Hunt,
  source: Source,
  { chain, lines }: Extract<Match, { kind: 'known' }>,
  note: string | undefined,
): SourceSummary => {
  const whole = lines === linesOf(chain)
  const format = chain.segments.at(-1)?.format || null
  const other = hunt.claimed.get(chain.content)
  if (other !== undefined) {
    const same = whole
      ? `the same content as ${other}`
      : `the same as the first ${countOf(lines, 'line')} of ${other}`
    return summary(source, format, nothing, note, `${same}: counted once`)
  }
  hunt.claimed.set(chain.content, source.path)
  const path = chain.segments.at(-1)?.source
  const elsewhere = path === source.path ? '' : ` as ${path}`
  const before = whole
    ? `read before${elsewhere}`
    : `its ${countOf(lines, 'line')} were read before${elsewhere}, all of which counts`
  return summary(source, format, sumOf(chain.segments), note, before)
}
