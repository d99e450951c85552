/**
 * Sources → rows of `events`, each line once.
 *
 * @module
 */
import type { Engine } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import { eventsTable } from '../schema/tables.ts'
import type { RejectSummary, SourceSummary } from '../report/report.ts'
import { id, sql } from '../sql/sql.ts'
import { readSource, type Hunt } from './load-source.ts'
import { readingOf, type Catalogue, type Told } from './reading.ts'
import { readChains, type Segment } from './segments.ts'
import type { Source } from './sources.ts'

/** How far the reading is; `done` and `total` are bytes as they are on disk. */
export interface LoadProgress {
  readonly phase: 'reading'
  readonly label: string
  readonly done: number
  readonly total: number
  readonly unit: 'bytes'
}

export interface LoadRequest extends Told {
  readonly engine: Engine
  /** In the order to read them; see `findSources`. */
  readonly sources: readonly Source[]
  readonly catalogue: Catalogue
  /** Where damaged archives are unpacked for a while. */
  readonly dataFolder: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: LoadProgress) => void
}

export interface LoadResult {
  readonly sources: readonly SourceSummary[]
  /** The segments that hold these sources' lines; those read before are among them. */
  readonly segments: readonly string[]
  readonly lines: number
  /** Always `lines − rejected`. */
  readonly parsed: number
  readonly rejected: number
  /** ISO 8601, UTC; null where nothing was parsed. */
  readonly first: string | null
  readonly last: string | null
  /** The most frequent first. */
  readonly rejects: readonly RejectSummary[]
}

const exampleBytes = 300

const rejectsIn = (engine: Engine, segments: readonly string[]): Promise<RejectSummary[]> => {
  if (segments.length === 0) return Promise.resolve([])
  return engine.rows<RejectSummary>(
    sql`SELECT if(endsWith(reject_reason, ': '), 'of no known format', reject_reason) AS reason, count() AS lines, toValidUTF8(argMin(left(message, ${exampleBytes}), (source, line_number))) AS example FROM ${id(eventsTable.name)} WHERE category = 'reject' AND segment IN ${segments} GROUP BY reason ORDER BY lines DESC, reason`,
  )
}

const timesOf = (segments: readonly Segment[]): Pick<LoadResult, 'first' | 'last'> => {
  const timed = segments.filter((segment) => segment.lines > segment.rejected)
  if (timed.length === 0) return { first: null, last: null }
  const first = timed.reduce((least, { firstMs }) => Math.min(least, firstMs), Infinity)
  const last = timed.reduce((most, { lastMs }) => Math.max(most, lastMs), -Infinity)
  return { first: new Date(first).toISOString(), last: new Date(last).toISOString() }
}

/**
 * Reads sources into `events`. Each line becomes an event or a reject with its reason; content that was read before, in
 * this run or an earlier one on the same data folder, is not read again, and of a file that has grown only what is
 * new. Sources that cannot be read are told in their `note`, and keep nothing else from being read.
 *
 * The tables must be there, and `recover` must have run since the engine was opened.
 *
 * @throws AppError `unknown-parser`, `cancelled`, `disk-full`, `out-of-memory`, `timed-out`; what was half-loaded doesn't count
 */
export const loadSources = async (request: LoadRequest): Promise<LoadResult> => {
  const { engine, sources, catalogue, signal } = request
  if (request.format !== undefined) readingOf(request.format, catalogue)
  const hunt: Hunt = {
    engine,
    catalogue,
    told: request,
    dataFolder: request.dataFolder,
    options: signal === undefined ? {} : { signal },
    chains: await readChains(engine),
    claimed: new Map(),
  }
  const total = sources.reduce((sum, source) => sum + source.bytes, 0)
  const summaries: SourceSummary[] = []
  let done = 0
  for (const source of sources) {
    if (signal?.aborted === true) throw new AppError('cancelled')
    const tell = (bytes: number): void =>
      request.onProgress?.({
        phase: 'reading',
        label: source.path,
        done: done + Math.min(bytes, source.bytes),
        total,
        unit: 'bytes',
      })
    tell(0)
    summaries.push(await readSource(hunt, source, tell))
    done += source.bytes
  }
  const claimed = [...hunt.claimed.keys()].flatMap((content) => hunt.chains.get(content)?.segments ?? [])
  const names = claimed.map((segment) => segment.segment)
  const lines = claimed.reduce((sum, segment) => sum + segment.lines, 0)
  const rejected = claimed.reduce((sum, segment) => sum + segment.rejected, 0)
  return {
    sources: summaries,
    segments: names,
    lines,
    parsed: lines - rejected,
    rejected,
    ...timesOf(claimed),
    rejects: await rejectsIn(engine, names),
  }
}
